"""The tree of packages: every module is an attribute of the one above it, imported on demand.

    from guppy import Root
    Root().guppy.heapy.Use          # a session
    Root().os.getpid()              # any module

The nodes of one root share a session and its settings; two roots share nothing.
"""

import importlib
import importlib.util
from types import ModuleType

from .._heapyc import Session, _hide_type

# What users may tune: the module it is found at, and the name.
SETTINGS = {
    "OutputHandling": ("max_more_lines",),
    "Part": ("line_length",),
    "UniSet": ("max_summary_length", "auto_convert_type", "auto_convert_iter"),
}


@_hide_type
class Interface:
    """A module or package as a node of the tree."""

    __slots__ = ("_root", "_parent", "_module", "_name", "_share", "_made", "__weakref__")

    def __init__(self, parent, name, module):
        put = object.__setattr__
        put(self, "_parent", parent)
        put(self, "_root", self if parent is None else parent._root)
        put(self, "_name", name)
        put(self, "_module", module)
        put(self, "_share", self)
        put(self, "_made", {})

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._made[name]
        except KeyError:
            pass
        made = self._make(name)
        self._made[name] = made
        return made

    def _make(self, name):
        module = self._module
        if hasattr(module, "__path__"):
            full = module.__name__ + "." + name
            if importlib.util.find_spec(full) is not None:
                return node_of(self, name, importlib.import_module(full))
        try:
            return getattr(module, name)
        except AttributeError:
            raise AttributeError("Module %r has no attribute %r" % (module.__name__, name)) from None

    def __setattr__(self, name, value):
        if self._made.get(name, self) is value or getattr(self._module, name, self) is value:
            return
        raise ValueError("cannot change attribute %r of %s" % (name, self._name or "the root"))

    def __dir__(self):
        return sorted(set(self._made) | set(dir(self._module)))


@_hide_type
class RootNode(Interface):
    """The root of a tree: its attributes are the modules that can be imported."""

    __slots__ = ()

    def __init__(self):
        Interface.__init__(self, None, "", None)

    def _make(self, name):
        return node_of(self, name, importlib.import_module(name))

    def __dir__(self):
        return sorted(self._made)

    def __repr__(self):
        return "<root of the package tree>"


@_hide_type
class HeapyNode(Interface):
    """The package guppy.heapy: below it stand the session, as Use, and what serves it."""

    __slots__ = ()

    def _make(self, name):
        if name == "Use":
            session = Session()
            session._set_parent(self)
            return session
        if name == "View":
            return self.Use.View
        return Interface._make(self, name)


@_hide_type
class SettingsNode(Interface):
    """A module of guppy.heapy some of whose attributes are settings of the session beside it."""

    __slots__ = ()

    def __getattr__(self, name):
        if name in SETTINGS[self._name]:
            return self._parent.Use._get_setting(name)
        return Interface.__getattr__(self, name)

    def __setattr__(self, name, value):
        if name in SETTINGS[self._name]:
            self._parent.Use._set_setting(name, value)
        else:
            Interface.__setattr__(self, name, value)


def node_of(parent, name, module):
    """The node that shows `module` below `parent`; what is no module is shown as it is."""
    if not isinstance(module, ModuleType):
        return module
    kind = Interface
    if module.__name__ == "guppy.heapy":
        kind = HeapyNode
    elif isinstance(parent, HeapyNode) and name in SETTINGS:
        kind = SettingsNode
    return kind(parent, name, module)


def home_of(session):
    """A node for a session that was made by hpy(): the guppy.heapy of a root of its own."""
    home = RootNode().guppy.heapy
    home._made["Use"] = session
    return home

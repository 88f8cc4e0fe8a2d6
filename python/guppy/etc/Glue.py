"""The tree of packages: every module is an attribute of the one above it, imported on demand.

    from guppy import Root
    Root().guppy.heapy.Use          # a session
    Root().os.getpid()              # any module

Each node of the tree is an Interface onto a module.  What it gives is kept, so the same node comes each time; two
roots share nothing.  A package that has no such attribute is asked for a module of that name; an unknown name is an
AttributeError that names the module, at the root a ModuleNotFoundError, and an error inside a module is shown as it is.
A node has `_root`, `_parent`, `_module`, `_name` and `_share`, and is not changed by accident: assigning anything new to
an attribute is a ValueError.

The nodes of one root share a session and its settings.
"""

import sys
from types import ModuleType

from .. import Root
from .._heapyc import Session, _hide_type

__all__ = ["Interface", "Root"]

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
            full = submodule(module, name)
            if full is not None:
                return node_of(self, name, imported(full))
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
        return node_of(self, name, imported(name))

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


@_hide_type
class PathNode(Interface):
    """guppy.heapy.Path for the session beside it: relations between objects, and paths to several sets."""

    __slots__ = ()

    def relation(self, src, tgt):
        """The relation between two objects; one object for all where several hold."""
        return self._module.relation(self._parent.Use, src, tgt)

    def relations(self, src, tgt):
        """The relations between two objects, in a list."""
        return self._module.relations(self._parent.Use, src, tgt)

    def shpgraph(self, targets, src, srcname=None, dstname=None):
        """Shortest paths from a set to each of several."""
        return self._module.shpgraph(self._parent.Use, targets, src, srcname, dstname)


@_hide_type
class RefPatNode(Interface):
    """guppy.heapy.RefPat with its settings."""

    __slots__ = ()

    def __getattr__(self, name):
        if name in self._module.SETTINGS:
            return self._module.setting(self._parent.Use, name)
        return Interface.__getattr__(self, name)

    def __setattr__(self, name, value):
        if name in self._module.SETTINGS:
            self._parent.Use._pattern_settings[name] = value
        else:
            Interface.__setattr__(self, name, value)


def imported(name):
    """The module of a full name."""
    __import__(name)
    return sys.modules[name]


def submodule(package, name):
    """The full name of a module of a package; None when there is none of that name."""
    full = package.__name__ + "." + name
    if isinstance(sys.modules.get(full), ModuleType):
        return full
    import importlib.util  # here: what sessions need of this package is loaded with the first

    return full if importlib.util.find_spec(full) is not None else None


def node_of(parent, name, module):
    """The node that shows `module` below `parent`; what is no module is shown as it is."""
    if not isinstance(module, ModuleType):
        return module
    kind = Interface
    if module.__name__ == "guppy.heapy":
        kind = HeapyNode
    elif isinstance(parent, HeapyNode):
        kind = NODES.get(name, SettingsNode if name in SETTINGS else Interface)
    return kind(parent, name, module)


NODES = {"Path": PathNode, "RefPat": RefPatNode}


def home_of(session):
    """A node for a session that was made by hpy(): the guppy.heapy of a root of its own."""
    home = RootNode().guppy.heapy
    home._made["Use"] = session
    return home

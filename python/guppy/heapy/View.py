"""How a session sees the heap."""

import gc

from .._heapyc import Horizon as NodeHorizon
from .._heapyc import _hide_type

__all__ = ["GCHook", "Horizon", "View"]


@_hide_type
class View:
    """Where walks begin, what is new, which object is at an address.  hp.View is the session's."""

    __slots__ = ("_session", "hv", "__weakref__")

    def __init__(self, session):
        self._session = session
        self.hv = session._hv

    @property
    def is_rg_update_all(self):
        """Accepted, and changes nothing: referrers are looked for when they are asked for."""
        return self._session._get_setting("is_rg_update_all")

    @is_rg_update_all.setter
    def is_rg_update_all(self, value):
        self._session._set_setting("is_rg_update_all", value)

    @property
    def root(self):
        """The object at which every walk begins; hp.Root to begin with."""
        return self.hv.root

    @root.setter
    def root(self, root):
        self.hv.root = root

    @property
    def is_hiding_calling_interpreter(self):
        """Leave out everything of the calling interpreter."""
        return self.hv.is_hiding_calling_interpreter

    @is_hiding_calling_interpreter.setter
    def is_hiding_calling_interpreter(self, value):
        self.hv.is_hiding_calling_interpreter = value

    @property
    def target(self):
        """The process that is looked at: its sys, wd and pid (guppy.heapy.Target)."""
        from .Target import Target

        return Target()

    @property
    def _hiding_tag_(self):
        return self._session._hiding_tag_

    def heap(self):
        """The visible heap, whatever setref() says."""
        return self._session._from_nodes(self.hv.heap())

    def horizon(self):
        """What is new from now on: an object with the method news()."""
        return Horizon(self)

    def obj_at(self, addr):
        """The live object at an address; ValueError when heapy knows none there."""
        return self.hv.obj_at(addr)

    def indisize(self, S):
        """The sum of the individual sizes of the objects of a set, in bytes."""
        return self._session.idset(getattr(S, "nodes", S)).size

    def _set(self, S):
        from .Path import node_set_argument

        return node_set_argument(self._session, S)

    def referrers(self, S):
        """The visible objects that refer to a member of a set."""
        return self._set(S).referrers

    def referents(self, S):
        """The objects that members of a set refer to."""
        return self._set(S).referents

    def dominos(self, S):
        """The members of a set and what only they keep alive."""
        return self._set(S).dominos

    def domisize(self, S):
        """The size of dominos(S), in bytes."""
        return self._set(S).domisize

    def imdom(self, S):
        """The immediate dominators of a set."""
        return self._set(S).imdom

    def dominos_tuple(self, sets):
        """For each of several sets what it alone keeps alive while the others keep what they reach (R-105)."""
        return tuple(self._session._dominos_alone([self._set(S) for S in sets]))

    def domisize_tuple(self, sets):
        """The sizes of dominos_tuple(sets), in bytes."""
        return tuple(set.size for set in self.dominos_tuple(sets))

    def nodegraph(self, iterable=None, is_mapping=False):
        """A NodeGraph of pairs of objects."""
        from .._heapyc import NodeGraph

        return NodeGraph(() if iterable is None else iterable, is_mapping)

    def update_referrers(self, S):
        """Nothing: referrers are looked for when they are asked for."""

    def clear_retainers(self):
        """Nothing: no question leaves anything behind."""

    def observation_containers(self):
        """The objects of heapy's that hold what is looked at: none that show."""
        return self._session.Nothing.nodes

    def observation_list(self):
        """The same in a list."""
        return []

    def gchook(self, f):
        """Call f() after each garbage collection, as long as the object this returns lives."""
        if not callable(f):
            raise TypeError("gchook: a callable expected, not %s" % type(f).__name__)
        return GCHook(f)


def referrers_gc(set, without_own=False):
    """What gc.get_referrers() says of the members of a set, but what this session holds them by.

    without_own: leave out heapy's node sets and graphs too.
    """
    session = set._session
    return session._from_nodes(session._gc_referrers(set, without_own))


def shpathstep(hv, G, U, S, avoid_edges=None, find_one=False):
    """A step of a search for shortest paths (HeapView.shpathstep)."""
    from .._heapyc import NodeGraph

    step = NodeGraph()
    for source in U:
        for target in hv.relimg([source]):
            if target in S or (find_one and step[target]):
                continue
            if avoid_edges is not None and any(target is t for t in avoid_edges[source]):
                continue
            step.add_edge(target, source)
    G.update(step)
    return step.get_domain()


@_hide_type
class Horizon:
    """What is new since this was made.  The objects of then are held until it goes."""

    __slots__ = ("_view", "_horizon", "__weakref__")

    def __init__(self, view):
        self._view = view
        self._horizon = NodeHorizon(view.hv.heap())

    def news(self):
        """The identity set of the visible objects that were not there when this was made."""
        return self._view._session._from_nodes(self._horizon.news(self._view.hv.heap()))


@_hide_type
class _Callback:
    """What the collector calls: not the hook itself, or the list of callbacks would keep that alive."""

    __slots__ = ("function",)

    def __init__(self, function):
        self.function = function

    def __call__(self, phase, info):
        if phase == "stop":
            self.function()


@_hide_type
class GCHook:
    """Calls a function after each garbage collection until it is deleted."""

    __slots__ = ("_callback", "__weakref__")

    def __init__(self, function):
        self._callback = _Callback(function)
        gc.callbacks.append(self._callback)

    def __del__(self):
        if self._callback in gc.callbacks:
            gc.callbacks.remove(self._callback)

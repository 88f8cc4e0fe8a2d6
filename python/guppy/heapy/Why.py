"""Why an object is alive, and what it costs."""

from .._heapyc import _hide_type

__all__ = ["Why"]


@_hide_type
class Why:
    """The answer of hp.why(obj): a shortest path from the root, the immediate dominator, the retained size."""

    __slots__ = ("set", "path", "numpaths", "dominator", "retained", "_text")

    def __init__(self, session, object):
        snapshot = session if session.moment is not None else session.snapshot()
        is_reached = object in snapshot.moment
        self.set = set = (snapshot if is_reached else session).iso(object)
        paths = set.sp if is_reached else None
        self.numpaths = paths.numpaths if paths else 0
        self.path = paths[0] if self.numpaths else None
        self.retained = set.retained
        self.dominator = snapshot.Nothing
        held = "nothing that can be reached refers to it"
        if self.path is not None:
            dominator = snapshot.moment.dominator(object)
            self.dominator = snapshot.Nothing if dominator is None else snapshot.iso(dominator)
            held = self.dominator.brief if dominator is not None else "the root alone"
        route = self.path._text() if self.path is not None else "no path from the root"
        if self.numpaths > 1:
            route += "  (one of %d shortest paths)" % self.numpaths
        self._text = "%s\n  path       %s\n  dominator  %s\n  retained   %d bytes, of which %d its own" % (
            set.brief,
            route,
            held,
            self.retained,
            set.size,
        )

    def __repr__(self):
        return self._text

"""Why an object is alive, and what it costs."""

from .._heapyc import _hide_type, _why_text
from . import UniSet

TYPE_CHECKING = False  # which type checkers take for True
if TYPE_CHECKING:
    from .._heapyc import IdentitySet
    from .Path import Path

__all__ = ["Why"]


def is_own_call(holder, session, object):
    """Are these the arguments with which this module was called?"""
    return type(holder) is tuple and len(holder) == 2 and holder[0] is session and holder[1] is object


def without_path(session, object, set):
    """Why there is no path from the root to an object."""
    if set.brief.startswith("<1 guppy."):
        return "it is a part of heapy, which hides itself"
    holders = []
    for holder in session._gc_referrers(set, True):  # no comprehension, whose cells would refer to the object
        if not is_own_call(holder, session, object):
            holders.append(holder)
    holders = session.iso(*holders)
    if not holders:
        return "nothing refers to it but the code that runs now: a temporary"
    return "only what cannot be reached refers to it: %s" % holders.brief


def one_of_file(session, set):
    """What stands for an object in a session whose objects are not here: the set of one, or its address."""
    if isinstance(set, int):
        return session.at(set)
    if isinstance(set, UniSet.IdentitySet) and set.count == 1:
        return session._from_nodes(set)
    raise ValueError("why: the objects of that file are not in this process: give the set of one of them, or its address")


@_hide_type
class Why:
    """The answer of hp.why(obj): a shortest path from the root, the immediate dominator, the retained size."""

    __slots__ = ("set", "path", "numpaths", "dominator", "retained", "_text")

    def __init__(self, session, object):
        snapshot = session.snapshot()
        is_file = session._file_facts() is not None
        is_reached = is_file or object in snapshot.moment
        self.set: IdentitySet
        self.set = set = one_of_file(session, object) if is_file else (snapshot if is_reached else session).iso(object)
        paths = set.sp if is_reached else None
        self.numpaths: int = paths.numpaths if paths else 0
        self.path: Path | None = paths[0] if self.numpaths else None
        self.retained: int = set.retained
        self.dominator: IdentitySet = snapshot.Nothing
        dominator = path = no_path = None
        if self.path is not None:
            path = self.path._text()
            address = snapshot._whole().dominator_at(set.addresses[0])
            if address is not None:
                self.dominator = snapshot.at(address)
                dominator = self.dominator.brief
        elif not is_file:
            no_path = without_path(session, object, set)
        self._text = _why_text(
            set.brief, path, str(self.numpaths), no_path, dominator, path is not None, self.retained, set.size
        )

    def __repr__(self) -> str:
        return self._text

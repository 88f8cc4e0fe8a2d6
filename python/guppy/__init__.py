"""Heapy: what is in a CPython heap, how much it holds, who keeps it alive and what changed.

    from guppy import hpy
    hp = hpy()
    hp.heap()
"""

from . import sets as sets
from ._version import __version__ as __version__

TYPE_CHECKING = False  # what checkers take for the name of typing's, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from ._heapyc import Session
    from .etc.Glue import RootNode

__all__ = ("hpy", "Root")


def hpy(ht: "Any" = None) -> "Session":
    """A new session: the object through which the heap is asked.

    ht: the session's hiding tag, any object.  Sessions with one tag hide their objects from each other;
    None is the tag of all sessions that were given none.
    """
    from ._heapyc import Session

    return Session(ht)


def Root() -> "RootNode":
    """A new root of the tree of packages: any module can be reached from it by attribute.

    Root().guppy.heapy.Use is a session, as hpy() gives it.
    """
    from .etc.Glue import RootNode

    return RootNode()

"""Heapy: what is in a CPython heap, how much it holds, who keeps it alive and what changed.

    from guppy import hpy
    hp = hpy()
    hp.heap()
"""

import os

from ._version import __version__ as __version__

TYPE_CHECKING = False  # what checkers take for the name of typing's, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from ._heapyc import Session
    from .etc.Glue import RootNode

__all__ = ("hpy", "Root")


def _refuse_to_mix() -> None:
    """Stop when guppy3 is installed in the same place: its files and ours share names."""
    site = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        names = os.listdir(site)
    except OSError:  # imported from an archive, where nothing else can be installed
        return
    if any(n.startswith("guppy3-") and n.endswith((".dist-info", ".egg-info")) for n in names):
        raise ImportError(
            "guppy3 and libheapy are both installed in %s, and their files are mixed: uninstall both "
            "(pip uninstall guppy3 libheapy), then install the one you want" % site
        )


_refuse_to_mix()

from . import sets as sets  # noqa: E402


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

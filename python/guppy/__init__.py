"""Heapy: what is in a CPython heap, how much it holds, who keeps it alive and what changed.

    from guppy import hpy
    hp = hpy()
    hp.heap()
"""

from typing import TYPE_CHECKING

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from .heapy.heapyc import Session

__all__ = ("hpy",)


def hpy() -> "Session":
    """A new session: the object through which the heap is asked."""
    # Imported here: `import guppy` alone is to load nothing of the heap package.
    from .heapy.heapyc import Session

    return Session()

"""Sets of integers and sets of objects, in C.

Bit sets hold integers of 64 bits, and may be everything but some; node sets hold objects, told apart by identity
alone.  Both come mutable and immutable.
"""

from . import setsc
from .setsc import (
    BitSet,
    ImmBitSet,
    ImmNodeSet,
    MutBitSet,
    MutNodeSet,
    NodeSet,
    immbit,
    immbitrange,
    immbitset,
)

__all__ = [
    "BitSet", "ImmBitSet", "ImmNodeSet", "MutBitSet", "MutNodeSet", "NodeSet", "immbit", "immbitrange", "immbitset",
    "immnodeset", "immnodeset_union", "mutbitset", "mutnodeset", "mutnodeset_union", "setsc",
]  # fmt: skip

mutbitset = MutBitSet
immnodeset = ImmNodeSet
mutnodeset = MutNodeSet


def mutnodeset_union(iterable):
    """A MutNodeSet of the members of all the iterables that an iterable gives."""
    union = MutNodeSet()
    for members in iterable:
        union |= members
    return union


def immnodeset_union(iterable, *args):
    """The same as an ImmNodeSet; further arguments are immnodeset's."""
    return ImmNodeSet(mutnodeset_union(iterable), *args)

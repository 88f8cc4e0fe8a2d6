"""Sets of integers in C, and the node sets of the heap analyser.

Signatures and docstrings are written here; the docstrings of the compiled module are made from this file
when it is built (tools/make_docs.py).
"""

from collections.abc import Iterable, Iterator
from typing import Any, SupportsIndex, TypeAlias, final, overload

from guppy._heapyc import ImmNodeSet as ImmNodeSet
from guppy._heapyc import MutNodeSet as MutNodeSet
from guppy._heapyc import NodeSet as NodeSet

Convertible: TypeAlias = BitSet | int | Iterable[int]

def immbit(bit: int, /) -> ImmBitSet:
    """The immutable set of one bit."""

def immbitrange(start: SupportsIndex, stop: SupportsIndex = ..., step: SupportsIndex = ..., /) -> ImmBitSet:
    """immbitrange([start,] stop[, step]): the immutable set of the bits of range(start, stop, step).

    The step is positive, else ValueError.  Costs no more than the words it fills.
    """

def immbitset(arg: Convertible = ()) -> ImmBitSet | CplBitSet:
    """An immutable set: a bit set as it is, the binary digits of an int, or the ints of an iterable.

    The digits of a negative int are a complemented set: immbitset(~n) == ~immbitset(n).
    """

def _bs(flags: int, records: bytes, type: type = ..., /) -> BitSet:
    """The set that a pickle describes.

    flags: 1 for a complemented, 2 for a mutable set.  records: of 16 bytes, the position of a word of 64 bits
    and the word, by position; ValueError where they are not.  type: the subclass of the instance.
    """

class BitSet:
    """A set of integers of 64 bits with sign, or of all such integers but some.

    `&`, `|`, `^` and `-` with another bit set, an int (its binary digits) or an iterable of ints give immutable
    sets; `~` gives the complement, `<<` adds a number to each bit; `==`, `<=`, `<`, `>=` and `>` compare bit
    sets by inclusion.  int(s) is the number with these binary digits.
    """

    def __and__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __or__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __xor__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __sub__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __rand__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __ror__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __rxor__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __rsub__(self, other: Convertible, /) -> ImmBitSet | CplBitSet: ...
    def __lshift__(self, by: int, /) -> ImmBitSet | CplBitSet: ...
    def __invert__(self) -> ImmBitSet | CplBitSet: ...
    def __int__(self) -> int: ...
    def __contains__(self, bit: int, /) -> bool: ...
    def __le__(self, other: BitSet, /) -> bool: ...
    def __lt__(self, other: BitSet, /) -> bool: ...
    def __ge__(self, other: BitSet, /) -> bool: ...
    def __gt__(self, other: BitSet, /) -> bool: ...
    @property
    def is_immutable(self) -> bool:
        """False for a MutBitSet."""
    def mutcopy(self) -> MutBitSet:
        """A mutable set with the same bits; it shares them until it is changed."""
    def __reduce__(self) -> tuple[Any, ...]:
        """How it is pickled."""

class ImmBitSet(BitSet):
    """ImmBitSet(arg=()): a new immutable set with the bits of a finite bit set, int >= 0 or iterable.

    Iteration ascends.  s[0] and s[-1] are the lowest and highest bit, s[:n] and s[-n:] the sets of the n
    lowest and highest.
    """

    def __new__(cls, arg: Convertible = ()) -> ImmBitSet: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[int]: ...
    def __hash__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> int: ...
    @overload
    def __getitem__(self, index: slice, /) -> ImmBitSet: ...

@final
class CplBitSet(BitSet):
    """CplBitSet(s): all bits but those of an ImmBitSet.  It has no length and no iterator."""

    def __new__(cls, arg: ImmBitSet) -> CplBitSet: ...
    def __hash__(self) -> int: ...

class MutBitSet(BitSet):
    """MutBitSet(arg=()): a set that can be changed, with the bits of a bit set, int or iterable.

    `&=`, `|=`, `^=` and `-=` change the set itself.  It may become complemented.
    """

    def __new__(cls, arg: Convertible = ()) -> MutBitSet: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[int]: ...
    def __iand__(self, other: Convertible, /) -> MutBitSet: ...
    def __ior__(self, other: Convertible, /) -> MutBitSet: ...
    def __ixor__(self, other: Convertible, /) -> MutBitSet: ...
    def __isub__(self, other: Convertible, /) -> MutBitSet: ...
    @overload
    def __getitem__(self, index: int, /) -> int: ...
    @overload
    def __getitem__(self, index: slice, /) -> ImmBitSet | CplBitSet: ...
    def add(self, bit: int, /) -> None:
        """Make a bit a member."""
    def append(self, bit: int, /) -> None:
        """Add a bit that is no member yet, else ValueError."""
    def discard(self, bit: int, /) -> None:
        """Make a bit no member."""
    def remove(self, bit: int, /) -> None:
        """Take out a member; ValueError if it is none."""
    def pop(self, index: int = -1, /) -> int:
        """Take out the highest bit, or with index 0 the lowest, and return it; ValueError if there is none."""
    def tas(self, bit: int, /) -> bool:
        """Test and set: was it a member?  Afterwards it is."""
    def tac(self, bit: int, /) -> bool:
        """Test and clear: was it a member?  Afterwards it is not."""
    def clear(self) -> None:
        """Make the set empty."""
    def __sizeof__(self) -> int:
        """Bytes of memory the set takes; what it shares with immutable sets is theirs."""

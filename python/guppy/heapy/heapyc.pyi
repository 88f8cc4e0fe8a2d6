"""The C extension behind guppy: captures the live heap and shows what is in it.

Signatures and docstrings are written here; the docstrings of the compiled module are made from this file
when it is built (tools/make_docs.py).
"""

from typing import Any, SupportsIndex, final, overload

class IdentitySet:
    """A set of live objects, compared by identity, never by ==.

    It holds its objects strongly.  Which objects it has never changes; their sizes are read when they are
    asked for.  Printing it shows its partition: how many objects of which kind, and how many bytes each
    kind takes.  That table is made at the first print and then stays the table of this set.

    `a | b`, `a & b` and `a - b` give the union, intersection and difference, in time linear in the memory
    the objects are spread over.  `len(x)` is the number of rows of the table, `x[i]` the set of row i,
    `x[i:j]` that of several rows, `obj in x` tells membership, and the empty set is false.
    """

    @property
    def count(self) -> int:
        """Number of objects.  O(1)."""
    @property
    def size(self) -> int:
        """Sum of the individual sizes of the objects, in bytes, read now.  O(count).

        The size of an object is what sys.getsizeof() says, plus the block of attribute values that
        CPython 3.11 and later keep beside an instance without making a dict.  A bad __sizeof__ costs a
        RuntimeWarning, once for each type, and the type's basic size is counted.
        """
    @property
    def bytype(self) -> IdentitySet:
        """The same objects, classified by their exact type."""
    @property
    def byclodo(self) -> IdentitySet:
        """The same objects, classified by "class or dict of": the exact type, or for a dict that holds the
        attributes of an object, the type of that object."""
    @property
    def more(self) -> Printer:
        """A printer whose repr goes on where the printed table ended."""
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __contains__(self, obj: object, /) -> bool: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> IdentitySet: ...
    @overload
    def __getitem__(self, rows: slice, /) -> IdentitySet: ...
    def __or__(self, other: IdentitySet, /) -> IdentitySet: ...
    def __and__(self, other: IdentitySet, /) -> IdentitySet: ...
    def __sub__(self, other: IdentitySet, /) -> IdentitySet: ...
    def __copy__(self) -> IdentitySet:
        """The set itself: it is an immutable value."""

@final
class IdentitySetMulti(IdentitySet):
    """An identity set of no object or of several."""

@final
class IdentitySetSingleton(IdentitySet):
    """An identity set of exactly one object."""

@final
class Printer:
    """The text of a table from some row on, without its first line.

    repr() shows at most ten more rows; every attribute and operator that is not listed here is the set's.
    """

    @property
    def more(self) -> Printer:
        """A printer that goes on where this one ends; past the last row its text is empty."""
    @property
    def top(self) -> IdentitySet:
        """The set whose text this is."""
    @property
    def prev(self) -> Printer | IdentitySet:
        """The printer before this one, or the set."""
    def __getattr__(self, name: str, /) -> Any: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __contains__(self, obj: object, /) -> bool: ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> IdentitySet: ...
    def __or__(self, other: IdentitySet, /) -> IdentitySet: ...
    def __and__(self, other: IdentitySet, /) -> IdentitySet: ...
    def __sub__(self, other: IdentitySet, /) -> IdentitySet: ...

@final
class Graph:
    """One moment of the heap: its objects, what each refers to, and how.

    It holds every object strongly, so that whatever is listed from it is still what it was.
    """

    @property
    def count(self) -> int:
        """Number of objects."""
    @property
    def edge_count(self) -> int:
        """Number of references between them; two references to one object count twice."""
    @property
    def kept_bytes(self) -> int:
        """Bytes of memory this graph takes, beside the objects themselves."""
    def edges(self, source: object, /) -> list[tuple[object, tuple[str, int | str] | None]]:
        """The references of `source`, in the order of the walk: pairs of target and label.

        A label is None where the name is not known, else a pair: ('attribute', name), ('internal', name),
        ('local', name), ('index', i), ('key', n), ('value', n), ('stack', i) or ('member', i); ('value', n)
        is the value of the dict entry whose key is the target of ('key', n).

        Raises KeyError when `source` is not in the graph.
        """
    def roots(self) -> list[tuple[object, tuple[str, str] | None]]:
        """The references that start outside every object, as pairs of target and label."""
    def validate(self) -> None:
        """Check every invariant of the graph; ValueError names the first that does not hold."""

@final
class Session:
    """Top level interface to Heapy."""

    def heap(self) -> IdentitySet:
        """The objects that can be reached from the interpreter and its threads, less heapy's own.

        After setref() only those made since.  No garbage is collected and nothing is changed: an instance
        whose attributes have no dict keeps having none.  O(objects + references).

        Raises KeyboardInterrupt when interrupted, MemoryError when there is no memory.
        """
    def iso(self, *objects: object) -> IdentitySet:
        """The identity set of the arguments; each is one object, whatever it contains."""
    def setref(self, reachable: IdentitySet | None = None) -> None:
        """Make heap() leave out what exists now, or the objects of `reachable`.

        The reference point keeps its objects alive.  setref(hp.Nothing) removes it.
        Raises TypeError when `reachable` is no identity set.
        """
    @property
    def Nothing(self) -> IdentitySet:
        """The empty identity set of this session."""
    def _capture_graph(self) -> Graph:
        """The visible heap as a graph with labelled edges: what questions about relations start from."""
    def __copy__(self) -> Session:
        """The session itself."""

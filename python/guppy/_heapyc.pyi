"""The C extension behind guppy: captures the live heap and shows what is in it.

Signatures and docstrings are written here; the docstrings of the compiled module are made from this file
when it is built (tools/make_docs.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, SupportsIndex, TypeVar, final, overload

from .heapy.Dominators import DominatorTree
from .heapy.FileSession import Comparison
from .heapy.OutputHandling import AllocationTrace
from .heapy.Path import ShortestPaths
from .heapy.RefPat import ReferencePattern
from .heapy.Retained import RetainedTable
from .heapy.View import View
from .heapy.Why import Why

_T = TypeVar("_T")

build: str
reference_forms: dict[int, tuple[str, str, str, bool]]
"""By code how a reference is written: what stands before the source, between it and what the reference is about, after
that, and whether it is about anything."""

def xmemstats() -> None:
    """Print what the memory allocators say of themselves to standard error."""

def _open_snapshot(path: Any, /) -> Session:
    """The session of a snapshot file; guppy.heapy.open_snapshot() is how it is used.

    Raises guppy.heapy.BadSnapshot when it is no whole snapshot file, OSError where the system fails.
    """

def _hide_type(type: type[_T]) -> type[_T]:
    """Make exact instances of a Python class of this package hidden; returns the class."""

def _start_thread(function: Callable[[], Any], /) -> Any:
    """Call a function in a thread of heapy's own; returns its handle.

    The thread blocks all signals, is unknown to `threading`, and shows in no session.  The interpreter knows it when this
    returns; the caller sees to it that nobody forks before.  OSError or MemoryError when there can be none.
    """

def _begin_wakes(signum: int, descriptor: int, /) -> None:
    """Whenever a signal comes, add 1 to an eventfd, and call what the program had for it.  OSError when it cannot be
    handled."""

def _end_wakes(signum: int, /) -> None:
    """Give the program its handler back, unless it has put another in its place."""

def _join_thread(handle: Any, seconds: float, /) -> bool:
    """Wait until a thread of _start_thread() has ended and the system no longer counts it; False: not in that time."""

def _thread_identity(handle: Any, /) -> int:
    """What threading.get_ident() gives in the thread."""

def _run_interruptibly(function: Callable[[], Any], idle: Callable[[], Any], /) -> Any:
    """Call a function, in a thread of _start_thread(), so that _interrupt_thread() ends it with KeyboardInterrupt.

    Once it has returned no interrupt comes any more: one that came too late is raised in idle(), a function in Python
    that does nothing a few times.
    """

def _interrupt_thread(handle: Any, /) -> bool:
    """Raise KeyboardInterrupt in what a thread runs interruptibly; False when it runs nothing so."""

def _call_soon(function: Callable[[], Any], /) -> None:
    """Call a function in the main thread, between two instructions, as soon as it runs Python; again while it returns True."""

def _call_with_mortal_code(function: Callable[[], Any], /) -> Any:
    """Call a function.  Code that it compiles goes when nobody needs it, without a GIL too."""

def _write_table(
    how: str,
    header: str,
    count: int,
    size: int,
    rows: list[tuple[int, int, int, int, str]],
    first: int,
    row_count: int,
    max_rows: int,
    with_label: bool,
) -> str:
    """A table of retained sizes as text, json or csv.

    rows: (index, count, size, retained, name) of row number `first` and those after it that are written.
    """

def _stacked_picture(
    width: int,
    height: int,
    y_range: float,
    columns: Iterable[tuple[int, int, Iterable[tuple[Any, float]]]],
    colours: Mapping[Any, bytes],
    paper: bytes,
    separator: bytes,
    /,
) -> tuple[int, bytes]:
    """Stacked areas as a portable pixmap (PPM): its height in pixels, that of the highest column, and its bytes.

    columns: (from, to, parts) for the pixels from `from` to before `to`; parts: (key, value) from the top down, of which
    values of 0 and below take no room.  y_range: the value that is `height` pixels high; what is above is cut off.
    colours[key], paper, separator: red, green and blue as three bytes; a pixel of `separator` parts neighbours of one colour.
    """

def _why_text(
    brief: str,
    path: str | None,
    path_count: str,
    no_path: str | None,
    dominator: str | None,
    is_reached: bool,
    retained: int,
    size: int,
    /,
) -> str:
    """Why an object is there and what it costs, in four lines.

    no_path: why there is none; None: because the root does not reach it.  dominator: None where it is the root alone.
    """

class NodeSet:
    """A set of objects, compared by identity, never by ==.

    It holds its objects strongly.  `obj in s`, `len(s)`, iteration in order of address, comparison with node
    sets by inclusion, and `|`, `&`, `-` and `^` with any iterable, which give an ImmNodeSet.
    """

    def __len__(self) -> int: ...
    def __contains__(self, obj: object, /) -> bool: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __or__(self, other: Iterable[Any], /) -> ImmNodeSet: ...
    def __and__(self, other: Iterable[Any], /) -> ImmNodeSet: ...
    def __sub__(self, other: Iterable[Any], /) -> ImmNodeSet: ...
    def __xor__(self, other: Iterable[Any], /) -> ImmNodeSet: ...
    @property
    def is_immutable(self) -> bool:
        """False for a MutNodeSet."""
    _hiding_tag_: Any
    """A walk of the heap by a session with this very tag does not look inside the set.  AttributeError when
    there is none.  Can be set and deleted on mutable sets."""
    def __sizeof__(self) -> int:
        """Bytes of memory the set takes, beside its objects."""
    def __reduce__(self) -> Any:
        """TypeError: what is told apart by identity cannot be copied."""

class ImmNodeSet(NodeSet):
    """ImmNodeSet(iterable=(), hiding_tag=...): a node set that never changes; what `x.nodes` gives.

    A set that is one already, with that tag, is returned as it is.
    """

    def __new__(cls, iterable: Iterable[Any] = (), hiding_tag: Any = ...) -> ImmNodeSet: ...
    def __hash__(self) -> int: ...
    def obj_at(self, address: int, /) -> Any:
        """The member whose id() is `address`; ValueError if there is none."""

class MutNodeSet(NodeSet):
    """MutNodeSet(iterable=()): a node set that can be changed.

    `|=`, `&=`, `-=` and `^=` with any iterable change the set itself.
    """

    def __new__(cls, iterable: Iterable[Any] = ()) -> MutNodeSet: ...
    def __ior__(self, other: Iterable[Any], /) -> MutNodeSet: ...
    def __iand__(self, other: Iterable[Any], /) -> MutNodeSet: ...
    def __isub__(self, other: Iterable[Any], /) -> MutNodeSet: ...
    def __ixor__(self, other: Iterable[Any], /) -> MutNodeSet: ...
    def add(self, obj: Any, /) -> None:
        """Make an object a member."""
    def append(self, obj: Any, /) -> None:
        """Add an object that is no member yet, else ValueError."""
    def discard(self, obj: Any, /) -> None:
        """Make an object no member."""
    def remove(self, obj: Any, /) -> None:
        """Take out a member; ValueError if it is none."""
    def pop(self) -> Any:
        """Take out some member and return it; ValueError if there is none."""
    def tas(self, obj: Any, /) -> bool:
        """Test and set: was it a member?  Afterwards it is."""
    def tac(self, obj: Any, /) -> bool:
        """Test and clear: was it a member?  Afterwards it is not."""
    def clear(self) -> None:
        """Make the set empty."""

class UniSet:
    """The common base of identity sets, kinds and equivalence relations.

    `a | b`, `a & b`, `a - b` and `a ^ b` combine sets, `<=`, `<`, `>=`, `>`, `==` and `!=` compare them by
    inclusion.  A Python type stands for its kind, a node set for its identity set.  Anything else that is no
    set raises TypeError, but with `==` and `!=` is just not equal.  Sets of sessions with different hiding
    tags raise ValueError.
    """

    @property
    def biper(self) -> EquivalenceRelation:
        """The relation of two classes: k.biper(0) is what is in this set, k.biper(1) the rest."""
    @property
    def dictof(self) -> Kind:
        """The kind of the attribute dicts of the objects in this set; hp.Nothing.dictof: of no object."""
    @property
    def doc(self) -> Any:
        """The interactive help of this object's attributes: x.doc lists them, x.doc.name is the text of one."""
    @property
    def fam(self) -> Family:
        """What sort of expression this set is."""
    def disjoint(self, other: Any, /) -> bool:
        """Have the two sets certainly no object in common?  That is, is `a & b` Nothing?"""
    def get_ckc(self) -> tuple[Classifier, Any, str]:
        """What decides membership: classifier, key and comparison."""
    def get_examples(self, env: Any, /) -> list[Any]:
        """An empty list: no set has examples."""
    def get_render(self) -> Callable[[object], str]:
        """The function that gives the text of a member; the address where members are shown in several ways."""
    def test_contains(self, obj: object, env: Any, /) -> Any:
        """True if obj is a member; else what env.failed() says to a message with env.name() of both."""
    def _render(self, obj: object, /) -> str:
        """The text of an object, or of the owner of an attribute dict."""
    def _render_address(self, obj: object, /) -> str:
        """The address of an object."""
    def __or__(self, other: Any, /) -> UniSet: ...
    def __and__(self, other: Any, /) -> UniSet: ...
    def __sub__(self, other: Any, /) -> UniSet: ...
    def __xor__(self, other: Any, /) -> UniSet: ...
    def __invert__(self) -> UniSet: ...
    def __copy__(self) -> UniSet:
        """The set itself: it is an immutable value."""
    def __deepcopy__(self, memo: Any, /) -> UniSet:
        """The set itself: it is an immutable value."""

class IdentitySet(UniSet):
    """A set of live objects, compared by identity, never by ==.

    It holds its objects strongly.  Which objects it has never changes; their sizes are read when they are
    asked for.  Printing it shows its partition: how many objects of which kind, and how many bytes each
    kind takes.  That table is made at the first print and then stays the table of this set.

    `len(x)` is the number of rows of the table, `x[i]` the set of row i, `x[i:j:k]` that of several rows,
    `obj in x` tells membership, and the empty set is false.  Combining two sets takes time linear in the
    memory their objects are spread over.
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
    def indisize(self) -> int:
        """Another name of `size`: the sum of the individual sizes, in bytes."""
    @property
    def nodes(self) -> ImmNodeSet:
        """The objects as an immutable node set.  O(1)."""
    @property
    def theone(self) -> Any:
        """The object of a set that has exactly one; ValueError for any other set."""
    @property
    def er(self) -> EquivalenceRelation:
        """The equivalence relation that divides the set into rows."""
    @property
    def kind(self) -> UniSet:
        """The union of the classes of the objects under `er`; by Idset the set itself.  O(count)."""
    @property
    def brief(self) -> str:
        """A short text: count, kind, and as many objects as fit in 80 characters."""
    @property
    def partition(self) -> Partition:
        """The rows of the table, with the set of each."""
    @property
    def parts(self) -> list[IdentitySet]:
        """The sets of the parts of this set: iterable, in the order of the rows of the printed table; a new list each
        time."""
    @property
    def stat(self) -> Stat:
        """The numbers and names of the table, without the objects; a new one each time."""
    @property
    def all(self) -> Printer:
        """A printer that shows every row."""
    @property
    def more(self) -> Printer:
        """A printer whose repr goes on where the printed table ended."""
    @property
    def bytype(self) -> IdentitySet:
        """The same objects, classified by their exact type."""
    @property
    def byclodo(self) -> IdentitySet:
        """The same objects, classified by "class or dict of": the exact type, or for a dict that holds the
        attributes of an object, the type of that object."""
    @property
    def bysize(self) -> IdentitySet:
        """The same objects, classified by their individual size."""
    @property
    def bymodule(self) -> IdentitySet:
        """The same objects, each module a class of its own, and everything that is no module another."""
    @property
    def byunity(self) -> IdentitySet:
        """The same objects, all in one class."""
    @property
    def byid(self) -> IdentitySet:
        """The same objects, each in a row of its own that shows the object, the largest first.

        Only the rows that are printed are put in order and rendered.
        """
    @property
    def byidset(self) -> IdentitySet:
        """The same objects, each a class of its own that is shown as an identity set."""
    @property
    def byrcs(self) -> IdentitySet:
        """A copy of the set with hp.Rcs as its relation: objects whose referrers are of the same kinds ("class or
        dict of") are in one row.

        The references of the whole visible heap are looked at, once, now: whatever is printed when.  O(heap).
        """
    @property
    def byvia(self) -> IdentitySet:
        """The same objects, classified by how they are referred to: `.name`, `[key]` and the like.

        The references are those of the moment of the call, whatever is printed when.  O(heap).
        """
    @property
    def byprod(self) -> IdentitySet:
        """The same objects, classified by the line of source that allocated them.

        Raises RuntimeError when it is asked for what it shows and tracemalloc is not tracing.
        """
    @property
    def prod(self) -> AllocationTrace | None:
        """The traceback of the allocation of a singleton's object, to be printed; None if it is not known.

        Raises ValueError when the set is no singleton, RuntimeError when tracemalloc is not tracing.
        """
    @property
    def owners(self) -> IdentitySet:
        """Of the dicts in the set: the objects whose attributes they hold.  O(heap) where that is not in the
        set."""
    @property
    def maprox(self) -> MappingProxy:
        """Attributes and items of all members: x.maprox.name, x.maprox[key]."""
    def by(self, er: EquivalenceRelation | str, /) -> IdentitySet:
        """The same objects, classified by `er`: a relation such as hp.Type, names of some joined by "&", or
        "" for Unity.

        Raises ValueError when there is no relation of that name, TypeError when it is no relation or str.
        """
    @property
    def referents(self) -> IdentitySet:
        """The objects that members refer to.  O(references of the members)."""
    @property
    def referrers(self) -> IdentitySet:
        """The visible objects that refer to a member, the root perhaps among them.  One walk of the heap."""
    @property
    def imdom(self) -> IdentitySet:
        """The immediate dominators: referrers that the root reaches without passing another referrer.  One
        walk."""
    @property
    def dominos(self) -> IdentitySet:
        """The members and what only they keep alive: what would be freed with them.  One walk of the heap."""
    @property
    def domisize(self) -> int:
        """The size of dominos, in bytes: what would be freed if all members were let go."""
    @property
    def retained(self) -> int:
        """The bytes that would be freed if all members were let go: the same as domisize."""
    @property
    def byretained(self) -> RetainedTable:
        """The table of the set with what each row retains as a whole, the most first: to be printed.

        Rows may share what they retain, and none retains what two of them keep, so the column does not add up.
        `t[i]` is the set of row i, `t.rows` have index, count, size, retained and name.
        """
    @property
    def referrers_gc(self) -> IdentitySet:
        """What gc.get_referrers() says of the members: heapy's objects and unreachable ones included."""
    @property
    def sp(self) -> ShortestPaths:
        """The shortest paths from the root to the nearest members: get_shpaths()."""
    @property
    def shpaths(self) -> ShortestPaths:
        """The shortest paths from the root to the nearest members: get_shpaths()."""
    @property
    def pathsin(self) -> ShortestPaths:
        """The references to members, from each referrer, as paths."""
    @property
    def pathsout(self) -> ShortestPaths:
        """The references of members, to each referent, as paths."""
    @property
    def rp(self) -> ReferencePattern:
        """The reference pattern: the referrers, their referrers and so on, by class: get_rp()."""
    def get_shpaths(self, src: Any = None, avoid_nodes: Any = None, avoid_edges: Any = ()) -> ShortestPaths:
        """The shortest paths to the nearest members, to be printed and indexed; p.numpaths counts them.

        src: where to begin, an identity or node set; the root if not given.  avoid_nodes: a set not to be
        entered.  avoid_edges: a NodeGraph, or pairs (source, target) whose references are not used.
        Raises TypeError for anything else, ValueError for sets of another hiding tag.
        """
    def get_rp(
        self,
        depth: int | None = None,
        er: Any = None,
        imdom: Any = 0,
        bf: Any = 0,
        src: Any = None,
        stopkind: Any = None,
        nocyc: Any = False,
        ref: Any = None,
    ) -> ReferencePattern:
        """The reference pattern: a tree of sets, each the referrers of the one above it of one class.

        depth: levels that are shown, 7 if not given.  er: the relation that makes the classes, Clodo if not
        given.  imdom: immediate dominators instead of referrers.  bf: nothing.  src: the set to use as root.
        stopkind: what is not looked behind; modules, types, their dicts, code and frames if not given.  nocyc:
        leave out objects already on the way.  ref: 'gc', 'gcx', 'imdom' or a function from set to set.
        """
    @property
    def addresses(self) -> memoryview:
        """The addresses of the objects in increasing order, as a buffer of 64-bit integers.  O(count)."""
    def _first(self) -> IdentitySet:
        """The set of the member with the smallest address; ValueError when there is none."""
    @property
    def _session(self) -> Session: ...
    def _items(self, shows_addresses: bool, shows_owners: bool, room: int, /) -> str:
        """The members in short (dicts by their owners), or their addresses, as many as fit into so many
        characters."""
    def _retained_rows(self) -> list[int]:
        """The bytes that each row retains as a whole, in the order of the table."""
    def diff(self, other: IdentitySet, /) -> Stat:
        """What this set has more than `other`, by the classes of this set's relation: their stats' difference.

        Raises TypeError when `other` is no identity set.
        """
    def dump(self, fn: Any, mode: str = "a") -> None:
        """Append the stat of this set to a file: a path, or an object with a write method, which stays open.

        Errors of opening and writing pass through.
        """
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __contains__(self, obj: object, /) -> bool: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> IdentitySet: ...
    @overload
    def __getitem__(self, rows: slice, /) -> IdentitySet: ...
    @overload
    def __or__(self, other: IdentitySet, /) -> IdentitySet: ...
    @overload
    def __or__(self, other: Any, /) -> UniSet: ...
    @overload
    def __xor__(self, other: IdentitySet, /) -> IdentitySet: ...
    @overload
    def __xor__(self, other: Any, /) -> UniSet: ...
    def __and__(self, other: Any, /) -> IdentitySet: ...
    def __sub__(self, other: Any, /) -> IdentitySet: ...

@final
class IdentitySetMulti(IdentitySet):
    """An identity set of no object or of several."""

@final
class IdentitySetSingleton(IdentitySet):
    """An identity set of exactly one object."""

@final
class Kind(UniSet):
    """A set that decides membership without listing its members, such as hp.Type(int).

    `x & kind` and `x - kind` select from an identity set, `obj in kind` tells membership.  Combinations of kinds
    are simplified by what holds whatever the heap: different classes of one relation have nothing in common, and
    dicts of an owner are dicts.  Comparing answers True only for what is certain.  Selecting takes one pass over
    the objects, and one over the heap where the kind asks about referrers.

    Raises OverflowError where an expression would become a union of more than 1024 intersections.
    """

    @property
    def arg(self) -> Any:
        """What defines the kind: a type, a size, a module; of a combination its parts; None where nothing
        does."""
    @property
    def brief(self) -> str:
        """The name of the kind in tables; what str() gives."""
    def alt(self, cmp: str, /) -> Kind:
        """The kind of what compares so with this class: '<', '<=', '>=', '>', '==' or '!='.

        Types compare by inheritance, sizes and lines as numbers, sets of referrers and relations by inclusion,
        file names by their beginning.  Raises ValueError for another symbol, and where there is no order.
        """
    def __contains__(self, obj: object, /) -> bool: ...

@final
class EquivalenceRelation(UniSet):
    """What divides sets into classes, such as hp.Type.

    Called, it makes the kind of one class: hp.Type(int), hp.Clodo(dictof=C), hp.Size(24), hp.Module('os'),
    hp.Id(address), hp.Idset(obj), hp.Via('[0]'), hp.Rcs(hp.Type(list)), hp.Prod('file.py', 7).  `er1 & er2` is the
    relation of what is alike by both; `er1 <= er2` means that it is as fine.  `kind in er` tells whether the kind
    is one of its classes, er[x] is the union of the classes of the members of x.

    Raises TypeError or ValueError for arguments that name no class of the relation.
    """

    @property
    def brief(self) -> str:
        """What str() gives."""
    @property
    def _session(self) -> Session: ...
    @property
    def classifier(self) -> Classifier:
        """What classifies for this relation."""
    @property
    def dictof(self) -> EquivalenceRelation:
        """The relation of dicts whose owners are alike by this one; what is no dict is alike."""
    @property
    def erargs(self) -> tuple[EquivalenceRelation, ...]:
        """The relations that an and-ed one is made of; of others none."""
    @property
    def refdby(self) -> EquivalenceRelation:
        """The relation of objects that are referred to by the same classes of this one."""
    def sokind(self, *args: Any, **kwargs: Any) -> CallableSoKind:
        """The set of kinds that has er(*args, **kwargs); called again, it adds another."""
    def _pattern_label(self) -> str:
        """The line above the rows of a reference pattern by this relation."""
    def __call__(self, *args: Any, **kwargs: Any) -> UniSet: ...
    def __contains__(self, kind: object, /) -> bool: ...
    def __getitem__(self, x: IdentitySet | NodeSet, /) -> UniSet: ...

@final
class Classifier:
    """What classifies objects for an equivalence relation."""

    @property
    def er(self) -> EquivalenceRelation:
        """The relation it classifies for."""
    @property
    def cli(self) -> Any:
        """What classifies objects one by one: an ObjectClassifier."""

class SoKind:
    """A set of classes of one relation: what the referrers of an object may be."""

    @property
    def classifier(self) -> Classifier:
        """The classifier of the relation."""
    @property
    def er(self) -> EquivalenceRelation:
        """The relation that the kinds are classes of."""
    @property
    def kinds(self) -> tuple[UniSet, ...]:
        """The kinds."""
    @property
    def refdby(self) -> Kind:
        """The kind of objects the classes of whose referrers are exactly these."""

@final
class CallableSoKind(SoKind):
    """A set of kinds that, called like its relation, gives the set that has one kind more."""

    def __call__(self, *args: Any, **kwargs: Any) -> CallableSoKind: ...

@final
class SoNoKind(SoKind):
    """The empty set of kinds: hp.sonokind."""

class Family:
    """What sort of expression a set is; its type has the name of the sort."""

    @property
    def classifier(self) -> Classifier:
        """What classifies for the kinds of this family; AttributeError for families of combinations."""

@final
class MappingProxy:
    """Attributes and items of all members of an identity set at once.

    x.maprox.name is the identity set of the attributes `name` of those members that have one, x.maprox[key] that
    of their items; members without are left out, other exceptions pass through.
    """

    def __getitem__(self, key: Any, /) -> IdentitySet: ...

class Partition:
    """An identity set divided into the rows of its table; iterating gives the sets of the rows."""

    @property
    def set(self) -> IdentitySet:
        """The set that is divided."""
    @property
    def er(self) -> EquivalenceRelation:
        """The relation that divides it."""
    @property
    def count(self) -> int:
        """Number of objects."""
    @property
    def size(self) -> int:
        """Sum of the individual sizes when the table was made, in bytes."""
    @property
    def numrows(self) -> int:
        """Number of rows."""
    @property
    def kindheader(self) -> str:
        """The heading of the last column."""
    @property
    def kindname(self) -> str:
        """What the objects of a table by Id are; else empty."""
    @property
    def timemade(self) -> float:
        """When the table was made, in seconds since 1970."""
    @property
    def more(self) -> Printer:
        """A printer whose repr goes on where the printed table ended."""
    @property
    def all(self) -> Printer:
        """A printer that shows every row."""
    def get_row(self, index: SupportsIndex, /) -> PartRow:
        """Row `index`, counted from the end if negative; IndexError when there is none."""
    def get_rows(self, rowindex: SupportsIndex | None = None) -> Iterator[PartRow]:
        """The rows from `rowindex` on, made as they are asked for."""
    def get_set(self, index: SupportsIndex | slice, /) -> IdentitySet:
        """The set of a row or of a slice of rows."""
    def get_rowset(self, index: SupportsIndex | slice, /) -> IdentitySet:
        """The set of a row or of a slice of rows."""
    def get_sets(self) -> Iterator[IdentitySet]:
        """The sets of all rows, made as they are asked for."""
    def get_stat(self) -> Stat:
        """The numbers and names of the rows, without the objects."""
    def __iter__(self) -> Iterator[IdentitySet]: ...
    def __len__(self) -> int: ...

@final
class SetPartition(Partition):
    """A partition with a row for each class."""

    @property
    def rows(self) -> list[PartRow]:
        """All rows; a new list each time."""

@final
class IdentityPartition(Partition):
    """A partition with a row for each object."""

class StatRow:
    """A row of a stat."""

    index: int | None
    """The number of the row, from 0; None for a row that sums up others."""
    count: int
    """Number of objects."""
    size: int
    """Sum of their individual sizes, in bytes."""
    cumulsize: int | None
    """Bytes in this row and the rows before it; None for a row that sums up others."""
    name: str
    """The text of the last column."""

class PartRow:
    """A row of a partition: the numbers and name of a StatRow, and the set."""

    index: int
    count: int
    size: int
    cumulsize: int
    name: str
    @property
    def set(self) -> IdentitySet:
        """The objects of the row."""
    @property
    def kind(self) -> UniSet:
        """The class that the row is."""

@final
class Stat:
    """The numbers and names of a table without its objects: it keeps nothing alive.

    `len(s)` is the number of rows; `s[i]` and `s[i:j:k]` are stats of the rows chosen, with sums of their
    own; iterating gives stats of one row.  `a - b` is the difference: by name, what a has more than b;
    TypeError when b is no stat, ValueError when the two were made by different relations.
    """

    @property
    def count(self) -> int:
        """Number of objects; of a difference, how many more."""
    @property
    def size(self) -> int:
        """Bytes; of a difference, how many more."""
    @property
    def b_count(self) -> int:
        """Of a difference A - B: the number of objects in B.  AttributeError for other stats."""
    @property
    def b_size(self) -> int:
        """Of a difference A - B: the bytes of B.  AttributeError for other stats."""
    @property
    def numrows(self) -> int:
        """Number of rows."""
    @property
    def rows(self) -> list[StatRow]:
        """All rows; a new list each time."""
    @property
    def kindheader(self) -> str:
        """The heading of the last column."""
    @property
    def kindname(self) -> str:
        """What the objects of a table by Id are; else empty."""
    @property
    def timemade(self) -> float:
        """When the table was made, in seconds since 1970."""
    @property
    def firstheader(self) -> str:
        """A line that says what heapu() looked at; empty for other stats.  Not part of the printed table."""
    @property
    def format_name(self) -> str:
        """'SetFormat', 'IdFormat' or 'DiffFormat'."""
    @property
    def loader(self) -> str:
        """The word that begins a stat in a file."""
    @property
    def directives(self) -> dict[str, int | str]:
        """What a loaded file says beside what a stat has, as data; a new dict each time."""
    @property
    def more(self) -> Printer:
        """A printer whose repr goes on where the printed table ended."""
    @property
    def all(self) -> Printer:
        """A printer that shows every row."""
    def get_row(self, idx: SupportsIndex, /) -> StatRow:
        """Row `idx`, counted from the end if negative; IndexError when there is none."""
    def get_rows(self, idx: int = 0) -> Iterator[StatRow]:
        """The rows from `idx` on, made as they are asked for."""
    def get_rows_of_kinds(self, names: Iterable[str], /) -> list[StatRow | None]:
        """For each name the first row of that name, or None.  O(rows + names)."""
    def get_rows_n_and_other(self, N: int, sortby: str = "Size") -> list[StatRow]:
        """The N largest rows by 'Size' or 'Count', and one named <Other> for the rest, in its place.

        Raises ValueError for another `sortby`.
        """
    def as_json(self, by: str | None = None, rows: int = 0) -> str:
        """The numbers and names as a JSON object on one line; by: what the rows are by, if it is to be said.

        rows: at most so many; 0: all.
        """
    def as_csv(self, rows: int = 0) -> str:
        """The same as comma-separated values: a line with the names of the columns and a line a row."""
    def to_dict(self) -> dict[str, Any]:
        """The numbers and names as plain data: to be logged, compared, put into a table of another package.

        time (seconds since 1970), header (of the last column), count, size, of a difference before_count and
        before_size, and rows: a dict each, with index, count, size, cumulative and kind.
        """
    def dump(self, fn: Any, mode: str = "a") -> None:
        """Append to a file: a path, or an object with a write method, which stays open.

        Errors of opening and writing pass through.
        """
    def __len__(self) -> int: ...
    def __getitem__(self, rows: SupportsIndex | slice, /) -> Stat: ...
    def __iter__(self) -> Iterator[Stat]: ...
    def __sub__(self, other: Stat, /) -> Stat: ...

class Printer:
    """The text of a table from some row on, or all of it.

    Every attribute and operator that is not listed here is that of the object whose text it is.
    """

    @property
    def more(self) -> Printer:
        """A printer that goes on where this one ends; past the last row its text is empty."""
    @property
    def all(self) -> Printer:
        """A printer that shows every row."""
    @property
    def top(self) -> Any:
        """The object whose text this is."""
    @property
    def prev(self) -> Any:
        """The printer before this one, or the object."""
    def __getattr__(self, name: str, /) -> Any: ...

@final
class MorePrinter(Printer):
    """A page of rows, without the first lines."""

@final
class AllPrinter(Printer):
    """Every row."""

@final
class Snapshot:
    """The heap as it was at one time: its objects, what each refers to, and how.

    It holds every object strongly, so that whatever is listed from it is still what it was.  Reverse
    references and dominators are made when something first needs them, and then kept.
    """

    @property
    def count(self) -> int:
        """Number of objects, the root included."""
    @property
    def edge_count(self) -> int:
        """Number of references between them; two references to one object count twice."""
    @property
    def kept_bytes(self) -> int:
        """Bytes of memory this takes, beside the objects themselves."""
    @property
    def time(self) -> float:
        """When it was taken, in seconds since 1970."""
    def __contains__(self, object: object, /) -> bool: ...
    def has_all(self, set: IdentitySet, /) -> bool:
        """Are all members of a set part of this moment?"""
    def dominated(self, object: object = ..., /) -> list[tuple[object, int, int]]:
        """What an object, or without one only the root, dominates immediately: (object, retained bytes, own bytes).

        The largest come first.  O(objects + references) at the first call, then O(n log n) for n results.
        Raises KeyError when the object is not part of this moment.
        """
    def dominator(self, object: object, /) -> object | None:
        """The immediate dominator of an object, None when that is the root.

        Raises KeyError when the object is not part of this moment, ValueError when the root does not reach it.
        """
    def dominated_at(self, address: int = ..., /) -> list[tuple[int, int, int]]:
        """The same as dominated() by addresses."""
    def dominator_at(self, address: int, /) -> int | None:
        """The same as dominator() by addresses."""
    def write_branches(self, address: int | None, how: str, first: int, rows: int, with_label: bool, /) -> str:
        """What the object at an address, or the root for None, dominates immediately, as a table: text, json or csv.

        rows: at most so many of them from number `first` on, 0 for all.  Rows say what an object is and, the first 200,
        how it hangs: one search serves all of them.
        """
    def branch_path(self, parent: int | None, address: int, /) -> str:
        """The text of the first shortest path between two addresses, from the root for None; '' where there is none."""
    @property
    def total(self) -> int:
        """The bytes of all objects that the root reaches."""
    def write(
        self,
        descriptor: int,
        info: bytes,
        contents: int,
        compress: bool,
        before: IdentitySet | None,
        withheld: IdentitySet | None,
        /,
    ) -> None:
        """Write it to a descriptor as a snapshot file; Session.save() is how it is used.

        info: JSON.  contents: 0 none, 1 names, 2 values.  before: what was there before the reference point.
        withheld: objects whose text is not written.
        """
    def edges(self, source: object, /) -> list[tuple[object, tuple[str, int | str] | None]]:
        """The references of `source`, in the order of the walk: pairs of target and label.

        A label is None where the name is not known, else a pair: ('attribute', name), ('internal', name),
        ('local', name), ('index', i), ('key', n), ('value', n), ('stack', i) or ('member', i); ('value', n)
        is the value of the dict entry whose key is the target of ('key', n).  A reference with several names
        has ('several', label, label).

        Raises KeyError when `source` is not in the graph.
        """
    def relations(self, source: object, /) -> list[tuple[object, int, str]]:
        """The references of `source` as (target, code of the relation, its text behind that of the source).

        Raises KeyError when it is not part of this moment.
        """
    def relations_at(self, address: int, /) -> list[tuple[int, int, str]]:
        """The same as relations() by addresses."""
    def roots(self) -> list[tuple[object, tuple[str, str] | None]]:
        """The references that start outside every object, as pairs of target and label."""
    def validate(self) -> None:
        """Check every invariant of the graph; ValueError names the first that does not hold."""

class NodeGraph:
    """Pairs of objects, by identity: a mapping from an object to several, or with is_mapping to one.

    Ordered by address and without doubles when it is read.  `g[n]` is the tuple of targets, with is_mapping the
    target: KeyError when there is none, ValueError when there are several.
    """

    def __new__(cls, edges: Iterable[tuple[Any, Any]] = ..., is_mapping: bool = False, hiding_tag: Any = None) -> NodeGraph: ...
    is_mapping: int
    """Does each source have one target?"""
    is_sorted: int
    """Was it put in order since it last changed?"""
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[tuple[Any, Any]]: ...
    def __getitem__(self, source: object, /) -> Any: ...
    def __setitem__(self, source: object, targets: Any, /) -> None: ...
    def add_edge(self, source: object, target: object, /) -> None:
        """Add an edge."""
    def add_edges_n1(self, sources: Iterable[Any], target: object, /) -> None:
        """Add an edge from each source to the target."""
    def as_flat_list(self) -> list[Any]:
        """Source, target, source, target ..."""
    def clear(self) -> None:
        """Remove all edges."""
    def copy(self) -> NodeGraph:
        """A graph with the same edges."""
    def domain_covers(self, X: Iterable[Any], /) -> bool:
        """Is every object of X a source?"""
    def domain_restricted(self, X: Iterable[Any], /) -> NodeGraph:
        """A graph of the edges whose source is in X."""
    def get_domain(self) -> ImmNodeSet:
        """The sources."""
    def get_range(self) -> ImmNodeSet:
        """The targets."""
    def invert(self) -> None:
        """Turn every edge round."""
    def inverted(self) -> NodeGraph:
        """A graph with every edge turned round."""
    def relimg(self, X: Iterable[Any], /) -> ImmNodeSet:
        """The targets of edges whose source is in X."""
    def update(self, pairs: Iterable[tuple[Any, Any]], /) -> None:
        """Add pairs; TypeError for what is no pair."""
    def updated(self, pairs: Iterable[tuple[Any, Any]], /) -> NodeGraph:
        """A graph with those pairs added."""
    def __sizeof__(self) -> int:
        """Bytes of memory the graph takes, beside its objects."""

class Paths:
    """All shortest paths between two identity sets; guppy.heapy.Path shows them."""

    def __new__(
        cls,
        session: Session,
        sources: IdentitySet,
        targets: IdentitySet,
        avoid_nodes: IdentitySet,
        avoid_edges: list[tuple[object, object]],
        from_root: bool,
    ) -> Paths: ...
    @property
    def length(self) -> int:
        """References in each path; 0 when there is no path."""
    def number(self, sources: IdentitySet | None, /) -> int:
        """The number of paths, or of those that begin in a set."""
    def list(self, first: int, count: int, /) -> list[PathSteps]:
        """At most `count` paths from number `first` on.

        Raises ValueError when there are not so many paths.
        """
    def lines(self, first: int, count: int, name: str | None, /) -> list[str]:
        """The same as numbered lines of text; name: of the source, None for that of each.

        O(text); what a reference is about is asked once.
        """
    def level(self, number: int, /) -> IdentitySet:
        """The objects after so many steps."""
    def level_edges(self, number: int, /) -> list[tuple[object, object]]:
        """The pairs of objects that the steps from that level join; those of parallel references again."""

@final
class PathSteps:
    """One path of Paths."""

    @property
    def source(self) -> IdentitySet:
        """The set of the object at which it begins."""
    @property
    def source_brief(self) -> str:
        """What is said of that object, as it was when the paths were asked for."""
    @property
    def target(self) -> IdentitySet:
        """The set of the object at which it ends."""
    def __len__(self) -> int: ...
    def steps(self) -> list[tuple[IdentitySet, int, Any]]:
        """Its steps: (set of the target, code of the relation, what the relation is about)."""
    def text(self, name: str | None, safe: bool, /) -> str:
        """Its text, beginning with a name; None: with %s, and other % doubled.  safe: long keys are shortened."""

class Pattern:
    """A reference pattern by class or type, in the snapshot that a session keeps; guppy.heapy.RefPat shows it.

    Rows are made as they are asked for.
    """

    def __new__(
        cls,
        session: Session,
        set: IdentitySet,
        by_class: bool,
        depth: int,
        dominators_only: bool,
        without_ancestors: bool,
        stop: IdentitySet | None,
        is_partial: bool,
    ) -> Pattern: ...
    def row(self, number: int, /) -> tuple[int | None, int, int | None, bool, str] | None:
        """Row number `number`: parent, number among its brothers, the row that has the same objects, whether nothing
        refers to it, and the name of its class.  None when there are not so many."""
    def set(self, number: int, /) -> IdentitySet:
        """The objects of a row.  Raises IndexError when there are not so many, as the next do."""
    def name(self, number: int, /) -> str:
        """The name of a row, such as a3b."""
    def start(self, number: int, /) -> str:
        """The line of a row before its summary."""
    def summary(self, number: int, width: int, /) -> str:
        """How many objects of what class, and some of them, in at most `width` characters."""
    @property
    def is_complete(self) -> bool:
        """Have all rows been made?"""

@final
class ProfileStore:
    """The samples of a profile file in columns: what guppy.heapy.Prof keeps its numbers in.

    Kinds are numbers, from 0 in the order their names came.
    """

    def __new__(cls) -> ProfileStore: ...
    def __len__(self) -> int:
        """The number of samples."""
    def read(self, source: str, data: bytes, /) -> int:
        """Append the whole stats of a piece of a file; the bytes up to the end of the last of them.

        Raises ValueError, naming source, sample and line, for what is no profile.
        """
    def header(self, sample: int, /) -> tuple[float, int, int, int, str]:
        """(time made, count, size, number of rows, format) of a sample."""
    def rows(self, sample: int, /) -> list[tuple[int, int, int]]:
        """(kind, count, size) of each row, in the order of the file."""
    def kind_name(self, kind: int, /) -> str:
        """The name of a kind."""
    def find_kind(self, name: str, /) -> int | None:
        """The kind of a name; None when no sample has it."""
    def kind_count(self) -> int:
        """The number of kinds in all samples."""
    def sample_kind_count(self, sample: int, /) -> int:
        """The number of kinds in a sample: its rows, but for those of equal names."""
    def largest(
        self, sample: int, by_count: bool, count: int, among: bytes | None = None, /
    ) -> list[tuple[int, int]]:
        """(kind, value) of the largest kinds of a sample, largest first, ties in the order of the file.

        among: a byte for each kind, 1 if it may be one of them.
        """
    def largest_ever(self, first: int, end: int, by_count: bool, count: int, among: bytes | None = None, /) -> list[int]:
        """The kinds whose largest value in the samples first to end - 1 is largest, largest first."""
    def values(self, sample: int, by_count: bool, kinds: Sequence[int], /) -> list[int]:
        """The values in a sample of different kinds, 0 for those it has not."""

@final
class Horizon:
    """What is new since the objects of X were looked at.  The objects are held until the horizon goes."""

    def __new__(cls, X: Iterable[Any]) -> Horizon: ...
    def news(self, Y: Iterable[Any], /) -> ImmNodeSet:
        """The objects of Y that are not in X.  O(X + Y)."""

class HeapView:
    """From where the heap is seen, and what is left out of it.

    root is where every walk begins: the RootState, or any object.  heapdefs is a tuple of capsules, accepted
    for compatibility.
    """

    def __new__(cls, root: Any, heapdefs: tuple[Any, ...]) -> HeapView: ...
    @property
    def root(self) -> Any:
        """Where every walk begins; may be assigned."""
    @property
    def limitframe(self) -> FrameType | None:
        """The newest frame of the calling thread that is walked; None: the newest that is not heapy's."""
    is_hiding_calling_interpreter: bool
    """Leave out everything of the calling interpreter."""
    def heap(self) -> ImmNodeSet:
        """The objects that can be reached from the root, less what is hidden."""
    def indisize_sum(self, S: Iterable[Any], /) -> int:
        """The sum of the individual sizes of the objects that iterating S gives, in bytes."""
    def relate(self, source: object, target: object, /) -> tuple[tuple[Any, ...], ...]:
        """How one object refers to another: for each of the 11 kinds of relation the relators that hold.

        1 attribute, 2 index value, 3 key, 4 C field, 5 attribute name, 6 local variable, 7 cell, 8 stack, 9 set
        member.  O(size of the source).
        """
    def numedges(self, source: object, target: object, /) -> int:
        """The number of references from one object to another.  O(size of the source)."""
    def relimg(self, S: Iterable[Any], /) -> ImmNodeSet:
        """The objects that members of S refer to."""
    def reachable(self, X: Iterable[Any], Y: Iterable[Any], /) -> ImmNodeSet:
        """What can be reached from X without entering Y; members of Y are not reached, not even as members of X."""
    def reachable_x(self, X: Iterable[Any], Y: Iterable[Any], /) -> ImmNodeSet:
        """The same, with those members of Y at which a path can end."""
    def shpathstep(
        self,
        G: NodeGraph,
        U: Iterable[Any],
        S: Iterable[Any],
        avoid_edges: NodeGraph | None = None,
        find_one: bool = False,
    ) -> ImmNodeSet:
        """A step of a search for shortest paths: what U refers to beyond S, with an edge in G from each back to
        its sources; find_one: to one of them."""
    def obj_at(self, address: SupportsIndex, /) -> Any:
        """The live object at an address; ValueError when heapy knows none there.  O(heap)."""
    def register__hiding_tag__type(self, T: type, /) -> None:
        """Look at the slot _hiding_tag_ of instances of T and of its subtypes.

        Raises ValueError when T has no such slot or is registered.
        """
    def register_hidden_exact_type(self, T: type, /) -> None:
        """Hide the instances whose exact type is T.  Raises ValueError when T is registered."""

@final
class RootStateType:
    """The root of the heap: where every reference begins that comes from no object.

    Its attributes are named i<N>_<field> for interpreter N, i<N>_t<T>_<field> for its thread with identity T,
    and i<N>_t<T>_f<K> for frame K of that thread, counted from the oldest.
    """

    def __dir__(self) -> list[str]:
        """The names of all attributes there are now."""
    def __sizeof__(self) -> int:
        """16 bytes: it has no members of its own."""

RootState: RootStateType

@final
class Session:
    """Top level interface to Heapy."""

    def __new__(cls, ht: Any = None) -> Session: ...
    def heap(self) -> IdentitySet:
        """Walk the heap from the root: all reachable, visible objects, normally less heapy's own.

        The root is what the interpreter and its threads hold.  The set is shown as a table, divided by the
        default relation hp.Clodo, a row for each "class or dict of class".  After setref() only the objects made
        since are in it.  No garbage is collected and nothing is changed: an instance whose attributes have no
        dict keeps having none.  O(objects + references).

        Raises KeyboardInterrupt when interrupted, MemoryError when there is no memory.
        """
    def stat(self, by: EquivalenceRelation | str = "Clodo") -> Stat:
        """The rows of the heap without its objects: what heap().by(by).stat says.

        Nothing is held and no reference is counted, so a forked process shares with its parent what it shared before,
        and no object lives longer for having been looked at.  That is so by Clodo, Type, Size, Module and Unity, and
        several of those; by what else there is, objects are held while they are counted.  O(objects + references).
        """
    def heapu(self, rma: bool = 1, abs: bool = 0, stat: bool = 1) -> Stat | IdentitySet:
        """What survives a collection although the root does not reach it, and what that reaches, by hp.Type.

        Only numbers and names, so that nothing becomes reachable by being looked at.  After setref() they are the
        difference from the reference point.

        rma: remove what can be reached; 0 keeps it.  abs: 1 ignores the reference point.  stat: 0 gives the set
        of objects instead of its stat.
        """
    def heapg(self, rma: bool = 1) -> IdentitySet:
        """Deprecated, use heapu(): the collector's objects without frames and weak references."""
    def snapshot(
        self,
        path: Any = ...,
        *,
        fork: bool = True,
        contents: str = "names",
        compress: str | None = "zstd",
        labels: Mapping[str, str] | None = None,
        timeout: float = 600,
    ) -> Any:
        """A session whose heap is the one of now, for good: captured once, asked as often as one likes.

        What it is asked costs no walk, and what belongs together agrees.  Every object of the heap is kept alive
        until the snapshot goes.  `s.moment` tells what it takes.  Raises KeyboardInterrupt when interrupted,
        MemoryError when there is no memory.

        With a path the heap of now is written to a file, and what is known of it given as a dict; save() says
        what the other arguments are.

        fork: by a copy of the process, which the program does not notice, while all other threads go on.  False:
        in place, as without a path; then the objects whose __sizeof__ is Python code are asked for their size.
        timeout: seconds that the copy may take.  Raises TimeoutError, OSError where there can be no copy or the
        system fails, RuntimeError when it is killed or crashes; then no file is left.
        """
    def save(
        self,
        path: Any,
        *,
        contents: str = "names",
        compress: str | None = "zstd",
        labels: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Write the snapshot that this session keeps to a file, which can be asked in another process.

        The file appears under its name when it is whole and on disk, and is its owner's to read.

        path: the name, or an open descriptor, to which it is written front to back.
        contents: 'names' writes only text that stands in source code; 'values' also numbers and the ends of
        strings, as tables show them; 'none' types, labels and sizes alone.
        compress: 'zstd', or None for columns that are used where they lie.
        labels: what the caller says of it, names and values; where not given HEAPY_LABELS=name=value,name=value.

        Gives what is known of the file as a dict.  Raises ValueError when the session keeps no snapshot, OSError
        where the system fails.
        """
    @property
    def info(self) -> dict[str, Any]:
        """What is known of the snapshot as a whole: the facts of docs/format.md, and of a file its counts.

        `id`, `heapy`, `python`, `platform`, `host`, `pid`, `started`, `time` (seconds since 1970), `argv`, `rss` (bytes),
        `labels`, `contents`, `taken`, `notes`; of a file also `bytes`, `objects`, `edges`, `types`, `format`.
        """
    def at(self, *addresses: int) -> IdentitySet:
        """The set of the objects at these addresses.  ValueError where none begins at one of them."""
    def compare(self, older: Session, /) -> Comparison:
        """What changed since another snapshot: by class, and of two files of one process object by object."""
    def close(self) -> None:
        """Let go of the file of a session that open_snapshot() gave; what is asked of it later is ValueError.

        Does nothing to any other session.
        """
    def __enter__(self) -> Session:
        """The session: `with` closes it."""
    def __exit__(self, *exception: Any) -> None:
        """The same as close()."""
    def dominators(self) -> DominatorTree:
        """The dominator tree, to be printed and walked: what keeps the most memory, and what that keeps.

        `t[i]` is the i-th largest branch, a tree of its own, with `object`, `retained`, `size` and `parent`.
        O(objects + references), one moment; of a snapshot's, its moment.
        """
    def why(self, object: object, /) -> Why:
        """Why an object is alive and what it costs: a shortest path from the root, its immediate dominator and
        its retained size, to be printed."""
    @property
    def objects(self) -> Any:
        """The heap as a table that pyarrow.table(), polars.DataFrame(), duckdb and pandas.DataFrame.from_arrow()
        take, with no Python object a row: node, address, type, kind, size, length, owner, text.

        `hp.objects.retained` has retained and dominator too.  Node, owner and dominator are numbers of rows.  Each
        reading of a session that looks at the live heap is a snapshot of its own, so tables that belong together
        come from hp.snapshot() or a file.
        """
    @property
    def edges(self) -> Any:
        """The references as such a table, a row for each name of each: source, target, relation, name, number, key.

        relation: attribute, index, value, key, internal, local, stack, member or unnamed.  name is that of an
        attribute, variable or field, number an index, key the node of the key whose value the target is.
        """
    def _arrow_stream(self, what: str, /) -> Any:
        """A capsule of an Arrow stream: "objects", "retained" or "edges" of the session's snapshot or of now."""
    @property
    def moment(self) -> Snapshot | None:
        """Of a snapshot the heap it shows, else None."""
    def iso(self, *objects: object, er: EquivalenceRelation | None = None) -> IdentitySet:
        """The set of objects by identity that are the arguments: any number of objects of any kind.

        Each is one object, whatever it contains.  The same as idset() but for how the objects are given.

        objects: the objects.  er: the equivalence relation of the result, Clodo if not given.
        """
    def idset(self, iterable: Iterable[Any], er: EquivalenceRelation | None = None) -> IdentitySet:
        """The set of objects by identity that an iterable gives: of a str its characters, of a dict its keys.

        The same as iso() but for how the objects are given.

        iterable: what is iterated over.  er: the equivalence relation of the result, Clodo if not given.
        """
    def setref(self, reachable: Any = None, unreachable: Any = None) -> None:
        """Set a reference point for both heap() and heapu(): from now on the first shows only objects made
        later, the second differences of counts and sizes.

        The reference point keeps its objects alive.  setref(hp.Nothing, hp.Nothing) removes both.

        reachable: a set that heap() leaves out, instead of what is there now.  unreachable: a Stat by hp.Type
        that heapu() subtracts.

        Raises TypeError or ValueError for what cannot be subtracted; the reference points then stay.
        """
    def setrelheap(self, reference: Any = None) -> None:
        """The first half of setref(): make heap() leave out what exists now, or a set."""
    def setrelheapg(self, reference: Any = None) -> None:
        """Deprecated, use setrelheapu(): make heapg() leave out what it gives now, or a set."""
    def setrelheapu(self, reference: Any = None, stat: bool = 1) -> None:
        """The second half of setref(); with stat=0 the set itself is kept, with all its objects."""
    def findex(self, *kinds: UniSet) -> EquivalenceRelation:
        """The relation of objects that have the same first of these kinds and identity sets that they are in.

        findex(k0, k1)(1) is the kind of what is in k1 but not in k0.  Raises TypeError for what is no set.
        """
    @property
    def doc(self) -> Any:
        """The interactive help: it lists attributes, and its own attributes are their texts.

        print(hp.doc.heap) shows a text, hp.doc.heap[n] opens its reference [n] in the web browser, of which [0] is
        the entry itself.  hp.doc('l') lists synopses, hp.doc('L') whole texts.  Sets, kinds and relations have a
        `doc` too.
        """
    def test(self, debug: bool = False) -> None:
        """Check the installed package: run its self-check, print the progress and a summary.

        debug: let the first exception pass through, for post-mortem debugging.

        Raises guppy.heapy.test.TestFailed, with the text of the failure, when something is wrong.
        """
    def monitor(self) -> None:
        """Enter the console of the remote monitor, and look at processes of the same user while they run.

        A process takes part when it enables remote monitoring: import guppy.heapy.RM, or on() of guppy.heapy.Remote.
        The console shows each under a number; `lc` lists them, `sc` switches to one, whose `int` is interactive Python
        in that process, with a session called hp.  `help` lists the commands, `q` leaves.  Monitoring of this process
        is switched off first.
        """
    def pb(self, filename: str | None = None) -> None:
        """Open the profile browser: how a heap developed, from a file that dump() wrote again and again.

        Bars, lines or bands of the largest kinds of each sample, and a table that compares two of them; with Collect
        the samples that are still being written too.  The call returns when the last window is closed.

        filename: the profile to begin with; without it the window is empty.

        A file that cannot be read shows an error box.  Raises ImportError, which names the package to install, where
        there is no Tk, and TclError where there is no display: `python -m guppy plot` makes a page of the same for web
        browsers.  guppy.heapy.Prof has the numbers.
        """
    def union(self, sequence: Sequence[Any], /) -> UniSet:
        """The union of the sets in a sequence; Nothing for an empty one.  Raises TypeError for what is none."""
    def tc_repr(self, type: type, /) -> str:
        """'<type MODULE.NAME at 0xADDR>', as hp.Type() takes it.  Raises TypeError for what is no type."""
    def tc_adapt(self, x: type | str, /) -> type:
        """A type itself, or the live one that '<type MODULE.NAME at 0xADDR>' or '<at 0xADDR>' names.

        Raises ValueError when there is no such object or text, TypeError when it is no type.
        """
    def load(self, fn: Any, use_readline: bool = 0) -> Stat:
        """Load a stat that dump() wrote.

        fn: a file name; or an open file or other iterator of lines, of which each call reads the next stat; or a
        sequence of lines.  use_readline: 1 reads by fn.readline(), so that nothing past the stat is read: for
        pipes.

        Raises guppy.heapy.EndOfDump, a StopIteration, at the end of the input; ValueError, naming the line,
        when it is no dump; errors of opening and reading pass through.
        """
    def loadall(self, f: Any, /) -> Iterator[Stat]:
        """All stats of a file name or an open file, one after the other."""
    def loadc(self, fn: Any, /) -> None:
        """Print the stats of a file as they are appended to it, until interrupted."""
    def dumph(self, fn: Any, /) -> None:
        """Append the stat of the heap to a file, again and again, until interrupted."""
    def uniset_from_setcastable(self, x: Any, /) -> UniSet:
        """The set that x stands for as an operand: a set itself, a type's kind, a node set's identity set.

        Raises TypeError when it stands for none.
        """
    @property
    def Nothing(self) -> IdentitySet:
        """The empty identity set of this session."""
    @property
    def Anything(self) -> Kind:
        """The kind of all objects: the only class of Unity."""
    @property
    def sonokind(self) -> SoNoKind:
        """The empty set of kinds; hp.sonokind.refdby is the kind of objects without referrers."""
    @property
    def Root(self) -> RootStateType:
        """The symbolic root of the heap, the only one of its kind.

        Its attributes hold everything that can be reached: what interpreters and threads hold.  Its type says how
        they are named.
        """
    @property
    def Type(self) -> EquivalenceRelation:
        """The relation of objects of the same exact type; hp.Type(T) is the kind of those of type T."""
    @property
    def Clodo(self) -> EquivalenceRelation:
        """Like Type, but a dict that holds the attributes of an object is classified by that object's type;
        hp.Clodo(dictof=T) is the kind of the dicts of instances of T, hp.Clodo(dictof=()) of those without
        owner."""
    @property
    def Size(self) -> EquivalenceRelation:
        """The relation of objects of the same individual size."""
    @property
    def Module(self) -> EquivalenceRelation:
        """The relation in which each module is a class of its own, and everything else one."""
    @property
    def Id(self) -> EquivalenceRelation:
        """The relation in which each object is a class of its own."""
    @property
    def Idset(self) -> EquivalenceRelation:
        """The relation in which each object is a class of its own, shown as an identity set."""
    @property
    def Unity(self) -> EquivalenceRelation:
        """The relation in which all objects are alike."""
    @property
    def Rcs(self) -> EquivalenceRelation:
        """The relation of objects that have the same kinds (by Clodo) of referrers: hp.Clodo.refdby."""
    @property
    def Via(self) -> EquivalenceRelation:
        """The relation of objects that are referred to in the same ways: hp.Via('.__dict__', '[0]') is the kind
        of what is somewhere the attribute __dict__ and somewhere item 0, and nowhere anything else."""
    @property
    def Prod(self) -> EquivalenceRelation:
        """The relation of objects allocated at the same line of source, as tracemalloc knows it.

        hp.Prod() is the kind of objects of which it is not known, hp.Prod(file, line) of one line, hp.Prod(prefix)
        of files whose name begins so, hp.Prod(x) of the lines of a function, class, module, frame or code.
        """
    @property
    def Stat(self) -> type[Stat]:
        """The type of stats."""
    @property
    def View(self) -> View:
        """How the session sees the heap: root, horizon, objects by address."""
    @property
    def reprefix(self) -> str:
        """What reprs begin with: the name of the session in __main__ and a dot.  May be assigned."""
    @property
    def default_reprefix(self) -> str:
        """What reprs begin with when the session has no name in __main__.  May be assigned."""
    @property
    def gcobjs(self) -> UniSet:
        """A set that heap() adds to its result.  May be assigned."""
    @property
    def relheap(self) -> UniSet:
        """What heap() leaves out.  May be assigned."""
    @property
    def relheapg(self) -> UniSet:
        """What heapg() leaves out.  May be assigned."""
    @property
    def relheapu(self) -> Any:
        """What heapu() subtracts: Nothing, a Stat or a set.  May be assigned."""
    def _file_facts(self) -> dict[str, Any] | None:
        """What opening a snapshot file has read: info is its JSON.  None of other sessions."""
    def _compare_objects(self, older: Session, /) -> tuple[IdentitySet, IdentitySet, IdentitySet]:
        """The objects that are new, gone and kept since an older snapshot of the same process."""
    def _whole(self) -> Snapshot:
        """The heap with every column and reference: what the session keeps, or of now."""
    def _begins_at_root(self) -> bool:
        """Do walks begin at the root itself, and not at an object that was made it?"""
    def _root_set(self) -> IdentitySet:
        """The set of the object at which walks begin."""
    def _snapshot_unasked(self) -> Session:
        """snapshot() for what shows no sizes: no __sizeof__ in Python is asked, the basic size counts instead."""
    def _before(self) -> IdentitySet | None:
        """The objects of the heap that were there before the reference point; None when there is none."""
    def _write_forked(
        self,
        descriptor: int,
        temporary: bytes | None,
        path: bytes | None,
        folder: bytes | None,
        info: bytes,
        contents: int,
        compress: bool,
        withheld: IdentitySet | None,
        seconds: float,
        /,
    ) -> str:
        """Write the heap of now by a copy of the process; gives its notes as JSON.  snapshot() is how it is used.

        withheld: objects whose text is not written.  temporary, path, folder: the name of the descriptor, the one it
        gets when it is whole, and where that is; None: nothing is renamed.  info: JSON without its last brace.
        """
    def _capture_graph(self) -> Snapshot:
        """The visible heap as a graph with labelled edges: what questions about relations start from."""
    def _dominos_alone(self, sets: list[IdentitySet], /) -> list[IdentitySet]:
        """Of each set what it alone keeps alive while the others keep what they reach."""
    def _gc_referrers(self, set: IdentitySet, without_own: bool, /) -> ImmNodeSet:
        """What gc.get_referrers() says of the members, but what holds them for heapy."""
    @property
    def _prefix(self) -> str: ...
    def _from_nodes(self, nodes: NodeSet, /) -> IdentitySet:
        """The identity set of a node set."""
    def _get_setting(self, name: str, /) -> Any:
        """The value of one of the settings that the service modules show."""
    def _set_setting(self, name: str, value: Any, /) -> None:
        """Change a setting.  Raises AttributeError, TypeError or ValueError for what is none."""
    def _set_parent(self, parent: Any, /) -> None:
        """Hang the session from a node of the package tree."""
    def __copy__(self) -> Session:
        """The session itself."""
    def __deepcopy__(self, memo: Any, /) -> Session:
        """The session itself."""

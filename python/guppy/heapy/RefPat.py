"""Reference patterns: who refers to a set, by class, who to those, and so on, as a tree that is printed.

Settings, at Root().guppy.heapy.RefPat: depth, how deep a tree is shown; line_length, the columns of a line;
er, the relation that makes the classes.
"""

import gc
import sys

from .._heapyc import Pattern, _hide_type
from .OutputHandling import PagedLines
from .Path import node_set_argument
from .PatternLines import PAGE, child_name, more_lines, path_of_name, short_name
from .PatternPaths import PatternPaths

TYPE_CHECKING = False  # which type checkers take for True
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._heapyc import IdentitySet, UniSet

__all__ = ["ReferencePattern", "RefPatRow", "reference_pattern"]

SETTINGS = {"depth": 7, "line_length": 80, "er": None}  # of a session's patterns, to begin with

SHOWS_OBJECTS = {"Clodo", "Type", "Idset"}  # in the lines of a class; others show addresses
SHOWS_OWNERS = {"Clodo", "Idset"}  # of dicts


def setting(session, name):
    """How a session shows patterns."""
    return session._pattern_settings.get(name, SETTINGS[name])


def relation_names(er):
    """The names of the relations that an and-ed relation has, or its own."""
    prefix = er._session._prefix
    text = repr(er)
    if text.startswith(prefix + "findex("):
        return [text.removeprefix(prefix)]
    return [part.strip("() ").removeprefix(prefix) for part in text.split(" & ")]


def default_stopkind(session):
    """What is not looked behind: modules and types, their dicts, code and frames."""
    module, type_ = session.Type.Module, session.Type.Type
    return module | type_ | module.dictof | type_.dictof | session.Type.Code | session.Type.Frame


@_hide_type
class Row:
    """What a pattern keeps of a row.  It knows nothing of the pattern, which would hold it and be held."""

    __slots__ = ("index", "parent", "path", "class_name", "kept", "seen", "is_root", "mark")

    def __init__(self, index, parent, path, kept, class_name):
        self.index = index
        self.parent = parent  # a Row
        self.path = path
        self.kept = kept  # the objects as a set of the snapshot; None: the engine's row, whose set is made when asked for
        self.class_name = class_name
        self.seen = None  # the Row that shows the same objects
        self.is_root = False
        self.mark = ""


@_hide_type
class RefPatRow:
    """A line of a pattern: a set of objects and where it stands in the tree."""

    __slots__ = ("_rp", "_row")

    def __init__(self, rp, row):
        self._rp = rp
        self._row = row

    def __eq__(self, other):
        return self._row is other._row if isinstance(other, RefPatRow) else NotImplemented

    def __hash__(self):
        return hash(self._row)

    @property
    def index(self) -> int:
        """The number of the row."""
        return self._row.index

    @property
    def depth(self) -> int:
        """The number of rows above it, up to row 0."""
        return len(self._row.path)

    @property
    def parent(self) -> "RefPatRow | None":
        """The row whose referrers this row is part of; None of row 0."""
        return self._rp._shown(self._row.parent)

    @property
    def seenline(self) -> "RefPatRow | None":
        """The row above that shows the same objects; None where there is none."""
        return self._rp._shown(self._row.seen)

    @property
    def isroot(self) -> bool:
        """Has it no referrers?"""
        return self._row.is_root

    @property
    def set(self) -> "IdentitySet":
        """The objects as a set of the session."""
        return self._rp._own_set(self._row)

    @property
    def _er(self):
        """The relation of the row's class: for row 0 that of the set itself."""
        return self._rp.er if self._row.parent is not None else self.set.er or self._rp.er

    @property
    def ixlstr(self) -> str:
        """The name of the row."""
        return short_name(self._row.path)

    @property
    def kind(self) -> "UniSet":
        """The class that the row is."""
        return self.set.by(self._er).kind

    @property
    def kindset(self) -> "UniSet":
        """The class that the row is."""
        return self.kind

    @property
    def children(self) -> "list[RefPatRow]":
        """The rows of its referrers."""
        self._rp.generate()
        return [self._rp._shown(row) for row in self._rp._made if row.parent is self._row]

    def _is_of_one_class(self):
        """Does the engine know the class that the row is?  Row 0 may be classes of another relation."""
        if self._rp._pattern is None or not self._row.class_name:
            return False
        return self._row.parent is not None or relation_names(self._er) == relation_names(self._rp.er)

    def getsummary(self, width: int) -> str:
        """'COUNT KIND: objects', at most `width` columns."""
        if self._is_of_one_class():
            return self._rp._pattern.summary(self.index, width)
        kept = self._rp._kept(self._row).by(self._er)
        if not kept.count:
            return "0 <Nothing>: "[:width]
        head = "%d %s: " % (kept.count, self._row.class_name or kept.kind.brief)
        names = relation_names(self._er)
        is_dictof = any(n.endswith(".dictof") for n in names)
        shows_objects = is_dictof or any(n in SHOWS_OBJECTS for n in names)
        shows_objects = shows_objects and (self._row.parent is not None or len(kept) == 1)
        shows_owners = is_dictof or any(n in SHOWS_OWNERS for n in names)
        text = head + kept._items(not shows_objects, shows_owners, width - len(head))
        return text if len(text) <= width else text[: max(0, width - 3)] + "..."

    def _start(self):
        if self._rp._pattern is not None:
            return self._rp._pattern.start(self.index)
        start = "%2d: %s " % (self.index, self.ixlstr)
        fill = ("-" if self.index % 2 == 0 else " ") * max(0, 9 + self.depth - len(start))
        return "%s%s %s " % (start, fill, self._row.mark)

    def __str__(self) -> str:
        start = self._start()
        return start + self.getsummary(self._rp._line_length - len(start))


@_hide_type
class ReferencePattern(PagedLines):
    """A tree of sets: row 0 is the set asked about, below each row are its referrers, a row for each class.

    `rp[i]` and `rp.NAME` are the sets of rows; str(rp) is a page of lines, `rp.more` the next.  Rows are made
    as they are asked for, all of the moment at which the pattern was made; `rp.reset()` begins anew.
    """

    def __init__(self, session, set, depth, er, stopkind, nocyc, bf, find, line_length):
        self.set = set
        self.depth = depth
        self.er = er
        self._stops_by_class = stopkind is None
        self.stopkind = default_stopkind(session) if stopkind is None else session.union([stopkind])
        self.nocyc = nocyc
        self.bf = bf
        self._session = session
        self._find = find
        self._line_length = line_length
        self._begin()

    def _begin(self):
        self._snapshot = self._session._snapshot_unasked()
        self._made = []
        self._seen = {}
        self._pattern = self._find_pattern()
        self._waiting = [(None, (), self._keep(self.set), None)]  # rows to be made, the next one last
        self.isfullygenerated = False

    def reset(self):
        """Collect garbage and begin again with the heap as it is now."""
        gc.collect()
        self._begin()

    # Sets of the session, and the same in the snapshot

    def _kept(self, row):
        if row.kept is None:
            row.kept = self._pattern.set(row.index)
        return row.kept

    def _own_set(self, row):
        return self.set if row.parent is None else self.set._session._from_nodes(self._kept(row))

    def _keep(self, set):
        """A set as one of the snapshot, or as it is where not all of it can be reached."""
        kept = self._snapshot._from_nodes(set)
        return kept if self._snapshot.moment.has_all(kept) else self.set._session._from_nodes(set)

    def _referrers(self, kept):
        if callable(self._find):
            return self._keep(self._find(kept))
        snapshot = self._snapshot
        if kept._session is not snapshot:  # what cannot be reached has no referrers that can
            kept = snapshot.idset([o for o in kept.nodes if o in snapshot.moment])
        return kept.imdom if self._find == "imdom" else kept.referrers

    # Rows, by class from the engine

    def _find_pattern(self):
        """The engine's pattern; None where it has none: of another relation, or with another way to referrers."""
        names = relation_names(self.er)
        if callable(self._find) or names not in (["Clodo"], ["Type"]):
            return None
        snapshot, stop = self._snapshot, None
        if not self._stops_by_class:
            stop = (snapshot.heap() | snapshot._root_set()) & self.stopkind
        kept = self._keep(self.set)
        is_partial = kept._session is not snapshot
        if is_partial:
            kept = snapshot.idset([o for o in kept.nodes if o in snapshot.moment])
        depth = max(0, min(self.depth, sys.maxsize))
        return Pattern(
            snapshot, kept, names == ["Clodo"], depth, self._find == "imdom", bool(self.nocyc), stop, is_partial
        )

    def _take_row(self):
        index = len(self._made)
        taken = self._pattern.row(index)
        if taken is None:
            return False
        parent, number, same, is_root, name = taken
        if parent is None:
            kept = self._keep(self.set)
            row = Row(0, None, (), kept, name if kept._session is self._snapshot else None)
        else:
            parent = self._made[parent]
            row = Row(index, parent, parent.path + (child_name(number),), None, name)
        row.seen = None if same is None else self._made[same]
        row.is_root = is_root
        self._made.append(row)
        return True

    # Rows by other relations

    def _make_row(self):
        if not self._waiting:
            return False
        is_by_class = relation_names(self.er) in (["Clodo"], ["Type"])  # whose rows are called what they are
        parent, path, kept, class_name = self._waiting.pop()
        row = Row(len(self._made), parent, path, kept, class_name)
        key = kept.addresses.tobytes()
        referrers = None
        if key in self._seen:
            row.seen = self._seen[key]
            row.mark = "[^ %d]" % row.seen.index
        else:
            self._seen[key] = row
            referrers = self._children_of(row, kept)
            if not referrers.count:
                row.is_root = True
                row.mark = "[R]"
            elif path and self._is_stop(kept):
                row.mark = "[S]"
            else:
                row.mark = "[-]" if len(path) < self.depth else "[+]"
        self._made.append(row)
        if row.mark == "[-]":
            rows = list(referrers.by(self.er).partition.get_rows())
            for number in range(len(rows) - 1, -1, -1):
                name = rows[number].name if is_by_class else None
                self._waiting.append((row, path + (child_name(number),), rows[number].set, name))
        return True

    def _is_stop(self, kept):
        """Is all of a row of the kind that is not looked behind?  Where rows are classes "or dict of", and that
        kind is made of such classes, one object speaks for all."""
        if self._stops_by_class and relation_names(self.er) == ["Clodo"] and kept.count > 1:
            kept = kept._first()
        return kept <= self.stopkind

    def _children_of(self, row, kept):
        referrers = self._referrers(kept)
        if self.nocyc:
            while row is not None:
                referrers = referrers - self._kept(row)
                row = row.parent
        return referrers

    def generate(self, i: "int | None" = None) -> None:
        """Make the rows up to number i, or all of them."""
        make = self._make_row if self._pattern is None else self._take_row
        while not self.isfullygenerated and (i is None or len(self._made) <= i):
            self.isfullygenerated = not make()

    def _shown(self, row):
        return None if row is None else RefPatRow(self, row)

    @property
    def lines(self) -> "list[RefPatRow]":
        """The rows that have been made."""
        return [RefPatRow(self, row) for row in self._made]

    def get_row_indexed(self, i: int) -> RefPatRow:
        """Row number i, from the end if negative; IndexError when there is none."""
        self.generate(None if i < 0 else i)
        return RefPatRow(self, self._made[i])

    def get_row_named(self, name: str) -> RefPatRow:
        """The row of a name, long or short; ValueError when there is none."""
        path = path_of_name(name)
        at = 0
        while path is not None:
            self.generate(at)
            if at >= len(self._made):
                break
            if self._made[at].path == path:
                return RefPatRow(self, self._made[at])
            at += 1
        raise ValueError("Reference pattern has no row named %r" % (name,))

    def get_row(self, key: "int | str") -> RefPatRow:
        """The row of a number or a name."""
        return self.get_row_named(key) if isinstance(key, str) else self.get_row_indexed(key)

    def __getitem__(self, index: int) -> "IdentitySet":
        if not isinstance(index, int):
            raise TypeError("rows are indexed by int, not %s; rp.NAME is the set of a row" % type(index).__name__)
        return self.get_row_indexed(index).set

    def __getattr__(self, name: str) -> "IdentitySet":
        if path_of_name(name) is None or name.startswith("__"):
            raise AttributeError(name)
        try:
            return self.get_row_named(name).set
        except ValueError:
            raise AttributeError(name) from None

    def __iter__(self) -> "Iterator[IdentitySet]":
        at = 0
        while True:
            self.generate(at)
            if at >= len(self._made):
                return
            yield self._own_set(self._made[at])
            at += 1

    def __len__(self) -> int:
        self.generate()
        return len(self._made)

    def __bool__(self) -> bool:
        return True

    @property
    def kind(self) -> "UniSet":
        """The class of the set asked about."""
        return self.get_row_indexed(0).kind

    @property
    def totcount(self) -> int:
        """The number of objects of the set asked about."""
        return self.set.count

    @property
    def totsize(self) -> int:
        """Their size, in bytes."""
        return self.set.size

    @property
    def View(self):
        """The view of the session."""
        return self._session.View

    @property
    def mod(self):
        """The module of patterns, with its settings."""
        return self._session._parent.RefPat

    @property
    def help(self):
        """What there is to do with a pattern."""
        return HELP

    def iterlines(self, start: int = 0) -> "Iterator[str]":
        """The printed lines from number `start` on."""
        return self._lines_from(start)

    def paths(self, key, extended=True, andsets=(), variant=2):
        """How the objects of row `key` (a number or name) reach those of row 0, to be printed.

        andsets: what else the objects of rows must be in: {name: set}, or sets (None: no restriction) for the
        rows from that one upwards.  Raises ValueError for a key without row or too many sets, TypeError for
        andsets of another type.
        """
        return PatternPaths(self, self.get_row(key)._row, andsets)

    # What PagedLines asks

    def _page_size(self):
        return PAGE

    def _label(self):
        return self.er._pattern_label()

    def _lines_from(self, start):
        at = start
        while True:
            self.generate(at)
            if at >= len(self._made):
                return
            yield str(RefPatRow(self, self._made[at]))
            at += 1

    def _line_count(self, known):
        self.generate(known)
        return len(self._made) if self.isfullygenerated else None

    def _more_message(self, rest):
        return more_lines(rest)

    def _end_message(self):
        return ""


HELP = """rp[i], rp.NAME     the set of a row: rp.a3b or rp.aaab
rp.more, rp.all    the next page of lines; all of them
len(rp)            the number of rows, all of which are made
rp.paths(NAME)     how the objects of a row reach those of row 0
rp.reset()         begin again with the heap as it is now"""


def reference_pattern(
    set, depth=None, er=None, imdom=0, bf=0, src=None, stopkind=None, nocyc=False, ref=None
):
    """The reference pattern of an identity set (IdentitySet.get_rp)."""
    session = set._session
    depth = setting(session, "depth") if depth is None else depth
    line_length = setting(session, "line_length")
    if src is not None:
        session = session_at(node_set_argument(session, src))
    if er is None:
        er = setting(set._session, "er")
    elif isinstance(er, str):
        er = relation_named(session, er)
    find = finder(ref, imdom)
    return ReferencePattern(session, set, depth, er or session.Clodo, stopkind, nocyc, bf, find, line_length)


def relation_named(session, text):
    """The relation that S.by(text) uses."""
    some = session._root_set() or session.heap()._first()  # of nothing every relation is the same
    return some.by(text).er


def session_at(source):
    """A session of its own that sees only what some objects reach, through a tuple of them."""
    session = type(source._session)(source._session._hiding_tag_)
    session.View.root = tuple(source.nodes)
    return session


def finder(ref, imdom):
    """How the rows below a row are found: a function of sets of the snapshot, 'imdom' or None."""
    if ref is None:
        return "imdom" if imdom else None
    if ref == "imdom":
        return ref
    if ref in ("gc", "gcx"):
        from .View import referrers_gc

        return lambda s: referrers_gc(s, ref == "gcx")
    if callable(ref):
        return ref
    raise ValueError("ref should be 'gc', 'gcx', 'imdom', or a callable")

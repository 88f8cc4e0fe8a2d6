"""Shortest paths between sets of objects: counted, indexed, printed page by page.

The search is done, and what lies on a path is held, when the object is made; texts are made when they are
shown.
"""

from .._heapyc import NodeGraph, Paths, _hide_type
from .OutputHandling import PagedLines
from .Relations import make_relation, relation_of_all

TYPE_CHECKING = False  # which type checkers take for True
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._heapyc import IdentitySet

__all__ = ["Path", "ShortestGraph", "ShortestPaths", "paths_in", "paths_out", "shortest_paths"]

PATHS_AT_ONCE = 256  # that an iteration asks for


def node_set_argument(session, argument):
    """An identity set of the session for a set argument (P-2)."""
    from .UniSet import IdentitySet
    from .heapyc import NodeSet

    if not isinstance(argument, (IdentitySet, NodeSet)):
        raise TypeError("IdentitySet or NodeSet expected, got %r." % (type(argument),))
    if argument._hiding_tag_ is not session._hiding_tag_:
        raise ValueError(
            "The argument has wrong _hiding_tag_, you may convert it by Use.idset or Use.iso."
        )
    return session._from_nodes(argument)


def edge_list(edges):
    """The pairs of a NodeGraph or an iterable of pairs."""
    if isinstance(edges, NodeGraph):
        return list(edges)
    pairs = []
    for pair in edges:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("update: right argument must be sequence of 2-tuples")
        pairs.append(pair)
    return pairs


def shortest_paths(set, src=None, avoid_nodes=None, avoid_edges=()):
    """The shortest paths to the members of an identity set (IdentitySet.get_shpaths)."""
    session = set._session
    root = session._root_set()
    source = root if src is None else node_set_argument(session, src)
    avoid = session.Nothing if avoid_nodes is None else node_set_argument(session, avoid_nodes)
    # Another object that was made the root is no hp.Root: its paths begin at it, as they do from a set (H-23).
    is_root = src is None and session._begins_at_root()
    name = session._prefix + "Root" if is_root else None
    return ShortestPaths(session, source, set, avoid, edge_list(avoid_edges), name, src is None)


def paths_in(set):
    """The references to members of a set, from its referrers (IdentitySet.pathsin)."""
    return shortest_paths(set, set.referrers)


def paths_out(set):
    """The references of members of a set, to its referents (IdentitySet.pathsout)."""
    return shortest_paths(set.referents, set)


@_hide_type
class ShortestPaths(PagedLines):
    """All shortest paths between two sets of objects.

    `p.numpaths` is their number, `p[i]` one of them, str(p) a page of p.maxpaths of them, `p.more` the next.
    """

    __slots__ = ("_session", "_paths", "_source", "_avoid", "_avoided_edges", "_number", "_name", "maxpaths")

    def __init__(self, session, source, target, avoid, edges, name=None, from_root=False):
        self._session = session
        self._source = source
        self._avoid = avoid
        self._avoided_edges = edges
        self._paths = Paths(session, source, target, avoid, edges, from_root)
        self._number = None
        self._name = name or ("Src" if source.count == 1 else None)
        self.maxpaths: int = 10

    @property
    def srcname(self) -> str:
        """The text printed for the source: a name, or the pattern of one where each path has its own."""
        return self._name or "_str_of_src_"

    @property
    def numpaths(self) -> int:
        """The number of paths, however large."""
        if self._number is None:
            self._number = self._paths.number(None)
        return self._number

    def numpaths_from(self, S: "IdentitySet") -> int:
        """The number of paths that begin at a member of S."""
        return self._paths.number(node_set_argument(self._session, S))

    @property
    def sets(self) -> "tuple[IdentitySet, ...]":
        """The objects after 0, 1 ... steps: a tuple of identity sets."""
        length = self._paths.length
        return tuple(self._paths.level(i) for i in range(length + 1)) if length else ()

    @property
    def edges(self) -> "tuple[NodeGraph, ...]":
        """The references of the first, second ... steps: a tuple of NodeGraphs."""
        return tuple(self._graph(self._paths.level_edges(i)) for i in range(self._paths.length))

    @property
    def Src(self) -> "IdentitySet":
        """The sources at which a path begins."""
        return self._paths.level(0) if self._paths.length else self._session.Nothing

    @property
    def Dst(self) -> "IdentitySet":
        """The targets at which a path ends."""
        return self._paths.level(self._paths.length) if self._paths.length else self._session.Nothing

    def _graph(self, pairs):
        return NodeGraph(pairs, False, self._session._hiding_tag_)

    def _level_pairs(self, levels):
        pairs = []
        for level in levels:
            at = level + self._paths.length if level < 0 else level
            if not 0 <= at < self._paths.length:
                raise IndexError("tuple index out of range")
            pairs.extend(self._paths.level_edges(at))
        return pairs

    def edges_at(self, *levels: int) -> "NodeGraph":
        """One NodeGraph with the references of some levels; negative ones count from the last."""
        return self._graph(self._level_pairs(levels))

    def avoided(self, *levels: int) -> "ShortestPaths":
        """The shortest paths from Src to Dst that use no reference of some levels, nor what these avoided."""
        pairs = self._level_pairs(levels) + self._avoided_edges
        return ShortestPaths(self._session, self.Src, self.Dst, self._avoid, pairs)

    copy_but_avoid_edges_at_levels = avoided

    def depth(self):
        """None."""

    @property
    def mod(self):
        """The module of paths."""
        return self._session._parent.Path

    def _path(self, index, steps):
        return Path(self._session, index, steps, self._name)

    def __getitem__(self, index: int) -> "Path":
        if not isinstance(index, int):
            raise TypeError("paths are indexed by int, not %s; p.iter(i, j) gives several" % type(index).__name__)
        at = index + self.numpaths if index < 0 else index
        if not 0 <= at < self.numpaths:
            raise IndexError("path %d of %d" % (index, self.numpaths))
        return self._path(at, self._paths.list(at, 1)[0])

    def iter(self, start: int = 0, stop: "int | None" = None) -> "Iterator[Path]":
        """The paths from `start` (from the end if negative) up to `stop`."""
        number = self.numpaths
        end = number if stop is None else min(number, stop + number if stop < 0 else stop)
        at = max(0, start + number) if start < 0 else start
        while at < end:
            for steps in self._paths.list(at, min(PATHS_AT_ONCE, end - at)):
                yield self._path(at, steps)
                at += 1

    def __iter__(self) -> "Iterator[Path]":
        return self.iter()

    def aslist(self) -> "list[Path]":
        """All paths in a list."""
        return list(self)

    # What PagedLines asks

    def _page_size(self):
        return self.maxpaths

    def _lines_from(self, start):
        count = self.maxpaths + 1  # what a page shows; whoever goes on wants many
        while start < self.numpaths:
            yield from self._paths.lines(start, count, self._name)
            start += count
            count = PATHS_AT_ONCE

    def _line_count(self, shown):
        return self.numpaths

    def _more_message(self, rest):
        return "<... %d more paths ...>" % rest

    def _end_message(self):
        return "<No more paths>" if self.numpaths else ""


@_hide_type
class Path:
    """One path: objects and the relations between them."""

    __slots__ = ("_session", "_steps", "_name", "index")

    def __init__(self, session, index, steps, name):
        self._session = session
        self.index: int = index
        self._steps = steps
        self._name = name

    @property
    def src(self) -> "IdentitySet":
        """The set of the object at which it begins."""
        return self._steps.source

    @property
    def tgt(self) -> "IdentitySet":
        """The set of the object at which it ends."""
        return self._steps.target

    @property
    def path(self):
        """Set, relation, set, ..., set."""
        result = [self.src]
        for target, code, relator in self._steps.steps():
            result.append(make_relation(code, relator))
            result.append(target)
        return result

    @property
    def srcname(self) -> str:
        """The text printed for the source."""
        return self._name or self._steps.source_brief

    def types(self) -> "list[type]":
        """The types of the elements of `path`."""
        return [type(x) for x in self.path]

    def _text(self):
        return self._steps.text(self.srcname, True)

    def stra(self, safe: bool = True) -> str:
        """The relations of %s; safe=False shows keys at full length.  `p.stra() % name` names the source."""
        return self._steps.text(None, safe)

    def __len__(self) -> int:
        return len(self._steps)

    def __str__(self) -> str:
        return self.stra()

    def __repr__(self) -> str:
        return repr(self.stra())

    def __eq__(self, other):
        return str(self) == str(other)

    def __lt__(self, other):
        return str(self) < str(other)

    __hash__ = None


@_hide_type
class ShortestGraph:
    """Shortest paths to several sets; g[i] are those to the i-th."""

    __slots__ = ("_paths", "_name")

    def __init__(self, paths, name):
        self._paths = paths
        self._name = name

    def __len__(self):
        return len(self._paths)

    def __getitem__(self, index):
        return self._paths[index]

    def __repr__(self):
        blocks = []
        for i, paths in enumerate(self._paths):
            blocks.append("--- %s[%d] ---" % (self._name, i))
            text = str(paths)
            if text:
                blocks.append(text)
        return "\n".join(blocks)


def shpgraph(session, targets, src, srcname=None, dstname=None):
    """Shortest paths from a set to each of several sets (Path.shpgraph)."""
    source = node_set_argument(session, src)
    paths = [
        ShortestPaths(session, source, node_set_argument(session, t), session.Nothing, [], srcname)
        for t in targets
    ]
    return ShortestGraph(paths, dstname or "Dst")


def relations(session, src, tgt):
    """The relations that hold between two objects, each an object of its own (Path.relations)."""
    found = session._hv.relate(src, tgt)
    if src is tgt:
        return [make_relation(0, "")]
    return [make_relation(code, relator) for code, relators in enumerate(found) for relator in relators]


def relation(session, src, tgt):
    """The relation between two objects; one for all where several hold (Path.relation)."""
    return relation_of_all(relations(session, src, tgt))

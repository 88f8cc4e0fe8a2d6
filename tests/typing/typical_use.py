"""A page of typical use, for type checkers: it runs, and `mypy --strict` and `pyright` have nothing to say."""

import io
import sys
from typing import TYPE_CHECKING, Any

from guppy import hpy
from guppy.heapy.Dominators import DominatorTree
from guppy.heapy.Path import Path, ShortestPaths
from guppy.heapy.RefPat import ReferencePattern, RefPatRow
from guppy.heapy.UniSet import IdentitySet
from guppy.heapy.Why import Why

if TYPE_CHECKING:
    from typing_extensions import assert_type
else:

    def assert_type(value: Any, expected: Any) -> Any:
        return value


class Request:
    def __init__(self, number: int) -> None:
        self.number = number
        self.lines = ["line %d" % i for i in range(number)]


def answers_have_types_of_their_own() -> None:
    """What a checker knows of them and of what they give: not that it may be anything."""
    hp = hpy()
    kept = ["kept"]
    why, tree, paths, pattern = hp.why(kept), hp.dominators(), hp.iso(kept).sp, hp.iso(kept).rp
    assert_type(why, Why)
    assert_type(tree, DominatorTree)
    assert_type(paths, ShortestPaths)
    assert_type(pattern, ReferencePattern)
    assert_type(tree[0], DominatorTree)
    assert_type(tree[:2], list[DominatorTree])
    assert_type(tree[0].hangs + tree.as_json() + tree.as_csv(), str)
    assert_type(tree[0].retained + why.retained + paths.numpaths_from(hp.iso(kept)), int)
    assert_type(paths[0], Path)
    assert_type(why.path, "Path | None")
    assert_type(pattern.get_row(0), RefPatRow)
    assert_type(pattern[0] | why.set | paths.Dst, IdentitySet)
    assert_type([str(line) for line in pattern.iterlines()] + [path.stra() for path in paths], list[str])


def main() -> int:
    answers_have_types_of_their_own()
    hp = hpy()
    hp.setref()
    requests = [Request(i) for i in range(10)]

    heap = hp.heap()
    print(heap.bytype)
    print(heap.count, heap.size, heap[0].brief)
    for row in heap.bysize.partition.get_rows():
        print(row.count, row.size, row.name)

    lists = heap & list
    strings = (heap & str) | hp.iso("one more")
    both = lists | strings
    print(both.byrcs, both.referrers.bytype.more, (both - lists).count)
    print(hp.iso(*requests).dominos.size, hp.iso(requests[3]).shpaths, hp.iso(requests[3]).rp)
    print(requests[3] in heap, heap.kind, hp.Type(Request), hp.Size(56))

    before = heap.bytype.stat
    requests.append(Request(100))
    difference = hp.heap().bytype.stat - before
    print(difference, sum(row.size for row in difference.rows))
    sink = io.StringIO()
    before.dump(sink)
    sink.seek(0)
    print(hp.load(sink).size)

    snapshot = hp.snapshot()
    frozen = snapshot.heap()
    print(frozen.count, snapshot.why(requests[0]), hp.dominators()[0])
    print(hp.heapu(), hp.doc.heap)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A page of typical use, for type checkers: it runs, and `mypy --strict` and `pyright` have nothing to say."""

import io
import sys

from guppy import hpy


class Request:
    def __init__(self, number: int) -> None:
        self.number = number
        self.lines = ["line %d" % i for i in range(number)]


def main() -> int:
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

"""Prints what a session says of a heap of bench/, live and of the file, by the command that is to say the same.

Usage: answers_of_a_bench_heap.py HEAP FILE

It is a process of its own, so that hardly anything but that heap is in the file.
"""

import gc
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

from heaps import HEAPS  # noqa: E402

from guppy import hpy  # noqa: E402
from guppy.heapy import open_snapshot  # noqa: E402

OBJECTS = 1500


def some_of(heap):
    """The heap itself, what is in its midst, and what that refers to."""
    chosen = [heap]
    while len(chosen) < 4:
        inside = [o for o in gc.get_referents(chosen[-1]) if gc.get_referents(o) and o is not type(o) and not isinstance(o, type)]
        if not inside:
            break
        chosen.append(inside[len(inside) // 2])
    return [id(o) for o in chosen]


def answers(s, addresses, is_file):
    def text(answer):
        return str(answer).replace(s._prefix + "Root", "Root") + "\n"

    heap = s.heap()
    said = {"top FILE --by %s --all" % by: text(getattr(heap, "by" + by).all) for by in ("clodo", "type", "module", "size", "rcs", "unity")}
    said["top FILE --by id"] = text(heap.byid)
    said["top FILE --by via"] = text(heap.byvia)
    said["top FILE --by type&size"] = text(heap.by(s.Type & s.Size))
    said["top FILE --by type --retained --all"] = text(heap.bytype.byretained.all)
    said["top FILE --by id --type int"] = text((heap & s.Type(int)).byid)
    said["dominators FILE"] = text(s.dominators())
    rows = [[row.name, row.count, row.size] for row in heap.bytype.stat.get_rows()]
    # The object that stands for the root is in the file, and in no table of the session.
    counted = "SELECT%type,count,size%FROM%types%WHERE%count%AND%qualname<>'RootStateType'"
    said["sql %s FILE --all --json" % counted] = sorted(rows)
    for address in addresses:
        at, here = s.at(address), "FILE %#x" % address
        said["node " + here] = text(s.why(at if is_file else at.theone))  # the first lines
        said["paths %s --all" % here] = text(at.sp.all)
        said["pattern %s --depth 3" % here] = text(at.get_rp(depth=3))
        said["pattern %s --by type --imdom" % here] = text(at.get_rp(er=s.Type, imdom=True))
        for what in ("referrers", "referents"):
            said["%s %s --by clodo" % (what, here)] = text(getattr(at, what))
            said["%s %s --by id" % (what, here)] = text(getattr(at, what).byid)
    return said


def main():
    name, path = sys.argv[1:]
    heap = HEAPS[name](OBJECTS)
    gc.collect()
    s = hpy().snapshot()
    s.save(path, contents="values")
    addresses = some_of(heap)
    live = answers(s, addresses, False)
    with open_snapshot(path) as session:
        print(json.dumps([live, answers(session, addresses, True)]))


if __name__ == "__main__":
    main()

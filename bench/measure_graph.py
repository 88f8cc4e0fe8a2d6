"""One sample of the questions about the graph, in a process of its own: build a heap, measure, print JSON.

Usage: measure_graph.py HEAP OBJECTS QUESTION...

Runs under either guppy.  Times are in seconds, without those of garbage collections.  Every cold question comes
just after a collection, which drops what guppy3 keeps; heapy keeps nothing.  "kept" are the same questions to a
snapshot that was asked something before.
"""

import gc
import json
import sys

from heaps import HEAPS
from timing import timed

from guppy import hpy

hp = hpy()
IS_HEAPY = hasattr(hp, "snapshot")


def one_of(name, keep):
    """An object in the middle of the heap."""
    if name == "chain":
        link = keep
        for _ in range(len_of_chain(keep) // 2):
            link = link[0]
        return link
    if name == "fan":
        return next(iter(keep.values()))
    if name == "instances":
        return keep[0][len(keep[0]) // 2]
    return keep[len(keep) // 2]


def len_of_chain(link):
    count = 0
    while link:
        link = link[0]
        count += 1
    return count


def questions(row, one, heap):
    """What is measured: of the largest row of the table, of one object, of the whole."""
    return {
        "referrers": lambda: row.referrers,
        "byrcs": lambda: str(row.byrcs),
        "rp": lambda: str(row.rp),
        "sp": lambda: str(row.byid[0].sp),
        "imdom": lambda: one.imdom,
        "domisize": lambda: row.domisize,
        "dominos": lambda: row.dominos,
        "byvia": lambda: str(row.byvia),
        "rows": lambda: heap._retained_rows() if IS_HEAPY else [part.domisize for part in heap.parts],
    }


def warm_up():
    """One-time work is not what is measured."""
    small = [[i] for i in range(10)]
    s = hp.iso(small)
    for ask in questions(s, s, s).values():
        ask()
    if IS_HEAPY:
        snapshot = hp.snapshot()
        s = snapshot.iso(small)
        for ask in questions(s, s, s).values():
            ask()


def measure(prefix, asked, sample, names):
    for name in names:
        gc.collect()
        _, sample[prefix + name] = timed(asked[name])


def main():
    name, objects, names = sys.argv[1], int(float(sys.argv[2])), sys.argv[3:]
    warm_up()
    keep = HEAPS[name](objects)
    gc.collect()
    h = hp.heap()
    one = hp.iso(one_of(name, keep))
    row = h[0]
    sample = {"objects": h.count, "row": row.count}
    measure("", questions(row, one, h), sample, names)
    if IS_HEAPY:
        gc.collect()
        snapshot, sample["snapshot"] = timed(hp.snapshot)
        moment = snapshot.moment
        sample["edges"] = moment.edge_count
        kept = snapshot.heap()
        _, sample["referrer graph"] = timed(lambda: snapshot.iso(keep).referrers)
        _, sample["dominators"] = timed(lambda: moment.total)
        _, sample["levels of paths"] = timed(lambda: snapshot.iso(keep).sp)
        row = snapshot._from_nodes(row.nodes)
        measure("kept ", questions(row, snapshot._from_nodes(one.nodes), kept), sample, names)
        sample["bytes"] = moment.kept_bytes
    json.dump(sample, sys.stdout)


main()

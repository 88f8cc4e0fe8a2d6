"""One sample, in a process of its own: build a heap, measure, print JSON.

Usage: measure.py HEAP OBJECTS

Runs under either guppy.  Times are in seconds, memory in bytes: the growth of the process's high-water mark
over what was resident before.
"""

import gc
import json
import sys
import time

from heaps import HEAPS

from guppy import hpy


def status(field):
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    raise KeyError(field)


class Peak:
    """How far memory rises above what is resident on entering."""

    def __enter__(self):
        with open("/proc/self/clear_refs", "w") as f:
            f.write("5")  # resets the high-water mark: proc(5)
        self.before = status("VmRSS")
        return self

    def __exit__(self, *exception):
        self.bytes = status("VmHWM") - self.before


def timed(function):
    begin = time.perf_counter()
    result = function()
    return result, time.perf_counter() - begin


def main():
    name, objects = sys.argv[1], int(float(sys.argv[2]))
    hp = hpy()
    str(hp.heap())  # one-time work is not what is measured
    keep = HEAPS[name](objects)
    gc.collect()
    sample = {"gc": sorted(timed(gc.collect)[1] for _ in range(3))[1]}

    with Peak() as peak:
        heap, sample["heap"] = timed(hp.heap)
    sample["heap_peak"] = peak.bytes
    with Peak() as table_peak:
        _, seconds = timed(lambda: str(heap))
    sample["table"] = sample["heap"] + seconds
    kept = table_peak.before - peak.before
    sample["table_peak"] = max(peak.bytes, kept + table_peak.bytes)
    sample["objects"] = heap.count
    del heap

    if hasattr(hp, "_capture_graph"):
        gc.collect()
        with Peak() as peak:
            graph, sample["graph"] = timed(hp._capture_graph)
        sample["graph_peak"] = peak.bytes
        sample["graph_kept"] = graph.kept_bytes
        sample["edges"] = graph.edge_count
        graph.validate()
    json.dump(sample, sys.stdout)
    return keep


if __name__ == "__main__":
    main()

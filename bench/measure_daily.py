"""One sample of the daily questions, in a process of its own: build a heap, measure, print JSON.

Usage: measure_daily.py HEAP OBJECTS

Runs under either guppy.  Times are in seconds; the collector's own time is taken off where the question
collects.
"""

import gc
import json
import os
import shutil
import sys
import tempfile
import time

from heaps import HEAPS
from timing import timed

begin = time.perf_counter()
from guppy import hpy  # noqa: E402

hp = hpy()
started = time.perf_counter() - begin


def main():
    name, objects = sys.argv[1], int(float(sys.argv[2]))
    str(hp.heap())  # one-time work is not what is measured
    for by in ("bytype", "bymodule", "bysize", "byid"):
        str(getattr(hp.iso(1, "a"), by))
    hp.setref()
    hp.setref(hp.Nothing, hp.Nothing)
    keep = HEAPS[name](objects)
    gc.collect()
    sample = {"start": started}
    heap = hp.heap()
    sample["objects"] = heap.count
    for by in ("byclodo", "bytype", "bymodule", "bysize", "byid"):
        gc.collect()
        _, sample[by] = timed(lambda: str(getattr(heap, by)))
    again = hp.heap()
    gc.collect()
    _, sample["difference"] = timed(lambda: again - heap)
    gc.collect()
    _, sample["stat"] = timed(lambda: again.stat)
    # In memory where there is such a folder: the disk is not what is measured.
    path = os.path.join(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None), "x.hpy")
    gc.collect()
    _, sample["dump and load"] = timed(lambda: (heap.dump(path), str(hp.load(path))))
    shutil.rmtree(os.path.dirname(path))
    del heap, again
    gc.collect()
    _, sample["heapu"] = timed(hp.heapu)
    gc.collect()

    def relative():
        hp.setref()
        new = [object() for _ in range(1000)]
        return hp.heap(), new

    _, sample["setref and heap"] = timed(relative)
    json.dump(sample, sys.stdout)
    return keep


main()

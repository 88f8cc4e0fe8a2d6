"""One sample of the algebra of sets, in a process of its own: build a heap, measure, print JSON.

Usage: measure_algebra.py HEAP OBJECTS

Runs under either guppy.  Times are in seconds.
"""

import gc
import json
import sys

from heaps import HEAPS
from timing import timed

from guppy import hpy

hp = hpy()


def main():
    name, objects = sys.argv[1], int(float(sys.argv[2]))
    str(hp.heap())  # one-time work is not what is measured
    few = hp.iso(1, "a")
    str(few.bytype), str(few.bymodule), few & hp.Type(str) & ~hp.Size(50)
    keep = HEAPS[name](objects)
    gc.collect()
    h = hp.heap()
    h2 = hp.heap()
    sample = {"objects": h.count}
    size = hp.iso("name 1").size
    for text, question in (
        ("h & hp.Type(dict)", lambda: h & hp.Type(dict)),
        ("h - h2", lambda: h - h2),
        ("h | h2", lambda: h | h2),
        ("h ^ h2", lambda: h ^ h2),
        ("h.bytype", lambda: str(h.bytype)),
        ("h.bymodule", lambda: str(h.bymodule)),
        ("h & (hp.Type(str) & ~hp.Size(n))", lambda: h & (hp.Type(str) & ~hp.Size(size))),
    ):
        gc.collect()
        _, sample[text] = timed(question)
    json.dump(sample, sys.stdout)
    return keep


main()

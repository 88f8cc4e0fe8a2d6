"""heap() without a GIL beside heap() with one: nanoseconds of CPU time per object, and how many times as long.

    python bench/measure_free_threaded.py --gil PYTHON3.13 --free PYTHON3.13t [--objects N] [--rounds N]

Both have the package installed.  Each heap is built in a process of each interpreter, in turn, three times over; what is
shown is the fastest look of all, by the CPU time of the thread that looks, so that a machine with other work to do
measures the same.
"""

import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROCESSES = 3
LOOK = """
import gc, json, sys, time
sys.path.insert(0, sys.argv[3])
import heaps
from guppy import hpy
keep = heaps.HEAPS[sys.argv[1]](int(sys.argv[2]))
gc.collect()
hp, best, what = hpy(), {}, {
    "heap": lambda: hp.heap(),
    "printed": lambda: str(hp.heap()),
}
count = hp.heap().count
for name, look in what.items():
    times = []
    for _ in range(int(sys.argv[4])):
        begun = time.thread_time_ns()
        answer = look()
        times.append(time.thread_time_ns() - begun)
        del answer
    best[name] = min(times) / count
print(json.dumps(best))
"""


def look(python, heap, objects, rounds):
    arguments = [python, "-c", LOOK, heap, str(objects), HERE, str(rounds)]
    return json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


def main():
    sys.path.insert(0, HERE)
    import heaps

    parser = argparse.ArgumentParser()
    parser.add_argument("--gil", required=True)
    parser.add_argument("--free", required=True)
    parser.add_argument("--objects", type=int, default=10**6)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    print("| heap | `heap()`, with GIL | without | times | printed, with GIL | without | times |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for heap in heaps.HEAPS:
        found = {"gil": [], "free": []}
        for _ in range(PROCESSES):
            for which in found:
                found[which].append(look(getattr(arguments, which), heap, arguments.objects, arguments.rounds))
        cells = []
        for name in ("heap", "printed"):
            gil, free = (min(each[name] for each in found[which]) for which in ("gil", "free"))
            cells += ["%.1f" % gil, "%.1f" % free, "%.2f" % (free / gil)]
        print("| %s | %s |" % (heap, " | ".join(cells)), flush=True)


if __name__ == "__main__":
    main()

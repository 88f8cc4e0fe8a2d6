"""Snapshots in files, in a process of its own: build a heap, measure, print JSON.

Usage: measure_snapshot_file.py HEAP OBJECTS [CONTENTS]

    pause      the longest gap of a thread that ticks, while a forked snapshot is taken, over that of os.fork() alone
    whole      a forked snapshot, until the file is on disk, over hp.snapshot() in memory; the copy lets others go first
    processor  the same of processor time
    file       bytes an object on disk, compressed and not
    child      bytes an object that the copy of the process takes for itself; when what it writes is packed
    parent     bytes that the process grows by
    open       opening the file and its first table, over hp.heap() and its table
    threads    the same of all that a file has, checked, by one thread over as many as there are processors

Times are the best of three in one run, so that they can be compared with each other, and with nothing else.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from heaps import HEAPS
from measure import Peak, timed

import guppy
from guppy import hpy
from guppy.heapy import open_snapshot

ROUNDS = 3


class Ticker:
    """The longest time between two ticks of a thread."""

    def __enter__(self):
        self.is_done = False
        self.longest = 0.0
        self.thread = threading.Thread(target=self.tick)
        self.thread.start()
        time.sleep(0.1)
        self.longest = 0.0
        return self

    def tick(self):
        last = time.perf_counter()
        while not self.is_done:
            time.sleep(0.0005)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last)
            last = now

    def __exit__(self, *exception):
        time.sleep(0.05)
        self.is_done = True
        self.thread.join()


def fork_alone():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def longest_gap(function):
    gaps = []
    for _ in range(ROUNDS):
        with Ticker() as ticker:
            function()
        gaps.append(ticker.longest)
    return min(gaps)


class ChildWatch:
    """The most that a copy of this process had for itself, beside what is shared with it.

    Who watches is another process: the pages that a thread of this one writes would be counted as the copy's.
    """

    WATCHER = """
import os, sys, time
watched, most = int(sys.argv[1]), 0
print("watching", flush=True)
while os.getppid() == watched and not os.path.exists(sys.argv[2]):
    for task in os.listdir("/proc/%d/task" % watched):
        try:
            with open("/proc/%d/task/%s/children" % (watched, task)) as file:
                children = [child for child in file.read().split() if int(child) != os.getpid()]
            for child in children:
                with open("/proc/%s/smaps_rollup" % child) as file:
                    lines = dict(line.split()[:2] for line in file if line.endswith(" kB\\n"))
                most = max(most, int(lines["Private_Dirty:"]) * 1024)
        except (OSError, KeyError, ValueError):
            pass
    time.sleep(0.0005)
print(most)
"""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.end = os.path.join(self.folder.name, "end")
        arguments = [sys.executable, "-c", self.WATCHER, str(os.getpid()), self.end]
        self.watcher = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        self.watcher.stdout.readline()
        return self

    def __exit__(self, *exception):
        with open(self.end, "w"):
            pass
        self.most = int(self.watcher.communicate()[0])
        self.folder.cleanup()


def own_memory(function):
    """The most of some runs, since a copy that is quick may be looked at before it has the most."""
    most = 0
    for _ in range(ROUNDS):
        with ChildWatch() as watch:
            function()
        most = max(most, watch.most)
    return most


def processor(function):
    """Seconds of processor time, also of a copy of this process."""
    before = os.times()
    function()
    return sum(os.times()[:4]) - sum(before[:4])


def first_table(path):
    with open_snapshot(path) as session:
        return str(session.heap())


def check(path, threads):
    command = os.path.join(os.path.dirname(guppy.__file__), "..", "..", "..", "..", "bin", "heapy")
    environment = dict(os.environ, HEAPY_THREADS=threads) if threads else None
    subprocess.run([command, "check", "-q", path], env=environment, check=True, stdout=subprocess.DEVNULL)


def main():
    name, objects = sys.argv[1], int(float(sys.argv[2]))
    contents = sys.argv[3] if len(sys.argv) > 3 else "names"
    hp = hpy()
    keep = HEAPS[name](objects)
    gc.collect()
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "heap.heapy")

    def write(**options):
        return hp.snapshot(path, contents=contents, **options)

    write()  # one-time work is not what is measured
    count = hp.snapshot().moment.count
    sample = {"count": count}
    sample["pause"] = longest_gap(write) / longest_gap(fork_alone)
    forked = min(timed(write)[1] for _ in range(ROUNDS))
    in_memory = min(timed(hp.snapshot)[1] for _ in range(ROUNDS))
    sample["whole"] = forked / in_memory
    sample["processor"] = min(processor(write) for _ in range(ROUNDS)) / min(processor(hp.snapshot) for _ in range(ROUNDS))
    sample["file"] = os.path.getsize(path) / count
    live = min(timed(lambda: str(hp.heap()))[1] for _ in range(ROUNDS))
    sample["open"] = min(timed(lambda: first_table(path))[1] for _ in range(ROUNDS)) / live
    by_one, by_all = (min(timed(lambda: check(path, threads))[1] for _ in range(ROUNDS)) for threads in ("1", ""))
    sample["threads"] = by_one / by_all
    with Peak() as peak:
        write()
    sample["parent"] = peak.bytes
    sample["packed_child"] = own_memory(write) / count
    sample["child"] = own_memory(lambda: write(compress=None)) / count
    sample["plain_file"] = os.path.getsize(path) / count
    os.unlink(path)
    os.rmdir(folder)
    del keep
    print(json.dumps({key: round(value, 3) for key, value in sample.items()}))


if __name__ == "__main__":
    main()

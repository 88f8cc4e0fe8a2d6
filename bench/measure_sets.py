"""One sample of guppy.sets, in a process of its own; prints JSON.

Usage: measure_sets.py TOOL

TOOL is "guppy.sets", of whichever guppy is installed, or "set", Python's own.  Times are in seconds; each is the
least of several.
"""

import json
import random
import sys
from time import perf_counter

MEMBERS = 10**6
DENSE = range(MEMBERS)
DENSE_TOO = range(MEMBERS // 2, MEMBERS + MEMBERS // 2)
SPARSE = range(0, MEMBERS * 977, 977)
SPARSE_TOO = range(0, MEMBERS * 977, 2 * 977)
PROBES = [random.Random(0).randrange(MEMBERS * 977) for _ in range(10**5)]


def least(call, times=7):
    found = []
    for _ in range(times):
        start = perf_counter()
        call()
        found.append(perf_counter() - start)
    return min(found)


def count_members(s):
    return sum(x in s for x in PROBES)


def consume(s):
    for _ in s:
        pass


def add_all(make, members):
    s = make()
    for x in members:
        s.add(x)
    return s


def measure_operations(prefix, a, b, found):
    found[prefix + "union"] = least(lambda: a | b)
    found[prefix + "intersection"] = least(lambda: a & b)
    found[prefix + "difference"] = least(lambda: a - b)
    found[prefix + "iteration"] = least(lambda: consume(a), 3)


def main():
    found = {}
    if sys.argv[1] == "set":
        make = make_mutable = make_nodes = set
    else:
        from guppy.sets import immbitset as make
        from guppy.sets import immnodeset as make_nodes
        from guppy.sets import mutbitset as make_mutable
    for name, first, second in (("dense ", DENSE, DENSE_TOO), ("sparse ", SPARSE, SPARSE_TOO)):
        found[name + "building"] = least(lambda: make(first), 3)
        a, b = make(first), make(second)
        measure_operations(name, a, b, found)
        found[name + "membership"] = least(lambda: count_members(a))
        found[name + "adding one by one"] = least(lambda: add_all(make_mutable, first), 3)
    found["adding at random"] = least(lambda: add_all(make_mutable, PROBES), 3)
    objects = [[] for _ in range(MEMBERS)]
    if sys.argv[1] == "set":
        objects = [object() for _ in range(MEMBERS)]  # lists have no hash
    found["nodes building"] = least(lambda: make_nodes(objects), 3)
    a, b = make_nodes(objects), make_nodes(objects[::2])
    measure_operations("nodes ", a, b, found)
    found["nodes membership"] = least(lambda: sum(x in a for x in objects[:100000]))
    json.dump(found, sys.stdout)


main()

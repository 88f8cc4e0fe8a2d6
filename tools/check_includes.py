#!/usr/bin/env python3
"""Check that #include lines go one way between the rooms of the house (docs/architecture.md).

    src: base <- graph <- snapshot <- sets <- analysis <- show
    python/ext: cpython <- capture <- types, which see include/heapy; python/ext/sets and tests see that alone

Prints each wrong line and exits with 1 when there is any.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# room -> rooms whose private headers it may include, and public headers it may not
ROOMS = {
    "src/base": {"src/base"},
    "src/graph": {"src/graph", "src/base"},
    "src/snapshot": {"src/snapshot", "src/graph", "src/base"},
    "src/sets": {"src/sets", "src/snapshot", "src/graph", "src/base"},
    "src/analysis": {"src/analysis", "src/sets", "src/snapshot", "src/graph", "src/base"},
    "src/show": {"src/show", "src/analysis", "src/sets", "src/snapshot", "src/graph", "src/base"},
    "python/ext/cpython": {"python/ext/cpython"},
    "python/ext/capture": {"python/ext/capture", "python/ext/cpython", "python/ext/types"},
    "python/ext/types": {"python/ext/types", "python/ext/capture", "python/ext/cpython"},
    "python/ext/sets": {"python/ext/sets"},
    "tests/unit": {"tests/unit"},
    "include/heapy": set(),
}

# The room each public header belongs to: a room includes its own and those below.
PUBLIC = {
    "status.h": "src/base",
    "memory.h": "src/base",
    "testing.h": "src/base",
    "address_map.h": "src/base",
    "progress.h": "src/base",
    "graph.h": "src/graph",
    "referrers.h": "src/graph",
    "node_set.h": "src/graph",
    "dominators.h": "src/graph",
    "reach.h": "src/graph",
    "retained_rows.h": "src/graph",
    "shortest_paths.h": "src/graph",
    "bit_set.h": "src/sets",
    "kind.h": "src/sets",
    "referrer_sets.h": "src/sets",
    "classify.h": "src/analysis",
    "incremental_sort.h": "src/analysis",
    "stat.h": "src/analysis",
    "partition.h": "src/analysis",
    "profile.h": "src/analysis",
    "table.h": "src/analysis",
    "table_text.h": "src/show",
    "kind_text.h": "src/show",
    "heapy.h": "src/show",
}
GENERATED = {"heapyc_docs.h", "setsc_docs.h"}
# Only these may ask CPython for its internals.
INTERNALS = re.compile(r"python/ext/(capture/.*|cpython/.*|types/module\.c)$")


def problems():
    for room, allowed in ROOMS.items():
        for path in sorted((ROOT / room).glob("*.[ch]")):
            name = path.relative_to(ROOT).as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
                if not match:
                    continue
                quoted, target = match.group(1) == '"', match.group(2)
                where = "%s:%d: " % (name, number)
                if target.startswith("heapy/"):
                    header = target[len("heapy/") :]
                    if header not in PUBLIC:
                        yield where + "%s is not listed in tools/check_includes.py" % target
                    elif room.startswith("src/") and PUBLIC[header] not in allowed:
                        yield where + "%s may not see %s of %s" % (room, target, PUBLIC[header])
                elif quoted and target not in GENERATED:
                    base = ROOT / "python/ext" if "/" in target and room.startswith("python/ext") else path.parent
                    found = (base / target).resolve()
                    if not found.exists():
                        yield where + "%s does not exist" % target
                    elif found.parent.relative_to(ROOT).as_posix() not in allowed:
                        yield where + "%s may not see %s" % (room, found.relative_to(ROOT))
                    if target.startswith("cpython/") and not INTERNALS.match(name):
                        yield where + "only capture may see cpython/"
                elif target.startswith("internal/") and not name.startswith("python/ext/cpython/"):
                    yield where + "only cpython/ may see CPython's internals"


def main():
    found = list(problems())
    for problem in found:
        print(problem)
    files = [p.name for room in ROOMS for p in (ROOT / room).glob("*.c")]
    for name in sorted({n for n in files if files.count(n) > 1}):
        print("two files are called", name)
        found.append(name)
    sys.exit(1 if found else 0)


main()

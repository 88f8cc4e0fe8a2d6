#!/usr/bin/env python3
"""Check the walls of the house (docs/architecture.md).

    src: base <- graph <- snapshot <- sets <- analysis <- show
    src/cli sees include/heapy
    python/ext: cpython <- capture <- live <- types and cpython <- sets, which see include/heapy; cpython <- package
    tests/unit see include/heapy, tests/fuzz the layout of files too

- #include lines go the way of these arrows, and nothing but cpython/, capture/ and live/ sees CPython's internals.
- No two files of C have one name.
- Only cpython/ tests which version of CPython it is built for.
- Only capture/ and live/ turn an address into an object.
- Addresses of objects that others hold are lent as objects by those in MAY_LEND alone.
- capture/ calls nothing of Python's but what only looks: LOOKS.
- heapy.h includes every public header but testing.h, and include/meson.build installs them all.

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
    "src/cli": {"src/cli"},
    "python/ext/cpython": {"python/ext/cpython"},
    "python/ext/capture": {"python/ext/capture", "python/ext/cpython"},
    "python/ext/live": {"python/ext/live", "python/ext/capture", "python/ext/cpython"},
    "python/ext/types": {"python/ext/types", "python/ext/live", "python/ext/capture", "python/ext/cpython"},
    "python/ext/sets": {"python/ext/sets", "python/ext/cpython"},
    "python/ext/package": {"python/ext/cpython"},
    "tests/unit": {"tests/unit"},
    "tests/fuzz": {"tests/fuzz", "tests/unit", "src/snapshot", "src/base"},
    "include/heapy": set(),
}

# The room each public header belongs to: a room includes its own and those below.
PUBLIC = {
    "status.h": "src/base",
    "memory.h": "src/base",
    "testing.h": "src/base",
    "address_map.h": "src/base",
    "progress.h": "src/base",
    "threads.h": "src/base",
    "graph.h": "src/graph",
    "referrers.h": "src/graph",
    "node_set.h": "src/graph",
    "dominators.h": "src/graph",
    "path_levels.h": "src/graph",
    "reach.h": "src/graph",
    "retained_rows.h": "src/graph",
    "shortest_paths.h": "src/graph",
    "snapshot.h": "src/snapshot",
    "questions.h": "src/snapshot",
    "reference.h": "src/snapshot",
    "snapshot_file.h": "src/snapshot",
    "snapshot_paths.h": "src/snapshot",
    "bit_set.h": "src/sets",
    "classifier.h": "src/sets",
    "kind.h": "src/sets",
    "referrer_sets.h": "src/sets",
    "classify.h": "src/analysis",
    "id_table.h": "src/analysis",
    "incremental_sort.h": "src/analysis",
    "stat.h": "src/analysis",
    "partition.h": "src/analysis",
    "pattern.h": "src/analysis",
    "profile.h": "src/analysis",
    "table.h": "src/analysis",
    "arrow.h": "src/show",
    "branches.h": "src/show",
    "path_text.h": "src/show",
    "pattern_text.h": "src/show",
    "table_json.h": "src/show",
    "table_text.h": "src/show",
    "kind_text.h": "src/show",
    "set_brief.h": "src/show",
    "why_text.h": "src/show",
    "heapy.h": "src/show",
}
GENERATED = {"heapyc_docs.h", "setsc_docs.h"}
# What asks CPython for no internals may be seen by all of the extensions.
WITHOUT_INTERNALS = {"cpython/module_support.h"}
SEES_INTERNALS = ("python/ext/cpython/", "python/ext/capture/", "python/ext/live/")

# Files that say of addresses that somebody holds the objects there: the live heap, where the set that is asked about
# does; a set whose objects another one holds; a set of bits, which holds its own.
MAY_LEND = {
    "python/ext/types/source_live.c",
    "python/ext/types/type_live_objects.c",
    "python/ext/types/node_set_members.c",
}
LENDS = "capture_lent"
TURNS = "object_at_address"
ADDRESS_FUNCTIONS = {"heapy_address_map_select", "heapy_address_iterator_next"}


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
                    elif room == "src/cli":
                        if header == "testing.h":
                            yield where + "the command is no test"
                    elif room.startswith("src/") and PUBLIC[header] not in allowed:
                        yield where + "%s may not see %s of %s" % (room, target, PUBLIC[header])
                elif quoted and target not in GENERATED:
                    base = ROOT / "python/ext" if "/" in target and room.startswith("python/ext") else path.parent
                    found = (base / target).resolve()
                    if not found.exists():
                        yield where + "%s does not exist" % target
                    elif found.parent.relative_to(ROOT).as_posix() not in allowed:
                        yield where + "%s may not see %s" % (room, found.relative_to(ROOT))
                    if (
                        target.startswith("cpython/")
                        and target not in WITHOUT_INTERNALS
                        and not name.startswith(SEES_INTERNALS)
                    ):
                        yield where + "only capture/ and live/ may see CPython's layouts"
                elif target.startswith("internal/") and not name.startswith("python/ext/cpython/"):
                    yield where + "only cpython/ may see CPython's internals"


def missing_headers():
    """Public headers that a user of the library would not get."""
    headers = {path.name for path in (ROOT / "include/heapy").glob("*.h")}
    included = set(re.findall(r'#include "heapy/([^"]+)"', (ROOT / "include/heapy/heapy.h").read_text()))
    installed = set(re.findall(r"'heapy/([^']+)'", (ROOT / "include/meson.build").read_text()))
    for name in sorted(headers - included - {"heapy.h", "testing.h"}):
        yield "include/heapy/heapy.h does not include %s" % name
    for name in sorted(headers - installed):
        yield "include/meson.build does not install %s" % name
    if "testing.h" in included:
        yield "include/heapy/heapy.h includes testing.h, which is for tests"


def code_of(path):
    """The text of a C file with comments and strings blanked, line by line as it was."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group())
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank, path.read_text(), flags=re.S)


def version_tests():
    for path in sorted((ROOT / "python/ext").glob("*/*.[ch]")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("python/ext/cpython/"):
            continue
        for number, line in enumerate(code_of(path).splitlines(), 1):
            if re.search(r"\bPY_(VERSION_HEX|MINOR_VERSION)\s*[<>=!]|[<>=!]\s*PY_(VERSION_HEX|MINOR_VERSION)", line):
                yield "%s:%d: only python/ext/cpython may ask which version of CPython this is" % (name, number)


def collector_calls():
    """Who holds the world still is one file; a second could let it go while the first still looks."""
    for path in sorted((ROOT / "python/ext").glob("*/*.[ch]")):
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(code_of(path).splitlines(), 1):
            if name != "python/ext/live/world.c" and re.search(r"\bPyGC_(Enable|Disable|Collect)\b", line):
                yield "%s:%d: the collector is stopped, started and called in live/world.c alone" % (name, number)


def questions_of_moment():
    """What is done with a live heap, one that is kept or one of a file, is a word of its source."""
    allowed = ("source", "type_session", "session_heap")  # where a session is made, and its member
    for path in sorted((ROOT / "python/ext/types").glob("*.c")):
        if path.name.startswith(allowed):
            continue
        for number, line in enumerate(code_of(path).splitlines(), 1):
            if re.search(r"->moment\b(?!\()|\b(live|kept|file)_source\b", line):
                yield "python/ext/types/%s:%d: only sources know of a session's moment" % (path.name, number)


# What capture/ may call of Python: macros and functions that read, make nothing, and change no reference count.
LOOKS = re.compile(
    r"Py_(TYPE|SIZE|REFCNT|IS_TYPE)$"
    r"|Py(Bool|Cell|Dict|Frame|Type|Unicode|Weakref|Tuple|List)_(Check\w*|HasFeature|GET\w*|IS_\w*|DATA|READ_CHAR)$"
    r"|PyDescr_TYPE$|PyInterpreterState_(Next|ThreadHead)$|PyThreadState_(Next|GetID)$|PyOS_snprintf$"
    r"|Py_UNICODE_ISPRINTABLE$"
)


def calls_of_python():
    for path in sorted((ROOT / "python/ext/capture").glob("*.[ch]")):
        for number, line in enumerate(code_of(path).splitlines(), 1):
            for called in re.findall(r"\b(_?Py[A-Z]?\w*)\s*\(", line):
                if not LOOKS.match(called):
                    yield "%s:%d: capture only looks, and %s is not known to do that" % (
                        path.relative_to(ROOT).as_posix(),
                        number,
                        called,
                    )


def statement_around(code, at):
    """From the last end of a statement or block before `at` to the next one."""
    start = max(code.rfind(end, 0, at) for end in ";{}") + 1
    end = min([code.find(c, at) for c in ";{}" if code.find(c, at) >= 0] or [len(code)])
    return code[start:end]


def turned_addresses():
    """Casts of what is declared as uintptr_t (or returned so) to a pointer.  A pointer to be printed is none."""
    cast = re.compile(r"\((?:const )?(?:void|Py\w*) \*(?:const )?\)")
    for path in sorted((ROOT / "python/ext").glob("*/*.[ch]")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(SEES_INTERNALS):
            continue
        code = code_of(path)
        addresses = set(re.findall(r"\buintptr_t \*?(?:const )?(\w+)", code)) | ADDRESS_FUNCTIONS
        for match in cast.finditer(code):
            operand = re.match(r"[\s(]*(?:\((?:void|const void) \*\))?(?:\w+->|\w+\.)*(\w+)", code[match.end() :])
            if not operand or not (operand.group(1) in addresses or operand.group(1) == "uintptr_t"):
                continue
            if match.group() == "(void *)" and re.search(r"Format|printf|prefetch", statement_around(code, match.start())):
                continue
            yield "%s:%d: an address becomes an object; that is %s()" % (
                name,
                code.count("\n", 0, match.start()) + 1,
                TURNS,
            )
        calls = re.search(r"\b%s\(" % TURNS, code)
        if calls:
            yield "%s:%d: only capture/ and live/ turn an address into an object" % (
                name,
                code.count("\n", 0, calls.start()) + 1,
            )
        lends = re.search(r"\b%s\(" % LENDS, code)
        if lends and name not in MAY_LEND:
            yield "%s:%d: who says that objects are at addresses is listed in MAY_LEND" % (
                name,
                code.count("\n", 0, lends.start()) + 1,
            )
        if name in MAY_LEND and not lends:
            yield "%s lends no objects any more: take it off MAY_LEND in tools/check_includes.py" % name


def names_twice():
    files = [p.name for room in ROOMS for p in (ROOT / room).glob("*.[ch]")]
    for name in sorted({n for n in files if files.count(n) > 1}):
        yield "two files are called %s" % name


def main():
    found = [
        *problems(),
        *missing_headers(),
        *names_twice(),
        *version_tests(),
        *calls_of_python(),
        *collector_calls(),
        *questions_of_moment(),
        *turned_addresses(),
    ]
    for problem in found:
        print(problem)
    sys.exit(1 if found else 0)


main()

"""The command beside the live session, in a process of its own: build a heap, measure, print JSON.

Usage: measure_command.py HEAP OBJECTS [COMMAND]

COMMAND is the program `heapy`; without it the one that is installed is taken.

    top          `heapy top FILE`, start of the process included, over hp.heap() and its table
    retained     `heapy top --retained --by type FILE` over hp.snapshot().dominators()
    memory       the most anonymous memory of `heapy dominators`, on a file that is not compressed, over 32 bytes an
                 object and 4 a reference
    indexed      the same with an index, bytes an object
    address, node, source, target
                 milliseconds of one look-up in SQL, once the file is open
    group        `SELECT type, count(*), sum(size) ... GROUP BY type`, start of the process included, over the same on
                 an ordinary table of SQLite that holds these rows
    info         milliseconds of `heapy info FILE`
    chrome       seconds of `heapy export chrome` for each 1e6 objects

Times are the best of some in one run, in turns where two are compared.
"""

import gc
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from heaps import HEAPS
from measure import timed

from guppy import hpy

ROUNDS = 5
LOOKUPS = 2000


def best_in_turns(*functions):
    """The best time of each."""
    return [min(times) for times in zip(*([timed(function)[1] for function in functions] for _ in range(ROUNDS)))]


class Command:
    def __init__(self, program):
        self.program = program

    def __call__(self, *arguments):
        result = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True)
        if result.returncode:
            sys.exit("heapy %s: %s" % (" ".join(map(str, arguments)), result.stderr))
        return result.stdout

    def most_anonymous_memory(self, *arguments):
        process = subprocess.Popen([self.program, *map(str, arguments)], stdout=subprocess.DEVNULL)
        most = 0
        while process.poll() is None:
            try:
                with open("/proc/%d/status" % process.pid) as file:
                    most = max([most, *(int(line.split()[1]) * 1024 for line in file if line.startswith("RssAnon:"))])
            except OSError:
                pass
            time.sleep(0.0005)
        if process.returncode:
            sys.exit("heapy %s failed" % " ".join(map(str, arguments)))
        return most


def lookups(heapy, path, table, column, values):
    """Milliseconds of one: many in one statement, less the same statement without them."""
    numbers = "WITH RECURSIVE i(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM i WHERE n < %d), k AS MATERIALIZED (%s) " % (
        LOOKUPS - 1,
        values,
    )
    # Both load the same columns and look at one row at least.
    many = numbers + "SELECT count(*) FROM k JOIN %s ON %s.%s = k.v" % (table, table, column)
    one = numbers + "SELECT count(*) FROM (SELECT v FROM k LIMIT 1) AS k JOIN %s ON %s.%s = k.v" % (table, table, column)
    assert "SCAN %s VIRTUAL" % table in heapy("sql", "EXPLAIN QUERY PLAN " + many, path)
    all_of_them, first = best_in_turns(lambda: heapy("sql", many, path), lambda: heapy("sql", one, path))
    return 1000 * (all_of_them - first) / (LOOKUPS - 1)


def ordinary_table(hp, heapy, path, database):
    rows = json.loads(heapy("sql", "SELECT type, size FROM objects", path, "--all", "--json"))["rows"]
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE objects (type TEXT, size INTEGER)")
    connection.executemany("INSERT INTO objects VALUES (?, ?)", rows)
    connection.commit()
    return connection


GROUPED = "SELECT type, count(*), sum(size) FROM objects GROUP BY type"


def measure(hp, heapy, folder):
    path, plain = os.path.join(folder, "heap.heapy"), os.path.join(folder, "plain.heapy")
    hp.snapshot(path, contents="names")
    hp.snapshot(plain, contents="names", compress=None)
    facts = json.loads(heapy("info", plain, "--json"))["snapshots"][0]
    objects, edges = facts["objects"], facts["edges"]
    sample = {"objects": objects, "edges": edges}

    file_time, live_time = best_in_turns(lambda: heapy("top", path), lambda: str(hp.heap()))
    sample["top"] = file_time / live_time
    file_time, live_time = best_in_turns(
        lambda: heapy("top", "--retained", "--by", "type", path), lambda: hp.snapshot().dominators()
    )
    sample["retained"] = file_time / live_time

    sample["memory"] = heapy.most_anonymous_memory("dominators", plain) / (32 * objects + 4 * edges)
    heapy("index", plain)
    sample["indexed"] = heapy.most_anonymous_memory("dominators", plain) / objects

    some = "SELECT (n * 7919 * 1009) %% %d AS v FROM i" % objects
    sample["node"] = lookups(heapy, plain, "objects", "node", some)
    addresses = "SELECT o.address AS v FROM i JOIN objects AS o ON o.node = (n * 7919 * 1009) %% %d" % objects
    sample["address"] = lookups(heapy, plain, "objects", "address", addresses)
    sample["source"] = lookups(heapy, plain, "edges", "source", some)
    # What half the heap refers to has as many rows as half the heap: nodes that few refer to are looked up.
    few = "SELECT v FROM (%s) WHERE v NOT IN (SELECT target FROM edges GROUP BY target HAVING count(*) > 1000)" % some
    sample["target"] = lookups(heapy, plain, "edges", "target", few)

    connection = ordinary_table(hp, heapy, path, os.path.join(folder, "heap.db"))
    file_time, table_time = best_in_turns(
        lambda: heapy("sql", GROUPED, path, "--all"), lambda: connection.execute(GROUPED).fetchall()
    )
    sample["group"] = file_time / table_time
    connection.close()

    sample["info"] = 1000 * best_in_turns(lambda: heapy("info", path))[0]
    out = os.path.join(folder, "heap.heapsnapshot")
    sample["chrome"] = best_in_turns(lambda: heapy("export", "chrome", plain, "-o", out, "--force"))[0] / (objects / 1e6)
    return sample


def main():
    name, objects = sys.argv[1], int(float(sys.argv[2]))
    program = sys.argv[3] if len(sys.argv) > 3 else shutil.which("heapy")
    if not program:
        sys.exit("heapy is not on PATH; name it")
    hp = hpy()
    keep = HEAPS[name](objects)
    gc.collect()
    with tempfile.TemporaryDirectory() as folder:
        sample = measure(hp, Command(program), folder)
    del keep
    print(json.dumps({key: round(value, 4) for key, value in sample.items()}))


if __name__ == "__main__":
    main()

"""hp.stat(by=...): the rows of the heap, of which nothing is held or written to (S-30, T-60)."""

import os
import sys

import pytest

from conftest import rows_of

BY = ["Clodo", "Type", "Size", "Unity", "Module", "Type&Size", "Id", "Rcs", "Clodo.dictof"]


def rows(stat):
    return [(row.name, row.count, row.size) for row in stat.get_rows()]


@pytest.mark.parametrize("by", BY)
def test_it_is_the_stat_of_the_heap(script, by):
    """The same rows, header and totals, of a heap that is the same for both."""
    if by == "Id":
        make = "hp.setref(); keep = [Sized(), [1], {2: 3}]"
    else:
        make = "keep = [Sized(), [1], {2: 3}]"
    relation = "hp.Clodo.dictof" if by == "Clodo.dictof" else repr(by)
    script(
        f"""
from guppy import hpy

class Sized:
    def __sizeof__(self):
        return 1000

hp = hpy()
{make}
relation = {relation}
for _ in range(2):
    one, other = hp.stat(relation), hp.heap().by(relation).stat
    first = [(row.name, row.count, row.size) for row in one.get_rows()]
    second = [(row.name, row.count, row.size) for row in other.get_rows()]
    wrong = set(first) ^ set(second)
    if not wrong:
        break
    one = other = None
assert len(wrong) <= 4, wrong  # the names above and what they refer to
assert first and str(hp.stat(relation)).splitlines()[1] == str(hp.heap().by(relation)).splitlines()[1]
"""
    )


def test_the_reference_point_is_left_out(hp):
    """After setref() it has what is new; with a kind for reference, and of a snapshot, it agrees all the same."""

    class New:
        pass

    hp.setref()
    keep = [New() for _ in range(7)]
    assert [row for row in rows(hp.stat("Type")) if "New" in row[0]][0][1] == 7
    assert hp.stat().count < 200
    hp.relheap = hp.Type(dict) | hp.Type(str)
    names = [row[0] for row in rows(hp.stat("Type"))]
    assert "list" in names and "dict" not in names and "str" not in names
    snapshot = hp.snapshot()
    assert rows(snapshot.stat("Size")) == rows(snapshot.heap().bysize.stat) and keep


def test_it_holds_nothing(hp):
    """No reference count changes, but of what is asked for its size while that is."""
    counts = []

    class Plain:
        pass

    class Asked:
        def __sizeof__(self):
            counts.append([sys.getrefcount(o) for o in watched])
            return 64

    watched = [Plain(), [1], {"a": 1}, "a string of its own".upper()]
    keep, expected = Asked(), [sys.getrefcount(o) for o in watched]
    hp.stat()
    assert counts and all(seen == expected for seen in counts)
    counts.clear()
    hp.heap().stat
    assert counts and counts[0] != expected and keep


def test_bad_arguments(hp):
    for bad, error in (("Nonsense", ValueError), (5, TypeError)):
        with pytest.raises(error):
            hp.stat(bad)
    with pytest.raises(TypeError):
        hp.stat("Type", "Size")
    assert rows_of(hp.stat(by=hp.Type)) and hp.stat().count > 1000


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="the system does not tell")
def test_a_forked_process_goes_on_sharing(script):
    """Private memory grows by under 8 bytes an object, and by a fraction of what holding them takes."""
    script(
        """
import gc, os
from guppy import hpy

class Plain:
    pass

keep = []
for i in range(100_000):
    plain = Plain()
    plain.items = [i, str(i)]
    keep.append(plain)
hp = hpy()
count = hp.stat().count
hp.heap()

def private():
    with open("/proc/self/smaps_rollup") as file:
        return 1024 * sum(int(line.split()[1]) for line in file if line.startswith("Private_"))

def in_child(look):
    read, write = os.pipe()
    if not os.fork():
        gc.disable()
        before = private()
        kept = look()
        os.write(write, b"%d" % (private() - before))
        os._exit(0)
    os.wait()
    return int(os.read(read, 100)) / count

counted, held = in_child(lambda: str(hp.stat())), in_child(lambda: hp.heap())
assert counted < 8 and 4 * counted < held, (counted, held)
"""
    )

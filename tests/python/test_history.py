"""What users of guppy3 had to have mended, where no other test says it (docs/requirements.md, the last part)."""

import gc
import sysconfig
import threading

from guppy import hpy


def test_collections_in_the_middle_of_a_question(hp):  # Y-5
    """Those that begin by themselves, and where there is no GIL those of another thread, which may begin anywhere."""

    class Holder:
        pass

    held = ["held"]
    holders = [Holder() for _ in range(50)]
    for holder in holders:
        holder.cycle, holder.held = holder, held
    was, collections, done = gc.get_threshold(), [], threading.Event()

    def collect():
        while not done.is_set():
            gc.collect()

    others = [threading.Thread(target=collect)] if sysconfig.get_config_var("Py_GIL_DISABLED") else []
    gc.callbacks.append(lambda phase, info: collections.append(phase))
    gc.set_threshold(1)
    for other in others:
        other.start()
    try:
        for _ in range(5):
            x = hp.iso(held)
            referrers = x.referrers
            found = referrers | referrers.referrers  # through the dict, where there is one
            assert all(holder in found for holder in holders)
            str(x.rp), str(x.sp), str(x.byrcs)
    finally:
        done.set()
        for other in others:
            other.join()
        gc.set_threshold(*was)
        gc.callbacks.pop()
    assert collections


def test_rows_of_differences_come_by_their_absolute_size(hp):  # Y-16
    before = hp.iso(*[bytearray(10_000 * (i + 1)) for i in range(3)], [], {}).bytype.stat
    after = hp.iso(*[list(range(100)) for _ in range(3)], {}).bytype.stat
    sizes = [abs(row.size) for row in (after - before).rows]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 60_000
    assert str(after).startswith("Partition of a set of 4 objects.") and "Stat" in type(after).__name__


def test_a_session_looks_at_nothing_until_it_is_asked(script):  # Y-20
    """What a first look has to load and make is not there before it."""
    script(
        """
import sys
from guppy import hpy
blocks = sys.getallocatedblocks()
hp = hpy()
made = sys.getallocatedblocks() - blocks
keep = [[i] for i in range(200000)]
blocks = sys.getallocatedblocks()
hpy(ht=[])
assert sys.getallocatedblocks() - blocks <= made, "the second session made more than the first"
"""
    )


def test_rows_come_from_the_partition_of_the_table(hp):  # Y-22
    """They are the rows as they were shown, also when the objects have changed since."""
    lists = [[0] * n for n in (1, 1, 50)]
    x = hp.iso(*lists).bysize
    shown = [(row.count, row.size) for row in x.partition.rows]
    assert x.partition is x.partition
    lists[0].extend(range(1000))
    assert [(row.count, row.size) for row in x.partition.rows] == shown
    assert sorted(x[i].count for i in range(2)) == [1, 2]


def test_every_table_has_all_of_it(hp):  # Y-30
    x = hp.iso(*range(1000, 1030)).byid
    assert len(str(x.all).splitlines()) > 30 > len(str(x).splitlines())
    stat = x.stat
    assert len(str(stat.all).splitlines()) > 30 and "more" in str(stat) and str(stat.more).splitlines()
    holders = [[x] for _ in range(30)]
    inside = ["inside"]
    for holder in holders:
        holder[0] = inside
    paths = hp.iso(inside).get_shpaths(hp.iso(*holders))
    assert len(str(paths.all).splitlines()) >= 30 and str(paths.more)


def test_a_member_of_a_set_has_a_step_that_can_be_evaluated(hp):  # Y-32
    class Member:
        pass

    member = Member()
    holder = {member, 1, 2}
    step = str(hp.iso(member).get_shpaths(hp.iso(holder)))
    assert "list(_)[%d]" % list(holder).index(member) in str(hp.iso(member).byvia.kind.arg)
    assert eval(step.removeprefix(" 0: "), {"Src": holder}) is member


def test_byclass_is_gone_and_the_short_names_are_there():  # Y-34
    hp = hpy()
    x = hp.iso(1)
    assert not hasattr(x, "byclass")
    assert str(x.sp) == str(x.shpaths) and callable(x.dump) and callable(hp.loadall) and callable(hp.test)

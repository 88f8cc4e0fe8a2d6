"""What the root does not reach: heapu(), heapg(), and the points they are relative to."""

import gc
import re
import warnings
import weakref

import pytest

from guppy import hpy
from guppy.heapy.Part import Stat


class Leaked:
    pass


class Slotted:
    __slots__ = ("other",)


LEAK = """
import ctypes, gc, sys
from guppy import hpy
class Leaked: __slots__ = ("text",)
class Inner: __slots__ = ()
def leak():
    o = Leaked(); o.text = [Inner(), "a text %d of its own" % id(o)]
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(o))
hp = hpy()
def named(stat):
    return {r.name: r.count for r in stat.get_rows() if "__main__" in r.name}
"""


def test_leaked_objects_and_what_they_hold_are_found(script):  # S-60, S-61, H-60, Y-15
    out = script(
        LEAK
        + """
leak() # what ctypes makes at its first call is not counted
before = hp.heapu()
for i in range(3): leak()
after = hp.heapu()
print(named(before), named(after), after.count - before.count)
print(type(after).__name__, after.kindheader, after.format_name, repr(after.firstheader))
s = hp.heapu(stat=0)
print(repr(s.er), (s & Leaked).count, sum("of its own" in o for o in (s & str).nodes))
"""
    ).stdout.splitlines()
    assert out[0] == "{'__main__.Leaked': 1, '__main__.Inner': 1} {'__main__.Leaked': 4, '__main__.Inner': 4} 12"
    assert out[1] == "Stat Type SetFormat 'Data from unreachable objects.\\n'"
    assert out[2] == "hp.Type 4 4"


def test_it_is_relative_after_setref(script):  # S-63, S-64, S-66, H-61
    out = script(
        LEAK
        + """
leak(); hp.setref(); leak(); leak()
d = hp.heapu()
print(named(d), named(hp.heapu(abs=1)), named(hp.heapu(1, 1)))
print(d.firstheader, end="")
print(str(d).splitlines()[0])
import time
print(time.ctime(hp.relheapu.timemade) in d.firstheader)
"""
    ).stdout.splitlines()
    whole = "{'__main__.Leaked': 3, '__main__.Inner': 3}"
    assert out[0] == "{'__main__.Leaked': 2, '__main__.Inner': 2} %s %s" % (whole, whole)
    assert re.fullmatch(r"Data from unreachable objects relative to: \w+ \w+ [ \d]\d [\d:]+ \d+\.", out[1])
    assert out[2] == "Summary of difference operation (A-B)."
    assert out[3] == "True"


def test_two_calls_agree_whatever_is_done_between(script):  # H-62, S-62
    out = script(
        LEAK
        + """
leak()
hp.heapu(stat=0)
counts = []
def count(): # but for strings: the names in CPython's cache of methods go when others take their places
    st, s = hp.heapu(abs=1), hp.heapu(stat=0)
    counts.append((st.count - sum(r.count for r in st.get_rows() if r.name == "str"), (s - str).count))
count(); count()
h = hp.heap(); str(h); str(h.byid); h.brief; count()
hp.setref(); count()
import warnings; warnings.simplefilter("ignore"); g = hp.heapg(); count()
keep = hp.heapu(stat=0); count()
print(len(set(counts)), counts)
"""
    ).stdout
    assert out.startswith("1 "), out


def test_objects_that_only_a_result_keeps_are_not_garbage(hp):  # S-40
    o = Leaked()
    st = hp.iso(o)
    del o
    assert not st & hp.heapu(stat=0)
    assert not st & hp.heap()


def test_a_stat_keeps_nothing_alive(hp):  # S-60, T-60
    a = Slotted()
    a.other = a
    ref = weakref.ref(Leaked())
    assert ref() is None
    u = hp.heapu()
    assert isinstance(u, Stat)
    del a
    gc.collect()
    assert not any(isinstance(o, Slotted) for o in gc.get_objects())


def test_garbage_is_collected_first(hp):  # S-61, H-54, S-97
    calls = []

    def watch(phase, info):
        calls.append(phase)

    gc.callbacks.append(watch)
    try:
        for ask in (hp.heapu, lambda: hp.heapu(0, 1, 0), hp.setref, hp.setrelheapu):
            del calls[:]
            ask()
            assert "start" in calls
        for ask in (hp.heap, hp.setrelheap, lambda: hp.setref(hp.Nothing, hp.Nothing)):
            del calls[:]
            ask()
            assert not calls
    finally:
        gc.callbacks.remove(watch)


def test_with_the_reachable_ones(hp):  # S-65
    import sys

    assert hp.iso(sys.modules) <= hp.heapu(rma=0, stat=0)
    assert not hp.iso(sys.modules) <= hp.heapu(rma=1, stat=0)
    assert hp.heapu(0, 0, 0).count > hp.heapu(1, 0, 0).count


def test_references_without_rows_count_as_none(hp):  # S-67
    hp.setref(unreachable=hp.Nothing)
    assert hp.heapu().format_name == "SetFormat"
    hp.setref(unreachable=hp.Nothing.stat)
    assert hp.heapu().format_name == "SetFormat"


def test_references_are_checked_when_set(hp):  # S-55, S-68
    for bad in (5, None.__class__, [], object()):
        with pytest.raises((TypeError, AttributeError)):
            hp.setref(unreachable=bad)
    with pytest.raises(ValueError, match="Kind"):
        hp.setref(unreachable=hp.iso(1).stat)
    hp.setref(unreachable=hp.iso(1))  # a set is converted
    assert hp.relheapu.kindheader == "Type"
    assert hp.heapu().b_count == 1
    hp.setrelheapu(stat=0)
    assert hp.heapu().format_name == "DiffFormat"
    assert hp.heapu(stat=0).count <= 5
    with pytest.raises(TypeError):
        hp.relheapu = 5
    with pytest.raises(TypeError):
        hp.relheap = 5


def test_a_bad_argument_changes_nothing(hp):  # S-55
    hp.setref(hp.iso(1), hp.iso(2).bytype.stat)
    before = hp.relheap, hp.relheapu
    with pytest.raises(TypeError):
        hp.setref(hp.iso(2), 5)
    assert (hp.relheap, hp.relheapu) == before


def test_single_forms(hp):  # S-79a, S-79b, H-64
    hp.setrelheap()
    assert hp.heap().count == 0 or hp.heap().count < 50
    assert not hp.relheapu
    hp.setrelheap(hp.Nothing)
    hp.setrelheapu()
    assert isinstance(hp.relheapu, Stat)
    assert not hp.relheap


def test_heapg_is_deprecated_and_works(hp):  # S-79c, H-63
    with pytest.warns(UserWarning, match="Method Use.heapg is depreciated, it doesn't work well. Use heapu instead."):
        g = hp.heapg()
    assert repr(g.er).endswith("Clodo")
    with pytest.warns(UserWarning):
        everything = hp.heapg(rma=0)
    local = [Leaked()]
    with pytest.warns(UserWarning):
        assert local in hp.heapg(0)
    assert g.count < everything.count
    with pytest.warns(UserWarning):
        hp.setrelheapg()
    with pytest.warns(UserWarning):
        assert hp.heapg().count <= 30


def test_sessions_do_not_share_reference_points(hp):  # S-54
    hp.setref()
    other = hpy()
    assert not other.relheap and not other.relheapu
    assert other.heapu().format_name == "SetFormat"


def test_setref_right_after_is_nothing(script):  # S-56, H-41, H-66
    out = script(
        """
from guppy import hpy
hp = hpy()
hp.setref()
h = hp.heap()
print(h.count, h.size, h)
str(hp.heap()); hp.setref()
print(hp.heap())
p = [n for n in range(1500)]
h = hp.heap()
print([(x.count > 1000, str(x.kind)) for x in h.parts])
"""
    ).stdout.splitlines()
    assert out == ["0 0 <Nothing>", "<Nothing>", "[(True, 'int'), (False, 'list')]"]


@pytest.mark.parametrize("ask", ["heapu", "heapu_set", "heapg", "setref"])
def test_garbage_goes_also_where_automatic_collection_is_off(hp, ask):  # H-60
    class Cycle:
        pass

    asks = {
        "heapu": lambda: hp.heapu(),
        "heapu_set": lambda: hp.heapu(stat=0),
        "heapg": lambda: hp.heapg(),
        "setref": lambda: hp.setref(),
    }
    gc.disable()
    try:
        cycle = Cycle()
        cycle.me = cycle
        gone = weakref.ref(cycle)
        del cycle
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            asks[ask]()
        assert gone() is None and not gc.isenabled()
    finally:
        gc.enable()
    asks["heapu"]()
    assert gc.isenabled()

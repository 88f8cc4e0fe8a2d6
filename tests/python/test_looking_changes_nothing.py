"""Looking at the heap leaves it as it was (H-24, H-33, H-51, H-54, S-56, S-97)."""

import gc
import sys
import threading

from conftest import rows_of


class Plain:
    def __init__(self, i):
        self.number = i
        self.tracked = [i]  # so that a dict holding it is tracked by the collector


def test_no_instance_dict_is_made(hp):  # H-33, Y-12
    keep = [Plain(i) for i in range(1000)]
    hp.heap()  # whatever is lazy is made
    dicts = sum(type(o) is dict for o in gc.get_objects())
    blocks = sys.getallocatedblocks()
    hp.heap()
    assert sys.getallocatedblocks() - blocks < 50
    hp._capture_graph()
    str(hp.heap())
    assert sum(type(o) is dict for o in gc.get_objects()) == dicts
    if sys.version_info >= (3, 11):
        for instance in keep:
            instance.__dict__
        assert sum(type(o) is dict for o in gc.get_objects()) - dicts >= 1000


def test_dicts_that_exist_are_reported_and_only_those(hp):  # H-33, S-57
    hp.setref()
    keep = [Plain(i) for i in range(1000, 1010)]
    for instance in keep[:3]:
        instance.__dict__
    rows = {name: count for _, count, _, _, name in rows_of(hp.heap())}
    kind = __name__ + ".Plain"
    assert rows[kind] == 10
    assert rows["dict of " + kind] == (10 if sys.version_info < (3, 11) else 3)


def test_nothing_shows_after_setref(script):  # S-56, H-41, H-66
    script(
        """
from guppy import hpy
hp = hpy()
hp.setref()
assert str(hp.heap()) == "<Nothing>", str(hp.heap())
hp.setref()
h = hp.heap()
assert h.count == 0 and h.size == 0 and not h and h is hp.Nothing
"""
    )


def test_only_what_the_program_made_shows_after_setref(script):  # S-57
    result = script(
        """
from guppy import hpy
class C: pass
class S: __slots__ = ("x",)
hp = hpy()
hp.setref()
keep = [S() for _ in range(3)]
print(hp.heap().bytype)
"""
    )
    assert [(count, name) for _, count, _, _, name in rows_of(result.stdout)] == [
        (3, "__main__.S"),
        (1, "list"),
    ]


def test_consecutive_heaps_are_equal(script):  # H-51
    """A hundred of them, in a program that keeps nothing but where the answers go, which is there from the start."""
    script(
        """
from array import array
from guppy import hpy
hp = hpy()
counts, sizes = array("q", [0]) * 101, array("q", [0]) * 101

def look(i):
    h = hp.heap()
    counts[i], sizes[i] = h.count, h.size

for i in range(101):
    look(i)
assert len(set(counts[1:])) == len(set(sizes[1:])) == 1, (set(counts), set(sizes))
"""
    )


def test_no_collection(hp):  # H-54
    calls = []
    keep = [[] for _ in range(100)]
    gc.callbacks.append(lambda *args: calls.append(args))
    try:
        gc.collect()
        calls.clear()
        was = gc.get_threshold()
        gc.set_threshold(1)  # any tracked allocation of ours would now set one off
        try:
            h = hp.heap()
        finally:
            gc.set_threshold(*was)
        text = str(h)
        text = text + repr(h.more)
    finally:
        gc.callbacks.pop()
    assert calls == [] and keep and text


def test_interpreter_state_is_left_alone(hp):  # S-97
    def state():
        return (
            gc.get_threshold(),
            gc.isenabled(),
            sys.getrecursionlimit(),
            sys.gettrace(),
            sys.getprofile(),
            threading.active_count(),
        )

    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            before = state()
            hp.setref()
            str(hp.heap())
            hp._capture_graph()
            assert state() == before
        finally:
            gc.enable()


def test_session_keeps_no_user_object_alive(hp):  # S-98, H-90
    import weakref

    class Watched:
        pass

    obj = Watched()
    dead = weakref.ref(obj)
    hp.heap()
    s = hp.iso(obj)
    str(s)
    more = s.more
    repr(more)
    graph = hp._capture_graph()
    del obj
    assert dead() is not None  # sets and graphs hold their objects
    del s, more, graph
    gc.collect()
    assert dead() is None


def test_a_cycle_through_a_set_is_collected(hp):
    import weakref

    class Holder:
        pass

    holder = Holder()
    holder.heap = hp.heap()
    holder.graph = hp._capture_graph()
    holder.more = holder.heap.more
    dead = weakref.ref(holder)
    del holder
    gc.collect()
    assert dead() is None

"""Threads that change the heap, and threads that ask about it (issue 17): with a GIL, and without."""

import sys

import pytest

# Threads that make, change and drop what there is of containers, until they are told to stop.
MUTATE = """
import collections, faulthandler, gc, sys, threading
from guppy import hpy
faulthandler.dump_traceback_later(240, exit=True)

class Plain: pass
class Slots:
    __slots__ = "a", "b"

stop = threading.Event()
shared = {"list": [], "dict": {}, "set": set(), "deque": collections.deque()}

def mutate(number):
    mine, i = [], 0
    while not stop.is_set():
        i += 1
        plain, slots = Plain(), Slots()
        plain.a, plain.b, slots.a, slots.b = [i], {i: str(i)}, plain, (i, plain)
        setattr(plain, "name%d" % (i % 50), slots)
        if i % 7 == 0:
            plain.__dict__["more"] = plain
        mine.append(plain)
        shared["dict"][number, i % 500] = slots
        shared["list"].append(plain)
        shared["deque"].append(mine)
        shared["set"].add((number, i % 300))
        if len(mine) > 1000:
            del mine[::2]
            mine.sort(key=id)
        if len(shared["list"]) > 4000:
            shared["list"] = shared["list"][-100:]
            shared["deque"].clear()
        if i % 100 == 0:
            shared["dict"].pop((number, 7), None)
            shared["set"] = set(shared["set"])
            (lambda: (yield plain))().__next__()

threads = [threading.Thread(target=mutate, args=(n,)) for n in range(8)]
for thread in threads:
    thread.start()
try:
    ASK
finally:
    stop.set()
for thread in threads:
    thread.join()
if hasattr(sys, "_is_gil_enabled"):
    import sysconfig
    assert sys._is_gil_enabled() == (not sysconfig.get_config_var("Py_GIL_DISABLED"))
"""


def mutating(ask):
    return MUTATE.replace("    ASK\n", "".join("    %s\n" % line for line in ask.strip().splitlines()))


def test_heaps_of_one_moment_while_threads_change_it(script):
    """Each row is counted with its bytes, the parts are the whole, and what is found can be used."""
    script(
        mutating("""
hp = hpy()
for i in range(8):
    heap = hp.heap()
    assert heap.count > 10000 and heap.size > heap.count * 16, heap
    parts = heap.bytype.parts
    assert sum(part.count for part in parts) == heap.count
    assert hp.Type(Plain) & heap <= heap
    for object in (heap & Plain).nodes:
        assert type(object) is Plain
    assert isinstance(str(heap), str)
    stat = heap.stat
    assert stat.count == heap.count
""")
    )


def test_every_question_while_threads_change_the_heap(script):
    """Referents, referrers, patterns, paths, dominators and snapshots of what lives on meanwhile."""
    script(
        mutating("""
hp = hpy()
for i in range(2):
    some = hp.iso(shared, shared["list"], shared["dict"])
    assert shared["dict"] in some.referents.nodes
    assert some.referrers.count > 0 and some.domisize >= some.size
    str(some.rp), str(hp.iso(shared).sp), str(some.byrcs), str(some.byvia), str(some.dominos), str(some.imdom)
    snapshot = hp.snapshot()
    assert snapshot.heap().count > 10000
    kept = snapshot.heap() & Plain
    assert kept.domisize >= kept.size
    str(kept.byrcs), str(kept.rp)
    str(snapshot.heap().byretained)
    str(hp.heapu())
""")
    )


def test_several_threads_ask_at_once(script):
    """Of the live heap, of one session, and of one snapshot, whose lazy parts are made once."""
    script("""
import faulthandler, threading, sys
from guppy import hpy
faulthandler.dump_traceback_later(240, exit=True)
hp = hpy()
data = [{i: [i]} for i in range(3000)]
failures = []

def together(ask, times=1):
    gate = threading.Barrier(8)
    def run(number):
        try:
            gate.wait()
            for _ in range(times):
                answers[number] = ask()
        except BaseException as error:
            failures.append(repr(error))
    answers = [None] * 8
    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert not failures, failures
    return answers

together(lambda: str(hp.heap()), 3)
together(lambda: (hp.iso(data).domisize, str(hp.iso(data).referrers), str(hp.iso(data).byid)), 3)
for i in range(5):
    snapshot = hp.snapshot()
    heap = snapshot.heap()
    assert len(set(together(lambda: (heap & list).domisize))) == 1
    assert len(set(together(lambda: (heap & dict).referrers.count))) == 1
    assert len(set(together(lambda: str(heap.byrcs)))) == 1
    assert len(set(together(lambda: str(heap.byretained)))) == 1
    live = hp.heap()
    assert len(set(together(lambda: str(live)))) == 1
    assert len(set(together(lambda: (live.count, live.size, live[0].size)))) == 1
    assert len({len(set(answer)) for answer in together(lambda: [str(live.bytype), str(live.byid)])}) == 1
together(lambda: hpy().heap().count, 2)
""")


def test_the_tag_that_hides_is_counted_while_threads_make_and_drop_what_carries_it(script):  # H-42
    """A user's object with the tag is hidden, and one without is not, whatever holds the tag meanwhile."""
    script("""
import faulthandler, threading
from guppy import hpy
faulthandler.dump_traceback_later(240, exit=True)

class Hidden: pass
class Shown: pass

hp = hpy()
hidden, shown, failures, is_over = Hidden(), [Shown() for i in range(10)], [], threading.Event()
hidden.inside = [Shown() for i in range(5)]

def churn():
    try:
        while not is_over.is_set():
            session = hpy()
            sets = [session.iso(i) for i in range(20)] + [session.Type(int), session.Type(int) | session.Size(8)]
            other = hpy(ht=[])
            str(sets[0]), sets[-1] & sets[0], other.iso(1)
            del session, sets, other
    except BaseException as error:
        failures.append(error)

threads = [threading.Thread(target=churn) for i in range(6)]
for thread in threads: thread.start()
try:
    for i in range(60):
        if i % 2:
            hidden._hiding_tag_ = hp._hiding_tag_
        else:
            hidden._hiding_tag_ = None
        heap = hp.heap()
        found = (heap & Hidden).count, (heap & Shown).count
        assert found == ((0, 10) if i % 2 else (1, 15)), (i, found)
finally:
    is_over.set()
for thread in threads: thread.join()
assert not failures, failures
hidden._hiding_tag_ = hp._hiding_tag_
heap = hp.heap()
assert ((heap & Hidden).count, (heap & Shown).count) == (0, 10)
""")


# What the engine answers from columns alone: of a kept snapshot, and of a file.
QUESTIONS = (
    "str(heap.bytype)", "str(heap.byclodo)", "str(heap.bysize)", "str(heap.byrcs)", "str(heap.byretained)", "heap.domisize",
    "heap.referrers.count", "rare.sp", "rare.rp", "session.dominators()",
)  # fmt: skip


@pytest.mark.parametrize("session", ["hp.snapshot()", "open_snapshot(path)"])
def test_other_threads_go_on_meanwhile(script, session):
    """Issue 14, answers move to the engine: on snapshots, without the GIL."""
    script("""
import os, sys, tempfile, threading, time
from guppy import hpy
from guppy.heapy import open_snapshot
hp = hpy()
data = [[i] for i in range(300000)]
path = os.path.join(tempfile.mkdtemp(), "heap")
hp.snapshot(path, fork=False, contents="values")
ticks, done = 0, False
def tick():
    global ticks
    while not done:
        ticks += 1
        time.sleep(0.0001)
other = threading.Thread(target=tick, daemon=True)
other.start()
sys.setswitchinterval(1000)  # nobody gets the GIL who is not given it
for question in %r:
    session, meanwhile = %s, 0
    for i in range(200):  # where others run as well, it is not always its turn
        heap, rare = session.heap(), session.heap() & session.Type(type(sys))
        heap.count, rare.count
        before = ticks
        eval(question)
        meanwhile += ticks - before
        if meanwhile > 1:
            break
    assert meanwhile > 1, question
done = True
other.join()
""" % (QUESTIONS, session))


@pytest.mark.skipif(not hasattr(sys, "_is_gil_enabled"), reason="there is always a GIL before 3.13")
def test_no_import_enables_the_gil(script):
    """Neither the package's modules nor a question brings it back."""
    script("""
import pkgutil, sys, sysconfig, guppy
before = sys._is_gil_enabled()
assert before == (not sysconfig.get_config_var("Py_GIL_DISABLED"))
from guppy import hpy
import guppy.heapy, guppy.etc, guppy.gsl, guppy.sets
for package in guppy, guppy.heapy, guppy.etc, guppy.gsl, guppy.sets:
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if module.name.rpartition(".")[2] not in ("__main__", "test"):
            try:
                __import__(module.name)
            except ImportError as error:
                assert "tkinter" in str(error), error
hp = hpy()
str(hp.heap().byrcs), hp.iso(hp).sp, hp.snapshot(), guppy.sets.mutbitset([1]) | guppy.sets.immbitset([2])
assert sys._is_gil_enabled() == before
""")

"""Surroundings that are hostile: what watches, interrupts, vetoes, limits or is half there while a heap is looked at.

Each case runs in a process of its own, which must not die: a right answer or a clear exception, and the next call is
right.  What is asked is the same in all of them."""

import sys

import pytest

ASK = """
import gc, sys
from guppy import hpy

hp = hpy()

class Known:
    def __init__(self): self.inside = ["what", "is", "asked"]

known = Known()

def ask():
    "Every kind of question, with the answers that are known."
    h = hp.heap()
    assert known in h and known.inside in h
    assert (h & Known).count == 1
    x = hp.iso(known)
    referrers = hp.iso(known.inside).referrers  # itself, or the dict of its attributes where it has one
    assert known.inside in x.referents | x.referents.referents and x <= referrers | referrers.referrers
    assert hp.iso(known.inside) <= x.dominos
    assert "Known" in str(x.kind) and "Known" in str(x)
    assert x.shpaths.numpaths >= 1 and str(x.sp) and str(x.rp) and str(x.byrcs) and str(h.bysize)
    assert hp.snapshot().heap().count > 1000
    return h.count

ask()  # with everything imported that questions import
"""


def test_a_collected_type_without_a_traversal(script):
    """Its slot is NULL: such an object refers to what can be told without it."""
    script(
        ASK
        + """
import ctypes
gc.disable()  # the collector itself would not survive what follows

class Hollow:
    pass

hollow = Hollow()
slot = ctypes.c_void_p.from_address(id(Hollow) + object.__basicsize__ + 21 * ctypes.sizeof(ctypes.c_void_p))
kept = slot.value
assert kept == ctypes.c_void_p.from_address(id(Known) + object.__basicsize__ + 21 * ctypes.sizeof(ctypes.c_void_p)).value  # tp_traverse
slot.value = None
try:
    ask()
    assert hollow in hp.heap()
    str(hp.iso(hollow).referents)
finally:
    slot.value = kept
ask()
"""
    )


def test_methods_that_recurse_without_end(script):
    script(
        ASK
        + """
class Recurses:
    def __eq__(self, other): return self == other
    def __hash__(self): return hash(self)
    def __repr__(self): return repr(self)
    def __getattribute__(self, name): return getattr(self, name)
    def __sizeof__(self): return self.__sizeof__()
    def __len__(self): return len(self)
    def __bool__(self): return bool(self)
    def __dir__(self): return dir(self)

class Meta(type):
    def __eq__(cls, other): return cls == other
    def __hash__(cls): return hash(cls)
    def __repr__(cls): return repr(cls)

class OfMeta(metaclass=Meta): pass

objects = [Recurses(), OfMeta()]
import warnings
warnings.simplefilter("ignore")  # of sizes that cannot be asked
ask()
assert all(o in hp.heap() for o in objects)
for o in objects:
    x = hp.iso(o)
    for question in (str, lambda x: str(x.byid), lambda x: str(x.rp), lambda x: str(x.sp), lambda x: str(x.kind), lambda x: x.brief):
        try:
            question(x)
        except (RecursionError, TypeError):
            pass
ask()
"""
    )


def test_objects_half_built_and_half_destroyed(script):
    """Made without __init__, looked at in the middle of being filled, sorted, iterated, or let go."""
    script(
        ASK
        + """
import io, collections, functools, itertools, socket, types, decimal, datetime, re
counts = []
half = []
for cls in (io.BytesIO, io.StringIO, io.BufferedReader, io.BufferedRandom, io.TextIOWrapper, io.FileIO, socket.socket, property,
            staticmethod, classmethod, OSError, UnicodeDecodeError, SyntaxError, collections.deque, collections.OrderedDict,
            collections.defaultdict, list, dict, set, bytearray, super, decimal.Context, types.ModuleType):
    try:
        half.append(cls.__new__(cls))
    except TypeError:
        assert cls in (staticmethod, classmethod)  # 3.15 makes none without a function
ask()
assert hp.iso(*half).count == len(half)
str(hp.iso(*half).referents), str(hp.iso(*half).byrcs), hp.iso(*half).size
assert tuple(ask() > 0 for _ in range(3)) == (True,) * 3  # a tuple that grows while it is looked at

items = list(range(40))
items.sort(key=lambda i: i % 13 or counts.append(ask()) or 0)
assert items[0] % 13 == 0 and counts

class Asks:
    def __eq__(self, other): counts.append(ask()); return False
    def __hash__(self): return 1
{Asks(): 1, Asks(): 2}; {Asks(), Asks()}  # in the middle of an insertion

class Goes:
    def __del__(self): counts.append(ask())

seen = len(counts)
box = [Goes() for _ in range(3)]; box.clear()
box = {i: Goes() for i in range(3)}; box.clear()
box = {Goes()}; box.clear()
holder = types.SimpleNamespace(a=Goes()); del holder
d = collections.deque([Goes()], maxlen=1); d.append(1)
def generator():
    mine = Goes()
    yield 1
g = generator(); next(g); g.close()
g = generator(); next(g); del g
t = (Goes(), Goes()); del t
class WithSlots:
    __slots__ = ("a", "b")
s = WithSlots(); s.a = Goes(); del s
assert len(counts) - seen == 3 + 3 + 1 + 1 + 1 + 1 + 1 + 2 + 1
ask()
"""
    )


def test_dict_subclasses_that_lie(script):
    """As attributes of instances and of modules, and by themselves: their items are what the struct has."""
    script(
        ASK
        + """
import types

def boom(*a, **k): raise ZeroDivisionError

class Lies(dict):
    __len__ = lambda self: 10**9
    __iter__ = keys = values = items = get = copy = __contains__ = __getitem__ = __missing__ = boom
    __sizeof__ = lambda self: 10**6
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 1

inside = ["inside"]
class Holder: pass
holder = Holder(); holder.__dict__ = Lies(value=inside)
alone = Lies({"value": inside, 1: inside})
space = {"inside": None}
exec("def f(): pass", Lies(__builtins__=__builtins__))
module = types.ModuleType("lies"); module.held = alone
sys.modules["lies"] = module
ask()
assert inside in hp.iso(alone).referents and hp.iso(alone).size >= 10**6
assert "value" in str(hp.iso(inside).byvia), hp.iso(inside).byvia
for question in (lambda: str(hp.iso(alone).sp), lambda: str(hp.iso(inside).rp), lambda: str(hp.iso(holder.__dict__).byclodo),
                 lambda: str(hp.heap().bymodule), lambda: str(hp.iso(alone).owners)):
    question()
ask()
"""
    )


def test_finalizers_that_resurrect(script):
    script(
        ASK
        + """
alive = []
class Phoenix:
    def __init__(self): self.me = self
    def __del__(self): ask(); alive.append(self)

for _ in range(5):
    Phoenix()
gc.collect()
assert len(alive) == 5
assert (hp.heap() & Phoenix).count == 5 and all(p in hp.heap() for p in alive)
x = hp.iso(*alive)
del alive[:]
assert x.count == 5 and str(x.rp)
del x; gc.collect()
assert (hp.heap() & Phoenix).count == 0
ask()
"""
    )


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="sys.monitoring comes with 3.12")
def test_while_the_program_is_monitored(script):
    """Callbacks of every event, some of which ask themselves."""
    script(
        ASK
        + """
m = sys.monitoring
m.use_tool_id(3, "tests")
busy, asked = [], []
def watch(*args):
    if not busy and len(asked) < 3:
        busy.append(1)
        asked.append(ask())
        busy.clear()
events = 0
for name in ("PY_START", "PY_RETURN", "LINE", "CALL", "RAISE", "JUMP", "INSTRUCTION"):
    event = getattr(m.events, name)
    events |= event
    m.register_callback(3, event, watch)
m.set_events(3, events)
ask()
m.set_events(3, 0)
m.free_tool_id(3)
assert len(asked) == 3
ask()
"""
    )


def test_under_a_tracer_a_profiler_and_a_debugger(script):
    script(
        ASK
        + """
import bdb, cProfile, threading
lines = []
def trace(frame, event, arg):
    lines.append(event)
    frame.f_locals, frame.f_back  # as a debugger looks at them
    return trace
sys.settrace(trace); threading.settrace(trace); ask(); sys.settrace(None); threading.settrace(None)
assert "line" in lines
calls = []
sys.setprofile(lambda frame, event, arg: calls.append(event)); ask(); sys.setprofile(None)
assert "c_call" in calls
profile = cProfile.Profile(); assert profile.runcall(ask) > 1000
class Debugger(bdb.Bdb):
    stops = 0
    def user_line(self, frame):
        Debugger.stops += 1
        if Debugger.stops == 5:
            ask()
        self.set_step()
Debugger().runcall(ask)
assert Debugger.stops > 5
ask()
"""
    )


def test_a_storm_of_signals(script):
    """Handlers run, each once for a signal that is seen, and the answers stay right; one that raises is let through."""
    script(
        ASK
        + """
import signal
handled = []
signal.signal(signal.SIGALRM, lambda *a: handled.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.0005)
for _ in range(10):
    ask()
signal.setitimer(signal.ITIMER_REAL, 0)
assert handled

class Stop(Exception): pass
def stop(*a): raise Stop
signal.signal(signal.SIGALRM, stop)
stopped = 0
for i in range(30):
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.001 + 0.002 * i)
            while True:
                ask()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Stop:
        stopped += 1
assert stopped == 30
ask()
"""
    )


def test_audit_hooks_that_veto(script):
    """What a hook forbids is an exception of its own; what was imported before goes on."""
    script(
        ASK
        + """
vetoed, vetoing = [], []
def veto(event, args):
    if vetoing and event not in ("object.__getattr__",):
        vetoed.append(event)
        raise PermissionError(event)
sys.addaudithook(veto)
vetoing.append(1)
denied = right = 0
for question in (hp.heap, lambda: hp.iso(known), lambda: str(hp.heap()), lambda: hp.iso(known).referrers, lambda: str(hp.iso(known).sp),
                 lambda: hp.snapshot(), lambda: hp.iso(known).dominos, lambda: hp.heap().dump("/dev/null"), lambda: hp.heapu(),
                 lambda: hp.snapshot().save("/dev/null/no")):
    try:
        question()
        right += 1
    except (PermissionError, OSError):
        denied += 1
vetoing.clear()
assert right >= 5 and right + denied == 10
ask()
"""
    )


def test_without_the_collector_and_with_a_frozen_heap(script):
    script(
        ASK
        + """
gc.disable()
first = ask()
assert not gc.isenabled()
later = [Known() for _ in range(100)]
cycle = []; cycle.append(cycle)
gc.freeze()
assert known in hp.heap() and all(k in hp.heap() for k in later) and cycle in hp.heap()
assert (hp.heap() & Known).count == 101
assert hp.iso(cycle) <= hp.iso(cycle).referrers and cycle in hp.iso(cycle).referents
fresh = Known()
assert (hp.heap() & Known).count == 102
frozen = gc.get_freeze_count()
assert frozen > 1000
str(hp.heapu()), str(hp.iso(*later).byrcs), str(hp.iso(*later).rp)
assert gc.get_freeze_count() <= frozen and not gc.isenabled()
gc.unfreeze(); gc.enable()
del later, fresh
ask()
"""
    )


def test_immortal_objects(script):
    """Held and let go ten thousand times, and counted once."""
    script(
        ASK
        + """
immortal = [None, True, False, Ellipsis, NotImplemented, (), "", b"", 0, 1, int, type, object, "a"]
counts = [sys.getrefcount(o) for o in (None, int, ())]
for _ in range(300):
    x = hp.iso(*immortal)
    assert x.count == len({id(o) for o in immortal})
    x.referents, x.size, x.byid, list(x.nodes)
    del x
assert all(abs(sys.getrefcount(o) - c) < 50 for o, c in zip((None, int, ()), counts))
x = hp.iso(*immortal)
for question in (str, lambda x: str(x.byid), lambda x: str(x.byrcs.brief), lambda x: x.dominos.count, lambda x: str(x.sp)):
    question(x)
ask()
"""
    )


def test_hundreds_of_threads_with_tiny_stacks(script):
    """All ask at once, on the smallest stack that CPython gives a thread."""
    script(
        ASK
        + """
import threading
sys.setswitchinterval(1e-3)
threading.stack_size(256 << 10)
answers, errors = [], []
gate = threading.Event()
def look():
    gate.wait()
    try:
        x = hp.iso(known)
        assert known.inside in hp.iso(known.inside)
        str(x), x.referents, x.kind
        answers.append(hp.heap().count)
    except BaseException as e:
        errors.append(repr(e))
threads = [threading.Thread(target=look) for _ in range(200)]
for t in threads: t.start()
assert (hp.heap() & threading.Thread).count >= 200
gate.set()
for t in threads: t.join()
assert not errors and len(answers) == 200, errors[:3]
threads = [threading.Thread(target=ask) for _ in range(4)]  # the rest of the questions, some at a time
for t in threads: t.start()
for t in threads: t.join()
threading.stack_size(0)
ask()
"""
    )


def test_with_the_recursion_limit_nearly_used_up(script):
    """Each depth from where nothing can be called to where everything can."""
    script(
        ASK
        + """
right, failed = [], []
def deep(left, question):
    if left:
        return deep(left - 1, question)
    return question()

def depth():
    frame, n = sys._getframe(), 0
    while frame:
        frame, n = frame.f_back, n + 1
    return n

sys.setrecursionlimit(400)
for question in (hp.heap, lambda: str(hp.heap()), lambda: str(hp.iso(known).sp), lambda: str(hp.iso(known).rp),
                 lambda: hp.iso(known).dominos.count, lambda: str(hp.iso(known).byrcs), ask):
    for left in range(400 - depth(), 300, -1):
        try:
            deep(left, question)
            right.append(left)
        except RecursionError:
            failed.append(left)
    sys.setrecursionlimit(1000)
    ask()
    sys.setrecursionlimit(400)
assert right and failed
sys.setrecursionlimit(1000)
ask()
"""
    )


def test_with_the_memory_limit_nearly_used_up(script):
    """MemoryError or a right answer, wherever the limit is."""
    script(
        ASK
        + """
import resource
pool = [[i] for i in range(200000)]
ask()
def virtual():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[0]) * resource.getpagesize()
soft, hard = resource.getrlimit(resource.RLIMIT_AS)
right = failed = 0
questions = (hp.heap, lambda: hp.heap().byid, lambda: str(hp.iso(known).sp), lambda: hp.iso(*pool).referrers, hp.snapshot,
             lambda: hp.iso(*pool[:10]).dominos, lambda: str(hp.heap().byrcs))
for room in [0, 100 << 10, 300 << 10, 1 << 20, 2 << 20, 4 << 20, 6 << 20, 10 << 20, 20 << 20, 400 << 20]:
    for question in questions:
        gc.collect()
        resource.setrlimit(resource.RLIMIT_AS, (virtual() + room, hard))
        try:
            question()
            right += 1
        except MemoryError:
            failed += 1
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
assert right and failed, (right, failed)
assert (hp.heap() & list).count > 200000
ask()
""",
        timeout=600,
    )


def test_after_a_fork_with_threads_that_are_gone(script):
    """The child has only the thread that forked, and asks everything."""
    script(
        ASK
        + """
import os, threading, time, warnings
warnings.simplefilter("ignore")  # of forking with threads
stop = []
def busy():
    while not stop:
        [Known() for _ in range(10)]
threads = [threading.Thread(target=busy) for _ in range(4)]
for t in threads: t.start()
for _ in range(5):
    child = os.fork()
    if not child:
        status = 1
        try:
            stop.append(1)
            h = hp.heap()
            assert known in h and str(h) and str(hp.iso(known).sp) and hp.snapshot().heap().count > 1000
            assert known.inside in hp.iso(known).dominos
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
stop.append(1)
for t in threads: t.join()
ask()
"""
    )

"""The daily surface under objects, moments and files that mean no good."""

import pytest

SIZES = """
import gc, io, sys, threading, weakref
from guppy import hpy
hp = hpy()
class Sized:
    def __init__(self, act): self.act = act
    def __sizeof__(self):
        self.act()
        return 64
class Other(Sized): pass
"""


def test_sizes_that_act_on_the_set_itself(script):
    """A __sizeof__ that prints the set, drops it, changes classes, makes and frees types, collects."""
    script(
        SIZES
        + """
def attempt(act, by):
    box = []
    o = Sized(lambda: act(box))
    x = getattr(hp.iso(o, 1, "a", {}, [], sys), by)
    box.append(x)
    text = str(x)
    assert str(x) == text and x.count == 6
    x.size, x.stat, x.brief, x.kind, list(x.partition.get_rows()), x.parts, str(x.more), x & x.kind, len(x)

def prints(box): 
    for x in box: 
        if not busy:
            busy.append(1); str(x); x.size; x.parts; busy.pop()
busy = []
def drops(box): box.clear(); gc.collect()
def changes(box):
    for x in box:
        for o in x.nodes:
            if type(o) in (Sized, Other): o.__class__ = Other if type(o) is Sized else Sized
def makes_types(box):
    for i in range(50): type("T%d" % i, (), {})()
    gc.collect()
def looks(box):
    if not busy:
        busy.append(1); hp.heap(); hp.heapu(); hp.setref(); hp.setref(hp.Nothing, hp.Nothing); busy.pop()
for act in (prints, drops, changes, makes_types, looks):
    for by in ("byclodo", "bytype", "bysize", "byid", "byidset", "bymodule", "byunity"):
        attempt(act, by)
"""
    )


def test_owners_that_go_while_their_dicts_are_shown(script):
    script(
        SIZES
        + """
class Owner: pass
owners = [Owner() for i in range(100)]
for i, o in enumerate(owners): o.__dict__["x"] = i
dicts = [o.__dict__ for o in owners]
def drop(): owners.clear(); gc.collect()
x = hp.iso(Sized(drop), *dicts).byid
first = str(x); junk = [[i] for i in range(1000)]
repr(x.more), repr(x.all), x.stat, x.brief, x.byidset.brief, str(x.byidset), x.kind
"""
    )


def test_liars_in_every_table(script):  # H-1, K-133
    script(
        """
from guppy import hpy
hp = hpy()
class Boom(Exception): pass
def boom(*a): raise Boom
class Meta(type):
    __repr__ = __eq__ = __getattribute__ = __instancecheck__ = __subclasscheck__ = __call__ = boom
    __hash__ = None
    __module__ = property(boom); __name__ = property(boom)
class Liar(metaclass=type):
    __slots__ = ()
    __repr__ = __str__ = __eq__ = __lt__ = __hash__ = __len__ = __bool__ = __iter__ = __getattribute__ = __index__ = __call__ = boom
    __class__ = property(boom)
OfMeta = type.__call__(Meta, "OfMeta", (), {"__slots__": ()})
o = object.__new__(OfMeta) if False else None
class Str(str):
    __repr__ = __eq__ = __len__ = __str__ = boom
    __hash__ = str.__hash__
class Module(type(hp.__class__.__mro__)): pass
import types
m = types.ModuleType("m"); m.__dict__["__name__"] = Str("x")
m2 = types.ModuleType("m2"); del m2.__dict__["__name__"]
f = lambda: 0
f.__module__ = 5
d = {Str("k"): 1}
x = hp.iso(Liar(), Liar(), OfMeta, Str("s"), m, m2, f, d, m.__dict__)
for by in ("byclodo", "bytype", "bysize", "byid", "byidset", "bymodule", "byunity"):
    y = getattr(x, by)
    str(y), repr(y.more), repr(y.all), y.brief, y.stat, list(y.partition.get_rows()), y.size, str(y.kind) if by != "byidset" else 0
    for part in y.parts: part.count, part.kind, part.brief, str(part)
    assert x <= y.kind
h = hp.heap(); str(h.byid); h.brief
hp.setref(); str(hp.heap()); str(hp.heapu())
"""
    )


def test_bad_moments(script):
    """heapu(), dump and tables from signal handlers, __del__, weakref callbacks, gc callbacks, trace functions."""
    script(
        """
import gc, io, os, signal, sys, weakref
from guppy import hpy
hp = hpy(); seen = []; busy = []
def look(*args):
    if busy: return
    busy.append(1)
    try:
        h = hp.heap(); sink = io.StringIO()
        hp.heapu(); hp.setref(); hp.setref(hp.Nothing, hp.Nothing); str(h.byid); h.brief; h.dump(sink); sink.seek(0); hp.load(sink)
        seen.append(h.count)
    finally:
        busy.pop()
signal.signal(signal.SIGUSR1, look); os.kill(os.getpid(), signal.SIGUSR1); assert len(seen) == 1
class Dies: __del__ = look
Dies(); assert len(seen) == 2
c = Dies(); c.me = c; del c; gc.collect(); assert len(seen) == 3
class W: pass
w = W(); r = weakref.ref(w, look); del w; assert len(seen) == 4
gc.callbacks.append(look); gc.collect(); gc.callbacks.pop(); assert len(seen) >= 5
sys.settrace(lambda *a: look()); (lambda: 0)(); sys.settrace(None); n = len(seen)
[3, 1, 2].sort(key=lambda n: look() or n); assert len(seen) == n + 3
"""
    )


def test_threads_that_ask_everything(script):
    script(
        """
import io, sys, threading, time
from guppy import hpy
stop = time.monotonic() + 4; failures = []
shared = hpy(); one = shared.heap()
def ask():
    hp = hpy()
    try:
        while time.monotonic() < stop:
            h = hp.heap(); str(h.bysize); repr(one.byid.more); one.brief; hp.heapu(); h & list; one.more.more
            sink = io.StringIO(); h.dump(sink); sink.seek(0); hp.load(sink); dir(hp.Root); one.stat - h.stat; one | h; one == h
            shared.setref(); shared.heap(); shared.setref(shared.Nothing, shared.Nothing)
    except Exception as e:
        failures.append(repr(e))
def churn():
    keep = {}
    while time.monotonic() < stop:
        for i in range(500): keep[i] = [type("T", (), {"a": i})(), {"x": i}, str(i)]; keep[i][0].v = keep[i]
        keep.clear()
threads = [threading.Thread(target=ask) for _ in range(3)] + [threading.Thread(target=churn) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
assert not failures, failures
""",
        timeout=600,
    )


@pytest.mark.parametrize("call", ["hp.heapu()", "hp.setref()", "hp.heap().byid.stat", "str(hp.heap().byidset)", "hp.idset(endless())"])
def test_ctrl_c(script, call):  # H-3
    """Interrupted at many moments: KeyboardInterrupt or an answer, and the next call is right."""
    script(
        """
import itertools, signal
from guppy import hpy
hp = hpy(); keep = [[i, str(i)] for i in range(60000)]
def endless():
    for i in itertools.count(): yield [i]
hp.setref(hp.iso(keep))
stopped = 0
for delay in [0.001 * 1.5 ** i for i in range(14)]:
    before = hp.relheap
    try:  # an alarm between the call and the end of the timer interrupts as well
        try:
            signal.signal(signal.SIGALRM, lambda *a: signal.raise_signal(signal.SIGINT))
            signal.setitimer(signal.ITIMER_REAL, delay)
            %s
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        stopped += 1
    assert keep[5] in hp.heap() or hp.relheap is not before
    hp.setref(hp.iso(keep), hp.Nothing)
assert stopped
"""
        % call,
        timeout=600,
    )


def test_deep_nests_in_every_question(script):  # H-2
    script(
        """
from guppy import hpy
hp = hpy()
deep = None
for i in range(10**6): deep = [deep]
h = hp.heap(); str(h), str(h.byid), h.brief, h.stat, hp.heapu(), hp.setref()
assert h.count > 10**6 and hp.iso(deep).byid.brief.startswith("<1 list")
import ctypes
ctypes.pythonapi.Py_IncRef(ctypes.py_object(deep)); del deep, h
hp.setref(hp.Nothing, hp.Nothing)
assert hp.heapu().count > 10**6
""",
        timeout=600,
    )


def test_shutdown(script):
    out = script(
        """
import io, sys
from guppy import hpy
hp = hpy()
class AtTheEnd:
    def __init__(self, hp): self.hp = hp; self.x = hp.iso(1, "a", hp); self.s = self.x.stat; self.out = sys.stdout
    def __del__(self):
        for ask in (lambda: str(self.x.byid), lambda: self.hp.heapu(), lambda: self.x.brief, lambda: str(self.s), lambda: self.x & int,
                    lambda: self.s.dump(io.StringIO()), lambda: self.hp.setref(), lambda: dir(self.hp.Root), lambda: self.x.nodes,
                    lambda: self.hp.View.horizon(), lambda: self.x.partition.rows, lambda: self.hp.load([])):
            try: ask()
            except BaseException: pass
        self.out.write("survived\\n"); self.out.flush()
keep = AtTheEnd(hp); keep.me = keep; sys.keep = keep
"""
    )
    assert out.stderr == "" and out.stdout in ("survived\n", "")


def test_cleared_sets_say_so(script):
    """The collector takes a cycle apart in any order: what is asked of the pieces raises, and nothing else."""
    script(
        """
import gc
from guppy import hpy
class Last:
    def __init__(self): self.hp = hpy(); self.x = self.hp.iso(self, 1, []); self.more = self.x.more; self.p = self.x.byid.partition
    def __del__(self):
        kept.append((self.hp, self.x, self.more, self.p, self.x.nodes, self.x.stat, self.hp.Type, self.hp.Type(int)))
kept = []
for i in range(20): Last()
gc.collect()
for things in kept:
    for t in things:
        for ask in (str, repr, lambda t: t.count, lambda t: t.size, lambda t: t | t, lambda t: list(t), len, hash, lambda t: t.heap()):
            try: ask(t)
            except (TypeError, RuntimeError, AttributeError): pass
del things, t; kept.clear(); gc.collect()
"""
    )


def test_odd_modules_and_another_dict_of_them(script):
    """A module object that was never initialised has no dict on 3.10; sys.modules may be another dict than the
    interpreter's own, in which alone modules are then found."""
    script(
        """
import collections.abc  # the C code of array imports it, which fails once sys.modules is another dict
import sys, types

sys.modules["bare"] = bare = types.ModuleType.__new__(types.ModuleType)
sys.modules["no module"] = object()
from guppy import hpy

hp = hpy()
assert str(hp.iso(bare).bymodule) and str(hp.iso(bare).byid) and repr(hp.iso(bare).kind)
sys.modules = dict(sys.modules)
other = hpy()
for question in (
    "heap()", "iso(sys).sp", "iso(sys).rp", "heap().byid", "why(sys)", "dominators()", "snapshot().heap()", "doc",
    "heapu()", "setref()", "Type.Module", "iso([]).kind", "heap().stat", "View", "iso(sys).bymodule.kind", "Module('sys')",
):
    for session in hp, other:
        str(eval("session." + question))
import xml.dom.minicompat
assert repr(hp.Module("xml.dom.minicompat")).endswith("Module('xml.dom.minicompat')"), hp.Module("xml.dom.minicompat")
"""
    )

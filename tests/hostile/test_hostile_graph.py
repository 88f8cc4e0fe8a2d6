"""The graph of objects that mean no good: keys, frames, depth, threads, interrupts, a root that goes."""

PRELUDE = """
import gc, sys, threading, time, weakref
from guppy import hpy
hp = hpy()
def everything(s):
    return [s.referrers, s.referents, s.dominos, s.domisize, s.imdom, s.retained, str(s.byrcs), str(s.byvia), str(s.sp), str(s.rp), str(s.rp.all)[:100],
            str(s.pathsin), str(s.pathsout), str(s.byretained), str(s.get_rp(stopkind=hp.Nothing))]
"""


def test_keys_and_names(script):
    script(
        PRELUDE
        + """
class Raises:
    def __repr__(self): raise ZeroDivisionError
    def __lt__(self, other): raise ZeroDivisionError
    __gt__ = __le__ = __ge__ = __lt__
class Exits(Raises):
    def __repr__(self): return 5
class Slow(Raises):
    def __repr__(self): time.sleep(0.5); return "slow"
class Large(Raises):
    def __repr__(self): return "x" * 10**6
class Mutates(Raises):
    def __repr__(self): d.clear(); holder.clear(); return "mutates"
x = ["x"]
d = {"100%": x, "%s": x, Raises(): x, Exits(): x, Slow(): x, Large(): x, Mutates(): x, "a" * 10**6: x, "\\ud800": x, "": x, "%%": 1}
holder = [d]
s = hp.iso(x)
p = s.get_shpaths(hp.iso(d))
assert p.numpaths == 10
text = str(p)
assert all(len(line) < 100 for line in text.splitlines()) and "..." in text and "Src['100%']" in text
p = s.get_shpaths(hp.iso(d))
d.update({Raises(): x, Large(): x, "%": x})
everything(s), everything(hp.iso(d))
snapshot = hp.snapshot()
everything(snapshot.iso(x))
assert len(str(hp.iso(x).byvia)) < 10**5
setattr(Raises, "100%", x)
r = Raises(); r.__dict__["a b %s"] = x
everything(hp.iso(x))
"""
    )


def test_frames_and_generators(script):  # H-39
    script(
        PRELUDE
        + """
def gen():
    local = ["local"]
    frames.append(sys._getframe())
    yield local
    yield
frames = []
g = gen(); local = next(g)
kept = [gen() for _ in range(50)]
for k in kept: next(k)
for s in (hp.iso(local), hp.iso(g), hp.iso(*frames)): everything(s)
del kept, g
gc.collect()
for s in (hp.iso(local), hp.iso(*frames)): everything(s)
async def co(): await other()
async def other(): pass
c = co()
everything(hp.iso(c))
c.close()
everything(hp.iso(c))
def deep(n):
    return deep(n - 1) if n else everything(hp.iso(local))
sys.setrecursionlimit(5000)
deep(800)
"""
    )


def test_deep_nests(script):  # H-2, P-13, P-76
    script(
        PRELUDE
        + """
chain = bottom = []
for _ in range(200000): chain = [chain]
s, t = hp.iso(bottom), hp.iso(chain)
s.referrers, s.imdom, t.dominos, t.retained, t.referents, str(s.byrcs), str(s.byvia)
assert s.sp.numpaths >= 1 and s.get_shpaths(t).numpaths == 1 and len(s.get_shpaths(t)[0]) == 200000
assert len(s.get_rp(depth=3000, src=t)) == 3001
snapshot = hp.snapshot()
assert snapshot.iso(chain).retained == t.retained and snapshot.iso(bottom).dominos.count == 1
tree = snapshot.dominators()
whole = t.retained
node = snapshot.moment.dominated(chain)  # which keeps chain[0] alive from here on
assert node[0][0] is chain[0] and 0 < node[0][1] < whole and t.retained < node[0][1]
d = {}
e = d
for _ in range(100000): e["k"] = e = {}
hp.iso(d).dominos, hp.iso(d).rp, hp.iso(e).sp
import itertools
it = iter(())
for _ in range(50000): it = itertools.chain(it)
hp.heap(), hp.iso(it).dominos, hp.iso(it).sp
import os
sys.stdout.flush()
os._exit(0)  # CPython's own deallocation of such nests is not what is tested
"""
    )


def test_everything_of_strange_sets(script):
    script(
        PRELUDE
        + """
for s in (hp.Nothing, hp.iso(hp.Root), hp.iso(object()), hp.iso(hp), hp.iso(hp.iso(1)), hp.iso(None, 1, int, type, sys, sys.modules), hp.iso(hp.View.hv)):
    if s.count:
        everything(s)
    str(s.rp), str(s.sp), s.dominos, s.imdom
    snapshot = hp.snapshot()
    try:
        everything(snapshot.idset(s.nodes))
    except ValueError as e:
        assert "not part of this snapshot" in str(e)
def f(n):
    return n
class Tagged: pass
tagged = Tagged()
x = ["x"]
tagged.x = x
tagged._hiding_tag_ = hp._hiding_tag_
assert tagged not in hp.iso(x).referrers and tagged not in hp.iso(x).rp[1]
hp.View.root = x
assert hp.iso("x").referrers == hp.iso(x) and str(hp.iso("x").sp) == " 0: Src[0]" and hp.heap().count == 2
s = hp.snapshot()
assert s.heap() == hp.heap() and s.iso("x").imdom == hp.iso("x").imdom
hp.View.is_hiding_calling_interpreter = True
hp.View.root = hp.Root
assert hp.iso(x).referrers is hp.Nothing and str(hp.iso(x).sp) == ""
"""
    )


def test_threads_that_mutate(script):
    script(
        PRELUDE
        + """
stop = threading.Event()
shared = {i: [i] for i in range(1000)}
def mutate(k):
    import random
    draw = random.Random(k)
    while not stop.is_set():
        shared[draw.randrange(1000)] = [draw.random(), shared.get(draw.randrange(1000))]
        shared.pop(draw.randrange(1000), None)
        if draw.random() < 0.01: gc.collect(0)
threads = [threading.Thread(target=mutate, args=(k,)) for k in range(4)]
for t in threads: t.start()
begin = time.time()
target = ["target"]
shared["target"] = target
while time.time() - begin < 6:
    s = hp.iso(target)
    assert s.referrers.count >= 2 and "??" not in str(s.sp)
    everything(s), str(hp.why(target)), hp.snapshot().moment.validate()
    str(hp.iso(shared).dominos), hp.heap().byretained
stop.set()
for t in threads: t.join()
"""
    )


def test_objects_that_die_between_question_and_print(script):  # H-92
    script(
        PRELUDE
        + """
class Box(list): pass
for _ in range(20):
    x = Box(["x"])
    holders = [Box([x]) for _ in range(200)] + [{"k": x}, (x,)]
    ref = weakref.ref(x)
    s = hp.iso(x)
    later = [s.rp, s.get_shpaths(hp.iso(*holders)), s.referrers, s.byvia, s.pathsin, s.sp, s.byretained, hp.why(x), s.get_rp(ref=lambda t: t.referents)]
    del x, holders, s
    gc.collect()
    junk = [Box(["y"]) for _ in range(2000)]
    for answer in later: str(answer), repr(answer)
    str(later[0].all), str(later[1].all), str(later[1].avoided(0)), later[1].sets, later[1].edges
    assert ref() is not None
    del later, answer
    gc.collect()
    assert ref() is None
"""
    )


def test_interrupts(script):
    """Ctrl-C at any time: KeyboardInterrupt, nothing lost, and the next answer is right."""
    script(
        PRELUDE
        + """
import os, signal
keep = [[i, {"k": i}] for i in range(150000)]
target = keep[70000]
s = hp.iso(target)

def interrupt_after(seconds):
    # A process, not a thread: an exception inside a thread's own locks would leave them taken.
    pid = os.fork()
    if not pid:
        time.sleep(seconds)
        os.kill(os.getppid(), signal.SIGINT)
        os._exit(0)
    return pid

questions = [lambda: s.referrers, lambda: s.dominos, lambda: s.imdom, lambda: s.sp, lambda: hp.snapshot(), lambda: hp.iso(keep).retained,
             lambda: hp.snapshot().moment.total, lambda: hp.heap().byretained, lambda: str(s.rp)]
expected = (s.referrers.count, s.domisize)
stopped = 0
for ask in questions:
    begin = time.perf_counter(); ask(); length = time.perf_counter() - begin
    for part in (0.1, 0.3, 0.5, 0.7, 0.9):
        try:
            pid = interrupt_after(part * length)  # which a busy machine may return from after the interrupt
            ask()
            os.waitpid(pid, 0)
            time.sleep(0.01)
        except KeyboardInterrupt:
            stopped += 1
    try:
        time.sleep(0.05)
    except KeyboardInterrupt:
        pass
assert stopped > 5
assert (s.referrers.count, s.domisize) == expected, expected
""",
        timeout=600,
    )


def test_a_handler_that_returns(script):
    script(
        PRELUDE
        + """
import signal, os
keep = [[i] for i in range(10**6)]
seen = []
signal.signal(signal.SIGINT, lambda *a: seen.append(1))
for delay in (0.01, 0.03, 0.06, 0.1, 0.2):
    t = threading.Timer(delay, lambda: os.kill(os.getpid(), signal.SIGINT)); t.start()
    assert hp.iso(keep[5]).imdom.count >= 1 and hp.snapshot().moment.total > 10**6
    t.join()
assert len(seen) == 5
"""
    )


def test_sizes_that_run_code(script):
    script(
        PRELUDE
        + """
class Sized(list):
    def __sizeof__(self):
        holder.clear(); gc.collect(); hp.iso(self).referrers; return 1000
holder = [Sized([1]), [Sized([2])]]
s = hp.iso(*holder)
assert s.domisize >= 1000
holder[:] = [Sized([1]), [Sized([2])]]
hp.snapshot().heap().byretained, s.rp, s.byretained
"""
    )

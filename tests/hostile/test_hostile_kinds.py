"""Kinds and relations over classes, keys and expressions that mean no good."""

PRELUDE = """
import gc, sys, threading, weakref
from guppy import hpy
hp = hpy()
"""


def test_metaclasses_that_raise(script):
    """Kinds of classes whose metaclass raises in everything a comparison or a text could ask."""
    script(
        PRELUDE
        + """
class Meta(type):
    def fail(*args): raise ZeroDivisionError
    __eq__ = __hash__ = __repr__ = __str__ = __instancecheck__ = __subclasscheck__ = __bool__ = __len__ = fail
    __lt__ = __le__ = __contains__ = __iter__ = fail
    __module__ = __name__ = property(fail)
class A(metaclass=Meta): pass
class B(A, metaclass=Meta):
    def __getattribute__(self, name): raise ZeroDivisionError
a, b = A(), B()
x = hp.iso(a, b, 1, "a")
T, U = hp.Type(A), hp.Type(B)
for k in (T, U, T | U, ~T, T & hp.Size(16), T.alt("<="), T.alt(">"), hp.Clodo(dictof=A), T.dictof, hp.Rcs(T), hp.findex(T, U)(1), T - x, x | U):
    str(k), repr(k), hash(k), k == T, k <= U, k.disjoint(T), x & k, x - k, a in k, b in k, k.arg, k.fam, k.get_ckc(), k.biper
    for by in ("Type", "Clodo", "Size", "Rcs", "Via", "Module", "Id", "Idset", "Unity", "Type&Size", "Rcs&Via"):
        y = x.by(by)
        str(y), y.kind, str(y.kind), repr(y.kind), y.brief, y[0].kind, y.parts, [r.kind for r in y.partition.get_rows()]
assert (x & T).theone is a and (x & U).theone is b and (x & T.alt("<=")).count == 2 and (x & hp.Type(A).alt("<")).theone is b
assert eval(repr(T | U)) == T | U and hp.tc_adapt(hp.tc_repr(A)) is A
for er in (hp.Type, hp.Rcs, hp.Type.dictof, hp.findex(T)):
    er[x]
"""
    )


def test_sessions_that_are_mixed(script):
    script(
        PRELUDE
        + """
other, foreign = hpy(), hpy(ht=[])
a, b, c = hp.Type(int), other.Type(int), foreign.Type(int)
x, y, z = hp.iso(1, "a"), other.iso(1, "b"), foreign.iso(1)
assert a == b and hash(a) == hash(b) and (a | b) == a and (x & b).theone == 1 == (y & a).theone and a - b is hp.Nothing
assert (a | other.Type(str)) == (b | hp.Type(str)) and x.by(other.Type).er is hp.Type and x.by(other.Rcs).er is hp.Rcs
assert str(x.by(other.Type & other.Size)) == str(x.by("Type&Size")) and str(x.by(other.findex(b)))
assert (a == c, a != c, c == a) == (False, True, False)
for operate in (lambda: a | c, lambda: c & a, lambda: a ^ z, lambda: x - c, lambda: a <= c, lambda: a.disjoint(c), lambda: hp.findex(c)):
    try:
        operate()
    except ValueError as e:
        assert "tag" in str(e)
    else:
        assert False
r = other.Rcs(b)
del other, y
gc.collect()
assert str(r) == "<referred by: int>" and all(o in r for o in (x & r).nodes)
for i in range(50):
    s = hpy(); k = s.Type(int) & ~s.Size(i) | s.iso(i); er = (s.Type & s.Rcs).refdby; del s; gc.collect()
    str(k), repr(er), 5 in k
"""
    )


def test_deep_and_wide_expressions(script):
    """Ten thousand operators: a right answer or a clear error, never a crash."""
    script(
        PRELUDE
        + """
import time
def deep(step, start, depth=10000):
    k = start
    try:
        for i in range(depth):
            k = step(k, i)
    except (OverflowError, RecursionError, ValueError) as e:
        assert len(str(e)) > 10, e
        return None
    str(k)[:10], repr(k)[:10], hash(k), 1 in k, hp.iso(1, "a") & k
    return k
classes = [type("T%d" % i, (), {}) for i in range(300)]
T = [hp.Type(c) for c in classes]
assert deep(lambda k, i: ~k, hp.Type(int)) == hp.Type(int)
assert deep(lambda k, i: k | T[i % 300], hp.Nothing) == hp.union(T)
assert deep(lambda k, i: k & ~T[i % 300], hp.Anything) == ~hp.union(T)
assert deep(lambda k, i: k - T[i % 300], hp.Type(int)) == hp.Type(int)
deep(lambda k, i: k ^ T[i % 300], hp.Nothing, 400)
deep(lambda k, i: k | hp.Size(i), hp.Nothing, 1000)
deep(lambda k, i: k & (hp.Size(i).alt("<=") | T[i % 300]), hp.Anything, 60)
deep(lambda k, i: k & (hp.Size(i).alt("<=") | hp.Via("[%d]" % i)), hp.Anything, 60)
deep(lambda k, i: k | hp.iso([i]), hp.Type(int), 500)
deep(lambda k, i: k.dictof, hp.Type(int))
deep(lambda k, i: hp.findex(k)(0), hp.Type(int))
deep(lambda k, i: hp.Clodo.refdby(k) if i == 0 else hp.Rcs.refdby(k), hp.Type(int))
def nest(make):
    er = hp.Type
    try:
        for i in range(10000):
            er = make(er)
    except OverflowError as e:
        assert "deep" in str(e), e
        str(er), repr(er), hash(er), er == er, er <= hp.Type
        str(hp.iso(1, "a").by(er)), hp.iso(1, "a").by(er).kind
    else:
        assert False
nest(lambda er: er.refdby); nest(lambda er: er.dictof); nest(lambda er: (er & hp.Size).refdby)
er = hp.Type
for i in range(10000):
    er = er & hp.Size & hp.Via
assert len(er.erargs) == 3
text = "hp.Type(int)" + " | hp.Type(str)" * 300
assert eval(text) == hp.Type(int) | str
many = hp.idset([[i] for i in range(50000)])
k = many.byid.kind
assert (many & k) == many and (many - k) is hp.Nothing and hash(k) == hash(many.byid.kind) and many <= k
"""
    )


def test_keys_and_reprs_that_act(script):
    """Keys whose repr, hash or comparison changes the heap, collects, prints the set, or is interrupted."""
    script(
        PRELUDE
        + """
class Key:
    def __init__(self, act): self.act = act
    def __hash__(self): return 1
    def __eq__(self, other): self.act(); return self is other
    def __repr__(self): self.act(); return "key"
def attempt(act):
    value = ["value"]
    holders = [{Key(act): value}, {Key(act): value}]
    x = hp.iso(value)
    state["x"], state["holders"] = x, holders
    try:
        str(x.byvia), x.byvia.kind, x & hp.Via("[0]")
    except (KeyboardInterrupt, SystemExit) as e:
        return type(e)
state = {}
busy = []
def prints():
    if not busy:
        busy.append(1); str(state["x"].byvia) if "x" in state else None; hp.heap(); busy.pop()
def drops(): state.clear(); gc.collect()
def clears():
    for h in state.get("holders", []): h.clear()
def raises(): raise KeyError
def stops(): raise KeyboardInterrupt
for act in (prints, drops, clears, raises):
    attempt(act)
assert attempt(stops) is KeyboardInterrupt
assert hp.iso(1).byvia.count == 1
"""
    )


def test_sets_in_garbage(script):
    """Kinds, relations and large unions in cycles that the collector takes apart, with finalizers that use them."""
    script(
        PRELUDE
        + """
used = []
class Node:
    def __del__(self):
        for s in self.sets:
            try:
                used.append((str(s)[:20], 1 in s, s & hp.Type(list)))
            except (RuntimeError, AttributeError):
                used.append(None)
for i in range(30):
    n = Node()
    big = hp.idset([[j] for j in range(5000)]) | hp.idset([[j] for j in range(5000)])
    k = hp.Type(Node) | hp.iso(n)
    n.sets = [big, k, ~k, k.dictof, hp.iso(n), (hp.Type & hp.findex(k)).refdby, hp.iso(n).maprox.sets]
    n.loop = n
    del n, big, k
    gc.collect()
assert len(used) >= 100
"""
    )


def test_threads_that_change_the_heap_meanwhile(script):
    script(
        PRELUDE
        + """
import time
stop = False
keep = {}
def change():
    i = 0
    while not stop:
        keep[i % 100] = [type("T", (), {})() for _ in range(10)]
        i += 1
threads = [threading.Thread(target=change) for _ in range(3)]
for t in threads: t.start()
end = time.time() + 3
while time.time() < end:
    h = hp.heap()
    k = h.byclodo.kind
    assert (h & k) == h
    x = h & (hp.Type(list) | hp.Size(48)) & ~hp.Rcs(hp.Type(tuple))
    str(x.byrcs), str(x[0].byvia), x.owners, x | h, x ^ h, str(x.by("Type&Size").kind)
stop = True
for t in threads: t.join()
"""
    )


def test_interpreters_in_which_the_package_is_imported_twice(script):
    """A second copy of the extension: its sets are strangers to the first."""
    script(
        PRELUDE
        + """
import sys
for name in [n for n in sys.modules if n.split(".")[0] == "guppy"]:
    del sys.modules[name]
from guppy import hpy as hpy2
hp2 = hpy2()
x, y = hp.iso(1), hp2.iso(1)
for operate in (lambda: x | y, lambda: hp.Type(int) & hp2.Type(int), lambda: x <= y, lambda: hp.findex(y), lambda: hp.Rcs(hp2.Type(int))):
    try:
        operate()
    except (TypeError, ValueError, ImportError, RuntimeError):
        pass
assert x == hp.iso(1) and x != 5
"""
    )

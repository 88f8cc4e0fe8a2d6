"""Cases of guppy.sets: each line is an expression, whose repr or class of error is compared."""

from cases import Case

PREPARE = """
import copy, pickle
from guppy.sets import *
from guppy.sets import setsc
from guppy.sets.setsc import CplBitSet, _bs

a, b = immbitset([1, 5, 9, -3, 640]), immbitset([5, 6, -70])
big, far = immbitrange(-50, 1000, 3), immbitset([0, 10**9, -10**15])
m = mutbitset([3, 4, 900]); x = [1.5]; y = {}; z = object()
n, p = immnodeset([x, y]), mutnodeset([y, z])

class Sub(ImmBitSet): pass
class MSub(MutBitSet): pass

def each(text):
    for line in text.strip().splitlines():
        try:
            print(line, "->", repr(eval(line, globals())))
        except Exception as e:
            print(line, "->", type(e).__name__)

def act(s, *steps):
    out = []
    for name, *args in steps:
        try:
            out.append(getattr(s, name)(*args))
        except Exception as e:
            out.append(type(e).__name__)
    return [int(o) if isinstance(o, bool) else o for o in out], s

def inplace(op, s, other):
    scope = {"s": s, "o": other}
    exec("t = s; t %s o" % op, scope)
    return type(scope["t"]).__name__, scope["t"]
"""


def expressions(name, specs, text):
    return Case(name, specs, PREPARE + "each(r'''\n%s''')\n" % text)


OPERANDS = ["a", "b", "~a", "~b", "big", "~big", "m", "mutbitset(~b)", "far", "immbitset()", "~immbitset()", "6", "-7", "[1, 9, 9]", "(5,)", "{5: 1}", "{9}", "range(4)"]
PAIRS = [(left, right) for left in OPERANDS[:11] for right in OPERANDS]

CASES = [
    expressions("bit set operators %s" % op, "B-30 B-32 B-54", "".join("%s %s %s\n" % (left, op, right) for left, right in PAIRS))
    for op in ("&", "|", "^", "-")
] + [
    expressions("reflected bit set operators", "B-30", "".join("%s %s %s\n" % (left, op, right) for op in "&|^-" for left in ("6", "-7", "[1, 5]", "{5: 1}", "{9}", "(1, 5)", "None", "1.5") for right in ("a", "~a", "m"))),
    expressions("bit set comparisons", "B-40", "".join("%s %s %s\n" % (left, op, right) for op in ("==", "!=", "<", "<=", ">", ">=") for left in OPERANDS[:11] for right in OPERANDS[:11])),
    expressions("bit set constructors", "B-20 B-21 B-22 B-23 B-24", """\
immbitset()
immbitset([1, 2, 2, -5])
immbitset({4: 1, 5: 2})
immbitset(b'ab')
immbitset(True)
immbitset(2**200 + 5)
immbitset(-2**70)
immbitset(arg=5)
ImmBitSet(5), MutBitSet(5), MutBitSet(-5), MutBitSet(~b), MutBitSet(m)
ImmBitSet(-1)
ImmBitSet(~a)
CplBitSet(a)
CplBitSet([1])
CplBitSet(m)
CplBitSet()
ImmBitSet(1, 2)
immbitset(1, 2)
immbitset(foo=1)
MutBitSet(1, 2)
immbitset(None)
immbitset(1.5)
immbitset([1.5])
immbitset('a')
immbitset('')
immbitset([2**63])
immbitset([-2**63, 2**63 - 1])
immbit(3), immbit(-3), immbit(True)
immbit()
immbit(1.5)
immbit('a')
immbit(2**63)
BitSet()
immbitset(a) is a, immbitset(~a) == ~a, immbitset() is ImmBitSet([]), ~immbitset() is ~immbitset(), ~~a is a
"""),
    expressions("bit ranges", "B-25", """\
immbitrange(5)
immbitrange(-3, 3)
immbitrange(0, 20, 7)
immbitrange(5, 2)
immbitrange(-4)
immbitrange(-2**63, 2**63-1, 2**62)
immbitrange(63, 66), immbitrange(-65, -62), immbitrange(60, 200, 64)
immbitrange(-300, 300, 100)
immbitrange()
immbitrange(1, 2, 3, 4)
immbitrange(1, 2, 0)
immbitrange(1, 2, -1)
immbitrange('a')
immbitrange(2**63)
immbitrange(0, 5, 2**63)
"""),
    expressions("bit set shifts and other operators", "B-35 B-36 B-37", """\
a << 3, a << -3, a << 0, (~a) << 64, m << 1, immbitset() << 2**62
a << 2**63
immbit(2**63 - 1) << 1
immbit(-2**63) << -1
a << 1.5
2 << a
a >> 1
a + a
a * 2
~a, ~~a, ~m, ~immbitset()
"""),
    expressions("bit set members", "B-38 B-43 B-50", """\
1 in a, 2 in a, 1 in ~a, 2 in ~a, -3 in a, 4 in m, 10**9 in far
'a' in a
1.5 in a
2**64 in a
len(a), len(m), len(big), len(immbitset()), len(far)
len(~a)
len(mutbitset(-1))
list(~a)
list(a), list(m), list(far), list(immbitset())
bool(a), bool(immbitset()), bool(~immbitset()), bool(mutbitset()), bool(mutbitset(-1))
"""),
    expressions("bit sets as numbers and texts", "B-53 B-54 B-55", """\
int(immbitset([0, 3])), int(~immbitset([0, 3])), int(mutbitset([70])), int(mutbitset(-1)), int(immbitset())
int(a)
int(~a)
float(a)
hex(a)
str(a), str(~a), str(m), str(mutbitset(~b)), str(immbitset())
a.is_immutable, (~a).is_immutable, m.is_immutable
repr(Sub([1])), repr(MSub([1])), repr(~Sub([1]))
"""),
    expressions("bit set items", "B-60", """\
a[0], a[-1], m[0], m[-1]
a[:2], a[0:2], a[-2:], a[:], a[::1], a[:99], a[-99:], m[:1], m[:]
a[1]
a[-2]
a[True]
a['a']
a[1.0]
a[1:]
a[:-1]
a[0:0]
a[-2:5]
a[::2]
a[2**64]
immbitset()[0]
immbitset()[:3]
(~a)[0]
mutbitset(-1)[0]
mutbitset(-1)[:]
mutbitset(-1)[:2]
"""),
    expressions("bit set methods", "B-70", """\
act(mutbitset([1]), ("add", 2), ("append", 3), ("append", 1), ("discard", 9), ("discard", 1), ("remove", 2), ("remove", 2), ("tas", 5), ("tas", 5), ("tac", 5), ("tac", 5))
act(mutbitset([1, 70, -2]), ("pop",), ("pop", 0), ("pop", 1), ("pop", "a"), ("pop", -1), ("pop",), ("clear",), ("add", 5))
act(mutbitset(-1), ("remove", 3), ("append", 4), ("discard", 4), ("add", 3), ("pop",))
act(mutbitset(), ("add", "a"), ("add", 2**64), ("add",), ("remove", 1.5), ("tas", None))
a.mutcopy(), (~a).mutcopy(), m.mutcopy(), m.mutcopy() is m
inplace("&=", mutbitset([1, 2, 3]), [2, 3, 4]), inplace("|=", mutbitset([1]), -1), inplace("^=", mutbitset([1]), immbit(1)), inplace("-=", mutbitset([1, 2]), ~immbit(1))
inplace("&=", immbitset([1, 2, 3]), [2]), inplace("|=", ~immbit(1), [1]), inplace("<<=", mutbitset([1]), 3)
inplace("&=", mutbitset([1]), None)
inplace("|=", mutbitset([1]), 1.5)
hash(m)
a.add
"""),
    expressions("bit set pickles", "B-80 B-81", """\
immbit(1).__reduce__()[1]
(~immbit(-1)).__reduce__()[1], mutbitset([5, 64]).__reduce__()[1], mutbitset(-1).__reduce__()[1]
[pickle.loads(pickle.dumps(s, q)) == s for s in (a, ~a, m, mutbitset(-2), far, immbitset()) for q in range(6)]
copy.copy(a), copy.deepcopy(m), type(copy.copy(~a)).__name__
_bs(0, b''), _bs(1, b''), _bs(2, b'')
"""),
    expressions("node sets", "N-1 N-3 N-4 N-7 N-10 N-13", """\
len(n), len(p), len(immnodeset([1, 1.0, True])), x in n, z in n, y in p
[len(s) for s in (n | p, n & p, n - p, n ^ p, p | n, p & [y], p - (y,), p ^ {1: 2})]
[type(s).__name__ for s in (n | p, p | n, p & p, n ^ [x])]
n == immnodeset([y, x]), n == p, n != p, n < immnodeset([x, y, z]), n <= n, p >= mutnodeset([z]), n == [x, y], n != None
n < [x]
n | 3
[x] | n
~n
n + n
n[0]
immnodeset(None)
mutnodeset(3)
immnodeset([], 1, 2)
mutnodeset([], 1)
NodeSet()
immnodeset(n) is n, mutnodeset(p) is p, n.is_immutable, p.is_immutable
n.obj_at(id(x)) is x
n.obj_at(id(z))
n.obj_at('a')
hash(n) == hash(immnodeset([y, x]))
hash(p)
copy.copy(n)
copy.deepcopy(p)
n.add
bool(immnodeset()), bool(p)
"""),
    expressions("node set methods", "N-5 N-8 N-11 N-16", """\
[repr(o) for o in act(mutnodeset([x]), ("add", y), ("append", x), ("append", z), ("discard", 5), ("discard", x), ("remove", y), ("remove", y))[0]]
[repr(o) for o in act(mutnodeset([x]), ("tas", x), ("tas", y), ("tac", y), ("tac", y), ("clear",), ("pop",))[0]]
mutnodeset([x]).pop() is x
n._hiding_tag_
immnodeset([x], 5)._hiding_tag_, immnodeset(iterable=[x], hiding_tag=6)._hiding_tag_, (immnodeset([x], 5) | [y])._hiding_tag_
len(immnodeset_union([[x], (y, x)])), type(immnodeset_union([])).__name__, immnodeset_union([[x]], 7)._hiding_tag_, type(mutnodeset_union([[x]])).__name__
immnodeset_union(3)
immnodeset_union([3])
sorted(t.__name__ for t in (ImmBitSet, CplBitSet, MutBitSet, ImmNodeSet, MutNodeSet)), {t.__module__ for t in (ImmBitSet, CplBitSet, MutBitSet, ImmNodeSet, MutNodeSet)}
"""),
]  # fmt: skip

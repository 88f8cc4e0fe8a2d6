"""Programs whose output must be guppy3's, to the character.

A case is a name, the spec numbers it covers, and code that runs after PRELUDE.  `since` is the first
CPython it applies to.  Cases with instances of user classes touch `__dict__` first, so that the dict exists
for both (H-33).  A deliberate difference would be declared as `ours`: (spec number, our output).
"""

from typing import NamedTuple, Optional, Tuple

PRELUDE = """
import collections, datetime, decimal, gc, io, os, re, sys, threading, types
from guppy import hpy
hp = hpy()

class C:
    pass

class S:
    __slots__ = ("a", "b")

class D(dict):
    pass

class L(list):
    pass

class Meta(type):
    pass

class OfMeta(metaclass=Meta):
    pass

def f():
    return 1

c = C(); c.x = 1; c.__dict__
s = S(); s.a = c
f.attribute = 1

def error(call):
    try:
        call()
    except Exception as e:
        return type(e).__mro__[:-2]
    return None
"""


class Case(NamedTuple):
    name: str
    specs: str
    code: str
    since: Tuple[int, int] = (3, 10)
    ours: Optional[Tuple[str, str]] = None


CASES = [
    Case("session repr", "S-10 S-11", "print(hp); print(repr(hp) == str(hp)); print(hpy())"),
    Case("sessions differ", "S-3", "print(hpy() is hpy(), hpy() == hpy(), hp == hp)"),
    Case("tutorial iso", "S-70 T-30", "print(hp.iso(1, 2, 'a'))"),
    Case("iso of nothing", "S-70 S-74 K-30", "print(hp.iso() is hp.Nothing, hp.Nothing, repr(hp.iso()))"),
    Case("iso one object", "T-30 S-74", "print(hp.iso([])); print(type(hp.iso([])))"),
    Case("iso duplicates", "S-72", "print(hp.iso(1, 1, 'a', 'a').count)"),
    Case("container is one object", "S-75", "print(hp.iso(list(range(1500))))"),
    Case("classes of sets", "K-20 S-31", "print(type(hp.heap()), type(hp.iso(1)), type(hp.iso(1, 2)), type(hp.Nothing))"),
    Case("nothing", "K-30", "n = hp.Nothing; print(n.count, n.size, len(n), bool(n), n.bytype is n, n.byclodo is n)"),
    Case("nothing index", "K-30", "print(error(lambda: hp.Nothing[0]), hp.Nothing[0:1])"),
    Case("nothing more", "K-31", "print(repr(repr(hp.Nothing.more)))"),
    Case("set operations", "K-40 K-32", """
a, b = hp.iso(1, 2, 'x'), hp.iso(2, 'x', 2.5)
for r in (a | b, a & b, a - b, b - a, a - a, a & hp.Nothing, a | hp.Nothing, hp.Nothing - a):
    print(r)
"""),
    Case("membership", "K-13", "x = hp.iso(1, c); print(1 in x, c in x, 2 in x, x in x, C in x)"),
    Case("count and size", "K-25 K-25a S-39", "x = hp.iso(1, 'abc', [], {}, c, s); print(x.count, x.size, len(x), bool(x))"),
    Case("operands refused", "K-19d", "print(error(lambda: hp.iso(1) | 5), error(lambda: None - hp.iso(1)), error(lambda: hp.iso(1) & [1]))"),
    Case("not iterable", "K-18", "print(error(lambda: iter(hp.iso(1))))"),
    Case("bytype", "K-60", "print(hp.iso(1, 2.5, 'a', b'b', [], (), {}, set(), None, c, c.__dict__).bytype)"),
    Case("byclodo", "K-60", "print(hp.iso(1, {}, c, c.__dict__, sys.__dict__, f.__dict__).byclodo)"),
    Case("bytype of bytype", "K-4", "x = hp.iso(1, {}).bytype; print(x.bytype is x, x.byclodo)"),
    Case("byclodo is itself", "K-25h", "x = hp.iso(1, {}); print(x.byclodo is x)"),
    Case("relation of results", "K-24", "x = hp.iso({}, c.__dict__).bytype; print(x | x); print(x[0:1])"),
    Case("index a row", "K-50 T-40 K-54", "x = hp.iso(1, 2, 'a', c); print(x); print(x[1]); print(x[0]); print(x[-1])"),
    Case("index a row again", "T-41", "x = hp.iso(1, 2, 'a', c)[1]; print(x[0]); print(x.bytype); print(x[0:1])"),
    Case("slices of rows", "K-51", "x = hp.iso(1, 2, 'a', c, [], 2.5); print(x[0:2]); print(x[1:]); print(x[::2]); print(x[9:], x[2:1])"),
    Case("bad indices", "K-50 K-51 K-52", """
x = hp.iso(1, 'a')
print(error(lambda: x[2]), error(lambda: x[10**6]), error(lambda: x[::0]), error(lambda: x[::-1]), error(lambda: x['a']))
"""),
    Case("booleans index", "K-52", "x = hp.iso(1, 'a'); print(x[True]); print(x[False])"),
    Case("row sizes", "K-25a", "x = hp.iso(1, 2, 'a', c, [], 2.5); print([(x[i].count, x[i].size) for i in range(len(x))])"),
    Case("order of ties", "T-10", """
x = hp.iso(*[type(n, (), {'__slots__': ()})() for n in ('K2', 'K10', 'K1', 'k', 'K')])
print(x)
"""),
    Case("rounding of percentages", "T-30", "print(hp.iso(1.5, *[x + .5 for x in range(2, 9)]), hp.iso(1.5, [], 'x', 3, 4, 5, 6, ()))"),
    Case("ten rows and more", "T-50 T-51 T-52", """
keep = [type('T%02d' % i, (), {'__slots__': ()})() for i in range(25)]
x = hp.iso(*keep); print(x); print(x.more); print(x.more.more); print(repr(repr(x.more.more.more)))
"""),
    Case("eleven rows", "T-51", "keep = [type('T%02d' % i, (), {'__slots__': ()})() for i in range(11)]; print(hp.iso(*keep))"),
    Case("twelve rows", "T-51", "keep = [type('T%02d' % i, (), {'__slots__': ()})() for i in range(12)]; print(hp.iso(*keep)); print(hp.iso(*keep).more)"),
    Case("second page with one left", "T-51", "keep = [type('T%02d' % i, (), {'__slots__': ()})() for i in range(21)]; print(hp.iso(*keep).more)"),
    Case("the printer delegates", "T-54 T-55", """
keep = [type('T%02d' % i, (), {'__slots__': ()})() for i in range(15)]
x = hp.iso(*keep); m = x.more
print(m.count, len(m), m is x.more, m.top is x, m.more is m.more); print(m[0]); print((m & x).count, (m - x).count)
"""),
    Case("wrapped names", "T-24", """
keep = [type(n, (), {'__slots__': ()})() for n in (
    'A' * 70, 'a-name-with-hyphens-and-more-hyphens-so-that-it-must-be-wrapped', 'two words ' * 9, 'tab\\there')]
print(hp.iso(*keep))
"""),
    Case("names over two lines", "T-25", "print(hp.iso(type('A\\nB', (), {'__slots__': ()})()))"),
    Case("owners of dicts", "K-62 H-81", """
e = ValueError(); e.note = 1
n = types.SimpleNamespace(a=1)
for d in (c.__dict__, sys.__dict__, globals(), f.__dict__, e.__dict__, n.__dict__, {}, D(), gc.get_referents(C.__dict__)[0],
          gc.get_referents(OfMeta.__dict__)[0]):
    print(str(hp.iso(d)).split('\\n')[-1][45:])
"""),
    # guppy3 loses the owners of the dicts of static types on 3.12 and later.
    Case("dict of a static type", "H-81", "print(str(hp.iso(gc.get_referents(int.__dict__)[0])).split('\\n')[-1][45:])",
         ours=("H-81", "dict of type\n")),
    Case("names of types", "K-130", """
for o in (1, True, 1.5, 1j, None, ..., NotImplemented, 'a', b'a', bytearray(), (), [], {}, set(), frozenset(), range(3), slice(1), int,
          C, Meta, OfMeta, OfMeta(), c, s, D(), L(), f, len, [].append, f.__code__, sys, sys._getframe(), sys.flags, sys.version_info,
          types.CellType(), types.MappingProxyType({}), types.SimpleNamespace(), (i for i in ()), property(), staticmethod(f),
          classmethod(f), KeyError(), OSError(), str.join, c.__init__, object().__str__, int.__dict__['real'], S.a, type.__dict__['__dict__'],
          iter([]), iter(()), iter({}), {}.keys(), enumerate([]), zip(), map(f, []), reversed([]), memoryview(b''), object(),
          collections.OrderedDict(), collections.deque(), collections.Counter(), collections.defaultdict(), datetime.datetime.now(),
          decimal.Decimal(1), re.compile('a'), io.StringIO(), io.BytesIO(), threading.Lock(), os.stat('.'), types.ModuleType('m')):
    print(str(hp.iso(o).bytype).split('\\n')[-1][45:])
"""),
    Case("sizes of objects", "H-70", """
def touched(o): # attributes may be inline in any class made by a class statement from 3.14 on
    o.__dict__
    return o
print([hp.iso(o).size for o in (0, 1, 2**30, 2**100, -5, 'a', '', 'é', '€', '😀', b'', b'abc', [], [1], list(range(50)), (), (1, 2), {},
       {'a': 1}, {1: 2}, dict.fromkeys(range(1000)), set(), {1}, set(range(100)), frozenset(), 1.5, 1j, None, object(), c, s, C, S, int,
       type, f, f.__code__, len, sys, range(3), slice(1), touched(L()), touched(D()), collections.OrderedDict(a=1), collections.deque(range(99)),
       decimal.Decimal(1), datetime.datetime.now(), re.compile('a'), io.StringIO(), io.BytesIO(b'abc'), memoryview(b'abc'),
       types.CellType(1), property(), staticmethod(f), KeyError(1), bytearray(b'abc'), types.SimpleNamespace(a=1))])
"""),
    Case("sizes that are not numbers", "H-72", """
class Bad:
    __slots__ = ()
    def __sizeof__(self):
        return 'x'
class Error:
    __slots__ = ()
    def __sizeof__(self):
        raise TypeError
class Big:
    __slots__ = ()
    def __sizeof__(self):
        return 100000
print(hp.iso(Bad()).size, hp.iso(Error()).size, hp.iso(Big()).size)
"""),
    Case("size is read anew, the table is not", "H-76", """
l = []; x = hp.iso(l); print(x); l.extend(range(100)); print(x); print(x.size); print(hp.iso(l))
"""),
    Case("heap holds what the root reaches", "S-33 S-34 H-30", """
local = ['local']
h = hp.heap()
for o in (None, int, sys, sys.modules, sys.__dict__, C, c, c.__dict__, S, s, f, f.__code__, f.__code__.co_consts, local, 'local', local[0],
          type, object, __builtins__, hpy, collections.OrderedDict):
    print((h & hp.iso(o)).count)
"""),
    Case("heap hides heapy", "S-40 S-41", """
x = hp.iso(C()); st = hp.iso(1); o = hpy()
h = hp.heap()
print((h & hp.iso(hp)).count, (h & hp.iso(x)).count, (h & hp.iso(o)).count, (h & hp.iso(h)).count)
"""),
    Case("objects only a set holds", "S-40", """
class Only: __slots__ = ()
x = hp.iso(Only())
print('Only' in '\\n'.join(str(hp.heap()[i]) for i in range(len(hp.heap()))))
"""),
    Case("heap in a function", "S-34 H-24", """
def g():
    local = ['of g']
    h = hp.heap()
    return [(h & hp.iso(o)).count for o in (local, sys._getframe(), sys._getframe().f_back, g)]
print(g())
"""),
    Case("asked objects are not filtered", "S-44", "h = hp.iso(1); print(hp.iso(hp, h).count)"),
    Case("heap takes nothing", "S-30", "print(error(lambda: hp.heap(1)), error(lambda: hp.heap(x=1)))"),
    Case("setref", "S-50 S-51 S-53 S-57", """
old = []
print(hp.setref())
new = [S() for i in range(3)]; old.append(new)
h = hp.heap()
print([(h & hp.iso(o)).count for o in (new, new[0], new[2], old, c, sys)])
hp.setref(hp.Nothing)
h = hp.heap()
print([(h & hp.iso(o)).count for o in (new, new[0], old, c, sys)])
"""),
    Case("setref to a set", "S-52", """
a, b = ['a'], ['b']
hp.setref(reachable=hp.iso(a)); h = hp.heap(); print((h & hp.iso(a)).count, (h & hp.iso(b)).count)
"""),
    Case("setref is per session", "S-54", "hp.setref(); h = hpy().heap(); print((h & hp.iso(sys)).count)"),
    Case("rows of a relative heap", "S-57", """
hp.setref()
keep = [S() for i in range(7)] + [float(i) for i in range(1000, 1005)]
h = hp.heap()
x = h & (hp.iso(*keep) | hp.iso(keep))
print(x); print(x.bytype)
"""),
    Case("exceptions being handled", "H-22", """
try:
    raise ZeroDivisionError
except ZeroDivisionError:
    print((hp.heap() & hp.iso(sys.exc_info()[1])).count)
"""),
    Case("deep nests", "H-2", """
deep = None
for i in range(200000): deep = [deep]
h = hp.heap(); print((h & hp.iso(deep)).count, h.count > 200000)
"""),
    Case("other threads", "H-20", """
ready, done, found = threading.Event(), threading.Event(), []
def work():
    local = S(); found.append(weak(local)); ready.set(); done.wait()
import weakref
class W(S): pass
def weak(o): return id(o)
t = threading.Thread(target=work); t.start(); ready.wait()
h = hp.heap()
o = [o for o in gc.get_objects() if id(o) in found]
print([(h & hp.iso(x)).count for x in o])
done.set(); t.join()
""", ours=("H-20", "[1]\n")),
]

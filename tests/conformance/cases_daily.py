"""Cases of the daily surface: sessions, sets, tables, stats, files, the root, unreachable objects.

`show(...)` prints what each expression gives, or the class of what it raises.
"""

from cases import Case

PREPARE = """
def show(*calls):
    for call in calls:
        try:
            print(call())
        except BaseException as e:
            print(type(e).__name__)

def lines(path='x.hpy'):
    return re.sub('timemade: .*', 'timemade', open(path).read())

import pathlib, tempfile, warnings, shutil, atexit
folder = tempfile.mkdtemp(); atexit.register(shutil.rmtree, folder); os.chdir(folder)
d1, d2, l1, l2 = {}, {1: 2}, [], [1]
mixed = hp.iso(1, 2, 2**40, 'a', 'b', 2.5, l1, l2, d1, c, c.__dict__, s, f, C, sys, None)
many = [type('T%02d' % i, (), {'__slots__': ()})() for i in range(25)]
"""


def case(name, specs, code, **options):
    return Case(name, specs, PREPARE + code, **options)


CASES = [
    # ---- spec 10: the session
    case("package", "S-1 S-2 G-1", "import guppy, guppy.sets; print(guppy.__all__, type(guppy.__version__)); import guppy.etc, guppy.gsl, guppy.heapy"),
    case("import star", "G-1", "space = {}; exec('from guppy import *', space); print(sorted(n for n in space if n[0] != '_'))"),
    case("arguments of hpy", "S-3", "show(lambda: hpy(1, 2), lambda: hpy(foo=1), lambda: hpy(None) != hpy(None))"),
    case("root of the packages", "S-4", "import guppy; r = guppy.Root(); print(r.sys.version_info == sys.version_info, r.os.getpid() == os.getpid()); show(lambda: r.no_such_module)"),
    case("session of a root", "S-4 G-3", "import guppy; u = guppy.Root().guppy.heapy.Use; print(type(u) is type(hp), u is u); print(u)"),
    case("hiding tags", "S-5 S-41", """
h3 = hpy(ht=[]); h = hp.heap()
print(h3 in h, hpy() in h, hp._hiding_tag_ is hpy()._hiding_tag_, h3._hiding_tag_ is hp._hiding_tag_, hp._hiding_tag_)
"""),
    case("settings of tables", "S-6 T-24 T-50", """
import guppy
r = guppy.Root(); u = r.guppy.heapy.Use
r.guppy.heapy.OutputHandling.max_more_lines = 3
print(u.iso(*many)); print(u.iso(*many).more)
r.guppy.heapy.Part.line_length = 60
print(u.iso(type('A' * 70, (), {'__slots__': ()})()).bysize); print(u.iso(type('A' * 70, (), {'__slots__': ()})()))
"""),
    case("settings of sets", "S-6 K-19a K-19c", """
import guppy
r = guppy.Root(); u = r.guppy.heapy.Use
print(r.guppy.heapy.UniSet.max_summary_length, r.guppy.heapy.UniSet.auto_convert_type, r.guppy.heapy.UniSet.auto_convert_iter)
print((u.iso(1, 'a') & int).count)
r.guppy.heapy.UniSet.auto_convert_type = False
show(lambda: u.iso(1, 'a') & int, lambda: u.iso(1) | [2])
r.guppy.heapy.UniSet.auto_convert_iter = True
show(lambda: (u.iso(1) | [2, 3]).count, lambda: ([2, 3] | u.iso(1)).count, lambda: u.iso(1) <= [1, 2])
r.guppy.heapy.UniSet.max_summary_length = 30
print(u.iso(*range(300, 350)).brief.count(''), u.iso(*range(300, 350)).brief[-4:])
"""),
    case("reprefix", "S-11 S-13", """
print(hp.reprefix, hpy().reprefix, hp.default_reprefix, repr(hp.Nothing), repr(hpy().Nothing))
hp.reprefix = 'other.'
print(hp, repr(hp.Nothing), repr(hp.Clodo))
"""),
    case("attributes cannot be assigned", "S-14 S-15 S-16 G-9", """
def assign(name, value=1):
    setattr(hp, name, value)
show(lambda: assign('foo'), lambda: assign('heap'), lambda: assign('Nothing'), lambda: hp.foo, lambda: hp(), lambda: assign('Type', hp.Type))
show(lambda: hash(hp) == hash(hp), lambda: hp == hpy())
"""),
    case("names of the session", "S-20", "print(repr(hp.Clodo), repr(hp.Id), repr(hp.Idset), repr(hp.Module), repr(hp.Nothing), str(hp.Nothing), repr(hp.Root), repr(hp.Size), repr(hp.Type), repr(hp.Unity)); print(hp.Type is hp.Type, hp.Nothing is hp.Nothing)"),
    case("relations as text", "K-63", "print(all(str(er).startswith('Equiv. relation ') for er in (hp.Type, hp.Clodo, hp.Size, hp.Module, hp.Id, hp.Idset, hp.Unity)))"),
    case("secondary names", "S-23 S-54", "print(hp.gcobjs, hp.relheap, hp.relheapu, hp.relheapg, hp.Stat is type(hp.iso(1).stat), callable(hp.loadall), callable(hp.heapg))"),
    case("the root is no member", "S-36 H-18", "print(hp.Root in hp.heap(), hp.iso(hp.Root).count)"),
    case("gcobjs", "S-38", "o = S(); k = hp.iso(o); hp.gcobjs = k; del o; print((hp.heap() & k).count); hp.relheap = k; print((hp.heap() & k).count)"),
    case("count and size of the heap", "S-39", "h = hp.heap(); print(h.count == len(h.nodes), h.size == h.indisize, h.count == sum(p.count for p in h.parts), abs(h.size - sum(p.size for p in h.parts)) < 5000)"),
    case("user objects with the tag", "S-42 H-42", """
t = C(); inner = S(); t.x = inner; t.__dict__; t._hiding_tag_ = hp._hiding_tag_
other = C(); other._hiding_tag_ = []; other.__dict__
plain = {'_hiding_tag_': hp._hiding_tag_, 1: [S()]}
only = id(inner); del inner
h = hp.heap()
print(t in h, other in h, plain in h, plain[1] in h, any(id(o) == only for o in (h & hp.Type(S)).nodes))
"""),
    case("code of the package is visible", "S-43 H-40", "import guppy, guppy.heapy; hp.View; h = hp.heap(); print(hpy in h, guppy in h, sys.modules['guppy.heapy'] in h, type(hp.View) in h)"),
    case("setref arguments", "S-50 S-52 S-55", "show(lambda: hp.setref(), lambda: hp.setref(1, 2, 3), lambda: hp.setref(foo=1), lambda: hp.setref(hp.Nothing, hp.Nothing), lambda: (hp.relheap, bool(hp.relheapu)))"),
    case("setref to a kind", "S-52", "d = {'mine': 1}; l = ['mine']; hp.setref(reachable=hp.Type(dict)); h = hp.heap(); print(d in h, l in h, sys.__dict__ in h)"),
    case("setref and growth", "S-53", "a = []; n = hp.iso(a).size; hp.setref(); k = S(); a.append(k); h = hp.heap(); print(k in h, a in h, hp.iso(a).size > n)"),
    case("heapu", "S-60 S-66 H-60 H-61", "u = hp.heapu(); print(type(u), u.kindheader, u.format_name, repr(u.firstheader), len(u) > 0); print(str(u).split()[:5])"),
    case("heapu finds garbage that is held elsewhere", "S-61", "print(type(hp.heapu(stat=0)), repr(hp.heapu(stat=0).er), hp.heapu(stat=0).count > 0)"),
    case("heapu is absolute without stat", "S-62", "a = hp.heapu(stat=0); hp.setref(); b = hp.heapu(stat=0); print(a.count > 0)"),
    case("heapu after setref", "S-63 S-64", """
hp.setref(); u = hp.heapu()
print(u.format_name, str(u).splitlines()[0], u.firstheader.startswith('Data from unreachable objects relative to: '), u.firstheader.endswith('.\\n'))
print(hp.heapu(abs=1).format_name, hp.heapu(1, 1).format_name, repr(hp.heapu(abs=1).firstheader))
"""),
    case("heapu with reachable", "S-65", "print(hp.iso(sys.modules) <= hp.heapu(rma=0, stat=0), hp.iso(sys.modules) <= hp.heapu(rma=1, stat=0))"),
    case("heapu arguments", "S-60", "show(lambda: hp.heapu(1, 2, 3, 4), lambda: hp.heapu(foo=1))"),
    case("an unreachable reference", "S-52 S-54", "st = hp.iso(1, 'a').bytype.stat; hp.setref(unreachable=st); print(hp.relheapu is st, hp.relheap); u = hp.heapu(); print(u.format_name, u.b_count)"),
    case("heapg", "S-79c H-63", """
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    g = hp.heapg()
print([(x.category.__name__, str(x.message)) for x in w][:1], type(g).__name__[:11], repr(g.er))
"""),
    case("single reference points", "S-79a S-79b H-64", """
k = S(); hp.setrelheap(); n = S(); h = hp.heap(); print(k in h, n in h)
hp.setrelheap(hp.Nothing); print(k in hp.heap()); hp.setrelheapu(); print(type(hp.relheapu).__name__); hp.setrelheapu(hp.Nothing); print(bool(hp.relheapu))
"""),
    case("iso and idset arguments", "S-70 S-71 S-73", """
show(lambda: hp.iso(1, 'a', er=hp.Type), lambda: hp.iso(1, foo=2), lambda: hp.idset(), lambda: hp.idset(5), lambda: hp.idset(''), lambda: hp.idset([]))
show(lambda: hp.idset('abca'), lambda: hp.idset({'k': 1}), lambda: hp.idset([1, 1, 2.5], er=hp.Size), lambda: hp.idset(range(3)).count, lambda: hp.idset(x for x in (1, 2)).count)
"""),
    case("sets are not pickled", "K-5 G-8", "import pickle; show(lambda: pickle.dumps(hp.iso(1)), lambda: pickle.dumps(hp))"),
    # ---- spec 20: identity sets
    case("identity set or not", "K-3", "a, b = [], []; print(hp.iso(a) == hp.iso(b), hp.iso(a) == hp.iso(a), hp.iso(1.5) == hp.iso(float('1.5')))"),
    case("xor and inclusion", "K-10 K-11 K-14", """
a, b = hp.iso(1, 2, 'x'), hp.iso(2, 'x', 2.5)
print(a ^ b); print(a <= a, a < a, a & b < a, a >= b, a > a & b, a == b, a != b, a == hp.iso('x', 2, 1), hp.Nothing <= a, hp.Nothing < a)
"""),
    case("disjoint", "K-12 K-27b", "a, b = hp.iso(1, 2), hp.iso(2); print(a.disjoint(b), a.disjoint(hp.iso('x')), hp.Nothing.disjoint(a), a.disjoint(hp.Nothing), a.disjoint(str), a.disjoint(int))"),
    case("hash", "K-16", "print(hash(hp.iso(1, 'a')) == hash(hp.iso('a', 1)), len({hp.iso(1), hp.iso(1), hp.iso(2)}), hash(hp.Type(int)) == hash(hp.Type(int)))"),
    case("types as sets", "K-19a", "x = hp.iso(1, 2, 'a'); print(x & int); print(int & x); print(x - int); print(x <= int, hp.iso(1) <= int, hp.iso(1) == int, hp.Type(int) == int, hp.Type(int) == str)"),
    case("node sets as sets", "K-19b K-25c", "x = hp.iso(1, 2); print((x & x.nodes).count, x == x.nodes, x | hp.iso('a').nodes); n = x.nodes; print(1 in n, 'a' in n, len(n), sorted(n), n == hp.iso(2, 1).nodes, len(n | hp.iso('a').nodes), len(n - hp.iso(1).nodes))"),
    case("refused operands", "K-19d", "show(*[lambda o=o, op=op: op(hp.iso(1), o) for o in (5, None, [1], 'x') for op in (lambda a, b: a <= b, lambda a, b: a ^ b, lambda a, b: b - a, lambda a, b: a.disjoint(b))])"),
    case("calling sets", "K-19g", "show(lambda: hp.iso(1)(), lambda: hp.Type(int)())"),
    case("unknown attributes", "K-2 K-22", "x = hp.iso(1); show(lambda: x.nosuch, lambda: setattr(x, 'count', 1), lambda: setattr(x, 'foo', 1), lambda: hp.Type(int).count, lambda: len(hp.Type(int)), lambda: iter(hp.Type(int)))"),
    case("theone", "K-25d", "print(hp.iso('one').theone, hp.iso(c).theone is c); show(lambda: hp.iso(1, 2).theone, lambda: hp.Nothing.theone)"),
    case("er", "K-25e K-24", "x = hp.iso(1, 'a'); print(repr(x.er), repr(x.bytype.er), repr((x.bytype & x).er), repr(x.bysize[0].er), repr(x.bysize.parts[0].er), repr(x.bysize[0:2].er))"),
    case("kind", "K-25f K-57 K-70", """
x = hp.iso(1, 'a', d1, c.__dict__)
print(x.kind); print(repr(x.kind)); print(hp.iso(1).kind, repr(hp.iso(1).kind), hp.Nothing.kind, hp.iso(1).byunity.kind, repr(hp.iso(1).byunity.kind))
print(hp.iso(1, 'a').bysize.kind, repr(hp.iso(1, 'a').bysize.kind), hp.iso(sys, 1).bymodule.kind, repr(hp.iso(sys, 1).bymodule.kind))
print(hp.iso(1).byidset.kind == hp.iso(1), hp.iso(l1, l2).byid.kind, repr(hp.iso(l1).byid.kind))
"""),
    case("names of type kinds", "K-70 K-71a K-71b", "print(*map(repr, (hp.Type(int), hp.Type(C), hp.Type(types.CodeType), hp.Type(types.FrameType), hp.Clodo(C), hp.Clodo(dictof=C), hp.Clodo(dictof=()))), sep='\\n'); print(hp.Type(int), hp.Type(C), hp.Clodo(dictof=C), hp.Clodo(dictof=()), hp.Clodo(dictof=types.ModuleType))"),
    case("kinds refused", "K-70 K-71", "show(lambda: hp.Type(), lambda: hp.Type(1), lambda: hp.Type(int, str), lambda: hp.Clodo(), lambda: hp.Clodo(dict), lambda: hp.Clodo(int, str), lambda: hp.Clodo(1), lambda: hp.Clodo(dictof=[]))"),
    case("message of Clodo", "H-85", "\ntry: hp.Clodo(dict)\nexcept TypeError as e: print(e)\n"),
    case("selecting by kind", "K-41", """
x = hp.iso(1, True, 'a', d1, c.__dict__, C, Meta, sys.__dict__)
for k in (hp.Type(int), hp.Type(bool), hp.Type(dict), hp.Clodo(dictof=C), hp.Clodo(dictof=()), hp.Clodo(dictof=types.ModuleType), hp.Clodo(type), hp.Type(float)):
    print((x & k).count, (k & x).count, (x - k).count, x <= k, (x & k) <= k, 1 in k, d1 in k, c.__dict__ in k)
"""),
    case("rows by their kinds", "T-5 K-41", "x = mixed; print([(p & p.kind) == p for p in x.parts], [(x & p.kind) == p for p in x.bysize.parts], all(r.set <= r.kind for r in x.partition.rows))"),
    case("brief", "K-25g K-140", """
P = type('P', (), {}); p = P(); p.__dict__
for x in (hp.iso(1), hp.iso(1, 2), hp.iso(1, 2, 'x'), hp.iso(os, sys, types), hp.iso(None), hp.iso(C), hp.iso(len), hp.iso(f), hp.iso(d1), hp.iso(c.__dict__),
          hp.iso(f.__dict__), hp.iso(sys.__dict__), hp.iso(l1), hp.iso(1).bytype, hp.Nothing, hp.iso('a' * 50), hp.iso(b'abc' * 20), hp.iso(f.__code__)):
    print(x.brief)
print(hp.iso(c, 1, 'a', 2.5, None, sys, l1).brief[:60])
"""),
    case("partition", "K-25h T-1 T-2 T-3 T-4", """
x = hp.iso(1, 2, 'a', l1); p = x.partition
print(type(p), type(x.byid.partition), p.set is x, repr(p.er), p.count, p.size, p.numrows, repr(p.kindheader), repr(p.kindname), type(p.timemade), len(p.rows))
print(p); print([q.count for q in p], [r.name for r in p.get_rows()], [r.name for r in p.get_rows(1)], p.get_row(1).name, p.get_set(0), p.get_set(slice(0, 2)))
print(len(list(p.get_sets())), p.get_stat()); show(lambda: p.get_row(9), lambda: p.get_set(9)); print(x.byid.partition.kindname, x.byid.partition.kindheader)
"""),
    case("rows of partitions", "T-5", "x = hp.iso(1, 2, 'a', l1); print([(r.index, r.count, r.size, r.cumulsize, r.name, r.set.count, str(r.kind)) for r in x.partition.rows])"),
    case("one text", "T-6 K-55", "x = mixed; print(str(x.partition) == str(x) == repr(x) == str(x.stat) == repr(x.partition))"),
    case("parts", "K-25i K-53", "x = hp.iso(1, 2, 'a', c); print(type(x.parts), len(x.parts)); print(x.parts[1]); print(x.parts[1] == x[1], str(x.parts[0]) == str(x[0]), x.parts is x.parts)"),
    case("stat is new each time", "K-25j", "x = hp.iso(1); print(x.stat is x.stat, x.stat.count, type(x.stat))"),
    case("all", "K-25k T-53 T-56", "x = hp.iso(*many); print(x.all); print(x.more.all); print(x.all.more); show(lambda: x.all.prev); print(x.all.top is x)"),
    case("by", "K-26", "x = hp.iso(1, 'a', d1, c.__dict__); print(x.by('Type')); print(x.by('Size')); print(x.by('')); print(x.by(hp.Module)); print(x.by('Clodo') is x, x.by(hp.Clodo) is x, x.by('Type').by('Type').er is hp.Type)"),
    case("by what is no relation", "K-26a", "x = hp.iso(1); show(lambda: x.by('type'), lambda: x.by(5), lambda: x.by('Nosuch'), lambda: x.by(), lambda: x.by(int))"),
    case("diff of sets", "K-27 T-80", "a, b = hp.iso(1, 2, 'a', l1), hp.iso(1, 2.5); print(a.diff(b)); print(type(a.diff(b))); print(a.bytype.diff(b)); print(a.diff(a)); print(a.diff(hp.Nothing))"),
    case("diff of what is no set", "K-27", "print(error(lambda: hp.iso(1).diff(5)) is not None)"),
    case("attributes of nothing", "K-29 K-30 K-31", """
n = hp.Nothing
print(n.parts, n.stat, n.partition, repr(n.more), n.all, n.brief, n.kind, len(n.nodes), n.indisize, n.bysize is n, n.bymodule is n, n.byid is n, n.byunity is n, n.byidset is n, list(n))
show(lambda: n.theone, lambda: n[0], lambda: n[:], lambda: n.stat.rows)
"""),
    case("nothing in algebra", "K-32", "a, n = hp.iso(1), hp.Nothing; print(n | a == a, n & a is n, n - a is n, n ^ a == a, a - a is n, a ^ a is n, n <= a, n == n, n == a, a & str is n)"),
    # ---- spec 20 and 30: the tables of every relation
    case("bysize", "K-60 T-10", "print(hp.iso(1, 2, 2**40, 'a').bysize); print(mixed.bysize[0:2])"),
    case("bymodule", "K-60", "print(hp.iso(c, sys, 1, 'a', os, types.ModuleType('sys')).bymodule); print(hp.iso(1).bymodule)"),
    case("byunity", "K-60", "print(hp.iso(c, 1).byunity); print(hp.iso(c, 1).byunity[0])"),
    case("byidset", "K-60", "print(hp.iso({}, c.__dict__, 's', 1, sys).byidset); print(hp.iso(1, 's').byidset[0])"),
    case("byid of one class", "T-20 T-31 T-32", "print(hp.iso(*range(1000, 1025)).byid); print(hp.iso(3, 1, 2**70, -5, 2).byid); print(hp.iso('b', 'a', 'ccc', '').byid); print(hp.iso(2.5, -1.0, 1e300).byid); print(hp.iso(True, False).byid)"),
    case("byid of several classes", "T-33", "print(hp.iso(1, 2.5, 'a', 'b', None, True, b'x', 1j).byid); print(hp.iso(l2, l1, d1, f, len, sys, C).byid.partition.kindname)"),
    case("byid of owned dicts", "T-34", "print(hp.iso(sys.__dict__, types.__dict__).byid); print(hp.iso(sys.__dict__, {}).byid); print(hp.iso(f.__dict__).byid); print(hp.iso(c.__dict__).byid)"),
    case("headings of byid", "K-132", """
try: 1 / 0
except ZeroDivisionError as e: tb = e.__traceback__
for o in (1, 1.5, True, 1j, None, 'a', b'a', [], (), {}, C, Meta, OfMeta, f, len, [].append, sys, f.__code__, sys._getframe(), c.__init__, s, tb, object(), set(), (x for x in ())):
    p = hp.iso(o).byid.partition
    print(p.kindheader, '|', p.kindname)
"""),
    case("rendering of objects", "K-132", """
class K:
    def method(self): pass
for o in (1, -5, 10**40, 1.5, float('inf'), True, 1j, None, 'a', "it's", 'a' * 29, 'a' * 50, 'é' * 40, b'abc', b'x' * 60, C, OfMeta, types.CodeType, f, hpy, len, os.getcwd, sys, types.ModuleType('m'), f.__code__,
          int, collections.OrderedDict, dict.fromkeys, [].append, str.join, lambda: 0):
    print(str(hp.iso(o).byid).split('\\n')[-1][38:])
try: 1 / 0
except ZeroDivisionError as e: tb = e.__traceback__
print(re.sub('0x[0-9a-f]+', 'A', '\\n'.join(str(hp.iso(o).byid).split('\\n')[-1][38:] for o in (K().method, sys._getframe(), tb, l1, l2, (), (1, 2), d2, s, set()))))
"""),
    case("indexing byid", "K-54 K-56 T-35", "x = hp.iso(1, 'abc', 2**70, 2.5).byid; print(x[0]); print(x[-1]); print(x[1:3]); print(len(x), x.partition.get_row(1).count, x.parts[0])"),
    case("pages of byid", "T-50 T-58", "x = hp.iso(*range(1000, 1025)).byid; print(x.more); print(x.more.more); print(repr(x.more.more.more)); print(x.all)"),
    case("ties of byid", "T-20", "print(hp.iso(5, 3, 9, 'b', 'a', 7).byid); print(hp.iso(types, sys, os).byid); print(hp.iso(f, lambda: 0, hpy).byid)"),
    case("empty names", "T-23 T-26", "print(repr(str(hp.Nothing.stat)), repr(str(hp.load(['.loader: _load_stat', '.format: SetFormat', '.timemade: 1', '.count: 1', '.size: 5', '.kindname: ', '.kindheader: H', '.numrows: 1', '.r: 1 5 ']))))"),
    case("wide numbers", "T-27", """
print(hp.load(['.loader: _load_stat', '.format: SetFormat', '.timemade: 1', '.count: 12345678', '.size: 12345678901234', '.kindname: ', '.kindheader: H', '.numrows: 2', '.r: 12345677 12345678901230 a', '.r: 1 4 b']))
"""),
    case("rows and slices keep the relation", "T-41 T-42", "x = hp.iso(1, 2, 'a', c); y = x[1]; print(y.stat); print(y.bysize); print(y.by(y.er) is y); print(y[0]); print(y.partition); y.dump('x.hpy'); print(lines())"),
    case("names with other white space", "T-24", "print(hp.iso(type('a\\rb\\x0bc  d', (), {'__slots__': ()})()))"),
    case("wrapping counts as one row", "T-45", "keep = [type('A%02d-' % i + 'x' * 60, (), {'__slots__': ()})() for i in range(12)]; print(hp.iso(*keep)); print(hp.iso(*keep).more)"),
    case("more on everything", "T-57", "x = hp.iso(*many); print(x.stat.more); print(x.partition.more); print((x.stat - hp.iso(1).stat).more); print(x.stat.all == x.stat.all, repr(x.stat.more.more.more))"),
    case("printers delegate more", "T-54 T-55 T-56", "x = hp.iso(*many); m = x.more; print(m.bysize); print(m == x, m is x.more, x.stat.more.numrows); print(m & hp.Type(type(many[3])))"),
    # ---- spec 30: stats
    case("attributes of stats", "T-60 T-61", """
t = mixed.stat
print(t.count, t.size, t.numrows, repr(t.kindheader), repr(t.kindname), type(t.timemade), repr(t.firstheader), t.format_name, t.loader, hasattr(t, 'b_count'), mixed.byid.stat.format_name)
d = t - hp.iso(1).stat; print(d.b_count, d.b_size, d.format_name, d.count, d.size, d.numrows, repr(d.firstheader))
"""),
    case("rows of stats", "T-62 T-63", """
t = hp.iso(1, 2, 'a', [], c, c.__dict__).stat
print([(r.index, r.count, r.size, r.cumulsize, r.name) for r in t.get_rows()], [r.index for r in t.get_rows(2)], list(t.get_rows(99)), t.get_row(1).name)
show(lambda: t.get_row(99)); print([r.name for r in hp.iso(1, 'a').bysize.stat.get_rows()])
"""),
    case("length and truth of stats", "T-65", "print(len(mixed.stat), bool(mixed.stat), bool(hp.Nothing.stat), len(hp.Nothing.stat))"),
    case("slices of stats", "T-66", """
t = hp.iso(1, 2, 'a', [], c, c.__dict__).stat
print(t[1:3]); print(t[0]); print(t[-1]); print(t[::-1]); print(t[::2]); print(t[9:]); print(type(t[0]), t[0].timemade == t.timemade, len(list(t)))
show(lambda: t[99], lambda: t['a'], lambda: t[-99]); d = t - hp.iso(1).stat; print(d[1:3]); print(d[0].b_count)
"""),
    case("rows of kinds", "T-67", "t = hp.iso(1, 'a').stat; print([r and r.name for r in t.get_rows_of_kinds(['str', 'nosuch', 'int'])[:1]])"),
    case("largest rows and the rest", "T-68", """
t = hp.iso(1, 2, 'a', [], 2.5, (1,)).stat
for n in (0, 1, 2, 3, 10):
    for by in ('Size', 'Count'):
        print(n, by, [(r.index, r.count, r.size, r.name) for r in t.get_rows_n_and_other(n, by)])
show(lambda: t.get_rows_n_and_other(1, 'x'))
"""),
    case("differences", "T-80 T-82 T-83 T-84 T-70", """
print(hp.iso(1, 2, 3).stat - hp.iso(1, 2, 'a', [], c, c.__dict__).stat)
print(hp.iso(1, 'a', 2.5).stat - hp.iso([], (), {}).stat)
print(hp.iso(1, 2, 'a').stat - hp.iso(1, 'b', 'c').stat)
"""),
    case("differences that are nothing", "T-71 T-73", "x = hp.iso(1, 2, 'a'); print(x.diff(x)); print(x.diff(hp.Nothing)); print(hp.Nothing.diff(x)); print(hp.Nothing.diff(hp.Nothing))"),
    case("differences refused", "T-81", "show(lambda: hp.iso(1).stat - 5, lambda: 5 - hp.iso(1).stat, lambda: hp.iso(1).stat - hp.iso(1).bysize.stat)"),
    case("differences of differences", "T-85", "a, b, d = hp.iso(1, 2, 'a').stat, hp.iso(1, []).stat, hp.iso(2.5).stat; print((a - b) - (d - b)); print((a - b) - d)"),
    case("pages of differences", "T-74", "d = hp.iso(*many).stat - hp.iso(1).stat; print(d); print(d.more); print(d.all)"),
    case("wrapped differences", "T-72 T-74", "print(hp.iso(type('A' * 90, (), {'__slots__': ()})()).stat - hp.iso(1).stat)"),
    case("wrapped byid", "T-24", "print(hp.iso(type('B-' * 60, (), {})).byid)"),
    case("dump of a table", "T-90 T-91 T-95", "x = hp.iso(1, 2, 'a', [], c, c.__dict__); print(x.dump('x.hpy')); print(lines()); x.stat.dump('x.hpy'); print(lines().count('.loader: _load_stat')); x.dump('x.hpy', 'w'); print(lines().count('.loader'))"),
    case("dump of byid", "T-90", "hp.iso(1, 2, 'a').byid.dump('x.hpy'); print(lines()); hp.iso(3, 4).byid.dump('y.hpy'); print(lines('y.hpy'))"),
    case("dump of sizes", "T-93", "hp.iso(1, 2, 'a').bysize.dump('x.hpy'); print(lines()); t = hp.load('x.hpy'); print([r.name for r in t.get_rows()]); print(t)"),
    case("dump of a difference and of a slice", "T-91", "(hp.iso(1, 'a').stat - hp.iso(2, []).stat).dump('x.hpy'); print(lines()); hp.iso(1, 'a', []).stat[1:].dump('y.hpy'); print(lines('y.hpy')); (hp.iso(1, 'a').stat - hp.iso(2, []).stat)[0:1].dump('z.hpy'); print(lines('z.hpy'))"),
    case("dump to an object that writes", "T-95", "b = io.StringIO(); hp.iso(1).dump(b); print(re.sub('made: .*', 'made', b.getvalue()), b.closed); hp.iso(1).dump(pathlib.Path('p.hpy')); print(lines('p.hpy')); show(lambda: hp.iso(1).dump('no/such/dir'), lambda: hp.iso(1).dump())"),
    case("load by name", "T-100 T-101 T-112", "mixed.dump('x.hpy'); hp.iso(1).dump('x.hpy'); t = hp.load('x.hpy'); print(str(t) == str(mixed), type(t), t.count); print(t); show(lambda: hp.load('nosuch.hpy'))"),
    case("load from an open file", "T-102 T-103", """
for x in (hp.iso(1), hp.iso('a', 'b'), hp.iso(2.5)): x.dump('x.hpy')
f = open('x.hpy'); print(hp.load(f)); print(hp.load(f)); print(hp.load(f))
try: hp.load(f)
except StopIteration: print('stop')
f.close(); f = open('x.hpy'); print(hp.load(f, use_readline=1).count, hp.load(f, 1).count, repr(f.readline())); f.close()
"""),
    case("load from lines", "T-104 T-106", "b = io.StringIO(); hp.iso(1, 'a').dump(b); l = b.getvalue().splitlines(); print(hp.load(l)); print(hp.load(tuple(l))); print(hp.load(l[:-1]).count); print(hp.load(iter(b.getvalue().splitlines(True))).count)"),
    case("load what is no dump", "T-107", "show(lambda: hp.load(5), lambda: hp.load(None), lambda: hp.load(['x']), lambda: hp.load(['.loader: foo']))\ntry: hp.load([])\nexcept StopIteration: print('stop')\n"),
    case("loadall", "S-79d G-7", """
for x in (hp.iso(1), hp.iso('a', 'b'), hp.iso(2.5)): x.dump('x.hpy')
g = hp.loadall('x.hpy'); print(next(g).count, next(g).count, next(g).count)
"""),
    case("loaded stats", "T-92 T-97 T-111", """
mixed.dump('x.hpy'); t = hp.load('x.hpy'); b = io.StringIO(); t.dump(b); print(b.getvalue() == open('x.hpy').read())
lines_ = ['.loader: _load_stat', '.size: 5', '.format: SetFormat', '.kindheader: H', '.timemade: 12.5', '.count: 3', '.kindname: ', '.numrows: 1', '.r: 3 5 a', '.r: 1 1 b']
t = hp.load(lines_); print(len(list(t.get_rows())), t.timemade, t.kindheader, t.count); print(t)
print(t - t); print(t[0])
"""),
    # ---- spec 40: the root, sizes, sets of unreachable objects
    case("the root", "H-10 S-90", "import guppy.heapy.heapyc as m; r = hp.Root; print(r, type(r)() is r, m.RootState is r, type(r) is m.RootStateType, sys.getsizeof(r), hp.iso(r).size, type(r).__name__)"),
    case("attributes of the root", "H-11 H-13", """
r = hp.Root
print(r.i0_modules is sys.modules, r.i0_sysdict is sys.__dict__, type(r.i0_importlib), type(r.i0_codec_search_path), type(r.i0_codec_search_cache), type(r.i0_codec_error_registry), type(r.i0_dict), r.i0_builtins is __builtins__.__dict__)
"""),
    case("attributes of threads", "H-12 H-14", """
t = 'i0_t%d_' % threading.get_ident()
def g(): return [getattr(hp.Root, t + 'f%d' % i) is x for i, x in enumerate((sys._getframe(1), sys._getframe()))]
print(g(), getattr(hp.Root, t + 'async_exc'), getattr(hp.Root, t + 'c_traceobj'))
try: raise KeyError
except KeyError as e: print(getattr(hp.Root, t + 'exc_value') is e)
"""),
    case("names of the root", "H-15", "n = dir(hp.Root); print('i0_modules' in n, 'i0_t%d_f0' % threading.get_ident() in n, sum(x.endswith('_f0') for x in n), 'foo' in n)"),
    case("errors of the root", "H-16", """
t = threading.get_ident()
for name in ('foo', 'i0_foo', 'i9_modules', 'i0_t1_f0', 'i0_t%d_f99' % t, 'i0_t%d_zz' % t, 'ix', 'i0_', 'i0_t', 't1_f0', 'i0_t%d_f' % t):
    try: getattr(hp.Root, name)
    except AttributeError as e: print(e)
"""),
    case("old names of threads", "H-17", """
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    x = getattr(hp.Root, 't%d_f0' % threading.get_ident())
print(x is sys._getframe(), w[0].category.__name__, str(w[0].message).replace(str(threading.get_ident()), 'T'))
"""),
    case("another root", "H-23", "x = [['deep', 'in'], 5]; hp.View.root = x; print(hp.View.hv.root is x); print(hp.heap()); print(hp.View.heap().count); hp.View.root = hp.Root; print(sys in hp.heap())"),
    case("objects by address", "S-79", "print(hp.View.obj_at(id(c)) is c, hp.View.obj_at(id(sys)) is sys)\nfor a in (1, 0, 8):\n  try: hp.View.obj_at(a)\n  except ValueError as e: print(e)\n"),
    case("sizes through the view", "H-74", "print(hp.View.indisize(hp.iso(1, 'a')) == hp.iso(1, 'a').size, hp.View.hv.indisize_sum([1, 'a']) == hp.iso(1, 'a').size, hp.iso(*range(300)).indisize)"),
    case("horizons", "H-103", "z = hp.View.horizon(); k = [S(), 'x' * 3]; n = z.news(); print(k in n, k[0] in n, sys in n); import guppy.heapy.heapyc as m; z = m.Horizon(hp.iso(l1).nodes); print(len(z.news(hp.iso(l1, l2).nodes)))"),
    case("errors of heap views", "H-103", """
import guppy.heapy.heapyc as m
class T:
    __slots__ = '_hiding_tag_'
hv = hp.View.hv
show(lambda: m.HeapView(1), lambda: m.HeapView(hp.Root, 2), lambda: setattr(hv, 'limitframe', 3), lambda: hv.limitframe, lambda: hv.register__hiding_tag__type(int), lambda: hv.register__hiding_tag__type(T), lambda: hv.register__hiding_tag__type(T), lambda: m.Horizon())
try: m.HeapView(hp.Root, (1,))
except TypeError as e: print(e)
"""),
    case("registered slotted types", "H-42", """
class T:
    __slots__ = '_hiding_tag_', 'x'
class U(T):
    __slots__ = ()
t, u, v = T(), U(), T(); t._hiding_tag_ = u._hiding_tag_ = hp._hiding_tag_; v._hiding_tag_ = []; t.x = [S()]
h = hp.heap(); print(t in h, u in h, v in h)
hp.View.hv.register__hiding_tag__type(T); h = hp.heap(); print(t in h, u in h, v in h, t.x in h)
""", ours=("H-42", "True True True\nFalse False True False\n")),
    case("hidden exact types", "H-42", "class T: __slots__ = 'x'\nclass U(T): __slots__ = ()\nt, u = T(), U(); t.x = ['x']; hp.View.hv.register_hidden_exact_type(T); h = hp.heap(); print(t in h, u in h, t.x in h)"),
    case("frames with the tag", "H-42", """
def g():
    _hiding_tag_ = hp._hiding_tag_; inner = ['of g']
    h = hp.heap()
    return sys._getframe() in h, inner in h
print(g())
"""),
    case("repeated heaps", "H-51", "hp.heap(); a = hp.heap().count; b = hp.heap().count; print(abs(a - b) <= 1)"),
    case("xmemstats", "H-103", "import guppy.heapy.heapyc as m; sys.stderr.flush(); print(m.xmemstats())"),
    case("sizes of extension types", "H-71", "import array; print([hp.iso(o).size == sys.getsizeof(o) for o in (array.array('i', range(9)), memoryview(b'a'), io.BytesIO(b'x' * 99), decimal.Decimal('1' * 99))])"),
    case("owners of shared dicts", "H-80 H-82 H-83", "a, b = C(), C(); a.__dict__ = b.__dict__ = {'shared': 1}; print(hp.iso(a.__dict__).kind, hp.iso(globals()).kind, hp.iso(D()).kind, hp.iso({}).kind)"),
    case("briefs of dicts", "H-86", "class A: pass\na = A(); a.x = 1; a.__dict__; print(hp.iso(a.__dict__).brief, hp.iso(globals()).brief, hp.iso({1: 2}).brief, hp.iso(gc.get_referents(A.__dict__)[0]).brief)"),
    case("hostile objects in a table", "H-1", """
class H:
    __slots__ = ()
    def __eq__(self, o): raise RuntimeError
    __hash__ = __len__ = __bool__ = __repr__ = __iter__ = __getattr__ = __eq__
    __class__ = property(__eq__)
h = H(); x = hp.iso(h, 1); print(x.count, h in x, len(x), x.bytype[0].count, len(x.nodes), h in hp.heap())
"""),
]

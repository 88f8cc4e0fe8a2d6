"""Sets, help and GSL under people who mean it badly: wrong types, deaths half-way, threads, shutdown, garbage."""

import random

import pytest


def test_iterables_that_fight_back(script):  # B-34, N-5, N-7, N-101
    script(
        """
import gc
from guppy.sets import *

class Evil:
    def __iter__(self):
        return self
    def __next__(self):
        m.clear(); p.clear(); gc.collect()
        self.n = getattr(self, "n", 0) + 1
        if self.n > 5: raise StopIteration
        return self.n

m, p = mutbitset(range(1000)), mutnodeset([[i] for i in range(1000)])
for name in ("__iand__", "__ior__", "__ixor__", "__isub__"):
    m |= range(1000); p |= [[i] for i in range(1000)]
    getattr(m, name)(Evil()); getattr(p, name)(Evil())
    m & Evil(), p - Evil()
assert immbitset(Evil()) == immbitset([1, 2, 3, 4, 5])

class Dying:
    def __init__(self, s): self.s = s
    def __del__(self):
        try: self.s.add(object()); self.s.pop(); list(self.s); self.s ^= [1]
        except Exception: pass

for way in ("clear", "pop", "discard", "isub", "iand", "ixor"):
    s = mutnodeset()
    for _ in range(50): s.add(Dying(s))
    members = iter(s)
    if way == "clear": s.clear()
    elif way == "pop":
        for _ in range(20): s.pop()
    elif way == "discard":
        for o in list(s): s.discard(o); del o
    elif way == "isub": s -= list(s)
    elif way == "iand": s &= []
    else: s ^= list(s)
    list(members)
del s, members
gc.collect()
"""
    )


def test_iterators_outlive_their_sets(script):  # B-51, N-7
    script(
        """
import gc
from guppy import hpy
from guppy.sets import *
its = [iter(immbitset(range(100))), iter(mutbitset(range(100))), iter(immnodeset([[]] * 3)), iter(mutnodeset([[], []])), iter(hpy().iso([], {}).nodes)]
gc.collect()
for it in its:
    list(it); list(it)
class Node: pass
for make in (immnodeset, mutnodeset):
    n = Node()
    n.it = iter(make([n]))
    del n
gc.collect()
n = Node(); n.s = immnodeset([n]); it = iter(n.s); n.it = it
referents = [o for o in gc.get_referents(it)]
del n, it, referents
gc.collect()
"""
    )


def test_wrong_types_everywhere(script):
    script(
        """
import inspect
from guppy.sets import *
from guppy.sets import setsc
things = [None, 1.5, "x", b"\\xff", object(), [None], {1: 2}, (1, "a"), 2**70, -2**70, True, immbit(3), ~immbit(3), mutbitset([1]), immnodeset([1]), mutnodeset(), type, lambda: 1, float("nan")]
def quiet(f, *a, **k):
    try: f(*a, **k)
    except (TypeError, ValueError, OverflowError, IndexError, AttributeError, MemoryError, KeyError): pass
for name in dir(setsc):
    f = getattr(setsc, name)
    if not callable(f) or name.startswith("__"): continue
    quiet(f)
    for a in things:
        quiet(f, a); quiet(f, arg=a)
        for b in things:
            quiet(f, a, b); quiet(f, a, b, a)
for s in (immbit(1), ~immbit(1), mutbitset([5]), immnodeset([1]), mutnodeset([1])):
    for name in dir(s):
        if name in ("__class__", "__init_subclass__", "__subclasshook__"): continue
        f = getattr(s, name, None)
        if callable(f):
            quiet(f)
            for a in things:
                quiet(f, a)
                for b in things: quiet(f, a, b)
for t in (setsc.BitSet, setsc.CplBitSet, setsc.NodeSet):
    quiet(t); quiet(t.__new__, t); quiet(object.__new__, t)
for t in (ImmBitSet, MutBitSet, ImmNodeSet, MutNodeSet, setsc.CplBitSet):
    quiet(object.__new__, t); quiet(t.__new__, int); quiet(t.__new__)
"""
    )


def test_huge_numbers_are_errors(script):  # B-25, B-36, B-53
    script(
        """
import resource
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
from guppy.sets import *
for f in (lambda: immbitrange(-2**63, 2**63 - 1), lambda: int(immbit(2**62)), lambda: immbitrange(0, 2**62, 64), lambda: int(immbit(2**40))):
    try: f()
    except (MemoryError, OverflowError): pass
    else: raise SystemExit("no error")
m = mutbitset()
m |= immbitrange(10**8)
assert len(m) == 10**8
"""
    )


def test_threads(script):  # B-112
    script(
        """
import random, threading, time
from guppy.sets import *
m, p = mutbitset(), mutnodeset()
objects = [[i] for i in range(500)]
stop, failed = [], []
def work(seed):
    draw = random.Random(seed)
    try:
        while not stop:
            way = draw.randrange(8)
            bit = draw.randrange(3000)
            if way == 0: m.add(bit); p.add(objects[bit % 500])
            elif way == 1: m.discard(bit); p.discard(objects[bit % 500])
            elif way == 2: m ^ immbitrange(bit); p | objects[:9]
            elif way == 3: list(m); list(p)
            elif way == 4: m.mutcopy(), len(m), len(p)
            elif way == 5: m.tas(bit), p.tac(objects[bit % 500])
            elif way == 6: immbitset(m), immnodeset(p)
            else: repr(m), p == immnodeset(objects)
    except BaseException as e:
        failed.append(e)
threads = [threading.Thread(target=work, args=(i,)) for i in range(6)]
for t in threads: t.start()
time.sleep(1.5); stop.append(1)
for t in threads: t.join()
assert not failed, failed
"""
    )


def test_use_at_shutdown(script):
    script(
        """
from guppy import hpy
from guppy.sets import *
class Late:
    def __init__(self, *a): self.a = a
    def __del__(self):
        for s in self.a:
            for f in (lambda: s | [1], lambda: ~s, lambda: list(s), lambda: s.mutcopy(), lambda: repr(s), lambda: int(s), lambda: s.add(1), lambda: len(s), lambda: s == s, lambda: hash(s)):
                try: f()
                except Exception: pass
import sys
late = Late(immbit(3), ~immbit(3), mutbitset([1]), immnodeset([1]), mutnodeset([1]), hpy().iso(1).nodes)
late.own = late
sys.late = late
"""
    )


def test_pickles_of_garbage(script):  # B-82
    script(
        """
import os, pickle, random
from guppy.sets import *
from guppy.sets.setsc import _bs
draw = random.Random(4)
good = pickle.dumps(mutbitset(range(0, 3000, 7)))
for _ in range(3000):
    data = bytearray(good)
    for _ in range(draw.randrange(1, 6)): data[draw.randrange(len(data))] = draw.randrange(256)
    try: s = _bs(draw.randrange(-1, 6), bytes(data[: draw.randrange(len(data))]))
    except (ValueError, TypeError): continue
    s | s, repr(s), hash(immbitset(s))
"""
    )


def test_help_of_what_changes(script):  # HD-6, HD-8
    script(
        """
import webbrowser
from guppy import hpy
hp = hpy()
webbrowser.open = lambda *a: 1 / 0
try: hp.doc.heap[0]
except ZeroDivisionError: pass
hp.reprefix = "%s{}\\n"
str(hp.doc), repr(hp.doc.iso)
d = hp.iso(object()).doc
for name in ("__len__", "_names", "__class__", "x" * 10000, "\\ud800"):
    try: getattr(d, name)
    except AttributeError: pass
for index in (10**30, "a", None, 1.5):
    try: d[index]
    except (IndexError, TypeError): pass
    else: raise SystemExit(repr(index))
"""
    )


@pytest.mark.parametrize("seed", range(4))
def test_gsl_of_garbage(seed, tmp_path, capsys):  # L-3, L-10
    from guppy.gsl.Main import main

    draw = random.Random(seed)
    words = ("kind:: superkind:: attr:: method:: arg: eg: d: document: output: html latex tester man page of: test of: and: a b int+ self: op: + getitem "
             "mapping repeat: 1..* x y optionals draw alt key arg: returns: condition:: python code: precondition: a.b(x) for: in: use: macro:: include: "
             "import:: from: link to: ref: .mykind.a char: gsml: <b> & % \\ = : :: . .. ul li p h1 em t: \x00 \ud7ff coverage: length 3 0 -1").split(" ")  # fmt: skip
    tops = [".kind:: a", ".kind:: a, b", ".superkind:: int+", ".document: d", ".macro:: m", ".and: a", ".import:: a", ".superkind:: x"]
    inner = ("attr:: x|attr:: y, z|method:: m|mapping|op: +|iop: +=|fop: len|getitem|setitem|delitem|arg: x: int+|arg: y|key arg: z: int+|optionals|alt|"
             "no arg|draw|seq|repeat: 1..*|repeat: x|repeat: 3|repeat: 2..1|args: int+, int+|args|returns: a|returns: zz|d: text|dwh: head|c: note|eg: 1|eg|"
             "in context: x = 1|self: s|subkind of: a|subkind of: b|constructor: a|condition:: c|python code: s|precondition: a.c(s)|postcondition: not a.c(x, y)|"
             "equation|either|kind of: a|kind of: int+|superkind of: int+|output: html|output: latex, xhtml|output: tester|document title: t|header|meta: a: b|"
             "man page of: a|test of: a|test of: int+|coverage: 2|coverage: length 2|coverage: x|synopsis of: a|description of: a.x|arguments of: a.m|"
             "attributes of: a|mappings of: a|kind of: a|name of: a|id of: a|link to: a|link to: zz|ref: .mykind.x|ref: a|define: a|label: l|for: k|in: a, b|"
             "use: m: 1, 2|use: m|args|take first|take rest|take all|char: 9999999999|char: amp|gsml: <b><i></b>&#0;<hr>|p: x|ul|li|table|tr|td: 1|pre: a|"
             "href=x|with|t: y|to tester only|to html only|from: g0|default: 1|example: 2").split("|")  # fmt: skip
    for number in range(400):
        lines = [".superkind:: int+", "..eg: 1", ".macro:: m"]
        for top in (".kind:: a", ".kind:: b", ".document: d\n..output: html, latex", ".document: e\n..output: tester\n..test of: a", draw.choice(tops)):
            lines.append(top)
            depth = 1
            for _ in range(draw.randrange(12)):
                depth = draw.randrange(2, depth + 2) if depth > 1 else 2
                odd = " ".join(draw.choice(words) for _ in range(draw.randrange(4)))
                lines.append("." * depth + (draw.choice(inner) if draw.random() < 0.97 else odd.lstrip(".")))
        try:
            main("g%d" % number, input_string="\n".join(lines), input_dir=str(tmp_path), output_dir=str(tmp_path), max_errors=1000, process_despite_errors=True)
        except (SyntaxError, FileNotFoundError):
            pass
    out = capsys.readouterr().out  # nothing ended in any other exception
    assert out.count("processing html") > 5 and out.count("processing tester") > 5 and "Test coverage error" in out

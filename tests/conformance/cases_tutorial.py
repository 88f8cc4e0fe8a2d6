"""The eight examples of the tutorial, without NumPy.

The tables of whole heaps cannot agree to the number, since the two tools hold different things in memory:
`shape` keeps the words of a text and the number of its rows.  Example 7 and the rest agree to the character.
"""

from cases import Case

SHAPE = """
import guppy
the_heap = guppy.hpy()

def shape(x):
    lines = str(x).splitlines()
    words = [re.sub(r"[-\\d.e+]*\\d", "#", re.sub(" +", " ", line)) for line in lines]
    return [w for w in words if not w.startswith(" #")] + [sum(w.startswith(" #") for w in words)]
"""

CASES = [
    Case("tutorial 1: heap, setref, heap", "S-30 S-50 H-66 T-50", SHAPE + """
h = the_heap.heap(); print(type(h.size)); print(shape(h))
p = q = r = None
the_heap.setref()
p = [n for n in range(1500)]; q = "A"
h = the_heap.heap(); print(p in h, q in h, (h & list).count, (h & int).count > 1000)
"""),
    Case("tutorial 2: heapu", "S-60 T-61 T-62 T-64 S-62", SHAPE + """
s = the_heap.heapu()
print(type(s), type(s.count), type(s.size), type(s.numrows))
rows = list(s.get_rows())
print([r.index for r in rows] == list(range(s.numrows)), sum(r.count for r in rows) == s.count, rows[-1].cumulsize == s.size)
print(all("%5d%5d%8d%8d%30s" % (r.index, r.count, r.size, r.cumulsize, r.name) for r in s.rows[:5]), len(s.rows[:5]))
print(shape(the_heap.heapu(stat=0))[:2]); the_heap.setref()
"""),
    Case("tutorial 3: rows of a heap", "K-50 K-53 T-40", SHAPE + """
h = the_heap.heap()
print(shape(h)); print(shape(h[0])); print(shape(h[1])); print(shape(h.parts[2]))
print(h[1].size == h.partition.rows[1].size, str(h[1]).split()[-7] == str(h.partition.rows[1].count), [h[n].count > 0 for n in range(15)])
"""),
    Case("tutorial 4: diff and disjoint", "K-12 K-27 T-82 T-83", SHAPE + """
p = q = None
h1 = the_heap.heap()
p = [n for n in range(1500)]; q = "B"
h2 = the_heap.heap()
d = h2.diff(h1)
print(h1.disjoint(h2), type(d), d.count >= 1000, d.size > 28000, d.numrows == len(list(d.get_rows())))
print([r.name for r in d.get_rows()][:2], shape(d)[:4])
"""),
    Case("tutorial 5: attributes, dump and load", "S-31 T-6 T-90 T-91 T-100 T-112", SHAPE + """
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "guppy_heap_status.out")
h = the_heap.heap()
print("Object(%s)" % type(h)); print(type(h.count), shape(h.parts[0]), shape(h.stat))
h.dump(path); print([re.sub("\\d.*", "#", line) for line in open(path).readlines()[:5]])
s = the_heap.load(path); print(type(s)); row = lambda r: (r.index, r.count, r.size, r.cumulsize, r.name)
print([row(r) for r in list(s.get_rows())[:5]] == [row(r) for r in list(h.stat.get_rows())[:5]], str(s) == str(h))
"""),
    Case("tutorial 6: groupings", "K-60 T-30 T-31 T-50", SHAPE + """
h = the_heap.heap()
for by in ("bytype", "bymodule", "bysize", "byunity", "byidset", "byid"):
    print(by, shape(getattr(h, by)))
for by in ("byrcs", "byvia"):
    rows = shape(getattr(h, by)); print(by, rows[:2])
    print(len(getattr(h, by)) > 100, getattr(h, by)[0].count > 100)
"""),
    Case("tutorial 7: iso and idset", "S-70 S-71 S-74 S-75 K-30", SHAPE + """
p = [n for n in range(150000)]; q = "P"; r = "JAVATPOINT"
for x in (p, q, r, [], ""): print(the_heap.iso(x)); print()
for x in (p, q, r, [], ""): print(the_heap.idset(x)); print()
print(the_heap.iso(p, q, r)); print(the_heap.idset([p, q, r]))
"""),
    Case("tutorial 8: the name of the session", "S-10 S-11", SHAPE + "del hp; print(the_heap); print(repr(the_heap.Nothing))"),
    Case("tutorial 8: the listings of doc", "S-80 S-81 S-84 S-85 HD-2 HD-5 HD-6", SHAPE + """
print(the_heap.heap().doc); print(the_heap.Nothing.doc); print(the_heap.iso(1).doc)
print(the_heap.Type(int).doc); print(the_heap.Size.doc); print(the_heap.doc[0])
print([n for n in the_heap.doc if n not in ("dominators", "loadall", "snapshot", "why")])
h = the_heap.heap()
for text in (the_heap.doc.iso, the_heap.doc.Root, h.doc.parts, h.doc.byrcs, h.doc.count, the_heap.doc.heap):
    print(type(text).__name__ != "str", str(text) == repr(text), len(str(text)) > 20)
print([str(getattr(the_heap.doc, n)).startswith(n) for n in ("iso", "idset", "Root", "heap", "heapu", "setref", "load")])
print(error(lambda: the_heap.doc[100]), error(lambda: the_heap.doc.iso[99]))
"""),
]

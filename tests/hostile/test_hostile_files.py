"""Whatever is asked of a session of a snapshot file, with whatever beside: an answer or an exception, never a crash."""

WRITE = """
import sys
from guppy import hpy
class C:
    def __init__(self, i): self.a = [i, {"x": self, i: (i,)}]
keep = [C(i) for i in range(30)]; keep.append(vars(keep[0]))
hpy().snapshot().save(sys.argv[1], contents="values")
"""

ASK = """
import io, itertools, operator, os, sys, warnings
from guppy import hpy
from guppy.heapy import open_snapshot
warnings.simplefilter("ignore")
os.chdir(os.path.dirname(sys.argv[1]))
hp = hpy()
f = open_snapshot(sys.argv[1])
names_left_out = {"monitor", "pb", "test", "loadc", "dumph", "close"}  # those that wait, and the end

def look(answer):
    return str(answer)

def attempt(function, *arguments):
    try:
        look(function(*arguments))
    except (ArithmeticError, AttributeError, LookupError, NameError, OSError, RuntimeError, SyntaxError, TypeError, ValueError):
        pass

h = f.heap()
some = [(), (98765,), (h,), (hp.heap(),), ("a",), (int,), (hp.Type,), (f.Type,), ([1],), (f.Type(int),), (hp.Type(int),)]
for x in (f, h, h[0], h.byid[3], f.Type(int), h.bytype.kind, f.Type, f.Nothing, h.stat, h.partition, h[0].rp, h[5].sp,
          h[5].sp[0], f.dominators(), f.moment):
    for name in dir(x):
        if name in names_left_out or name.startswith("__"):
            continue
        attempt(getattr, x, name)
        value = getattr(type(x), name, None)
        if callable(value):
            for arguments in some:
                attempt(value, x, *arguments)

sets = [h, h[0], f.Type(int), f.Nothing, hp.heap()[0], hp.Type(int), hp.iso(f), int, [1, 2], f.Type, hp.Type, hp.Nothing,
        h.bytype.kind, f.Anything, hp.Anything]
for a, b in itertools.product(sets, sets):
    for operation in (operator.or_, operator.and_, operator.sub, operator.xor, operator.le, operator.lt, operator.eq,
                      operator.contains):
        attempt(operation, a, b)
for name in ("Type", "Clodo", "Module", "Id", "Size", "Rcs", "Via", "Unity", "Idset", "Prod"):
    for session in (hp, f):
        relation = getattr(session, name)
        attempt(h.by, relation)
        for x in sets:
            attempt(relation, x)
for x in sets:
    for make in (f.findex, f.union, hp.findex, f.iso, f.idset, f.Clodo, f.Type):
        for arguments in ((x,), ([x],), (x, x)):
            try:
                made = make(*arguments)
            except (TypeError, ValueError):
                continue
            attempt(h.by, made)
            attempt(hp.heap().by, made)
assert f.at(*h.addresses) == h  # heap() may have another reference point now
f.close()
for name in dir(f):
    if name not in names_left_out and not name.startswith("__"):
        attempt(getattr, f, name)
print("alive", file=sys.stderr)
"""


def test_anything_is_asked_of_a_file(script, tmp_path):
    script(WRITE, tmp_path / "a.heapy")
    assert "alive" in script(ASK, tmp_path / "a.heapy", timeout=600).stderr


def test_without_the_collector(script, tmp_path):
    """Sessions and answers go with their last reference; nothing of the file stays open."""
    script(WRITE, tmp_path / "a.heapy")
    script(
        """
import gc, os, sys
from guppy.heapy import open_snapshot
gc.disable()
def once():
    f = open_snapshot(sys.argv[1])
    x = f.heap()
    str(x), str(x.byid), str(x[0].rp), str(x[3].sp), str(f.dominators()), x.bytype.kind
once()
before = len(os.listdir("/proc/self/fd"))
for _ in range(5): once()
assert len(os.listdir("/proc/self/fd")) == before
""",
        tmp_path / "a.heapy",
    )

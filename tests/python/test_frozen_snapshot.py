"""A snapshot is frozen: whatever is asked of it later, the answer is that of its moment (H-91, H-92).

Everything is asked of one snapshot before and after its objects were changed, anew the second time.  Left out are
only the expressions of kinds of modules that sys.modules no longer has: they are to be evaluated now.
"""

PROGRAM = '''
import gc, re, sys, types
from guppy import hpy

hp = hpy()
hp.reprefix = "hp."

class Plain:
    def method(self):
        pass

class Other:
    pass

class Slotted:
    __slots__ = ("slot",)

def function():
    pass

module = types.ModuleType("before")
module.attribute = lst = [1, 2, 3]
sys.modules["before"] = module
table = {"key": lst, "other": (lst,), 7: "seven"}
instance = Plain()
instance.name = lst
instance.__dict__  # it has one from here on
inline = Plain()
inline.name = lst
slotted = Slotted()
slotted.slot = lst
members = {"one", "two"}
nested = [[lst], {"deep": [lst]}]
named = {"holder": function}
method = Plain.method.__get__(instance)
code = function.__code__
OBJECTS = [lst, table, module, module.__dict__, instance, inline, slotted, members, nested, function, named, Plain, method]

def ask(snapshot):
    """Every answer there is, as (question, text)."""
    answers = []
    def add(name, answer):
        answers.append((name, answer))
    whole = snapshot.idset(OBJECTS)
    for relation in ("clodo", "type", "size", "module", "unity", "rcs", "via", "id", "idset"):
        add("by " + relation, str(getattr(whole, "by" + relation).all))
        add("stat by " + relation, str(getattr(whole, "by" + relation).stat))
        add("kinds by " + relation, repr([row.kind for row in getattr(whole, "by" + relation).partition.get_rows()]))
    add("by Type & Size", str(whole.by("Type&Size").all))
    add("retained", str(whole.byretained.all))
    add("brief of all", whole.brief)
    add("size of all", whole.size)
    for number, object in enumerate(OBJECTS):
        one = snapshot.iso(object)
        for relation in ("clodo", "id", "via", "rcs", "module"):
            add("%d by %s" % (number, relation), str(getattr(one, "by" + relation)))
        add("%d brief" % number, one.brief)
        add("%d owners" % number, str(one.owners.byid.all))
        add("%d kind" % number, repr(one.kind))
        add("%d rp" % number, str(one.get_rp(depth=3).all))
        add("%d rp by type" % number, str(one.get_rp(depth=2, er=hp.Type).all))
        add("%d rp imdom" % number, str(one.get_rp(depth=2, imdom=1).all))
        add("%d sp" % number, str(one.sp.all))
        add("%d sp at full length" % number, [path.stra(safe=False) for path in one.sp.iter(0, 20)])
        add("%d pathsin" % number, str(one.pathsin.all))
        add("%d pathsout" % number, str(one.pathsout.all))
        add("%d why" % number, str(snapshot.why(object)))
        add("%d referents" % number, str(one.referents.byid.all))
        add("%d referrers" % number, str(one.referrers.byid.all))
        add("%d imdom" % number, str(one.imdom.byid.all))
        add("%d dominos" % number, (str(one.dominos.byid.all), one.domisize, one.retained))
    add("dominators", str(snapshot.dominators()))
    add("branches", [str(branch) for branch in snapshot.dominators()[:5]])
    add("heap", str(snapshot.heap().all))
    return answers

snapshot = hp.snapshot()
before = ask(snapshot)

# Everything that can change does.
lst.extend(range(1000))
module.__name__ = "after"
module.__dict__["new"] = 1
del module.attribute
del table["key"], table[7]
table.update((("k", i), i) for i in range(100))
instance.__dict__ = {"other": 2}
del inline.name
inline.__class__ = Other
del slotted.slot
members.update(range(100))
nested[1].clear()
nested.append(nested)
named.clear()
function.__name__ = function.__qualname__ = Plain.method.__name__ = "renamed"
function.__module__ = Plain.__module__ = "elsewhere"
Plain.__name__ = Plain.__qualname__ = "Renamed"
gc.collect()

after = ask(snapshot)
assert len(before) == len(after)
wrong = [(name, then, now) for (name, then), (_, now) in zip(before, after) if then != now]
for name, then, now in wrong:
    print(name)
    for a, b in zip(str(then).splitlines(), str(now).splitlines()):
        if a != b:
            print("    then", a)
            print("    now ", b)
assert not wrong, [name for name, _, _ in wrong]
'''


def test_answers_are_those_of_the_moment(script):
    script(PROGRAM)

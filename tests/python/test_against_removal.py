"""Retained sizes and dominators of a real heap against what they mean: the walk without the object (R-100, R-103, R-30).

The heap is that of an interpreter with a part of the standard library loaded, 10^4 objects and more, as a snapshot
gives it; the walk is a dozen lines of Python.
"""

PROGRAM = '''
import argparse, asyncio, decimal, email.message, json, random, sys, unittest
from guppy import hpy

seed = int(sys.argv[1])
chance = random.Random(seed)
hp = hpy()
snapshot = hp.snapshot()
graph = snapshot.moment
nodes = list((snapshot.heap() | snapshot.iso(snapshot.Root)).nodes)
number = {id(node): i for i, node in enumerate(nodes)}
edges = [[number[id(target)] for target, _ in graph.edges(node) if id(target) in number] for node in nodes]
root = number[id(snapshot.Root)]
starts = sorted({number[id(target)] for target, _ in graph.roots() if id(target) in number})
size = [0] * len(nodes)

def take_sizes():  # in local variables: 3.15 resolves a lazy import that a global variable has when that is read
    waiting = [()]
    while waiting:
        for child, _, own in graph.dominated(*waiting.pop()):
            size[number[id(child)]] = own
            waiting.append((child,))

take_sizes()

def reach(without):
    """What the root reaches when some nodes are gone."""
    seen = bytearray(len(nodes))
    for node in without:
        seen[node] = 1
    waiting = []
    for node in starts:
        if not seen[node]:
            seen[node] = 1
            waiting.append(node)
    while waiting:
        for target in edges[waiting.pop()]:
            if not seen[target]:
                seen[target] = 1
                waiting.append(target)
    return seen

whole = reach([])
total = sum(size[i] for i in range(len(nodes)) if whole[i])
assert len(nodes) > 10_000 and abs(graph.total - total) <= size[root], (graph.total, total)
'''


def test_what_an_object_retains_is_what_goes_with_it(script):
    """Of single objects and of small sets: the bytes that a walk without them does not reach."""
    script(
        PROGRAM
        + """
reached = [i for i in range(len(nodes)) if whole[i] and i != root]
for round in range(210):
    removed = chance.sample(reached, 1 if round % 21 else 4)  # 200 single objects, 10 sets
    rest = reach(removed)
    gone = [i for i in range(len(nodes)) if whole[i] and (not rest[i] or i in removed)]
    members = snapshot.idset([nodes[i] for i in removed])
    assert members.retained == members.domisize == sum(size[i] for i in gone), (seed, removed)
    assert {id(o) for o in members.dominos.nodes} == {id(nodes[i]) for i in gone}, (seed, removed)
""",
        "1",
    )


def test_dominators_are_those_of_the_definition(script):
    """The immediate dominator of a node is the only one whose removal cuts it off, and that all others cut off too:
    the tree is compared with one found by iteration over the whole graph (Cooper, Harvey and Kennedy)."""
    script(
        PROGRAM
        + """
# Postorder by a stack; the number len(nodes) stands for the root of all roots.
top = len(nodes)
order, state = [], bytearray(len(nodes) + 1)
waiting = [(top, iter(starts))]
state[top] = 1
while waiting:
    node, rest = waiting[-1]
    for target in rest:
        if not state[target]:
            state[target] = 1
            waiting.append((target, iter(edges[target])))
            break
    else:
        order.append(node)
        waiting.pop()
place = {node: i for i, node in enumerate(order)}
before = {node: [] for node in order}
for node in order:
    for target in starts if node == top else edges[node]:
        if target in before:
            before[target].append(node)
idom = {top: top}
changed = True
while changed:
    changed = False
    for node in reversed(order[:-1]):
        new = None
        for other in before[node]:
            if other not in idom:
                continue
            if new is None:
                new = other
                continue
            a, b = new, other
            while a != b:
                while place[a] < place[b]:
                    a = idom[a]
                while place[b] < place[a]:
                    b = idom[b]
            new = a
        if idom.get(node) != new:
            idom[node] = new
            changed = True
try:
    import networkx
except ImportError:  # then the iteration alone
    pass
else:
    graph_of_all = networkx.DiGraph()
    graph_of_all.add_edges_from((node, target) for node in order[:-1] for target in edges[node])
    graph_of_all.add_edges_from((top, target) for target in starts)
    theirs = networkx.immediate_dominators(graph_of_all, top)
    assert {node: theirs[node] for node in order[:-1]} == {node: idom[node] for node in order[:-1]}
    print("agrees with networkx", networkx.__version__)

def other_dominators():  # in local variables, as above
    for node in order[:-1]:
        if node == root:
            continue
        found = graph.dominator(nodes[node])
        expected = None if idom[node] == top else nodes[idom[node]]
        if found is not expected and not (found is snapshot.Root and idom[node] == top):
            yield type(nodes[node]), type(found)

wrong = list(other_dominators())
assert not wrong, (len(wrong), wrong[:5])
""",
        "2",
    )


def test_live_and_kept_answers_agree(script):
    """Every question about a set, of the live heap and of a snapshot of the same moment."""
    script(
        """
import argparse, collections, decimal, gc, json, random
from guppy import hpy

class Plain:
    pass

class Slotted:
    __slots__ = ("one", "two", "__weakref__")

chance = random.Random(3)
things = []
for i in range(400):
    thing = chance.choice([Plain, Slotted, list, dict, set, collections.deque, Exception])()
    names = chance.sample(things, min(len(things), 3))
    for n, other in enumerate(names):
        if isinstance(thing, (list, collections.deque)):
            thing.append(other)
        elif isinstance(thing, dict):
            thing["key%d" % n] = other
        elif isinstance(thing, set):
            thing.add(id(other))
        elif isinstance(thing, Slotted):
            thing.one, thing.two = other, names
        else:
            thing.attribute = other
    things.append(thing)
root_of_all, names, other, thing = things[-50:], None, None, None
asked = [[o] for o in chance.sample(things, 20)] + [chance.sample(things, 5) for _ in range(5)]
asked += [[Plain], [json.loads], [decimal.__dict__], [argparse.ArgumentParser, collections.OrderedDict]]
asked.append([o for o in things if type(o) is dict])
gc.collect()
hp = hpy()
hp.reprefix = "hp."

def ids(set):
    return {id(o) for o in set.nodes}

def in_any_order(text):
    return sorted(sorted(part) for part in text.strip("()").split(" | "))

QUESTIONS = {
    "referents": lambda s: ids(s.referents), "referrers": lambda s: ids(s.referrers), "imdom": lambda s: ids(s.imdom),
    "dominos": lambda s: ids(s.dominos), "domisize": lambda s: s.domisize, "retained": lambda s: s.retained,
    "size": lambda s: s.size, "brief": lambda s: s.brief, "kind": lambda s: repr(s.kind), "owners": lambda s: ids(s.owners),
    "byclodo": lambda s: str(s.all), "bytype": lambda s: str(s.bytype.all), "bysize": lambda s: str(s.bysize.all),
    "bymodule": lambda s: str(s.bymodule.all), "byunity": lambda s: str(s.byunity), "byid": lambda s: str(s.byid.all),
    "byrcs": lambda s: str(s.byrcs.all), "byrcs.kind": lambda s: in_any_order(repr(s.byrcs.kind)), "byvia": lambda s: str(s.byvia.all),
    "byvia.brief": lambda s: s.byvia.brief, "byretained": lambda s: str(s.byretained.all), "sp": lambda s: str(s.sp),
    "numpaths": lambda s: s.sp.numpaths, "pathsin": lambda s: str(s.pathsin), "rp": lambda s: str(s.get_rp(depth=3).all),
    "rp by type": lambda s: str(s.get_rp(depth=2, er="Type").all), "rp imdom": lambda s: str(s.get_rp(depth=2, imdom=1).all),
    "by both": lambda s: str(s.by("Type&Size").all), "parts": lambda s: [p.count for p in s.parts],
    "kinds of rows": lambda s: [repr(row.kind) for row in s.partition.get_rows()],
}
objects = todo = name = ask = snapshot = first = second = None
wrong = []
# Without iterators: what those of a running frame lead to is seen only while it calls another.
while asked:
    objects, todo = asked.pop(), list(QUESTIONS)
    name, snapshot = todo[-1], hp.snapshot()
    snapshot.reprefix = "hp."
    while todo:
        name = todo.pop()
        ask = QUESTIONS[name]
        first, second = ask(hp.iso(*objects)), ask(snapshot.iso(*objects))
        if first != second:
            wrong.append((name, len(objects), type(objects[0]).__name__, first, second))
        first = second = None
assert not wrong, (len(wrong), {name for name, *_ in wrong}, wrong[:2])
for name in "Root", "Type", "Nothing", "Anything":
    assert repr(getattr(hp, name)) == repr(getattr(snapshot, name)) or name == "Root"
assert str(hp.why(things[7])) == str(snapshot.why(things[7]))
"""
    )

"""Shortcuts of the live heap, which answer without a graph, answer as the engine does on a snapshot of the same moment.

PYTEST_DONT_REWRITE: rewritten assertions keep what they see in local variables, which are part of the heap.
"""

import gc
import random
import re
from pathlib import Path

import pytest

from guppy import hpy
from test_object_graphs import SHAPES, Node, make

SOURCE = Path(__file__).resolve().parents[2] / "python/ext/types/source_live.c"


def some(draw, items, least=0):
    return draw.sample(items, draw.randrange(least, len(items) + 1))


def kinds(session, draw, objects):
    """Kinds that types decide, that they decide in part, and that they leave open."""
    x = draw.choice(objects)
    yield session.Type(list)
    yield session.Type(Node) | session.Type(dict)
    yield ~session.Type(list)
    yield session.Type(list) & session.Size(session.iso(x).size)
    yield session.Type(list) & ~session.Id(id(x))
    yield session.Type.Object if hasattr(session.Type, "Object") else session.Type(Node)
    yield session.Type(list) & session.Rcs(session.Type(tuple))
    yield session.Size(session.iso(x).size)
    yield session.Clodo(dictof=Node)


def paths(source, target, **around):
    """Shortest paths between two sets: how many, and the first ones as text."""
    found = target.get_shpaths(source, **around)
    return found.numpaths, [str(p) for p in found.iter(0, 200)], str(found)


# What is compared of each function of the live source: it gets a session and what was drawn.
def heap(session, drawn):
    found = session.heap().addresses
    return sorted(found) if drawn.begins_at_root else sorted({id(o) for o in drawn.all} & set(found))


def answer(session, drawn):
    s = session.idset(drawn.chosen)
    return [sorted(x.addresses) for x in (s.referents, s.referrers, s.imdom, s.dominos)]


def size(session, drawn):
    return session.idset(drawn.chosen).size, session.idset(drawn.reached).size


def retained(session, drawn):
    return [session.idset(part).domisize for part in (drawn.chosen, drawn.reached, *drawn.parts)]


def count(session, drawn):
    # From hp.Root the frames of this file and what they make are counted too.
    names = ("Type", "Clodo", "Size", "Module", "Type&Size") if drawn.begins_at_root else ()
    return [session.stat(by=name).to_dict()["rows"] for name in names]


def at(session, drawn):
    found = session.at(*(id(o) for o in drawn.chosen))
    return sorted(found.addresses), str(found.bytype)


def reference(session, drawn):
    """What hp.setrelheap() takes by itself: all there is."""
    session.setrelheap()
    found = set(session.relheap.addresses) & {id(o) for o in drawn.all}, str(session.relheap.er)
    session.relheap = session.Nothing
    return found


def dominated_alone(session, drawn):
    sets = [session.idset(part) for part in drawn.parts]
    return [sorted(x.addresses) for x in session._dominos_alone(sets)]


def narrow(session, drawn):
    x = session.idset(drawn.reached)
    draw = random.Random(drawn.seed)
    return [sorted((x & kind).addresses) for kind in kinds(session, draw, drawn.reached)]


def take_paths(session, drawn):
    target, source = session.idset(drawn.chosen), session.idset(drawn.sources)
    root = session.iso(drawn.root)
    avoid = session.idset(drawn.avoided)
    between = (
        paths(source, target),
        paths(root, target),
        paths(root, target, avoid_nodes=avoid),
        paths(root, target, avoid_edges=drawn.edges),
    )
    # From hp.Root the frames of this file are among the shortest ways.
    return between + tuple(str(session.iso(o).sp) for o in drawn.chosen if drawn.begins_at_root)


def take(session, drawn):
    x = session.idset(drawn.chosen)
    return [str(x.by(name)) for name in ("Type", "Clodo", "Size", "Id", "Module", "Rcs", "Via", "Rcs&Via", "Type&Size")]


def take_all(session, drawn):
    retained = str(session.idset(drawn.chosen).byretained)
    return retained, session.dominators().retained if drawn.begins_at_root else None


COMPARED = {
    f.__name__: f
    for f in (heap, answer, size, retained, count, at, dominated_alone, narrow, take_paths, take, take_all, reference)
}
# What only the one can do, or each in its own way: the text of a session, and what snapshot(), save() and heapu() do.
UNLIKE = {"describe", "keep", "write", "moment", "unreachable"}


class Drawn:
    """What is asked about, made before the moment."""


def draw_all(seed, shape, begins_at_root):
    """begins_at_root: the view begins at the objects' root, so nothing else is there; else at hp.Root."""
    draw = random.Random("%s %d" % (shape, seed))
    drawn = Drawn()
    drawn.all, drawn.root, _ = make(draw, shape)
    drawn.seed, drawn.begins_at_root = seed, begins_at_root
    hp = hpy()
    if begins_at_root:
        hp.View.root = drawn.root
    inside = set(hp.heap().addresses)
    drawn.reached = [o for o in drawn.all if id(o) in inside]
    drawn.chosen = some(draw, drawn.reached, 1)
    drawn.sources = some(draw, drawn.reached, 1)
    drawn.avoided = [o for o in some(draw, drawn.reached) if not any(o is c for c in drawn.chosen)][:3]
    drawn.edges = [(a, b) for a in some(draw, drawn.reached)[:5] for b in gc.get_referents(a)[:1]]
    cut = draw.randrange(len(drawn.chosen) + 1)
    drawn.parts = [drawn.chosen[:cut], drawn.chosen[cut:], some(draw, drawn.reached)]
    return hp, drawn


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed, begins_at_root", [*((seed, True) for seed in range(10)), (0, False)])
def test_live_and_kept_answer_alike(shape, seed, begins_at_root):  # P-3, K-40 to K-46, H-91
    hp, drawn = draw_all(seed, shape, begins_at_root)
    gc.collect()
    snapshot = hp.snapshot()
    for name, function in COMPARED.items():
        live, kept = function(hp, drawn), function(snapshot, drawn)
        assert live == kept, name


def test_every_function_of_the_live_source_is_compared():
    """One that is added must be added above."""
    table = re.search(r"const source_methods live_source = \{(.*?)\};", SOURCE.read_text(), re.S)[1]
    assert set(re.findall(r"\.(\w+) =", table)) == set(COMPARED) | UNLIKE
    questions = re.findall(r"case (HEAPY_ASK_\w+):", SOURCE.read_text())
    assert questions == [
        "HEAPY_ASK_REFERENTS",
        "HEAPY_ASK_REFERRERS",
        "HEAPY_ASK_IMMEDIATE_DOMINATORS",
        "HEAPY_ASK_DOMINATED",
    ]  # as answer() asks

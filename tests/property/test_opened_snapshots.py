"""Files of random object graphs answer as the snapshots of which they were saved.

PYTEST_DONT_REWRITE: rewritten assertions keep what they see in local variables, which are part of the heap.
"""

import random

import pytest

from guppy import hpy
from guppy.heapy import open_snapshot
from test_object_graphs import SHAPES, make

QUESTIONS = [
    *("x.by('%s')" % r for r in ("Type", "Clodo", "Rcs", "Via", "Size", "Id", "Idset", "Rcs&Via", "Type&Size", "Id&Via")),
    "x.kind",
    "x.brief",
    "x.referrers.byid",
    "x.referents.byid",
    "x.imdom.byid",
    "x.dominos.byid",
    "x.domisize",
    "x.byretained",
    "x.sp",
    "x.sp.numpaths",
    "x.pathsin",
    "x.pathsout",
    "x.rp",
    "x.get_rp(er='Size', depth=3)",
    "x.get_rp(imdom=1)",
    "s.heap().byid",
    "s.heap().byvia",
    "s.heap().byrcs",
    "s.heap() & s.Type(list)",
    "s.heap() - x",
    "s.dominators()",
    "s.dominators()[0]",
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_every_question(shape, seed, tmp_path):
    draw = random.Random("%s %d" % (shape, seed))
    objects, root, _ = make(draw, shape)
    hp = hpy()
    hp.View.root = root
    s = hp.snapshot()
    s.save(tmp_path / "heap", contents="values", compress=draw.choice(["zstd", None]))
    inside = set(s.heap().addresses)
    reached = [id(o) for o in objects if id(o) in inside]
    chosen = draw.sample(reached, draw.randrange(1, len(reached) + 1))
    with open_snapshot(tmp_path / "heap") as f:
        for question in QUESTIONS:
            in_memory, in_file = (str(eval(question, {"s": t, "x": t.at(*chosen)})) for t in (s, f))
            assert in_file == in_memory, question

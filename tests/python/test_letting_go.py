"""What answers hold goes with their last reference, and asking leaves nothing behind (H-90, H-92, H-41)."""

# Every question there is, to be asked of a session and a set; what is not printed is still made.
QUESTIONS = '''
import gc, sys
from guppy import hpy

QUESTIONS = {
    "heap": lambda hp, x: str(hp.heap()),
    "heap by": lambda hp, x: [str(hp.View.heap().by(name)) for name in ("Type", "Size", "Module", "Unity", "Id", "Idset", "Rcs", "Via")],
    "more": lambda hp, x: str(hp.View.heap().more.more),
    "all": lambda hp, x: str(hp.iso(x, 1, "a").all),
    "stat": lambda hp, x: (str(hp.View.heap().stat), hp.View.heap().stat.as_json()),
    "more of stat": lambda hp, x: str(hp.View.heap().stat.more),
    "partition": lambda hp, x: [str(hp.View.heap().partition.more), hp.View.heap().partition.get_row(0).name],
    "rows": lambda hp, x: [part.count for part in hp.View.heap().parts[:5]],
    "select": lambda hp, x: str((hp.View.heap() & dict)[0].byid),
    "kind": lambda hp, x: (str(hp.iso(x).kind), hp.iso(x).byvia.kind.brief, hp.iso(x).byrcs.kind.brief),
    "brief": lambda hp, x: (hp.iso(x).brief, hp.iso(x, 1).brief),
    "byrcs": lambda hp, x: str(hp.iso(x).byrcs),
    "byvia": lambda hp, x: str(hp.iso(x).byvia),
    "more of byrcs": lambda hp, x: str((hp.View.heap() & dict).byrcs.more),
    "referents": lambda hp, x: str(hp.iso(x).referents),
    "referrers": lambda hp, x: str(hp.iso(x).referrers),
    "referrers_gc": lambda hp, x: str(hp.iso(x).referrers_gc),
    "imdom": lambda hp, x: str(hp.iso(x).imdom),
    "dominos": lambda hp, x: (str(hp.iso(x).dominos), hp.iso(x).domisize, hp.iso(x).retained),
    "byretained": lambda hp, x: (str(hp.iso(x, 1).byretained), str(hp.iso(x, 1).byretained.more)),
    "rp": lambda hp, x: (str(hp.iso(x).rp), str(hp.iso(x).rp.more), len(hp.iso(x).get_rp(depth=3))),
    "rp's rows": lambda hp, x: (str(hp.iso(x).rp[1]), hp.iso(x).rp.a.count, str(hp.iso(x).rp.get_row(1).kind)),
    "rp by size": lambda hp, x: str(hp.iso(x).get_rp(depth=2, er="Size")),
    "rp from": lambda hp, x: str(hp.iso(x).get_rp(depth=2, src=hp.iso(x))),
    "rp imdom": lambda hp, x: str(hp.iso(x).get_rp(imdom=1)),
    "rp's paths": lambda hp, x: str(hp.iso(x).rp.paths(1)),
    "sp": lambda hp, x: (str(hp.iso(x).sp), str(hp.iso(x).sp.more), hp.iso(x).sp.numpaths, str(hp.iso(x).sp[0].path)),
    "pathsin": lambda hp, x: (str(hp.iso(x).pathsin), str(hp.iso(x).pathsout)),
    "why": lambda hp, x: str(hp.why(x)),
    "dominators": lambda hp, x: (str(hp.dominators()), str(hp.dominators()[0]), str(hp.dominators().more)),
    "snapshot": lambda hp, x: str(hp.snapshot().heap()),
    "snapshot by": lambda hp, x: (str(hp.snapshot().iso(x).byrcs), str(hp.snapshot().iso(x).rp.more)),
    "snapshot's why": lambda hp, x: str(hp.snapshot().why(x)),
    "snapshot's dominators": lambda hp, x: str(hp.snapshot().dominators()[0][0]),
    "heapu": lambda hp, x: (str(hp.heapu()), str(hp.heapu(stat=0))),
    "kinds": lambda hp, x: (str(hp.Type(int) | hp.Size(28)), hp.Via("[0]").brief, str(hp.Rcs(hp.Type(int)))),
    "doc": lambda hp, x: (str(hp.doc), str(hp.doc.heap), str(hp.View.heap().doc)),
    "maprox": lambda hp, x: str(hp.iso(x).maprox),
    "owners": lambda hp, x: str(hp.iso(sys.__dict__).owners),
    "view": lambda hp, x: (hp.View.is_rg_update_all, str(hp.View.heap())),
    "horizon": lambda hp, x: str(hp.View.horizon().news()),
    "node sets": lambda hp, x: len(hp.iso(x).nodes | {1}),
    "findex": lambda hp, x: str(hp.View.heap().by(hp.findex(hp.Type(int), hp.Size(28)))),
}
x = {"of": ["what", "is", "asked"]}
'''


def test_asking_adds_nothing_to_the_heap(script):  # H-41, S-56
    """No module is imported by a question, and none keeps anything."""
    script(
        QUESTIONS
        + '''
hp = hpy()
repr([[]])  # for which CPython keeps a dict a thread
failed = []
for name, ask in QUESTIONS.items():
    modules = set(sys.modules)
    hp.setref()
    ask(hp, x)
    gc.collect()
    grown = hp.heap()
    if grown.count or set(sys.modules) != modules:
        failed.append((name, str(grown.byid), sorted(set(sys.modules) - modules)))
assert not failed, "\\n".join(map(str, failed))
'''
    )


def test_importing_the_package_takes_little_along(script):  # S-1
    """Of the standard library nothing that Python has not loaded by itself, but what refusing guppy3 needs."""
    script(
        """
import sys
before = set(sys.modules)
import guppy
assert {name.split(".")[0] for name in set(sys.modules) - before} <= {"guppy", "types"}, set(sys.modules) - before
"""
    )

"""Each public operation with its 1st, 2nd, 3rd ... allocation failing: MemoryError, nothing leaked or changed,
and the next call right.  Needs a build with -Dfailing_alloc=true (`make oom`)."""

import gc
import sys

import pytest

from guppy import hpy
from guppy.heapy import heapyc

fail = getattr(heapyc, "_fail_allocation", None)
pytestmark = pytest.mark.skipif(fail is None, reason="allocations cannot fail in this build")

POOL = [[i] for i in range(100)] + [{"a": i} for i in range(20)] + [type("K", (), {})() for _ in range(20)]

OPERATIONS = {
    "hpy": lambda hp, s: hpy(),
    "heap": lambda hp, s: hp.heap(),
    "relative heap": lambda hp, s: (hp.setref(hp.iso(1)), hp.heap()),
    "setref": lambda hp, s: hp.setref(),
    "iso": lambda hp, s: hp.iso(*POOL),
    "union": lambda hp, s: s | hp.iso(*POOL[:9]),
    "difference": lambda hp, s: s - hp.iso(*POOL[:9]),
    "size": lambda hp, s: s.size,
    "str": lambda hp, s: str(hp.iso(*POOL)),
    "bytype": lambda hp, s: str(hp.iso(*POOL).bytype),
    "row": lambda hp, s: str(hp.iso(*POOL)[0]),
    "slice": lambda hp, s: str(hp.iso(*POOL)[0:2]),
    "more": lambda hp, s: repr(hp.iso(*POOL).more),
    "graph": lambda hp, s: hp._capture_graph().validate(),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_allocation(name):
    hp = hpy()
    operation = OPERATIONS[name]
    s = hp.iso(*POOL)
    text = str(s)
    operation(hp, s)
    gc.collect()
    blocks = sys.getallocatedblocks()
    failures = 0
    nth = 1
    while True:
        fail(nth)
        try:
            operation(hp, s)
        except MemoryError:
            failures += 1
        left = fail(0)
        if left:
            break  # more allocations were allowed than it makes
        # The many ones of a walk's early life are all alike: go faster after the first few hundred.
        nth += 1 if nth < 300 else nth // 50
    assert failures > (0 if name in ("hpy",) else 2)
    operation(hp, s)
    assert str(s) == text and hp.heap().count
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 200

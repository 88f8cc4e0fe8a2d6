"""What the heap has, and what it weighs."""

import gc
import sys
import unittest

from guppy import hpy


# What local variables of this package's functions hold does not show in a heap (they are heapy's own).
KEPT = []


class Probe:
    """Nobody else has instances."""


class Heap(unittest.TestCase):
    def tearDown(self):
        KEPT.clear()

    def test_objects_are_found(self):
        KEPT.extend(Probe() for _ in range(100))
        h = hpy().heap()
        self.assertEqual((h & Probe).count, 100)
        self.assertIn(KEPT[7], h)
        self.assertGreater(h.size, (h & Probe).size)

    def test_sizes(self):
        hp = hpy()
        for o in (1, 10**50, "text", b"bytes", [1, 2], (), {}, {1: 2}, len, Probe, sys):
            self.assertEqual(hp.iso(o).size, sys.getsizeof(o))

    def test_reference_points(self):
        hp = hpy()
        hp.setref()
        KEPT.append(Probe())
        self.assertEqual((hp.heap() & Probe).count, 1)

    def test_unreachable(self):
        hp = hpy()
        self.assertEqual(type(hp.heapu()).__name__, "Stat")

    def test_nothing_is_kept(self):
        import weakref

        hp, o = hpy(), Probe()
        seen = weakref.ref(o)
        s = hp.iso(o)
        str(s), str(s.referrers), str(s.sp)
        del s, o
        gc.collect()
        self.assertIsNone(seen())

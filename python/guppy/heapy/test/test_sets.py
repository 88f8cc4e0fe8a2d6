"""Bit sets and node sets."""

import pickle
import unittest

from guppy.sets import immbit, immbitrange, immbitset, immnodeset, mutbitset, mutnodeset


class BitSets(unittest.TestCase):
    def test_operators(self):
        a, b = immbitrange(-100, 1000, 3), immbitset([0, 3, 5, 2000])
        x, y = set(a), set(b)
        for made, expected in ((a & b, x & y), (a | b, x | y), (a ^ b, x ^ y), (a - b, x - y)):
            self.assertEqual(list(made), sorted(expected))
        self.assertEqual(~a & b, b - a)
        self.assertEqual(int(immbitset(10**30)), 10**30)

    def test_changes(self):
        m = mutbitset()
        for i in range(2000):
            m.add(i * 977 % 1999)
        self.assertEqual(m, immbitrange(1999))
        m ^= -1
        self.assertNotIn(5, m)
        self.assertEqual(pickle.loads(pickle.dumps(m)), ~immbitrange(1999))
        self.assertEqual(immbit(3) << -4, immbit(-1))


class NodeSets(unittest.TestCase):
    def test_identity(self):
        a, b = [], []
        s = mutnodeset([a, a])
        self.assertEqual((len(s), a in s, b in s), (1, True, False))
        s |= [b]
        self.assertEqual(s, immnodeset([b, a]))
        self.assertIs(immnodeset([a]).obj_at(id(a)), a)

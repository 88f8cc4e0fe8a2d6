"""Kinds, relations and the algebra of sets."""

import unittest

from guppy import hpy


class Kinds(unittest.TestCase):
    def test_selection(self):
        hp = hpy()
        x = hp.iso(1, "a", [], {})
        self.assertEqual(x & int, hp.iso(1))
        self.assertEqual((x - (hp.Type(int) | hp.Type(str))).count, 2)
        self.assertEqual(x & ~hp.Type(int) & hp.Size(hp.iso("a").size), hp.iso("a"))

    def test_algebra(self):
        hp = hpy()
        a, b = hp.iso(1, 2, "a"), hp.iso(2, "a", None)
        self.assertEqual((a | b).count, 4)
        self.assertEqual(a ^ b, hp.iso(1, None))
        self.assertEqual(a - b, hp.iso(1))
        self.assertTrue(a & b < a and not a.disjoint(b))
        self.assertLess(hp.Type(int), hp.Type(int) | hp.Type(str))

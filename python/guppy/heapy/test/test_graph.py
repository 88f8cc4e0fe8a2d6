"""Who refers to whom, what is dominated, and the ways from the root."""

import unittest

from guppy import hpy


# What local variables of this package's functions hold does not show in a heap (they are heapy's own).
KEPT = []


class Node:
    __slots__ = ("next", "data")


class Graph(unittest.TestCase):
    def tearDown(self):
        KEPT.clear()

    def make(self):
        head = Node()
        head.next = Node()
        head.data, head.next.next, head.next.data = ["data"], None, bytes(1000)
        KEPT.append(head)
        return head

    def test_neighbours(self):
        hp, head = hpy(), self.make()
        self.assertEqual(hp.iso(head).referents & (hp.Type(Node) | hp.Type(list)), hp.iso(head.next, head.data))
        self.assertIn(head, hp.iso(head.next).referrers)

    def test_dominators(self):
        hp, head = hpy(), self.make()
        self.assertIn(head.next.data, hp.iso(head).dominos)
        self.assertEqual(hp.iso(head).retained, hp.iso(head, head.next, head.data, head.data[0], head.next.data).size - hp.iso("data").size)
        self.assertEqual(hp.iso(head.next).imdom, hp.iso(head))

    def test_paths(self):
        hp, head = hpy(), self.make()
        self.assertEqual(str(hp.iso(head.next.data).get_shpaths(hp.iso(head))[0]), "%s.next.data")
        self.assertGreaterEqual(hp.iso(head).sp.numpaths, 1)
        self.assertIn("Reference Pattern", str(hp.iso(head).rp))

    def test_snapshot(self):
        hp, head = hpy(), self.make()
        snapshot = hp.snapshot()
        self.assertEqual(snapshot.iso(head).retained, hp.iso(head).retained)
        self.assertIn("retained", str(hp.why(head)).lower())

"""Printed tables, to the character."""

import sys
import unittest

from guppy import hpy


class Tables(unittest.TestCase):
    def test_a_set(self):
        x = hpy().iso([], {}, {})
        lists, dicts = sys.getsizeof([]), 2 * sys.getsizeof({})
        total = lists + dicts
        lines = str(x).splitlines()
        self.assertEqual(lines[0], "Partition of a set of 3 objects. Total size = %d bytes." % total)
        self.assertEqual(lines[1], " Index  Count   %     Size   % Cumulative  % Kind (class / dict of class)")
        self.assertEqual(lines[2], "     0      2  67 %8d %3.0f %9d %3.0f dict (no owner)" % (dicts, 100 * dicts / total, dicts, 100 * dicts / total))
        self.assertEqual(lines[3], "     1      1  33 %8d %3.0f %9d 100 list" % (lists, 100 * lists / total, total))

    def test_groupings(self):
        x = hpy().iso(1, 2, "a", [])
        for by, rows in (("bytype", 3), ("byunity", 1), ("byid", 4), ("bymodule", 1)):
            self.assertEqual(len(getattr(x, by)), rows)
            self.assertIn("Index", str(getattr(x, by)))

    def test_more(self):
        x = hpy().iso(*([i] for i in range(25))).byid
        self.assertIn("<15 more rows. Type e.g. '_.more' to view.>", str(x))
        self.assertIn("\n    10 ", str(x.more))
        self.assertIn("\n    24 ", str(x.all))

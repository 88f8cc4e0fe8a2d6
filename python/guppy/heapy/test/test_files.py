"""Stats: differences, dumping and loading."""

import os
import tempfile
import unittest

from guppy import hpy


class Stats(unittest.TestCase):
    def test_dump_and_load(self):
        hp = hpy()
        x, y = hp.iso(1, 2, "a"), hp.iso([], {})
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "check.hpy")
            x.dump(path)
            y.dump(path)
            with open(path) as file:
                loaded = [hp.load(file), hp.load(file)]
        self.assertEqual([s.count for s in loaded], [3, 2])
        self.assertEqual([(r.count, r.size, r.name) for r in loaded[0].get_rows()], [(r.count, r.size, r.name) for r in x.stat.get_rows()])

    def test_difference(self):
        hp = hpy()
        more = hp.iso(1, 2, "a").diff(hp.iso(1))
        self.assertEqual((more.count, more.size), (2, hp.iso(2, "a").size))

"""Interactive help, and the reference it opens."""

import unittest
from pathlib import Path

from guppy import hpy
from guppy.etc.Help import manual_directory


class Help(unittest.TestCase):
    def test_every_name_has_a_text(self):
        hp = hpy()
        for thing in (hp, hp.Nothing, hp.Anything, hp.Type):
            listing = thing.doc
            for name in listing:
                self.assertIn(name, str(getattr(listing, name)).splitlines()[0])
                self.assertIn("[0] reference.html#", str(getattr(listing, name)))

    def test_the_reference_is_installed(self):
        page = Path(manual_directory(), "reference.html").read_text(encoding="utf-8")
        self.assertIn('id="Session.heap"', page)

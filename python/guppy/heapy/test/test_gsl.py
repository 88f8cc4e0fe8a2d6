"""The specification language."""

import unittest

from guppy import Root


class Language(unittest.TestCase):
    def test_markup(self):
        gsl = Root().guppy.gsl
        node = gsl.SpecNodes.node_of_string(".h1: hello\n.p: a\n..em: b\n")
        self.assertEqual(gsl.Html.node2text(node).strip(), "<h1>hello</h1>\n<p>a<em>b</em></p>")

"""GSL, the Guppy Specification Language: documents and tests from a common source.

A file of dotted lines says what kinds of objects there are and what documents tell of them.  It is parsed to a tree
(DottedTree, SpecNodes), its definitions are collected (Package), its documents are expanded to trees of elements
(Document), and those are written by one visitor for each output: Html, Latex and Tester.  `python -m guppy.gsl FILE`
does all that.
"""

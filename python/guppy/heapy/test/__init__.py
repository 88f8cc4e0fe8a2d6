"""The self-check of an installed package: hp.test().

It needs neither the source tree nor the network, changes nothing, and takes seconds.  What develops the package is
tested by the source tree's own tests.
"""

import importlib
import traceback
import unittest

__all__ = ["TestFailed", "run"]

MODULES = ("test_sets", "test_heap", "test_tables", "test_kinds", "test_graph", "test_files", "test_help", "test_gsl")


class TestFailed(Exception):
    """A check failed; the text is its traceback."""

    __module__ = "guppy.heapy.test"


def cases_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from cases_of(item)
        else:
            yield item


def run_case(case, debug):
    if debug:
        case.debug()
        return
    result = unittest.TestResult()
    case.run(result)
    for _, text in result.errors + result.failures:
        raise TestFailed("%s:\n%s" % (case.id(), text))


def run(session, debug=False):
    """Run all checks, print the progress and a summary (Session.test)."""
    print("Testing guppy with %s" % type(session).__name__, flush=True)
    count = 0
    for name in MODULES:
        full = "guppy.heapy.test." + name
        try:
            module = importlib.import_module(full)
        except Exception:
            if debug:
                raise
            raise TestFailed("%s:\n%s" % (full, traceback.format_exc())) from None
        print("imported: " + full, flush=True)
        for case in cases_of(unittest.defaultTestLoader.loadTestsFromModule(module)):
            print("  %s ..." % case.id().removeprefix(full + "."), end=" ", flush=True)
            run_case(case, debug)
            print("ok", flush=True)
            count += 1
    print("Ran %d checks: OK" % count, flush=True)

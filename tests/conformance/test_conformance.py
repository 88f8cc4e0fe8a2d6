"""Our output against guppy3's, case by case.

guppy3 runs from a virtual environment of its own, since it shares our import name: HEAPY_GUPPY3 names its
interpreter (`make test` makes one where PyPI can be reached).  Without it the outputs recorded from it for
this version of CPython are compared.  `make conformance-record` records them.
"""

import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

sys.path.insert(0, os.path.dirname(__file__))
from cases import CASES as FIRST_CASES  # noqa: E402
from cases import PRELUDE  # noqa: E402
from cases_daily import CASES as DAILY_CASES  # noqa: E402
from cases_graph import CASES as GRAPH_CASES  # noqa: E402
from cases_kinds import CASES as KIND_CASES  # noqa: E402
from cases_sets import CASES as SET_CASES  # noqa: E402
from cases_tutorial import CASES as TUTORIAL_CASES  # noqa: E402

CASES = TUTORIAL_CASES + FIRST_CASES + DAILY_CASES + KIND_CASES + GRAPH_CASES + SET_CASES

VERSION = "%d.%d" % sys.version_info[:2]
RECORDED = Path(__file__).parent / "recorded" / (VERSION + ".json")
GUPPY3 = os.environ.get("HEAPY_GUPPY3")
# guppy3 is not for free-threaded builds, whose objects have heads of another size: there what it says with a GIL is
# compared without numbers, and rows in any order, but for programs that pick rows by their place, or that compare
# constants, which are the same object wherever they are written there; and 3.13.0, where it was recorded, shows values
# of instances whose __dict__ was asked for in another way than later 3.13.
HAS_OTHER_SIZES = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
NOT_COMPARED = {
    "index a row again", "slices of rows", "rows by their kinds", "partition", "rows of partitions", "parts",
    "rows and slices keep the relation", "more on everything", "rows of stats", "slices of stats",
    "largest rows and the rest", "pages of differences", "kinds and identity sets", "membership of kinds",
    "graph: referrers of one object", "graph: summaries of pattern rows",
}  # fmt: skip


def output(interpreter, case, directory):
    program = Path(directory) / "program.py"
    program.write_text(PRELUDE + case.code, encoding="utf-8")
    result = subprocess.run(
        [interpreter, str(program)],
        capture_output=True,
        text=True,
        timeout=300,
        env=dict(os.environ, PYTHONIOENCODING="utf-8", PYTHONWARNINGS="ignore"),
    )
    text = result.stdout if result.returncode == 0 else result.stdout + result.stderr
    return re.sub(r"0x[0-9a-f]{6,}", "0x...", text)


def without_sizes(text):
    return sorted(" ".join(re.sub(r"-?\d+(\.\d+)?", "#", line).split()) for line in text.splitlines())


@pytest.fixture(scope="session")
def recorded():
    return json.loads(RECORDED.read_text()) if RECORDED.exists() else {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case, recorded, tmp_path):
    if sys.version_info < case.since:
        pytest.skip("for later versions")
    ours = output(sys.executable, case, tmp_path)
    if case.ours:
        assert ours == case.ours[1], case.ours[0]
        return
    if GUPPY3:
        theirs = output(GUPPY3, case, tmp_path)
    elif case.name in recorded:
        theirs = recorded[case.name]
    else:
        pytest.skip("guppy3 is not here and its output for %s is not recorded" % VERSION)
    if HAS_OTHER_SIZES:
        if case.name in NOT_COMPARED:
            pytest.skip("guppy3's answer is of a build with a GIL")
        ours, theirs = without_sizes(ours), without_sizes(theirs)
    assert ours == theirs, case.specs


def test_kinds_are_compared_by_many_expressions():
    """Each line of such a case is an expression, whose value and printed form are compared."""
    lines = sum(case.code.partition("each(r'''")[2].count("\n") - 1 for case in KIND_CASES if "each(r" in case.code)
    assert lines >= 120, lines


def test_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES) >= 100
    assert all(re.fullmatch(r"([A-Z]+-\d+[a-z]?)( [A-Z]+-\d+[a-z]?)*", case.specs) for case in CASES)


def record(directory):
    """Write guppy3's outputs; run as a program."""
    outputs = {
        case.name: output(GUPPY3, case, directory)
        for case in CASES
        if sys.version_info >= case.since and not case.ours
    }
    RECORDED.write_text(json.dumps(outputs, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    print("%d outputs of guppy3 recorded in %s" % (len(outputs), RECORDED))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        record(scratch)

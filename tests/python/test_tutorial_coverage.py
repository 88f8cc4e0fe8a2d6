"""The tutorial, step by step: the requirements that answer each, and that tests cite them."""

import re
from pathlib import Path

import pytest

STEPS = {
    "the four sub-packages import": "S-2 G-40 G-41 L-1 B-1 B-5",
    "etc: the Glue module": "G-3 G-20 G-21 G-22 G-23 G-24 G-25 G-41",
    "gsl: documents and tests": "L-1 L-40 L-50",
    "heapy: objects shown in several ways": "K-60 T-30 T-31",
    "sets: bit sets and node sets": "B-1 N-1 BC-1 BC-2 BC-3 BC-4 BC-5 BC-6 BC-7 BC-8 BC-9 BC-10 BC-11",
    "CPython only": "PK-3",
    "graphical browser with Tkinter": "W-1 W-2 S-91",
    "install with pip": "PK-1 PK-4 PK-5",
    "import guppy": "S-1 G-1",
    "hpy()": "S-3 G-2 PK-6",
    "heap()": "S-30 S-35 S-40 S-41 T-30 H-40 H-41",
    "setref()": "S-50 S-51 S-53 S-57 H-64 H-65 H-66",
    "heapu()": "S-60 S-61 T-60 H-60",
    "diff()": "K-27 T-80 T-81 T-82 T-83 T-84 T-70",
    "disjoint()": "K-12 K-27b",
    "count and size": "K-25 K-25a S-39 H-74 T-61",
    "referents": "K-25l R-1 H-38",
    "referrers": "K-25m R-2 R-3",
    "stat": "K-25j T-60 T-61 T-62 T-63",
    "dump()": "K-27a T-90 T-91 T-95",
    "load()": "T-100 T-101 T-112",
    "bytype": "K-25q K-60",
    "byrcs": "K-60 R-60",
    "bymodule": "K-60 K-75",
    "bysize": "K-60 T-10",
    "byunity": "K-60 K-76",
    "byvia": "K-60 R-40 R-41",
    "byidset": "K-60 K-140",
    "byid": "K-60 T-20 T-31 T-32 T-33 T-34 T-35",
    "iso()": "S-70 S-72 S-75",
    "idset()": "S-71 S-72 S-75",
    "example 1: size, table, more": "T-22 T-30 T-50 T-51",
    "example 1: after setref()": "S-56 H-41 H-66",
    "example 1: an array with its data": "H-71 K-130",
    "example 2: numbers and rows of a stat": "T-61 T-62 T-63 T-64",
    "example 2: unreachable objects as a table": "S-62 H-60 H-62",
    "example 3: rows and their sums": "K-50 K-53 K-54 T-40",
    "example 3: sizes in a loop": "K-50 K-25a",
    "example 4: difference and disjointness": "T-82 T-83 K-12",
    "example 5: the type of a heap": "K-20 S-31",
    "example 5: parts, referents, referrers, stat": "T-40 R-1 R-2 T-6 T-62",
    "example 5: a dump file, and what is loaded": "T-90 T-91 T-112",
    "example 6: all groupings": "K-60 T-30 T-31 T-50 H-76",
    "example 7: iso and idset": "S-70 S-71 S-74 K-30",
    "example 8: hp.doc": "S-80 S-81 S-11 HD-2",
    "example 8: texts of a session": "S-82 HD-7 HD-13",
    "example 8: doc of a set": "S-85 HD-5 HD-13",
    "threading for remote monitoring": "M-3 M-10 M-20 M-30 S-22",
}  # fmt: skip


def cited():
    found = set()
    for path in Path(__file__).resolve().parents[1].rglob("*"):
        if path.suffix in (".py", ".c") and path.name != Path(__file__).name:
            found |= set(re.findall(r"\b[A-Z]+-\d+[a-z]?\b", path.read_text(encoding="utf-8")))
    return found


@pytest.fixture(scope="module")
def tested():
    return cited()


@pytest.mark.parametrize("step", STEPS)
def test_each_step_has_a_test(step, tested):
    assert tested & set(STEPS[step].split()), STEPS[step]

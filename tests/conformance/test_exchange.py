"""Files written by guppy3 load here, and files written here load in guppy3 (T-113)."""

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

GUPPY3 = os.environ.get("HEAPY_GUPPY3")
RECORDED = Path(__file__).parent / "recorded" / "guppy3.hpy"

# Writes one stat of each format; both tools have to make the same bytes of it, but for the time.
WRITE = """
import sys
from guppy import hpy
hp = hpy()
x = hp.iso(1, 2, 'a', 2.5, (), sys)
x.dump(sys.argv[1]); x.bysize.dump(sys.argv[1]); hp.iso(3, 1, 2).byid.dump(sys.argv[1])
(x.stat - hp.iso(1, b'').stat).dump(sys.argv[1]); x.stat[1:3].dump(sys.argv[1]); hp.Nothing.dump(sys.argv[1])
"""
READ = """
import sys
from guppy import hpy
hp = hpy()
with open(sys.argv[1]) as f:
    for i in range(6):
        s = hp.load(f); print(s); print(s.numrows, s.count, s.size)
"""


def run(interpreter, code, *arguments):
    result = subprocess.run([interpreter, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def ours(tmp_path):
    run(sys.executable, WRITE, tmp_path / "ours.hpy")
    return tmp_path / "ours.hpy"


@pytest.mark.skipif(not GUPPY3, reason="guppy3 is not here")
def test_both_ways(ours, tmp_path):
    theirs = tmp_path / "theirs.hpy"
    run(GUPPY3, WRITE, theirs)
    untimed = [re.sub("(?m)^.timemade: .*", "", path.read_text()) for path in (ours, theirs)]
    assert untimed[0] == untimed[1]
    for path in (ours, theirs):
        assert run(sys.executable, READ, path) == run(GUPPY3, READ, path)


def test_a_file_of_guppy3(ours):
    """Recorded on CPython 3.11."""
    text = run(sys.executable, READ, RECORDED)
    assert text.count("Partition of a set of") == 4 and "Set of 3 <int> objects." in text
    assert "Summary of difference operation (A-B)." in text
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):  # whose objects have other sizes, and so other rows by size
        assert len(text.splitlines()) == len(run(sys.executable, READ, ours).splitlines())

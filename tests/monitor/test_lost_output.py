"""Each subcommand says in one line that what it writes to is full or closed, or that it has no standard input."""

import os
import subprocess
import sys

import pytest
from monitor_support import PATIENCE, directory, start  # noqa: F401

from guppy import hpy

COMMANDS = [
    "monitor --list",
    "monitor --list --json",
    "monitor --exec stat --pid %(pid)d",
    "monitor --exec lc",
    "monitor --help",
    "top %(pid)d --once",
    "top %(pid)d --once --json",
    "top --help",
    "table %(file)s",
    "table %(file)s --json",
    "table --help",
    "plot --help",
    "record --help",
    "pb --help",
]


def run(command, redirection, names):
    line = "%s -m guppy %s %s" % (sys.executable, command % names, redirection)
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
def test_an_output_that_takes_nothing(start, tmp_path, redirection):
    path = tmp_path / "x.hpy"
    hpy().heap().stat.dump(str(path))
    names = {"pid": start().pid, "file": path}
    for command in COMMANDS:
        result = run(command, redirection, names)
        reason = "No space left on device" if "full" in redirection else "it is closed"
        assert (result.returncode, result.stderr) == (1, "guppy: cannot write to standard output: %s\n" % reason), command


def test_nobody_reads(start, tmp_path):
    path = tmp_path / "x.hpy"
    hpy().heap().stat.dump(str(path))
    names = {"pid": start().pid, "file": path}
    reading, writing = os.pipe()
    os.close(reading)
    for command in COMMANDS:
        result = subprocess.run([sys.executable, "-m", "guppy", *(command % names).split()], stdout=writing, stderr=subprocess.PIPE, text=True)
        assert (result.returncode, result.stderr) == (1, ""), command
    os.close(writing)


def test_no_standard_input(start):
    names = {"pid": start().pid}
    result = run("top %(pid)d", "<&-", names)
    assert result.returncode == 2 and result.stderr.startswith("guppy top: top needs a terminal; --once prints one look\n")
    assert run("monitor", "<&-", names).returncode == 0
    result = run("monitor --exec bogus", "2>&-", names)
    assert (result.returncode, result.stdout) == (1, "")

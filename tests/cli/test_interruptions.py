"""What happens to a command while it runs: Ctrl-C, and a file that is cut while it is read where it lies."""

import os
import pathlib
import signal
import subprocess
import time

import pytest

from cli_support import folder  # noqa: F401: a fixture
from cli_support import HEAPY

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")

# It reads sizes for ever.
ENDLESS = (
    "WITH RECURSIVE i(n, size) AS (VALUES (0, 0) UNION ALL "
    "SELECT n + 1, (SELECT size FROM objects WHERE node = n % 40) FROM i) SELECT sum(size) FROM i"
)


def begin(folder, *arguments):
    """A command that has its file mapped."""
    process = subprocess.Popen([HEAPY, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    maps = pathlib.Path("/proc/%d/maps" % process.pid)
    deadline = time.monotonic() + 60
    while "values.heapy" not in maps.read_text():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.2)
    assert process.poll() is None
    return process


def end(process):
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, out, err


def test_control_c_ends_with_130_and_leaves_nothing(folder):
    before = sorted(os.listdir(folder))
    process = begin(folder, "sql", ENDLESS, "values.heapy")
    process.send_signal(signal.SIGINT)
    assert end(process) == (130, b"", b"")
    assert sorted(os.listdir(folder)) == before


def test_a_file_that_is_cut_while_it_is_read_is_a_line_and_status_1(folder):
    process = begin(folder, "sql", ENDLESS, "values.heapy")
    os.truncate(folder / "values.heapy", 0)
    status, out, err = end(process)
    assert (status, out) == (1, b"")
    assert err.count(b"\n") == 1 and err.startswith(b"heapy: values.heapy: it was cut while it was read")

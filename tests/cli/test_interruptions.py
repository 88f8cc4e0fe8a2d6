"""What happens to a command while it runs: Ctrl-C, and a file that is cut while it is read where it lies."""

import os
import pathlib
import signal
import subprocess
import time

import pytest

from guppy import hpy

from cli_support import folder  # noqa: F401: a fixture
from cli_support import HEAPY

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")

# It reads sizes for ever.
ENDLESS = (
    "WITH RECURSIVE i(n, size) AS (VALUES (0, 0) UNION ALL "
    "SELECT n + 1, (SELECT size FROM objects WHERE node = n % 40) FROM i) SELECT sum(size) FROM i"
)


def heed_signals():
    """Whatever began the tests may have had them ignored, as a shell does in the background."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def start(folder, arguments):
    return subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed_signals)


def begin(folder, *arguments):
    """A command that has its file mapped."""
    process = start(folder, [HEAPY, *arguments])
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


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A folder with a file that takes a while to be exported."""
    folder = tmp_path_factory.mktemp("large")
    hpy().snapshot(str(folder / "h.heapy"), contents="values")
    return folder


def stop_while_it_writes(folder, *arguments):
    """A command that is stopped once it has begun its output beside the file that is asked for."""
    process = start(folder, [HEAPY, *arguments])
    deadline = time.monotonic() + 60
    while os.listdir(folder) == ["h.heapy"]:
        assert process.poll() is None and time.monotonic() < deadline
    process.send_signal(signal.SIGSTOP)
    assert os.waitpid(process.pid, os.WUNTRACED)[1] == 0x7F | signal.SIGSTOP << 8
    assert "out" not in os.listdir(folder)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_whatever_ends_an_export_leaves_nothing_of_it(large, number):
    """What was written holds a heap's strings, and its name says nothing: nobody would look for it."""
    process = stop_while_it_writes(large, "export", "jsonl", "--edges", "h.heapy", "-o", "out")
    process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    assert end(process) == (130 if number == signal.SIGINT else -number, b"", b"")
    assert os.listdir(large) == ["h.heapy"]


def test_a_signal_that_is_ignored_from_the_beginning_stays_so(large):
    """nohup heapy export ... &: neither a closed connection nor Ctrl-C to others ends it."""
    ignoring = ["sh", "-c", 'trap "" HUP INT; exec "$0" "$@"', HEAPY, "export", "csv", "h.heapy", "-o", "out"]
    process = start(large, ignoring)
    while os.listdir(large) == ["h.heapy"]:
        assert process.poll() is None
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGINT)
    assert end(process) == (0, b"", b"")
    assert sorted(os.listdir(large)) == ["h.heapy", "out"]
    os.unlink(large / "out")


def test_a_file_that_may_not_grow_is_a_line_and_status_1(large):
    result = subprocess.run(["sh", "-c", 'ulimit -f 8; exec "$0" export csv h.heapy -o out', HEAPY], cwd=large, capture_output=True)
    assert (result.returncode, result.stdout, result.stderr) == (1, b"", b"heapy: out: File too large\n")
    assert os.listdir(large) == ["h.heapy"]

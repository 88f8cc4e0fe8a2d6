"""What is said of a command that takes long: after two seconds, to a terminal, and to nothing else.

A command is stopped in its midst, as Ctrl-Z does, so that it takes longer than that on a machine of any speed.
"""

import os
import pty
import re
import signal
import subprocess
import time

import pytest

import guppy
from cli_support import folder  # noqa: F401: a fixture
from cli_support import HEAPY, stop_in_its_midst

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")

TWO_SECONDS = 2.1

# It counts before it asks for what needs the dominators.
COUNTS = (
    "WITH RECURSIVE i(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM i LIMIT 1000000) "
    "SELECT count(*), (SELECT max(retained) FROM objects) FROM i"
)

REMOVED = b"\r" + 55 * b" " + b"\r"  # the line of progress is overwritten


@pytest.fixture(scope="module")
def heap(tmp_path_factory):
    """A file that takes a moment."""
    path = tmp_path_factory.mktemp("heap") / "heap.heapy"
    guppy.hpy().snapshot(path, fork=False)
    os.link(path, path.with_name("again.heapy"))
    return path


def said(path, arguments, is_terminal=True, is_long=True):
    """What a command writes to standard error."""
    for _ in range(50):
        control, terminal = pty.openpty()
        stderr = terminal if is_terminal else subprocess.PIPE
        process = subprocess.Popen([HEAPY, *arguments], cwd=path.parent, env={"TERM": "xterm"}, stdout=subprocess.DEVNULL, stderr=stderr)
        os.close(terminal)
        is_stopped = is_long and stop_in_its_midst(process, path.name)
        if is_stopped:
            time.sleep(TWO_SECONDS)
            process.send_signal(signal.SIGCONT)
        seen = b"" if is_terminal else process.stderr.read()
        while is_terminal:
            try:
                seen += os.read(control, 65536)
            except OSError:  # the other end is closed
                break
        os.close(control)
        if is_long and not is_stopped:
            continue  # it was too fast
        assert process.wait(60) == 0, seen
        return seen.replace(b"\r\n", b"\n")
    raise AssertionError("it was never stopped in its midst")


LONG = [
    ["top", "heap.heapy", "--retained", "--by", "type"],
    ["dominators", "heap.heapy"],
    ["node", "heap.heapy", "#8"],
    ["paths", "heap.heapy", "#8"],
    ["diff", "heap.heapy", "again.heapy", "--retained"],
]
HINT = b"heapy: `heapy index heap.heapy` would keep some of what this took\n"
HINTS = {"diff": HINT + HINT.replace(b"heap.heapy", b"again.heapy")}


@pytest.mark.parametrize("arguments", LONG, ids=lambda words: words[0])
def test_a_hint_names_the_index_after_what_took_long(heap, arguments):
    seen, hint = said(heap, arguments), HINTS.get(arguments[0], HINT)
    assert seen.endswith(hint)
    before = seen[: -len(hint)]  # a line of progress, if it was not stopped behind what is watched
    assert not before or (before.startswith(b"\rheapy: ") and before.endswith(REMOVED) and b"\n" not in before), seen


def test_no_hint_where_nobody_reads_it_or_it_would_be_wrong(heap, tmp_path):
    assert said(heap, LONG[0], is_terminal=False) == b""
    assert said(heap, [*LONG[0], "-q"]) == b""
    assert said(heap, LONG[0], is_long=False) == b""
    assert said(heap, ["top", "heap.heapy"]) == b""  # which an index does not help
    indexed = tmp_path / "heap.heapy"
    os.link(heap, indexed)
    subprocess.run([HEAPY, "index", "heap.heapy"], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert HINT not in said(indexed, LONG[0])


def test_progress_is_a_line_of_a_terminal_that_is_removed(folder):
    path = folder / "values.heapy"
    seen = said(path, ["sql", COUNTS, path.name])
    assert re.match(rb"\rheapy: [a-z]", seen) and seen.endswith(REMOVED) and b"\n" not in seen, seen


def test_progress_is_silent_where_it_is_not_wanted(folder):
    path = folder / "values.heapy"
    assert said(path, ["sql", COUNTS, path.name], is_terminal=False) == b""
    assert said(path, ["sql", COUNTS, path.name, "-q"]) == b""
    assert said(path, ["sql", COUNTS, path.name, "--progress", "never"]) == b""
    assert said(path, ["sql", "SELECT max(retained) FROM objects", path.name], is_long=False) == b""

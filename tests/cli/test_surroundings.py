"""What the command does not depend on, and what it does where output is a terminal, closed or full."""

import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile

import pytest

from cli_support import folder  # noqa: F401: a fixture
from cli_support import HEAPY, run_shell
from test_scripts import SCRIPTS, cases, said

SURROUNDINGS = [
    {"LANG": "tr_TR.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "COLUMNS": "20", "TERM": "xterm-256color"},
    {"HOME": "/nowhere", "HEAPY_THREADS": "1", "LC_ALL": "POSIX", "POSIXLY_CORRECT": "", "NO_COLOR": "1"},
    {"HEAPY_THREADS": "7", "TMPDIR": "/tmp", "LC_NUMERIC": "de_DE.UTF-8", "PAGER": "false", "LINES": "2"},
]


def answers(line):
    """Is it a line whose answer does not name an environment that it sets itself?"""
    return "export" not in line and "TMPDIR" not in line and "COLOR" not in line


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_the_same_bytes_in_other_surroundings(folder, surroundings):
    for path in SCRIPTS:
        if path.stem in ("index", "convert", "export", "chrome", "exports"):
            continue  # whose lines build on files that those before them wrote
        for _, command, expected in cases(path):
            if answers(command):
                assert said(run_shell(command, folder, surroundings)) == expected, command


def test_the_same_bytes_for_another_user(folder):
    """Who has nothing but the command and a file: no environment, no Python beside it, an empty directory."""
    if os.geteuid():
        pytest.skip("only root runs a program as another user")
    asked = ["info FILE", "top FILE --retained", "node FILE #8", "dominators FILE", "pattern FILE #8 --by size", "check FILE",
             "sql SELECT%count(*)%FROM%edges FILE", "export csv FILE -o -", "top FILE --json", "diff FILE FILE"]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        there = pathlib.Path(name)
        (there / "empty").mkdir()
        shutil.copy(HEAPY, there / "heapy")
        shutil.copy(folder / "values.heapy", there / "values.heapy")
        for path in (there, *there.iterdir()):
            path.chmod(0o755)
        for line in asked:
            words = [word.replace("FILE", "../values.heapy").replace("%", " ") for word in line.split(" ")]
            mine = subprocess.run([HEAPY, *words], cwd=there / "empty", capture_output=True, timeout=60)
            theirs = subprocess.run([there / "heapy", *words], cwd=there / "empty", env={}, user=65534, group=65534, extra_groups=[], capture_output=True, timeout=60)
            assert mine.returncode == theirs.returncode == 0 and mine.stdout == theirs.stdout and not theirs.stderr, (line, theirs)
        assert list((there / "empty").iterdir()) == []


def test_options_come_after_operands_whatever_posix_says(folder):
    plain = run_shell("heapy top values.heapy --by type -n 2", folder)
    assert run_shell("heapy top values.heapy --by type -n 2", folder, {"POSIXLY_CORRECT": "1"}).stdout == plain.stdout


@pytest.mark.parametrize(
    "command", ["top values.heapy --retained --by 'clodo&via'", "dominators zstd.heapy --json", "sql 'SELECT * FROM objects' values.heapy"]
)
def test_the_same_bytes_every_time(folder, command):
    assert len({run_shell("heapy " + command, folder).stdout for _ in range(20)}) == 1


COMMANDS = [
    "info values.heapy",
    "top values.heapy",
    "node values.heapy '#8'",
    "paths values.heapy '#0'",
    "pattern values.heapy '#0'",
    "dominators values.heapy",
    "diff names.heapy values.heapy",
    "check values.heapy",
    "sql 'SELECT * FROM objects' values.heapy",
    "top values.heapy --json",
    "referrers values.heapy '#8'",
    "referents values.heapy '#8' --by type",
    "export csv values.heapy -o -",
    "export jsonl values.heapy --edges -o -",
    "export chrome values.heapy -o -",
    "export dot values.heapy --around '#8' -o -",
    "convert values.heapy -",
    "completion bash",
    "help",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_cannot_be_written(folder, command):
    if pathlib.Path("/dev/full").exists():
        result = run_shell("heapy %s > /dev/full" % command, folder)
        assert result.returncode == 1 and re.fullmatch(rb"heapy: .*No space left on device\n", result.stderr), result.stderr
    result = run_shell("heapy %s >&-" % command, folder)
    assert result.returncode == 1 and result.stderr.count(b"\n") == 1, result.stderr
    result = run_shell("heapy %s | true" % command, folder)
    assert result.stderr == b""


def on_a_terminal(folder, arguments, **environment):
    """What is written to a terminal of 20 columns."""
    control, terminal = pty.openpty()
    environment = dict({"TERM": "xterm", "COLUMNS": "20"}, **environment)
    process = subprocess.Popen([HEAPY, *arguments], cwd=folder, env=environment, stdout=terminal, stderr=terminal)
    os.close(terminal)
    seen = b""
    while True:
        try:
            piece = os.read(control, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(control)
    assert process.wait(60) == 0
    return seen.replace(b"\r\n", b"\n")


def test_a_terminal_has_colour_and_nothing_else(folder):
    plain = run_shell("heapy top values.heapy", folder).stdout
    seen = on_a_terminal(folder, ["top", "values.heapy"])
    assert b"\x1b[" in seen and re.sub(rb"\x1b\[\d*m", b"", seen) == plain
    for without in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert on_a_terminal(folder, ["top", "values.heapy"], **without) == plain
    assert on_a_terminal(folder, ["top", "values.heapy", "--color", "never"]) == plain
    assert run_shell("heapy top values.heapy --color always", folder).stdout == seen

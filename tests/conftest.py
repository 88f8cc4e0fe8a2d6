"""What the Python tests share."""

import gc
import os
import signal
import subprocess
import sys

import pytest

from guppy import hpy

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture
def hp():
    return hpy()


def pytest_configure():
    """Tests send interrupts, and a run in the background is started with SIGINT ignored, which children inherit."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def collector_referents(obj):
    """gc.get_referents(obj), but of _asyncio nothing: until 3.13 it gives what waits in a free list, and whoever
    takes and drops that frees it a second time, so that the list becomes a ring that no traversal comes out of."""
    return [] if obj is sys.modules.get("_asyncio") else gc.get_referents(obj)


def run_python(*arguments, timeout=300, **options):
    """Run this interpreter on `arguments`; the finished process with text output."""
    environment = dict(os.environ, PYTHONWARNINGS="default", **options.pop("env", {}))
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
        **options,
    )


@pytest.fixture
def python():
    return run_python


@pytest.fixture
def script(tmp_path):
    """Write a program to a file and run it; fails with its output unless it exits with 0."""

    def run(code, *arguments, status=0, **options):
        path = tmp_path / "program.py"
        path.write_text(code)
        result = run_python(str(path), *arguments, **options)
        assert result.returncode == status, result.stdout + result.stderr
        return result

    return run


def rows_of(table):
    """The rows of a printed table: (index, count, size, cumulative, name)."""
    rows = []
    for line in str(table).splitlines():
        fields = line[:45].split()
        if len(fields) == 7 and fields[0].isdigit():
            rows.append((int(fields[0]), int(fields[1]), int(fields[3]), int(fields[5]), line[45:]))
    return rows

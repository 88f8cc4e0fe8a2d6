"""Target and monitor of two versions of CPython, each in the role of the other (M-80)."""

import glob
import os
import subprocess
import sys

import pytest
from conftest import ROOT
from monitor_support import PATIENCE, directory, start  # noqa: F401

KEEPING = "class Leak: pass\nkeep = [Leak() for i in range(3000)]\nimport guppy.heapy.RM\n"


def has_package(python):
    """Does an interpreter have the package, of another version of CPython?"""
    code = "import sys, guppy.heapy.RM, guppy.monitor.Shell; print(sys.version_info[:2] != %r)" % (sys.version_info[:2],)
    result = subprocess.run([python, "-c", code], capture_output=True, text=True, env=plain_environment())
    return result.stdout == "True\n"


def plain_environment():
    """Without the path on which this interpreter has found the package."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def other():
    given = os.environ.get("HEAPY_OTHER_PYTHON")
    found = [given] if given else sorted(glob.glob(os.path.join(ROOT, "build", "venv-test-*", "bin", "python")))
    for python in found:
        if has_package(python):
            return python
    pytest.skip("no other version of CPython here has the package: HEAPY_OTHER_PYTHON may name one")


def look(python, target, environment):
    """What a monitor of that version shows of a target: its version, Python run in it, and its largest kinds."""
    lines = ["stat", "int", "6 * 7", "target.sys.version_info[:2]", "hp.heap().count > 3000", "1 / 0"]
    command = [python, "-m", "guppy", "monitor", "--pid", str(target.pid)]
    for line in lines:
        command += ["--exec", line]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert result.returncode == 1 and result.stderr == "", result.stderr
    top = [python, "-m", "guppy", "top", "--once", str(target.pid)]
    rows = subprocess.run(top, capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert rows.returncode == 0 and "__main__.Leak" in rows.stdout, rows.stderr
    return result.stdout


def version_of(python, environment):
    code = "import sys; print(tuple(sys.version_info[:2]))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, env=environment).stdout.strip()


@pytest.mark.parametrize("is_target_ours", [True, False])
def test_a_target_and_a_monitor_of_two_versions(start, directory, other, is_target_ours):
    ours, others = (sys.executable, dict(os.environ)), (other, plain_environment())
    target_side, monitor_side = (ours, others) if is_target_ours else (others, ours)
    target = start(KEEPING, python=target_side[0], env=target_side[1])
    shown = look(monitor_side[0], target, monitor_side[1])
    assert shown.startswith("Target overview\n") and "ZeroDivisionError: division by zero\n" in shown
    assert "42\n%s\nTrue\n" % version_of(*target_side) in shown
    assert target.ask("6 * 7") == "42"

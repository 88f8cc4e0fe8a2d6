"""python -m guppy record --pid: samples of a process that has enabled monitoring, beside whatever it does."""

import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import run_python

from guppy.heapy.Prof import Profile

TARGET = """
import sys, time
import guppy.heapy.RM
class Grows: __slots__ = ()
keep = []
print("ready", flush=True)
while True:
    keep.append(Grows())
    time.sleep(0.001)
"""


@pytest.fixture
def environment(tmp_path):
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o700)
    return dict(os.environ, HEAPY_MONITOR_DIR=str(folder))


@pytest.fixture
def target(environment):
    process = subprocess.Popen([sys.executable, "-c", TARGET], stdout=subprocess.PIPE, env=environment)
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def record(tmp_path, environment, *arguments):
    return run_python("-m", "guppy", "record", "-o", "x.hpy", *arguments, cwd=str(tmp_path), env=environment)


def test_so_many_samples(tmp_path, environment, target):
    result = record(tmp_path, environment, "--every", "50ms", "--samples", "3", "--by", "type", "--pid", str(target.pid))
    assert result.returncode == 0 and result.stdout == "", result.stderr
    assert result.stderr.startswith("guppy: 3 samples in x.hpy, every ") and result.stderr.count("\n") == 1
    p = Profile(tmp_path / "x.hpy")
    grown = [sample.value("__main__.Grows", "count") for sample in p]
    assert len(p) == 3 and grown == sorted(grown) and grown[0] > 0
    assert ".kindheader: Type\n" in (tmp_path / "x.hpy").read_text() and target.poll() is None
    record(tmp_path, environment, "--every", "50ms", "--samples", "1", "--pid", str(target.pid))
    assert len(Profile(tmp_path / "x.hpy")) == 4


def start(tmp_path, environment, target):
    process = subprocess.Popen(
        [sys.executable, "-m", "guppy", "record", "--every", "50ms", "-o", str(tmp_path / "x.hpy"), "--pid", str(target.pid)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    wait_for_samples(tmp_path / "x.hpy", 2, process)
    return process


def wait_for_samples(path, count, process):
    end = time.monotonic() + 60
    while not (path.exists() and len(Profile(path)) >= count):
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)


def test_until_ctrl_c(tmp_path, environment, target):
    process = start(tmp_path, environment, target)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and out == "" and err.startswith("guppy: ") and "Traceback" not in err
    assert target.poll() is None


def test_until_the_process_ends(tmp_path, environment, target):
    process = start(tmp_path, environment, target)
    target.kill()
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 0 and "process %d has ended" % target.pid in err and err.count("\n") == 1


def test_no_such_process(tmp_path, environment):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    result = record(tmp_path, environment, "--pid", str(process.pid))
    assert result.returncode == 3 and result.stderr == "guppy: there is no process %d\n" % process.pid
    assert not (tmp_path / "x.hpy").exists()


def test_a_file_that_takes_no_more(tmp_path, environment, target):
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\nfrom guppy.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["-c", code, "record", "--every", "50ms", "-o", "x.hpy", "--pid", str(target.pid)]
    result = run_python(*arguments, cwd=str(tmp_path), env=environment)
    assert result.returncode == 1 and result.stderr.startswith("guppy: no sample in x.hpy: File too large\n")
    assert not (tmp_path / "x.hpy").exists() and "Traceback" not in result.stderr  # what was made for nothing is removed


@pytest.mark.parametrize(
    "arguments", [["--pid", "x"], ["--pid", "-1"], ["--pid", "0"], ["--pid", "5", "script.py"], ["--samples", "3", "script.py"],
                  ["--pid", "5", "--samples", "0"], ["--pid"]],
)  # fmt: skip
def test_usage(tmp_path, environment, arguments):
    result = record(tmp_path, environment, *arguments)
    assert result.returncode == 2 and "usage: python -m guppy record" in result.stderr and not (tmp_path / "x.hpy").exists()

"""python -m guppy record: the program runs as it would without us, and its heap is sampled."""

import os
import signal
import subprocess
import sys

import pytest
from conftest import run_python

from guppy.heapy.Prof import Profile
from guppy.profiles.Pace import SHARE, Pace, interval_text, parse_interval

PROGRAM = """
import os, signal, sys, threading, time, warnings
warnings.simplefilter("error")
class Grows: __slots__ = ()
print("out", sys.argv, __name__, threading.active_count(), len(threading.enumerate()))
print("err", file=sys.stderr)
keep = []
how = sys.argv[1] if len(sys.argv) > 1 else ""
end = time.monotonic() + float(sys.argv[2] if len(sys.argv) > 2 else 0.9)
while time.monotonic() < end:
    keep.append(Grows())
    time.sleep(0.001)
if how == "raise": raise ValueError("from the program")
if how == "status": sys.exit(7)
if how == "fork":
    for i in range(3):
        if not os.fork(): sys.exit(0)
        os.wait()
if how == "chdir": os.chdir("/")
if how == "closed": sys.stderr.close()
if how == "mask":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
    os.kill(os.getpid(), signal.SIGUSR2)
    print(signal.sigwait({signal.SIGUSR2}) == signal.SIGUSR2)
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return str(path)


def record(tmp_path, *arguments, every="100ms", **options):
    return run_python("-m", "guppy", "record", "--every", every, "-o", "x.hpy", *arguments, cwd=str(tmp_path), **options)


@pytest.mark.parametrize("how", ["", "raise", "status", "fork", "chdir", "closed", "mask"])
def test_as_without_us(tmp_path, program, how):
    plain, ours = run_python(program, how), record(tmp_path, program, how)
    assert ours.stdout == plain.stdout and ours.returncode == plain.returncode, ours.stderr
    lines = ours.stderr.splitlines()
    if how != "closed":
        assert lines.pop().startswith("guppy: ")
    assert lines == plain.stderr.splitlines()
    p = Profile(tmp_path / "x.hpy")
    assert len(p) >= 2 and all(sample.format == "SetFormat" for sample in p)
    grown = [sample.value("__main__.Grows", "count") for sample in p]
    assert grown == sorted(grown) and grown[-1] > grown[0] > 0
    assert not any("guppy.profiles" in row.name for row in p[-1].rows)


def test_the_last_line_says_what_there_is(tmp_path, program):
    result = record(tmp_path, program, "", "0.1", every="1h")
    assert result.stderr.splitlines()[-1] == "guppy: 1 sample in x.hpy, every 1 h"
    assert len(Profile(tmp_path / "x.hpy")) == 1
    result = record(tmp_path, program, "", "0.1", every="1h")
    assert len(Profile(tmp_path / "x.hpy")) == 2  # samples are appended


@pytest.mark.parametrize("by, header", [("type", "Type"), ("module", "Module"), ("size", "Individual Size")])
def test_by(tmp_path, program, by, header):
    assert record(tmp_path, "--by", by, program, "", "0.1").returncode == 0
    assert ".kindheader: %s\n" % header in (tmp_path / "x.hpy").read_text()


def test_a_signal_asks_for_a_sample(tmp_path):
    path = tmp_path / "waits.py"
    path.write_text("print('ready', flush=True)\nwhile input() != 'end': print('on', flush=True)\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "guppy", "record", "--every", "1h", "-o", str(tmp_path / "x.hpy"), str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdout.readline()
    for number in range(1, 3):
        process.send_signal(signal.SIGUSR1)
        process.stdin.write("go\n")
        process.stdin.flush()
        assert process.stdout.readline() == "on\n"
        assert len(Profile(tmp_path / "x.hpy")) == number
    process.communicate("end\n")
    assert process.returncode == 0 and len(Profile(tmp_path / "x.hpy")) == 3


def test_ctrl_c_while_it_runs(tmp_path):
    path = tmp_path / "sleeps.py"
    path.write_text("import time; print('ready', flush=True)\nwhile True: time.sleep(0.05)")
    process = subprocess.Popen(
        [sys.executable, "-m", "guppy", "record", "-o", str(tmp_path / "x.hpy"), str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=60)[1]
    assert process.returncode == -signal.SIGINT and "KeyboardInterrupt" in err and len(Profile(tmp_path / "x.hpy")) == 1


def test_looking_does_not_become_the_load():  # item 9: a twentieth, whatever was asked for
    pace = Pace(0.001)
    for cost in (0.01, 0.5, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02):
        pace.note(cost)
        assert cost / (pace.in_force + cost) <= 0.05 and pace.is_stretched
    assert pace.in_force < 0.03 / SHARE
    slow = Pace(10)
    slow.note(0.01)
    assert slow.in_force == 10 and not slow.is_stretched


@pytest.mark.parametrize("text, seconds", [("500ms", 0.5), ("10s", 10), ("1.5s", 1.5), ("5m", 300), ("2h", 7200), ("3", 3)])
def test_intervals(text, seconds):
    assert parse_interval(text) == seconds


@pytest.mark.parametrize("text", ["0", "0s", "-1s", "5 parsecs", "", "s", "1e3s", "10 000 h", "nan", "inf", "0.0001ms", "9999999h"])
def test_what_is_no_interval(tmp_path, text):
    with pytest.raises(ValueError, match="no interval: give a number above 0 with ms, s, m or h"):
        parse_interval(text)
    result = run_python("-m", "guppy", "record", "--every=" + text, "-o", "x.hpy", "nosuch.py", cwd=str(tmp_path))
    assert result.returncode == 2 and "--every" in result.stderr.splitlines()[0] and "Traceback" not in result.stderr
    assert os.listdir(tmp_path) == []


def test_intervals_as_text():
    texts = [interval_text(s) for s in (0.5, 0.0333, 1, 1.5, 10, 60, 90, 3600, 7200, 86400)]
    assert texts == ["500 ms", "33.3 ms", "1 s", "1.5 s", "10 s", "1 m", "90 s", "1 h", "2 h", "24 h"]


def test_what_cannot_be_recorded_into(tmp_path, program):
    (tmp_path / "text").write_text("something else")
    os.mkfifo(tmp_path / "fifo")
    for name in (".", "fifo", "text", "no/such"):
        result = run_python("-m", "guppy", "record", "-o", name, program, cwd=str(tmp_path))
        assert result.returncode == 2 and result.stdout == "" and result.stderr.count("\n") == 1, result.stderr
        assert result.stderr.startswith("guppy: can't record into %r: " % name)
    assert (tmp_path / "text").read_text() == "something else"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_told_of_once(tmp_path):
    """Not a device: a limit, which a file on a full disk is like."""
    path = tmp_path / "full.py"
    path.write_text(
        "import resource, signal, time\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\ntime.sleep(0.6)\nprint('done')\nraise SystemExit(3)\n"
    )
    result = record(tmp_path, str(path), every="20ms")
    assert result.returncode == 3 and result.stdout == "done\n"
    assert result.stderr.splitlines()[0] == "guppy: no sample in x.hpy: File too large"
    assert len(result.stderr.splitlines()) == 2 and "0 samples" in result.stderr
    assert not (tmp_path / "x.hpy").exists()


@pytest.mark.parametrize("arguments", [[], ["-o", "x.hpy"], ["x.py"], ["--bogus"], ["--by", "x", "-o", "x.hpy", "x.py"], ["-o"]])
def test_usage(tmp_path, arguments):
    result = run_python("-m", "guppy", "record", *arguments, cwd=str(tmp_path))
    assert result.returncode == 2 and "usage: python -m guppy record" in result.stderr and os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["record", "top", "plot", "table", "pb", "monitor"])
def test_a_file_named_like_a_command(tmp_path, name):
    (tmp_path / name).write_text("print('the file')")
    result = run_python("-m", "guppy", "./" + name, cwd=str(tmp_path))
    assert result.stdout == "the file\n" and "Partition" in result.stderr
    result = run_python("-m", "guppy", "--", "./" + name, cwd=str(tmp_path))
    assert result.stdout == "the file\n"

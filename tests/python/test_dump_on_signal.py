"""A service that writes a snapshot whenever it gets a signal."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

import guppy.heapy
from test_snapshot_files import chunks_of, read_snapshot

if not sys.platform.startswith("linux"):
    pytest.skip("a process is copied on Linux alone", allow_module_level=True)

SERVICE = '''
import ctypes, os, signal, sys, threading
import guppy.heapy

handled = []
signal.signal(signal.SIGUSR1, lambda number, frame: handled.append(number))
before = len(os.listdir("/proc/self/fd"))
armed = guppy.heapy.dump_on_signal(signal.SIGUSR1, sys.argv[1], keep=2, contents="none")
print("armed", repr(armed), flush=True)
ctypes.CDLL(None).read(0, ctypes.create_string_buffer(1), 1)  # no Python code runs meanwhile
print("handled", len(handled) > 0, flush=True)
child = os.fork()
if not child:
    print("child", os.getpid(), flush=True)
    ctypes.CDLL(None).read(0, ctypes.create_string_buffer(1), 1)
    os._exit(0)
os.waitpid(child, 0)
os.rmdir(sys.argv[2])
print("removed", flush=True)
ctypes.CDLL(None).read(0, ctypes.create_string_buffer(1), 1)
armed.cancel()
armed.cancel()
os.kill(os.getpid(), signal.SIGUSR1)
print("threads", len(os.listdir("/proc/self/task")), "descriptors", len(os.listdir("/proc/self/fd")) - before, flush=True)
'''


def wait_until(condition, process):
    until = time.monotonic() + 120
    while not condition():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.01)


def test_a_service_that_sits_in_c_writes_a_snapshot_at_each_signal(tmp_path):
    program, folder, other = tmp_path / "service.py", tmp_path / "dumps", tmp_path / "other"
    program.write_text(SERVICE)
    folder.mkdir()
    other.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(program), str(folder), str(other)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

    def files():
        return [name for name in os.listdir(folder) if not name.startswith(".")]

    def numbers():
        return sorted(int(re.fullmatch(r"heap-\d+-\d{8}T\d{6}-(\d+)\.heapy", name)[1]) for name in files())

    assert process.stdout.readline() == "armed <snapshots into %r at signal %d>\n" % (str(folder), signal.SIGUSR1)
    for count in range(1, 5):
        process.send_signal(signal.SIGUSR1)
        wait_until(lambda: count in numbers(), process)
    wait_until(lambda: numbers() == [3, 4], process)
    for name in files():
        assert name.startswith("heap-%d-" % process.pid)
        assert read_snapshot.Snapshot(chunks_of(folder / name)).node_count > 1000
    process.stdin.write("x")
    process.stdin.flush()
    assert process.stdout.readline() == "handled True\n"
    child = int(process.stdout.readline().split()[1])
    os.kill(child, signal.SIGUSR1)
    wait_until(lambda: any(name.startswith("heap-%d-" % child) for name in files()), process)
    assert len(files()) == 3
    process.stdin.write("x")
    process.stdin.flush()
    assert process.stdout.readline() == "removed\n"
    output, errors = process.communicate("x")
    assert output == "threads 1 descriptors 0\n" and errors == "" and process.returncode == 0


def test_a_dump_that_fails_costs_a_line(script, tmp_path):
    result = script(
        '''
import os, signal, sys, time
import guppy.heapy
os.mkdir(sys.argv[1])
armed = guppy.heapy.dump_on_signal(signal.SIGUSR1, sys.argv[1])
os.rmdir(sys.argv[1])
os.kill(os.getpid(), signal.SIGUSR1)
while not armed.number:
    time.sleep(0.01)
armed.cancel()
''',
        str(tmp_path / "gone"),
    )
    assert result.stdout == ""
    assert result.stderr.startswith("heapy: no snapshot at signal %d: FileNotFoundError: " % signal.SIGUSR1)
    assert result.stderr.count("\n") == 1


def test_what_cannot_be_is_refused_when_it_is_asked_for(tmp_path):
    dump = guppy.heapy.dump_on_signal
    for arguments, options, error, message in [
        ((signal.SIGUSR2, tmp_path / "nowhere"), {}, NotADirectoryError, "is no directory: make it first"),
        ((signal.SIGUSR2, tmp_path), {"keep": 0}, ValueError, "keep must be a number of files from 1 on, not 0"),
        ((signal.SIGUSR2, tmp_path), {"contents": "all"}, ValueError, "contents must be"),
        ((signal.SIGUSR2, tmp_path), {"colour": 1}, TypeError, "colour"),
        ((signal.SIGKILL, tmp_path), {}, OSError, "Invalid argument"),
        ((1000, tmp_path), {}, OSError, "Invalid argument"),
    ]:
        with pytest.raises(error, match=message):
            dump(*arguments, **options)
    armed = dump(signal.SIGUSR2, tmp_path)
    try:
        with pytest.raises(ValueError, match="signal %d writes snapshots already" % signal.SIGUSR2):
            dump(signal.SIGUSR2, tmp_path)
    finally:
        armed.cancel()
    assert signal.getsignal(signal.SIGUSR2) is signal.SIG_DFL

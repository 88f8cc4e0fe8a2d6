"""A socket that cannot be spoken with is named, with the remedy, by whoever looks for its process ("Bad input")."""

import os
import resource
import signal
import subprocess
import sys

import pytest
from monitor_support import PATIENCE, directory, run_guppy, start  # noqa: F401

# A process that listens where targets do and greets with what it was given.
FAKE = """
import sys
from guppy.monitor import Directory
endpoint = Directory.Endpoint(Directory.default_path())
endpoint.open()
endpoint.socket.setblocking(True)
print("ready", flush=True)
kept = []
while True:
    connected = Directory.accept(endpoint.socket)
    try:
        connected.sendall(eval(sys.argv[1]))
    except OSError:
        pass
    if sys.argv[2] == "stays":
        kept.append(connected)
    else:
        connected.close()
"""
NO_HEAPY = "it is no heapy"
FAKES = {
    "another version": (["b'heapy-monitor 99\\n'", "stays"], "speaks version 99 of heapy's protocol, not 1: the same heapy must be installed there and here"),
    "random bytes": (["__import__('os').urandom(200000)", "stays"], NO_HEAPY),
    "a flood": (["b'A' * (1 << 24)", "stays"], NO_HEAPY),
    "one that closes": (["b''", "closes"], NO_HEAPY),
}
WITH_PID = [["monitor", "--wait", "1", "--exec", "stat", "--pid"], ["top", "--wait", "1", "--once"], ["record", "-o", "%s", "--pid"]]
WITHOUT_PID = [["monitor", "--wait", "1", "--exec", "lc"], ["top", "--once"]]


def one_line(result, pid):
    """The only line of a command that found no target, which names its process."""
    assert (result.returncode, result.stdout) == (3, "") and result.stderr.count("\n") == 1, result
    assert result.stderr.startswith("guppy") and "process %d " % pid in result.stderr
    assert "has not enabled" not in result.stderr and "no process has enabled" not in result.stderr
    return result.stderr


@pytest.mark.parametrize("what", FAKES)
def test_a_socket_that_is_no_target(start, directory, tmp_path, what):
    arguments, text = FAKES[what]
    fake = start(FAKE, arguments, is_driven=False)
    assert fake.read() == "ready"
    (name,) = os.listdir(directory)
    path = tmp_path / "x.hpy"
    for command in [[a % path if "%s" in a else a for a in command] + [str(fake.pid)] for command in WITH_PID] + WITHOUT_PID:
        line = one_line(run_guppy(*command), fake.pid)
        assert text in line and str(directory / name) in line, (command, line)
    assert not path.exists()
    listed = run_guppy("monitor", "--list")
    assert text in listed.stderr and listed.stderr.count("\n") == 1 and listed.stdout.splitlines() == ["CID PID ARGV"]


def test_a_target_that_is_stopped(start, directory):
    target = start()
    os.kill(target.pid, signal.SIGSTOP)
    for command in WITHOUT_PID:
        assert "does not answer: it is stopped" in one_line(run_guppy(*command), target.pid)
    listed = run_guppy("monitor", "--list", "--json")
    assert (listed.returncode, listed.stdout) == (0, "[]\n")
    assert listed.stderr.startswith("guppy monitor: process %d does not answer: " % target.pid) and listed.stderr.count("\n") == 1
    other = start()
    listed = run_guppy("monitor", "--exec", "lc")
    assert "%d" % other.pid in listed.stdout and listed.stderr.startswith("guppy monitor: process %d does not answer: " % target.pid)


MANY = """
import os, signal, sys, time
import guppy.heapy.RM
children = []
for i in range(12):
    children.append(os.fork())
    if not children[-1]:
        time.sleep(1000)
print("ready", flush=True)
sys.stdin.readline()
for child in children:
    os.kill(child, signal.SIGKILL)
"""


@pytest.mark.parametrize("most", [12, 14])
def test_more_targets_than_descriptors(start, directory, tmp_path, most):
    target = start(MANY, is_driven=False)
    assert target.read() == "ready"
    path = tmp_path / "x.hpy"
    command = [sys.executable, "-m", "guppy", "monitor", "--exec", "lc", "--exec", "sc 1", "--exec", "dump %s" % path]
    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # noqa: E731
    result = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE, preexec_fn=limit)
    target.finish()
    assert result.returncode == 0, result
    assert result.stderr.count("\n") == 1 and "too many open files" in result.stderr and "ulimit -n" in result.stderr
    assert 1 < len(result.stdout.splitlines()) < 12 and path.stat().st_size


def test_a_relative_directory_in_a_current_directory_that_is_gone(start, directory, tmp_path):
    target = start()
    for command in [*WITHOUT_PID, ["monitor", "--list"], ["top", "--once", "1"]]:
        folder = tmp_path / "folder"
        folder.mkdir()
        # socket first: 3.13.0 cannot import it in such a directory (SystemError in os._get_exports_list).
        code = "import os, socket, sys; from guppy.__main__ import main; os.rmdir(os.getcwd()); sys.exit(main(sys.argv[1:]))"
        result = subprocess.run([sys.executable, "-c", code, *command], cwd=folder, env={**os.environ, "HEAPY_MONITOR_DIR": "relative"},
                                capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
        assert result.returncode == (0 if "--list" in command else 3), result
        assert result.stderr.count("\n") == 1 and "relative to a current directory that is no more" in result.stderr
        assert "HEAPY_MONITOR_DIR can name another" in result.stderr
    assert target.ask("1 + 1") == "2"

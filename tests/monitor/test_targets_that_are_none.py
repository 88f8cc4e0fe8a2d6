"""A socket that cannot be spoken with is named, with the remedy, by whoever looks for its process ("Bad input")."""

import os
import signal

import pytest
from monitor_support import directory, run_guppy, start  # noqa: F401

# A process that listens where targets do and greets with what it was given.
FAKE = """
import sys
from guppy.monitor import Directory
endpoint = Directory.Endpoint(Directory.default_path())
endpoint.socket.setblocking(True)
print("ready", flush=True)
kept = []
while True:
    connected, _ = endpoint.socket.accept()
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

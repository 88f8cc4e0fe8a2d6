"""Targets, and monitors that speak with them: in this process through Client, or in pseudo-terminals.

Nothing here waits for a time to pass: everything waits for what is to come, with a limit that a busy machine does not reach.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pexpect
import pytest

from guppy.monitor import Directory
from guppy.monitor.Client import Hub

PATIENCE = float(os.environ.get("HEAPY_TEST_PATIENCE", 60))  # seconds that anything may take at all

# A program that does what it is told on standard input: expressions are answered by their repr.
DRIVEN = """
import sys
def drive():
    print("ready", flush=True)
    while True:
        line = sys.stdin.readline()
        if not line:
            break
        try:
            result = eval(line)
        except SyntaxError:
            exec(line, globals())
            result = None
        sys.__stdout__.write(repr(result) + "\\n")
        sys.__stdout__.flush()
"""


def wait_until(condition, what, seconds=PATIENCE):
    """Wait until condition() is true; returns what it gives."""
    until = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < until, "no " + what
        time.sleep(0.01)


class Target:
    """A process that runs `code` with the driver; by default it enables monitoring first."""

    def __init__(self, folder, code="import guppy.heapy.RM\n", arguments=(), python=sys.executable, is_driven=True, before=(), **options):
        path = folder / ("target%d.py" % len(list(folder.glob("target*.py"))))
        path.write_text(code if not is_driven else DRIVEN + code + "\ndrive()\n")
        self.path = str(path)
        self.process = subprocess.Popen(
            [*before, python, "-u", self.path, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            **options,
        )
        if is_driven:
            line = self.process.stdout.readline()
            if line != "ready\n":
                self.process.kill()
                raise AssertionError(line + "".join(self.process.communicate()))

    @property
    def pid(self):
        return self.process.pid

    def tell(self, line):
        """Give the program a line; the text of its answer is that of read()."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def read(self):
        return self.process.stdout.readline().rstrip("\n")

    def ask(self, line):
        self.tell(line)
        return self.read()

    def finish(self):
        """End the input; returns exit status, rest of the output, and errors."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except OSError:
                pass


class Dialog:
    """One connection, without a terminal."""

    def __init__(self, hub, peer):
        self.hub, self.peer = hub, peer
        self.opening = self.wait()

    def wait(self):
        """What the target sends until it waits for a line."""
        until = time.monotonic() + PATIENCE
        while self.peer.prompt is None and not self.peer.is_closed:
            assert time.monotonic() < until, "no prompt after " + self.peer.output.take()
            self.hub.step(0.5)
        return self.peer.output.take()

    def say(self, line):
        self.peer.send_line(line)
        return self.wait()

    def block(self, *lines):
        """Give a statement of several lines, and the empty one that ends it."""
        return "".join([self.say(line) for line in (*lines, "")])

    def start(self, line):
        """Give a line and do not wait for what comes of it."""
        self.peer.send_line(line)
        self.hub.step(0.0)

    def expect(self, text):
        """Wait until a text has come."""
        seen = ""
        until = time.monotonic() + PATIENCE
        while text not in seen:
            assert time.monotonic() < until, "no %r in %r" % (text, seen)
            self.hub.step(0.5)
            seen += self.peer.output.take()
        return seen

    def interrupt(self):
        self.peer.send_interrupt()
        self.hub.step(0.0)

    def __getattr__(self, name):
        return getattr(self.peer, name)


class Terminal:
    """A monitor in a pseudo-terminal."""

    def __init__(self, *arguments, python=sys.executable, **options):
        environment = {**os.environ, "TERM": "xterm", **options.pop("env", {})}
        command = arguments or ("-c", "from guppy import hpy;hpy().monitor()")
        self.child = pexpect.spawn(python, list(command), encoding="utf-8", timeout=PATIENCE, env=environment, **options)
        self.shown = ""

    def expect(self, text):
        """Wait for a text; returns what came before it, as it was sent."""
        self.child.expect_exact(text)
        self.shown += self.child.before + (self.child.after if isinstance(self.child.after, str) else "")
        return self.child.before

    def send(self, text):
        self.child.send(text)

    def say(self, line, prompt="<Monitor> "):
        """Type a line; returns what is shown until the next prompt."""
        self.child.send(line + "\r")
        self.expect(line + "\r\n")
        return self.expect(prompt).replace("\r\n", "\n")

    def end(self):
        """Wait for the end of the process; returns its exit status."""
        self.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


def plain(text):
    """Text from a terminal without the sequences that move the cursor, and with plain line ends."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r\n", "\n").replace("\r", "")


@pytest.fixture
def directory(tmp_path, monkeypatch):
    """The directory of sockets, which is not there yet."""
    path = tmp_path / "sockets"
    monkeypatch.setenv("HEAPY_MONITOR_DIR", str(path))
    return path


@pytest.fixture
def start(tmp_path, directory):
    """Starts targets, which end with the test."""
    targets = []

    def begin(*arguments, **options):
        targets.append(Target(tmp_path, *arguments, **options))
        return targets[-1]

    yield begin
    for target in targets:
        target.kill()


@pytest.fixture
def hub(directory):
    with Hub() as made:
        yield made


@pytest.fixture
def connect(hub):
    """Makes a Dialog with a target; each call is another connection."""
    hubs = [hub]

    def begin(target, again=False):
        if again:
            hubs.append(Hub())
        return Dialog(hubs[-1], hubs[-1].find(target.pid, PATIENCE))

    yield begin
    for made in hubs[1:]:
        made.close()


@pytest.fixture
def terminal(directory):
    terminals = []

    def begin(*arguments, **options):
        try:
            terminals.append(Terminal(*arguments, **options))
        except OSError as e:
            if "out of pty devices" in str(e):
                pytest.skip("no pseudo-terminals here")
            raise
        return terminals[-1]

    yield begin
    for made in terminals:
        made.child.close(force=True)


def raw(directory):
    """A socket that is connected to the only target, and does what the test wants."""
    (name,) = os.listdir(directory)
    fd = Directory.open_directory(str(directory))
    try:
        made = Directory.connect(fd, name, str(directory))
    finally:
        os.close(fd)
    whole = socket.socket(fileno=made.detach())
    whole.settimeout(PATIENCE)
    return whole


def run_guppy(*arguments, env=(), input=""):
    """Run `python -m guppy` with arguments; the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "guppy", *arguments],
        input=input,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        env={**os.environ, **dict(env)},
    )

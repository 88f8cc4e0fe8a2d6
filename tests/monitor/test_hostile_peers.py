"""A peer may send anything, on both sides: neither dies, blocks, grows or leaks, and the next honest one is served."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from monitor_support import PATIENCE, connect, directory, hub, raw, start, terminal, wait_until  # noqa: F401

from guppy.monitor import Wire
from guppy.monitor.Client import Hub
from guppy.monitor.Peer import MOST_KEPT, Kept
from guppy.monitor.Texts import ESCAPED, cut, padded, visible, visible_line, width_of

HELLO = {"pid": 1, "argv": ["fake"], "executable": "/bin/fake", "version": "3.11.0", "uid": os.getuid(), "started": 1.0, "wd": "/"}


def memory(pid):
    with open("/proc/%d/status" % pid) as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmRSS"))


def descriptors(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def push(connected, data):
    """Send as much as the peer takes."""
    try:
        connected.sendall(data)
    except OSError:
        pass


def is_closed(connected):
    try:
        while connected.recv(1 << 16):
            pass
    except OSError:
        pass
    return True


def frame_header(kind, length):
    return b"%c" % kind + length.to_bytes(4, "big")


BAD = {
    "random bytes": os.urandom(100000),
    "200 MB without a newline": b"x" * (1 << 22),
    "a greeting of another version": b"heapy-monitor 2\n",
    "an endless version": b"heapy-monitor " + b"1" * 1000,
    "an unknown frame": Wire.GREETING + frame_header(ord("z"), 5) + b"12345",
    "a frame of the target's": Wire.GREETING + Wire.json_frame(Wire.HELLO, HELLO),
    "a frame of 4 GB": Wire.GREETING + frame_header(Wire.LINE, 0xFFFFFFFF) + b"x" * 1000,
    "an interrupt that is long": Wire.GREETING + frame_header(Wire.INTERRUPT, 100) + b"x" * 100,
    "no JSON": Wire.GREETING + Wire.text_frame(Wire.REQUEST, "{nonsense"),
    "JSON that is deep": Wire.GREETING + Wire.text_frame(Wire.REQUEST, "[" * 100000),
    "JSON that is no object": Wire.GREETING + Wire.text_frame(Wire.REQUEST, "5"),
    "a thousand requests": Wire.GREETING + Wire.json_frame(Wire.REQUEST, {"id": 1, "do": "stat"}) * 1000,
}


def test_what_a_target_is_sent(start, directory, connect):
    target = start()
    honest = connect(target)
    honest.say("int")
    honest.say("x = 5")
    before, fds = memory(target.pid), descriptors(target.pid)
    for what, data in BAD.items():
        connected = raw(directory)
        for i in range(50 if "200 MB" in what else 1):
            push(connected, data)
        assert is_closed(connected), what
        connected.close()
        assert honest.say("x") == "5\n", what
    wait_until(lambda: descriptors(target.pid) == fds, "close of descriptors")
    assert memory(target.pid) - before < 16 << 20
    assert target.finish() == (0, "", "")


def test_requests_that_make_no_sense_are_answered(start, connect):
    dialog = connect(start())
    for request in ({}, {"do": "nosuch"}, {"do": "stat", "by": "nosuch"}, {"do": "referrers"}, {"do": "complete", "text": 5}, {"do": ["x"]}, {"do": "stat", "by": []}):
        number = dialog.peer.send_request("x")
        dialog.peer.unsent.clear()
        dialog.peer.unsent += Wire.json_frame(Wire.REQUEST, {"id": number, **request})
        wait_until(lambda: dialog.hub.step(0.1) or dialog.peer.answers[number] is not None, "answer")
        assert "error" in dialog.peer.answers[number] or dialog.peer.answers[number]["names"] == [], request
    assert dialog.say("stat").startswith("Target overview")


def test_peers_that_say_nothing_or_little(start, directory, hub):
    target = start()
    fds = descriptors(target.pid)
    silent = [raw(directory) for i in range(3)]
    slow = raw(directory)
    for byte in Wire.GREETING[:3]:
        slow.send(bytes([byte]))
    dying = raw(directory)
    dying.send(Wire.GREETING + frame_header(Wire.LINE, 100) + b"half")
    dying.close()
    assert hub.find(target.pid, PATIENCE)
    for connected in (*silent, slow):
        assert is_closed(connected)
        connected.close()
    hub.close()
    wait_until(lambda: descriptors(target.pid) == fds, "close of descriptors")


def used(pid):
    """The seconds of the processor that a process has taken."""
    with open("/proc/%d/stat" % pid) as file:
        return sum(map(int, file.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("is_welcome", [False, True])
def test_a_peer_that_hears_no_more_but_stays(start, directory, connect, is_welcome):
    """Its answers cannot be sent, and no end of the connection comes from it: it is dropped, once, and not asked for again."""
    target = start()
    before = descriptors(target.pid)
    peers = [raw(directory) for i in range(3)]
    for peer in peers:
        assert peer.recv(1 << 16)
        if is_welcome:
            push(peer, Wire.GREETING)
            assert peer.recv(1 << 16)  # a prompt
        peer.shutdown(socket.SHUT_RD)
        lines = Wire.text_frame(Wire.LINE, "int") + Wire.text_frame(Wire.LINE, "1 + 1")
        push(peer, lines if is_welcome else Wire.GREETING + lines)
    wait_until(lambda: descriptors(target.pid) == before, "the connections to be closed")
    assert connect(target).say("stat").startswith("Target overview")
    began, used_before = time.monotonic(), used(target.pid)
    time.sleep(1.0)
    assert used(target.pid) - used_before < (time.monotonic() - began) / 4  # it does not turn round and round
    assert target.finish() == (0, "", "")


def test_a_thousand_connections(start, directory, hub):
    target = start()
    before, fds = memory(target.pid), descriptors(target.pid)
    crowd = []
    for i in range(1000):
        try:
            crowd.append(raw(directory))
        except BlockingIOError:  # the queue is full: the target has to take some first
            time.sleep(0.01)
        if i % 100 == 0:
            assert target.ask("6 * 7") == "42"
    assert descriptors(target.pid) < 300
    began = time.monotonic()
    assert hub.find(target.pid, PATIENCE).pid == target.pid
    assert time.monotonic() - began < PATIENCE / 2
    assert memory(target.pid) - before < 16 << 20
    for connected in crowd:
        connected.close()
    hub.close()
    wait_until(lambda: descriptors(target.pid) == fds, "close of descriptors")


def test_a_target_without_free_descriptors(start, directory, hub):
    code = "import resource; import guppy.heapy.RM; resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))\n"
    target = start(code)
    crowd = []
    for i in range(40):
        try:
            crowd.append(raw(directory))
        except OSError:
            break
    assert hub.find(target.pid, PATIENCE).pid == target.pid
    for connected in crowd:
        connected.close()


def test_a_monitor_that_stops_reading(start, connect):
    """It stops its own console only."""
    target = start()
    stuck = connect(target)
    stuck.say("int")
    stuck.start("while True: print('x' * 1000)\n")
    stuck.peer.send_line("")
    stuck.hub.flush()
    other = connect(target, again=True)
    other.say("int")
    for i in range(20):
        assert other.say("%d" % i) == "%d\n" % i
        assert target.ask("6 * 7") == "42"
    stuck.hub.close()
    wait_until(lambda: len(os.listdir("/proc/%d/task" % target.pid)) == 3, "end of the stuck worker")
    assert target.finish() == (0, "", "")


# ---- what monitors meet ----


@pytest.fixture
def fake(directory):
    """Makes sockets in the directory; accepts one connection for each and sends it some bytes."""
    made = []

    def listen(number=1):
        directory.mkdir(mode=0o700, exist_ok=True)
        listening = socket.socket(socket.AF_UNIX)
        fd = os.open(directory, os.O_RDONLY)
        listening.bind("/proc/self/fd/%d/%d-%016x" % (fd, number, number))
        os.close(fd)
        listening.listen(5)
        listening.settimeout(PATIENCE)
        made.append(listening)
        return listening

    yield listen
    for listening in made:
        listening.close()


FAKES = {
    "random bytes": (os.urandom(100000), "does not speak heapy's protocol"),
    "another version": (b"heapy-monitor 7\n", "speaks version 7 of heapy's protocol, not 1: the same heapy must be installed there and here"),
    "a frame of 4 GB": (Wire.GREETING + frame_header(Wire.OUTPUT, 0xFFFFFFFF), "sends a frame of 4294967295 bytes"),
    "output before hello": (Wire.GREETING + Wire.text_frame(Wire.OUTPUT, "x"), "does not say what it is"),
    "a hello without arguments": (Wire.GREETING + Wire.json_frame(Wire.HELLO, {**HELLO, "argv": None}), "does not say its argv"),
    "an answer nobody asked for": (Wire.GREETING + Wire.json_frame(Wire.HELLO, HELLO) + Wire.json_frame(Wire.ANSWER, {"id": 5}), "answers what was not asked"),
}


@pytest.mark.parametrize("what", FAKES)
def test_what_a_monitor_is_sent(fake, hub, start, connect, what):
    data, text = FAKES[what]
    listening = fake()
    hub.look()
    accepted, _ = listening.accept()
    push(accepted, data)
    notice = wait_until(lambda: hub.step(0.1) or next((e for e in hub.events if e[0] == "notice"), None), "notice")
    assert text in notice[1] and notice[1].count("\n") == 0
    assert is_closed(accepted)
    assert connect(start()).say("stat").startswith("Target overview")
    accepted.close()
    assert len([e for e in hub.events if e[0] == "notice"]) == 1  # said once


def test_a_target_that_floods_a_monitor(fake, hub):
    listening = fake()
    hub.look()
    accepted, _ = listening.accept()
    accepted.sendall(Wire.GREETING + Wire.json_frame(Wire.HELLO, HELLO))
    hub.settle(PATIENCE)
    (peer,) = hub.peers
    before = memory(os.getpid())
    accepted.setblocking(False)
    chunk, sent, left = Wire.text_frame(Wire.OUTPUT, "y" * 60000), 0, b""
    while sent < 100 << 20:
        left = left or chunk
        try:
            n = accepted.send(left)
            sent, left = sent + n, left[n:]
        except BlockingIOError:
            hub.step(1.0)
    assert memory(os.getpid()) - before < 16 << 20
    text = peer.output.take()
    assert len(text) < MOST_KEPT + 1000 and re.search(r"\n\[\.\.\. \d+ characters left out \.\.\.\]\n", text)
    accepted.close()


STAT = ".loader: _load_stat\n.format: SetFormat\n.timemade: 1.0\n.count: 1\n.size: 1\n.kindname: \n.kindheader: K\n.numrows: 1\n.r: 1 1 a\n.end: .loader: _load_stat\n"

# A target that greets as one of ours does and answers every request with the same.
LIAR = """
import json, os, socket, sys, threading
from guppy.monitor import Directory, Wire
endpoint = Directory.Endpoint(Directory.default_path())
endpoint.open()
endpoint.socket.setblocking(True)
print("ready", flush=True)
hello = {"pid": os.getpid(), "argv": ["li\\x1b[31m\\nar", "\\udcff", "x" * 1000], "executable": "", "version": "3.11.0", "uid": os.getuid(), "started": 1.0, "wd": "/"}
def serve(connected):
    reader = Wire.FrameReader(Wire.LONGEST_FROM_MONITOR)
    connected.sendall(Wire.GREETING + Wire.json_frame(Wire.HELLO, hello))
    connected.sendall(Wire.json_frame(Wire.PROMPT, {"text": "<Annex> ", "kind": "annex", "failed": False}))
    while data := connected.recv(1 << 16):
        for kind, payload in reader.feed(data):
            if kind == Wire.REQUEST:
                connected.sendall(Wire.frame(Wire.ANSWER, b'{"id": %d, ' % json.loads(payload)["id"] + sys.argv[1].encode()))
while True:
    connected = Directory.accept(endpoint.socket)
    threading.Thread(target=serve, args=(connected,), daemon=True).start()
"""
LIES = {
    "nothing": '"dump": ""}',
    "no JSON": "}",
    "no text": '"dump": 5}',
    "no dump": '"dump": "hello"}',
    "a dump that ends": '"dump": %s}' % json.dumps(STAT[:100]),
    "a count beyond any": '"dump": %s}' % json.dumps(STAT.replace(".count: 1", ".count: 99999999999999999999999999")),
    "a size that is a text": '"dump": %s, "rss": "x"}' % json.dumps(STAT),
    "a pause below 0": '"dump": %s, "pause": -5}' % json.dumps(STAT),
    "a pause beyond any": '"dump": %s, "pause": 1e300}' % json.dumps(STAT),
    "a pause that is infinite": '"dump": %s, "pause": 1e999}' % json.dumps(STAT),
    "no number": '"dump": %s, "seconds": NaN}' % json.dumps(STAT),
    "an error of several lines": '"error": "one\\ntwo\\u001b[31m"}',
    "an error that is no text": '"error": {"a": [1]}}',
}
ASKING = [["monitor", "--exec", "watch", "--pid"], ["monitor", "--exec", "dump %s", "--pid"], ["top", "--once"], ["record", "--samples", "1", "-o", "%s", "--pid"]]


@pytest.mark.parametrize("what", LIES)
def test_samples_that_are_none(start, tmp_path, what):
    target = start(LIAR, [LIES[what]], is_driven=False)
    assert target.read() == "ready"
    path = tmp_path / "x.hpy"
    for arguments in ASKING:
        command = [a % path if "%s" in a else a for a in arguments] + [str(target.pid)]
        process = subprocess.Popen([sys.executable, "-m", "guppy", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = process.stderr.readline()
        if first.startswith("guppy: no sample"):
            process.send_signal(signal.SIGINT)  # it would go on asking
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1 and out == "" and first.startswith("guppy"), (command, out, first, err)
        assert "process %d" % target.pid in first and "\x1b" not in first + err
        assert err == "" or "record" in command and err.count("\n") == 1 and "Traceback" not in err, err
        assert not path.exists() or not path.read_text()


def test_record_gives_up(start, tmp_path):
    target = start(LIAR, [LIES["no dump"]], is_driven=False)
    assert target.read() == "ready"
    path = tmp_path / "x.hpy"
    for more in (["--samples", "2"], []):
        command = [sys.executable, "-m", "guppy", "record", "--every", "10ms", "-o", str(path), "--pid", str(target.pid), *more]
        result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        first, last = result.stderr.splitlines()
        assert result.returncode == 1 and first.startswith("guppy: no sample: process %d" % target.pid) and last.startswith("guppy: 0 samples in ")
        assert not path.exists()


def test_top_says_so_and_goes_on(start, terminal):
    target = start(LIAR, ['"dump": "hello"}'], is_driven=False)
    assert target.read() == "ready"
    shown = terminal("-m", "guppy", "top", str(target.pid), "--interval", "0.1")
    shown.expect("its sample is none")
    shown.send("q")
    assert shown.end() == 0 and "Traceback" not in shown.shown


def test_sockets_of_the_dead_are_removed(start, directory, hub):  # item 2
    target = start()
    target.process.kill()
    target.process.wait()
    assert len(os.listdir(directory)) == 1
    hub.look()
    assert os.listdir(directory) == [] and hub.by_fd == {}


def test_what_is_kept_of_a_long_output():
    kept = Kept()
    text = "".join("%07d\n" % i for i in range(500000))
    for start in range(0, len(text), 5000):
        kept.add(text[start : start + 5000])
    shown = kept.take()
    head, left_out, tail = re.fullmatch(r"(.*)\n\[\.\.\. (\d+) characters left out \.\.\.\]\n(.*)", shown, re.S).groups()
    assert text.startswith(head) and text.endswith(tail) and len(head) + int(left_out) + len(tail) == len(text)
    assert not kept and kept.take() == ""
    kept.add("short")
    assert kept.take() == "short"


def test_control_characters():
    assert visible("a\tb\nc") == "a\tb\nc" and visible("\x1b[31m\r\x00\x7f\x9b\u202e") == "\\x1b[31m\\x0d\\x00\\x7f\\x9b\\u202e"
    assert visible("\ud800\udcff") == "\\ud800\\udcff" and visible_line("a\tb\nc\x1b") == "a\\tb\\nc\\x1b"
    assert not [c for c in map(chr, ESCAPED) if c.isprintable()]


def test_texts_in_columns():
    wide, combined = "日本語 names", "e\u0301" * 5
    assert (width_of(wide), width_of(combined), width_of("plain")) == (12, 5, 5)
    assert [cut(wide, n) for n in (0, 1, 2, 5, 12, 80)] == ["", "", "日", "日本", wide, wide]
    assert [width_of(padded(text, 7)) for text in (wide, combined, "", "x" * 99)] == [7] * 4
    assert len(cut("\u0301" * 10**6, 80)) < 1000


def test_frames_in_pieces():
    data = Wire.GREETING + Wire.text_frame(Wire.LINE, "one") + Wire.frame(Wire.INTERRUPT) + Wire.text_frame(Wire.LINE, "zwei ä")
    reader = Wire.FrameReader(Wire.LONGEST_FROM_MONITOR)
    frames = [frame for byte in data for frame in reader.feed(bytes([byte]))]
    assert frames == [(Wire.LINE, b"one"), (Wire.INTERRUPT, b""), (Wire.LINE, "zwei ä".encode())]
    assert Wire.FrameReader(Wire.LONGEST_FROM_MONITOR).feed(data) == frames


# ---- other users ----

as_other = pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="needs root and setpriv")
OTHER = 65533


@as_other
def test_another_user_is_closed_upon_before_a_byte_is_read(start, directory, tmp_path):
    target = start()
    (name,) = os.listdir(directory)
    for folder in [directory, *directory.parents]:
        if folder != folder.parent:
            folder.chmod(0o755)  # so that only the check of credentials is left
    (directory / name).chmod(0o666)
    code = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.settimeout(30); print(s.recv(100))"
    path = "/tmp/heapy-test-%d" % os.getpid()
    os.symlink(directory / name, path)
    try:
        command = ["setpriv", "--reuid=%d" % OTHER, "--regid=%d" % OTHER, "--clear-groups", "/usr/bin/python3", "-c", code, path]
        result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    finally:
        os.unlink(path)
    if result.returncode and "No such file" in result.stderr or "not found" in result.stderr:
        pytest.skip("the other user has no Python")
    assert result.stdout == "b''\n" or "ConnectionResetError" in result.stderr, result.stderr
    assert target.ask("1 + 1") == "2"


@as_other
def test_root_sees_targets_of_others_in_the_directory_it_was_given(directory, terminal, tmp_path):
    directory.mkdir(mode=0o700)
    os.chown(directory, OTHER, OTHER)
    with Hub() as hub:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(directory / "5-0000000000000005"))
        listening.listen(1)
        hub.look()
        assert not hub.troubles and len(hub.by_fd) == 1
        listening.close()


def test_a_directory_that_lets_others_in_is_said_once(directory, hub):
    directory.mkdir()
    directory.chmod(0o755)
    for i in range(3):
        hub.look()
    (event,) = hub.events
    assert event[0] == "notice" and "lets others in" in event[1]


"""Whatever a program has done to itself, those who come are served, and nothing of it runs for that (M-25, M-80, M-86)."""

import pytest
from monitor_support import connect, directory, hub, raw, start  # noqa: F401

ODD = """
import sys, time
import guppy.heapy.RM
ran = []
class B:
    def __str__(self): ran.append(1); raise SystemExit
    __repr__ = __getattribute__ = __len__ = __iter__ = __str__
class Text(str):
    __str__ = __repr__ = __getitem__ = __len__ = B.__str__
class List(list):
    __iter__ = __getitem__ = __len__ = __getattribute__ = B.__str__
class Module(type(sys)):
    def __getattribute__(self, name):
        if name in ("argv", "executable"): ran.append(1); raise SystemExit
        return super().__getattribute__(name)
"""


@pytest.mark.parametrize(
    "oddity, shown",
    [
        ("sys.argv = None", []),
        ("sys.argv = 5", []),
        ("sys.argv = B()", []),
        ("del sys.argv", []),
        ("sys.argv = [B(), Text('text'), b'bytes', 'good']", ["?", "?", "?", "good"]),
        ("sys.argv = List(['in a list'])", ["in a list"]),
        ("sys.argv = ('in a tuple',)", ["in a tuple"]),
        ("sys.argv = ['\\U0001f600' * 5000] * 1000", ["\U0001f600" * 4096] * 2),
        ("sys.argv = ['good']; sys.executable = object()", ["good"]),
        ("sys.argv = ['good']; sys.executable = Text('text')", ["good"]),
        ("sys.argv = ['good']; del sys.executable", ["good"]),
        ("sys.argv = ['good']; from guppy.heapy import Remote; Remote.target.wd = B()", ["good"]),
        ("sys.argv = ['good']; sys.__class__ = Module", ["good"]),
    ],
)
def test_odd_arguments_are_not_touched(start, connect, oddity, shown):
    target = start(ODD + oddity + "\n")
    for again in (False, True):
        dialog = connect(target, again=again)
        assert dialog.argv == shown
        assert dialog.say("stat").startswith("Target overview\n")
    assert target.ask("ran") == "[]"
    status, _, errors = target.finish()
    assert (status, errors) == (0, "")


def test_trouble_with_one_peer_ends_that_one_alone(start, directory, connect):
    """What is computed for a peer fails, as it would where there is no memory."""
    target = start("from guppy.monitor import Overview\nimport guppy.heapy.RM\nkept = Overview.overview\n")
    first = connect(target)
    for trouble in ("lambda wd: 1 / 0", "lambda wd: [][1]", "lambda wd: __import__('sys').exit(1)"):
        target.ask("setattr(Overview, 'overview', %s)" % trouble)
        with raw(directory) as unlucky:
            assert unlucky.recv(1) == b""
    target.ask("setattr(Overview, 'overview', kept)")
    assert first.say("stat").startswith("Target overview\n")
    assert connect(target, again=True).say("stat").startswith("Target overview\n")
    status, _, errors = target.finish()
    assert (status, errors) == (0, "")


def test_a_program_that_closes_every_descriptor_goes_on(start, connect):
    """As one does that becomes a daemon: it is no target any more, and its output has nothing of ours."""
    target = start("import os, time, warnings\nwarnings.simplefilter('ignore')  # 3.12 and later count the thread that is left\nimport guppy.heapy.RM\n")
    connect(target).say("int")
    assert target.ask("os.closerange(3, 256)") == "None"
    assert target.ask("time.sleep(0.2) or os.fork() or os._exit(0)") != "0"
    target.ask("os.wait()")
    status, _, errors = target.finish()
    assert (status, errors) == (0, "")


# What gevent, eventlet and mocks do to a process.  Here what replaces still works, and tells of threads that run it.
PATCHED = """
import _thread, select, socket, sys, time
own, main, ran = _thread.get_ident, _thread.get_ident(), []
def telling(original):
    def patched(*arguments, **named):
        importing = "importlib" in sys._getframe(1).f_code.co_filename  # from 3.12 on that takes whatever is there
        if own() != main and not importing: ran.append(original.__name__)
        return original(*arguments, **named)
    return patched
for module, names in (
    (select, "poll"), (time, "sleep monotonic perf_counter thread_time time"), (_thread, "RLock"),
):
    for name in names.split():
        setattr(module, name, telling(getattr(module, name)))
class Patched(socket.socket):
    for name in "accept recv send sendall shutdown close setblocking getsockopt".split():
        locals()[name] = telling(getattr(socket.socket, name))
socket.socket = Patched
"""


ENABLE = "import guppy.heapy.RM\n"


@pytest.mark.parametrize("patch", [ENABLE + PATCHED, PATCHED + ENABLE, PATCHED + "del select.poll\n" + ENABLE], ids=["after", "before", "without"])
def test_no_function_runs_that_stands_in_place_of_the_interpreters(start, connect, patch):
    target = start(patch)
    for again in (False, True):
        dialog = connect(target, again=again)
        assert dialog.say("int").startswith("Remote interactive console")
        assert dialog.say("1 + 1") == "2\n"
        assert dialog.hub.ask(dialog.peer, "stat", 30)["dump"].startswith(".loader:")
    assert target.ask("ran") == "[]"
    target.ask("__import__('guppy.heapy.Remote').heapy.Remote.off()")
    status, _, errors = target.finish()
    assert (status, errors) == (0, "")

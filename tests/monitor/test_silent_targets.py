"""Processes that do not answer: whoever waits for one is told so, once, and goes on with something else."""

import os
import signal

import pytest
from monitor_support import PATIENCE, connect, directory, hub, start, terminal  # noqa: F401

from guppy.monitor.Client import Silent

CODE = "import time\nimport guppy.heapy.RM\n"
SILENT = "does not answer: stopped, or in C code"


@pytest.fixture
def console(start, terminal):
    """A target, and a terminal at its `>>> `."""
    target = start(CODE)
    m = terminal("-m", "guppy", "monitor", "--pid", str(target.pid))
    m.expect("<Annex> ")
    m.say("int", ">>> ")
    return target, m


def test_the_console_tells_of_a_process_that_is_stopped(console, start):
    target, m = console
    other = start(CODE)
    m.expect("*** Connection 2 opened ***")
    m.expect(">>> ")
    os.kill(target.pid, signal.SIGSTOP)
    m.send("6 * 7\r")
    m.expect("6 * 7\r\n*** Process %d %s.  Ctrl-C returns ***\r\n" % (target.pid, SILENT))
    m.send("\x03")
    m.expect("<Monitor> ")
    m.say("sc 2", "<Annex> ")
    assert "target.pid             = %d\n" % other.pid in m.say("stat", "<Annex> ")
    m.say(".")
    os.kill(target.pid, signal.SIGCONT)
    assert "42\n" in m.say("sc 1", ">>> ")
    assert m.shown.count(SILENT) == 1


def test_the_console_tells_of_c_code_that_keeps_the_interpreter(console):
    target, m = console
    m.send("sum(iter(int, 1))\r")
    m.expect(SILENT)
    m.send("\x03")
    m.expect("<Monitor> ")
    m.send("q\r")
    m.end()


def test_a_statement_that_only_takes_long_is_waited_for(console):
    """And so is one that a process begins with what it was sent while it was stopped."""
    target, m = console
    m.say("import time", ">>> ")
    assert m.say("time.sleep(6)", ">>> ") == ""
    assert SILENT not in m.shown


def test_watch_tells_of_it_and_ends_at_enter(start, terminal):
    target = start(CODE)
    m = terminal("-m", "guppy", "monitor", "--pid", str(target.pid))
    m.expect("<Annex> ")
    m.send("watch 0.1\r")
    m.expect("Press Enter to end.")
    os.kill(target.pid, signal.SIGSTOP)
    m.expect("*** Process %d %s." % (target.pid, SILENT))
    start(CODE)  # of which one is told afterwards
    os.kill(target.pid, signal.SIGCONT)
    m.expect("Press Enter to end.")
    os.kill(target.pid, signal.SIGSTOP)
    m.send("\r")
    m.expect("<Annex> ")
    m.expect("*** Connection 2 opened ***")
    m.expect("<Annex> ")
    os.kill(target.pid, signal.SIGCONT)
    assert "target.pid             = %d\n" % target.pid in m.say("stat", "<Annex> ")


def test_what_comes_too_late_is_not_kept(start, connect):
    target = start(CODE)
    dialog = connect(target)
    os.kill(target.pid, signal.SIGSTOP)
    for _ in range(3):
        with pytest.raises(Silent):
            dialog.hub.ask(dialog.peer, "stat", 0.1)
    os.kill(target.pid, signal.SIGCONT)
    assert "dump" in dialog.hub.ask(dialog.peer, "stat", PATIENCE)
    assert not dialog.answers and not dialog.unwanted


def test_a_number_that_is_none_is_named(start, terminal):
    start(CODE)
    m = terminal()
    m.expect("opened ***")
    m.expect("<Monitor> ")
    assert "No connection 12345678901234567890: lc lists" in m.say("sc 12345678901234567890")

"""`top` on a screen, in a terminal emulator, and its model (item 9)."""

import os
import re
import signal
import time
from types import SimpleNamespace

import pexpect
import pyte
import pytest
from monitor_support import PATIENCE, connect, directory, hub, start, terminal  # noqa: F401

from guppy.monitor.Samples import History, Sample, short
from guppy.monitor.TopModel import TopModel, sparkline

GROWING = """
class Leak:
    __slots__ = ("x",)
keep = [Leak() for i in range(30000)]
holder = {"the list": keep}
import guppy.heapy.RM
"""


class Screen:
    """`top` in a terminal that is emulated."""

    def __init__(self, terminal, *arguments, rows=24, columns=80, **options):
        options["env"] = {"TERM": "linux", **options.get("env", {})}  # what is emulated: an xterm scrolls in more ways
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.terminal = terminal("-m", "guppy", "top", *arguments, dimensions=(rows, columns), **options)

    def text(self):
        return "\n".join(row.rstrip() for row in self.screen.display)

    def wait(self, condition, what):
        """Wait until condition(text of the screen)."""
        until = time.monotonic() + PATIENCE
        while True:
            text = self.text()
            found = condition(text)
            if found:
                return found
            assert time.monotonic() < until, "no %s on\n%s" % (what, text)
            try:
                self.stream.feed(self.terminal.child.read_nonblocking(1 << 16, timeout=0.1))
            except pexpect.TIMEOUT:
                pass

    def see(self, pattern):
        return self.wait(lambda text: re.search(pattern, text, re.M), pattern)

    def send(self, keys):
        self.terminal.child.send(keys)

    def first_kind(self):
        return self.text().splitlines()[4].split()[-1]

    def end(self):
        self.send("q")
        return self.terminal.end()


@pytest.fixture
def top(start, terminal):
    def begin(*arguments, **options):
        target = start(GROWING)
        return target, Screen(terminal, str(target.pid), "--interval", "0.2", *arguments, **options)

    return begin


def test_the_screen(top):
    target, s = top()
    s.see(r"RSS +\d+\.\dM  heap \d+\.\dM in \d+ objects")
    assert s.text().startswith("PID %d  %s " % (target.pid, os.path.basename(target.path)))
    s.see(r"__main__\.Leak$")
    assert all(len(row) <= 80 for row in s.text().splitlines()) and len(s.text().splitlines()) == 24
    assert re.search(r"every [\d.]+ s$", s.text().splitlines()[0])  # the interval in force
    assert s.end() == 0


def test_keys(top):
    target, s = top()
    s.see(r"__main__\.Leak$")
    target.ask("keep.extend([Leak() for i in range(20000)])")
    s.send("g")
    s.wait(lambda text: "Leak" in text.splitlines()[4] and re.search(r"^ +50000 +\S+ +\+20000 ", text, re.M), "growth first")
    s.send("r")
    s.see(r"^ +50000 +\S+ +0 ")
    s.send("n")
    s.wait(lambda text: (lambda kinds: kinds == sorted(kinds))([row[56:] for row in text.splitlines()[4:20]]), "order of names")
    s.send("c")
    s.wait(lambda text: "Leak" in text.splitlines()[4], "order of counts")
    s.send("m")
    s.see(r"Kind \(module\)")
    s.send("y")
    s.see(r"Kind \(class\)")
    s.see(r"__main__\.Leak$")
    s.send("/Leak\r")
    s.wait(lambda text: "Filter: Leak" in text and len([r for r in text.splitlines()[4:23] if r]) == 1, "one row")
    s.send("\r")
    s.see(r"What refers to __main__\.Leak:")
    s.see(r"^ +1 +\S+ +list$")
    s.send("\x1b")
    s.see(r"Kind \(class\)")
    s.send(" ")
    s.see(r"paused$")
    s.send(" ")
    s.see(r"every ")
    s.send("+" * 6)
    s.see(r"every 30 s")
    assert s.end() == 0


def test_other_kinds_and_back_keep_the_growth_since_the_start(top):
    target, s = top()
    s.see(r"__main__\.Leak$")
    target.ask("keep.extend([Leak() for i in range(20000)])")
    s.see(r"^ +50000 +\S+ +\+20000 .*Leak$")
    s.send("y")
    s.see(r"Kind \(class\)")
    s.see(r"^ +50000 .*Leak$")
    assert re.search(r"\+\d+.* since the start", s.text().splitlines()[1])
    s.send("t")
    s.see(r"^ +50000 +\S+ +\+20000 .*Leak$")
    s.send("r")
    s.see(r"^ +50000 +\S+ +0 .*Leak$")
    assert s.end() == 0


def test_a_filter_has_any_letters(start, terminal):
    target = start("class Ä日本: pass\nkept = [Ä日本() for i in range(20000)]\nimport guppy.heapy.RM\n")
    s = Screen(terminal, str(target.pid), "--interval", "0.2", env={"LC_ALL": "C.UTF-8"})
    s.see("Kind")
    s.send("/ä日x\x7f\r")
    s.wait(lambda text: "Filter: ä日" in text and len([r for r in text.splitlines()[4:23] if r]) == 1, "one row")
    assert s.end() == 0


def test_a_process_that_does_not_answer_is_told_of(top):
    target, s = top()
    s.see(r"__main__\.Leak$")
    os.kill(target.pid, signal.SIGSTOP)
    s.see(r"^The process does not answer: stopped, or in C code\.$")
    os.kill(target.pid, signal.SIGCONT)
    s.wait(lambda text: "does not answer" not in text, "answer")
    assert s.end() == 0


def test_choosing_a_process(start, terminal):
    start(GROWING, ["one"])
    two = start(GROWING, ["two"])
    s = Screen(terminal)
    s.see("Which process")
    s.see("one$")
    s.see("two$")
    s.send("\x1b[B\r")
    s.see("^PID %d  target1.py two " % two.pid)
    assert s.end() == 0


def test_resizing_and_small_screens(top):
    _, s = top(rows=5, columns=20)
    s.see("Too small")
    s.terminal.child.setwinsize(30, 100)
    s.screen.resize(30, 100)
    s.see(r"__main__\.Leak$")
    assert s.end() == 0


@pytest.mark.parametrize("term, locale", [("vt100", "C.UTF-8"), ("xterm", "C"), ("xterm-256color", "C.UTF-8")])
def test_black_and_white_and_ascii(top, term, locale):
    _, s = top(env={"TERM": term, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"})
    s.see(r"__main__\.Leak")
    assert s.end() == 0


@pytest.mark.parametrize("term", ["nosuch", "dumb"])
def test_a_terminal_that_has_no_cursor(top, term):
    _, s = top(env={"TERM": term})
    assert s.terminal.end() == 1
    assert "--once" in s.terminal.shown and "Traceback" not in s.terminal.shown and s.terminal.shown.count("\n") == 1


def test_the_process_ends(top):
    target, s = top()
    s.see(r"__main__\.Leak$")
    target.kill()
    assert s.terminal.end() == 3
    assert "has ended" in s.terminal.shown


def test_the_terminal_is_as_it_was(start, terminal):
    target = start(GROWING)
    code = "import termios, subprocess, sys; a = termios.tcgetattr(0); subprocess.run([sys.executable, '-m', 'guppy', 'top', '%d']); print('same', a == termios.tcgetattr(0))"
    t = terminal("-c", code % target.pid)
    t.expect("Kind")
    t.send("q")
    t.end()
    assert "same True" in t.shown


# ---- the model ----


def answer(**kinds):
    rows = "".join(".r: %d %d %s\n" % (count, size, kind) for kind, (count, size) in sorted(kinds.items(), key=lambda kv: -kv[1][1]))
    head = ".loader: _load_stat\n.format: SetFormat\n.timemade: 1.000000\n.count: %d\n.size: %d\n.kindname: \n.kindheader: Kind\n.numrows: %d\n" % (
        sum(c for c, _ in kinds.values()), sum(s for _, s in kinds.values()), len(kinds),
    )  # fmt: skip
    return {"dump": head + rows + ".end: .loader: _load_stat\n", "rss": 5, "seconds": 0.1, "pause": 2.4}


def test_rows_and_their_growth():
    history = History()
    for kinds in ({"a": (1, 10), "b": (5, 50)}, {"a": (2, 20), "b": (5, 50)}, {"a": (4, 90), "c": (1, 1)}):
        history.add(Sample(answer(**kinds)))
    rows = {row.kind: row for row in history.rows()}
    assert (rows["a"].count_since_start, rows["a"].size_since_start, rows["a"].count_since_last, rows["a"].size_since_last) == (3, 80, 2, 70)
    assert (rows["b"].count, rows["b"].size_since_start) == (0, -50) and rows["c"].count_since_start == 1
    assert [row.kind for row in history.rows("size")] == ["a", "c", "b"] == [row.kind for row in history.rows("count")]
    assert [row.kind for row in history.rows("growth")] == ["a", "c", "b"] and [row.kind for row in history.rows("name")] == ["a", "b", "c"]
    assert [row.kind for row in history.rows(wanted="A")] == ["a"] and history.course == [60, 70, 91]
    history.set_reference()
    assert all(row.size_since_start == 0 for row in history.rows())


def test_the_interval_in_force():
    model = TopModel(SimpleNamespace(pid=5, argv=["x"]), 0.5, "Clodo")
    assert model.real_interval == 0.5
    model.take(answer(a=(1, 1)), time.monotonic())
    assert model.real_interval == 2.5 and model.next_time > time.monotonic() + 1.5
    lines, _ = model.lines(10, 80)
    assert lines[0].endswith("every 2.5 s") and len(lines) == 10


def test_numbers_and_courses():
    assert [short(v) for v in (0, 99999, 100000, 1234567, 99960000, 123456789012)] == ["0", "99999", "100K", "1.2M", "100M", "123G"]
    assert [short(v, True) for v in (0, 5, -5, 1 << 40)] == ["0", "+5", "-5", "+1.1T"]
    assert sparkline([1, 2, 3, 4], 3, "abc") == "abc" and sparkline([5, 5], 9, "abc") == "aa" and sparkline([], 5) == ""



def test_a_terminal_that_hangs_up_ends_it_also_where_the_signal_is_ignored(top):  # as under nohup
    target, screen = top(ignore_sighup=True)
    screen.see("scgn sort")
    child = screen.terminal.child
    child.ptyproc.fileobj.close()
    until = time.monotonic() + PATIENCE
    while not os.waitpid(child.pid, os.WNOHANG)[0]:
        assert time.monotonic() < until, "it still runs"
        time.sleep(0.05)
    child.ptyproc.terminated = True

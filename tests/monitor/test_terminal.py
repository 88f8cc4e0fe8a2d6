"""The monitor in a real pseudo-terminal (M-30 to M-43, M-87)."""

import itertools
import os
import re
import signal
import subprocess
import sys
import time

import pyte
import pytest
from monitor_support import PATIENCE, connect, directory, hub, plain, start, terminal, wait_until  # noqa: F401

KEEPING = """
class Leak: pass
keep = [Leak(), Leak()]
import time
import guppy.heapy.RM
"""


@pytest.fixture
def monitor(start, terminal):
    """A target and a monitor that shows it."""

    def begin(*arguments, code=KEEPING, **options):
        target = start(code, arguments)
        shown = terminal(**options)
        shown.expect("*** Connection 1 opened ***\r\n")
        shown.expect("<Monitor> ")
        return target, shown

    return begin


def test_the_session_of_the_specification(monitor):  # M-30 to M-43, M-50 to M-60: spec 1.6
    target, m = monitor("argA")
    assert plain(m.shown) == "<Monitor> \n*** Connection 1 opened ***\n<Monitor> "
    assert plain(m.say("lc")).replace("%d" % target.pid, "PID") == "CID PID%s ARGV\n  1 PID [%r, 'argA']\n" % (
        " " * (len(str(target.pid)) - 3), target.path,
    )  # fmt: skip
    assert m.say("sc 1", "<Annex> ") == "Remote connection 1. To return to Monitor, type <Ctrl-C> or .<RETURN>\n"
    assert m.say("int", ">>> ") == "Remote interactive console. To return to Annex, type '-'.\n"
    table = m.say("h.heap()&h.Type(int)", ">>> ")
    assert re.fullmatch(
        r"Partition of a set of (\d+) objects. Total size = (\d+) bytes.\n"
        r" Index  Count   %     Size   % Cumulative  % Kind \(class / dict of class\)\n"
        r"     0 +\1 100 +\2 100 +\2 100 int\n",
        table,
    )
    answer = m.say('target.sys.modules["__main__"].keep[:2]', ">>> ")
    assert re.sub("0x[0-9a-f]+", "0x", answer) == "[<__main__.Leak object at 0x>, <__main__.Leak object at 0x>]\n"
    assert m.say("1/0", ">>> ") == 'Traceback (most recent call last):\n  File "<console>", line 1, in <module>\nZeroDivisionError: division by zero\n'
    assert m.say("x=5", ">>> ") == ""
    assert m.say(".") == ""
    assert m.say("sc", ">>> ") == "Remote connection 1. To return to Monitor, type <Ctrl-C> or .<RETURN>\n"
    assert m.say("x", ">>> ") == "5\n"
    m.say("import time", ">>> ")
    m.send('time.sleep(1.5);print("done")\r')
    m.expect('time.sleep(1.5);print("done")\r\n')
    m.child.sendintr()
    assert m.expect("<Monitor> ") == "^CKeyboardInterrupt\r\nUse the ki command to interrupt a remote process.\r\n"
    assert m.say("ki") == "Sending KeyboardInterrupt to connection 1.\n"
    assert m.say("sc 1", ">>> ") == (
        "Remote connection 1. To return to Monitor, type <Ctrl-C> or .<RETURN>\n"
        'Traceback (most recent call last):\n  File "<console>", line 1, in <module>\nKeyboardInterrupt\n'
    )
    assert m.say("-", "<Annex> ") == "\nnow exiting Console...\n"
    assert m.say("close") == "\n*** Connection 1 closed ***\n"
    m.send("q\r")
    assert m.end() == 0
    assert target.ask("1 + 1") == "2"


def test_commands(monitor):  # M-33, M-34, M-35, M-37, M-42
    _, m = monitor()
    listing = m.say("help")
    assert m.say("h") == m.say("?") == listing
    assert listing.startswith("Documented commands (type help <topic>):\n========================================\n")
    assert m.say("help lc").startswith("lc\n") and m.say("help nosuch") == "*** No help on nosuch\n"
    assert m.say("bogus") == "*** Unknown syntax: bogus\n" + listing
    assert m.say("") == ""
    for line in ("sc 7", "sc -1", "sc x", "ki 99999999999999999999", "sc 1 2", "lc 5", "ki 0"):
        answer = m.say(line)
        assert answer.startswith("*** ") and answer.count("\n") == 1 and "Traceback" not in answer, line
    assert m.say("sc", "<Annex> ").startswith("Remote connection 1.")  # the only one
    assert m.say(".sc 7", "<Annex> ").startswith("*** No connection 7")  # M-42: stays where it was
    assert m.say(".lc", "<Annex> ").startswith("CID ")  # M-41
    assert m.say("", "<Annex> ") == "" and m.say("stat", "<Annex> ").startswith("Target overview")
    m.say(".")
    assert m.say("int", ">>> ") == "Local interactive console. To return to Monitor, type '-'.\n"
    assert m.say("monitor is not None, server is not None, 'hub' in dir()", ">>> ") == "(True, True, True)\n"
    assert m.say("_[0]", ">>> ") == "True\n" and "ZeroDivisionError" in m.say("1/0", ">>> ")
    assert m.say("-") == "\nnow exiting Console...\n"


def test_exit_ends_the_process(directory, terminal):  # M-39
    m = terminal("-c", "from guppy import hpy; hpy().monitor(); print('the rest')")
    m.expect("<Monitor> ")
    m.send("exit\r")
    assert m.end() == 0 and "the rest" not in m.shown


def test_q_goes_on(directory, terminal):  # M-38
    m = terminal("-c", "from guppy import hpy; hpy().monitor(); print('the rest'); raise SystemExit(4)")
    m.expect("<Monitor> ")
    m.send("q\r")
    assert m.end() == 4 and "the rest" in m.shown


def test_end_of_input(directory, terminal):
    m = terminal("-c", "from guppy import hpy; hpy().monitor(); print('the rest')")
    m.expect("<Monitor> ")
    m.child.sendeof()
    assert m.end() == 0
    assert plain(m.shown).endswith("*** End Of File - Exiting Monitor ***\nthe rest\n")


def test_two_targets_and_their_numbers(start, terminal):  # M-32, M-41
    one = start(KEEPING, ["one"])
    m = terminal()
    m.expect("*** Connection 1 opened ***")
    two = start(KEEPING, ["two"])
    m.expect("*** Connection 2 opened ***")
    m.expect("<Monitor> ")
    rows = m.say("lc").splitlines()
    assert [row.split()[0] for row in rows] == ["CID", "1", "2"] and "'one'" in rows[1] and "'two'" in rows[2]
    assert m.say("sc").startswith("*** Which connection?")
    m.say("sc 2", "<Annex> ")
    m.say("int", ">>> ")
    m.say("who = 'two'", ">>> ")
    m.say(".sc 1", "<Annex> ")
    m.say("int", ">>> ")
    assert "NameError" in m.say("who", ">>> ")
    assert m.say(".sc 2", ">>> ").startswith("Remote connection 2")
    assert m.say("who", ">>> ") == "'two'\n"
    m.say(".")
    one.kill()
    m.expect("*** Connection 1 closed ***")
    three = start(KEEPING, ["three"])
    m.expect("*** Connection 3 opened ***")
    two.process.terminate()
    m.expect("*** Connection 2 closed ***")
    three.kill()
    m.expect("*** Connection 3 closed ***")
    m.expect("<Monitor> ")
    assert m.say("lc") == "CID PID ARGV\n"
    start(KEEPING)
    m.expect("*** Connection 1 opened ***")
    m.expect("<Monitor> ")


def test_two_targets_end_in_every_order(start, terminal):  # M-87
    """One is stopped, continued and terminated, the other killed, each before and after the others; then both are back."""
    m = terminal()
    m.expect("<Monitor> ")
    for order in itertools.permutations(("stop", "continue", "terminate", "kill")):
        if order.index("continue") < order.index("stop"):
            continue  # nothing is continued then
        one, two = start(KEEPING), start(KEEPING)
        doings = {
            "stop": lambda: one.process.send_signal(signal.SIGSTOP),
            "continue": lambda: one.process.send_signal(signal.SIGCONT),
            "terminate": one.process.terminate,
            "kill": two.process.kill,
        }
        for number in (1, 2):
            m.expect("*** Connection %d opened ***" % number)
        m.expect("<Monitor> ")
        for what in order:
            doings[what]()
        one.process.send_signal(signal.SIGCONT)  # a stopped process takes no notice of TERM
        closed = [m.child.expect(r"\*\*\* Connection ([12]) closed \*\*\*") or m.child.match[1] for i in range(2)]
        assert sorted(closed) == ["1", "2"], order
        m.expect("<Monitor> ")
        assert m.say("lc") == "CID PID ARGV\n", order
    m.send("q\r")
    assert m.end() == 0


def test_a_notice_leaves_the_line_that_is_being_typed(start, terminal):  # M-31
    m = terminal()
    m.expect("<Monitor> ")
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    m.send("lc  ")
    m.expect("lc  ")
    m.send("\x1b[D\x1b[D")  # the cursor is not at the end
    start(KEEPING)
    m.expect("*** Connection 1 opened ***")
    m.expect("<Monitor> lc  ")
    m.send("\x7f\x7fhelp\r")
    m.expect("Documented commands")
    stream.feed(m.shown)
    rows = [row.rstrip() for row in screen.display if row.strip()]
    assert rows[:3] == ["<Monitor> lc", "*** Connection 1 opened ***", "<Monitor> help"]


def test_editing_and_history(monitor):
    _, m = monitor()
    m.send("cl\x01l\x05\x7f\r")  # at the beginning, at the end, and back: "lcl" without its last
    m.expect("CID")
    m.expect("<Monitor> ")
    m.send("\x1b[A\r")  # the line before
    m.expect("CID")
    m.expect("<Monitor> ")
    m.send("nonsense\x15h\t")  # cut, and completed
    m.expect("h")
    m.send("elp lc\r")
    m.expect("lc\r\n")
    m.expect("<Monitor> ")


def test_completion(monitor):  # item 4
    _, m = monitor()
    m.send("he\t lc\r")
    m.expect("List the connections")
    m.expect("<Monitor> ")
    m.send("sc \t\r")
    m.expect("Remote connection 1")
    m.expect("<Annex> ")
    m.send("sta\t\r")
    m.expect("Target overview")
    m.expect("<Annex> ")
    m.say("int", ">>> ")
    m.send("target.sys.byteor\t\r")
    m.expect("'%s'" % sys.byteorder)
    m.expect(">>> ")
    m.send("hp.hea\t\t")
    m.expect("hp.heap ")
    m.child.sendintr()
    m.expect("<Monitor> ")


def test_dotted_lines_while_a_statement_runs(monitor):  # M-41
    _, m = monitor()
    m.say("sc 1", "<Annex> ")
    m.say("int", ">>> ")
    m.send("exec('while True: sum([])')\r")
    m.expect("\r\n")
    m.send(".\r")
    m.expect("<Monitor> ")
    assert m.say("ki") == "Sending KeyboardInterrupt to connection 1.\n"
    m.say("sc", "KeyboardInterrupt\r\n")
    m.expect(">>> ")
    m.say("input('name? ')", "name? ")
    m.send("Ada\r")
    m.expect("'Ada'\r\n")


def test_control_characters_are_shown_escaped(monitor, terminal):  # item 4
    _, m = monitor()
    m.say("sc 1", "<Annex> ")
    m.say("int", ">>> ")
    line = "print('a\\x1b[2Jb\\x07\\tc\\x9b')"
    assert m.say(line, ">>> ") == "a\\x1b[2Jb\\x07\tc\\x9b\n"
    raw = terminal("-m", "guppy", "monitor", "--raw")
    raw.expect("opened")
    raw.expect("<Monitor> ")
    raw.say("sc 1", "<Annex> ")
    raw.say("int", ">>> ")
    assert "a\x1b[2Jb\x07" in raw.say(line, ">>> ")


FLOOD = KEEPING + """
import os
def flood(go, done):
    while not os.path.exists(go): time.sleep(0.01)
    for i in range(400): print(str(i).rjust(9, ".") * 1000)
    open(done, "w").close()
"""


def test_output_while_the_operator_is_elsewhere(monitor):  # 1 MB is kept
    target, m = monitor(code=FLOOD)
    go, done = (os.path.join(os.path.dirname(target.path), name) for name in ("go", "done"))
    m.say("sc 1", "<Annex> ")
    m.say("int", ">>> ")
    m.say("flood = target.sys.modules['__main__'].flood", ">>> ")
    m.send("for i in range(1): flood(%r, %r)\r" % (go, done))
    m.expect("... ")
    m.say(".")
    m.say(".sc", "... ")
    m.send("\r")
    m.expect("\r\n")
    m.child.sendintr()
    m.expect("<Monitor> ")
    open(go, "w").close()
    wait_until(lambda: os.path.exists(done), "the end of the output")
    m.send("sc\r")
    m.expect("Remote connection 1")
    m.expect("characters left out")
    m.expect(">>> ")


def test_a_stopped_target_stops_nothing_else(start, terminal):
    stopped = start(KEEPING, ["stopped"])
    m = terminal()
    m.expect("*** Connection 1 opened ***")
    start(KEEPING, ["other"])
    m.expect("*** Connection 2 opened ***")
    m.expect("<Monitor> ")
    os.kill(stopped.pid, signal.SIGSTOP)
    m.say("sc 1", "<Annex> ")
    m.send("stat\r")
    m.expect("stat\r\n")
    m.child.sendintr()  # Ctrl-C returns
    m.expect("<Monitor> ")
    m.say("sc 2", "<Annex> ")
    assert m.say("stat", "<Annex> ").startswith("Target overview")
    m.say(".")
    os.kill(stopped.pid, signal.SIGCONT)
    assert "Target overview" in m.say("sc 1", "<Annex> ")


def test_a_monitor_that_is_killed_while_a_target_prints(start, terminal):  # M-87, M-86
    target = start(KEEPING)
    m = terminal()
    m.expect("opened")
    m.expect("<Monitor> ")
    m.say("sc 1", "<Annex> ")
    m.say("int", ">>> ")
    m.send("while True: print('printing')\r")
    m.expect("... ")
    m.send("\r")
    m.expect("printing\r\nprinting")
    m.child.kill(signal.SIGKILL)
    wait_until(lambda: len(os.listdir("/proc/%d/task" % target.pid)) == 2, "end of the statement")
    again = terminal()
    again.expect("*** Connection 1 opened ***")
    again.expect("<Monitor> ")
    again.say("sc 1", "<Annex> ")
    assert again.say("stat", "<Annex> ").startswith("Target overview")
    assert target.finish()[2] == ""


def test_watch_draws_again_and_again_until_enter(monitor):  # item 7
    target, m = monitor()
    m.say("sc 1", "<Annex> ")
    m.send("watch 0.2\r")
    m.expect("Press Enter to end.")
    target.tell("more = [bytes(1000) for i in range(3000)]")
    target.read()
    wait_until(lambda: "bytes" in m.expect("Press Enter to end.") and re.search(r"\+3\.\dM", m.shown), "growth")
    m.send("\r")
    m.expect("<Annex> ")
    screen = pyte.Screen(80, 40)
    pyte.Stream(screen).feed(m.shown)
    rows = [row.rstrip() for row in screen.display]
    assert sum("Press Enter" in row for row in rows) == 1 and sum("Kind" in row for row in rows) == 1
    assert any(re.search(r"\+3\.\dM bytes", row) for row in rows)
    for line in ("watch 0", "watch -1", "watch x"):
        answer = m.say(line, "<Annex> ")
        assert answer.startswith("*** watch takes a number of seconds") and answer.count("\n") == 1


@pytest.mark.parametrize("rows, columns", [(5, 20), (8, 30), (24, 80)])
def test_watch_stays_in_a_small_terminal(start, terminal, rows, columns):  # item 7, and names that take two columns a character
    start("kinds = [type('日本語' * 20 + str(i), (), {}) for i in range(9)]\nkeep = [k() for k in kinds for i in range(9000)]\n" + KEEPING)
    m = terminal(dimensions=(rows, columns))
    m.expect("*** Connection 1 opened ***")
    m.send("sc 1\r")
    m.expect("<Annex> ")
    m.send("watch 0.1\r")
    screen = pyte.Screen(columns, rows)
    stream = pyte.Stream(screen)
    fed = 0
    for i in range(4):
        m.expect("Press Enter")
        stream.feed(m.shown[fed:])
        fed = len(m.shown)
        shown = [row.rstrip() for row in screen.display]
        assert sum("Press Enter" in row for row in shown) == 1 and sum(row.startswith("PID ") for row in shown) == 1, shown
    m.send("\r")
    m.expect("<Annex> ")


def test_dump_appends_to_a_profile(monitor, tmp_path, hp):  # item 7
    _, m = monitor(cwd=str(tmp_path))
    m.say("sc 1", "<Annex> ")
    for i in range(2):
        assert re.fullmatch(r"Appended \d+ objects, \d+ bytes to run\.hpy\.\n", m.say("dump run.hpy", "<Annex> "))
    assert [stat.count > 1000 for stat in hp.loadall(str(tmp_path / "run.hpy"))] == [True, True]
    for line in ("dump", "dump /", "dump no/such/folder/file", "dump /dev/full"):
        answer = m.say(line, "<Annex> ")
        assert answer.startswith("*** ") and answer.count("\n") == 1, line


def test_a_snapshot_becomes_a_file_of_the_monitor(monitor, tmp_path):  # item 7
    target, m = monitor(cwd=str(tmp_path))
    m.say("sc 1", "<Annex> ")
    size = int(re.fullmatch(r"Wrote (\d+) bytes to heap\.heapy\.\n", m.say("snapshot heap.heapy", "<Annex> "))[1])
    data = (tmp_path / "heap.heapy").read_bytes()
    assert len(data) == size and data[:10] == data[-18:-8] == b"\x89HEAPY\r\n\x1a\n"
    for line in ("snapshot", "snapshot /", "snapshot no/such/folder/file", "snapshot /dev/full"):
        answer = m.say(line, "<Annex> ")
        assert answer.startswith("*** ") and answer.count("\n") == 1, line
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".tmp")]


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_without_readline_and_without_a_cursor(monitor, term):  # M-30
    _, m = monitor(env={"TERM": term})
    assert m.say("lc").startswith("CID ")
    m.send("q\r")
    assert m.end() == 0


def test_without_a_terminal(start, directory):  # M-30: prompts come all the same
    start(KEEPING)
    result = subprocess.run([sys.executable, "-c", "from guppy import hpy; hpy().monitor(); print('after')"], input="lc\nsc 1\nint\n6*7\n.\nq\n",
                            capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
    assert result.returncode == 0 and result.stderr == ""
    assert result.stdout.startswith("<Monitor> \n*** Connection 1 opened ***\n<Monitor> CID ")
    assert result.stdout.endswith("<Annex> Remote interactive console. To return to Annex, type '-'.\n>>> 42\n>>> <Monitor> after\n")


def test_input_is_read_no_further_than_the_monitor_goes(directory):
    code = "from guppy import hpy; hpy().monitor(); import sys; print(sys.stdin.read())"
    result = subprocess.run([sys.executable, "-c", code], input="q\nfor the program\n", capture_output=True, text=True, timeout=PATIENCE)
    assert result.stdout == "<Monitor> for the program\n\n"


def test_the_terminal_is_as_it_was(directory, terminal):
    m = terminal("-c", "import termios; a = termios.tcgetattr(0); from guppy import hpy; hpy().monitor(); print(termios.tcgetattr(0) == a)")
    m.expect("<Monitor> ")
    m.child.sendintr()
    m.expect("<Monitor> ")
    m.send("q\r")
    m.end()
    assert "True" in m.shown


def test_the_process_itself_is_switched_off_first(directory, terminal):  # M-30
    m = terminal("-c", "import guppy.heapy.RM; from guppy import hpy; hpy().monitor()")
    m.expect("<Monitor> ")
    assert m.say("lc") == "CID PID ARGV\n"


def test_several_monitors_at_once(start, terminal):  # M-11, item 1
    start(KEEPING)
    monitors = [terminal(), terminal(), terminal()]
    for m in monitors:
        m.expect("*** Connection 1 opened ***")
        m.expect("<Monitor> ")
    for i, m in enumerate(monitors):
        m.say("sc 1", "<Annex> ")
        m.say("int", ">>> ")
        m.say("mine = %d" % i, ">>> ")
    assert [m.say("mine", ">>> ") for m in monitors] == ["0\n", "1\n", "2\n"]
    monitors[0].say("-", "<Annex> ")
    monitors[0].say("close")
    for m in monitors[1:]:
        m.expect("*** Connection 1 closed ***")



@pytest.mark.parametrize("lines", [["sc 1", "int"], ["int"]])
def test_tab_indents_a_line_of_python(monitor, lines):  # as at Python's own prompt
    _, m = monitor()
    for line, prompt in zip(lines, ["<Annex> ", ">>> "][-len(lines) :]):
        m.say(line, prompt)
    m.say("if 1:", "... ")
    m.send("\tprint(2 * 3)\r")
    m.expect("... ")
    m.send("\r")
    assert plain(m.expect(">>> ")).endswith("\n6\n")
    m.say("if 1:", "... ")
    m.send("\t\tx = 7\x01\x1b[C\x7f\r")  # Home, Right, Backspace: one of the two tabs is taken away
    m.expect("... ")
    m.send("\r")
    m.expect(">>> ")
    assert m.say("x", ">>> ") == "7\n"

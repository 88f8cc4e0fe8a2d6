"""The console in the target is ours to run, not the process's (item 5; M-50 to M-60, M-82)."""

import os
import sys

import pytest
from monitor_support import connect, directory, hub, start, terminal, wait_until  # noqa: F401

PROGRAM = """
import builtins, sys, threading, warnings
builtins._ = lambda text: "translated " + text
sys.ps1 = "program's "
def hook(*ignored): sys.__stdout__.write("the program's hook\\n")
sys.displayhook = sys.excepthook = hook
def says(text): print(text)
def says_to_stderr(text): print(text, file=sys.stderr)
def fails(): raise KeyError("of the program")
class Stream:
    def __init__(self): self.parts = []
    def write(self, text): self.parts.append(text); return len(text)
    def flush(self): pass
    def own(self): return "own method"
import guppy.heapy.RM
"""


@pytest.fixture
def target(start):
    return start(PROGRAM)


@pytest.fixture
def console(target, connect):
    dialog = connect(target)
    assert dialog.say("int") == "Remote interactive console. To return to Annex, type '-'.\n"
    dialog.say("import sys; main = sys.modules['__main__']")
    return dialog


def kind(dialog):
    return dialog.peer.prompt["kind"]


def test_the_names_it_begins_with(target, connect):  # M-58
    dialog = connect(target)
    dialog.say("int")
    assert dialog.say("dir()") == "['__builtins__', 'h', 'hp', 'hpy', 'target']\n"
    assert dialog.say("hp is h, hp.Type") == "(True, hp.Type)\n"
    assert dialog.say("target.pid") == "%d\n" % target.pid
    assert dialog.say("target.sys is __import__('sys'), target.wd == __import__('os').getcwd()") == "(True, True)\n"
    assert dialog.say("isinstance(hpy(), type(hp)), hp.View.target.pid == target.pid") == "(True, True)\n"
    assert dialog.say("target.sys.modules['__main__'].says.__name__") == "'says'\n"  # M-59


SLOW = """
import sys, threading, time
class Slow:
    def write(self, text):
        if threading.current_thread() is threading.main_thread():
            return out.write(text)
        time.sleep(0.3)
        written.append(text)
    def flush(self): out.flush()
out, written, threads = sys.stdout, [], []
def begin():
    threads.append(threading.Thread(target=print, args=("one", "two")))
    threads[-1].start()
sys.stdout = slow = Slow()
import guppy.heapy.RM
"""


def test_a_print_that_goes_on_when_the_statement_ends(start, connect):  # M-82
    """CPython before 3.13.3 does not hold the stream that print() uses, so none of ours may be freed."""
    target = start(SLOW)
    dialog = connect(target)
    dialog.say("int")
    for again in (False, True):
        dialog.say("target.sys.modules['__main__'].begin()")
        dialog.say("[i for i in range(1000)] and None")
    target.ask("[thread.join() for thread in threads]")
    assert sorted(eval(target.ask("written"))) == sorted(["one", " ", "two", "\n"] * 2)
    assert target.ask("sys.stdout is slow") == "True"
    # A program that puts its own around what it finds is told of what it covers, and not of itself.
    dialog.say("import sys")
    dialog.say("class Around:")
    dialog.say("    def __init__(self, inner): self.write, self.flush = inner.write, inner.flush")
    dialog.say("")
    dialog.say("sys.stdout = Around(sys.stdout)")
    assert dialog.say("print('mine')") == "mine\n"
    dialog.start("import time; time.sleep(1)")
    for again in (False, True):
        assert target.ask("print('the program')") == "the program" and target.read() == "None"
        if not again:
            dialog.wait()
    dialog.say("sys.stdout = target.sys.modules['__main__'].slow")
    status, _, errors = target.finish()
    assert (status, errors) == (0, "")


def test_the_target_is_the_one_that_stat_shows(start, connect):  # M-51, M-58
    target = start("import os\nimport guppy.heapy.RM\n")
    where = os.path.dirname(target.path)
    target.ask("os.chdir('/')")
    dialog = connect(target)
    assert "target.wd              = %r\n" % where in dialog.say("stat")
    dialog.say("int")
    for again in (False, True):
        assert dialog.say("target.wd") == "%r\n" % where
        dialog.say("-")
        dialog.say("reset")
        dialog.say("int")


@pytest.mark.parametrize("line", ["-", "exit()", "quit()", "exit(5)", "raise SystemExit", "raise SystemExit(3)", "import sys; sys.exit('no')"])
def test_what_leaves_it_and_ends_nothing(target, console, line):  # M-52
    assert console.say(line) == "\nnow exiting Console...\n" and kind(console) == "annex"
    console.say("int")
    assert console.say("main.__name__") == "'__main__'\n"  # M-58: names stay
    assert target.finish()[0] == 0


def test_statements_of_several_lines(console):  # M-52
    assert console.say("for i in range(2):") == "" and kind(console) == "more"
    assert console.say("    i") == "" and console.peer.prompt["text"] == "... "
    assert console.say("") == "0\n1\n" and console.peer.prompt["text"] == ">>> "
    assert console.block("def f(a):", "    a", "    return a") == ""
    assert console.say("f('x')") == "'x'\n"
    assert console.block("class C:", "    1", "    x = 5") == ""
    assert console.block("if True:", "    try:", "        7", "    finally:", "        8") == "7\n8\n"
    assert console.say("(1 +") == "" and console.say("2)") == "3\n"
    assert console.say("'''a") == "" and console.say("b'''") == "'a\\nb'\n"
    assert console.say("# a comment") == "" and kind(console) == "console"
    assert console.say("") == "" and console.say("1;") == "1\n"
    assert console.say("None") == ""
    assert console.say("match 5:") == "" and console.say("    case 5: 'five'") == "" and console.say("") == "'five'\n"


def test_tracebacks(console):  # M-52
    assert console.say("1/0") == 'Traceback (most recent call last):\n  File "<console>", line 1, in <module>\nZeroDivisionError: division by zero\n'
    answer = console.say("main.fails()")
    assert answer.startswith('Traceback (most recent call last):\n  File "<console>", line 1, in <module>\n  File "') and "in fails\n" in answer
    assert answer.endswith("KeyError: 'of the program'\n") and "guppy" not in answer
    assert console.say("x = = 1").replace("    ^\n", "").splitlines()[0] == '  File "<console>", line 1'
    assert "SyntaxError: invalid syntax" in console.say("x = = 1")
    assert console.say("  indented").endswith("IndentationError: unexpected indent\n")
    assert console.say("return").endswith("SyntaxError: 'return' outside function\n")
    answer = console.block("try:", "    1/0", "except Exception as e:", "    raise ValueError('second') from e")
    assert answer.count("Traceback") == 2 and "direct cause" in answer and "guppy" not in answer
    console.block("class R:", "    def __repr__(self): raise TypeError('in repr')")
    answer = console.say("R()")
    assert answer.endswith("in __repr__\nTypeError: in repr\n") and "guppy" not in answer
    console.block("class E(Exception):", "    def __str__(self): raise TypeError('in str')")
    assert "E" in console.say("raise E") and kind(console) == "console"
    assert "RecursionError" in console.block("def deep(): deep()") + console.say("deep()")
    assert console.say("6 * 7") == "42\n"


def test_input_asks_the_operator(console):  # M-52
    assert console.say("input('name? ') + '!'") == "name? " and kind(console) == "input"
    assert console.say("Ada") == "'Ada!'\n"
    assert console.say("sys.stdin.readline()") == "" and console.say("a line") == "'a line\\n'\n"
    assert console.say("input()") == "" and kind(console) == "input"
    console.interrupt()
    console.expect("KeyboardInterrupt")
    wait_until(lambda: console.hub.step(0.1) or kind(console) == "console", "prompt of the console")  # input()'s is still there
    console.output.take()
    assert console.say("1 + 1") == "2\n"


def test_what_is_printed_goes_to_the_connection(target, console):  # M-82
    assert console.say("print('a', 'b')") == "a b\n"
    assert console.say("main.says('from the program')") == "from the program\n"
    assert console.say("main.says_to_stderr('to stderr')") == "to stderr\n"
    assert "UserWarning: careful" in console.say("import warnings; warnings.warn('careful')")
    assert console.say("print('no newline', end='')") == "no newline"
    assert console.say("sys.stdout.buffer.write(b'bytes\\n')") == "bytes\n6\n"
    assert console.say("print('\\ud800', 'ä')") == "\\ud800 ä\n"
    assert "Help on built-in function len" in console.say("help(len)")
    status, out, err = target.finish()
    assert (status, out, err) == (0, "", "")


def test_what_other_threads_print_goes_where_it_always_went(target, console):  # M-82
    console.say("import threading, time; go, done = threading.Event(), threading.Event()")
    console.block("def other():", "    go.wait(); print('from another thread'); print('to stderr', file=sys.stderr)", "    sys.stdout.flush(); done.set()")
    console.say("t = threading.Thread(target=other); t.start()")
    assert console.say("print('before'); go.set(); done.wait(60); print('after')") == "before\nTrue\nafter\n"
    assert target.read() == "from another thread"
    assert target.finish()[2] == "to stderr\n"


def test_the_main_thread_prints_while_a_statement_runs(target, console):  # M-82
    console.say("import threading; main.go = threading.Event()")
    console.start("print('running'); main.go.wait(60); print('ended')")
    console.expect("running")
    assert target.ask("print('the program goes on')") == "the program goes on"
    assert target.read() == "None"
    assert target.ask("sys.stdout.fileno(), sys.stdout.encoding, isinstance(sys.stdout, __import__('io').TextIOWrapper)") == "(1, 'utf-8', True)"
    target.ask("go.set()")
    assert "ended\n" in console.wait()


def test_the_streams_are_what_they_were(target, console):  # M-82
    target.tell("kept = sys.stdin, sys.stdout, sys.stderr")
    target.read()
    console.say("print(1); 1/0")
    assert target.ask("[a is b for a, b in zip(kept, (sys.stdin, sys.stdout, sys.stderr))]") == "[True, True, True]"
    target.tell("own = sys.stdout = Stream()")  # the program's own, from now on
    target.read()
    assert console.say("print('to the connection')") == "to the connection\n"
    assert target.ask("sys.stdout is own, own.parts, sys.stdout.own()") == "(True, [], 'own method')"
    console.say("sys.stderr = main.Stream()")  # put there meanwhile
    assert target.ask("type(sys.stderr).__name__, sys.stderr is kept[2]") == "('Stream', False)"
    target.tell("sys.stdout = None")
    target.read()
    assert console.say("print('still')") == "still\n"
    assert target.ask("sys.stdout") == "None"


def test_two_consoles_print_to_their_own(target, connect):  # item 1
    one, two = connect(target), connect(target, again=True)
    for dialog in (one, two):
        dialog.say("int")
    one.say("import sys, threading; main = sys.modules['__main__']; main.go = threading.Event()")
    one.start("print('one'); main.go.wait(60); print('one again')")
    one.expect("one")
    assert two.say("print('two')") == "two\n"
    two.say("import sys; sys.modules['__main__'].go.set()")
    assert "one again\n" in one.wait()
    assert target.ask("type(sys.stdout).__name__") == "'TextIOWrapper'"


def test_names_of_the_interpreter_stay_the_programs(target, console):  # item 5
    assert console.say("5") == "5\n" and console.say("_ + 1") == "6\n"
    console.say("1/0")
    console.say("input('x')")
    console.say("")
    names = "builtins._('x'), sys.ps1, sys.displayhook is hook, sys.excepthook is hook"
    assert target.ask(names) == "('translated x', \"program's \", True, True)"
    assert target.ask("[hasattr(sys, n) for n in ('last_exc', 'last_type', 'last_value', 'last_traceback', 'ps2')]") == "[False, False, False, False, False]"


def test_interrupting_a_statement(console):  # M-36, M-83
    console.start("exec('print(1)\\nwhile True: sum([])')")
    console.expect("1")
    console.interrupt()
    assert console.wait().endswith("KeyboardInterrupt\n")
    assert console.say("2 + 2") == "4\n"
    for i in range(20):  # one that comes too late or too early does nothing
        console.interrupt()
        console.say("%d" % i)
    assert console.say("'alive'") == "'alive'\n"


def test_the_interrupt_arrives_when_a_call_returns(console):  # M-36: once is enough
    console.start("import time; print('begun'); time.sleep(0.7); time.sleep(10000)")
    console.expect("begun")
    console.interrupt()
    assert "KeyboardInterrupt" in console.wait()


def test_the_program_goes_on_while_a_statement_runs(target, console):  # M-60
    console.start("exec('print(1)\\nwhile True: sum([])')")
    console.expect("1")
    assert target.ask("6 * 7") == "42"
    console.interrupt()
    console.wait()


def test_on_and_off_in_a_console(target, console):  # M-21
    console.say("from guppy.heapy import Remote")
    thread = console.say("Remote.annex_thread")
    assert console.say("Remote.on()") == "" and console.say("Remote.annex_thread") == thread
    console.start("Remote.off()")
    wait_until(lambda: console.hub.step(0.1) or console.is_closed, "end of the connection")
    assert target.ask("__import__('guppy.heapy.Remote').heapy.Remote.annex_thread") == "None"


def test_target_close(target, console):  # M-58
    console.start("target.close()")
    wait_until(lambda: console.hub.step(0.1) or console.is_closed, "end of the connection")
    assert target.ask("1") == "1" and target.finish()[0] == 0


def test_warnings_of_compiling_come_once(console):
    answer = console.say("x = 5 is 5")
    assert answer.count("SyntaxWarning") == 1, answer


def test_future_statements_last(console):
    console.say("from __future__ import annotations")
    console.block("def f(a: nosuch): pass")
    assert console.say("f.__annotations__") == "{'a': 'nosuch'}\n"


def test_completion_evaluates_nothing(console):  # G-25, item 4
    console.block("class P:", "    touched = []", "    @property", "    def expensive(self): self.touched.append(1)", "    def __getattr__(self, name): self.touched.append(2)", "    def __dir__(self): self.touched.append(3); return []")
    console.say("p = P(); p.value = 1")

    def complete(text):
        return console.hub.ask(console.peer, "complete", 60, text=text)["names"]

    assert complete("p.exp") == ["p.expensive"] and complete("x = p.tou") == ["p.touched"]
    assert complete("p.expensive.a") == [] and complete("p.touched.app") == ["p.touched.append"]
    assert complete("main.sa") == ["main.says", "main.says_to_stderr"]
    assert complete("impo") == ["import"] and "hp.heap" in complete("hp.he") and complete("nosuch.x") == []
    assert "sys.stdout.write" in complete("sys.stdout.wri") and complete("sys.modules['x'].y") == []
    assert console.say("p.touched") == "[]\n"


def test_the_annex(target, connect):  # M-50, M-51, M-53, M-55, M-56, M-57
    dialog = connect(target)
    assert dialog.peer.prompt["text"] == "<Annex> "
    assert dialog.say("") == "" and dialog.say("   ") == ""
    lines = dialog.say("stat").splitlines()
    assert lines[0] == "Target overview" and set(lines[1]) == set(lines[-1]) == {"-"}
    assert lines[2:-1] == [
        "target.sys.executable  = %r" % sys.executable,
        "target.sys.argv        = [%r]" % target.path,
        "target.wd              = %r" % str(target.path.rpartition("/")[0]),
        "target.pid             = %d" % target.pid,
    ]
    listing = dialog.say("help")
    for line in ("h", "?"):
        assert dialog.say(line) == listing
    head, rule, names = listing.splitlines()
    assert head == "Documented commands (type help <topic>):" and rule == "=" * len(head)
    assert {"close", "h", "help", "int", "isolatest", "q", "reset", "stat"} <= set(names.split())
    assert dialog.say("help stat").startswith("stat\n") and dialog.say("help nosuch") == "*** No help on nosuch\n"
    assert dialog.say("bogus x") == "*** Unknown syntax: bogus x\n" + listing
    assert dialog.peer.prompt["failed"] and dialog.say("q") and not dialog.peer.prompt["failed"]
    assert "Ctrl-C" in dialog.say("q") and "close" in dialog.say("q")
    dialog.start("close")
    wait_until(lambda: dialog.hub.step(0.1) or dialog.is_closed, "end of the connection")
    assert target.ask("1 + 1") == "2"

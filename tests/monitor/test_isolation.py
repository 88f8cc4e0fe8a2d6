"""Nothing of the monitor shows in the heap of the process it looks at (M-81, M-54, item 6)."""

import re
import sysconfig
import time

import pytest
from monitor_support import PATIENCE, connect, directory, hub, start, terminal, wait_until  # noqa: F401

# After setref() each line of input is answered with the heap.
WATCHED = """
import sys, time
import guppy.heapy.RM
from guppy import hpy
%s
hp = hpy(%s)
def failing():
    raise ValueError("from the program")
str(hp.heap()); str(hp.heapu())
print("ready", flush=True)
read = sys.stdin.readline
hp.setref()
while read():
    print(repr(str(hp.heap())), repr(hp.heapu().count), flush=True)
"""


@pytest.fixture
def watched(start):
    def begin(more="", tag=""):
        target = start(WATCHED % (more, tag), is_driven=False)
        assert target.read() == "ready"
        return target

    return begin


def nothing_shows(target):
    answer = target.ask("")
    assert answer.startswith(repr(str("<Nothing>"))) or "0 objects" in answer, answer
    return answer


# Once there are several threads 3.13t makes functions immortal that are none of a function's; its collector does not know
# them, but their code, with its bytes and tuples.  Two such functions are made here and dropped: a lambda, and what `def`
# makes when the console ends.
IMMORTAL = 2 * 6 if sysconfig.get_config_var("Py_GIL_DISABLED") else 0


def assert_no_more(answer, before, what=""):
    """The heap is as before, and no more counts as garbage.  (Less may: a static type of the interpreter's that nothing but
    C code holds is none once a console uses it.)"""
    heap, garbage = answer.rsplit(" ", 1)
    most = int(before.rsplit(" ", 1)[1]) + IMMORTAL
    assert heap == before.rsplit(" ", 1)[0] and int(garbage) <= most, (what, answer)


def wait_until_no_more(target, before, what=""):
    """Another thread is in the midst of C code when its answer arrives, which may hold what nothing else refers to and
    counts as garbage for that long; a connection ends a little after it was closed."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return assert_no_more(nothing_shows(target), before, what)
        except AssertionError:
            if time.monotonic() > until:
                raise
        time.sleep(0.05)


USE = """x = ['a list', 5.5, {1: 'one'}]
def function(a): return [a, x]

big = [function(i) for i in range(1000)]
1/0
nosuch
x.nosuch
target.sys.modules['__main__'].failing()
(lambda: target.sys.modules['__main__'].failing())()
x = = 1
for i in range(3): i

print(hp.heap())
h = hp.heap(); h[0].byid
hp.setref()
_
print(hp.heap().byid)
raise SystemExit""".split("\n")


def test_questions_leave_the_size_of_objects_as_it_was(start, connect):
    dialog = connect(start("import guppy.heapy.RM\n"))
    looks = [dialog.hub.ask(dialog.peer, "stat", PATIENCE)["dump"].splitlines() for _ in range(6)]
    rows = [[line for line in look if line.startswith(".r:") and "json" in line] for look in looks]
    assert rows[0] and rows == [rows[0]] * 6


@pytest.mark.parametrize("tag", ["", "ht=[]"])
def test_a_console_changes_nothing_in_the_heap(watched, connect, tag):  # H-41, M-59, M-81
    target = watched(tag=tag)
    before = nothing_shows(target)
    dialog = connect(target)
    wait_until_no_more(target, before)
    dialog.say("int")
    for line in USE:
        dialog.say(line)
        wait_until_no_more(target, before, line)
    assert dialog.peer.prompt["kind"] == "annex"  # raise SystemExit left the console
    dialog.say("int")
    assert dialog.say("len(big)") == "1000\n"
    wait_until_no_more(target, before)
    dialog.say("-")
    assert dialog.say("isolatest") == "Isolation test succeeded.\n"
    wait_until_no_more(target, before)
    dialog.hub.close()
    wait_until_no_more(target, before)


def test_while_a_statement_runs(watched, connect):  # M-82
    target = watched()
    before = nothing_shows(target)
    dialog = connect(target)
    dialog.say("int")
    dialog.say("import time")
    dialog.start("print('begun'); mine = ['mine']; time.sleep(1000)")
    dialog.expect("begun")
    wait_until_no_more(target, before)
    dialog.interrupt()  # of a sleep it arrives when that ends: so the process ends first


def test_two_monitors_at_once(watched, connect):
    target = watched()
    one, two = connect(target), connect(target, again=True)
    for dialog in (one, two):
        dialog.say("int")
        dialog.say("x = object(); y = [x]")
    assert one.say("x is y[0], 'z' in dir()") == "(True, False)\n"
    two.say("z = 1")
    assert one.say("'z' in dir()") == "False\n"
    nothing_shows(target)


def test_the_console_sees_the_program_and_nothing_of_itself(start, connect):  # M-59, M-81
    target = start("import guppy.heapy.RM\nclass Mine: pass\nkeep = [Mine() for i in range(7)]\n")
    dialog = connect(target)
    dialog.say("int")
    dialog.block("class Own: pass")
    dialog.say("own = [Own() for i in range(5)]; M = target.sys.modules['__main__'].Mine")
    assert dialog.say("(h.heap() & M).count, (h.heap() & Own).count, own in h.heap()") == "(7, 0, False)\n"
    assert dialog.say("[f for f in (h.heap() & h.Type(type(target.sys._getframe()))).nodes if '<console>' in str(f)]") == "[]\n"
    assert dialog.say("h.iso(target.sys.modules['__main__'].keep[0]).referrers.count") == "1\n"


def test_what_only_console_variables_hold_goes_at_reset_and_at_close(start, connect):  # M-53, M-81
    target = start(
        "import gc; gc.disable()\nimport guppy.heapy.RM, weakref\nclass Mine: pass\n"
        "def make(): global r; o = Mine(); r = weakref.ref(o); o.me = [o]; return o\n"
    )
    dialog = connect(target)
    main = "target.sys.modules['__main__']"
    dialog.say("int")
    for end in ("reset", "close"):
        dialog.say("p = %s.Mine(); %s.r = %s.weakref.ref(p); print(p); p" % (main, main, main))
        assert target.ask("r() is None") == "False"
        dialog.say("-")
        dialog.start(end)
        wait_until(lambda: target.ask("r() is None") == "True", "end of the object at " + end)
        if end == "reset":
            dialog.wait()
            dialog.say("int")
            assert dialog.say("'p' in dir(), '_' in dir()") == "(False, False)\n"


def test_isolatest_names_the_path_to_what_shows(start, connect):  # M-54
    target = start()
    dialog = connect(target)
    assert dialog.say("isolatest") == "Isolation test succeeded.\n"
    dialog.say("int")
    dialog.block("def leak(): pass")
    dialog.say("target.sys.modules['__main__'].leaked = leak")
    dialog.say("-")
    answer = dialog.say("isolatest")
    assert answer.startswith("Isolation test failed.\nthe console's namespace shows:\n")
    assert re.search(r"leaked'\]|\.leaked", answer) and "__globals__" in answer
    assert "an object that only a variable of the console holds shows" in answer
    dialog.say("int")
    dialog.say("del target.sys.modules['__main__'].leaked")
    dialog.say("-")
    assert dialog.say("isolatest") == "Isolation test succeeded.\n"


def test_the_root_does_not_name_the_threads(start, connect):
    target = start()
    dialog = connect(target)
    dialog.say("int")
    assert dialog.say("sorted({n.split('_')[1] for n in dir(hp.Root) if '_f' in n and n[3] == 't'}).__len__()") == "1\n"

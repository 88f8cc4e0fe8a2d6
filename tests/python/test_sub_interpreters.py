"""Several interpreters in one process, with a GIL that they share and each with its own (issue 17): the package is imported
in each, and each sees its own heap."""

import sys

import pytest

PRELUDE = """
import faulthandler, os, sys, threading
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
from guppy import hpy

faulthandler.dump_traceback_later(240, exit=True)

def create():
    if sys.version_info >= (3, 13):
        return interpreters.create("isolated" if OWN else "legacy")
    return interpreters.create(isolated=OWN)

def run(interpreter, code):
    failure = interpreters.run_string(interpreter, code)  # until 3.12 it raises
    assert failure is None, failure

def ask(interpreter, expression):
    "What an expression is there."
    there, here = os.pipe()
    run(interpreter, "import os; os.write(%d, repr((%s)).encode())" % (here, expression))
    os.close(here)
    with open(there) as answer:
        return eval(answer.read())

LOOK = '''
from guppy import hpy
class Mine: pass
mine = [Mine() for i in range(%d)]
hp = hpy()
heap = hp.heap()
'''

def interpreter_with(count):
    interpreter = create()
    run(interpreter, LOOK % count)
    return interpreter

exec(LOOK % 3)
"""


@pytest.fixture(params=["shared", "own"])
def interpreters(request, script):
    """Run a program after PRELUDE, with one GIL for all interpreters or each with its own."""
    if request.param == "own" and sys.version_info < (3, 12):
        pytest.skip("interpreters share the GIL before 3.12")
    return lambda code: script("OWN = %r\n" % (request.param == "own") + PRELUDE + code)


def test_each_sees_its_own_heap(interpreters):  # H-19, Y-36
    interpreters("""
names = dir(hp.Root)
assert all(name.startswith("i0_") for name in names)
some, more = interpreter_with(500), interpreter_with(2000)
for interpreter, count in (some, 500), (more, 2000):
    assert ask(interpreter, "(heap & Mine).count, (hp.heap() & Mine).count") == (count, count)
    number = ask(interpreter, "{name.partition('_')[0] for name in dir(hp.Root)}")
    assert len(number) == 1 and number != {"i0"}, number
    assert ask(interpreter, "heap.count > 5000 and sum(part.count for part in heap.bytype.parts) == heap.count")
    named = "[part.count for part in hp.heap().bytype.parts if str(part.kind).endswith('__main__.Mine')]"
    assert ask(interpreter, named) == [count], ask(interpreter, named)
    run(interpreter, "hp._capture_graph().validate()")
    path = ask(interpreter, "str(hp.iso(mine).sp)")
    assert path.startswith(" 0: hp.Root.%s_" % min(number)) and "['mine']" in path, path
found = hp.heap()
assert (found & Mine).count == 3 and dir(hp.Root) == names
assert abs(found.count - heap.count) < 1000
""")


def test_unloading_one_leaves_the_others_whole(interpreters):
    interpreters("""
first, second, third = (interpreter_with(count) for count in (10, 20, 30))
for ended, left in (second, {first: 10, third: 30}), (first, {third: 30}):
    interpreters.destroy(ended)
    left[interpreter_with(40)] = 40
    for interpreter, count in left.items():
        assert ask(interpreter, "(heap & Mine).count, (hp.heap() & Mine).count") == (count, count)
        assert ask(interpreter, "hp.iso(mine).domisize > hp.iso(mine).size and len(str(hp.heap().byrcs)) > 100")
        assert ask(interpreter, "(hp.snapshot().heap() & Mine).count") == count
    assert (hp.heap() & Mine).count == 3 and hp.snapshot().heap().count > 5000
""")


def test_several_ask_at_once(interpreters):
    interpreters("""
failures = []

def look(count):
    try:
        for i in range(3):
            interpreter = interpreter_with(count)
            for i in range(3):
                assert ask(interpreter, "(hp.heap() & Mine).count") == count
                assert ask(interpreter, "(heap & Mine).referrers.count") > 0
                assert ask(interpreter, "hp.snapshot().heap().domisize > 0 and len(str(hp.heapu())) > 0")
            interpreters.destroy(interpreter)
    except BaseException as error:
        failures.append(error)

threads = [threading.Thread(target=look, args=(count,)) for count in (100, 200, 300, 400)]
for thread in threads: thread.start()
while any(thread.is_alive() for thread in threads):
    assert (hp.heap() & Mine).count == 3
    assert len(str(hp.snapshot().heap().byrcs)) > 100
for thread in threads: thread.join()
assert not failures, failures
""")


def test_sets_of_each(interpreters):  # B-112
    interpreters("""
for i in range(3):
    interpreter = create()
    run(interpreter, "from guppy.sets import *; s = mutnodeset([1]); s.add(s); m = mutbitset(-1)")
    assert ask(interpreter, "immbit(3) | [4] == immbitset([3, 4]) and 7 in m and s in s")
    interpreters.destroy(interpreter)
""")


def test_a_snapshot_file_of_one_is_of_its_heap(interpreters, tmp_path):
    interpreters("""
from guppy.heapy import open_snapshot
interpreter = interpreter_with(70)
for name, how in ("forked", ""), ("not", ", fork=False"):
    path = os.path.join(%r, name)
    ask(interpreter, "hp.snapshot(%%r%%s)['id']" %% (path, how))
    with open_snapshot(path) as snapshot:
        assert (snapshot.heap() & snapshot.Type("__main__.Mine")).count == 70
""" % str(tmp_path))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="interpreters share the GIL before 3.12")
def test_one_with_its_own_gil_looks_while_another_lets_nobody_run(script, tmp_path):
    shared = tmp_path / "shared"
    shared.write_bytes(bytes(16))
    script("OWN, shared_file = True, %r\n" % str(shared) + PRELUDE + """
import mmap
SHARE = '''
import mmap
with open(%r, "r+b") as file:
    shared = mmap.mmap(file.fileno(), 0)
''' % shared_file
LOOK_WHEN_TOLD = '''
while not shared[0]: pass
found = hp.heap()
assert (found & Mine).count == 50 and len(str(found)) > 100 and hp.iso(mine).domisize > 1000
shared[1] = 1
'''
interpreter = interpreter_with(50)
exec(SHARE)
run(interpreter, SHARE)
thread = threading.Thread(target=run, args=(interpreter, LOOK_WHEN_TOLD))
thread.start()
sys.setswitchinterval(1000)  # from here on this one keeps its GIL
shared[0] = 1
while not shared[1]: pass  # for ever, were it one that the other needs: faulthandler ends it
sys.setswitchinterval(0.005)
thread.join()
""")

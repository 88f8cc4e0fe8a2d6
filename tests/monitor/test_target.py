"""A process that can be monitored is as one that cannot (item 3; M-20 to M-25, M-85, M-86)."""

import os
import signal
import subprocess
import sys
import time

import pytest
from monitor_support import PATIENCE, connect, directory, hub, plain, start, terminal, wait_until  # noqa: F401

from guppy.monitor.Client import Hub

PLAIN = "pass\n"
ENABLED = "import guppy.heapy.RM\n"


def sockets(directory):
    return sorted(os.listdir(directory)) if directory.exists() else []


def threads(pid):
    return os.listdir("/proc/%d/task" % pid)


def descriptors(pid):
    return sorted(os.listdir("/proc/%d/fd" % pid))


def test_on_and_off(start, directory):  # M-20, M-21, M-22, M-25
    target = start("from guppy.heapy import Remote\nfrom guppy.heapy.Remote import on, off\n")
    before = descriptors(target.pid)
    assert target.ask("Remote.annex_thread, Remote.target") == "(None, None)"
    assert target.ask("off()") == "None" and not directory.exists()
    assert target.ask("on(), on()") == "(None, None)"
    assert target.ask("type(Remote.annex_thread).__name__, Remote.target.pid == __import__('os').getpid()") == "('int', True)"
    assert len(sockets(directory)) == 1 and len(threads(target.pid)) == 2
    assert target.ask("off(), off()") == "(None, None)"
    assert sockets(directory) == [] and len(threads(target.pid)) == 1 and descriptors(target.pid) == before
    assert target.ask("Remote.annex_thread") == "None"


def test_fifty_rounds_of_on_and_off(start, directory, hub, connect):  # M-87
    target = start("from guppy.heapy.Remote import on, off\n")
    before = descriptors(target.pid)
    for i in range(50):
        target.ask("on()")
        if i % 10 == 0:
            dialog = connect(target)
            dialog.say("int")
            assert dialog.say("6 * 7") == "42\n"
        target.ask("off()")
        assert sockets(directory) == [] and len(threads(target.pid)) == 1 and descriptors(target.pid) == before
    hub.step(0.0)


def test_the_directory_and_its_sockets_are_the_users(start, directory):  # M-84, item 2
    target = start()
    assert directory.stat().st_mode & 0o777 == 0o700
    (name,) = sockets(directory)
    assert (directory / name).stat().st_mode & 0o777 == 0o600
    assert name.startswith("%d-" % target.pid)


def test_threading_does_not_know_the_threads(start, connect):  # M-25
    target = start("import threading, sys, os\nimport guppy.heapy.RM\n")
    assert target.ask("threading.active_count(), threading.enumerate() == [threading.main_thread()]") == "(1, True)"
    dialog = connect(target)
    dialog.say("int")
    dialog.say("import threading; threading.current_thread().name; threading.get_native_id()")
    assert target.ask("threading.active_count(), threading.enumerate() == [threading.main_thread()]") == "(1, True)"


def test_signals_are_the_programs(start):  # M-25
    program = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGTERM})
%s
print("waiting", flush=True)
print(signal.sigwait({signal.SIGUSR1}).name, flush=True)
print(signal.sigwait({signal.SIGTERM}).name, flush=True)
"""
    for enabling in (ENABLED, PLAIN):
        target = start(program % enabling, is_driven=False)
        assert target.read() == "waiting"
        target.process.send_signal(signal.SIGUSR1)
        assert target.read() == "SIGUSR1"
        target.process.send_signal(signal.SIGTERM)
        assert target.read() == "SIGTERM"
        assert target.finish()[0] == 0


def times_woken(pid, thread):
    with open("/proc/%d/task/%s/status" % (pid, thread)) as file:
        return next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))


def test_the_thread_sleeps_while_nobody_looks(start, directory):  # M-25: no polling
    target = start()
    (listening,) = [t for t in threads(target.pid) if t != str(target.pid)]
    before = None
    while before != times_woken(target.pid, listening):  # it is on its way into its sleep
        before = times_woken(target.pid, listening)
        target.ask("__import__('time').sleep(0.2)")
    for i in range(20):
        target.ask("[__import__('time').sleep(0.1), __import__('gc').collect(), open('/dev/null').close()][0]")
    assert times_woken(target.pid, listening) == before


def blocked_signals(pid, thread):
    with open("/proc/%d/task/%s/status" % (pid, thread)) as file:
        return next(int(line.split()[1], 16) for line in file if line.startswith("SigBlk"))


def test_every_thread_of_ours_blocks_every_signal(start, connect):  # M-25
    target = start()
    dialog = connect(target)
    dialog.say("int")
    others = [t for t in threads(target.pid) if t != str(target.pid)]
    assert len(others) == 2
    for thread in others:
        mask = blocked_signals(target.pid, thread)
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            assert mask >> (number - 1) & 1, number


FORKING = """
import os, sys, warnings, multiprocessing
warnings.simplefilter("always")
%s
def work(x): return x * x
if __name__ == "__main__":
    for i in range(20):
        child = os.fork()
        if not child:
            os._exit(i)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == i
    with multiprocessing.get_context("fork").Pool(3) as pool:
        print(pool.map(work, range(5)))
    print("done", flush=True)
    sys.stdin.readline()
"""


def test_forks_give_no_warning_that_they_did_not_give(start, connect):  # M-25, M-85
    plain = start(FORKING % PLAIN, is_driven=False)
    expected = [plain.read(), plain.read()]
    _, _, expected_errors = plain.finish()
    target = start(FORKING % ENABLED, is_driven=False)
    assert [target.read(), target.read()] == expected == ["[0, 1, 4, 9, 16]", "done"]
    dialog = connect(target)
    dialog.say("int")
    assert dialog.say("1 + 1") == "2\n"
    status, _, errors = target.finish()
    assert status == 0
    assert errors.count("Warning") == expected_errors.count("Warning"), errors


def test_forks_while_a_monitor_is_connected(start, connect):  # M-85
    target = start("import os, warnings\nwarnings.simplefilter('error')\nimport guppy.heapy.RM\n"
                   "def fork():\n    child = os.fork()\n    if not child: os._exit(7)\n    return os.waitpid(child, 0)[1] >> 8\n")  # fmt: skip
    dialog = connect(target)
    dialog.say("int")
    dialog.say("x = [1]")
    for i in range(5):
        assert target.ask("fork()") == "7"
        assert dialog.say("x.append(%d); len(x)" % i) == "%d\n" % (i + 2)


def test_a_forked_child_is_a_target_of_its_own(start, directory, hub, connect):  # M-85
    target = start("import os, sys\nimport guppy.heapy.RM\n"
                   "def fork():\n    child = os.fork()\n    if not child:\n        sys.stdin = open('/dev/null')\n        sys.__stdout__ = open('/dev/null', 'w')\n        r, w = os.pipe(); os.read(r, 1)\n    return child\n")  # fmt: skip
    parent = connect(target)
    parent.say("int")
    parent.say("x = 'of the parent'")
    child = int(target.ask("fork()"))
    try:
        peer = hub.find(child, PATIENCE)
        assert peer.hello["pid"] == child and peer.argv == parent.argv
        own = {os.readlink("/proc/%d/fd/%s" % (child, fd)) for fd in descriptors(child)}
        others = {os.readlink("/proc/%d/fd/%s" % (target.pid, fd)) for fd in descriptors(target.pid)}
        assert not [name for name in own & others if name.startswith("socket:")]
        assert len(sockets(directory)) == 2
        assert parent.say("x") == "'of the parent'\n"
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: hub.step(0.1) or peer.is_closed, "end of the child's connection")
        assert parent.say("x") == "'of the parent'\n"  # the parent's is as it was
        wait_until(lambda: hub.step(0.1) or len(sockets(directory)) == 1, "removal of the child's socket")
    finally:
        try:
            os.kill(child, signal.SIGKILL)
        except OSError:
            pass


def test_a_program_that_is_executed_inherits_no_descriptor(start, connect):
    target = start("import os, subprocess, sys\nimport guppy.heapy.RM\n")
    connect(target)
    code = "import os; print([os.readlink('/proc/self/fd/' + f) for f in os.listdir('/proc/self/fd') if int(f) > 2])"
    answer = target.ask("subprocess.run([sys.executable, '-c', %r], capture_output=True, text=True, close_fds=False).stdout" % code)
    assert "socket:" not in answer and "eventfd" not in answer


@pytest.mark.parametrize("ending, status", [("pass", 0), ("sys.exit(3)", 3), ("raise SystemExit('text')", 1), ("1/0", 1)])
def test_the_exit_status_is_the_programs(start, directory, connect, ending, status):  # M-24, M-26
    target = start("import sys, time\nimport guppy.heapy.RM\nprint('up', flush=True)\nsys.stdin.readline()\n%s\n" % ending, is_driven=False)
    assert target.read() == "up"
    dialog = connect(target)
    dialog.say("int")
    dialog.start("exec('print(1)\\nwhile True: pass')")
    dialog.expect("1")
    before = time.monotonic()
    target.tell("")
    assert target.finish()[0] == status
    assert time.monotonic() - before < PATIENCE / 2
    wait_until(lambda: dialog.hub.step(0.1) or dialog.is_closed, "end of the connection")
    assert sockets(directory) == []


def test_an_end_while_a_call_does_not_return(start, connect):  # M-24: waits at most a second
    target = start("import sys\nimport guppy.heapy.RM\nprint('up', flush=True)\nsys.stdin.readline()\nsys.exit(5)\n", is_driven=False)
    assert target.read() == "up"
    dialog = connect(target)
    dialog.say("int")
    dialog.start("import time; print('begun'); time.sleep(10000)")
    dialog.expect("begun")
    target.tell("")
    assert target.finish()[0] == 5


def test_off_interrupts_a_statement_and_waits_for_it(start, connect):  # M-22
    target = start("from guppy.heapy import Remote; Remote.on()\nended = []\n")
    dialog = connect(target)
    dialog.say("int")
    dialog.say("ended = target.sys.modules['__main__'].ended")
    dialog.start("exec('def loop():\\n  while True: sum([])\\nprint(1)\\ntry: loop()\\nfinally: ended.append(1)')")
    dialog.expect("1")
    assert target.ask("(Remote.off(), ended)[1]") == "[1]"
    assert len(threads(target.pid)) == 1


def test_a_monitor_that_goes_away_ends_its_statement(start, connect):  # M-26
    target = start("import threading\nimport guppy.heapy.RM\nended = []\n")
    dialog = connect(target)
    dialog.say("int")
    dialog.say("ended = target.sys.modules['__main__'].ended")
    dialog.start("exec('def loop():\\n  while True: print(2)\\nprint(1)\\ntry: loop()\\nfinally: ended.append(1)')")
    dialog.expect("1")
    dialog.hub.close()
    wait_until(lambda: target.ask("ended") == "[1]", "end of the statement")
    wait_until(lambda: len(threads(target.pid)) == 2, "end of the worker")
    assert connect(target, again=True).say("stat").startswith("Target overview")
    assert target.finish()[2] == ""  # M-86: no traceback


def test_a_directory_that_cannot_be_used(tmp_path, start, directory):  # item 3
    program = "from guppy.heapy import Remote\n"
    bad = {}
    (tmp_path / "file").write_text("")
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    bad["file"], bad["open"], bad["link"], bad["no/such"] = "cannot be opened", "lets others in", "is a link", "cannot be made"
    for name, reason in bad.items():
        environment = dict(os.environ, HEAPY_MONITOR_DIR=str(tmp_path / name))
        target = start(program, env=environment)
        assert target.ask("Remote.annex_thread") == "None"
        target.tell("Remote.on()")
        status, _, errors = target.finish()
        assert status == 1 and errors.strip().splitlines()[-1].split(":")[0] in ("OSError", "PermissionError", "NotADirectoryError", "FileNotFoundError")
        assert reason in errors and str(tmp_path / name) in errors
        result = subprocess.run([sys.executable, "-c", "import guppy.heapy.RM; print('runs')"], env=environment, capture_output=True, text=True)
        assert result.stdout == "runs\n" and result.returncode == 0
        assert result.stderr.count("RuntimeWarning: this process cannot be monitored") == 1 and reason in result.stderr


def test_a_path_that_is_longer_than_an_address(tmp_path, start, monkeypatch):
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    monkeypatch.setenv("HEAPY_MONITOR_DIR", str(folder / "sockets"))
    target = start()
    with Hub() as hub:
        assert hub.find(target.pid, PATIENCE).pid == target.pid


def test_in_sitecustomize(tmp_path, directory):  # M-23, Y-41
    (tmp_path / "sitecustomize.py").write_text("import guppy.heapy.RM\n")
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path[1:]]))
    code = "from guppy.heapy import Remote; import subprocess, sys; print(Remote.annex_thread is not None)"
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert (result.stdout, result.stderr, result.returncode) == ("True\n", "", 0)


def test_programs_of_all_sorts(start, connect):  # M-80
    programs = {
        "asyncio": "import asyncio, threading\nasync def main():\n    while True: await asyncio.sleep(0.01)\nthreading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()\n",
        "tracemalloc": "import tracemalloc; tracemalloc.start(3)\n",
        "tracing": "import sys, threading\ndef trace(*a): return trace\nthreading.settrace(trace); sys.settrace(trace)\n",
        "ten threads": "import threading, time\nfor i in range(10): threading.Thread(target=time.sleep, args=(10000,), daemon=True).start()\n",
    }
    for name, program in programs.items():
        target = start(program + ENABLED)
        dialog = connect(target, again=True)
        dialog.say("int")
        assert "objects" in dialog.say("hp.heap()"), name
        assert dialog.say("1 / 0").endswith("ZeroDivisionError: division by zero\n"), name
        dialog.say("-")
        assert dialog.say("isolatest") == "Isolation test succeeded.\n", name
        dialog.hub.close()
        status, _, errors = target.finish()
        assert (status, errors) == (0, ""), name


def test_a_statement_that_forks(start, connect):
    """The child is a target of its own, and ends when the statement does; the parent's console goes on."""
    target = start("import os\nimport guppy.heapy.RM\n")
    dialog = connect(target)
    dialog.say("int")
    assert dialog.say("import os; child = os.fork(); 1 if child else 2") == "1\n"
    assert dialog.say("os.waitpid(child, 0)[1]") == "0\n"
    assert dialog.say("child and 'parent'") == "'parent'\n"


def test_importing_is_quick(python):
    """It may take 50 ms; what is asserted is what makes it quick: nothing large is imported."""
    code = "import sys; before = set(sys.modules); import guppy.heapy.RM; print(sorted(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-S", "-c", "import sys; sys.path += %r\n%s" % (sys.path[1:], code)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    for name in ("'code'", "'curses'", "'asyncio'", "'subprocess'", "'readline'", "'threading'"):
        assert name not in result.stdout, name


"""on() and off() from several threads, from signals' handlers, and while the process forks (M-21, M-22, M-85, M-86).

What these look for happens by chance: without turns (guppy/monitor/Turns.py) most fail nearly always, the one of threads that switch
and the one of a child that hangs some of the time.  With them none ever fails.
"""

import os
import subprocess
import sys

from monitor_support import PATIENCE, connect, directory, hub, start, wait_until  # noqa: F401

BEGINNING = """
import os, signal, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 and later give one when a process with threads forks
from guppy.heapy import Remote
sys.setswitchinterval(1e-5)
PATIENCE = %r
def left():
    return sorted(os.listdir("/proc/self/fd")), [n for n in os.listdir(os.environ["HEAPY_MONITOR_DIR"]) if n.startswith("%%d-" %% os.getpid())]
def run(*functions):
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads: t.start()
    for t in threads: t.join()
Remote.on(); Remote.off()
before = left()
def check():
    until = time.monotonic() + PATIENCE
    while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < until:
        time.sleep(0.01)  # the kernel counts a thread for some moments after it was joined
    now = left(), len(os.listdir("/proc/self/task"))
    assert now == (before, 1), now
""" % (PATIENCE / 4)


def run_program(code):
    """What a program prints; it has no errors."""
    result = subprocess.run([sys.executable, "-c", BEGINNING + code], capture_output=True, text=True, timeout=PATIENCE * 4)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_two_threads_enable_it_at_once(directory):
    """As M-21 has it the second does nothing, and off() leaves nothing."""
    run_program("""
for i in range(100):
    barrier = threading.Barrier(2)
    def on():
        barrier.wait()
        Remote.on()
    run(on, on)
    assert len(left()[1]) == 1, left()
    Remote.off()
check()
""")


def test_two_threads_switch_it_on_and_off(directory):
    run_program("""
def switch():
    for i in range(300):
        Remote.off(); Remote.on()
run(switch, switch, switch)
assert len(left()[1]) == 1, left()
Remote.off()
check()
""")


def test_handlers_of_signals_switch_it_in_the_midst_of_switching(directory):
    """They run between any two instructions of the main thread's own on() and off()."""
    run_program("""
calls = [0]
def handler(*_):
    calls[0] += 1
    (Remote.on, Remote.off)[calls[0] & 1]()
signal.signal(signal.SIGALRM, handler)
rounds = 0
while rounds < 400 or calls[0] < 200:
    signal.setitimer(signal.ITIMER_REAL, 0.00001 + rounds % 50 * 0.00002)
    Remote.on(); Remote.off()
    rounds += 1
signal.setitimer(signal.ITIMER_REAL, 0)
time.sleep(0.01)  # a handler that is due runs now, and not in the midst of what follows
Remote.on()
assert len(left()[1]) == 1, left()
Remote.off()
check()
""")


def test_handlers_of_signals_fork_in_the_midst_of_switching(directory):
    """The child and the parent go on where they were."""
    run_program("""
forked, waiting = [0], []
def handler(*_):
    if waiting:
        return  # one of the round before came late
    waiting.append(1)
    child = os.fork()
    if not child:
        forked[0] = -1
        return
    forked[0] += 1
    until = time.monotonic() + PATIENCE
    while not os.waitpid(child, os.WNOHANG)[0]:
        time.sleep(0.0005)
        if time.monotonic() > until:
            os.kill(child, signal.SIGABRT)
            sys.exit("a child hangs")
    waiting.clear()
signal.signal(signal.SIGALRM, handler)
while 0 <= forked[0] < 150:
    signal.setitimer(signal.ITIMER_REAL, 0.00001 + forked[0] * 0.00001)
    Remote.on(); Remote.off()
if forked[0] < 0:
    Remote.on()
    assert len(left()[1]) == 1, left()
    Remote.off()
    os._exit(0)
signal.setitimer(signal.ITIMER_REAL, 0)
check()
""")


FORKS = """
stop = time.monotonic() + 4  # a stress that lasts; nothing is asserted of it
def switch():
    while time.monotonic() < stop:
        Remote.off(); Remote.on()
forks = hung = 0
def fork():
    global forks, hung
    while time.monotonic() < stop and not hung:
        child = os.fork()
        if not child:
            if forks %% 8 == 0:
                Remote.on(); Remote.off(); Remote.on(); Remote.off()
            os._exit(0)
        until = time.monotonic() + PATIENCE
        while True:
            waited, status = os.waitpid(child, os.WNOHANG)
            if waited:
                assert status == 0, status
                break
            time.sleep(0.001)
            if time.monotonic() > until:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                hung += 1
                break
        forks += 1
run(%s)
Remote.off()
check()
print(forks > 0, hung)
"""


def test_no_child_hangs_that_is_forked_while_others_switch(directory):
    """The control, threads that start and none that switches, never hung."""
    assert run_program(FORKS % "switch, fork") == "True 0\n"
    assert run_program(FORKS % "switch, switch, fork") == "True 0\n"


def test_off_of_the_program_while_a_console_closes(start, connect):
    """Either may come first; neither waits for the other, and nothing is left."""
    target = start("from guppy.heapy import Remote\nRemote.on()\n")
    for i in range(10):
        dialog = connect(target, again=True)
        dialog.start("close")
        assert target.ask("Remote.off()") == "None"
        wait_until(lambda: dialog.hub.step(0.1) or dialog.is_closed, "end of the connection")
        wait_until(lambda: len(os.listdir("/proc/%d/task" % target.pid)) == 1, "end of the threads")
        assert target.ask("Remote.annex_thread") == "None"
        target.ask("Remote.on()")
    assert target.finish()[2] == ""

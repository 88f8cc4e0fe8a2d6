"""What being a target costs, and being watched: throughput of a program, side by side with one that never heard of us.

    python bench/measure_monitor.py [OBJECTS]...

For each number of objects (1e5 and 1e6 if none is given) pairs of processes run the same loop in turns: plain, enabled, watched
once a second, watched as fast as allowed.  Shown are medians over pairs, as percent of the plain one's before and after: of what
the loop did, and of what it did for each second of the processor that its process had.  The second counts all that is done in
the process, what a look keeps the interpreter and what it leaves cold in the caches, and nothing that other processes do, so it
can be read where others run too; both differ by some percent between two processes that never heard of us, as the row of
another plain one shows, for their objects lie elsewhere in memory.  Then the latency of a one-line console statement, and the
memory of being enabled.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from guppy.monitor.Client import Hub, NoAnswer

PAIRS = 5
SECONDS = {100000: 6.0, 1000000: 15.0}  # of a turn, by the objects: several looks have to be in it
PROGRAM = """
import sys, time
%s
heap = [[i] for i in range(%d)]
def work(seconds):
    began, used, rounds = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() < began + seconds:
        for i in range(1000): str(i)
        rounds += 1
    return rounds, time.process_time() - used
print("ready", flush=True)
for line in sys.stdin:
    print(*work(float(line)), flush=True)
"""


class Program:
    def __init__(self, objects, is_enabled):
        code = PROGRAM % ("import guppy.heapy.RM" if is_enabled else "pass", objects)
        self.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def start(self, seconds):
        self.process.stdin.write("%f\n" % seconds)
        self.process.stdin.flush()

    def work(self):
        """How often it did its work in the time it had, and the seconds of the processor that its process took."""
        rounds, used = self.process.stdout.readline().split()
        return int(rounds), float(used)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def watch_while(program, seconds, hub, peer, interval):
    """Let the program work, and look at it meanwhile; what it did and how often it was looked at."""
    program.start(seconds)
    end, looks, next_time = time.monotonic() + seconds - 0.05, 0, 0.0
    while time.monotonic() < end:
        if interval is None or time.monotonic() < next_time:
            hub.step(min(0.05, max(0.0, end - time.monotonic())))
            continue
        next_time = time.monotonic() + interval
        try:
            hub.ask(peer, "stat", 60, lambda: time.monotonic() > end, by="Clodo")
            looks += 1
        except NoAnswer:
            pass
    return program.work(), looks


def work_alone(program, seconds):
    program.start(seconds)
    return program.work(), 0


def compare_pair(objects, shares):
    """Add to `shares` what a fresh pair of programs, and one more that is plain too, do beside each other."""
    seconds = SECONDS.get(objects, 6.0)
    plain, other, target = Program(objects, False), Program(objects, False), Program(objects, True)
    with Hub() as hub:
        peer = hub.find(target.process.pid, 60)
        ways = {
            "another plain one": lambda: work_alone(other, seconds),
            "enabled": lambda: watch_while(target, seconds, hub, peer, None),
            "watched once a second": lambda: watch_while(target, seconds, hub, peer, 1.0),
            "watched as fast as allowed": lambda: watch_while(target, seconds, hub, peer, 0.0),
        }
        before = work_alone(plain, seconds)[0]
        for what, way in ways.items():
            (rounds, used), looks = way()
            after = work_alone(plain, seconds)[0]
            did, had = before[0] + after[0], before[1] + after[1]
            shares.setdefault(what, []).append((200 * rounds / did, 100 * (rounds / used) / (did / had), looks / seconds))
            before = after
    for program in (plain, other, target):
        program.end()


def throughput(objects):
    shares = {}
    for pair in range(PAIRS):
        compare_pair(objects, shares)
    for what, found in shares.items():
        did, for_its_time, looks = (statistics.median(values) for values in zip(*found))
        print("%8d objects, %-27s did %5.1f %%, for its processor time %5.1f %%  (%.2f looks a second)" % (
            objects, what, did, for_its_time, looks), flush=True)  # fmt: skip


def latency():
    target = Program(1000, True)
    with Hub() as hub:
        peer = hub.find(target.process.pid, 60)
        peer.send_line("int")
        times = []
        for i in range(500):
            while peer.prompt is None:
                hub.step(1.0)
            began = time.perf_counter()
            peer.send_line("1 + 1")
            while peer.prompt is None:
                hub.step(1.0)
            times.append(time.perf_counter() - began)
    target.end()
    print("one-line statement: median %.0f us, 99 %% within %.0f us" % (1e6 * statistics.median(times), 1e6 * sorted(times)[494]))


MEMORY = """
def rss():
    with open("/proc/self/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
from guppy.heapy import Remote
import guppy.monitor.RemoteConsole
before = rss(); Remote.on()
import time; time.sleep(0.2)
print(rss() - before)
"""


def memory():
    found = [int(subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True).stdout) for i in range(9)]
    print("memory of being enabled, beyond the modules: %d kB" % statistics.median(found))


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HEAPY_MONITOR_DIR"] = os.path.join(folder, "sockets")
        for objects in [int(float(a)) for a in sys.argv[1:]] or [100000, 1000000]:
            throughput(objects)
        latency()
        memory()


if __name__ == "__main__":
    main()

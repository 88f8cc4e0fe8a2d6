"""What being a target costs, and being watched: throughput of a program, side by side with one that never heard of us.

    python bench/measure_monitor.py [OBJECTS]...

For each number of objects (1e5 and 1e6 if none is given) processes run the same loop at the same time in turns: plain,
enabled, watched once a second, watched as fast as allowed.  The figure is the median over the turns of the loop's speed as
percent of the plain one's in that turn.  Then the latency of a one-line console statement, and the memory of being enabled.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from guppy.monitor.Client import Hub, NoAnswer

TURNS, SECONDS = 9, 3.0
PROGRAM = """
import sys, time
%s
heap = [[i] for i in range(%d)]
def work(seconds):
    end, rounds = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        for i in range(1000): str(i)
        rounds += 1
    return rounds
print("ready", flush=True)
for line in sys.stdin:
    print(work(float(line)), flush=True)
"""


class Program:
    def __init__(self, objects, is_enabled):
        code = PROGRAM % ("import guppy.heapy.RM" if is_enabled else "pass", objects)
        self.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def start(self):
        self.process.stdin.write("%f\n" % SECONDS)
        self.process.stdin.flush()

    def speed(self):
        return int(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def watch_while(program, hub, peer, interval):
    """Let the program work, and look at it meanwhile; its speed and how often it was looked at."""
    program.start()
    end, looks, next_time = time.monotonic() + SECONDS - 0.05, 0, 0.0
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
    return program.speed(), looks


def throughput(objects):
    plain, target = Program(objects, False), Program(objects, True)
    shares = {"enabled": [], "watched once a second": [], "watched as fast as allowed": []}
    with Hub() as hub:
        peer = hub.find(target.process.pid, 60)
        for turn in range(TURNS):
            plain.start()
            before = plain.speed()
            for what, interval in (("enabled", None), ("watched once a second", 1.0), ("watched as fast as allowed", 0.0)):
                speed, looks = watch_while(target, hub, peer, interval)
                plain.start()
                after = plain.speed()
                shares[what].append((200 * speed / (before + after), looks))
                before = after
    for what, found in shares.items():
        print("%8d objects, %-27s %5.1f %%  (%.1f looks in %g s)" % (
            objects, what, statistics.median(s for s, _ in found), statistics.mean(n for _, n in found), SECONDS))  # fmt: skip
    plain.end()
    target.end()


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

"""What being a target costs, and being watched: throughput of a program, side by side with itself when nobody listens.

    python bench/measure_monitor.py [OBJECTS]...

For each number of objects (1e5 and 1e6 if none is given) processes run a loop: plain, enabled, watched once a second, watched as
fast as allowed, and plain again, over and over.  Each is compared with the plain turns before and after it in the same process:
two processes of one program differ by up to ten percent here, for their objects lie elsewhere in memory, which says nothing of
us.  Shown are medians, as percent of the plain turns: of what the loop did, and of what it did for each second of the processor
that its process had.  The second counts all that is done in the process, what a look keeps the interpreter and what it leaves
cold in the caches, and nothing that other processes do, so it can be read where others run too.  The row of another plain turn
is what the machine's own unrest makes of the same; the row of plain after enabled and disabled tells what stays when we were
there once.  What being enabled costs is too little for that unrest, so it is told from many short turns: pairs of one that
listens and one that does not, in the order ABBA, by the work done for the processor's time; the median of the pairs and how far it
may be off (its standard error).  Then the latency of a one-line console statement, and the memory of being enabled.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from guppy.monitor.Client import Hub, NoAnswer

PROCESSES = 3
ROUNDS = 4  # of all ways in each process
SECONDS = {100000: 4.0, 1000000: 12.0}  # of a turn that is watched, by the objects: several looks have to be in it
UNWATCHED = 2.0  # seconds of a turn that is not
PROGRAM = """
import sys, time
heap = [[i] for i in range(%d)]
def work(seconds):
    began, used, rounds = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() < began + seconds:
        for i in range(1000): str(i)
        rounds += 1
    return rounds / (time.perf_counter() - began), rounds / (time.process_time() - used)
print("ready", flush=True)
for line in sys.stdin:
    if line == "on\\n":
        from guppy.heapy import Remote
        Remote.on()
        print("ready", flush=True)
    elif line == "off\\n":
        Remote.off()
        print("ready", flush=True)
    else:
        print(*work(float(line)), flush=True)
"""


class Program:
    def __init__(self, objects):
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM % objects], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.process.stdout.readline()

    def send(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def turn(self, switch):
        """Let it listen ("on") or be as if it had never heard of us ("off")."""
        self.send(switch)
        self.process.stdout.readline()

    def work(self):
        """How often it did its work in a second of the clock, and in one of the processor's time."""
        return tuple(map(float, self.process.stdout.readline().split()))

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def work_alone(program):
    program.send("%f" % UNWATCHED)
    return program.work(), 0


def watch(program, hub, peer, seconds, interval):
    """Let the program work, and look at it meanwhile; what it did and how often it was looked at."""
    program.send("%f" % seconds)
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


def compare(objects, shares):
    """Add to `shares` what a fresh program does in each way, in percent of what it does when it is left alone."""

    def add(what, found, looks, seconds):
        clock, processor = ((a + b) / 2 for a, b in zip(before, after))
        shares.setdefault(what, []).append((100 * found[0] / clock, 100 * found[1] / processor, looks / seconds))

    def listen(seconds, interval):
        program.turn("on")
        with Hub() as hub:
            found, looks = watch(program, hub, hub.find(program.process.pid, 60), seconds, interval)
        program.turn("off")
        return found, looks

    program = Program(objects)
    work_alone(program)
    untouched = [work_alone(program)[0] for i in range(3)]
    seconds = SECONDS.get(objects, 4.0)
    ways = {
        "another plain turn": (UNWATCHED, lambda: work_alone(program)),
        "enabled": (UNWATCHED, lambda: listen(UNWATCHED, None)),
        "watched once a second": (seconds, lambda: listen(seconds, 1.0)),
        "watched as fast as allowed": (seconds, lambda: listen(seconds, 0.0)),
    }
    plain = []
    before = work_alone(program)[0]
    for number in range(ROUNDS):
        for what, (took, way) in ways.items():
            found, looks = way()
            after = work_alone(program)[0]
            add(what, found, looks, took)
            before = after
            plain.append(after)
    before = after = [statistics.median(values) for values in zip(*untouched)]
    add("plain, once it had listened", [statistics.median(values) for values in zip(*plain)], 0, 1)
    program.end()


def throughput(objects):
    shares = {}
    for process in range(PROCESSES):
        compare(objects, shares)
    for what, found in shares.items():
        did, for_its_time, looks = (statistics.median(values) for values in zip(*found))
        print("%8d objects, %-27s did %5.1f %%, for its processor time %5.1f %%  (%.2f looks a second)" % (
            objects, what, did, for_its_time, looks), flush=True)  # fmt: skip


PAIRS, SHORT = 300, 0.1  # of turns, and seconds of each


def enabled(objects):
    """What the program does for its processor time while it listens, in percent of what it does while it does not."""
    program, shares = Program(objects), []
    program.turn("on")

    def work(switch):
        program.turn(switch)
        program.send("%f" % SHORT)
        return program.work()[1]

    for pair in range(PAIRS):
        first, second = ("on", "off") if pair % 2 else ("off", "on")
        found = {first: work(first), second: work(second)}
        shares.append(100 * found["on"] / found["off"])
    program.end()
    median = statistics.median(shares)
    spread = statistics.median(abs(share - median) for share in shares)
    print("%8d objects, enabled: for its processor time %.2f %% +- %.2f (%d pairs)" % (
        objects, median, 1.4826 * spread * 1.2533 / len(shares) ** 0.5, len(shares)), flush=True)  # fmt: skip


def latency():
    target = Program(1000)
    target.turn("on")
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
            enabled(objects)
            throughput(objects)
        latency()
        memory()


if __name__ == "__main__":
    main()

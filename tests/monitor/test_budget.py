"""Looking does not become the load, whatever interval was asked for (items 7, 9 and 11)."""

import os
import time

from monitor_support import PATIENCE, connect, directory, hub, start  # noqa: F401

from guppy.monitor.Client import Hub

BUSY = """
import guppy.heapy.RM
print("ready", flush=True)
while True: str(1)
"""
PLANNED = 0.031  # of the time, for what can be counted; a twentieth is promised
A_PAUSE = 10 * PATIENCE  # seconds for an answer: where processors are few a look takes seconds, and the next waits 32 times that


def used_beside(pid):
    """Seconds of the processor that all threads but the program's took."""
    used = 0
    for thread in set(os.listdir("/proc/%d/task" % pid)) - {str(pid)}:
        with open("/proc/%d/task/%s/schedstat" % (pid, thread)) as file:
            used += int(file.read().split()[0])
    return used / 1e9


def test_monitors_together_keep_the_budget_of_a_busy_program(start, hub):
    target = start(BUSY, is_driven=False)
    assert target.read() == "ready"
    with Hub() as other:
        peers = [(made, made.find(target.pid, PATIENCE)) for made in (hub, other)]
        for made, peer in peers:
            made.ask(peer, "complete", PATIENCE, text="")  # their threads are there now
        began, used, looks = time.monotonic(), used_beside(target.pid), []
        for i in range(3):
            for made, peer in peers:
                looks.append(made.ask(peer, "stat", A_PAUSE, by="Clodo"))
        # As of when the next look may be made, whatever its size.
        time_taken = time.monotonic() - began + looks[-1]["pause"]
        assert sum(look["seconds"] for look in looks) < PLANNED * time_taken
        assert used_beside(target.pid) - used < PLANNED * time_taken


def test_what_refers_to_a_kind_is_looking_too(start, hub):
    target = start("import guppy.heapy.RM\nclass Kind: pass\nkept = Kind()\n")
    peer = hub.find(target.pid, PATIENCE)
    look = hub.ask(peer, "referrers", PATIENCE, by="Type", kind="__main__.Kind")
    assert look["seconds"] / (look["pause"] + look["seconds"]) < PLANNED
    began = time.monotonic()
    hub.ask(peer, "stat", PATIENCE, by="Type")
    assert time.monotonic() - began > look["pause"] * 0.9

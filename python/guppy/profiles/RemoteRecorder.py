"""Samples of another process's heap at intervals: the process makes them when it is asked, as for `top`."""

import os
import sys
import time

from .Appending import append_stat
from .Pace import interval_text

__all__ = ["record_process"]

WAIT = 3.0  # seconds for the process to be found
PATIENCE = 30.0  # seconds for an answer
MOST_REFUSALS = 3
NO_TARGET = 3  # exit status: there is no such process


def record_process(pid, path, seconds, by, samples=None):
    """Append samples of a process to a file until it ends, `samples` are there, or Ctrl-C; the exit status.

    The process says how long the next look has to wait, so that looking does not become its load, whatever is asked for.
    """
    from ..monitor.Client import Hub, NoTarget

    with Hub() as hub:
        try:
            peer = hub.find(pid, WAIT)
        except NoTarget as error:
            tell(str(error))
            return NO_TARGET
        except KeyboardInterrupt:
            return 130
        recording = Recording(hub, peer, path, seconds, by)
        try:
            recording.run(samples)
        except KeyboardInterrupt:
            pass  # the usual way to end it
        return recording.finish(samples)


class Recording:
    """The samples of one process."""

    def __init__(self, hub, peer, path, seconds, by):
        self.hub, self.peer, self.path = hub, peer, path
        self.seconds, self.by = seconds, by.capitalize()
        self.made = 0
        self.pause = 0.0  # that the process asked for: the longest of late
        self.taken = 0.0
        self.trouble = None  # why there is no sample, told of once
        self.refusals = 0  # answers in a row that were no sample

    def run(self, samples):
        """Sample until there are so many, the process is gone or the file takes no more."""
        while not self.peer.is_closed:
            began = time.monotonic()
            if not self.sample():
                return
            if samples is not None and self.made >= samples:
                return
            self.wait_until(max(began + self.seconds, time.monotonic() + self.pause))

    def sample(self):
        """Ask for a sample and append it; False when nothing more can be appended."""
        from ..monitor.Client import NoAnswer, Silent
        from ..monitor.Samples import ask_sample

        try:
            sample = ask_sample(self.hub, self.peer, PATIENCE, self.by)
        except NoAnswer as error:
            if not self.peer.is_closed and str(error) != self.trouble:
                self.trouble = str(error)
                tell("no sample: %s" % error)
            # One that is silent may only be stopped; one that keeps answering so has no samples to give.
            self.refusals = 0 if isinstance(error, Silent) else self.refusals + 1
            return self.refusals < MOST_REFUSALS
        self.trouble, self.refusals = None, 0
        self.pause, self.taken = sample.pause, sample.seconds
        try:
            append_stat(sample.stat, self.path)
        except OSError as error:
            self.trouble = "no sample in %s: %s" % (self.path, error.strerror or error)
            tell(self.trouble)
            return False
        self.made += 1
        return True

    def wait_until(self, moment):
        """Let time go by, noticing when the process ends."""
        while not self.peer.is_closed:
            left = moment - time.monotonic()
            if left <= 0:
                return
            self.hub.step(min(left, 0.25))

    def finish(self, samples):
        """A line that says what there is; the exit status."""
        in_force = max(self.seconds, self.pause + self.taken)
        text = "%d sample%s in %s, every %s" % (self.made, "s" * (self.made != 1), self.path, interval_text(in_force))
        if in_force > self.seconds:
            text += " instead of %s: a look took %s" % (interval_text(self.seconds), interval_text(self.taken))
        if self.peer.is_closed:
            text += "; process %d has ended or closed the connection" % self.peer.pid
        tell(text)
        return 1 if self.trouble or not self.made or (samples is not None and self.made < samples) else 0


def tell(text):
    print("guppy: %s" % "".join(c if c.isprintable() else ascii(c)[1:-1] for c in os.fspath(text)), file=sys.stderr, flush=True)

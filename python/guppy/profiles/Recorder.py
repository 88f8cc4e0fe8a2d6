"""Samples of this process's heap at intervals, while its program runs.

The thread that looks is none of the program's: threading does not list it, no signal reaches it, and it is gone while the
process forks.  Nothing that goes wrong here changes what the program does.
"""

import _thread
import os
import signal
import sys
import time

from .. import hpy
from .._heapyc import _hide_type
from .Appending import append_stat
from .Pace import Pace, interval_text

__all__ = ["Recorder"]


@_hide_type
class Recorder:
    """Appends a stat of the heap to a file every so many seconds."""

    def __init__(self, path, seconds, by):
        self.path = os.path.abspath(path)  # the program may change directories
        self.shown_path = path
        self.by = by.capitalize()
        self.pace = Pace(seconds)
        self.session = hpy()
        self.process = os.getpid()
        self.samples = 0
        self.has_failed = False
        self.is_stopping = False
        self.looking = _thread.allocate_lock()  # held while a sample is made
        self.waiting = _thread.allocate_lock()  # released to wake the thread
        self.thread = None  # its number in the system, while it runs
        self.gone = _thread.allocate_lock()  # held by the thread until it ends

    # ---- samples ----

    def sample(self):
        """Append a sample now.  The first failure is told of on standard error; later ones are not."""
        with self.looking:
            before = time.perf_counter()
            try:
                append_stat(self.session.stat(self.by), self.path)
                self.samples += 1
            except Exception as error:
                if not self.has_failed:
                    tell("no sample in %s: %s" % (self.shown_path, getattr(error, "strerror", None) or error))
                self.has_failed = True
            self.pace.note(time.perf_counter() - before)

    def on_signal(self, *signal_and_frame):
        """SIGUSR1 asks for a sample at once; when one is being made, that is it."""
        if os.getpid() == self.process and not self.looking.locked():
            self.sample()

    # ---- the thread ----

    def start(self):
        """Begin to sample; fork() is then seen to."""
        os.register_at_fork(before=self.before_fork, after_in_parent=self.start_thread)
        self.start_thread()

    def start_thread(self):
        if os.getpid() != self.process or self.is_stopping:
            return
        self.waiting.acquire(False)
        self.gone.acquire()
        # The thread inherits the mask: signals go to the program's threads.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            _thread.start_new_thread(self.run, ())
        except RuntimeError as error:
            self.gone.release()
            tell("no samples while the program runs: %s" % error)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def run(self):
        self.thread = _thread.get_native_id()
        try:
            while not self.waiting.acquire(timeout=self.pace.in_force):
                self.sample()
        finally:
            self.gone.release()

    def stop_thread(self):
        """End the thread and wait until the system has none."""
        if self.waiting.locked():
            self.waiting.release()
        with self.gone:
            pass
        number, self.thread = self.thread, None
        for attempt in range(200):
            if number is None or not os.path.exists("/proc/self/task/%d" % number):
                break
            time.sleep(0.0005)

    def before_fork(self):
        if os.getpid() == self.process and not self.is_stopping:
            self.stop_thread()

    # ---- the end ----

    def finish(self):
        """The program has ended: a last sample, and a line that says what there is."""
        if os.getpid() != self.process:
            return  # a forked child is not the program that was asked about
        self.is_stopping = True
        self.stop_thread()
        self.sample()
        text = "%d sample%s in %s, every %s" % (
            self.samples, "s" * (self.samples != 1), self.shown_path, interval_text(self.pace.in_force),
        )  # fmt: skip
        if self.pace.is_stretched:
            text += " instead of %s: a look took %s" % (interval_text(self.pace.asked), interval_text(self.pace.cost))
        tell(text)


def tell(text):
    """A line on standard error, if there is one."""
    try:
        print("guppy:", text, file=sys.stderr, flush=True)
    except (AttributeError, OSError, ValueError):
        pass

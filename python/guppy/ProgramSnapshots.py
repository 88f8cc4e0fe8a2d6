"""The snapshots of a program that `python -m guppy --snapshot FILE` runs: when it ends, at SIGUSR1, and when resident
memory first passes a limit.

Nothing that goes wrong here may change what the program does.
"""

import _thread
import atexit
import os
import signal

from . import hpy
from ._heapyc import _hide_type
from .heapy.ProcessFacts import resident_size
from .heapy.SignalDump import Armed, add, complain
from .heapy.SnapshotFile import Options, Target

__all__ = ["ProgramSnapshots", "bytes_in"]

PAUSE = 200  # milliseconds between two looks at resident memory
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def bytes_in(text):
    """How many bytes a text such as 2G or 1.5M means; None where it means none."""
    number, unit = text.rstrip("bB"), ""
    if number[-1:].upper() in UNITS:
        number, unit = number[:-1], number[-1:].upper()
    try:
        size = float(number) * UNITS[unit]
    except ValueError:
        return None
    return int(size) if 1 <= size < 1 << 60 else None


@_hide_type
class ProgramSnapshots(Armed):
    """Takes them once watch() was called.

    path: the file; None: standard output, which gets the first of them.  What the program itself writes there goes to
    standard error then.
    """

    __slots__ = ("path", "limit", "process", "lock", "output")
    is_inherited = False  # a forked child is not the program that was asked about

    def __init__(self, path, contents, limit):
        super().__init__(signal.SIGUSR1, None, 1, {"contents": contents})
        self.path = os.path.abspath(path) if path is not None else None
        self.limit, self.process, self.output = limit, os.getpid(), None
        self.lock = _thread.RLock()  # SIGTERM may come while one is taken
        Options(contents, "zstd", None)  # HEAPY_LABELS may be wrong
        if self.path is None:
            self.output = os.dup(1)
            os.dup2(2, 1)
        else:
            with Target(self.path):
                pass  # it can be written where it is to stand

    def watch(self):
        # Registered before the program runs, so called after whatever it registers itself.
        atexit.register(self.end)
        add(self)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self.on_termination)

    def on_termination(self, number, frame):
        """Take one, and then end as if nobody had looked."""
        self.end()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def end(self):
        if os.getpid() == self.process:
            self.dump()

    def look(self):
        if self.limit is None:
            return None
        if resident_size() < self.limit:
            return PAUSE
        self.limit = None
        self.dump()
        return None

    def dump(self):
        with self.lock:
            try:
                if self.path is not None:
                    hpy().snapshot(self.name(), **self.options)
                elif self.output is not None:
                    output, self.output = self.output, None
                    hpy().snapshot(output, **self.options)
                    os.close(output)
            except BaseException as error:
                complain("guppy: no snapshot: %s: %s" % (type(error).__name__, error))
            self.number += 1

    def name(self):
        """The file, with a number before its suffix after the first."""
        if not self.number:
            return self.path
        stem, suffix = os.path.splitext(self.path)
        return "%s.%d%s" % (stem, self.number, suffix)

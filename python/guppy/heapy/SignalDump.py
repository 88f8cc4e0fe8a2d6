"""A running service that writes a snapshot of its heap whenever it gets a signal: guppy.heapy.dump_on_signal().

The signal's handler is one of C that wakes a thread of heapy's own, so that the answer comes also while the main thread
sits in a C call.  The thread is not there while the program forks, and starts again on both sides.
"""

import _thread
import atexit
import os
import select
import sys
import time

from .. import hpy
from .._heapyc import _begin_wakes, _call_soon, _end_wakes, _hide_type, _join_thread, _start_thread
from .SnapshotFile import Options, checked_timeout

__all__ = ["Armed", "arm"]

PREFIX, SUFFIX = "heap-", ".heapy"
STOP = 1 << 32  # in the eventfd, where a signal is 1
PATIENCE = 5.0  # seconds that a fork of the program waits for the thread, unless that is writing

armed = {}  # by the number of the signal


def arm(signum, directory, *, keep=5, **options):
    """guppy.heapy.dump_on_signal()"""
    signum, directory = int(signum), os.path.abspath(os.fspath(directory))
    check_options(keep, **options)
    if not os.path.isdir(directory):
        raise NotADirectoryError("%r is no directory: make it first" % (directory,))
    if signum in armed:
        raise ValueError("signal %d writes snapshots already: cancel() what dump_on_signal() gave first" % signum)
    new = Armed(signum, directory, keep, options)
    add(new)
    return new


def add(new):
    hook()
    new.begin()
    armed[new.signum] = new


def check_options(keep, *, fork=True, contents="names", compress="zstd", labels=None, timeout=600):
    if not isinstance(keep, int) or keep < 1:
        raise ValueError("keep must be a number of files from 1 on, not %r" % (keep,))
    Options(contents, compress, labels)
    checked_timeout(timeout)


@_hide_type
class Armed:
    """What dump_on_signal() gives: cancel() ends it."""

    __slots__ = ("signum", "directory", "keep", "options", "number", "wake", "thread", "is_stopping", "is_busy")
    is_inherited = True  # forked children do the same

    def __init__(self, signum, directory, keep, options):
        self.signum, self.directory, self.keep, self.options = signum, directory, keep, options
        self.number = 0
        self.wake = self.thread = None
        self.is_stopping = self.is_busy = False

    def __repr__(self):
        return "<snapshots into %r at signal %d>" % (self.directory, self.signum)

    def cancel(self):
        """Write no more snapshots at the signal, and give the program its handler back."""
        if armed.get(self.signum) is not self:
            return
        del armed[self.signum]
        _end_wakes(self.signum)
        self.stop(60.0)
        if self.thread is None:
            os.close(self.wake)
            self.wake = None

    # ---- the thread ----

    def begin(self):
        self.wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        try:
            _begin_wakes(self.signum, self.wake)
            self.start()
        except BaseException:
            _end_wakes(self.signum)
            os.close(self.wake)
            raise

    def start(self):
        if self.thread is None:
            self.is_stopping = False
            self.thread = _start_thread(self._run)

    def stop(self, seconds):
        """End the thread, unless that takes longer."""
        if self.thread is None:
            return
        self.is_stopping = True
        os.eventfd_write(self.wake, STOP)
        if _join_thread(self.thread, seconds):
            self.thread = None

    def begin_in_child(self):
        """In a process that was forked: the parent has the eventfd, too."""
        os.close(self.wake)
        self.thread, self.number = None, 0
        self.begin()

    def _run(self):
        while True:
            self.is_busy = True
            patience = self.look()
            self.is_busy = False
            wait_until_readable(self.wake, patience)
            try:
                signals = os.eventfd_read(self.wake) % STOP
            except BlockingIOError:
                continue
            if self.is_stopping:
                if signals:  # for the thread that comes after this one
                    os.eventfd_write(self.wake, signals)
                return
            if signals:
                self.is_busy = True
                self.dump()

    def look(self):
        """What else there is to do; milliseconds until the next time, None: when a signal comes."""
        return None

    def dump(self):
        """One snapshot; what fails costs a line."""
        self.number += 1
        try:
            hpy().snapshot(os.path.join(self.directory, self.name()), **self.options)
            self.forget_old()
        except BaseException as error:
            complain("heapy: no snapshot at signal %d: %s: %s" % (self.signum, type(error).__name__, error))

    # ---- files ----

    def name(self):
        when = time.strftime("%Y%m%dT%H%M%S", time.localtime())
        return "%s%d-%s-%d%s" % (PREFIX, os.getpid(), when, self.number, SUFFIX)

    def forget_old(self):
        """Of the files of this process only the newest stay."""
        start = "%s%d-" % (PREFIX, os.getpid())
        found = []
        for name in os.listdir(self.directory):
            if name.startswith(start) and name.endswith(SUFFIX):
                path = os.path.join(self.directory, name)
                found.append((os.stat(path).st_mtime_ns, path))
        for _, path in sorted(found)[: -self.keep]:
            os.unlink(path)


def wait_until_readable(descriptor, milliseconds):
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    waiting.poll(milliseconds)


def complain(line):
    """Not print(): sys.stderr may be locked by a thread of the program, or closed."""
    try:
        os.write(2, line.encode("utf-8", "backslashreplace") + b"\n")
    except OSError:
        pass


# ---- forks of the program, and its end ----


@_hide_type
class Hooks:
    """Whether the program's forks are known, and which frame forks."""

    __slots__ = ("are_there", "forking_frame")


hooks = Hooks()
hooks.are_there, hooks.forking_frame = False, 0


def hook():
    if hooks.are_there:
        return
    hooks.are_there = True
    os.register_at_fork(before=stop_all, after_in_parent=start_after_fork, after_in_child=begin_all_in_child)
    atexit.register(cancel_all)


def stop_all():
    hooks.forking_frame = id(sys._getframe(1))
    for each in list(armed.values()):
        each.stop(0.0 if each.is_busy else PATIENCE)


def start_after_fork():
    """CPython 3.12 and later count threads when the hooks have run, and warn; so the thread begins when os.fork() has
    returned.  In another thread than the first there are several in any case, and nobody knows when the first runs
    Python code."""
    if _thread.get_native_id() == os.getpid():
        _call_soon(start_when_returned)
    else:
        start_all()


def start_when_returned():
    """Called in the middle of any frame: that which forked, and none of a hook that it waits for; True if it is one."""
    interrupted = sys._getframe().f_back  # none where the interpreter runs it between two calls of C code
    frame = interrupted and interrupted.f_back
    while frame is not None:
        if id(frame) == hooks.forking_frame:
            return True
        frame = frame.f_back
    start_all()
    return False


def start_all():
    for each in list(armed.values()):
        try:
            each.start()
        except OSError as error:
            complain("heapy: signal %d writes no more snapshots: %s" % (each.signum, error))


def begin_all_in_child():
    for signum, each in list(armed.items()):
        if not each.is_inherited:
            del armed[signum]
            _end_wakes(signum)
            os.close(each.wake)
            continue
        try:
            each.begin_in_child()
        except OSError as error:
            del armed[signum]
            complain("heapy: signal %d writes no snapshots in process %d: %s" % (signum, os.getpid(), error))


def cancel_all():
    if not sys.is_finalizing():
        for each in list(armed.values()):
            each.cancel()

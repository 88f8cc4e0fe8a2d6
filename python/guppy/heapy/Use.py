"""The session: what guppy.hpy() returns."""

import os
import time

from .._heapyc import Session
from . import EndOfDump

__all__ = ["Session"]


def load_all(session, source):
    """Generate the stats of a file name or an open file (Session.loadall)."""
    if isinstance(source, (str, os.PathLike)):
        with open(source, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield from load_all(session, file)
        return
    lines = source if hasattr(source, "readline") else iter(source)
    while True:
        try:
            stat = session.load(lines)
        except EndOfDump:
            return
        yield stat


def load_and_print(session, source):
    """Print the stats of a file, and those appended to it later, until interrupted (Session.loadc)."""
    with open(source, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        while True:
            for stat in load_all(session, file):
                print(stat)
            time.sleep(1)


def dump_heaps(session, fn):
    """Append the stat of the heap to a file, again and again, until interrupted (Session.dumph)."""
    while True:
        print("Dumping stats to %s" % fn)
        session.heap().stat.dump(fn)
        time.sleep(1)


def describe_snapshot(session):
    """The text of a session that shows one moment (repr of what Session.snapshot() gives)."""
    moment = session.moment
    taken = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment.time))
    name = session._prefix[:-1]
    return "Snapshot of the heap of %s: %d objects.\nUse eg: %s.heap() for its table." % (taken, moment.count, name)


def browse_profile(session, filename=None):
    """Open the profile browser (Session.pb)."""
    from ..profiles.Browser import browse

    browse(filename)

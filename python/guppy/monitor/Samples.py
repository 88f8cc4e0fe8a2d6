"""What `watch` and `top` make of the samples that a target sends: rows with their growth, sorted and filtered."""

import math
import time
from dataclasses import dataclass

from .. import hpy
from .Client import NoAnswer
from .Texts import visible_line

__all__ = ["History", "Row", "Sample", "ask_sample", "due", "short"]

ORDERS = ("size", "count", "growth", "name")
MOST_POINTS = 500  # of the course
MOST = 1 << 62  # bytes, or seconds


@dataclass
class Row:
    """A kind: numbers now, and how much more than at the start and at the look before."""

    kind: str
    count: int
    size: int
    count_since_start: int = 0
    size_since_start: int = 0
    count_since_last: int = 0
    size_since_last: int = 0


class Sample:
    """The stat of a heap as a target sent it; ValueError, which says why, for what is none.

    kinds: count and size by name.  seconds: that it took.  pause: seconds until the next may be made.
    """

    def __init__(self, answer):
        try:
            stat = hpy().load(str(answer.get("dump", "")).splitlines(True))
        except (ValueError, StopIteration) as e:
            raise ValueError("its sample is none: %s" % e) from None
        self.stat = stat
        self.count, self.size = stat.count, stat.size
        self.rss = int(measure_in(answer, "rss"))
        self.seconds = measure_in(answer, "seconds")
        self.pause = measure_in(answer, "pause")
        self.kinds = {row.name: (row.count, row.size) for row in stat.get_rows()}


def measure_in(answer, name):
    """A number of an answer: finite and not below 0."""
    value = answer.get(name, 0)
    if type(value) not in (int, float) or not 0 <= value < MOST or math.isnan(value):
        raise ValueError("its sample is none: %s is %.40r" % (name, value))
    return value


def ask_sample(hub, peer, seconds, by="Clodo", **options):
    """A Sample of a target; NoAnswer when none comes within so many seconds, or what comes is none.

    options: those of Hub.ask().
    """
    answer = hub.ask(peer, "stat", seconds, by=by, **options)
    try:
        return Sample(answer)
    except ValueError as e:
        raise NoAnswer("process %d: %s" % (peer.pid, visible_line(str(e)))) from None


class History:
    """The samples that matter: the first, the last, the one before; and the course of the total."""

    def __init__(self):
        self.first = self.last = self.before = None
        self.course = []

    def add(self, sample):
        self.before = self.last or sample
        self.last = sample
        if self.first is None:
            self.first = sample
        self.course = [*self.course[1 - MOST_POINTS :], sample.size]

    def resume(self, course):
        """Go on after other kinds were asked for, which had this course: growth since the start is kept."""
        self.last = self.before = None
        self.course = course

    def set_reference(self):
        """Count growth since the start from now on."""
        self.first = self.before = self.last

    def rows(self, order="size", wanted=""):
        """A Row for every kind there is or was at the start, whose name has `wanted` in it."""
        if self.last is None:
            return []
        rows = []
        for kind in {**self.last.kinds, **self.first.kinds}:
            if wanted.lower() not in kind.lower():
                continue
            count, size = self.last.kinds.get(kind, (0, 0))
            count1, size1 = self.first.kinds.get(kind, (0, 0))
            count2, size2 = self.before.kinds.get(kind, (0, 0))
            rows.append(Row(kind, count, size, count - count1, size - size1, count - count2, size - size2))
        keys = {
            "size": lambda r: (-r.size, r.kind),
            "count": lambda r: (-r.count, r.kind),
            "growth": lambda r: (-r.size_since_start, -r.size, r.kind),
            "name": lambda r: (r.kind,),
        }
        return sorted(rows, key=keys[order])


def short(value, signed=False):
    """A number in five characters or so: 12345, 123K, 12.3M; with its sign if `signed`."""
    sign = "-" if value < 0 else "+" if signed and value else ""
    value = abs(value)
    if value < 100000:
        return "%s%d" % (sign, value)
    for unit in "KMGTPE":
        value /= 1000
        if value < 99.95:
            return "%s%.1f%s" % (sign, value, unit)
        if value < 999.5:
            return "%s%d%s" % (sign, round(value), unit)
    return "%s%dE" % (sign, value)


def due(interval, sample, began):
    """When the next sample is made: after the interval, but no earlier than the target allows."""
    return max(began + interval, time.monotonic() + sample.pause)

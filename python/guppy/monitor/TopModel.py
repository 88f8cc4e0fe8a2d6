"""What `top` shows: the lines of its screen, made of samples and of what keys have chosen.  Knows nothing of terminals."""

import os
import time

from .Samples import History, Sample, short
from .Texts import cut, padded, visible_line

__all__ = ["TopModel", "sparkline"]

BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = "_.-=#"
INTERVALS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
ORDERS = {"s": "size", "c": "count", "g": "growth", "n": "name"}
GROUPINGS = {"t": "Clodo", "y": "Type", "m": "Module"}
HEADS = {"Clodo": "Kind (class / dict of class)", "Type": "Kind (class)", "Module": "Kind (module)"}


def sparkline(values, width, bars=BARS):
    """The course of values in one row of characters."""
    values = values[-width:]
    if not values:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return bars[0] * len(values)
    return "".join(bars[int((value - low) * (len(bars) - 1) / (high - low))] for value in values)


class TopModel:
    """A process's heap as it develops, and how it is to be shown."""

    def __init__(self, peer, interval, by, bars=BARS):
        self.peer = peer
        self.interval = interval
        self.by = by
        self.bars = bars
        self.order = "size"
        self.wanted = ""
        self.is_paused = False
        self.histories = {by: History()}  # by grouping
        self.start = None  # the sample from which the growth of the whole heap counts
        self.chosen = 0  # row
        self.first = 0  # row shown at the top
        self.referrers = None  # (kind, rows) of what is shown instead
        self.trouble = ""
        self.next_time = 0.0

    # ---- samples ----

    def take(self, answer, began):
        """A sample has come, which was asked for at `began`; ValueError when it is none."""
        sample = Sample(answer)
        self.history.add(sample)
        self.start = self.start or sample
        self.trouble = ""
        self.next_time = max(began + self.interval, time.monotonic() + sample.pause)

    @property
    def history(self):
        """Of the grouping that is shown."""
        return self.histories[self.by]

    def group(self, by):
        """Show other kinds: growth counts from when they were shown first, and the course of the heap goes on."""
        course = self.history.course
        self.by = by
        self.histories.setdefault(by, History()).resume(course)
        self.next_time = 0.0

    def set_reference(self):
        """Count growth from now on, whatever is shown."""
        self.start = self.history.last
        self.history.set_reference()
        self.histories = {self.by: self.history}

    @property
    def real_interval(self):
        """The interval in force: the one asked for, or what keeps the load low."""
        last = self.history.last
        return max(self.interval, last.pause + last.seconds) if last else self.interval

    def take_referrers(self, kind, answer):
        self.trouble = ""
        self.referrers = (kind, sorted(Sample(answer).kinds.items(), key=lambda item: -item[1][1]))
        self.chosen = self.first = 0

    # ---- keys ----

    def press(self, key):
        """What a key without an answer from the process does; False when it is none of these."""
        if key in ORDERS:
            self.order = ORDERS[key]
        elif key in GROUPINGS:
            if self.by != GROUPINGS[key]:
                self.group(GROUPINGS[key])
        elif key == "r":
            self.set_reference()
        elif key == " ":
            self.is_paused = not self.is_paused
        elif key in "+-":
            faster = [i for i in INTERVALS if i < self.interval]
            slower = [i for i in INTERVALS if i > self.interval]
            self.interval = (faster[-1:] or [INTERVALS[0]])[0] if key == "-" else (slower[:1] or [INTERVALS[-1]])[0]
            self.next_time = min(self.next_time, time.monotonic() + self.interval)
        else:
            return False
        self.referrers = None
        return True

    def move(self, by):
        self.chosen = max(0, self.chosen + by)

    def leave_referrers(self):
        self.referrers = None
        self.chosen = self.first = 0

    @property
    def chosen_kind(self):
        rows = self.rows()
        return rows[min(self.chosen, len(rows) - 1)].kind if rows else None

    # ---- the screen ----

    def rows(self):
        return self.history.rows(self.order, self.wanted)

    def lines(self, height, width):
        """The lines of the screen, and the number of the one that is chosen (None: none)."""
        head = self._head(width)
        room = height - len(head) - 1
        if self.referrers is not None:
            rows = ["%9s %8s %-17s %s" % (short(c), short(s), "", visible_line(kind)) for kind, (c, s) in self.referrers[1]]
        else:
            rows = [
                "%9s %8s %8s %8s %8s %8s  %s"
                % (
                    short(row.count), short(row.size), short(row.count_since_start, True), short(row.size_since_start, True),
                    short(row.count_since_last, True), short(row.size_since_last, True), visible_line(row.kind),
                )
                for row in self.rows()
            ]  # fmt: skip
        self.chosen = max(0, min(self.chosen, len(rows) - 1))
        self.first = max(0, min(self.first, self.chosen))
        self.first = max(self.first, self.chosen - room + 1)
        shown = rows[self.first : self.first + room]
        shown += [""] * (room - len(shown))
        lines = [cut(line, width) for line in [*head, *shown, self._foot()]]
        return lines, len(head) + self.chosen - self.first if rows else None

    def _head(self, width):
        last = self.history.last
        state = "paused" if self.is_paused else "every %.3g s" % self.real_interval
        name, *arguments = self.peer.argv or ["?"]
        first = "PID %d  %s" % (self.peer.pid, visible_line(" ".join([os.path.basename(name), *arguments])))
        first = padded(cut(first, width - len(state) - 2), width - len(state)) + state
        if last is None:
            return [first, self.trouble or "Waiting for the first look ...", "", ""]
        grown = short(last.size - self.start.size, True)
        second = "RSS %s  heap %s in %d objects  %s since the start  " % (short(last.rss), short(last.size), last.count, grown)
        second += sparkline(self.history.course, max(0, min(40, width - len(second))), self.bars)
        if self.referrers is not None:
            third, fourth = "What refers to %s:" % visible_line(self.referrers[0]), "    Count     Size                   Kind"
        else:
            third = self.trouble or ("Filter: %s" % self.wanted if self.wanted else "")
            fourth = "    Count     Size   +Count    +Size   ~Count    ~Size  %s" % HEADS[self.by]
        return [first, second, third, fourth]

    def _foot(self):
        if self.referrers is not None:
            return "Esc back  q end"
        return "scgn sort  tym group  r reference  Enter referrers  / filter  Space pause  +-  q"

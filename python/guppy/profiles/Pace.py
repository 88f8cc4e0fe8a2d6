"""How often a heap is looked at: as asked for, unless looking would become the load."""

import re

from ..monitor.Budget import SHARE

__all__ = ["Pace", "interval_text", "parse_interval"]

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
LONGEST = 366 * 24 * 3600.0


def parse_interval(text):
    """Seconds of '500ms', '10s', '5m', '1h', '1.5s'; a number alone is seconds.  ValueError for anything else."""
    match = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,9})?) ?(ms|s|m|h)?", text.strip(), re.ASCII)
    seconds = float(match[1]) * UNITS[match[2] or "s"] if match else 0
    if not 0.001 <= seconds <= LONGEST:
        raise ValueError("%r is no interval: give a number above 0 with ms, s, m or h, such as 500ms or 10s" % text[:40])
    return seconds


def interval_text(seconds):
    """An interval as people write it."""
    for unit in ("h", "m", "s"):
        if seconds >= UNITS[unit] and not round(seconds / UNITS[unit] * 10) % 10:
            return "%.0f %s" % (seconds / UNITS[unit], unit)
    return "%.3g s" % seconds if seconds >= 1 else "%.3g ms" % (seconds * 1000)


class Pace:
    """The interval in force: the one asked for, or as long as keeps the share of looking small.

    asked, in_force: seconds between two looks.
    """

    def __init__(self, asked):
        self.asked = self.in_force = asked
        self.cost = 0.0  # of a look, in seconds: of late

    def note(self, seconds):
        """A look took so long.  One slow look counts, and is forgotten again."""
        self.cost = max(seconds, (self.cost + seconds) / 2)
        self.in_force = max(self.asked, self.cost / SHARE)

    @property
    def is_stretched(self):
        return self.in_force > self.asked

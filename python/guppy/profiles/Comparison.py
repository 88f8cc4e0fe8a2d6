"""The table of a profile: one sample's largest kinds, compared with another sample (W-40 to W-44).

A difference takes each kind's value from the whole other sample.
"""

import time

from .._heapyc import _hide_type
from .Numbers import percent, short
from .Selection import OTHER, OTHER_NAME, Kinds, with_other

__all__ = ["CHOICES", "DEFAULT_COLUMNS", "DIFFERENCE_COLUMNS", "Comparison", "parse_columns", "time_text"]

# What may stand in each column.
CHOICES = (
    ("A", "B"),
    ("Size", "Count"),
    ("%A:Tot", "%B:Tot"),
    ("Cumul", "A-B", "B-A"),
    ("%A:Tot", "%B:Tot"),
    ("Kind",),
)
WIDTHS = (2, 7, 7, 7, 7, 0)
DEFAULT_COLUMNS = ("A", "Size", "%A:Tot", "Cumul", "%A:Tot", "Kind")
DIFFERENCE_COLUMNS = ("A", "Size", "%B:Tot", "A-B", "%B:Tot", "Kind")
TOTAL_NAME = "<Total>"


def parse_columns(text):
    """The columns that words such as 'A Count %B:Tot A-B %B:Tot Kind' mean; ValueError when they mean none."""
    words = tuple(text.split())
    for place, choices in enumerate(CHOICES):
        if place >= len(words) or words[place] not in choices:
            given = repr(words[place]) if place < len(words) else "nothing"
            raise ValueError("column %d is one of %s, not %s" % (place + 1, " ".join(choices), given))
    if len(words) > len(CHOICES):
        raise ValueError("there are six columns: what is %r?" % " ".join(words[len(CHOICES) :]))
    return words


def time_text(seconds):
    """A time of a sample as people write it, in the local zone."""
    try:
        return time.asctime(time.localtime(seconds))
    except (OverflowError, ValueError, OSError):
        return "%g seconds" % seconds


@_hide_type
class Line:
    """A row of the table: numbers, not yet text.

    kind    the kind's number, OTHER, or None for the total
    value   its size or count (column 2)
    change  its running sum or difference (column 4)
    """

    __slots__ = ("kind", "name", "value", "change")

    def __init__(self, kind, name, value, change):
        self.kind, self.name, self.value, self.change = kind, name, value, change


@_hide_type
class Comparison:
    """The table of the samples numbered a and b of a profile; negative numbers count from the end.

    columns  six words, see CHOICES
    by       what decides which kinds are shown and in which order: 'size' or 'count'
    top      how many kinds
    text     only kinds whose names hold it
    sort     None: as the graph has them; 'difference': those that changed most, largest change first

    lines are the rows, total the row above them.  Without samples there is neither.
    """

    def __init__(self, profile, a=-1, b=0, columns=DEFAULT_COLUMNS, by="size", top=10, text="", sort=None, kinds=None):
        self.columns = tuple(columns)
        self.by, self.top, self.sort = by, top, sort
        self.store = profile.store
        self.kinds = kinds or Kinds(self.store)
        self.text = text
        self.a = self.b = self.chosen = self.other = None
        self.total, self.lines = None, []
        if len(profile):
            self.a, self.b = profile[a], profile[b]
            self.chosen, self.other = (self.a, self.b) if self.columns[0] == "A" else (self.b, self.a)
            self._compare()

    @property
    def quantity(self):
        """'size' or 'count', as column 2 says."""
        return self.columns[1].lower()

    @property
    def is_difference(self):
        return self.columns[3] != "Cumul"

    def uses_other(self):
        """Whether a column refers to the sample that the table is not about."""
        other = "B" if self.columns[0] == "A" else "A"
        return any(other in column.partition(":")[0] for column in self.columns[1:5] if column != "Cumul")

    # ---- numbers ----

    def _compare(self):
        pairs = self._shown()
        listed = [kind for kind, value in pairs if kind != OTHER]
        ours = self._values(self.chosen, listed)
        theirs = self._values(self.other, listed) if self.is_difference else {}
        running = 0
        for kind, value in pairs:
            running += ours[kind]
            self.lines.append(Line(kind, self.kinds.name(kind), ours[kind], self._change(ours, theirs, kind, running)))
        ours[None], theirs[None] = (sample.total(self.quantity) for sample in (self.chosen, self.other))
        self.total = Line(None, TOTAL_NAME, ours[None], self._change(ours, theirs, None, ours[None]))

    def _change(self, ours, theirs, kind, running):
        if not self.is_difference:
            return running
        chosen_first = self.columns[3][0] == self.columns[0]
        return ours[kind] - theirs[kind] if chosen_first else theirs[kind] - ours[kind]

    def _values(self, sample, listed):
        """The values of the listed kinds in a sample, and what is left of its total as OTHER."""
        values = dict(zip(listed, self.store.values(sample.number, self.quantity == "count", listed)))
        values[OTHER] = sample.total(self.quantity) - sum(values.values())
        return values

    def _mask(self):
        if not self.text:
            return None
        text = self.text.lower()
        return bytes(text in name.lower() for name in self.kinds.names())

    def _shown(self):
        """[(kind, value)]: which kinds stand in the table, in its order."""
        if self.sort == "difference":
            return self._most_changed()
        sample = self.chosen
        pairs = self.store.largest(sample.number, self.by == "count", self.top, self._mask())
        return with_other(pairs, sample.kind_count, sample.total(self.by))

    def _most_changed(self):
        by_count = self.quantity == "count"
        mask = self._mask()
        kinds = [kind for kind in range(self.store.kind_count()) if mask is None or mask[kind]]
        chosen, other = (self.store.values(s.number, by_count, kinds) for s in (self.chosen, self.other))
        changed = [(abs(x - y), kind) for x, y, kind in zip(chosen, other, kinds) if x or y]
        changed.sort(key=lambda item: -item[0])
        pairs = [(kind, change) for change, kind in changed[: self.top]]
        present = max(self.chosen.kind_count, self.other.kind_count)
        if len(changed) > len(pairs) or (mask is not None and present > len(pairs)):
            pairs.append((OTHER, 0))
        return pairs

    # ---- text ----

    def cells(self, line):
        """The texts of columns 2 to 6 of a row."""
        totals = {"A": self.a.total(self.quantity), "B": self.b.total(self.quantity)}
        return (
            short(line.value),
            percent(line.value, totals[self.columns[2][1]]),
            short(line.change),
            percent(line.change, totals[self.columns[4][1]]),
            line.name,
        )

    def sample_lines(self):
        """'Sample A: 11 at Sun Nov 22 12:39:11 2026', and the other sample's if a column refers to it."""
        if self.chosen is None:
            return ["-- No Sample --"]
        names = "AB" if self.columns[0] == "A" else "BA"
        samples = [(names[0], self.chosen)] + ([(names[1], self.other)] if self.uses_other() else [])
        width = max(len(str(sample.number)) for name, sample in samples)
        return ["Sample %s: %*d at %s" % (name, width, s.number, time_text(s.time)) for name, s in samples]

    def __str__(self):
        lines = self.sample_lines()
        if self.total is None:
            return lines[0]
        lines += ["", self._joined(self.columns[0], self.columns[1:]), ""]
        lines += [self._joined("", self.cells(self.total)), ""]
        lines += [self._joined("@", self.cells(line)) for line in self.lines]
        return "\n".join(lines)

    @staticmethod
    def _joined(mark, cells):
        parts = [mark.ljust(WIDTHS[0])]
        parts += [cell.rjust(width - 1) + " " for cell, width in zip(cells[:-1], WIDTHS[1:])]
        return "".join(parts) + one_line(cells[-1])

    def records(self):
        """The rows as dicts of numbers, the total first: what --json and --csv write."""
        if self.total is None:
            return []
        totals = {"A": self.a.total(self.quantity), "B": self.b.total(self.quantity)}
        records = []
        for line in [self.total] + self.lines:
            record = {"kind": line.name, self.quantity: line.value}
            record["percent"] = share(line.value, totals[self.columns[2][1]])
            record["difference" if self.is_difference else "cumulative"] = line.change
            record["difference_percent" if self.is_difference else "cumulative_percent"] = share(
                line.change, totals[self.columns[4][1]]
            )
            records.append(record)
        return records


def share(part, whole):
    """Percent, exact as far as a float is; None of nothing."""
    return 100 * part / whole if whole else None


def one_line(name):
    """A name without characters that would leave its line or change the terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)

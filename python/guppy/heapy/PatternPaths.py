"""The paths from the objects of one row of a reference pattern to those of row 0, as lines."""

from .._heapyc import _hide_type
from .OutputHandling import PagedLines
from .PatternLines import PAGE, more_lines, short_name


@_hide_type
class PatternPaths(PagedLines):
    """The ways from the objects of one row of a pattern to those of row 0."""

    __slots__ = ("_rp", "_row", "_rows", "_members", "_numbers", "_shown", "_sources", "_lines", "_ends")

    def __init__(self, rp, row, andsets):
        self._rp = rp
        self._row = row
        self._rows = []
        while row is not None:
            self._rows.append(row)
            row = row.parent
        self._members = [self._objects(row, s) for row, s in zip(self._rows, self._restrictions(andsets))]
        self._numbers = [{address: i for i, address in members} for members in self._members]
        self._lines, self._ends = [], []
        self._shown = {}  # (level, address) to the line where its way begins
        self._sources = iter(self._members[0])  # whose ways have not been made

    def _restrictions(self, andsets):
        if isinstance(andsets, dict):
            named = {}
            for key, set in andsets.items():
                named[self._rp.get_row(key).index] = set
            return [named.get(row.index) for row in self._rows]
        if not isinstance(andsets, (list, tuple)):
            raise TypeError("andsets argument must be dict, tuple, or list")
        if len(andsets) > len(self._rows):
            raise ValueError("andsets argument is too long")
        return list(andsets) + [None] * (len(self._rows) - len(andsets))

    def _objects(self, row, restriction):
        """The addresses of a row's objects, with their numbers in order of identity, less what is restricted."""
        kept = self._rp._kept(row)
        if restriction is not None:
            kept = kept & restriction
        return [(i, part.addresses[0]) for i, part in enumerate(kept.byid.parts)]

    def _steps(self, level, source):
        """The objects of the next row that an object refers to, in their order, with the relations."""
        found = {}
        numbers = self._numbers[level + 1]
        for target, code, text in self._rp._snapshot._whole().relations_at(source):
            if target in numbers:
                found.setdefault(target, []).append(text if code != -1 else "??")
        return sorted(found.items(), key=lambda step: numbers[step[0]])

    def _make(self, source):
        """Make the lines of all ways of a source, with a stack instead of recursion."""
        shown = self._shown
        waiting = [(0, source, None)]
        while waiting:
            level, obj, step = waiting.pop()
            first = len(self._lines)
            if step is None:
                steps = self._steps(level, obj) if level + 1 < len(self._rows) else []
                if level + 1 == len(self._rows):
                    shown[level, obj] = first
                    self._add(level, obj, "= " + self._rp._snapshot.at(obj).brief, True)
                elif steps:
                    shown[level, obj] = first
                    waiting.extend((level, obj, step) for step in reversed(steps))
                continue
            target, texts = step
            known = shown.get((level + 1, target))
            text = "@ " + " / ".join(texts)
            if known is not None:
                self._add(level, obj, "%s -> #%d" % (text, known), True)
            elif level + 2 < len(self._rows) and not self._steps(level + 1, target):
                continue  # leads nowhere
            else:
                self._add(level, obj, text, False)
                waiting.append((level + 1, target, None))

    def _add(self, level, obj, text, is_end):
        names = [short_name(row.path) for row in self._rows]
        digits = len(str(max(self._rp._own_set(row).count for row in self._rows)))
        number = "[%d]" % self._numbers[level][obj]
        start = "%s %s" % (names[level].ljust(max(map(len, names))), number.rjust(digits + 2))
        row = self._rows[level]
        pad = " " * (len(self._rows[0].path) + 1 - len(row.path))
        self._lines.append("%2d: %s%s%s" % (len(self._lines), start, pad, text))
        self._ends.append(is_end)

    def _until(self, count):
        while len(self._lines) < count:
            source = next(self._sources, None)
            if source is None:
                return
            self._make(source[1])

    # What PagedLines asks

    def _label(self):
        return "Paths from source '%s' to target '_'." % short_name(self._row.path)

    def _page_size(self):
        return PAGE

    def _page_end(self, start):
        end = PagedLines._page_end(self, start)
        while end < len(self._lines) and not self._ends[end - 1]:  # whole ways only
            end += 1
            self._until(end + 1)
        return end

    def _line_count(self, known):
        self._until(known + 1)
        return len(self._lines) if len(self._lines) <= known else None

    def _more_message(self, rest):
        return more_lines(rest)

    def _end_message(self):
        return ""

    def _lines_from(self, start):
        at = start
        while True:
            self._until(at + 1)
            if at >= len(self._lines):
                return
            yield self._lines[at]
            at += 1

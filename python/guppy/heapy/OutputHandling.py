"""How tables and tracebacks are shown page by page.

Setting, at Root().guppy.heapy.OutputHandling: max_more_lines, the rows of a page.
"""

import linecache
from itertools import islice

from .._heapyc import AllPrinter, MorePrinter, Printer, _hide_type

__all__ = ["AllPrinter", "AllocationTrace", "MorePrinter", "Printer"]


@_hide_type
class LinePage:
    """Lines of a text from some line on: a page of them, with `more` and `all`."""

    __slots__ = ("_lines", "_first", "_size")

    def __init__(self, lines, first, size):
        self._lines = lines
        self._first = first
        self._size = size

    def __repr__(self):
        end = self._first + self._size
        shown = self._lines[self._first : end]
        if len(self._lines) > end:
            shown = shown + ["<Lines %d..%d. Type e.g. '_.more' for more.>" % (self._first, end - 1)]
        return "\n".join(shown)

    @property
    def more(self):
        """The lines after these; an empty text after the last."""
        return LinePage(self._lines, self._first + self._size, self._size)

    @property
    def all(self):
        """Every line."""
        return LinePage(self._lines, 0, max(len(self._lines), 1))


class PagedLines:
    """What is printed a page of lines at a time.  Derived classes say what the lines are:

    _page_size()       lines of a page
    _label()           a first line, or None
    _lines_from(i)     the lines from number i on, made as they are asked for
    _line_count(n)     how many lines there are in all; None when there are more than n and it is not known
    _more_message(n)   the line that says that n more follow; n is None when that is not known
    _end_message()     what `more` shows after the last line
    """

    __slots__ = ()

    def _label(self):
        return None

    def _page_end(self, start):
        """The number after the last line of a page: one line that would be left alone is taken along."""
        end = start + self._page_size()
        count = self._line_count(end + 1)
        return count if count is not None and count <= end + 1 else end

    def _page(self, start, with_label):
        label = self._label() if with_label else None
        shown = [] if label is None else [label]
        end = self._page_end(start)
        lines = list(islice(self._lines_from(start), end - start)) if end > start else []
        if not lines and start:
            return self._end_message()
        count = self._line_count(end)
        if count is None or count > end:
            lines.append(self._more_message(None if count is None else count - end))
        return "\n".join(shown + lines)

    def _whole(self):
        label = self._label()
        lines = [] if label is None else [label]
        return "\n".join(lines + list(self._lines_from(0)))

    def __repr__(self) -> str:
        return self._page(0, True)

    @property
    def more(self) -> "LinesPrinter":
        """The next page."""
        return LinesPrinter(self, self, self._page_end(0))

    @property
    def all(self) -> "AllLines":
        """Every line."""
        return AllLines(self)

    @property
    def top(self):
        """The whole, of which this is the first page."""
        return self

    @property
    def printer(self) -> "LinesPrinter":
        """What prints this."""
        return LinesPrinter(self, self, 0)


class PagedTable(PagedLines):
    """The same of a table that the engine writes.  Derived classes say what it is:

    _page_size()                rows of a page
    _line_count(n)              rows in all
    _written(how, first, rows, with_label)   rows from number `first` on, at most so many (0: all), as text, json or csv
    """

    __slots__ = ()

    def _page(self, start, with_label):
        if start and start >= self._line_count(start):
            return ""
        return self._written("text", start, self._page_size(), with_label)

    def _whole(self):
        return self._written("text", 0, 0, True)

    def as_json(self) -> str:
        """The whole table as a JSON object on one line."""
        return self._written("json", 0, 0, False)

    def as_csv(self) -> str:
        """The whole table as comma-separated values: a line with the names of the columns and a line a row."""
        return self._written("csv", 0, 0, False)


@_hide_type
class LinesPrinter:
    """A page that is not the first; other attributes are those of the whole."""

    __slots__ = ("_top", "_previous", "_start")

    def __init__(self, top, previous, start):
        self._top = top
        self._previous = previous
        self._start = start

    def __repr__(self):
        return self._top._page(self._start, not self._start)

    @property
    def more(self):
        """The next page."""
        return LinesPrinter(self._top, self, self._top._page_end(self._start))

    @property
    def all(self):
        """Every line."""
        return self._top.all

    @property
    def top(self):
        """The whole."""
        return self._top

    @property
    def prev(self):
        """The page before this one."""
        return self._previous

    def __getattr__(self, name):
        return getattr(self._top, name)

    def __getitem__(self, index):
        return self._top[index]


@_hide_type
class AllLines:
    """Every line of what is otherwise shown page by page."""

    __slots__ = ("_top",)

    def __init__(self, top):
        self._top = top

    def __repr__(self):
        return self._top._whole()

    @property
    def top(self):
        """The whole."""
        return self._top

    def __getattr__(self, name):
        return getattr(self._top, name)

    def __getitem__(self, index):
        return self._top[index]


def _lines_of_frame(file, line):
    yield '  File "%s", line %d' % (file, line)
    source = linecache.getline(file, line).strip()
    if source:
        yield "    " + source


@_hide_type
class AllocationTrace(LinePage):
    """Where an object was allocated: the frames of tracemalloc, most recent first, to be printed."""

    __slots__ = ()

    def __init__(self, session, frames):
        lines = ["Traceback (most recent call first):"]
        for file, line in frames:
            lines.extend(_lines_of_frame(file, line))
        super().__init__(lines, 0, session._get_setting("max_more_lines"))

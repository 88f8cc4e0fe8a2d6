"""How tables and tracebacks are shown page by page.

Setting, at Root().guppy.heapy.OutputHandling: max_more_lines, the rows of a page.
"""

import linecache

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

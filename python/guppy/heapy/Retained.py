"""The table of a set with what each of its rows retains."""

from .._heapyc import _hide_type, _write_table
from .OutputHandling import PagedTable

__all__ = ["RetainedRow", "RetainedTable"]


@_hide_type
class RetainedRow:
    """A row: index, count, size (bytes of the objects alone), retained (bytes freed with them) and name."""

    __slots__ = ("index", "count", "size", "retained", "name", "_set")

    def __init__(self, index, row, retained, set):
        self.index = index
        self.count = row.count
        self.size = row.size
        self.retained = retained
        self.name = row.name
        self._set = set

    @property
    def set(self):
        """The objects of the row."""
        return self._set


@_hide_type
class RetainedTable(PagedTable):
    """The rows of a set's table by what each retains as a whole, the most first (IdentitySet.byretained).

    A row's retained size is what would be freed if all of its objects went: rows may share what they retain, and
    what only two of them keep together is retained by neither, so the column does not add up.
    """

    __slots__ = ("set", "rows", "_total", "_page_rows")

    def __init__(self, set):
        self.set = set
        self._page_rows = set._session._get_setting("max_more_lines")
        retained = set._retained_rows()
        partition = set.partition if set.count else None
        found = [(partition.get_row(i), bytes) for i, bytes in enumerate(retained)]
        found.sort(key=lambda item: -item[1])
        self.rows = [RetainedRow(i, row, bytes, row.set) for i, (row, bytes) in enumerate(found)]
        self._total = set.size

    def __getitem__(self, index):
        return self.rows[index].set

    def __len__(self):
        return len(self.rows)

    # What PagedTable asks

    def _page_size(self):
        return self._page_rows

    def _line_count(self, shown):
        return len(self.rows)

    def _written(self, how, first, rows, with_label):
        end = min(len(self.rows), first + rows + 1) if rows else len(self.rows)
        shown = [(row.index, row.count, row.size, row.retained, row.name) for row in self.rows[first:end]]
        header = self.set.partition.kindheader if self.set.count else ""
        return _write_table(
            how, header, self.set.count, self._total, shown, first, len(self.rows), rows, with_label
        )

"""The heap as tables for pyarrow, Polars, DuckDB and pandas, by Arrow's C stream interface."""

from .._heapyc import _hide_type

__all__ = ["EdgeColumns", "ObjectColumns"]


class Columns:
    """A table that other packages read; each reading begins anew, of a live heap with the heap of then."""

    __slots__ = ("_session",)
    _what = ""

    def __init__(self, session):
        self._session = session

    def __arrow_c_stream__(self, requested_schema=None):
        """A capsule of the rows in batches, for a package that reads Arrow.  A schema that is asked for is not
        made: readers convert."""
        return self._session._arrow_stream(self._what)

    def __repr__(self):
        return "<%s for packages that read Arrow, such as pyarrow.table() and polars.DataFrame()>" % self._title


@_hide_type
class ObjectColumns(Columns):
    """A row an object: node, address, type, kind, size, length, owner, text."""

    __slots__ = ()
    _what, _title = "objects", "objects"

    @property
    def retained(self):
        """The same with two columns more: retained, the bytes that go with it, and dominator, who keeps it."""
        return RetainedColumns(self._session)


@_hide_type
class RetainedColumns(Columns):
    """A row an object, with what it retains and its dominator."""

    __slots__ = ()
    _what, _title = "retained", "objects and what they retain"


@_hide_type
class EdgeColumns(Columns):
    """A row for each name of each reference: source, target, relation, name, number, key."""

    __slots__ = ()
    _what, _title = "edges", "references"

"""The dominator tree, printed and walked a branch at a time."""

from .._heapyc import _hide_type
from .OutputHandling import PagedLines

__all__ = ["DominatorTree", "dominator_tree"]


@_hide_type
class DominatorTree(PagedLines):
    """A branch of the dominator tree: an object and what goes when it goes.

    str(t) shows the largest branches below it, `t[i]` is one of them.  `object` is None at the root.
    """

    __slots__ = ("_snapshot", "object", "retained", "size", "parent", "_children")

    def __init__(self, snapshot, object, retained, size, parent):
        self._snapshot = snapshot
        self.object = object
        self.retained = retained
        self.size = size
        self.parent = parent
        self._children = None

    def _below(self):
        if self._children is None:
            self._children = self._snapshot.moment.dominated(self.object)
        return self._children

    @property
    def set(self):
        """The identity set of the object, in the snapshot; that of the root's branches at the root."""
        return self._snapshot.heap() if self.parent is None else self._snapshot.iso(self.object)

    def __len__(self):
        return len(self._below())

    def __bool__(self):
        return True

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [DominatorTree(self._snapshot, *item, self) for item in self._below()[index]]
        return DominatorTree(self._snapshot, *self._below()[index], self)

    # What PagedLines asks

    def _name(self):
        return "the root" if self.parent is None else self.set.brief

    def _label(self):
        return "Dominated by %s: %d branches. Retained size = %d bytes.\n Index   Retained   %%     Size  Brief" % (
            self._name(),
            len(self),
            self.retained,
        )

    def _page_size(self):
        return self._snapshot._get_setting("max_more_lines")

    def _lines_from(self, start):
        for index in range(start, len(self)):
            object, retained, size = self._below()[index]
            yield "%6d %10d %3.0f %8d  %s" % (
                index,
                retained,
                retained * 100.0 / max(self.retained, 1),
                size,
                self._snapshot.iso(object).brief,
            )

    def _line_count(self, shown):
        return len(self)

    def _more_message(self, rest):
        return "<%d more branches. Type e.g. '_.more' to view.>" % rest

    def _end_message(self):
        return ""


def dominator_tree(session):
    """The tree below the root, of a session's snapshot or of now (Session.dominators)."""
    snapshot = session if session.moment is not None else session.snapshot()
    return DominatorTree(snapshot, None, snapshot.moment.total, 0, None)

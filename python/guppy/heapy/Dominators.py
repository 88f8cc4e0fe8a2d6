"""The dominator tree, printed and walked a branch at a time."""

from .._heapyc import _hide_type, _write_table
from .OutputHandling import PagedTable

__all__ = ["DominatorTree", "dominator_tree"]

NAMED_AT_ONCE = 200  # branches of a table, the largest: to name one is to search its shortest path


@_hide_type
class DominatorTree(PagedTable):
    """A branch of the dominator tree: an object and what goes when it goes.

    str(t) shows the largest branches below it, and how each hangs from it; `t[i]` is one of them, `t[i].hangs` that
    text.  At the root `object` and `parent` are None.
    """

    __slots__ = ("_snapshot", "_address", "retained", "size", "parent", "_children")

    def __init__(self, snapshot, address, retained, size, parent):
        self._snapshot = snapshot
        self._address = address
        self.retained = retained
        self.size = size
        self.parent = parent
        self._children = None

    def _below(self):
        if self._children is None:
            of = () if self.parent is None else (self._address,)
            self._children = self._snapshot._whole().dominated_at(*of)
        return self._children

    @property
    def object(self):
        """The object; ValueError in a session whose objects are not in this process."""
        return None if self.parent is None else self.set.theone

    @property
    def set(self):
        """The identity set of the object, in the snapshot; that of the root's branches at the root."""
        return self._snapshot.heap() if self.parent is None else self._snapshot.at(self._address)

    @property
    def hangs(self):
        """The shortest path from the parent: a variable, attribute or key, or several after each other."""
        return "" if self.parent is None else self.parent._path_to(self.set)

    def _path_to(self, set):
        snapshot, is_root = self._snapshot, self.parent is None
        paths = set.get_shpaths(None if is_root else self.set)
        return paths[0]._steps.text("Root" if is_root else "", True) if paths.numpaths else ""

    def __len__(self):
        return len(self._below())

    def __bool__(self):
        return True

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [DominatorTree(self._snapshot, *item, self) for item in self._below()[index]]
        return DominatorTree(self._snapshot, *self._below()[index], self)

    # What PagedTable asks

    def _page_size(self):
        return self._snapshot._get_setting("max_more_lines")

    def _line_count(self, shown):
        return len(self)

    def _written(self, how, first, rows, with_label):
        end = min(len(self), first + rows + 1) if rows else len(self)
        shown = []
        for index in range(first, end):
            address, retained, size = self._below()[index]
            set = self._snapshot.at(address)
            brief = set.brief
            hangs = self._path_to(set) if index - first < NAMED_AT_ONCE else ""
            shown.append((index, 1, size, retained, "%s  %s" % (brief, hangs) if hangs else brief))
        name = "the root" if self.parent is None else self.set.brief
        return _write_table(
            how, True, name, "Brief", len(self), self.retained, shown, first, len(self), rows, with_label
        )


def dominator_tree(session):
    """The tree below the root, of a session's snapshot or of now (Session.dominators)."""
    snapshot = session if session.moment is not None else session.snapshot()
    whole = snapshot._whole()
    return DominatorTree(snapshot, None, whole.total, 0, None)

"""The dominator tree, printed and walked a branch at a time."""

from .._heapyc import _hide_type
from .OutputHandling import PagedTable

TYPE_CHECKING = False  # which type checkers take for True
if TYPE_CHECKING:
    from typing import overload

    from .._heapyc import IdentitySet

__all__ = ["DominatorTree", "dominator_tree"]


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
        self.retained: int = retained
        self.size: int = size
        self.parent: DominatorTree | None = parent
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
    def set(self) -> "IdentitySet":
        """The identity set of the object, in the snapshot; that of the root's branches at the root."""
        return self._snapshot.heap() if self.parent is None else self._snapshot.at(self._address)

    @property
    def hangs(self) -> str:
        """The shortest path from the parent: a variable, attribute or key, or several after each other."""
        if self.parent is None:
            return ""
        return self._snapshot._whole().branch_path(self.parent._address, self._address)

    def __len__(self) -> int:
        return len(self._below())

    def __bool__(self) -> bool:
        return True

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, index: int) -> "DominatorTree": ...
        @overload
        def __getitem__(self, index: slice) -> "list[DominatorTree]": ...

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
        return self._snapshot._whole().write_branches(self._address, how, first, rows, with_label)


def dominator_tree(session):
    """The tree below the root, of a session's snapshot or of now (Session.dominators)."""
    snapshot = session.snapshot()
    whole = snapshot._whole()
    return DominatorTree(snapshot, None, whole.total, 0, None)

"""Objects classified one by one, as an equivalence relation does it for sets."""

from .._heapyc import _hide_type

__all__ = ["ObjectClassifier"]


@_hide_type
class ObjectClassifier:
    """What an equivalence relation makes of single objects: `er.classifier.cli`."""

    __slots__ = ("er",)

    def __init__(self, er):
        self.er = er

    @property
    def self(self):
        """The relation that classifies."""
        return self.er

    def _set(self, objects):
        return self.er._session.idset(objects, self.er)

    def classify(self, obj):
        """The kind of an object."""
        return self.er._session.iso(obj, er=self.er).kind

    def partition(self, iterable):
        """The objects of an iterable by their kinds: a list of (kind, list of objects)."""
        return [(part.kind, list(part.nodes)) for part in self._set(iterable).parts]

    def epartition(self, iterable):
        """The same by equivalence alone: a list of lists of objects."""
        return [list(part.nodes) for part in self._set(iterable).parts]

    def select(self, iterable, kind, cmp):
        """The objects of an iterable whose kind is `cmp` ('==', '!=', '<', '<=', '>' or '>=') a kind."""
        return list((self._set(iterable) & kind.alt(cmp)).nodes)

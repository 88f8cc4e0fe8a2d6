"""How one object refers to another, as an object that can be printed and compared."""

import reprlib

from .._heapyc import _hide_type, reference_forms

__all__ = ["MultiRelation", "Relation", "relation_of_all"]

(
    IDENTITY,
    ATTRIBUTE,
    INDEXVAL,
    INDEXKEY,
    INTERATTR,
    HASATTR,
    LOCAL_VAR,
    CELL,
    STACK,
    INSET,
    LIMIT,
) = range(11)
NORELATION = -1
SHOWN_BY_REPR = {INDEXVAL, LOCAL_VAR, CELL}  # others are names and numbers


@_hide_type
class KeyElsewhere:
    """A key of a dict in another process: what is known of it is its text."""

    __slots__ = ("brief", "whole")

    def __init__(self, brief, whole):
        self.brief = brief
        self.whole = whole

    def __repr__(self):
        return self.whole

    def __eq__(self, other):
        return isinstance(other, KeyElsewhere) and self.whole == other.whole

    def __lt__(self, other):
        return self.whole < other.whole if isinstance(other, KeyElsewhere) else NotImplemented

    def __hash__(self):
        return hash(self.whole)


def short_repr(relator):
    """The repr of a key, cut where it is long, whatever its code does (R-21)."""
    if isinstance(relator, KeyElsewhere):
        return relator.brief
    try:
        return reprlib.repr(relator)
    except Exception:
        return "<%s instance at %#x>" % (type(relator).__name__, id(relator))


def full_repr(relator):
    """The whole repr of a key, or the short one where that fails."""
    try:
        return repr(relator)
    except Exception:
        return short_repr(relator)


@_hide_type
class Relation:
    """How a source refers to its target: a kind, 1 to 10, and the relator, what it is about.

    Ordered by kind and then relator; hashable where the relator is.  ValueError for any other kind.
    """

    __slots__ = ("kind", "relator")

    def __init__(self, kind, relator):
        if not 0 < kind < 11:
            raise ValueError("rel_new: Invalid relation kind: %d, must be > 0 and < 11." % kind)
        self.kind = kind
        self.relator = relator

    def applied(self, source, safe=True):
        """The text of the target, `source` being the text of the source."""
        kind, relator = self.kind, self.relator
        show = short_repr if safe else full_repr
        if kind == LIMIT:
            return relator % source
        before, between, after, has_relator = reference_forms[kind]
        if not has_relator:
            return before + source + between + after
        shown = show(relator) if kind in SHOWN_BY_REPR else str(relator)
        if kind == INTERATTR and shown.startswith(("[", ".")):  # a place in an array, a variable in a cell
            between = ""
        return before + source + between + shown + after

    def stra(self, safe=True):
        """The text with %s for the source; safe=False shows keys at full length."""
        return str_of_applied(self, safe)

    def __str__(self):
        return self.stra()

    def _key(self):
        return (self.kind, self.relator)

    def __eq__(self, other):
        if not isinstance(other, Relation):
            return NotImplemented
        return self._key() == other._key()

    def __lt__(self, other):
        if not isinstance(other, Relation):
            return NotImplemented
        if self.kind != other.kind:
            return self.kind < other.kind
        try:
            return bool(self.relator < other.relator)
        except Exception:
            return type(self.relator).__name__ < type(other.relator).__name__

    def __gt__(self, other):
        return other < self

    def __le__(self, other):
        return self == other or self < other

    def __ge__(self, other):
        return self == other or other < self

    def __hash__(self):
        return hash(self._key())


def str_of_applied(relation, safe):
    """The text of a relation of %s: what else has a % is doubled, so that the text % source works."""
    marked = relation.applied("\0", safe)
    return marked.replace("%", "%%").replace("\0", "%s", 1)


def make_relation(kind, relator):
    """A relation of any kind, the identity and the unknown one too."""
    relation = Relation.__new__(Relation)
    relation.kind = kind
    relation.relator = relator
    return relation


@_hide_type
class MultiRelation:
    """Several relations between the same two objects."""

    __slots__ = ("relations",)

    def __init__(self, relations):
        self.relations = tuple(relations)

    def stra(self, safe=True):
        """The texts with %s for the source, between angle brackets."""
        return "<%s>" % ",".join(r.stra(safe) for r in self.relations)

    def __str__(self):
        return self.stra()


def relation_of_all(relations):
    """One relation for all that hold between two objects; the unknown one when none is known."""
    if not relations:
        return make_relation(NORELATION, None)
    return relations[0] if len(relations) == 1 else MultiRelation(relations)

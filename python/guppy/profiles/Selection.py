"""Which kinds of a profile are shown: the largest of each sample, the rest summed as <Other> (W-31)."""

from .._heapyc import _hide_type
from .Colours import OTHER_COLOUR, colour_of

__all__ = ["OTHER", "OTHER_NAME", "Kinds", "Selection", "with_other"]

OTHER = -1  # stands for the kind that the rest is
OTHER_NAME = "<Other>"


def with_other(pairs, kind_count, total):
    """[(kind, value)] of the largest kinds, with (OTHER, rest) at its sorted place if there are more kinds."""
    pairs = list(pairs)
    if kind_count > len(pairs):
        rest = total
        for kind, value in pairs:
            rest -= value
        at = len(pairs)
        while at and pairs[at - 1][1] < rest:
            at -= 1
        pairs.insert(at, (OTHER, rest))
    return pairs


@_hide_type
class Kinds:
    """Names and colours of the kinds of a profile, by number; each is looked up once."""

    def __init__(self, store):
        self.store = store
        self._names = []
        self._colours = {OTHER: OTHER_COLOUR}

    def names(self):
        """The names of all kinds so far; its index is the kind."""
        for kind in range(len(self._names), self.store.kind_count()):
            self._names.append(self.store.kind_name(kind))
        return self._names

    def name(self, kind):
        if kind == OTHER:
            return OTHER_NAME
        return self._names[kind] if kind < len(self._names) else self.store.kind_name(kind)

    def colour(self, kind):
        """#rrggbb."""
        colour = self._colours.get(kind)
        if colour is None:
            colour = self._colours[kind] = colour_of(self.name(kind))
        return colour


@_hide_type
class Selection:
    """What is drawn of each sample: the `top` largest kinds by size or count, among those whose names hold a text.

    Answers are kept until the choice changes, so moving and zooming asks for nothing twice.
    """

    def __init__(self, profile, by="size", top=10, text=""):
        self.profile = profile
        self.by, self.top, self.text = by, top, text
        self.store = profile.store
        self.kinds = Kinds(self.store)
        self._segments = {}
        self._totals = []
        self._mask = None
        self._bands = None

    def choose(self, by=None, top=None, text=None):
        """Show something else."""
        self.by = self.by if by is None else by
        self.top = self.top if top is None else top
        self.text = self.text if text is None else text
        self._segments.clear()
        self._totals.clear()
        self._mask = self._bands = None

    def follow(self):
        """Take notice that the profile has grown or was read anew."""
        if self.profile.store is not self.store:
            self.store = self.profile.store
            self.kinds = Kinds(self.store)
            self._segments.clear()
            self._totals.clear()
        self._mask = self._bands = None

    def among(self):
        """For each kind a byte, 1 if its name holds the text asked for; None for all."""
        if self.text and self._mask is None:
            text = self.text.lower()
            self._mask = bytes(text in name.lower() for name in self.kinds.names())
        return self._mask if self.text else None

    def __len__(self):
        return len(self.store)

    def totals(self):
        """The total of each sample."""
        if len(self._totals) < len(self.store):
            by, header = 2 if self.by == "size" else 1, self.store.header
            self._totals += [header(number)[by] for number in range(len(self._totals), len(self.store))]
        return self._totals

    def segments(self, number):
        """[(kind, value)] of a sample, largest first, with OTHER at its place."""
        found = self._segments.get(number)
        if found is None:
            pairs = self.store.largest(number, self.by == "count", self.top, self.among())
            found = with_other(pairs, self.store.sample_kind_count(number), self.totals()[number])
            self._segments[number] = found
        return found

    def largest_value(self, number):
        """The largest single value that is drawn of a sample, 0 if nothing is."""
        segments = self.segments(number)
        return segments[0][1] if segments else 0

    def bands(self):
        """(kinds, lists): one order for all samples, largest first, OTHER last; for each sample the values.

        The kinds are those whose largest value in any sample is largest.
        """
        if self._bands is None:
            by_count = self.by == "count"
            kinds = self.store.largest_ever(0, len(self.store), by_count, self.top, self.among())
            totals, lists, is_rest = self.totals(), [], False
            for number in range(len(self.store)):
                values = self.store.values(number, by_count, kinds)
                rest = totals[number] - sum(values)
                is_rest = is_rest or rest != 0
                values.append(rest)
                lists.append(values)
            self._bands = kinds + [OTHER], lists
        return self._bands

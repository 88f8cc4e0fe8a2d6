"""What is said of a snapshot as a whole, and of two of them."""

import json

from .._heapyc import _hide_type
from .ProcessFacts import facts

__all__ = ["Comparison", "compare", "info"]

SAME_PROCESS = ("host", "pid", "started")  # what two files of one process agree in


def info(session):
    """What is known of the snapshot of a session (Session.info)."""
    found = session._file_facts()
    if found is None:
        return facts(getattr(session.moment, "time", None), True)
    text = found.pop("info")
    try:
        said = json.loads(text) if text else {}
    except ValueError:
        said = {}
    # What was counted is not for the file to say otherwise.
    return {**(said if isinstance(said, dict) else {}), **found}


def compare(session, older):
    """What changed between two snapshots (Session.compare)."""
    return Comparison(session, older)


@_hide_type
class Comparison:
    """What changed since an older snapshot.

    `by_class` is a stat difference.  Of two snapshots of one process `new`, `gone` and `kept` are sets, of objects told by
    address and type: a block of memory that an object of the same type has now counts as kept.
    """

    __slots__ = ("_newer", "_older", "_sets")

    def __init__(self, newer, older):
        self._newer = newer
        self._older = older
        self._sets = None

    @property
    def by_class(self):
        """The stat of the newer heap without that of the older one."""
        return self._newer.heap().stat - self._older.heap().stat

    def _check_process(self):
        newer, older = self._newer.info, self._older.info
        for name in SAME_PROCESS:
            if newer.get(name) is None or newer.get(name) != older.get(name):
                raise ValueError(
                    "compare: objects can be told by address in snapshots of one process only, and %s differs: %r, "
                    "formerly %r; by_class compares any two" % (name, newer.get(name), older.get(name))
                )

    def _found(self):
        if self._sets is None:
            self._check_process()
            self._sets = self._newer._compare_objects(self._older)
        return self._sets

    @property
    def new(self):
        """The objects of the newer heap that the older one has not; a set of the newer."""
        return self._found()[0]

    @property
    def gone(self):
        """The objects of the older heap that the newer one has not; a set of the older."""
        return self._found()[1]

    @property
    def kept(self):
        """The objects that both have; a set of the newer."""
        return self._found()[2]

    def __repr__(self):
        return repr(self.by_class)

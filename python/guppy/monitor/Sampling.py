"""Samples of the heap that a monitor asks for, and what they may cost.

A request is a dict with `id` and `do`; its answer has the same `id` and what was asked for, or `error`, a text.

    stat       by: Clodo, Type, Module, Size     dump: the stat as dump() writes it; seconds: that it took;
                                                 pause: seconds for which no other is made; rss: bytes
    referrers  by, kind: of a row                dump: of the objects that refer to those of the row
    complete   text: an expression's beginning   names: what it may go on as
"""

import io
import os
import time

from .. import hpy
from .._heapyc import _hide_type
from ..heapy.ProcessFacts import resident_size
from . import Completion, Fetching

__all__ = ["Budget", "answer"]

SHARE = 0.04  # of the time, for samples: at most a twentieth with all that goes with them
RELATIONS = ("Clodo", "Type", "Module", "Size")


@_hide_type
class Budget:
    """Keeps the time that samples take, of all monitors together, below SHARE."""

    __slots__ = ("until",)

    def __init__(self):
        self.until = 0.0  # by time.monotonic(): when the next sample may be made

    def wait(self, is_closed):
        """Wait until a sample may be made; False when is_closed() before."""
        while True:
            left = self.until - time.monotonic()
            if left <= 0:
                return not is_closed()
            if is_closed():
                return False
            time.sleep(min(left, 0.25))

    def note(self, seconds):
        """A sample took so long; returns how long the next has to wait."""
        pause = seconds * (1 / SHARE - 1)
        self.until = max(self.until, time.monotonic()) + pause
        return pause


def text_of(stat):
    out = io.StringIO()
    stat.dump(out)
    return out.getvalue()


def sample(request, worker):
    """The stat of the heap."""
    relation = request.get("by", "Clodo")
    if relation not in RELATIONS:
        return {"error": "no relation %r: %s" % (relation, ", ".join(RELATIONS))}
    return measured(worker, lambda: hpy().stat(relation))


def referrers(request, worker):
    """The stat of what refers to the objects of a row."""
    relation, kind = request.get("by", "Clodo"), request.get("kind")
    if relation not in RELATIONS:
        return {"error": "no relation %r: %s" % (relation, ", ".join(RELATIONS))}

    def look():
        rows = hpy().heap().by(relation)
        for row in rows.stat.get_rows():
            if row.name == kind:
                return rows[row.index].referrers.byclodo.stat
        return None

    return measured(worker, look)


def measured(worker, look):
    if not worker.budget.wait(lambda: worker.is_closed):
        return {"error": "the connection is closing"}
    before = time.perf_counter()
    stat = look()
    taken = time.perf_counter() - before
    pause = worker.budget.note(taken)
    if stat is None:
        return {"error": "no such kind is left"}
    return {"dump": text_of(stat), "seconds": taken, "pause": pause, "rss": resident_size()}


def complete(request, worker):
    """Names that an expression at the console's prompt may go on with."""
    console = worker.annex.console
    if console is None or not worker.annex.is_in_console:
        return {"names": []}
    return {"names": Completion.completions(str(request.get("text", "")), console.namespace)}


ANSWERS = {"stat": sample, "referrers": referrers, "complete": complete, **Fetching.ANSWERS}


def answer(request, worker):
    """The answer to a request of a connection; whatever goes wrong is its `error`."""
    make = ANSWERS.get(str(request.get("do")))
    try:
        result = make(request, worker) if make else {"error": "cannot do %r" % (request.get("do"),)}
    except Exception as e:
        result = {"error": "%s: %s" % (type(e).__name__, e)}
    result["id"] = request.get("id")
    return result

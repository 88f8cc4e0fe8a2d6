"""Samples of the heap that a monitor asks for, and what they may cost.

A request is a dict with `id` and `do`; its answer has the same `id` and what was asked for, or `error`, a text.

    stat       by: Clodo, Type, Module, Size     dump: the stat as dump() writes it; seconds: that it took;
                                                 pause: seconds for which no other is made; rss: bytes
    referrers  by, kind: of a row                dump: of the objects that refer to those of the row
    complete   text: an expression's beginning   names: what it may go on as
"""

import io

from .. import hpy
from ..heapy.ProcessFacts import resident_size
from . import Completion, Fetching
from .Native import native

__all__ = ["answer"]

AROUND = 0.0005  # seconds of the processor to read a request and to send its answer
RELATIONS = ("Clodo", "Type", "Module", "Size")


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
    began = native.perf_counter()
    stat = look()  # keeps the interpreter: the program waits
    taken = native.perf_counter() - began
    began = native.thread_time()
    dump = None if stat is None else text_of(stat)
    pause = worker.budget.note(taken + native.thread_time() - began + AROUND)
    if stat is None:
        return {"error": "no such kind is left"}
    return {"dump": dump, "seconds": taken, "pause": pause, "rss": resident_size()}


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

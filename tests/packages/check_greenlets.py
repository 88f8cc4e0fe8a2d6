"""What is seen of greenlets, as docs/reliability.md says it.

Prints one line for each thing that is otherwise: then the page is to be changed, or the code.
"""

import sys
import weakref

import greenlet
from guppy import hpy


SEEN = {
    "local of the call that runs",
    "attribute of a suspended greenlet",
    "local of the greenlet that runs, asked inside another",
}


class Held:
    pass


def suspended(marks):
    local = Held()
    marks["local of a suspended greenlet"] = weakref.ref(local)
    greenlet.getcurrent().parent.switch()
    return local


def check():
    hp = hpy()
    marks, problems, local = {}, [], Held()
    marks["local of the call that runs"] = weakref.ref(local)
    child = greenlet.greenlet(suspended)
    child.attribute = Held()
    marks["attribute of a suspended greenlet"] = weakref.ref(child.attribute)
    child.switch(marks)

    def ask():
        inner = Held()
        marks["local of the greenlet that runs"] = weakref.ref(inner)
        heap = hp.heap()
        return {name + ", asked inside another": ref() in heap for name, ref in marks.items()}

    seen = greenlet.greenlet(ask).switch()
    here = hp.heap()
    seen.update((name, ref() in here) for name, ref in marks.items() if ref())
    for name, is_seen in seen.items():
        if is_seen != (name in SEEN):
            problems.append("%s: %s" % (name, "seen" if is_seen else "not seen"))
    child.switch()
    return problems


if __name__ == "__main__":
    found = check()
    for problem in found:
        print(problem, "with greenlet", greenlet.__version__)
    sys.exit(1 if found else 0)

"""How many references of the heap have no name but the number of a field (R-20, R-30).

Usage: check_names.py [stdlib] [MODULE ...]

Imports the modules, makes instances of what the standard library has in C, and counts the edges of the heap that are
called `->field3` or `->contents`.  Fails where these are one in a thousand or more, and where any is of an object of
the standard library's C types; prints the types they are of.
"""

import collections
import re
import sys
import warnings

import c_instances
import check_heap

NO_NAME = re.compile(r"(field\d+|contents)$")
UNSURE = "internal", "several"


def has_no_name(label):
    labels = label[1:] if label is not None and label[0] == "several" else [label]
    return all(label is None or (label[0] == "internal" and NO_NAME.match(label[1])) for label in labels)


def make_instances():
    """What the makers of c_instances give; what this version lacks is left out."""
    kept = []
    for make in c_instances.MAKERS:
        try:
            kept.append(make())
        except (ImportError, AttributeError) as error:
            print("not here:", make.__name__, error)
    return kept


def nameless(hp):
    """The number of edges of the heap, and of those without a name by type and field."""
    snapshot = hp.snapshot()
    total, found = 0, collections.Counter()
    for obj in snapshot.heap().nodes:
        for target, label in snapshot.moment.edges(obj):
            total += 1
            if (label is None or label[0] in UNSURE) and has_no_name(label):
                found[check_heap.name_of(type(obj)), label and label[1], check_heap.name_of(type(target))] += 1
    return total, found


def main(names):
    from guppy import hpy

    warnings.simplefilter("ignore")
    kept = [make_instances()]
    total, found = nameless(hpy())
    failed = bool(found)
    print("instances:", total, "edges,", sum(found.values()), "without a name")
    kept += [check_heap.import_all(names), check_heap.make_instances()]
    total, more = nameless(hpy())
    print("loaded:", total, "edges,", sum(more.values()), "without a name")
    for (kind, field, target), count in (found or more).most_common(40):
        print("%6d %s->%s, as to %s" % (count, kind, field, target))
    return failed or 1000 * sum(more.values()) >= total


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

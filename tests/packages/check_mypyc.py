"""Names of the attributes of classes that mypyc compiled, held against what the attributes give (R-20).

Usage: check_mypyc.py

Lets mypy (of compiled wheels) look at a program and keeps its trees.  Fails where a name is not that of the attribute
that holds the reference or, an item of a tuple that stands in the struct, has it in a tuple; and where one reference in
a thousand has no name, or, on processors whose code is not read, three quarters.  Prints how many have none.
"""

import collections
import inspect
import platform
import sys

import check_names

PROGRAM = "import os, re\n\nclass A:\n    x: int = 1\n\n    def f(self, y: 'dict[str, int]') -> None:\n        print(y)\n"


def build():
    import mypy.build
    import mypy.options

    options = mypy.options.Options()
    options.incremental = False
    options.export_types = options.preserve_asts = True
    options.cache_dir = "/dev/null"
    return mypy.build.build([mypy.build.BuildSource("program.py", "program", PROGRAM)], options)


def is_compiled(kind):
    return type(type.__dict__["__dict__"].__get__(kind).get("__mypyc_attrs__")) is tuple


def is_held(obj, name, target):
    # What a class statement sets besides stands in the type's dict over the attribute, which is there none the less.
    if not inspect.isgetsetdescriptor(inspect.getattr_static(type(obj), name)):
        return True
    try:
        value = getattr(obj, name)
    except AttributeError:
        return False
    return value is target or (type(value) is tuple and any(item is target for item in value))


def main():
    from guppy import hpy

    kept = build()
    snapshot = hpy().snapshot()
    total = nameless = 0
    wrong = collections.Counter()
    for obj in snapshot.heap().nodes:
        if not is_compiled(type(obj)):
            continue
        for target, label in snapshot.moment.edges(obj):
            total += 1
            if check_names.has_no_name(label):
                nameless += 1
            elif label[0] == "internal" and label[1] != "ob_type" and not is_held(obj, label[1], target):
                wrong[check_names.check_heap.name_of(type(obj)), label[1]] += 1
    print("mypyc:", total, "references of instances,", nameless, "without a name,", len(kept.errors), "errors of mypy's")
    for (kind, name), count in wrong.most_common(20):
        print("%6d %s->%s is something else" % (count, kind, name))
    reads_code = sys.platform == "linux" and platform.machine() == "x86_64"
    return not total or bool(wrong) or nameless * (1000 if reads_code else 4 / 3) > total


if __name__ == "__main__":
    sys.exit(main())

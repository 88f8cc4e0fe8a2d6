"""The references of functions that Cython compiled have the names of the attributes that show them (R-30).

Usage: check_cython.py MODULE ...

Imports the modules and compares, for every such function of a Cython whose struct is known, what stands under a name in
the heap with what the function says itself.  Fails where they differ, and where there is no such function.
"""

import gc
import importlib
import sys

KNOWN = "_cython_3_3_0."
ATTRIBUTES = {
    "m_module": "__module__", "func_qualname": "__qualname__", "func_globals": "__globals__", "func_code": "__code__",
    "defaults_tuple": "__defaults__", "defaults_kwdict": "__kwdefaults__", "func_annotations": "__annotations__",
}  # fmt: skip


def functions():
    """Those of the modules that were imported."""
    return [o for o in gc.get_objects() if KNOWN + "cython_function_or_method" in str(type(o))]


def main(names):
    from guppy import hpy

    for name in names:
        importlib.import_module(name)
    made = functions()
    hp = hpy()
    moment, seen, failed = hp.snapshot().moment, set(), not made
    for function in made:
        for target, label in moment.edges(function):
            name = ATTRIBUTES.get(label[1], label[1]) if label else None
            if name != "ob_type" and getattr(function, str(name), moment) is not target:
                failed = True
                print("not its name:", function, label, type(target))
            seen.add(name)
    print("functions:", len(made), "names:", *sorted(map(str, seen)))
    return failed or not {"__globals__", "__defaults__", "__annotations__"} <= seen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

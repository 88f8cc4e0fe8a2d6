"""The references of functions that Cython compiled have the names of the attributes that show them (R-30).

Usage: check_cython.py MODULE ...

Imports the modules and compares, for every such function, what stands under a name in the heap with what the function
says itself, or, where no attribute shows it, with the types that Cython makes for it.  Fails where they differ, and
where there is no such function.
"""

import gc
import importlib
import re
import sys

FUNCTIONS = re.compile(r"_cython_3_\w+\.(fused_cython_function|cython_function_or_method)\b|'__module__' of '_cython_3_")
ATTRIBUTES = {
    "m_module": "__module__", "func_dict": "__dict__", "func_name": "__name__", "func_qualname": "__qualname__",
    "func_doc": "__doc__", "func_globals": "__globals__", "func_code": "__code__", "defaults_tuple": "__defaults__",
    "defaults_kwdict": "__kwdefaults__", "func_annotations": "__annotations__", "func_is_coroutine": "_is_coroutine",
    "self": "__self__",
}  # fmt: skip
UNSHOWN = {"func_closure": "__pyx_scope_struct", "defaults": "__pyx_defaults", "default": "", "mm_class": ""}  # and the names of their types


def functions():
    """Those of the modules that were imported."""
    return [o for o in gc.get_objects() if FUNCTIONS.search(str(type(o)))]


def is_what_it_is_called(function, name, target):
    if name in UNSHOWN:
        return UNSHOWN[name] in type(target).__name__ and (name != "mm_class" or isinstance(target, type))
    value = getattr(function, ATTRIBUTES.get(name, name))
    return value is target or (name == "__signatures__" and value == target)  # of which it gives a copy


def main(names):
    from guppy import hpy

    for name in names:
        importlib.import_module(name)
    made = functions()
    hp = hpy()
    moment, seen, failed = hp.snapshot().moment, set(), not made
    for function in made:
        for target, label in moment.edges(function):
            labels = label[1:] if label and label[0] == "several" else [label]
            for name in (each[1] if each else "nothing" for each in labels):
                seen.add(name)
                if name != "ob_type" and not is_what_it_is_called(function, name, target):
                    failed = True
                    print("not its name:", function, label, type(target))
    print("functions:", len(made), "of", *sorted({type(o).__name__ for o in made}), "names:", *sorted(seen))
    return failed or not {"func_globals", "defaults_tuple", "func_annotations"} <= seen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

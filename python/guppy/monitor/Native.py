"""The interpreter's own functions that threads of the target wait with, whatever the program has put in their place.

gevent and eventlet replace them by functions that let other greenlets run, tests by ones that do something else.  In a
thread that is none of the program's the first never return and the others fail, so what is not the interpreter's own is
taken from a second copy of its module, which nobody else has.  They are kept in an object, not in a module's variables:
some tools look for them there, too.  What is used of sockets comes from `_socket`, which nobody replaces.
"""

import _thread
import select
import time
from types import BuiltinFunctionType

from .._heapyc import _hide_type

__all__ = ["native"]

MODULES = {
    "poll": select, "monotonic": time, "perf_counter": time, "sleep": time, "thread_time": time, "time": time,
    "RLock": _thread, "allocate_lock": _thread, "get_ident": _thread,
}  # fmt: skip


def is_own(found, module):
    """Whether a function or type is the one that the interpreter has made.  Nothing is asked of any other object."""
    return type(found) in (BuiltinFunctionType, type) and found.__module__ == module.__name__


def second_copy(module):
    from importlib.util import module_from_spec

    copy = module_from_spec(module.__spec__)
    module.__spec__.loader.exec_module(copy)
    return copy


@_hide_type
class Native:
    """The functions, by their names."""

    __slots__ = tuple(MODULES)

    def __init__(self):
        copies = {}
        for name, module in MODULES.items():
            found = module.__dict__.get(name)
            if not is_own(found, module):
                if module not in copies:
                    copies[module] = second_copy(module)
                found = getattr(copies[module], name)
            setattr(self, name, found)


native = Native()

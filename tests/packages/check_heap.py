"""Everything that is loaded, held against what the collector says.

Usage: check_heap.py [stdlib] [MODULE ...]

Imports the modules (`stdlib`: all of the standard library that can be imported), makes instances of what holds
references in odd ways, and prints one line for each type of which an object refers to something that its referents
lack (gc.get_referents), of which an object has another size than sys.getsizeof() says, or of which the collector tracks
objects that the heap lacks and nothing explains.
"""

import collections
import gc
import importlib
import pkgutil
import sys
import types
import warnings
import weakref

# Modules that do something when imported, or need a display, a terminal or another system.
LEFT_OUT = {"antigravity", "this", "idlelib", "turtle", "turtledemo", "test", "__main__", "site", "sitecustomize"}

# Types that no walk may enter: by name, why.
OTHER_REFERENTS = {
    "frame": "the values on the stack of a call are no referents (H-24), and f_back is set when it ends",
    "generator": "its frame is the same while it runs",
    "coroutine": "its frame is the same while it runs",
    "async_generator": "its frame is the same while it runs",
}
NOT_IN_HEAP = {
    "frame": "of the tool's own calls",
}


# What C variables and structs that nobody can look into hold besides containers: by name, why.
LOST_WITH_CONTAINERS = {
    "weakref.ReferenceType": "caches by weak references keep nothing alive",
    "weakref.ProxyType": "the same",
    "weakref.CallableProxyType": "the same",
    "builtins.builtin_function_or_method": "converters of the argument types of ctypes' functions, until 3.12",
    "numpy._ArrayMethod": "loops of ufuncs, and casts of dtypes",
    "_contextvars.ContextVar": "numpy's allocator",
}


# Classes that only C variables, and instances when there are some, lead to: by name, why.
CLASSES_IN_C_VARIABLES = {
    "sqlite3.Node": "of caches of statements, on 3.10",
    "sqlite3.Cache": "the same",
    "sqlite3.Statement": "the same",
    "_ctypes.DictRemover": "of ctypes' callbacks, until 3.12",
    "_ctypes.StructParam_Type": "of arguments of calls that are running, until 3.12",
}


def is_dict_of_unnamed_static_type(obj, heap):
    """Nothing leads to the type: C code alone knows it, and no instance is there."""
    if type(obj) is not dict:
        return False
    owners = [getattr(value, "__objclass__", None) or getattr(value, "__self__", None) for value in obj.values()]
    return any(issubclass(type(o), type) and not o.__flags__ & 1 << 9 and o not in heap for o in owners)


def is_copy_of_module_dict(obj, heap):
    """What a module is made of again when it is imported again."""
    return type(obj) is dict and "__name__" in obj and "__doc__" in obj and obj.get("__spec__", None) is None


def is_container_alone(obj, heap):
    """A container in a C variable, such as a cache, with which nothing is lost."""
    todo, seen = [obj], set()
    while todo:
        top = todo.pop()
        if id(top) in seen:
            continue
        if top is not obj and (not gc.is_tracked(top) or top in heap or is_hidden(top) or is_hidden_class(top)):
            continue
        seen.add(id(top))
        if name_of(type(top)) in LOST_WITH_CONTAINERS:
            continue
        if type(top) not in (dict, list, set, frozenset, tuple, weakref.WeakValueDictionary):
            return False
        if type(top) is not weakref.WeakValueDictionary:
            todo.extend(gc.get_referents(top))
    return True


def is_hidden_class(obj):
    return issubclass(type(obj), type) and str(type.__dict__["__module__"].__get__(obj)).startswith("guppy")


def is_class_in_a_c_variable(obj, heap):
    return type(obj) is type and name_of(obj) in CLASSES_IN_C_VARIABLES


EXPLAINED = [is_class_in_a_c_variable, is_dict_of_unnamed_static_type, is_copy_of_module_dict, is_container_alone]


def import_all(names):
    if "stdlib" in names:
        names = sorted(sys.stdlib_module_names - LEFT_OUT) + [n for n in names if n != "stdlib"]
    loaded = []
    for name in names:
        try:
            loaded.append(importlib.import_module(name))
        except Exception:  # another system's, or what it needs is not there
            continue
        for inner in pkgutil.iter_modules(getattr(loaded[-1], "__path__", ())):
            if inner.name.startswith(("test", "__main__", "idle")):
                continue
            try:
                loaded.append(importlib.import_module("%s.%s" % (name, inner.name)))
            except BaseException:  # some end the process when they are imported
                continue
    return loaded


def is_ours(obj):
    module = module_of(type(obj))
    return type(module) is str and module.startswith("guppy")


def module_of(kind):
    """As type itself has it, whatever a metaclass does; of some C types it is a descriptor, and some have none."""
    try:
        return type.__dict__["__module__"].__get__(kind)
    except AttributeError:
        return None


def name_of(kind):
    return "%s.%s" % (module_of(kind), type.__dict__["__qualname__"].__get__(kind))


def short(kind):
    return type.__dict__["__name__"].__get__(kind)


def referents_that_lack(graph, root, tag):
    """By type: how many objects lack one, and the types of what they lack."""
    found = {}  # and no Counter: it asks abstract classes, whose caches then change
    for obj in gc.get_objects():
        kind = type(obj)
        if short(kind) in OTHER_REFERENTS or is_ours(obj):
            continue
        try:
            edges = graph.edges(obj)
        except KeyError:  # made later, or hidden: the other check asks for it
            continue
        ours = {id(target) for target, _ in edges}
        if sys.version_info[:2] == (3, 13):
            # There the collector sees the values of an instance through its dict (H-34).
            for target, label in edges:
                if label == ("attribute", "__dict__"):
                    ours.update(id(value) for value, _ in graph.edges(target))
        theirs = [o for o in gc.get_referents(obj) if o is not root and o is not tag and not is_hidden(o)]
        lacking = [o for o in theirs if id(o) not in ours and not is_later_reference(o, graph)]
        if lacking:
            count, types_lacking = found.setdefault(name_of(kind), (0, {}))
            for o in lacking:
                types_lacking[name_of(type(o))] = types_lacking.get(name_of(type(o)), 0) + 1
            found[name_of(kind)] = count + 1, types_lacking
    return found


def is_later_reference(obj, graph):
    """A weak reference that is in none of the graph: __sizeof__ of pandas' frames makes some, after the walk."""
    if type(obj) is not weakref.ReferenceType:
        return False
    try:
        graph.edges(obj)
    except KeyError:
        return True
    return False


def is_hidden(obj):
    kind = type(obj)
    if kind is types.BuiltinFunctionType:
        return is_ours(obj.__self__)
    return kind is types.FrameType or is_ours(obj)


def objects_that_heap_lacks(hp):
    """By type, with one of them: those that no other of them refers to, and that nothing explains.

    The heap comes first: a list of all objects in a variable here would lead to every one of them.
    """
    heap = hp.heap()
    lacking = {}
    for obj in gc.get_objects():
        if not is_hidden(obj) and short(type(obj)) not in NOT_IN_HEAP and obj not in heap:
            lacking[id(obj)] = obj
    lacking.pop(id(lacking), None)
    below = {id(r) for obj in lacking.values() for r in gc.get_referents(obj) if r is not obj}
    todo = [obj for address, obj in lacking.items() if address not in below]
    found = {}
    while lacking:
        if not todo:  # a cycle: any of it
            todo.append(next(iter(lacking.values())))
        top = todo.pop()
        if lacking.pop(id(top), None) is None:
            continue
        if not any(explains(top, heap) for explains in EXPLAINED):
            found.setdefault(name_of(type(top)), []).append(object.__repr__(top))
        reached = [top]
        while reached:
            inner = [r for r in gc.get_referents(reached.pop()) if lacking.pop(id(r), None) is not None]
            reached.extend(inner)
    return found


def may_have_values(kind):
    """Has an instance attributes in itself, which count as parts of it while it has no dict (H-70)?"""
    return type.__dict__["__dictoffset__"].__get__(kind) != 0


def wrong_sizes(hp):
    """By type: how many objects have another size than sys.getsizeof() says, and one pair of the two."""
    found = {}
    for part in hp.heap().bysize.parts:
        size = part.size // part.count
        for obj in part.nodes:
            kind = type(obj)
            try:
                theirs = sys.getsizeof(obj)
            except Exception:  # one that cannot tell; what counts instead is another test's (H-72)
                continue
            if theirs == size or obj is found or is_hidden(obj):
                continue
            if hp.iso(obj).size == theirs:  # it has another size since: pandas' __sizeof__ makes weak references
                continue
            if not (size > theirs and may_have_values(kind)):
                found.setdefault(name_of(kind), [0, size, theirs])[0] += 1
    return found


def differences(hp):
    """What the heap of now says otherwise than the collector and sys.getsizeof(): a line for each type."""
    str(hp.heap().bysize)  # some fill themselves when their size is first asked for (pytz.lazy)
    for _ in range(3):
        gc.collect()
    lines = []
    graph = hp._capture_graph()
    for name, (count, lacking) in sorted(referents_that_lack(graph, hp.Root, hp._hiding_tag_).items()):
        lines.append("referents of %d %s lack %s" % (count, name, lacking))
    del graph
    gc.collect()
    for name, (count, ours, theirs) in sorted(wrong_sizes(hp).items()):
        lines.append("%d %s have a wrong size, such as %d instead of %d" % (count, name, ours, theirs))
    return lines


def check(names):
    from guppy import hpy

    warnings.simplefilter("ignore")
    kept = [import_all(names)]
    kept.append(make_instances())
    hp = hpy()
    hp.heap().bytype
    lines = differences(hp)
    for name, texts in sorted(objects_that_heap_lacks(hp).items()):
        lines.append("the heap lacks %d %s, such as %s" % (len(texts), name, texts[0]))
    objects = gc.get_objects()
    print("checked", len(objects), "objects of", len({type(o) for o in objects}), "types")
    return lines


def make_instances():
    """Objects of types that hold references in ways of their own, with something in them that only they hold."""
    kept = []
    for make in MAKERS:
        try:
            kept.append(make())
        except (ImportError, AttributeError):  # not on this version, or not installed
            continue
    return kept


class Plain:
    pass


def odd_subclasses():
    class Tuple(tuple):
        __slots__ = ()

    class Int(int):
        pass

    class Type(type):
        pass

    made = Type("Made", (), {"attribute": [1]})
    made.later = [2]
    number = Int(7)
    number.attribute = [3]
    return Tuple(([4],)), number, made, made()


def ctypes_instances():
    import ctypes

    class Node(ctypes.Structure):
        pass

    Node._fields_ = [("next", ctypes.POINTER(Node)), ("value", ctypes.py_object)]
    node = Node(value=["in a structure"])
    other = Node(ctypes.pointer(node))
    held = ["in a closure"]
    callback = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: len(held))
    array = (ctypes.py_object * 3)(["in an array"], None, 1)
    return node, other, callback, array, ctypes.byref(node), ctypes.c_char_p(b"bytes " * 3), Node


def asynchronous():
    import asyncio

    loop = asyncio.new_event_loop()
    future = loop.create_future()
    future.note = ["on a future"]
    future.add_done_callback(lambda _: None)

    async def job():
        await future

    task = loop.create_task(job(), name="job")
    loop.call_soon(loop.stop)
    loop.run_forever()
    return loop, future, task


def object_arrays():
    import numpy

    array = numpy.array([["in an array"], None], dtype=object)
    fields = numpy.zeros(2, dtype=[("number", "i1"), ("held", object)])
    fields[1]["held"] = ["in a field"]
    return array[1:], array[::-1].view(numpy.recarray), fields, numpy.ma.array([["masked"]] * 2, dtype=object)


MAKERS = [odd_subclasses, ctypes_instances, asynchronous, object_arrays]

if __name__ == "__main__":
    problems = check(sys.argv[1:])
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)

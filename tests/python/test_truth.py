"""The heap of everything that is loaded, held against what the collector says (tests/packages/check_heap.py)."""

import os

from conftest import ROOT

CHECK = os.path.join(ROOT, "tests", "packages", "check_heap.py")


def test_the_standard_library_is_seen_whole(python):  # H-30, S-33
    """Referents contain what gc.get_referents gives, and nothing that the collector tracks is missed."""
    run = python(CHECK, "stdlib")
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    assert "checked" in run.stdout and int(run.stdout.split()[1]) > 20_000


def only_held_by(hp, holder, thing):
    """Is `thing`, which nothing else has, in the heap, and a referent of `holder` or of what that refers to?"""
    referents = hp.iso(holder).referents
    return thing in hp.heap() and (thing in referents or thing in referents.referents)


class Sample:
    """Something that is one object only, and weakly referenced by no test."""


def test_what_ctypes_instances_hold(hp):  # H-30
    """Their bases are not known to the collector, but they are (3.10 to 3.12)."""
    import ctypes

    sample = Sample()

    class Pair(ctypes.Structure):
        _fields_ = [("value", ctypes.py_object)]

    assert only_held_by(hp, Pair(sample), sample)
    assert only_held_by(hp, (ctypes.py_object * 2)(None, sample), sample)
    assert only_held_by(hp, ctypes.pointer(ctypes.py_object(sample)), sample)
    callback = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: bool(sample))
    assert any(type(o).__name__ == "function" for o in hp.iso(callback).referents.referents.nodes | hp.iso(callback).referents.nodes)


def test_what_metaclasses_in_c_keep_of_their_classes(hp):  # H-32
    import ctypes
    import gc

    class Target(ctypes.Structure):
        pass

    pointer = ctypes.POINTER(Target)
    assert Target in gc.get_referents(pointer) and Target in hp.iso(pointer).referents
    # What every type has counts once all the same.
    graph = hp._capture_graph()
    names = [label[1] for _, label in graph.edges(pointer)]
    assert len([name for name in names if name in ("__mro__", "__bases__", "__base__")]) == 3

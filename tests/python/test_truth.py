"""What holds what: the heap held against what the collector says."""


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

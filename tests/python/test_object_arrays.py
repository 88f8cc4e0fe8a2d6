"""The objects that numpy's arrays hold (S-33, R-20): of dtype object, and in fields of structured dtypes.

numpy has no tp_traverse, so the collector knows of none of them.
"""

import pytest

pytest.importorskip("numpy", reason="no numpy for this version of Python")

PRELUDE = """
import gc, sys, weakref
import numpy
from guppy import hpy
from guppy.heapy import open_snapshot

class Held:
    pass

class Kept:  # what finds objects again without holding them
    def __init__(self):
        self.of = {}

    def __call__(self, name):
        held = Held()
        self.of[name] = weakref.ref(held)
        return held

kept = Kept()
hp = hpy()

def labels(array, graph=None):
    return {name: label for target, label in (graph or hp._capture_graph()).edges(array)
            for name, ref in kept.of.items() if ref() is target}
"""


def test_what_an_array_of_objects_holds_is_in_the_heap(script, tmp_path):  # S-33, R-20
    script(
        PRELUDE
        + """
array = numpy.array([kept("a"), None, kept("b"), 0], dtype=object)
assert gc.get_referents(array) == []  # so nobody but numpy knows
heap, garbage = hp.heap(), hp.heapu(stat=0)
for ref in kept.of.values():
    assert ref() in heap and ref() not in garbage
    assert array in hp.iso(ref()).referrers
assert labels(array) == {"a": ("index", 0), "b": ("index", 2)}
assert "[2]" in str(hp.iso(kept.of["b"]()).sp) and "[2]" in str(hp.iso(kept.of["b"]()).byvia)

# It retains what only it holds: 1000 strings of 1 kB beside 8 kB of pointers.
many = numpy.array([str(i) * 300 for i in range(100, 1100)], dtype=object)
sizes = sum(map(sys.getsizeof, many.tolist()))
assert sizes > 900_000
retained = [session.iso(many).domisize for session in (hp, hp.snapshot())]
hp.snapshot(sys.argv[1])  # by a forked child
with open_snapshot(sys.argv[1]) as file:
    retained.append(file.at(id(many)).domisize)
assert all(sizes <= size <= sizes + 20_000 for size in retained), (sizes, retained)
""",
        str(tmp_path / "heap"),
    )


def test_names_of_places_in_an_array(script):
    script(
        PRELUDE
        + """
matrix = numpy.empty((3, 4), dtype=object)
matrix[1, 2] = kept("middle")
columns = numpy.empty((3, 4), dtype=object, order="F")
columns[2, 1] = kept("column")
one = numpy.empty((), dtype=object)
one[()] = kept("one")
graph = hp._capture_graph()
assert labels(matrix, graph) == {"middle": ("internal", "[1,2]")}
assert labels(columns, graph) == {"column": ("internal", "[2,1]")}
assert labels(one, graph) == {"one": ("internal", "[()]")}
middle = hp.iso(kept.of["middle"]())
assert ".matrix[1,2]" in str(middle.sp).replace("['matrix']", ".matrix"), str(middle.sp)
kind = middle.byvia.kind
assert "'[1,2]'" in repr(kind), kind
assert middle == (hp.heap() & Held & hp.Via("[1,2]"))
"""
    )


def test_fields_of_structured_arrays(script):  # S-33, R-20
    script(
        PRELUDE
        + """
packed = numpy.dtype([("number", "i1"), ("name", object)])  # pointers at odd addresses
nested = numpy.dtype([("at", packed, (2,)), ("grid", object, (2, 2)), (("a title", "titled"), object), ("gap", "f8")])
array = numpy.zeros(3, dtype=nested)
array[1]["at"][1]["name"] = kept("packed")
array[2]["grid"][1, 0] = kept("grid")
array[0]["titled"] = kept("titled")
plain = numpy.zeros(20, dtype=[("number", "i4"), ("field", object)])
plain[17]["field"] = kept("plain")
heap, graph = hp.heap(), hp._capture_graph()
assert all(ref() in heap for ref in kept.of.values())
assert labels(array, graph) == {
    "packed": ("internal", "[1].at[1].name"),
    "grid": ("internal", "[2].grid.flat[2]"),
    "titled": ("internal", "[0].titled"),
}
assert labels(plain, graph) == {"plain": ("internal", "[17].field")}
assert "[17].field" in str(hp.iso(kept.of["plain"]()).sp)
assert sum(target is kept.of["titled"]() for target, _ in graph.edges(array)) == 1
assert hp.iso(kept.of["plain"]()) == hp.heap() & Held & hp.Via("[17].field")

# A dtype holds its fields: their dict is tracked by the collector and was taken for garbage.
garbage = {id(obj) for obj in hp.heapu(stat=0).nodes}
dtypes = [target for target, label in graph.edges(array) if label == ("attribute", "dtype")]
assert dtypes[0] is nested
inner = dict((label, target) for target, label in graph.edges(nested))
assert inner["internal", "fields"] == dict(nested.fields) and id(inner["internal", "fields"]) not in garbage
assert inner["attribute", "names"] == nested.names
"""
    )


def test_views_lead_to_the_array_that_owns_the_objects(script):  # each reference once
    script(
        PRELUDE
        + """
owner = numpy.array([kept("a"), kept("b"), kept("c")], dtype=object)
back, part = owner[::-1], owner[1:]
repeated = numpy.broadcast_to(owner, (1_000_000, 3))
graph = hp._capture_graph()
assert len(labels(owner, graph)) == 3
for view in back, part, repeated:
    assert labels(view, graph) == {}
while not view.flags.owndata:  # a view of a view leads to it in the end
    bases = [target for target, label in graph.edges(view) if label == ("attribute", "base")]
    assert bases and bases[0] is view.base
    view = view.base
assert view is owner

# Views of what nobody else holds.
alone = numpy.array([kept("alone")], dtype=object)[:]
heap = hp.heap()
assert kept.of["alone"]() in heap and alone.base in heap
assert hp.iso(alone).domisize >= sys.getsizeof(alone) + sys.getsizeof(kept.of["alone"]())
"""
    )


def test_classes_derived_from_arrays(script):  # S-33
    script(
        PRELUDE
        + """
class Named(numpy.ndarray):
    __slots__ = ("slot",)

class Free(numpy.ndarray):
    pass

named = numpy.array([kept("item")], dtype=object).copy().view(Named)
named.slot = kept("slot")
free = Free((2,), dtype=object)
free[1], free.attribute = kept("own"), kept("attribute")
matrix = numpy.ma.array([kept("masked"), 1], dtype=object)
record = numpy.rec.array([(1, kept("record"))], dtype=[("n", int), ("o", object)])
heap = hp.heap()
for name, ref in kept.of.items():
    assert ref() in heap, name
assert labels(free)["own"] == ("index", 1)
assert labels(named)["slot"] == ("attribute", "slot")
"""
    )


def test_arrays_without_objects_and_odd_ones_are_left_alone(script):  # H-1: nothing is read that is no object
    script(
        PRELUDE
        + """
class Lying(numpy.ndarray):
    flags = base = dtype = property(lambda self: 1 / 0)

    def __getattribute__(self, name):
        raise SystemError("no code of the user's runs")

numbers = numpy.arange(1_000_000, dtype="i8") * 8 + id(kept)  # they look like pointers
empty = numpy.empty((3, 0, 4), dtype=object)
unset = numpy.empty((100, 100), dtype=object)
lying = Lying((1,), dtype=object)
lying[0] = kept("lying")
texts = numpy.array(["x" * 100, "y"])
raw = numpy.zeros(4, dtype="V16")
times = numpy.array(["2001-01-01"], dtype="M8[s]")
graph = hp._capture_graph()
for array in numbers, empty, texts, raw, times:
    kinds = [label for _, label in graph.edges(array)]
    assert set(kinds) <= {("attribute", "dtype"), ("attribute", "base"), ("internal", "mem_handler")}, kinds
assert kept.of["lying"]() in hp.heap()

# A class that bears the name is none of numpy's.
Named = type("ndarray", (), {"__module__": "numpy", "__slots__": ("data", "nd", "dimensions")})
other = Named()
other.data = kept("slot")
assert labels(other) == {"slot": ("attribute", "data")}
"""
    )


def test_numpy_is_not_imported_by_looking(script):  # T-60
    script(
        """
import sys
from guppy import hpy
hp = hpy()
hp.heap().bytype, hp.heapu(stat=0), hp.snapshot()
assert "numpy" not in sys.modules
"""
    )


def test_a_record_taken_from_an_array_leads_to_it(script):  # S-33, R-20
    script(
        PRELUDE
        + """
class Slotted(numpy.void):
    __slots__ = ("mark",)

def array_of(name):
    array = numpy.zeros(3, dtype=[("number", "i4"), ("item", "O")])
    array[1]["item"] = kept(name)
    return array

records = {
    "void": array_of("void")[1],
    "copy": array_of("copy")[1].copy(),
    "record": array_of("record").view(numpy.recarray)[1],
    "slotted": array_of("slotted").view((Slotted, array_of("other").dtype))[1],
}
records["slotted"].mark = kept("mark")
heap, garbage = hp.heap(), hp.heapu(stat=0)
for name, record in records.items():
    held = hp.iso(kept.of[name]())
    assert held <= heap and not held & garbage, name
    assert hp.iso(record.base) <= hp.iso(record).referents, name
    assert "['record'].base" in str(held.sp), (name, str(held.sp))
assert labels(records["slotted"]) == {"mark": ("attribute", "mark")}
targets = [id(target) for target, _ in hp._capture_graph().edges(records["slotted"])]
assert targets.count(id(records["slotted"].mark)) == 1
plain = numpy.void(b"bytes")  # has no array
assert hp.iso(plain).referents == hp.iso(plain.dtype)
"""
    )

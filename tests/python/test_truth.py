"""The heap of everything that is loaded, held against what the collector says (tests/packages/check_heap.py)."""

import os
import sys

import pytest

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


@pytest.mark.skipif(sys.version_info < (3, 15), reason="tuples have no __slots__ there")
def test_slots_behind_the_items_of_a_tuple(hp):  # H-33
    class Pair(tuple):
        __slots__ = ("first", "second")

    class More(Pair):
        __slots__ = ("third",)

    for items in ((), ([0],), ([0], [1], [2])):
        more = More(items)
        more.first, more.third = Sample(), Sample()
        edges = [(target, label) for target, label in hp._capture_graph().edges(more) if target is not More]
        expected = [(item, ("index", i)) for i, item in enumerate(items)]
        expected += [(more.first, ("attribute", "first")), (more.third, ("attribute", "third"))]
        assert sorted(edges, key=str) == sorted(expected, key=str)
    assert hp.iso(more).size == sys.getsizeof(more)


def test_slots_of_hidden_tuples_are_looked_at_in_their_place(hp):  # H-42
    if sys.version_info < (3, 15):
        pytest.skip("tuples have no __slots__ there")

    class Tagged(tuple):
        __slots__ = ("_hiding_tag_",)

    hp.View.hv.register__hiding_tag__type(Tagged)
    hidden, shown = Tagged((1, 2, 3)), Tagged((1, 2))
    hidden._hiding_tag_ = hp._hiding_tag_
    assert hidden not in hp.heap() and shown in hp.heap()


@pytest.mark.skipif(sys.version_info < (3, 15), reason="there is no frozendict")
def test_frozendicts_have_keys_and_values(hp):  # H-32, R-20
    key, value = "a key " * 2, Sample()
    frozen = frozendict({key: value, 7: key})  # noqa: F821
    edges = hp._capture_graph().edges(frozen)
    assert edges == [(key, ("key", 0)), (value, ("value", 0)), (7, ("key", 1)), (key, ("value", 1))]
    assert key in hp.iso(frozen).referents and hp.iso(value).byvia.kind is not None


def test_what_types_hold_that_only_instances_lead_to(script):  # H-35, R-100, R-3
    """Live answers and those of a snapshot of the same moment, below static types."""
    script(
        """
import gc, types
from guppy import hpy

hp = hpy()
gc.collect()
snapshot = hp.snapshot()
rows = {}
for kind in (types.MemberDescriptorType, types.GetSetDescriptorType, types.WrapperDescriptorType, type(dict.keys)):
    live, kept = hp.heap() & kind, snapshot.heap() & kind
    assert live.count == kept.count and live.count > 50
    # The tool's own hidden objects apart, both say the same: within a hundredth.
    assert abs(live.domisize - kept.domisize) <= kept.domisize / 100, (kind, live.domisize, kept.domisize)

# Objects below such types have immediate dominators.
below = [t for t in (type(iter([])), type({}.keys()), type(iter({}))) if t in hp.heap()]
for t in below:
    methods = [o for o in vars(t).values() if type(o).__name__ == "method_descriptor"]
    for method in methods[:3]:
        for session in hp, snapshot:
            dominators = session.iso(method).imdom
            assert dominators.count and gc.get_referrers(method), (t, method, dominators)
"""
    )


def test_what_c_types_hold_and_do_not_tell_the_collector(script):  # H-30
    """Types without tp_traverse, or whose own leaves fields out: what only such an object has is in the heap, once."""
    script(
        """
import decimal, gc, io, re, sys, weakref, zlib
from guppy import hpy

class Marker:
    pass

class Text(str): pass
class Bytes(bytes): pass
class Raw(io.RawIOBase):
    def readable(self): return True
    def writable(self): return True
class Decoder(io.IncrementalNewlineDecoder): pass

gone = {}

def marked(name, thing):
    thing.marker = marker = Marker()
    gone[name] = weakref.ref(marker)
    return thing

class Codec:
    def decode(self, data, final=False): return ""

with_traps = decimal.Context(traps=[decimal.Inexact])
flags = with_traps.flags
kept = [
    io.IncrementalNewlineDecoder(marked("->decoder", Codec()), True),
    Decoder(marked("->decoder ", Codec()), True),
    io.BufferedRWPair(marked("->reader", Raw()), marked("->writer", Raw())),
    re.finditer("a", marked("->string", Text("abcabc"))),
    zlib.decompressobj(zdict=marked("->zdict", Bytes(b"words"))),
]
try:
    import ssl
    context = marked("->ctx", ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    kept.append(context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="name")._sslobj)
    del context
except ImportError:
    pass
if sys.version_info >= (3, 14):  # structs that were not read
    for name in "->string", "->zdict", "->ctx":
        gone.pop(name, None)
text = open(__file__)
text.readline()
hp = hpy()
heap, garbage = hp.heap(), hp.heapu(stat=0)
for name, marker in gone.items():
    assert marker() in heap and marker() not in garbage, name
    if not (sys.version_info >= (3, 12) and "coder" in name):
        assert name.strip() in str(hp.iso(marker()).sp) or name.endswith(" "), (name, str(hp.iso(marker()).sp))
assert [type(o).__name__ for o in garbage.nodes if type(o).__name__.startswith("Incremental")] == []
assert flags in hp.iso(with_traps).referents and flags in heap
# Each once, and what another version gives through tp_traverse as well.
for holder in kept + [with_traps]:
    edges = hp._capture_graph().edges(holder)
    assert len(edges) == len(set((id(target), label) for target, label in edges)), edges
"""
    )


def test_types_of_syntax_trees_that_no_module_has(script):  # H-24
    """compile() makes them, whether or not `ast` is loaded; until then there are none."""
    script(
        """
import sys
from guppy import hpy

hp = hpy()
for name in "ast", "_ast":
    sys.modules.pop(name, None)
compile("a + 1", "x", "exec")
assert "_ast" not in sys.modules
made = hp.Root.i0_ast
names = {o.__name__ for o in made if isinstance(o, type)}
assert {"AST", "Module", "Add", "Load"} <= names and "i0_ast" in dir(hp.Root)
heap, garbage = hp.heap(), hp.heapu(stat=0)
del made
for o in hp.Root.i0_ast:
    assert o in heap and o not in garbage, o
"""
    )


def test_what_only_the_state_of_the_interpreter_holds(script, tmp_path):  # H-12, H-24, S-33
    script(
        """
import atexit, codecs, faulthandler, gc, io, os, signal, sys, weakref
from guppy import hpy

class Marker:
    pass

def held(expected, root):
    marker = Marker()
    expected[root] = weakref.ref(marker)
    def function(*args):
        return marker
    return function

expected = {}
def expect(root):
    return held(expected, root)

atexit.register(expect("atexit_callback"), ["an argument"])
codecs.register(expect("codec_search_path"))
codecs.register_error("nothing", expect("codec_error_registry"))
signal.signal(signal.SIGUSR2, expect("signal_handler"))
sys.addaudithook(expect("audit_hooks"))
os.register_at_fork(
    before=expect("before_forkers"),
    after_in_parent=expect("after_forkers_parent"),
    after_in_child=expect("after_forkers_child"),
)
if sys.version_info >= (3, 12):
    sys.monitoring.use_tool_id(4, "tests")
    sys.monitoring.register_callback(4, sys.monitoring.events.PY_START, expect("monitoring_callable"))
if sys.version_info >= (3, 15):
    sys.set_lazy_imports_filter(expect("lazy_imports_filter"))

class Log(io.FileIO):
    pass

def log(name):
    file = Log(os.devnull, "w")
    file.function = held(expected, name)
    return file

# Until 3.13 the module tells of its files, and they are below it.
below = "faulthandler_file" if sys.version_info >= (3, 14) else "faulthandler"
faulthandler.enable(file=log(below + " fatal"))
faulthandler.register(signal.SIGUSR1, file=log(below + " signal"))
faulthandler.dump_traceback_later(3600, file=log(below + " later"))

hp = hpy()
h = hp.heap()
garbage = hp.heapu(stat=0)
for root, marker in expected.items():
    assert marker() in h, root
    assert marker() not in garbage, root
    assert root.split()[0] in str(hp.iso(marker()).sp), (root, str(hp.iso(marker()).sp))
value = hp.Root.i0_atexit_callback if sys.version_info < (3, 14) else hp.Root.i0_atexit_callbacks
assert any("held" in repr(part) for part in value), value
handlers = hp.Root.i0_signal_handler
assert "i0_signal_handler" in dir(hp.Root) and isinstance(handlers, tuple)
assert signal.getsignal(signal.SIGUSR2) in handlers and signal.getsignal(signal.SIGINT) in handlers

# A snapshot of the moment that a forked child takes has them too.
hp.snapshot(sys.argv[1])
from guppy.heapy import open_snapshot
with open_snapshot(sys.argv[1]) as file:
    for root, marker in expected.items():
        assert file.at(id(marker())).count == 1, root

# Looking takes no reference that stays.
before = [sys.getrefcount(handler) for handler in handlers]
for _ in range(3):
    hp.heap(), hp.heapu(stat=0), hp.Root.i0_signal_handler
assert [sys.getrefcount(handler) for handler in handlers] == before
""",
        str(tmp_path / "heap"),
    )


def test_what_a_connection_to_sqlite_holds(script):  # S-33
    """What CPython keeps in the connection is seen; functions and aggregates are SQLite's own, as docs/reliability.md says."""
    script(
        """
import gc, sqlite3, sys, weakref
from guppy import hpy

class Marker:
    pass

def held(name):
    marker = Marker()
    markers[name] = weakref.ref(marker)
    def function(*args):
        return marker and 0
    return function

markers = {}
connection = sqlite3.connect(":memory:")
connection.set_trace_callback(held("trace"))
connection.set_progress_handler(held("progress"), 1000)
connection.set_authorizer(held("authorizer"))
connection.row_factory, connection.text_factory = held("rows"), held("text")
connection.create_function("function", 1, held("function"))
hp = hpy()
heap = hp.heap()
for name in "trace", "progress", "authorizer", "rows", "text":
    assert markers[name]() in heap, name
assert markers["function"]() not in heap
"""
    )


def test_attributes_that_c_types_keep_as_classes_do(hp):
    """Futures and tasks from 3.13 on, type variables from 3.12 on."""
    import asyncio
    import typing

    loop = asyncio.new_event_loop()
    try:

        class Named(asyncio.Future):
            pass

        things = [loop.create_future(), Named(loop=loop), typing.TypeVar("T")]
        for thing in things:
            thing.note, thing.other = Sample(), Sample()
        graph = hp._capture_graph()
        for thing in things:
            labels = {id(target): label for target, label in graph.edges(thing)}
            inner = dict(labels)
            for target, label in graph.edges(thing):
                if label == ("attribute", "__dict__"):
                    inner.update((id(value), ("attribute", "in the dict")) for value, _ in graph.edges(target))
            for name in ("note", "other"):
                assert inner[id(getattr(thing, name))] in (("attribute", name), ("attribute", "in the dict")), thing
            assert ("internal", "contents") not in labels.values()
    finally:
        loop.close()


def test_types_whose_module_is_no_plain_entry(hp):  # K-130
    import ctypes

    class Pair(ctypes.Structure):
        _fields_ = [("first", ctypes.c_int)]

    class Hiding:
        __module__ = property(lambda self: "computed")

    assert Pair.__module__ + ".Pair" in str(hp.iso(Pair()).bytype)
    assert str(hp.iso(Hiding()).bytype)


def test_keys_of_dicts_that_share_them_are_numbered_as_they_are_iterated_over(hp):
    class Shared:
        def __init__(self, *names):
            for name in names:
                setattr(self, name, [name])

    first, second = Shared("one", "two", "three"), Shared("three", "one", "two")
    del second.one
    second.one = ["again"]
    dicts = [first.__dict__, second.__dict__]
    graph = hp._capture_graph()
    for attributes in dicts:
        expected = []
        for number, (key, value) in enumerate(attributes.items()):
            expected += [(key, ("key", number)), (value, ("value", number))]
        assert graph.edges(attributes) == expected


def test_names_with_nul_and_lone_surrogates_are_shown_whole(hp):  # K-110, K-130
    """Neither cut nor changed, in every text: types, modules, functions, attributes, keys, JSON, CSV, stats in files."""
    import io
    import json
    import types

    odd = "a\0b\udc80c"
    shown = "a\\x00b\\udc80c"
    kind = type("Odd", (), {"__module__": odd})
    kind.__qualname__ = odd
    module = types.ModuleType(odd)

    def function():
        pass

    function.__name__ = function.__qualname__ = function.__module__ = odd
    instance, value = kind(), ["a value"]
    setattr(instance, odd, value)
    stat = hp.iso(instance).stat
    dumped = io.StringIO()
    stat.dump(dumped)
    dumped.seek(0)
    texts = [
        str(hp.iso(instance)),
        hp.iso(instance).brief,
        hp.iso(kind).brief,
        str(hp.Type(kind)),
        stat.as_csv(),
        json.loads(stat.as_json())["rows"][0]["kind"],
        str(hp.load(dumped)),
        str(hp.iso(module).bymodule),
        hp.iso(module).brief,
        str(hp.iso(module).bymodule.kind),
        str(hp.iso(function).byid),
        str(hp.iso(value).byvia).replace("\\\\", "\\"),
        str(hp.iso(value).get_shpaths(hp.iso(instance))),
        str(hp.iso(value).get_rp(depth=1)),
        str(hp.iso(*vars(instance)).byid),
    ]
    for text in texts:
        assert shown in text, text
    assert hp.iso(module) & hp.iso(module).bymodule.kind == hp.iso(module)
    frozen = hp.snapshot()
    assert shown in str(frozen.iso(instance)) and shown in str(frozen.iso(module).bymodule) and shown in frozen.iso(kind).brief


@pytest.mark.skipif(sys.version_info < (3, 11), reason="there are no exception groups")
def test_exception_groups_are_builtin(hp):  # K-130
    assert str(hp.Type(ExceptionGroup)) == "ExceptionGroup" and str(hp.Type(BaseExceptionGroup)) == "BaseExceptionGroup"  # noqa: F821
    assert hp.iso(ExceptionGroup("two", [KeyError(), ValueError()])).brief.startswith("<1 ExceptionGroup: ")  # noqa: F821


def test_items_of_struct_sequences_have_an_index_as_well_as_a_name(hp):
    import os
    import time

    moment = time.struct_time([[i] for i in range(11)])
    labels = {id(target): label for target, label in hp._capture_graph().edges(moment)}
    for i, name in enumerate("tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst".split()):
        assert labels[id(moment[i])] == ("several", ("attribute", name), ("index", i))
    assert labels[id(moment.tm_zone)] == ("attribute", "tm_zone")  # no item
    paths = hp.iso(moment[2]).get_shpaths(hp.iso(moment))
    assert paths.numpaths == 2 and [str(path) for path in paths] == ["%s.tm_mday", "%s[2]"]
    # Items without a name have their index all the same.
    status = os.stat_result([[i] for i in range(10)])
    labels = {id(target): label for target, label in hp._capture_graph().edges(status)}
    assert labels[id(status[7])] == ("index", 7) and labels[id(status[0])] == ("several", ("attribute", "st_mode"), ("index", 0))

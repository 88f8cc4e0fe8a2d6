"""Individual sizes (spec 40 §7)."""

import array
import collections
import datetime
import decimal
import fractions
import functools
import gc
import io
import re
import sys
import threading
import types
import warnings

import pytest
from conftest import collector_referents


class Plain:
    pass


class Slotted:
    __slots__ = ("a", "b")


class IntKind(int):
    pass


class StrKind(str):
    pass


class ListKind(list):
    pass


class DictKind(dict):
    pass


class TupleKind(tuple):
    pass


def generator():
    yield 1


def samples():
    used_generator = generator()
    next(used_generator)
    shrunk = {i: i for i in range(100)}
    for i in range(95):
        del shrunk[i]
    decoded = "h\xe9llo" * 3
    decoded.encode()  # caches UTF-8 where the version does
    return [
        0, 1, -1, 2**30, 2**60, -(2**90), True, False, 1.5, 1j, None, ..., NotImplemented,
        "", "a", "abc", "\xe9", "\u20ac", "\U0001f600", "x" * 1000, decoded, sys.intern("interned"),
        b"", b"a", b"abc" * 100, bytearray(), bytearray(b"abc"), memoryview(b"abc"),
        [], [1], list(range(100)), [None] * 7, (), (1,), tuple(range(50)), range(3), slice(1),
        {}, {"a": 1}, {1: 2}, dict.fromkeys(range(1000)), shrunk,
        set(), {1}, set(range(5)), set(range(1000)), frozenset(), frozenset(range(20)),
        int, type, object, Plain, Slotted, types.SimpleNamespace(a=1), types.MappingProxyType({}),
        Slotted(), IntKind(5), IntKind(2**40), StrKind("abc"), StrKind("\xe9"), TupleKind((1, 2)),
        ListKind([1]), DictKind(a=1),
        len, samples, samples.__code__, (lambda: 0).__code__, print, [].append, object().__str__,
        generator(), used_generator, sys._getframe(), sys, types.ModuleType("m"),
        array.array("d", range(10)), collections.deque(range(200)), collections.OrderedDict(a=1),
        collections.defaultdict(int), collections.Counter("abc"), decimal.Decimal("1.5"),
        fractions.Fraction(1, 2), datetime.datetime.now(), datetime.timedelta(1), datetime.timezone.utc,
        re.compile("a+"), io.StringIO("abc"), io.BytesIO(b"abc" * 100), functools.partial(len),
        property(), staticmethod(len), classmethod(len), ValueError("x"), OSError(2, "x"),
        threading.Lock(), iter([]), iter({}), enumerate([]), zip(), map(len, []), reversed([]),
        types.CellType(1), sys.flags, sys.version_info, types.GenericAlias(list, int),
    ]  # fmt: skip


@pytest.mark.parametrize("index", range(len(samples())))
def test_size_is_getsizeof(hp, index):  # H-70, Y-14
    obj = samples()[index]
    beside = hp.iso(obj).size - sys.getsizeof(obj)
    if sys.version_info >= (3, 14) and has_inline_values(obj) and not type(obj).__itemsize__:  # of list, dict and str subclasses too (H-70a)
        assert beside in {(slots + 7) // 8 * 8 + 8 * (slots + 1) for slots in range(1, 31)}, type(obj)
    else:
        assert beside == 0, type(obj)


def has_inline_values(obj):
    """May the size rightly differ from sys.getsizeof (H-70a)?"""
    return sys.version_info >= (3, 11) and type(obj).__flags__ & (1 << 4)


def test_static_types_that_have_a_metaclass_of_their_own(hp):  # H-70: 3.13 and later add the collector's links to them
    numpy = pytest.importorskip("numpy")
    kinds = [numpy.dtype, type(numpy.dtype("f8")), type(numpy.dtype("U3"))]
    assert type(numpy.dtype) is not type
    assert [hp.iso(kind).size for kind in kinds] == [sys.getsizeof(kind) for kind in kinds]


def test_every_object_of_this_process(hp):  # H-70
    seen, stack = {}, gc.get_objects()
    while stack:
        obj = stack.pop()
        if id(obj) not in seen:
            seen[id(obj)] = obj
            stack.extend(collector_referents(obj))
    wrong = {}
    for obj in list(seen.values()):
        # Growing while we look: what the test itself holds.
        if obj is seen or obj is stack or obj is wrong or obj is locals():
            continue
        if type(obj).__module__.startswith("guppy") or isinstance(obj, types.FrameType):
            continue
        size, expected = hp.iso(obj).size, sys.getsizeof(obj)
        if size != expected and not (has_inline_values(obj) and size > expected):
            wrong[type(obj)] = size, expected
    assert not wrong


@pytest.mark.skipif(sys.version_info < (3, 11), reason="attributes are in a dict on 3.10")
def test_inline_values_count_until_the_dict_exists(hp):  # H-70a
    class Two:
        def __init__(self):
            self.a = 1
            self.b = 2

    objects = [Two() for _ in range(1000)]
    one = objects[500]
    bare = sys.getsizeof(one)
    inline = hp.iso(one).size
    assert inline > bare
    # n slots: roundup(n + 2, 8) + 8 n until 3.12, roundup(n, 8) + 8 (n + 1) from 3.13 on
    blocks = [
        (n + 9) // 8 * 8 + 8 * n if sys.version_info < (3, 13) else (n + 7) // 8 * 8 + 8 * (n + 1)
        for n in range(2, 31)
    ]
    assert inline - bare in blocks
    one.__dict__
    assert hp.iso(one).size == sys.getsizeof(one) == bare


def test_the_sum_is_read_anew_each_time(hp):  # H-74, H-76
    grows = []
    s = hp.iso(grows)
    before = s.size
    table = str(s)
    grows.extend(range(100))
    assert s.size == sys.getsizeof(grows) > before
    assert str(s) == table  # the table of a set object is made once
    assert str(hp.iso(grows)) != table
    assert str(s.bytype) != table


def test_contents_are_not_included(hp):  # H-75, S-75
    inner = list(range(1000))
    assert hp.iso([inner]).size == sys.getsizeof([1])


def test_list_being_sorted(hp):
    sizes = []
    numbers = list(range(50))
    numbers.sort(key=lambda n: sizes.append(hp.iso(numbers).size) or n)
    assert set(sizes) == {sys.getsizeof([])}


class TestBadSizeof:  # H-71, H-72
    def size_and_warnings(self, hp, sizeof, times=1):
        kind = type("Bad", (), {"__slots__": (), "__sizeof__": sizeof})
        objects = [kind() for _ in range(3)]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for _ in range(times):
                size = hp.iso(*objects).size
        return size // 3, caught

    def basic(self):
        kind = type("Good", (), {"__slots__": ()})
        return sys.getsizeof(kind())

    def test_a_number_is_believed(self, hp):
        size, caught = self.size_and_warnings(hp, lambda self: 100000)
        assert size == 100000 + self.basic() - object.__basicsize__
        assert not caught

    @pytest.mark.parametrize("result", ["many", None, 1.5])
    def test_no_int_falls_back_silently(self, hp, result):
        assert self.size_and_warnings(hp, lambda self: result) == (self.basic(), [])

    def test_type_error_falls_back_silently(self, hp):
        def fail(self):
            raise TypeError("no")

        assert self.size_and_warnings(hp, fail) == (self.basic(), [])

    @pytest.mark.parametrize("result", [-1, 2**80, -(2**80)])
    def test_no_size_falls_back_with_one_warning(self, hp, result):
        size, caught = self.size_and_warnings(hp, lambda self: result, times=3)
        assert size == self.basic()
        assert [w.category for w in caught] == [RuntimeWarning]
        assert "Bad" in str(caught[0].message)

    @pytest.mark.parametrize(
        "result, said",
        [
            (-7, "-7"), (2**62, "4611686018427387904"), (2**47 + 1, "140737488355329"), (2**80, "2**80"), (-(2**80), "-2**80"),
            (3 * 2**79, "more than 2**80"), (-(2**80) - 1, "less than -2**80"), (type("Int", (int,), {})(2**70), "2**70"),
        ],
    )  # fmt: skip
    def test_the_warning_says_what_was_returned_and_sums_do_not_wrap(self, hp, result, said):  # H-74
        kind = type("Raw", (), {"__slots__": (), "__sizeof__": lambda self: result})
        objects = [kind() for _ in range(4)]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            table = hp.iso(*objects, 1.5)
            size, rows = table.size, [table.bytype[i].size for i in range(2)]
        assert size == 4 * self.basic() + sys.getsizeof(1.5) == sum(rows) and min(rows) > 0
        assert len(caught) == 1 and "(returned %s)" % said in str(caught[0].message)

    def test_an_exception_falls_back_with_one_warning(self, hp):
        def fail(self):
            raise ZeroDivisionError

        size, caught = self.size_and_warnings(hp, fail, times=3)
        assert size == self.basic()
        assert [w.category for w in caught] == [RuntimeWarning]
        assert "ZeroDivisionError" in str(caught[0].message) and "Bad" in str(caught[0].message)

    def test_keyboard_interrupt_comes_through(self, hp):
        def fail(self):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.size_and_warnings(hp, fail)

    def test_a_warning_made_an_error_comes_through(self, hp):
        kind = type("Bad", (), {"__sizeof__": lambda self: -5})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(RuntimeWarning):
                str(hp.iso(kind()))

    def test_a_sizeof_that_asks_heapy(self, hp):
        """Asked once for each object: its own question takes basic sizes, and does not ask it again without end."""
        calls = []

        def sizeof(self):
            calls.append(id(self))
            return len(str(hp.heap()))

        kind = type("Asks", (), {"__sizeof__": sizeof})
        objects = [kind() for _ in range(3)]
        assert hp.iso(*objects).size > 300
        assert sorted(calls) == sorted(map(id, objects))

    def test_a_sizeof_that_prints_the_set_it_is_in(self, hp):
        texts = []

        def sizeof(self):
            texts.append(str(s))
            return 64

        s = hp.iso(type("Prints", (), {"__slots__": (), "__sizeof__": sizeof})())
        assert str(s) == str(s)
        assert len(texts) == 1 and "Total size = " in texts[0]

    def test_a_sizeof_that_changes_classes(self, hp):
        """Types die and are made anew while sizes are asked."""

        def sizeof(self):
            for other in objects:
                other.__class__ = type("Next", (), {"__slots__": (), "__sizeof__": sizeof})
            return 64

        objects = [type("First", (), {"__slots__": (), "__sizeof__": sizeof})() for _ in range(50)]
        s = hp.iso(*objects)
        assert s.size == 50 * (64 + self.basic() - object.__basicsize__)
        assert str(s).startswith("Partition of a set of 50 objects. Total size = %d" % s.size)


class TestWhoIsAsked:  # H-1
    """Questions that show no sizes ask nobody but members of the set for theirs; others ask each object once."""

    @pytest.fixture
    def asked(self):
        found = []
        kind = type("Asked", (), {"__slots__": (), "__sizeof__": lambda self: found.append(id(self)) or 64})
        objects = [kind() for _ in range(5)]
        holder = [objects[0], {"held": objects[1]}]
        return objects, holder, found

    @pytest.mark.parametrize("question", ["sp", "brief", "byrcs.kind", "byvia.kind", "referrers.kind", "imdom.kind", "rp", "rp.more"])
    def test_questions_without_sizes_ask_nobody_else(self, hp, asked, question):
        objects, holder, found = asked
        answer = hp.iso(holder[1], 1.5, "mixed")
        for name in question.split("."):
            answer = getattr(answer, name)
        assert str(answer)
        assert not found

    @pytest.mark.parametrize("question", ["why", "dominators", "snapshot"])
    def test_questions_with_sizes_ask_each_once(self, hp, asked, question):
        objects, holder, found = asked
        answer = hp.why(holder[1]) if question == "why" else getattr(hp, question)()
        assert str(answer)
        if question == "snapshot":
            assert answer.heap().size and str(answer.heap().bytype) and answer.iso(objects[3]).domisize
        assert set(found) == set(map(id, objects)) and len(found) == 5

    def test_a_sizeof_is_found_as_sys_getsizeof_finds_it(self, hp):
        """In the class and its bases, without asking the metaclass, and bound to the instance as what it is."""
        asked = []

        class Meta(type):
            def __getattribute__(cls, name):
                asked.append(name)
                return type.__getattribute__(cls, name)

            @property
            def __sizeof__(cls):
                asked.append("property")
                return lambda *instances: 5000

        class Callable:
            def __call__(self, *arguments):
                return 700 + len(arguments)

        found = {
            "function": lambda self: 100, "static": staticmethod(lambda *arguments: 200 + len(arguments)),
            "class": classmethod(lambda cls, *arguments: 300 + len(arguments)), "object": Callable(),
            "property": property(lambda self: lambda *arguments: 400 + len(arguments)),
        }  # fmt: skip
        for name, sizeof in found.items():
            base = Meta("Base", (), {"__slots__": (), "__sizeof__": sizeof})
            thing = Meta("Sized", (base,), {"__slots__": ()})()
            asked.clear()
            size = hp.iso(thing).size
            assert not asked, (name, asked)
            assert size == sys.getsizeof(thing), name

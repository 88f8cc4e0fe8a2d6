"""The session (spec 10)."""

import copy
import sys
import threading

import pytest

import guppy
from guppy import hpy


def test_package(script):  # S-1, S-2, G-1
    assert isinstance(guppy.__version__, str) and "hpy" in guppy.__all__
    result = script("import guppy, sys; assert 'guppy.heapy' not in sys.modules")
    assert result.stdout == result.stderr == ""


def test_each_call_makes_a_session():  # S-3
    a, b = hpy(), hpy()
    assert a is not b and a != b and a == a
    assert len({a, b}) == 2
    with pytest.raises(TypeError):
        hpy(1, 2)
    with pytest.raises(TypeError):
        hpy(unknown=1)


def test_repr_names_the_first_global_bound_to_it(script):  # S-10, S-11, S-12, G-4
    result = script(
        """
from guppy import hpy
print(hpy())
session = hpy()
print(str(session) == repr(session))
hp = session
print(hp)
print(repr(hp.Nothing), str(hp.Nothing))
"""
    )
    text = "Top level interface to Heapy.\nUse eg: %sdoc for more info on %s.\n"
    assert result.stdout == (
        text % ("hpy().", "hpy()") + "True\n" + text % ("session.", "session") + "session.Nothing <Nothing>\n"
    )


def test_unknown_attributes_and_calls(hp):  # S-14 in part, S-15, S-16
    with pytest.raises(AttributeError):
        hp.unknown
    with pytest.raises(ValueError):
        hp.unknown = 1
    with pytest.raises(TypeError):
        hp()


def test_copy_is_the_session(hp):  # G-8
    import pickle

    assert copy.copy(hp) is hp
    with pytest.raises(TypeError):
        pickle.dumps(hp)


def test_heap_takes_no_argument(hp):  # S-30, H-53
    with pytest.raises(TypeError):
        hp.heap(1)
    with pytest.raises(TypeError):
        hp.heap(x=1)


def test_heap_membership_is_fixed(hp):  # S-31
    h = hp.heap()
    later = [[]]
    assert later not in h and hp not in h
    assert later in hp.heap()
    assert str(type(h)) == "<class 'guppy.heapy.UniSet.IdentitySetMulti'>"


def test_counting_is_exact(hp):  # S-39, H-74
    h = hp.heap()
    assert h.count == sum(h[i].count for i in range(len(h)))
    assert h.size == sum(h[i].size for i in range(len(h)))


class TestIso:
    def test_arguments_are_elements(self, hp):  # S-70, S-72, S-75
        numbers = [10**6 + i for i in range(5)]
        s = hp.iso(numbers, numbers, "x")
        assert s.count == 2 and numbers in s and numbers[0] not in s
        equal = [1000.5, 2000.5 / 2 - 1000.5 / 2 + 500.5]
        assert hp.iso(float("1.5"), float("1.5")).count == 2  # equal, not the same

    def test_results(self, hp):  # S-70, S-74
        assert hp.iso() is hp.Nothing
        assert type(hp.iso(1)).__name__ == "IdentitySetSingleton"
        assert type(hp.iso(1, 2)).__name__ == "IdentitySetMulti"
        assert type(hp.Nothing).__name__ == "IdentitySetMulti"

    def test_no_keywords(self, hp):  # S-73
        with pytest.raises(TypeError):
            hp.iso(1, unknown=2)

    def test_asked_objects_are_not_filtered(self, hp):  # S-44
        h = hp.iso(1)
        assert hp.iso(hp, h).count == 2


class TestSetref:
    def test_only_new_objects(self, hp):  # S-50, S-51, S-53
        old = []
        assert hp.setref() is None
        new = [object()]
        old.append(new)
        h = hp.heap()
        assert new in h and new[0] in h and old not in h

    def test_again_and_off(self, hp):  # S-51, S-52, H-64
        hp.setref()
        new = [object()]
        assert new in hp.heap()
        hp.setref()
        assert new not in hp.heap()
        hp.setref(hp.Nothing)
        assert new in hp.heap() and sys.modules in hp.heap()

    def test_a_set_as_reference(self, hp):  # S-52
        one, two = [object()], [object()]
        hp.setref(reachable=hp.iso(one))
        assert one not in hp.heap() and two in hp.heap()

    def test_other_sessions_are_unaffected(self, hp):  # S-54
        hp.setref()
        assert sys.modules in hpy().heap()

    def test_the_reference_keeps_its_objects(self, hp):  # H-65
        import gc
        import weakref

        class Held:
            pass

        obj = Held()
        dead = weakref.ref(obj)
        hp.setref()
        del obj
        gc.collect()
        assert dead() is not None
        hp.setref(hp.Nothing)
        gc.collect()
        assert dead() is None

    @pytest.mark.parametrize("bad", [5, "x", []])
    def test_bad_arguments(self, hp, bad):  # S-55
        with pytest.raises(TypeError):
            hp.setref(bad)
        with pytest.raises(TypeError):
            hp.setref(unknown=hp.Nothing)
        assert sys.modules in hp.heap()


def test_sets_of_two_sessions_combine(hp):  # S-95
    one, two = object(), object()
    both = hp.iso(one) | hpy().iso(two)
    assert one in both and two in both


def test_docstrings_and_signatures_come_from_the_stub(hp):
    import inspect

    assert "Walk the heap" in type(hp).heap.__doc__
    assert str(inspect.signature(hp.heap)) == "()"
    assert list(inspect.signature(hp.setref).parameters) == ["reachable", "unreachable"]
    for name in ("heap", "iso", "setref", "Nothing"):
        assert getattr(type(hp), name).__doc__
    for name in ("count", "size", "bytype", "byclodo", "more"):
        assert getattr(type(hp.iso(1)), name).__doc__


def test_nothing_is_printed(script):  # S-96
    result = script("from guppy import hpy; hp = hpy(); h = hp.heap(); str(h); hp.setref(); h - h; h[0]")
    assert result.stdout == result.stderr == ""


def test_several_sessions_in_threads():
    results = []

    def work():
        session = hpy()
        results.append([session.heap().count for _ in range(5)])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(results) == 6

"""The package and its tree as far as a session needs them."""

import copy
import pickle
import subprocess
import sys

import pytest

import guppy
from guppy import Root, hpy


def test_import_statements_found_in_the_wild(python):  # PK-6, S-1, S-2, G-1
    for statement in (
        "import guppy", "from guppy import hpy", "from guppy import hpy, heapy", "import guppy.heapy", "from guppy import Root",
        "from guppy.sets import ImmNodeSet", "import guppy.etc, guppy.gsl, guppy.sets", "from guppy import *; hpy(); Root()",
        "import guppy; assert 'guppy.heapy' not in __import__('sys').modules; guppy.sets; guppy.hpy()",
        "import guppy.etc.Glue, guppy.heapy.Part, guppy.heapy.OutputHandling, guppy.heapy.View, guppy.heapy.Classifiers, guppy.heapy.ImpSet",
    ):  # fmt: skip
        result = python("-W", "error", "-c", statement)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", ""), statement
    assert guppy.__all__ == ("hpy", "Root") and isinstance(guppy.__version__, str)


def test_arguments_of_hpy():  # S-3, G-2
    for bad in (lambda: hpy(1, 2), lambda: hpy(foo=1)):
        with pytest.raises(TypeError):
            bad()
    assert hpy() is not hpy() and hpy() != hpy() and hash(hpy()) is not None
    assert hpy(None)._hiding_tag_ is hpy()._hiding_tag_


def test_the_tree():  # S-4, G-3
    root = Root()
    assert root.sys.version_info == sys.version_info and root.os.path is __import__("os").path
    assert root.guppy.heapy.Use is root.guppy.heapy.Use is not Root().guppy.heapy.Use
    assert type(root.guppy.heapy.Use) is type(hpy()) and root.guppy.sets.ImmNodeSet is guppy.sets.ImmNodeSet
    with pytest.raises(ModuleNotFoundError, match="nosuch"):
        root.nosuch
    with pytest.raises(AttributeError, match="Module 'guppy.heapy.Part' .*'nosuch'"):
        root.guppy.heapy.Part.nosuch
    with pytest.raises(ValueError):
        root.foo = 1
    with pytest.raises(TypeError):
        Root(1)


def test_services():  # S-6
    heapy = Root().guppy.heapy
    for name in ("Use", "View", "UniSet", "Classifiers", "Part", "OutputHandling", "ImpSet"):
        assert getattr(heapy, name) is getattr(heapy, name)
    assert heapy.View is heapy.Use.View and heapy.Part.Stat is heapy.Use.Stat


def test_an_import_error_inside_a_module_is_shown(tmp_path, monkeypatch):  # Y-38
    (tmp_path / "broken_for_test.py").write_text("import a_module_that_is_not_there\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="a_module_that_is_not_there"):
        Root().broken_for_test


def test_sessions_are_values_of_their_own(hp):  # G-8, G-9, S-16
    assert copy.copy(hp) is hp and copy.deepcopy(hp) is hp and copy.deepcopy([hp])[0] is hp
    for x in (hp, hp.iso(1), hp.iso(1, 2), hp.Type(int), hp.Type, hp.iso(1).partition, hp.iso(1).nodes):
        with pytest.raises(TypeError):
            pickle.dumps(x)
    assert str(pickle.loads(pickle.dumps(hp.iso(1).stat))) == str(hp.iso(1).stat)  # plain data
    s = hp.iso(1)
    assert copy.copy(s) is s and copy.deepcopy(s) is s  # K-5
    with pytest.raises(TypeError):
        hp()


def test_assignment(hp):  # S-13, S-14, G-5, G-6
    hp.reprefix = "mine."
    assert repr(hp.Nothing) == "mine.Nothing" and "mine.doc" in repr(hp) and repr(hp.Type) == "mine.Type"
    hp.default_reprefix = "other()."
    assert hp.default_reprefix == "other()." and hp.reprefix == "mine."
    hp.Type = hp.Type
    hp.__doc__ = "text"
    assert hp.__doc__ == "text"
    hp.gcobjs = hp.iso(1)
    for name in ("foo", "heap", "Type", "Root", "Nothing", "_hiding_tag_", "__class__", "View", "iso"):
        with pytest.raises(ValueError, match=name):
            setattr(hp, name, 5)
        with pytest.raises(ValueError):
            delattr(hp, name)
    for name, bad in (("reprefix", 5), ("default_reprefix", None), ("gcobjs", 5), ("relheap", "x"), ("relheapg", [])):
        with pytest.raises(TypeError):
            setattr(hp, name, bad)
    with pytest.raises((ValueError, TypeError)):
        del hp.reprefix


def test_the_prefix_is_looked_up_each_time(script):  # S-11, S-12, G-5
    out = script(
        """
from guppy import hpy
class Bad:
    def __eq__(self, other): raise ValueError
    __hash__ = None
bad = Bad(); s = hpy(); print(repr(s.Nothing)); t = s; del s; print(repr(t.Nothing)); u = [t]; del t; print(repr(u[0].Nothing))
"""
    ).stdout
    assert out == "s.Nothing\nt.Nothing\nhpy().Nothing\n"


def test_gcobjs(hp):  # S-38
    class Only:
        __slots__ = ()

    s = hp.iso(Only())
    hp.gcobjs = s
    assert s <= hp.heap()
    hp.relheap = s
    assert not s & hp.heap()


def test_without_tkinter_nothing_else_is_missing(python):  # PK-5
    code = "import sys; sys.modules['tkinter'] = None; from guppy import hpy; hpy().heap()"
    assert python("-c", code).returncode == 0




def test_nodes():  # G-20, G-21, G-23
    import math
    import os

    root = Root()
    assert root.os.getpid() == os.getpid() and root.math.pi == math.pi and len(root.guppy.sets.immbitset([1])) == 1
    heapy = root.guppy.heapy
    assert heapy is root.guppy.heapy and heapy._parent is root.guppy and heapy._root is root and heapy._name == "heapy"
    assert heapy._module is sys.modules["guppy.heapy"] and heapy._share is not Root().guppy.heapy._share
    hp = heapy.Use
    assert hp._root is root and hp._parent is heapy and hp._parent.View is hp.View and hp._parent.heapyc.RootState is hp.Root
    assert hpy()._root.sys.version_info == sys.version_info


def test_errors_of_nodes(tmp_path, monkeypatch):  # G-22
    (tmp_path / "package_for_test").mkdir()
    (tmp_path / "package_for_test/__init__.py").write_text("")
    (tmp_path / "package_for_test/broken.py").write_text("from math import nosuchthing\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    root = Root()
    with pytest.raises(ImportError, match="nosuchthing"):
        root.package_for_test.broken
    with pytest.raises(AttributeError, match="Module 'package_for_test' .*'nosuch'"):
        root.package_for_test.nosuch
    with pytest.raises(AttributeError, match="Module 'guppy.heapy' .*'nosuch'"):
        root.guppy.heapy.nosuch


def test_what_may_be_assigned_to_nodes(hp):  # G-24
    root = Root()
    for target, name, value in ((hp, "foo", 1), (hp, "heap", 3), (root, "foo", 1), (root.guppy, "hpy", 1), (root.guppy.heapy, "Use", hp)):
        with pytest.raises(ValueError, match=name):
            setattr(target, name, value)
    hp.Type = hp.Type
    root.guppy.heapy.Use = root.guppy.heapy.Use
    for name in ("reprefix", "default_reprefix", "gcobjs", "relheap", "relheapg", "relheapu", "__doc__"):
        setattr(hp, name, getattr(hp, name))


def test_listing_is_cheap(hp, script):  # G-25
    assert {"heap", "iso", "Type", "doc"} <= set(dir(hp)) and {"guppy"} <= set(dir(Root()) + ["guppy"])
    script(
        """
import rlcompleter, time
from guppy import hpy
hp = hpy()
keep = [[i] for i in range(300000)]
h = hp.heap()
begin = time.perf_counter()
hp.heap()
walk = time.perf_counter() - begin
begin = time.perf_counter()
for text in ("hp.", "h.", "h.by", "h.sp"):
    state, found = 0, []
    completer = rlcompleter.Completer({"hp": hp, "h": h})
    while completer.complete(text, state):
        state += 1
    assert state
assert time.perf_counter() - begin < 50 * walk  # none of the fifty attributes was asked
"""
    )


def test_the_other_packages():  # G-40, G-41
    import guppy.etc
    import guppy.etc.Glue as Glue

    assert Glue.Root is guppy.Root and isinstance(Glue.Root(), Glue.Interface) and "tree of packages" in Glue.__doc__
    assert guppy.etc.__doc__ and guppy.Root().guppy.etc.Glue.Interface is Glue.Interface

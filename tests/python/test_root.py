"""The root, and the view: names of interpreter and threads, other roots, horizons, objects by address."""

import gc
import os
import re
import subprocess
import sys
import threading

import pytest

from guppy import hpy
from guppy.heapy import heapyc


def test_it_is_the_only_one(hp):  # H-10, S-90
    root = hp.Root
    assert root is hpy().Root is heapyc.RootState is type(root)() is heapyc.RootStateType()
    assert repr(root) == "RootState" and sys.getsizeof(root) == hp.iso(root).size == object.__basicsize__
    assert type(root).__module__ + "." + type(root).__name__ == "guppy.heapy.heapyc.RootStateType"
    with pytest.raises(TypeError):
        heapyc.RootStateType(1)


def test_every_listed_name_can_be_read(hp):  # H-12, H-13, H-14, H-15
    names = dir(hp.Root)
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"i0_([a-z_]+|t\d+_(f\d+|[a-z_]+))", name)
        getattr(hp.Root, name)
    for name in "modules sysdict builtins importlib codec_search_path codec_search_cache codec_error_registry dict".split():
        assert "i0_" + name in names
    me = "i0_t%d_" % threading.get_ident()
    for name in ("exc_value", "context", "f0"):
        assert me + name in names


def test_it_reads_what_is_there_now(hp):  # H-11
    root = hp.Root
    assert root.i0_modules is sys.modules and root.i0_sysdict is sys.__dict__
    me = "i0_t%d_" % threading.get_ident()
    frames = []
    frame = sys._getframe()
    while frame:
        frames.insert(0, frame)
        frame = frame.f_back
    for number, frame in enumerate(frames):
        assert getattr(root, me + "f%d" % number) is frame
    try:
        raise KeyError("handled")
    except KeyError as error:
        assert getattr(root, me + "exc_value") is error
    assert getattr(root, me + "exc_value") is None


def test_other_threads(hp):  # H-12, H-20, Y-36
    ready, done = threading.Event(), threading.Event()
    frames = []

    def work():
        frames.append(sys._getframe())
        ready.set()
        done.wait()

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    try:
        names = [n for n in dir(hp.Root) if n.startswith("i0_t%d_f" % thread.ident)]
        assert any(getattr(hp.Root, n) is frames[0] for n in names)
    finally:
        done.set()
        thread.join()
    with pytest.raises(AttributeError, match="no such thread state number"):
        getattr(hp.Root, "i0_t%d_f0" % thread.ident)


@pytest.mark.parametrize(
    "name, message",
    [
        ("foo", "root state has no attribute 'foo'"), ("i0_foo", "interpreter state has no attribute 'foo'"),
        ("i9_modules", "no such interpreter state number"), ("i0_t1_f0", "no such thread state number"),
        ("i0_t%d_f99", "thread state has no frame numbered 99 from bottom"),
        ("i0_t%d_zz", "thread state has no attribute 'zz'"), ("i99999999999999999999999_x", None), ("i0_t%d_f", None),
        ("index", None), ("i", None), ("t", None), ("t5", None), ("__nosuch__", None), ("i0_t99999999999999999999999_f0", None),
    ],
)  # fmt: skip
def test_errors(hp, name, message):  # H-16
    with pytest.raises(AttributeError) as caught:
        getattr(hp.Root, name % threading.get_ident() if "%d" in name else name)
    assert message is None or str(caught.value) == message


def test_the_old_form(hp):  # H-17
    ident = threading.get_ident()
    with pytest.warns(DeprecationWarning) as caught:
        assert getattr(hp.Root, "t%d_f0" % ident) is getattr(hp.Root, "i0_t%d_f0" % ident)
    assert str(caught[0].message) == (
        "Getting thread state without an interpreter number is deprecated. Use 'i0_t%d_f0' instead" % ident
    )


def test_it_cannot_be_changed(hp):
    with pytest.raises(AttributeError):
        hp.Root.i0_modules = {}


def test_it_is_no_member(hp):  # H-18, S-36
    root = hp.Root
    assert root not in hp.heap() and hp.iso(root).count == 1


def test_names_under_strain(hp):  # H-39
    """Frames are asked for while another thread makes and drops them."""
    done = []

    def recurse(n):
        return recurse(n - 1) if n else 0

    def work():
        while not done:
            recurse(50)

    threads = [threading.Thread(target=work) for i in range(3)]
    for t in threads:
        t.start()
    try:
        for i in range(30):
            for name in dir(hp.Root):
                try:
                    getattr(hp.Root, name)
                except AttributeError:
                    assert "_f" in name
    finally:
        done.append(1)
        for t in threads:
            t.join()


def test_another_root(hp):  # H-23
    x = [["deep", "in"], 5]
    hp.View.root = x
    try:
        assert hp.View.hv.root is x and hp.heap() == hp.iso(x, x[0], x[0][0], x[0][1], 5) == hp.View.heap()
    finally:
        hp.View.root = hp.Root
    assert sys in hp.heap()
    with pytest.raises(TypeError):
        del hp.View.hv.root


def test_objects_by_address(hp):  # S-79 in part
    mine = ["mine"]
    assert hp.View.obj_at(id(mine)) is mine and hp.View.obj_at(id("mine")) == "mine"
    for bad in (0, 1, 8, -1, 2**63, 2**80, id(mine) + 16):
        with pytest.raises(ValueError, match="No object found at address %s" % hex(bad)):
            hp.View.obj_at(bad)
    for bad in ("x", None, 2.5):
        with pytest.raises(TypeError):
            hp.View.obj_at(bad)


def test_horizons(hp):  # H-103
    import tracemalloc

    for traced in (False, True):
        if traced:
            tracemalloc.start()
        horizon = hp.View.horizon()
        new = [[i] for i in range(5)]
        news = horizon.news()
        assert new in news and new[3] in news and sys not in news and horizon not in news
        del horizon
    tracemalloc.stop()
    a, b = [], []
    h = heapyc.Horizon(hp.iso(a).nodes)
    assert list(h.news(hp.iso(a, b).nodes)) == [b] and len(h.news([a, b])) == 1 and len(h.news([])) == 0
    for bad in ((), (5,), ([], [])):
        with pytest.raises(TypeError):
            heapyc.Horizon(*bad)
    with pytest.raises(TypeError):
        h.news(5)


def test_hooks_run_after_collections(hp):  # H-103
    calls = []
    before = list(gc.callbacks)
    hook = hp.View.gchook(lambda: calls.append(1))
    gc.collect()
    assert calls == [1]
    del hook
    gc.collect()
    assert calls == [1] and gc.callbacks == before
    with pytest.raises(TypeError):
        hp.View.gchook(5)


def test_heap_views(hp):  # H-103
    class Mine(heapyc.HeapView):
        pass

    for make in (heapyc.HeapView, Mine):
        hv = make([["x"]], ())
        assert {type(o) for o in hv.heap()} == {list, str} and hv._hiding_tag_ is None and hv.limitframe is None
        hv._hiding_tag_ = hp._hiding_tag_
        hv.root = hp.Root
        assert hp not in hv.heap() and sys in hv.heap()
        hv._hiding_tag_ = None
        assert hp in hv.heap()
        assert hv.indisize_sum([[], ()]) == hp.iso([], ()).size
    with pytest.raises(TypeError, match="missing"):
        heapyc.HeapView(1)
    with pytest.raises(TypeError, match="heapdefs must be a capsule object"):
        heapyc.HeapView(1, (1,))
    with pytest.raises(TypeError, match="set_limitframe: frame or None expected"):
        hv.limitframe = 3


def test_xmemstats():  # H-103
    result = subprocess.run(
        [sys.executable, "-c", "from guppy.heapy.heapyc import xmemstats; print(xmemstats())"],
        capture_output=True, text=True,
    )  # fmt: skip
    sections = re.split("^={70}\n", result.stderr, flags=re.M)
    assert result.stdout == "None\n" and result.returncode == 0
    assert sections[1].startswith("Output from _PyObject_DebugMallocStats()")
    assert any(s.startswith("Other statistics") for s in sections)
    if sys.platform == "linux" and "libasan" not in os.environ.get("LD_PRELOAD", ""):
        assert any(s.startswith("Output from malloc_stats") and "in use bytes" in s for s in sections)

"""Shortest paths and reference patterns, where ours are better than the reference's, by their numbers.

PYTEST_DONT_REWRITE: rewritten assertions keep what they see in local variables, which are part of the heap.
"""

import ctypes
import gc
import re
import sys
import threading

import pytest

from guppy import hpy


@pytest.fixture
def hp():
    session = hpy()
    session.reprefix = "hp."
    return session


def lines(x):
    return str(x).splitlines()


def test_paths_through_frames(hp):  # P-30, H-21, Y-13
    loc = ["L"]
    p = hp.iso(loc).sp
    depth = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    root = "hp.Root.i0_t%d_f%d" % (threading.get_ident(), depth)
    assert lines(p) == [" 0: %s.f_locals['loc']" % root] and p.numpaths == 1

    def caller():
        own = ["own"]
        deeper = "hp.Root.i0_t%d_f%d" % (threading.get_ident(), depth + 1)
        assert lines(hp.iso(own).sp) == [" 0: %s.f_locals['own']" % deeper]
        assert lines(hp.iso(kept).sp) == [" 0: %s.f_back.f_locals['kept']" % deeper] or "cell_contents" in str(hp.iso(kept).sp)
        assert str(q) == text  # named when it was computed
        return sys._getframe()

    kept = ["kept"]
    q, text = hp.iso(loc).sp, str(p)
    caller()
    assert eval(text[4:], {"hp": hp}) is loc
    assert "guppy" not in text


def paths_to_a_local_of_my_caller(hp):
    (address,) = [id(o) for o in sys._getframe().f_back.f_locals.values() if o == ["of the caller"]]
    return str(hp.iso(hp.View.obj_at(address)).sp)


def test_locals_of_the_caller(hp):  # P-30 (2)
    loc = ["of the caller"]
    assert paths_to_a_local_of_my_caller(hp).endswith(".f_back.f_locals['loc']") and loc


def test_paths_to_other_threads(hp):  # P-31, H-20
    ready, done, found = threading.Event(), threading.Event(), []

    def worker():
        tl = ["of a thread"]
        found.append(id(tl))
        ready.set()
        done.wait()
        return tl

    thread = threading.Thread(target=worker)
    thread.start()
    ready.wait()
    paths = hp.iso(hp.View.obj_at(found[0])).sp
    text = str(paths)
    done.set()
    thread.join()
    assert "hp.Root.i0_t%d_f" % thread.ident in text and ".f_back.f_back.f_locals['tl']" in text and "??" not in text


def test_frames_as_sources(hp):  # P-32, P-33
    loc, cv = ["loc"], ["cv"]

    def inner():
        return cv

    here = sys._getframe()
    assert lines(hp.iso(loc).get_shpaths(hp.iso(here))) == [" 0: Src.f_locals['loc']"]
    assert lines(hp.iso(cv).get_shpaths(hp.iso(here))) == [" 0: Src.f_locals['cv'].cell_contents", " 1: Src.f_locals['inner'].__closure__[0].cell_contents"][:1]
    name = str(hp._parent.Path.relation(hp.Root, here))
    assert name.startswith("%s.i0_t") and getattr(hp.Root, name[3:]) is here and inner


def test_handled_exceptions_and_contexts(hp):  # P-34, H-22
    import contextvars

    try:
        raise KeyError("k")
    except KeyError as e:
        assert lines(hp.iso(e).sp)[0] == " 0: hp.Root.i0_t%d_exc_value" % threading.get_ident()
    var = contextvars.ContextVar("var")
    token = var.set(["in a context"])
    text = str(hp.iso(var.get()).sp.all)
    assert "i0_t%d_context" % threading.get_ident() in text
    var.reset(token)


class Raises:
    def __repr__(self):
        raise RuntimeError


def test_any_key_prints(hp):  # P-18, P-19, R-21, R-22
    x = ["x"]
    for key, text in (("100%", "'100%'"), ("%s %d %", "'%s %d %'"), ("%(a)s", "'%(a)s'"), (Raises(), "<Raises instance at 0x")):
        d = {key: x}
        p = hp.iso(x).get_shpaths(hp.iso(d))
        assert str(p).startswith(" 0: Src[" + text) and (str(p[0]) % "Src") == str(p)[4:]
        assert p.more is not None and "??" not in str(p) and hp.iso(d).rp is not None and str(hp.iso(x).byvia)
    slow = {"a" * 10**6: x, "b": x}
    assert all(len(line) < 80 for line in lines(hp.iso(x).get_shpaths(hp.iso(slow))))


def test_order_of_relations(hp):  # R-23, P-12
    x = ["x"]
    d = {"b": x, (1, 2): x, "a": x, 3: x, None: x, 2.5: x, b"z": x, (0,): x, 1: x, Raises(): x}
    texts = [line.split(": ", 1)[1] for line in lines(hp.iso(x).get_shpaths(hp.iso(d)))]
    assert texts[:7] == ["Src[1]", "Src[2.5]", "Src[3]", "Src[(0,)]", "Src[(1, 2)]", "Src['a']", "Src['b']"]
    assert texts[7:] == sorted(texts[7:], key=lambda t: ["None", "<Rai", "b'z'"].index(t[4:8]) if t[4:8] != "None" else 0) or len(texts) == 10
    f = lambda a=x: x  # noqa: E731
    f.x = x
    s = [x, {"k": x}]
    assert lines(hp.iso(x).get_shpaths(hp.iso(s))) == [" 0: Src[0]"] and f

    class Incomparable:
        def __lt__(self, other):
            raise TypeError

        __gt__ = __lt__

    e = {Incomparable(): x, Incomparable(): x}
    assert len(lines(hp.iso(x).get_shpaths(hp.iso(e)))) == 2


def test_long_paths(hp):  # P-13, H-2
    n = 3000
    chain = target = ["end"]
    for _ in range(n):
        chain = [chain]
    p = hp.iso(target).get_shpaths(hp.iso(chain))
    assert p.numpaths == 1 and len(p[0]) == n and len(p.sets) == n + 1 and str(p).count("[0]") == n
    wide = target
    for _ in range(400):
        wide = [wide] * 16
    p = hp.iso(target).get_shpaths(hp.iso(wide))
    assert p.numpaths == 16**400 and str(p[-1]) == "%s" + "[15]" * 400 and str(p[16**399 * 7]) == "%s[7]" + "[0]" * 399
    middle = p.numpaths // 2
    assert next(p.iter(middle)).index == middle and p[middle - 1] != p[middle] and next(p.iter(-1)).index == 16**400 - 1
    with pytest.raises(IndexError, match="path"):
        p[p.numpaths]
    with pytest.raises(TypeError):
        p[0:1]


def test_counts_agree_with_what_is_printed(hp):  # P-17, R-20, H-37
    def f():
        pass

    f.__qualname__ = f.__name__
    for source, target in ((f, f.__name__), (staticmethod(f), f), ({"a": "a"}, "a"), ([f] * 25, f), (f.__code__, f.__code__.co_name)):
        p = hp.iso(target).get_shpaths(hp.iso(source))
        assert p.numpaths == len(p.aslist()) == len(lines(p.all)) and (p.numpaths < 12 or "more paths" in str(p))


def test_arguments(hp):  # P-2
    x = ["x"]
    with pytest.raises(TypeError, match="IdentitySet or NodeSet expected, got <class 'list'>."):
        hp.iso(x).get_shpaths([x])
    with pytest.raises(ValueError, match="wrong _hiding_tag_"):
        hp.iso(x).get_shpaths(hpy(ht=[]).iso(x))
    with pytest.raises(TypeError, match="'int' object is not iterable"):
        hp.iso(x).get_shpaths(avoid_edges=5)
    with pytest.raises(TypeError, match="update: right argument must be sequence of 2-tuples"):
        hp.iso(x).get_shpaths(avoid_edges=[1])
    a = [x]
    assert hp.iso(x).get_shpaths(hp.iso(a).nodes).numpaths == 1 and hp.iso(x).get_shpaths(hp.iso(a), avoid_nodes=hp.iso(a)).numpaths == 0


def test_snapshots_give_the_same_paths(hp):  # P-1, P-3
    x = ["x"]
    y = [[x], (x, [x])]
    s = hp.snapshot()
    y.append(x)
    assert str(s.iso(x).get_shpaths(s.iso(y))) == " 0: Src[0][0]\n 1: Src[1][0]"
    assert str(hp.iso(x).get_shpaths(hp.iso(y))) == " 0: Src[2]"
    p = s.iso(x).get_shpaths(s.iso(y))
    assert str(p.avoided(1)) == " 0: Src[1][1][0]" and s.iso(x).get_shpaths(s.iso(y), avoid_edges=[(y, y[0])]).numpaths == 1


# ---- patterns ----


def test_nothing_has_a_pattern(hp):  # P-75
    assert lines(hp.Nothing.rp) == ["Reference Pattern by <[dict of] class>.", " 0: _ --- [R] 0 <Nothing>: "] and len(hp.Nothing.rp) == 1


def test_deep_patterns(hp):  # P-76
    chain = target = ["end"]
    for _ in range(3000):
        chain = [chain]
    r = hp.iso(target).get_rp(depth=2000, src=hp.iso(chain))
    assert len(r) == 2001 and "[+]" in str(r.get_row(2000)) and r.a1999.count == 1


def test_names_beyond_z(hp):  # P-68
    x = ["x"]
    types = [type("T%02d" % i, (), {"__slots__": ("a",)}) for i in range(60)]
    holders = [t() for t in types]
    for h in holders:
        h.a = x
    r = hp.iso(x).get_rp(1, src=hp.iso(holders))
    names = [r.get_row(i).ixlstr for i in range(len(r))]
    assert len(r) == 61 == len(set(names)) and names[27] == "A" and names[53] == "_52_"
    for i, name in enumerate(names):
        assert name.isidentifier() and getattr(r, name) == r[i] and r.get_row(name).index == i


def test_patterns_follow_frames_without_ours(hp):  # P-77
    x = ["x"]
    r = hp.iso(x).get_rp(stopkind=hp.Nothing, depth=4)
    text = str(r.all)
    assert "[R] 1 guppy.heapy.heapyc.RootStateType: 0x" in text and "reference_pattern" not in text and sys._getframe().f_code.co_name in text


def test_strings_name_relations(hp):  # P-60, P-61, P-66
    x = ["x"]
    r = hp.iso(x).get_rp(1, "Type&Size")
    assert lines(r)[0] == "Reference Pattern by <<type & individual size>>." and "))" not in str(r)
    with pytest.raises(ValueError):
        hp.iso(x).get_rp(1, "Nonsense")
    with pytest.raises(TypeError):
        hp.iso(x).get_rp(stopkind=3)
    with pytest.raises(ValueError, match="ref should be 'gc', 'gcx', 'imdom', or a callable"):
        hp.iso(x).get_rp(ref="foo")
    settings = hp._parent.RefPat
    assert (settings.depth, settings.line_length) == (7, 80)
    settings.depth, settings.line_length = 1, 40
    r = hp.iso(x).rp
    assert r.depth == 1 and all(len(line) <= 40 for line in lines(r)[1:])
    assert len(lines(hp.iso(x).get_rp(ref="gc"))) > 1 and len(lines(hp.iso(x).get_rp(ref="gcx"))) > 1
    assert str(hp.iso(x).get_rp(ref="imdom")) == str(hp.iso(x).get_rp(imdom=1))


def test_labels_say_what_relations_are_made_of(hp):  # P-60
    x = ["x"]
    for er, words in (
        (hp.Type.dictof, "[dict of] type"),
        (hp.Module.dictof & hp.Size, "<[dict of] module & individual size>"),
        ((hp.Size & hp.Type).refdby, "referrer kinds"),
        (hp.findex(hp.Size(24)), "index of first matching kind of (hp.Size(24),)"),
        (hp.findex(hp.Size(24), hp.Size(32)), "index of first matching kind of (hp.Size(24), hp.Size(32))"),
    ):
        assert lines(hp.iso(x).get_rp(1, er))[0] == "Reference Pattern by <%s>." % words


def test_every_relation_makes_a_pattern(hp):  # P-63, P-66, P-67
    x = [["x"]]
    keep = [x, (x,), {"x": x}]
    for name, words in (
        ("Clodo", "[dict of] class"), ("Type", "type"), ("Unity", "unity"), ("Size", "individual size"), ("Module", "module"),
        ("Id", "object identity"), ("Idset", "by identity set"), ("Rcs", "referrer kinds"), ("Via", "referred via"),
    ):  # fmt: skip
        r = hp.iso(x).get_rp(2, getattr(hp, name))
        assert lines(r)[0] == "Reference Pattern by <%s>." % words and len(r) > 2 and all(len(line) <= 80 for line in lines(r.all)[1:])
    import tracemalloc

    tracemalloc.start()
    try:
        assert lines(hp.iso(x).get_rp(1, hp.Prod))[0] == "Reference Pattern by <producer>."
    finally:
        tracemalloc.stop()
    assert keep


def test_owners_of_dicts_are_shown_by_clodo_alone(hp):  # P-67
    import json

    dicts = hp.iso(json.__dict__)
    for er, text in ((hp.Clodo & hp.Size, "json"), (hp.Type & hp.Size, "%#x*%d" % (id(json.__dict__), len(json.__dict__)))):
        r = hp.iso(json.JSONDecodeError).get_rp(1, er)
        r.generate()
        assert any(dicts <= row.set for row in r.lines) and all(text in str(row) for row in r.lines if dicts <= row.set)


def test_pages_of_patterns(hp):  # P-69, P-100, P-101
    x = ["x"]
    rows = [(x,), [x], {"x": x}, {1: x}, frozenset(["n"])]
    types = [type("T%d" % i, (), {"__slots__": ("a",)}) for i in range(8)]
    holders = [t() for t in types] + rows
    for h in holders[:8]:
        h.a = x
    r = hp.iso(x).get_rp(1, src=hp.iso(holders))
    n = len(r)
    text = lines(r)
    assert (n == 11 and len(text) == 12) or text[-1] == "<%d more lines. Type e.g. '_.more' for more.>" % (n - 10)
    shown = text[1:] if n == 11 else text[1:-1] + lines(r.more)
    assert shown == [str(row) for row in r.lines] == lines(r.all)[1:] and str(r.more.more) == "" and repr(r) == str(r)
    assert r.more.top is r and r.more.a == r.a
    with pytest.raises(AttributeError):
        r.more.nonsense
    m = hp.iso(x).get_rp(depth=9).more
    assert str(m) == "" or lines(m)[0].startswith("10:")


def test_patterns_are_of_one_moment(hp):  # P-73, H-91
    x = []
    a = [x]
    b = [x]
    s = [a, b]
    r = hp.iso(x).get_rp(src=hp.iso(s))
    b.pop()
    assert r.a == hp.iso(a, b)
    r.reset()
    assert r.a == hp.iso(a)
    gc.collect()


def test_paths_of_patterns(hp):  # P-80, P-81
    x = ["x"]
    a, b = [x], [x, x]
    s = [a, b]
    r = hp.iso(x).get_rp(src=hp.iso(s))
    assert lines(r.paths("aa"))[0] == "Paths from source 'aa' to target '_'." and str(r.paths("a", andsets={"a": hp.iso(a)})).count("@") == 1
    with pytest.raises(ValueError, match="no row named 'zz'"):
        r.paths("zz")
    with pytest.raises(ValueError, match="too long"):
        r.paths("a", andsets=[None] * 3)
    with pytest.raises(TypeError, match="must be dict, tuple, or list"):
        r.paths("a", andsets=5)
    assert lines(r.paths(0))[1].startswith(" 0: _ [0] = <1 list: 0x")


class Holder:
    pass


def test_patterns_of_the_engine_are_those_by_relation(hp):
    """P-60: what finds referrers for the engine's rows, and a function that gives referrers, make one pattern."""
    shared, loop, holder = ["shared"], [], Holder()
    loop.extend([shared, loop])
    holder.x = shared
    keep = [{"k": shared}, (shared, loop), [[shared]] * 3, {"a", "b"}, holder, ctypes.c_int]
    snapshot = hp.snapshot()
    for of in [
        snapshot.iso(ctypes.c_int.__init__, ctypes.c_int._type_),  # in an attribute dict of a type of its own, up to 3.12
        snapshot.iso(shared),
        snapshot.iso(loop, keep),
        snapshot.iso(holder),
        snapshot.iso(*keep),
        snapshot.heap()[3],
        snapshot.Nothing,
    ]:
        for options in (
            {},
            {"depth": 3, "er": hp.Type},
            {"depth": 2, "nocyc": True},
            {"depth": 3, "stopkind": hp.Type(list)},
            {"depth": 3, "stopkind": hp.Nothing, "nocyc": True},
            {"depth": 0},
        ):
            engine, other = of.get_rp(**options), of.get_rp(ref=lambda s: s.referrers, **options)
            if "er" not in options:  # by type, dicts are shown by their addresses, whoever owns them
                # The engine shows lengths of the moment, sets those of now.
                texts = [re.sub(r"\*\d+", "", str(rp.all)) for rp in (engine, other)]
                assert texts[0].splitlines() == texts[1].splitlines()
            assert [row.ixlstr for row in engine.lines] == [row.ixlstr for row in other.lines]
            assert [row.seenline and row.seenline.index for row in engine.lines] == [
                row.seenline and row.seenline.index for row in other.lines
            ]
            assert list(engine) == list(other)


def test_paths_from_another_root_begin_at_it(hp):  # P-1, H-23
    holder = {"key": {"inner": ["value"]}}
    hp.View.root = holder
    paths = hp.iso(holder["key"]["inner"]).sp
    assert str(paths) == " 0: Src['key']['inner']" and paths.srcname == "Src" and paths.numpaths == 1
    hp.View.root = hp.Root
    assert ".Root.i0_" in str(hp.iso(holder["key"]["inner"]).sp)

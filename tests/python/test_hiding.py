"""What does not show: the tool's own objects, and what carries the session's tag."""

import sys
import threading

import pytest

from guppy import Root, hpy


class Plain:
    pass


class Slotted:
    __slots__ = ("x",)


def results(hp):
    """One of everything a user can hold."""
    s = hp.iso(1, "a", [], Plain)
    st = s.stat
    p = s.partition
    return [
        hp, s, hp.iso(1), hp.Nothing, s.nodes, s.kind, hp.Type, hp.Type(int), hp.Clodo(dictof=Plain), p, s.byid.partition,
        p.get_row(0), list(p.rows), st, st - st, st[0], st.get_row(0), st.get_rows(), list(st.get_rows()), s.more, s.all,
        s.more.more, st.more, iter(p), hp.View, hp.View.hv, hp.View.horizon(), hp._parent, hp._root, hp.Root,
        hp.View.gchook(list), hp._capture_graph(), hp.heap, hp.iso, s.by, st.dump,
    ]  # fmt: skip


def test_results_do_not_show(hp):  # S-41, S-41a, H-40, Y-10
    keep = results(hp)
    h = hp.heap()
    for x in keep:
        if type(x) is not list:
            assert x not in h, x
    assert keep in h


def test_what_only_a_result_holds_does_not_show(hp):  # S-40
    o = Slotted()
    o.x = ["only there"]
    only = id(o.x)
    s = hp.iso(o)
    rows = list(s.partition.rows), s.nodes, s.more
    del o
    h = hp.heap()
    assert not h & Slotted
    assert only not in {id(x) for x in (h & list).nodes}
    assert rows


def test_code_of_the_package_shows(hp):  # S-43
    import guppy
    import guppy.heapy.View

    h = hp.heap()
    assert hpy in h and guppy in h and guppy.heapy.View in h and type(hp.View) in h and type(hp) in h


def test_what_is_asked_for_is_not_filtered(hp):  # S-44
    h = hp.iso(1)
    assert hp.iso(hp, h, h.nodes).count == 3


def test_tags_of_sessions(hp):  # S-5, S-41, G-2
    other = hpy(ht=[])
    kept = other.iso(Slotted())
    h = hp.heap()
    assert other in h and kept in h and kept.theone in h
    assert hpy() not in h and hp not in other.heap() or hp in other.heap()
    assert hp in other.heap() and other not in other.heap() and kept not in other.heap()
    assert hp._hiding_tag_ is hpy(None)._hiding_tag_ is not other._hiding_tag_


def test_a_tag_that_is_anything(hp):  # S-5
    for tag in ("text", 5, Plain(), Plain):
        other = hpy(tag)
        assert other._hiding_tag_ is tag
        assert other.heap().count


@pytest.mark.parametrize("with_dict", [False, True])
def test_user_objects_with_the_tag(hp, with_dict):  # S-42, H-42
    tagged, private, other = Plain(), Slotted(), Plain()
    tagged.private = private
    tagged._hiding_tag_ = hp._hiding_tag_
    other._hiding_tag_ = []
    if with_dict:
        assert tagged.__dict__ and other.__dict__
    only = id(private)
    del private
    h = hp.heap()
    assert tagged not in h and other in h
    assert only not in {id(o) for o in (h & Slotted).nodes}
    del tagged._hiding_tag_
    assert tagged in hp.heap()


def test_a_dict_with_the_tag_is_not_entered(hp):  # H-42
    d = {"_hiding_tag_": hp._hiding_tag_, "inside": ["inside"]}
    h = hp.heap()
    assert d in h and d["inside"] not in h


def test_a_frame_with_the_tag_is_not_entered(hp):  # H-42
    def function():
        _hiding_tag_ = hp._hiding_tag_  # noqa: F841
        inside = ["inside"]
        h = hp.heap()
        return sys._getframe() in h, inside in h

    assert function() == (True, False)


def test_registered_types(hp):  # H-42, H-103
    class Tagged:
        __slots__ = ("_hiding_tag_", "x")

    class Sub(Tagged):
        __slots__ = ()

    class Exact:
        __slots__ = ("x",)

    class SubOfExact(Exact):
        __slots__ = ()

    t, sub, free, e, f = Tagged(), Sub(), Tagged(), Exact(), SubOfExact()
    t._hiding_tag_ = sub._hiding_tag_ = hp._hiding_tag_
    free._hiding_tag_ = []
    t.x, e.x = ["of t"], ["of e"]
    hv = hp.View.hv
    hv.register__hiding_tag__type(Tagged)
    hv.register_hidden_exact_type(Exact)
    h = hp.heap()
    assert (t in h, sub in h, free in h, t.x in h) == (False, False, True, False)
    assert (e in h, f in h, e.x in h) == (False, True, False)
    for register in (hv.register__hiding_tag__type, hv.register_hidden_exact_type):
        with pytest.raises(ValueError, match="already registered"):
            register(Tagged if register == hv.register__hiding_tag__type else Exact)
        with pytest.raises(TypeError):
            register(5)
    with pytest.raises(ValueError, match="register__hiding_tag__type: type has no '_hiding_tag_' slot"):
        hv.register__hiding_tag__type(int)


def test_the_calling_interpreter_can_be_hidden(hp):  # H-45
    hp.View.is_hiding_calling_interpreter = True
    assert hp.heap().count == 0
    hp.View.is_hiding_calling_interpreter = False
    assert sys in hp.heap()


def test_own_frames_do_not_show(hp):  # S-35, H-41
    def called_back():
        return hp.heap()

    # hp.View.gchook runs its function below frames of this package.
    seen = []
    hook = hp.View.gchook(lambda: seen.append(called_back()))
    import gc

    gc.collect()
    del hook
    h = seen[0]
    names = {f.f_globals["__name__"] for f in (h & type(sys._getframe())).nodes}
    assert sys._getframe() in h
    assert not any(n == "guppy" or n.startswith("guppy.") for n in names)


def test_frames_below_ours_are_found_and_named(hp):  # H-21
    graphs = []

    def take():
        inner = ["inner"]
        graph = hp._capture_graph()
        tops = [(o, label[1]) for o, label in graph.roots() if type(o) is type(sys._getframe())]
        graphs.append((tops, sys._getframe(), inner, [getattr(hp.Root, name) is o for o, name in tops]))

    hook = hp.View.gchook(take)
    import gc

    gc.collect()
    del hook
    tops, frame, inner, are_named = graphs[0]
    names = {id(o): name for o, name in tops}
    me = "i0_t%d_f" % threading.get_ident()
    assert names[id(frame)].startswith(me)
    assert names[id(sys._getframe())].startswith(me)  # ours are between the two
    assert all(are_named)


def test_the_limit_frame(hp):  # H-103
    def inner():
        mine = ["mine"]
        hp.View.hv.limitframe = sys._getframe(1)
        try:
            h = hp.heap()
        finally:
            hp.View.hv.limitframe = None
        return sys._getframe() in h, mine in h, sys._getframe(1) in h

    assert inner() == (False, False, True)


def test_warming_up(script):  # S-37, H-50, H-51, H-52, Y-17
    out = script(
        """
from guppy import hpy
import decimal, datetime, collections, array, json, re
hp = hpy(); hp.setref()
x = hp.iso(1, "a", []); str(x); str(x.byid); x.brief; str(x.stat); str(x - hp.iso(1)); x.kind; str(x.bymodule)
for t in (decimal.Decimal, datetime.datetime, collections.deque, array.array, json.JSONEncoder, re.Pattern, range, memoryview):
    dir(t); repr(t); hasattr(t, "__add__"); t.__doc__
print(hp.heap().count); print(hp.heap().count); print(hp.heap().count)
"""
    ).stdout
    assert out == "0\n0\n0\n"


def test_trees_hide_their_nodes(hp):  # S-41
    root = Root()
    session = root.guppy.heapy.Use
    node = root.os
    h = hp.heap()
    assert root not in h and session not in h and node not in h

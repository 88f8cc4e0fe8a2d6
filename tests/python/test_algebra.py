"""Identity sets with each other, with kinds, types and node sets; against a model made of Python sets of ids."""

import random

import pytest

from guppy import Root, hpy


class A:
    pass


OBJECTS = [[], [1], {}, {1: 2}, (1, 2.5), "text of its own", 2.25, 10**40, A(), A(), A, len, hpy, b"bytes of its own", set()]


def ids(s):
    return {id(o) for o in s.nodes}


@pytest.mark.parametrize("seed", range(40))
def test_operators_and_comparisons_agree_with_sets(hp, seed):  # K-10, K-11, K-12, K-14, K-16, K-40
    draw = random.Random(seed)
    picks = [[o for o in OBJECTS if draw.random() < p] for p in (0.3, 0.5, draw.random())]
    a, b, c = (hp.iso(*p) for p in picks)
    x, y, z = ({id(o) for o in p} for p in picks)
    assert ids(a | b) == x | y and ids(a & b) == x & y and ids(a - b) == x - y and ids(a ^ b) == x ^ y
    assert ids((a | b) & c) == (x | y) & z and ids(a - (b ^ c)) == x - (y ^ z)
    for u, v, m, n in ((a, b, x, y), (a, a | b, x, x | y), (b & a, b, y & x, y), (a, a, x, x)):
        assert (u <= v, u < v, u >= v, u > v, u == v, u != v) == (m <= n, m < n, m >= n, m > n, m == n, m != n)
        assert u.disjoint(v) == m.isdisjoint(n)
        assert (hash(u) == hash(v)) or m != n
    assert all((o in a) == (id(o) in x) for o in OBJECTS)
    assert bool(a) == bool(x) and a.count == len(x)
    assert repr((a | b).er).endswith("Clodo") and repr((a.bysize & b).er).endswith("Clodo")  # K-24


@pytest.mark.parametrize("seed", range(20))
def test_kinds_select_as_predicates_do(hp, seed):  # K-41, K-45
    draw = random.Random(seed)
    pick = [o for o in OBJECTS if draw.random() < 0.7]
    x = hp.iso(*pick)
    for t in (list, dict, tuple, str, float, int, A, type, set, type(len)):
        members = {id(o) for o in pick if type(o) is t}
        kind = hp.Type(t)
        assert ids(x & kind) == members == ids(kind & x) == ids(x & t) == ids(t & x)
        assert ids(x - kind) == {id(o) for o in pick} - members
        assert (x <= kind) == (len(members) == len(pick))
        assert x.disjoint(kind) == (not members)
        for o in pick:
            assert (o in kind) == (type(o) is t)


def test_kinds_of_rows_select_the_rows(hp):  # K-25f, T-5
    a = A()
    a.x = 1
    x = hp.iso(*OBJECTS, a, a.__dict__, hp.__doc__, A.__dict__, *[o for o in (random, pytest)])
    for by in ("Type", "Clodo", "Size", "Module", "Unity", "Id", "Idset"):
        y = x.by(by)
        for i, part in enumerate(y.parts):
            assert (x & part.kind) == part, (by, i)
            assert part <= part.kind
            assert y.partition.get_row(i).set == part
            assert y.partition.get_row(i).kind == part.kind
        assert x <= y.kind and (x & y.kind) == x


def test_dicts_by_owner(hp):  # K-71a, K-71b, K-49
    a = A()
    a.__dict__["x"] = 1
    free = {}
    x = hp.iso(a.__dict__, free, vars(random), 1)
    assert ids(x & hp.Clodo(dictof=A)) == {id(a.__dict__)}
    assert ids(x & hp.Clodo(dictof=())) == {id(free)}
    assert a.__dict__ in hp.Clodo(dictof=A) and free not in hp.Clodo(dictof=A) and free in hp.Clodo(dictof=())
    assert hp.Clodo(dictof=A) <= hp.Type(dict) and not hp.Type(dict) <= hp.Clodo(dictof=A)
    assert hp.Clodo(A) == hp.Type(A) != hp.Clodo(dictof=A)


def test_comparing_with_what_is_no_set(hp):  # K-19e
    x = hp.iso(1)
    for other in (5, None, [1], "x", object(), {1}):
        assert (x == other) is False and (x != other) is True and (other == x) is False
        assert (hp.Type(int) == other) is False


def test_sets_of_two_sessions(hp):  # S-95
    other, foreign = hpy(), hpy(ht=[])
    a, b, c = hp.iso(1, "a"), other.iso("a", 2.5), foreign.iso("a")
    assert (a | b).count == 3 and (a & b).count == 1 and (a - b).count == 1 and (a ^ b).count == 2
    assert (a == b, a != b, a <= b) == (False, True, False)
    for operation in (
        lambda: a | c, lambda: a & c, lambda: a - c, lambda: a ^ c, lambda: a <= c, lambda: a > c, lambda: a.disjoint(c),
        lambda: c | a, lambda: a & foreign.Type(str),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="hiding tags"):
            operation()
    assert (c == a, c != a, foreign.iso("a") == c) == (False, True, True)


def test_conversions_can_be_turned_off_and_on():  # K-19a, K-19b, K-19c, S-6
    root = Root()
    hp, settings = root.guppy.heapy.Use, root.guppy.heapy.UniSet
    x = hp.iso(1, 2, "a")
    assert (x & x.nodes) == x and (x.nodes & x) == x
    settings.auto_convert_type = False
    with pytest.raises(TypeError):
        x & int
    with pytest.raises(TypeError):
        x <= int
    settings.auto_convert_type = True
    with pytest.raises(TypeError):
        x | [3]
    settings.auto_convert_iter = True
    assert (x | [3, 4]).count == 5 and ([3] | x).count == 4 and hp.iso(1) <= [1, 2] and x == [1, 2, "a"]
    assert (hpy().iso(1) & int).count == 1  # another root is not concerned


def test_conversion_runs_over_what_fails():
    root = Root()
    hp = root.guppy.heapy.Use
    root.guppy.heapy.UniSet.auto_convert_iter = True

    def broken():
        yield []
        raise KeyError("in the iterator")

    with pytest.raises(KeyError):
        hp.iso(1) | broken()
    with pytest.raises(KeyError):
        hp.idset(broken())


def test_what_an_operand_stands_for(hp):  # S-23
    x = hp.iso(1)
    assert hp.uniset_from_setcastable(x) is x and hp.uniset_from_setcastable(int) == hp.Type(int)
    assert hp.uniset_from_setcastable(x.nodes) == x
    with pytest.raises(TypeError):
        hp.uniset_from_setcastable(5)


def test_the_class_tree(hp):  # K-1, K-2, K-20
    from guppy.heapy import UniSet

    assert issubclass(UniSet.IdentitySet, UniSet.UniSet) and issubclass(UniSet.Kind, UniSet.UniSet)
    assert issubclass(UniSet.EquivalenceRelation, UniSet.UniSet)
    for x in (hp.iso(1), hp.iso(1, 2), hp.Nothing):
        assert isinstance(x, UniSet.IdentitySet) and type(x).__module__ == "guppy.heapy.UniSet"
    assert type(hp.iso(1)) is UniSet.IdentitySetSingleton and type(hp.Nothing) is UniSet.IdentitySetMulti
    for make in (UniSet.UniSet, UniSet.IdentitySet, UniSet.Kind, UniSet.EquivalenceRelation):
        with pytest.raises(TypeError):
            make()


def test_attributes_of_identity_sets(hp):  # K-21, K-29, Y-34
    names = set(
        "addresses all biper brief by byclodo byid byidset bymodule byprod byrcs bysize bytype byunity byvia count dictof diff "
        "disjoint doc dump er fam get_ckc get_examples get_render indisize kind maprox more nodes owners partition parts "
        "prod size stat test_contains theone "
        "referents referrers referrers_gc dominos domisize imdom retained byretained "
        "rp get_rp sp shpaths get_shpaths pathsin pathsout".split()
    )
    for x in (hp.iso(1), hp.iso(1, "a"), hp.Nothing):
        assert names == {n for n in dir(x) if not n.startswith("_")}
        for name in names - {"theone", "prod"}:
            getattr(x, name)


def test_tab_completion_does_no_work(hp):  # K-23, Y-23
    x = hp.heap()
    space = {"__name__": "rlcompleter", "x": x}
    assert eval("(x.size, x.brief, x.kind, x.parts, x.stat, x.more, x.partition)", space) == (None,) * 7
    assert x.size


def test_equality_is_never_used(hp):  # K-3, H-1
    class Loud:
        def __eq__(self, other):
            raise AssertionError("asked")

        def __hash__(self):
            raise AssertionError("asked")

        __bool__ = __len__ = __iter__ = __hash__

    a, b = Loud(), Loud()
    x, y = hp.iso(a, b), hp.iso(a)
    assert (x & y) == y and (x - y).theone is b and y < x and a in x and x != y
    assert len({x, y}) == 2 and str(x.byid)
    assert x.nodes != y.nodes and len(x.nodes | y.nodes) == 2 and b not in y.nodes


def test_node_sets(hp):  # K-25c
    import guppy.sets

    a, b = hp.iso(1, "a").nodes, hp.iso("a", 2.5).nodes
    assert type(a) is guppy.sets.ImmNodeSet
    assert (len(a), len(a | b), len(a & b), len(a - b), len(a ^ b)) == (2, 3, 1, 1, 2)
    assert a == hp.iso("a", 1).nodes and a != b and a & b < a and a >= a & b and hash(a) == hash(hp.iso("a", 1).nodes)
    assert sorted(map(str, a)) == ["1", "a"]
    with pytest.raises(TypeError):
        a | 1
    import sys

    assert sys.getsizeof(hp.heap().nodes) > sys.getsizeof(a)  # H-73


def test_by(hp):  # K-26, K-26a, K-26b
    x = hp.iso(1, "a")
    assert x.by("Clodo") is x.by(hp.Clodo) is x.byclodo is x
    assert str(x.by("")) == str(x.byunity) and x.by("Type").er is hp.Type is x.by(hpy().Type).by(hp.Type).er
    for bad in ("Anything", "Root", "heap", "Type&", "&", "Nosuch", "Type Size"):
        with pytest.raises(ValueError):
            x.by(bad)
    for bad in (5, None, int, hp.iso(1), hp.Type(int)):
        with pytest.raises(TypeError):
            x.by(bad)


def test_er_argument(hp):  # S-73
    assert repr(hp.iso(1, er=hp.Type).er).endswith("Type") and repr(hp.idset([1], hp.Size).er).endswith("Size")
    for bad in ("Type", 5, int):
        with pytest.raises(TypeError):
            hp.iso(1, er=bad)
        with pytest.raises(TypeError):
            hp.idset([1], er=bad)


def test_relations_are_hashable_and_stable(hp):  # K-4, K-16, K-63
    assert hp.Type is hp.Type and {hp.Type: 1}[hp.Type] == 1 and hp.Type != hp.Size and hp.Type != hpy().Type
    for name in ("Type", "Clodo", "Size", "Module", "Id", "Idset", "Unity", "Via", "Prod"):
        assert str(getattr(hp, name)).startswith("Equiv. relation ")
        assert repr(getattr(hp, name)) == hp.reprefix + name
    assert hp.Rcs is hp.Clodo.refdby and repr(hp.Rcs) == hp.reprefix + "Clodo.refdby"


def test_truth_and_length(hp):  # K-15, K-17
    assert bool(hp.Type(A)) and not hp.Nothing and len(hp.iso(1, 2, "a")) == 2
    with pytest.raises(TypeError):
        len(hp.Type(A))
    with pytest.raises(TypeError):
        hp.Type(A)[0]  # K-19


def test_an_error_in_a_property_comes_through(hp):  # K-160
    class Bad:
        def __sizeof__(self):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hp.iso(Bad()).size

"""What the command says of a file is what the session says of the snapshot that was saved to it, to the character."""

import itertools
import json
import re

import pytest

from guppy import hpy

from cli_support import run_shell

RELATIONS = ["clodo", "type", "module", "size", "rcs", "via", "id", "unity"]


class Order:
    def __init__(self, items):
        self.items = items
        self.name = "order of %d" % len(items)


class Shop:
    def __init__(self):
        self.orders = [Order([str(i) + " pieces" for i in range(n * 7)]) for n in range(12)]
        self.by_name = {order.name: order for order in self.orders}
        self.cycle = [self]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A session's snapshot of this process, the object that is asked about, and the folder of the file."""
    shop = Shop()
    s = hpy().snapshot()
    folder = tmp_path_factory.mktemp("saved")
    s.save(str(folder / "heap.heapy"), contents="values")
    return s, shop, folder


def said(line, folder):
    result = run_shell(line, folder)
    assert (result.returncode, result.stderr) == (0, b""), (line, result.stderr)
    return result.stdout.decode("utf-8")


def printed(answer, s):
    """The text of an answer of the session, in which the root has the name that the command gives it."""
    return str(answer).replace(s._prefix + "Root", "Root") + "\n"


@pytest.mark.parametrize("relation", RELATIONS)
def test_tables(saved, relation):
    s, _, folder = saved
    table = getattr(s.heap(), "by" + relation)
    assert said("heapy top heap.heapy --by " + relation, folder) == printed(table, s)


@pytest.mark.parametrize("relation", ["type", "clodo", "module", "size", "rcs"])
def test_whole_tables(saved, relation):
    s, _, folder = saved
    table = getattr(s.heap(), "by" + relation)
    assert said("heapy top heap.heapy --all --by " + relation, folder) == printed(table.all, s)


def joined(relation, s):
    """The session's relation of a name as `type&size`."""
    er = None
    for part in relation.split("&"):
        part = getattr(s, part.capitalize())
        er = part if er is None else er & part
    return er


@pytest.mark.parametrize("relation", ["&".join(pair) for pair in itertools.permutations(RELATIONS, 2)] + ["type&id&size", "rcs&via&clodo"])
def test_tables_by_several(saved, relation):
    s, _, folder = saved
    er = joined(relation, s)
    objects = s.heap() & s.Type(list)
    assert said("heapy top heap.heapy --type list --by '%s'" % relation, folder) == printed(objects.by(er), s)
    if "via" not in relation and "rcs" not in relation:
        assert said("heapy top heap.heapy --by '%s'" % relation, folder) == printed(s.heap().by(er), s)


def test_retained_tables(saved):
    s, _, folder = saved
    assert said("heapy top heap.heapy --retained", folder) == printed(s.heap().byretained, s)
    assert said("heapy top heap.heapy --retained --by type --all", folder) == printed(s.heap().bytype.byretained.all, s)


@pytest.mark.parametrize("name", ["list", "dict", "str"])
def test_objects_of_a_type(saved, name):
    s, _, folder = saved
    objects = s.heap() & s.Type(eval(name))
    assert said("heapy top heap.heapy --by id --type " + name, folder) == printed(objects.byid, s)


def objects_of(shop):
    """Objects of every sort, by what they are called here."""
    return {
        "shop": shop,
        "dict": shop.by_name,
        "list": shop.orders,
        "order": shop.orders[5],
        "text": shop.orders[5].items[3],
        "class": Order,
        "function": objects_of,
        "module": json,
        "dict of a module": json.__dict__,
    }


NAMES = list(objects_of(Shop()))


@pytest.mark.parametrize("name", NAMES)
def test_paths(saved, name):
    s, shop, folder = saved
    obj = objects_of(shop)[name]
    assert said("heapy paths heap.heapy %#x" % id(obj), folder) == printed(s.iso(obj).sp, s)
    assert said("heapy paths heap.heapy %#x --all" % id(obj), folder) == printed(s.iso(obj).sp.all, s)


@pytest.mark.parametrize("name", NAMES)
def test_patterns(saved, name):
    s, shop, folder = saved
    obj = objects_of(shop)[name]
    assert said("heapy pattern heap.heapy %#x" % id(obj), folder) == printed(s.iso(obj).rp, s)
    pattern = s.iso(obj).get_rp(depth=2, er=s.Type, imdom=True)
    assert said("heapy pattern heap.heapy %#x --depth 2 --by type --imdom --all" % id(obj), folder) == printed(pattern.all, s)


@pytest.mark.parametrize("relation", [*RELATIONS, "type&size", "clodo&rcs", "size&module", "type&id", "clodo&type"])
def test_patterns_by_other_relations(saved, relation):
    s, shop, folder = saved
    er = joined(relation, s)
    for obj in objects_of(shop).values():
        asked = "heapy pattern heap.heapy %#x --depth 3 -n 60 --by '%s'" % (id(obj), relation)
        lines = said(asked, folder).splitlines()
        pattern = s.iso(obj).get_rp(depth=3, er=er)
        pattern.generate(60)
        shown = [pattern._label(), *map(str, pattern.lines[:60])]
        rows = json.loads(said(asked + " --json", folder))["rows"]
        assert lines[: len(shown)] == printed("\n".join(shown), s).splitlines()
        for line, row in zip(lines[1:], rows):
            assert "] %d %s: " % (row["count"], row["kind"])[:20] in line or line.endswith("...")


@pytest.mark.parametrize("name", NAMES)
def test_referrers_and_referents(saved, name):
    s, shop, folder = saved
    obj = objects_of(shop)[name]
    for what in ("referrers", "referents"):
        objects = getattr(s.iso(obj), what)
        assert said("heapy %s heap.heapy %#x --by clodo" % (what, id(obj)), folder) == printed(objects, s)
        assert said("heapy %s heap.heapy %#x --by id" % (what, id(obj)), folder) == printed(objects.byid, s)


@pytest.mark.parametrize("name", NAMES)
def test_why(saved, name):
    """The first lines of a node are the session's why()."""
    s, shop, folder = saved
    obj = objects_of(shop)[name]
    assert said("heapy node heap.heapy %#x" % id(obj), folder).startswith(printed(s.why(obj), s))


@pytest.mark.parametrize("name", NAMES)
def test_references_by_name(saved, name):
    """Each reference of a node is one that the session knows, and none is missing."""
    s, shop, folder = saved
    obj = objects_of(shop)[name]
    document = json.loads(said("heapy referents heap.heapy %#x --json --all" % id(obj), folder))
    assert document["total"] == len(document["rows"])
    found = {int(row["address"], 16) for row in document["rows"]}
    assert found == {id(o) for o in s.iso(obj).referents.nodes}
    assert {row["address"]: row["brief"] for row in document["rows"]} == {
        "%#x" % id(o): s.iso(o).brief for o in s.iso(obj).referents.nodes
    }


def test_dominators(saved):
    s, shop, folder = saved
    tree = s.dominators()
    assert said("heapy dominators heap.heapy", folder) == printed(tree, s)
    below = next(tree[i] for i in range(len(tree)) if len(tree[i]) > 12)
    assert said("heapy dominators heap.heapy %#x" % id(below.object), folder) == printed(below, s)


def test_dominators_below_the_root_as_an_object(saved):
    s, _, folder = saved
    root = said("heapy sql --csv \"SELECT node FROM objects WHERE type LIKE '%RootStateType'\" heap.heapy", folder).split()[1]
    assert said("heapy dominators heap.heapy '#%s'" % root, folder) == printed(s.dominators(), s)


def test_contents_none_says_the_same_numbers(saved):
    s, _, folder = saved
    s.save(str(folder / "none.heapy"), contents="none")
    ours = said("heapy top none.heapy --by type --all", folder)
    assert ours == printed(s.heap().bytype.all, s)
    assert re.search(r"<str of \d+ characters>", said("heapy top none.heapy --by id --type str", folder))


def test_differences(tmp_path):
    """Two snapshots of one process: the difference of their stats, and which objects are new, gone and kept."""
    hp = hpy()
    gone = [Order([]) for _ in range(50)]
    s = hp.snapshot()
    before, before_size = s.heap().stat, s.heap().size
    s.save(str(tmp_path / "before.heapy"), contents="values")
    old = {id(o) for o in s.heap().nodes}
    del s, gone[:]
    made = [Order(["new"]) for _ in range(70)]
    s = hp.snapshot()
    s.save(str(tmp_path / "after.heapy"), contents="values")
    after = s.heap().stat
    assert said("heapy diff before.heapy after.heapy", tmp_path).startswith(printed(after - before, s))
    assert said("heapy diff before.heapy after.heapy --all", tmp_path).startswith(printed((after - before).all, s))
    document = json.loads(said("heapy diff before.heapy after.heapy --json --all --new", tmp_path))
    assert document["before"] == {"count": len(old), "size": before_size}
    assert document["after"] == {"count": s.heap().count, "size": s.heap().size}
    objects = document["objects"]
    assert objects["gone"] + objects["kept"] == len(old)
    assert objects["new"] + objects["kept"] == s.heap().count
    assert objects["new"] == document["new"]["count"] >= len({id(o) for o in made} - old)
    assert objects["kept"] <= len(old & {id(o) for o in s.heap().nodes})
    rows = {row["kind"]: row for row in document["rows"]}
    row = rows[Order.__module__ + ".Order"]
    assert row["count"] == 20 == row["after_count"] - row["before_count"]
    assert sum(row["size"] for row in document["rows"]) == s.heap().size - before_size
    result = run_shell("heapy diff before.heapy after.heapy --fail-if \"kind like '%.Order' and count = 20\"", tmp_path)
    assert result.returncode == 3 and b"\nFailed: " in result.stdout
    result = run_shell("heapy diff before.heapy after.heapy --fail-if \"kind like '%.Order' and count = 21\"", tmp_path)
    assert result.returncode == 0 and b"Failed" not in result.stdout

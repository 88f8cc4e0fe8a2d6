"""A type that is named in place of an object: by one that several types have, by none, by part of one."""

import json
import shutil

import pytest

from guppy import hpy

from cli_support import ROOT, run_shell
from random_heap import write_random_heap


@pytest.fixture(scope="module")
def heap(tmp_path_factory):
    """With two types called shop.C, of the modules shop and other."""
    folder = tmp_path_factory.mktemp("heap")
    return folder, write_random_heap(folder / "h.heapy", 1, 30)


ALL_MEANT = b"heapy: h.heapy: 2 types are called shop.C; all are meant\n"


def test_several_types_of_one_name_are_all_meant(heap):
    folder, model = heap
    meant = [node for node in range(30) if model.type(node) == "shop.C"]
    assert len({model.s.types[node] for node in meant}) == 2
    result = run_shell("heapy top h.heapy --type shop.C --json", folder)
    assert (result.returncode, result.stderr) == (0, ALL_MEANT)
    document = json.loads(result.stdout)
    assert (document["count"], document["size"]) == (len(meant), model.size_of(meant))
    result = run_shell("heapy node h.heapy --type shop.C --json", folder)
    assert (result.returncode, result.stderr) == (0, ALL_MEANT)
    assert json.loads(result.stdout)["retained"] == max(model.size_of(model.below[node]) for node in meant if node in model.reached)
    result = run_shell("heapy paths h.heapy '#0' --avoid shop.C", folder)
    assert (result.returncode, result.stderr) == (0, ALL_MEANT)


@pytest.mark.parametrize("name, near", [("C", "shop.C"), ("lost", "list"), ("shop.D", "shop.C")])
def test_a_type_that_nobody_has_names_one_near(heap, name, near):
    for asked in ("top h.heapy --type", "node h.heapy --type", "paths h.heapy '#0' --avoid"):
        result = run_shell("heapy %s %s" % (asked, name), heap[0])
        assert (result.returncode, result.stdout) == (1, b"")
        assert result.stderr.decode() == "heapy: h.heapy: no type is called %s; %s is meant?\n" % (name, near)


def test_a_module_tells_types_of_one_name_apart(heap):
    folder, model = heap
    result = run_shell("heapy top h.heapy --type other.C --json", folder)
    assert json.loads(result.stdout)["count"] == sum(model.s.types[node] == 5 for node in range(30)) and not result.stderr


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A type whose name moves a cursor, an object of it, and the folder of the file."""
    name = "mod\x1b]0;t\x07.E\n\u202ex"
    objects = [type(name.split(".")[1], (), {"__module__": name.split(".")[0]})()]
    folder = tmp_path_factory.mktemp("odd")
    s = hpy().snapshot()
    s.save(str(folder / "h.heapy"))
    return name, objects[0], folder


SHOWN = r"mod\x1b]0;t\x07.E\n\u202ex"


def test_a_type_may_be_named_as_tables_show_it(odd):
    """Nobody can type what moves a cursor: the escaped name that a table shows is one as well."""
    name, obj, folder = odd
    assert SHOWN in run_shell("heapy top h.heapy --by type --all", folder).stdout.decode()
    asked = "heapy node h.heapy --type '%s'"
    result = run_shell(asked % SHOWN, folder)
    assert (result.returncode, result.stderr) == (0, b"") and b"at %#x\n" % id(obj) in result.stdout
    assert run_shell(asked % name, folder).stdout == result.stdout
    wrong = run_shell(asked % (SHOWN + "y"), folder)
    assert wrong.returncode == 1 and wrong.stderr.decode().startswith("heapy: h.heapy: no type is called %sy; " % SHOWN)


def test_every_document_calls_a_kind_the_same(odd):
    """As it is, so that what one command says can be looked up in what another says: JSON escapes it in its own way."""
    name, obj, folder = odd
    holder = run_shell("heapy sql --csv 'SELECT source FROM edges WHERE target = %d' h.heapy" % node_at(folder, obj), folder)
    holder = "#" + holder.stdout.decode().split()[1]
    asked = [
        "top h.heapy --json --all",
        "node h.heapy --json %#x" % id(obj),
        "referents h.heapy --json --all '%s'" % holder,
        "dominators h.heapy --json --all '%s'" % holder,
        "paths h.heapy --json %#x" % id(obj),
        "pattern h.heapy --json %#x" % id(obj),
        "diff empty.heapy h.heapy --json --all",
        "diff empty.heapy h.heapy --json -n 1 --fail-if \"kind = '%s'\"" % name,
        "sql --json 'SELECT kind FROM objects WHERE address = %d' h.heapy" % id(obj),
    ]
    shutil.copy(ROOT / "tests/golden/good/empty.heapy", folder)
    for line in asked:
        result = run_shell("heapy " + line, folder)
        assert result.returncode == (3 if "fail-if" in line else 0) and not result.stderr, (line, result)
        assert b"\x1b" not in result.stdout
        assert name in kinds_of(json.loads(result.stdout)), line


def node_at(folder, obj):
    rows = run_shell("heapy sql --csv 'SELECT node FROM objects WHERE address = %d' h.heapy" % id(obj), folder)
    return int(rows.stdout.split()[1])


def kinds_of(value):
    """What stands under `kind` in a document, or in its columns."""
    if isinstance(value, list):
        return {kind for part in value for kind in kinds_of(part)}
    if not isinstance(value, dict):
        return set()
    own = {value["kind"]} if "kind" in value else set()
    if value.get("columns") == ["kind"]:
        own = {row[0] for row in value["rows"]}
    return own | {kind for part in value.values() for kind in kinds_of(part)}

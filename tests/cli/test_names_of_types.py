"""A type that is named in place of an object: by one that several types have, by none, by part of one."""

import json

import pytest

from cli_support import run_shell
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

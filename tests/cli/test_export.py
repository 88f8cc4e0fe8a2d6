"""`heapy export`: what other programs are given is what is in the file."""

import csv
import io
import json
import shutil
import subprocess

import pytest

import random_heap
from cli_support import GOLDEN, HEAPY
from random_heap import write_random_heap

NODES = 60


def export(what, path, *options):
    return subprocess.run([HEAPY, "export", what, path, "-o", "-", *options], capture_output=True, check=True, timeout=60).stdout.decode()


@pytest.fixture(scope="module", params=[1, 2])
def heap(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("heap") / "h.heapy"
    return path, write_random_heap(path, request.param, NODES)


def test_csv_and_lines_have_every_row(heap):
    path, model = heap
    lines = [json.loads(line) for line in export("jsonl", path).splitlines()]
    assert [tuple(row.values()) for row in lines] == list(model.objects(0))
    rows = list(csv.reader(io.StringIO(export("csv", path))))
    assert rows[0] == list(lines[0])
    assert rows[1:] == [["" if value is None else str(value) for value in row] for row in model.objects(0)]
    edges = [json.loads(line) for line in export("jsonl", path, "--edges").splitlines()]
    assert [tuple(row.values())[:7] for row in edges] == list(model.edges(0))


def loaded(text):
    """The nodes and edges of a .heapsnapshot, as its own description has them."""
    document = json.loads(text)
    meta, strings = document["snapshot"]["meta"], document["strings"]
    width, flat = len(meta["node_fields"]), document["nodes"]
    nodes = [dict(zip(meta["node_fields"], flat[i : i + width])) for i in range(0, len(flat), width)]
    at = 0
    for node in nodes:
        node["type"] = meta["node_types"][0][node["type"]]
        node["name"] = strings[node["name"]]
        node["edges"] = []
        for _ in range(node["edge_count"]):
            kind, name, target = document["edges"][3 * at : 3 * at + 3]
            assert target % width == 0
            kind = meta["edge_types"][0][kind]
            node["edges"].append((kind, name if kind == "element" else strings[name], target // width))
            at += 1
    assert 3 * at == len(document["edges"]) and document["snapshot"]["edge_count"] == at
    assert document["snapshot"]["node_count"] == len(nodes)
    return nodes


def test_chrome_has_every_object_and_every_name_of_a_reference(heap):
    path, model = heap
    nodes = loaded(export("chrome", path))
    own = [node for node in nodes if node["type"] != "synthetic"]
    synthetic = len(nodes) - len(own)
    assert len(own) == NODES and sum(node["self_size"] for node in own) == model.size_of(range(NODES))
    assert [node["id"] for node in own] == [101 + 2 * node for node in range(NODES)]
    expected = {}
    for _, source, target, relation, name, number, _ in model.edges(0):
        if source not in model.reached and target in model.reached:
            continue  # it keeps nothing alive
        expected.setdefault(source, []).append((relation, name, number, target))
    for number, node in enumerate(own):
        kind = {"int": "number", "str": "string"}.get(model.type(number), "object")
        assert node["type"] == kind
        assert node["name"] == (model.type(number) if kind == "object" else model.s.text(number).decode())
        assert len(node["edges"]) == len(expected.get(number, []))
        for (kind, shown, to), (relation, name, index, target) in zip(node["edges"], expected.get(number, [])):
            assert to - synthetic == target
            if relation in ("attribute", "local"):
                assert (kind, shown) == ("property", name)
            elif relation == "internal":
                assert (kind, shown) == ("internal", name)
            elif relation in ("index", "key", "stack", "member"):
                assert (kind, shown) == ("element", index)
    assert all(nodes[to]["type"] == "synthetic" for _, _, to in nodes[0]["edges"])


def test_types_of_one_name_are_one_class_of_the_panel(heap):
    document = json.loads(export("chrome", heap[0]))
    flat = document["nodes"]
    names = {flat[i + 1] for i in range(0, len(flat), 7) if flat[i] == 3}
    assert len(names) == len({document["strings"][name] for name in names})


def test_chrome_with_min_has_what_retains_enough_and_the_same_totals(heap):
    path, model = heap
    rows = list(model.objects(0))
    whole = loaded(export("chrome", path))
    for least in sorted({rows[node][8] for node in model.reached} | {1, 10**12})[::4]:
        nodes = loaded(export("chrome", path, "--min", str(least)))
        kept = {(node["id"] - 101) // 2 for node in nodes if node["type"] != "synthetic"}
        assert kept == {node for node in range(NODES) if (rows[node][8] if node in model.reached else rows[node][5]) >= least}
        assert sum(node["self_size"] for node in nodes) == sum(node["self_size"] for node in whole)
        check_retained(nodes, model)


def test_chrome_retains_what_the_model_says(heap):
    path, model = heap
    check_retained(loaded(export("chrome", path)), model)


def check_retained(nodes, model):
    """What is lost with an object is what the model says it retains; nodes of the panel are all reached."""
    rows = list(model.objects(0))
    of_node = {(node["id"] - 101) // 2: i for i, node in enumerate(nodes) if node["type"] != "synthetic"}
    of_place = {i: node for node, i in of_node.items()}

    def reached(around):
        seen, waiting = set(), [0]
        while waiting:
            i = waiting.pop()
            if i != around and i not in seen:
                seen.add(i)
                waiting += [to for _, _, to in nodes[i]["edges"]]
        return seen

    everything = reached(None)
    assert len(everything) == len(nodes)
    for node in model.reached & set(of_node):
        lost = everything - reached(of_node[node])
        assert sum(nodes[i]["self_size"] for i in lost if of_place.get(i) in model.reached) == rows[node][8]


@pytest.mark.parametrize("least", [None, "100", "20G"])
def test_chrome_has_all_of_sizes_that_the_panel_cannot_keep(least):
    """It keeps 32 bits of each; objects of 8 GiB are in tests/golden, and what is left out may add up to as much."""
    path = GOLDEN / "good/values.heapy"
    nodes = loaded(export("chrome", path, *(["--min", least] if least else [])))
    [[total]] = json.loads(subprocess.run([HEAPY, "sql", "--json", "SELECT sum(size) FROM objects", path], capture_output=True, check=True).stdout)["rows"]
    root = total - sum(node["self_size"] for node in nodes)  # which is the panel's root, of no size
    assert root == 96 and total > 1 << 33
    assert max(node["self_size"] for node in nodes) < 1 << 32
    rest = [i for i, node in enumerate(nodes) if node["name"] == "(the rest of its size)"]
    assert rest == list(range(len(nodes) - len(rest), len(nodes))) and rest
    assert [edge[2] for node in nodes for edge in node["edges"] if edge[2] in rest] == rest
    assert len({node["id"] for node in nodes}) == len(nodes)


def test_chrome_says_what_devtools_cannot_open(tmp_path, monkeypatch):
    """Strings of 2^29 characters: the file has a long name but once, of many types."""
    monkeypatch.setattr(random_heap, "TYPES", [*random_heap.TYPES, *[(b"x" * (1 << 20), None, None, 0)] * 512])
    write_random_heap(tmp_path / "h.heapy", 1, 8)
    command = [HEAPY, "export", "chrome", tmp_path / "h.heapy", "-o", "-"]
    result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=100)
    said = result.stderr.decode()
    start = "heapy: chrome: DevTools opens at most 536870884 characters of text, and this has "
    assert result.returncode == 0 and said.startswith(start) and said.count("\n") == 1
    assert said.endswith("; --min BYTES leaves out what retains less\n")
    count = int(said[len(start) :].partition(";")[0])
    assert 512 << 20 < count < (512 << 20) + 10000


@pytest.mark.skipif(not shutil.which("dot"), reason="needs Graphviz")
def test_graphviz_draws_what_is_written(heap):
    text = export("dot", heap[0], "--around", "#3", "--hops", "2")
    assert subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=True, timeout=60).stdout


def test_a_graph_around_an_object_has_what_is_as_near(heap):
    path, model = heap
    for hops in range(3):
        near, level = {3}, {3}
        for _ in range(hops):
            level = {t for n in level for t in model.targets(n)} | {n for n in range(NODES) if set(model.targets(n)) & level}
            near |= level
        text = export("dot", path, "--around", "#3", "--hops", str(hops))
        lines = [line.split() for line in text.splitlines()[2:-1]]
        assert {int(line[0][1:]) for line in lines if line[1] != "->"} == near
        drawn = sorted((int(line[0][1:]), int(line[2][1:])) for line in lines if line[1] == "->")
        assert drawn == sorted((edge[1], edge[2]) for edge in model.edges(0) if edge[1] in near and edge[2] in near)

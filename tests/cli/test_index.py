"""An index changes no answer: with it, without it, with one that is of another file, is damaged, or is hostile."""

import json
import pathlib
import re
import shutil
import struct

import pytest

from cli_support import folder  # noqa: F401: a fixture
from cli_support import HEAPY, run_shell
from random_heap import write_random_heap

ASKED = [
    "dominators FILE --all",
    "dominators FILE '#8' --json",
    "node FILE '#8' --json",
    "referrers FILE '#8' --retained",
    "paths FILE --type list",
    "pattern FILE '#8'",
    "referrers FILE '#8' --all",
    "sql 'SELECT * FROM referrers(8)' FILE",
    "sql 'SELECT source, count(*) FROM edges WHERE target = 8 GROUP BY source' FILE",
    "sql 'SELECT node, dominator, retained FROM objects ORDER BY retained DESC, node LIMIT 50' FILE",
    "top FILE --retained",
    "top FILE --retained --by type --json",
    "top FILE --retained --type type --by 'size&type' --all",
    "diff none.heapy FILE --retained --all --json",
    "diff FILE FILE --retained --by type --all",
    "referents FILE '#8' --by 'size&type' --retained",
    "sql 'SELECT type, retained FROM types' FILE",
    "sql 'SELECT kind, retained FROM kinds' FILE",
    "sql 'SELECT retained_set(node) FROM objects WHERE node < 40 GROUP BY node' FILE",
    "export chrome FILE -o - --min 500",
    "export dot FILE -o - --around '#8'",
]
NAMES = ["values.heapy", "names.heapy", "none.heapy", "zstd.heapy"]


def answers(folder, name):
    return [run_shell("heapy " + asked.replace("FILE", name), folder).stdout for asked in ASKED]


HEADER = 128
TREE, REVERSE = range(5), range(5, 7)
NONE, UNREACHED = 0xFFFFFFFF, 0xFFFFFFFE


def padded(data):
    return data + bytes(-len(data) % 8)


def add_up(data):
    value = 0xCBF29CE484222325
    for (word,) in struct.iter_unpack("<Q", padded(data)):
        value = (value ^ word) * 0x100000001B3 & (1 << 64) - 1
    return value


class Index:
    """An index taken apart: dominators, retained, starts of children, children, large; starts and sources."""

    def __init__(self, data):
        self.numbers = list(struct.unpack_from("<16Q", data))
        nodes, edges, reached, large, width = self.numbers[2:7]
        self.columns, at = [], HEADER
        for length in (4 * nodes, 4 * nodes, 4 * nodes + 8, 4 * reached, 16 * large, width * (nodes + 1), 4 * edges):
            self.columns.append(list(struct.unpack_from("<%dI" % (length // 4), data, at)))
            at += length + -length % 8
        assert at == len(data)

    def bytes(self):
        """With sums that are right."""
        parts = [padded(struct.pack("<%dI" % len(column), *column)) for column in self.columns]
        self.numbers[9] = add_up(b"".join(parts[n] for n in TREE))
        self.numbers[10] = add_up(b"".join(parts[n] for n in REVERSE))
        self.numbers[15] = add_up(struct.pack("<15Q", *self.numbers[:15]))
        return struct.pack("<16Q", *self.numbers) + b"".join(parts)


def index_of(folder, name="values.heapy"):
    assert run_shell("heapy index " + name, folder).returncode == 0
    return folder / (name + ".index")


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_the_same(folder, name):
    before = answers(folder, name)
    assert all(before)
    path = index_of(folder, name)
    assert answers(folder, name) == before
    document = json.loads(run_shell("heapy info --json " + name, folder).stdout)["snapshots"][0]
    index = Index(path.read_bytes())
    assert [len(index.columns[n]) for n in (0, 6)] == [document["objects"], document["edges"]]
    assert index.bytes() == path.read_bytes()


def flatten(index, sizes):
    """Make the tree one in which nothing dominates anything: it is none of this file, but its sizes are right."""
    dominators, retained, starts, children, large, *_ = index.columns
    reached = [node for node, above in enumerate(dominators) if above != UNREACHED]
    assert len(sizes) == len(dominators)
    for node in reached:
        dominators[node], retained[node] = NONE, min(sizes[node], NONE)
    large[:] = [word for node in reached if sizes[node] >= NONE for word in (node, 0, sizes[node] & NONE, sizes[node] >> 32)]
    index.numbers[5] = len(large) // 4
    starts[:] = [0] * (len(dominators) + 1) + [len(reached)]
    children[:] = sorted(reached, key=lambda node: (-sizes[node], node))


OF_THE_TREE = [
    "dominators FILE --all",
    "dominators FILE '#NODE'",
    "node FILE '#NODE'",
    "referents FILE '#ABOVE' --retained --by 'type&size' --all",
    "top FILE --retained --by 'type&size' --all",
    "top FILE --retained --by type --json",
    "top FILE --sort retained --by clodo --all",
    "diff FILE other.heapy --retained --by type --all",
    "diff other.heapy FILE --retained --by type --all",
    "sql 'SELECT node, dominator FROM objects' FILE",
    "sql 'SELECT type, retained FROM types' FILE",
    "sql 'SELECT kind, retained FROM kinds' FILE",
    "sql 'SELECT retained_set(node) FROM objects GROUP BY node' FILE",
    "export chrome FILE -o - --min RETAINED",
]


def test_the_tree_is_used(tmp_path):
    """A tree that is none of this file is taken from an index that says it is, and every command says what it says."""
    model = write_random_heap(tmp_path / "h.heapy", 2, 16)
    write_random_heap(tmp_path / "other.heapy", 1, 16)

    size_below = {node: model.size_of(model.below[node]) for node in model.reached}
    node = max(model.reached, key=lambda node: (size_below[node] - model.s.size(node), node))
    above = next(above for above in range(model.s.node_count) if node in model.targets(above) and above != node)
    words = {"FILE": "h.heapy", "NODE": str(node), "ABOVE": str(above), "RETAINED": str(size_below[node])}

    def said():
        lines = [re.sub("[A-Z]{4,}", lambda word: words.get(word[0], word[0]), asked) for asked in OF_THE_TREE]
        return [run_shell("heapy " + line, tmp_path).stdout for line in lines]

    before = said()
    path = index_of(tmp_path, "h.heapy")
    assert said() == before
    index = Index(path.read_bytes())
    flatten(index, [model.s.size(node) for node in range(model.s.node_count)])
    path.write_bytes(index.bytes())
    assert [asked for asked, one, other in zip(OF_THE_TREE, before, said()) if one == other] == []


@pytest.mark.parametrize("seed", range(6))
def test_what_classes_retain(tmp_path, seed):
    """Classes of one object, of several, and what the roots do not reach, against a model that knows no tree."""
    model = write_random_heap(tmp_path / "h.heapy", seed, 40)
    for by in ("size", "type", "clodo&size"):
        asked = "heapy top h.heapy --all --json --retained --by '%s'" % by
        without = run_shell(asked, tmp_path).stdout
        rows = json.loads(without)["rows"]
        assert any(row["count"] == 1 for row in rows) or by == "type"
        if by == "size":
            classes = model.classes(model.s.size)
            assert sorted(row["retained"] for row in rows) == sorted(model.retained(nodes) for nodes in classes.values())
        index_of(tmp_path, "h.heapy")
        assert run_shell(asked, tmp_path).stdout == without, by
        (tmp_path / "h.heapy.index").unlink()


def test_reverse_references_are_used(folder):
    """Nothing that is wrong is used, so that it is used is seen by the system: it is mapped."""
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("no strace here")
    index_of(folder)
    for asked, maps in [("referrers values.heapy '#8'", 1), ("node values.heapy '#8'", 2), ("info values.heapy", 0)]:
        result = run_shell("strace -e trace=openat %s %s 2>&1 >/dev/null | grep -c values.heapy.index" % (HEAPY, asked), folder)
        assert int(result.stdout) == maps, asked


def test_of_another_file(folder):
    before = answers(folder, "names.heapy")
    index_of(folder).rename(folder / "names.heapy.index")
    assert answers(folder, "names.heapy") == before


def test_who_else_may_write_to_it(folder):
    """It is read, and not used where it lies."""
    before = answers(folder, "values.heapy")
    index_of(folder).chmod(0o666)
    assert answers(folder, "values.heapy") == before


def test_damage(folder):
    asked = ["dominators values.heapy --all", "referrers values.heapy '#8' --all"]

    def said():
        return [run_shell("heapy " + line, folder).stdout for line in asked]

    before = said()
    path = index_of(folder)
    whole = path.read_bytes()
    for at in [*range(0, HEADER, 3), HEADER, len(whole) // 2, len(whole) - 1]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        assert said() == before, at
    for length in (0, 7, HEADER - 1, HEADER, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert said() == before, length
    path.write_bytes(whole + bytes(8))
    assert said() == before


def numbers_past_the_end(index):
    index.numbers[2] = index.numbers[4] = 0xFFFFFFFE


def edges_without_end(index):
    index.numbers[3] = (1 << 64) - 1


def circle(index):
    index.columns[0][3:6] = [4, 5, 3]


def past_the_end(index):
    index.columns[0][3] = len(index.columns[0])


def retained(index):
    index.columns[1][0] += 1


def children_past_the_end(index):
    index.columns[2][2] = 0xFFFFFFF0


def child_past_the_end(index):
    index.columns[3][0] = 0xFFFFFFF0


def large_sizes_that_are_not_there(index):
    index.columns[1][8] = 0xFFFFFFFF


def starts_past_the_end(index):
    index.columns[5][9] = 0xFFFFFFF0


def source_past_the_end(index):
    index.columns[6][-1] = 0xFFFFFFF0


def other_sources(index):
    """In order and there: only that nothing refers like that is wrong."""
    starts, sources = index.columns[5:]
    for node in range(len(starts) - 1):
        sources[starts[node] : starts[node + 1]] = [0] * (starts[node + 1] - starts[node])


CHANGES = [numbers_past_the_end, edges_without_end, circle, past_the_end, retained, children_past_the_end, child_past_the_end,
           large_sizes_that_are_not_there, starts_past_the_end, source_past_the_end, other_sources]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_hostile_index_changes_nothing(folder, change):
    before = answers(folder, "values.heapy")
    path = index_of(folder)
    index = Index(path.read_bytes())
    change(index)
    path.write_bytes(index.bytes())
    assert answers(folder, "values.heapy") == before


def test_a_full_disk_leaves_nothing(folder):
    if not pathlib.Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (folder / "values.heapy.index").symlink_to("/dev/full")
    result = run_shell("heapy index values.heapy", folder)
    assert (result.returncode, result.stdout) == (1, b"") and result.stderr.count(b"\n") == 1
    assert sorted(path.name for path in folder.iterdir() if "index" in path.name) == ["values.heapy.index"]

"""An index changes no answer: with it, without it, with one that is of another file, is damaged, or is hostile."""

import json
import pathlib
import struct

import pytest

from cli_support import folder  # noqa: F401: a fixture
from cli_support import run_shell

ASKED = [
    "dominators FILE --all",
    "dominators FILE '#8' --json",
    "node FILE '#8' --json",
    "referrers FILE '#8' --retained",
    "paths FILE --type list",
]
NAMES = ["values.heapy", "names.heapy", "none.heapy", "zstd.heapy"]


def answers(folder, name):
    return [run_shell("heapy " + asked.replace("FILE", name), folder).stdout for asked in ASKED]


def column_of(index):
    return list(struct.unpack("<%dI" % ((len(index) - 64) // 4), index[64:]))


def checksum(column):
    value = 0xCBF29CE484222325
    for word in column:
        value = (value ^ word) * 0x100000001B3 & (1 << 64) - 1
    return value


def with_column(index, column):
    return index[:40] + struct.pack("<Q", checksum(column)) + index[48:64] + struct.pack("<%dI" % len(column), *column)


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_the_same(folder, name):
    before = answers(folder, name)
    assert all(before) and run_shell("heapy index " + name, folder).returncode == 0
    index = folder / (name + ".index")
    assert answers(folder, name) == before
    document = json.loads(run_shell("heapy info --json " + name, folder).stdout)
    assert len(column_of(index.read_bytes())) == document["snapshots"][0]["objects"]


def test_an_index_is_used(folder):
    """A column that is a tree, but not of this file, is taken from an index that says it is: the sums differ."""
    before = answers(folder, "values.heapy")
    run_shell("heapy index values.heapy", folder)
    index = folder / "values.heapy.index"
    column = column_of(index.read_bytes())
    assert checksum(column) == struct.unpack_from("<Q", index.read_bytes(), 40)[0]
    flat = [0xFFFFFFFF] * len(column)
    assert flat != column
    index.write_bytes(with_column(index.read_bytes(), flat))
    assert answers(folder, "values.heapy") != before


def test_of_another_file(folder):
    before = answers(folder, "names.heapy")
    run_shell("heapy index values.heapy", folder)
    (folder / "values.heapy.index").rename(folder / "names.heapy.index")
    assert answers(folder, "names.heapy") == before


def test_damage(folder):
    before = answers(folder, "values.heapy")
    run_shell("heapy index values.heapy", folder)
    path = folder / "values.heapy.index"
    whole = path.read_bytes()
    for at in [*range(0, 48), 64, 100, len(whole) - 1]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        assert run_shell("heapy dominators values.heapy --all", folder).stdout == before[0], at
    for length in (0, 7, 63, 64, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert run_shell("heapy dominators values.heapy --all", folder).stdout == before[0], length


@pytest.mark.parametrize("change", ["itself", "circle", "past the end", "not reached"])
def test_a_column_that_is_no_tree(folder, change):
    before = answers(folder, "values.heapy")
    run_shell("heapy index values.heapy", folder)
    path = folder / "values.heapy.index"
    whole = path.read_bytes()
    column = column_of(whole)
    if change == "itself":
        column[3] = 3
    elif change == "circle":
        column[3], column[4], column[5] = 4, 5, 3
    elif change == "past the end":
        column[3] = len(column)
    else:
        column[3], column[4] = 0xFFFFFFFE, 3
    path.write_bytes(with_column(whole, column))
    assert answers(folder, "values.heapy") == before


def test_a_full_disk_leaves_nothing(folder):
    if not pathlib.Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (folder / "values.heapy.index").symlink_to("/dev/full")
    result = run_shell("heapy index values.heapy", folder)
    assert (result.returncode, result.stdout) == (1, b"") and result.stderr.count(b"\n") == 1
    assert sorted(path.name for path in folder.iterdir() if "index" in path.name) == ["values.heapy.index"]

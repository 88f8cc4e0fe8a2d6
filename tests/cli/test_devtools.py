"""A .heapsnapshot, loaded by the very code that DevTools' memory panel loads it with.

HEAPY_DEVTOOLS names a folder in which `npm install chrome-devtools-frontend esbuild` was done.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

import guppy
from cli_support import GOLDEN, HEAPY
from random_heap import write_random_heap

HERE = pathlib.Path(__file__).resolve().parent / "devtools"
FOLDER = os.environ.get("HEAPY_DEVTOOLS")

pytestmark = pytest.mark.skipif(
    not FOLDER or not shutil.which("node"),
    reason="needs Node, and HEAPY_DEVTOOLS: a folder where `npm install chrome-devtools-frontend esbuild` was done",
)


class Marked:
    def __init__(self):
        self.held = [object(), {"key": bytearray(1000)}]


@pytest.fixture(scope="module")
def loader():
    subprocess.run(["node", HERE / "bundle.mjs", FOLDER], check=True, timeout=300)
    return FOLDER


@pytest.fixture(scope="module", params=["random", "live", "large"])
def heap(request, tmp_path_factory):
    if request.param == "large":
        return GOLDEN / "good/values.heapy"  # with objects of 8 GiB, of whose size the panel keeps 32 bits
    path = tmp_path_factory.mktemp("heap") / "h.heapy"
    if request.param == "random":
        write_random_heap(path, 4, 60)
    else:
        kept = [Marked() for _ in range(50)]
        guppy.hpy().snapshot().save(path, contents="values")
        assert kept
    return path


def test_the_panel_shows_what_is_in_the_file(loader, heap, tmp_path):
    subprocess.run([HEAPY, "export", "chrome", heap, "-o", tmp_path / "x.heapsnapshot"], check=True, timeout=60)
    seen = json.loads(subprocess.run(["node", HERE / "load.mjs", loader, tmp_path / "x.heapsnapshot"], capture_output=True, check=True, timeout=300).stdout)

    def ask(text):
        return json.loads(subprocess.run([HEAPY, "sql", "--json", text, heap], capture_output=True, check=True, timeout=60).stdout)["rows"]

    retained = dict(seen["retained"])
    # The root of a live heap is the panel's root.
    left_out = [node for (node,) in ask("SELECT node FROM objects") if 101 + 2 * node not in retained]
    assert len(left_out) <= 1
    among = "node NOT IN (%s)" % ", ".join(map(str, left_out))
    [[count, total]] = ask("SELECT count(*), sum(size) FROM objects WHERE " + among)
    rests = sum((size - 1) // 0xFFFFFFFF for (size,) in ask("SELECT size FROM objects WHERE size > 0 AND " + among))
    assert seen["nodes"] == count + 5 + rests and seen["total"] == total
    # The panel counts no object of 0 bytes, and has classes of its own for strings, numbers, functions and code.
    rows = ask("SELECT type, count(*), sum(size) FROM objects WHERE size > 0 AND %s GROUP BY type" % among)
    classes = {name: [count, size] for name, count, size in rows}
    shown = [name for name in seen["classes"] if name in classes]
    assert len(shown) > 2
    for name in shown:
        assert seen["classes"][name] == classes[name] or rests, name
    assert sum(count for count, _ in seen["classes"].values()) == sum(count for count, _ in classes.values()) + rests
    for node, size in ask("SELECT node, retained FROM objects WHERE retained > 0 AND " + among):
        assert retained[101 + 2 * node] == size, node


def test_the_most_text_that_the_panel_opens(loader):
    """What the command says of it (tests/cli/test_export.py) is what its loader opens, and not one character more."""
    for count, is_opened in ((536870884, True), (536870885, False)):
        seen = json.loads(subprocess.run(["node", HERE / "limit.mjs", loader, str(count)], capture_output=True, check=True, timeout=300).stdout)
        assert seen["opened"] is is_opened, seen
        assert is_opened or "Invalid string length" in seen["error"]

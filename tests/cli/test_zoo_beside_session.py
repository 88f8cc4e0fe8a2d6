"""Of one object of each kind of container, the command says of a file what the session says of the snapshot that was saved to it."""

import json
import sys

import pytest

from guppy import hpy

from cli_support import ROOT, run_shell

sys.path.insert(0, str(ROOT / "tests/python"))

import zoo  # noqa: E402


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The snapshot, what is asked about by name, and what the command says of all of it, in one file each."""
    animals = zoo.make()
    s = hpy().snapshot()
    folder = tmp_path_factory.mktemp("zoo")
    s.save(str(folder / "heap.heapy"), contents="values")
    known = {name: animal for name, animal in animals.items() if animal in s.heap()}
    assert len(known) > 50
    script = ["set -e"]
    for i, animal in enumerate(known.values()):
        script.append("heapy node heap.heapy %#x > %d.node" % (id(animal), i))
        script.append("heapy referents heap.heapy %#x --json --all > %d.json" % (id(animal), i))
    result = run_shell("\n".join(script), folder)
    assert (result.returncode, result.stderr) == (0, b"")
    return s, known, folder


def test_why(saved):
    s, known, folder = saved
    for i, (name, animal) in enumerate(known.items()):
        expected = str(s.why(animal)).replace(s._prefix + "Root", "Root") + "\n"
        assert (folder / ("%d.node" % i)).read_text(encoding="utf-8").startswith(expected), name


def test_referents(saved):
    s, known, folder = saved
    for i, (name, animal) in enumerate(known.items()):
        document = json.loads((folder / ("%d.json" % i)).read_text(encoding="utf-8"))
        expected = {"%#x" % id(o): s.iso(o).brief for o in s.iso(animal).referents.nodes}
        assert {row["address"]: row["brief"] for row in document["rows"]} == expected, name

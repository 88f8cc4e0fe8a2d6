"""Of each heap of bench/ the command says what the session says, of the file and live, to a stranger too.

The stranger is another user without an environment, in an empty directory, who has the command and the file, and
neither the package nor a Python.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

from cli_support import HEAPY, HERE

HEAPS = ["records", "instances", "chain", "fan", "tangle", "syntax_trees"]


@pytest.fixture(scope="module")
def place():
    """A folder that everybody may read, with the command in it and an empty directory."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "empty").mkdir()
        shutil.copy(HEAPY, folder / "heapy")
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755)
        yield folder


def said_to_a_stranger(place, words):
    another = {"user": 65534, "group": 65534, "extra_groups": []} if not os.geteuid() else {}
    # What a sanitizer needs of the environment stays.
    environment = {name: value for name, value in os.environ.items() if name in ("LD_PRELOAD", "ASAN_OPTIONS")}
    result = subprocess.run([place / "heapy", *words], cwd=place / "empty", env=environment, capture_output=True, timeout=120, **another)
    assert (result.returncode, result.stderr) == (0, b""), (words, result.stderr)
    assert not list((place / "empty").iterdir())
    return result.stdout.decode("utf-8")


@pytest.mark.parametrize("name", HEAPS)
def test_every_answer(place, name):
    path = place / (name + ".heapy")
    script = [sys.executable, str(HERE / "answers_of_a_bench_heap.py"), name, str(path)]
    live, from_file = json.loads(subprocess.run(script, check=True, stdout=subprocess.PIPE, timeout=300).stdout)
    path.chmod(0o644)
    assert len(live) >= 13 + 8 * (1 if name == "fan" else 3)
    for line, expected in live.items():
        assert from_file[line] == expected, line
        words = [word.replace("FILE", "../" + path.name).replace("%", " ") for word in line.split(" ")]
        said = said_to_a_stranger(place, words)
        if line.startswith("node"):
            said = said[: len(expected)]
        if line.startswith("sql"):
            said = sorted(json.loads(said)["rows"])
        assert said == expected, line

"""The example of a service that is looked at while it works (issue 17, soak)."""

import os
import re

from conftest import ROOT, run_python

LOAD = os.path.join(ROOT, "examples", "service", "load.py")


def test_no_request_fails_while_the_service_is_watched(tmp_path):
    """With a snapshot every two seconds: ten would be long for a test."""
    for name in ("service.py", "load.py"):
        with open(os.path.join(os.path.dirname(LOAD), name)) as file:
            text = file.read()
        (tmp_path / name).write_text(re.sub(r"^SNAPSHOT_EVERY = .*$", "SNAPSHOT_EVERY = 2.0", text, flags=re.M))
    result = run_python(str(tmp_path / "load.py"), "--seconds", "4", "--rate", "50", "--rounds", "1")
    assert result.returncode == 0, result.stdout + result.stderr
    turns = re.findall(r"^(as it is|watched): (\d+) requests, 0 failed;", result.stdout, re.M)
    assert turns == [("as it is", "199"), ("watched", "199")], result.stdout
    looked = re.search(r"looked at: (\d+) heaps, (\d+) snapshots, and by the monitor (\d+) times", result.stdout)
    assert looked and all(int(times) > 0 for times in looked.groups()), result.stdout


def test_a_request_that_fails_is_counted(tmp_path):
    """A service that answers wrongly, and one that ends before it has answered."""
    for name in ("service.py", "load.py"):
        with open(os.path.join(os.path.dirname(LOAD), name)) as file:
            text = file.read()
        (tmp_path / name).write_text(text.replace('"204 No Content"', '"500 Wrong"'))
    wrong = run_python(str(tmp_path / "load.py"), "--seconds", "1", "--rate", "40", "--rounds", "1")
    assert wrong.returncode == 1 and re.search(r"as it is: 39 requests, (9|10) failed", wrong.stdout), wrong.stdout
    (tmp_path / "service.py").write_text(
        "import socket\ns = socket.create_server(('127.0.0.1', 0))\nprint(s.getsockname()[1], flush=True)\nsys.exit(3)\n"
    )
    gone = run_python(str(tmp_path / "load.py"), "--seconds", "1", "--rate", "40", "--rounds", "1")
    assert gone.returncode == 1 and "no request was answered" in gone.stdout, gone.stdout

"""The versions of CPython: one list, tools/python_versions, which nothing contradicts (PK-3)."""

import os
import re
import subprocess
import sys
import sysconfig

from conftest import ROOT

with open(os.path.join(ROOT, "tools", "python_versions"), encoding="utf-8") as f:
    VERSIONS = [line.strip() for line in f if not line.startswith("#")]
RANGE = "%s to %s" % (VERSIONS[0], VERSIONS[-1])


def text_of(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def run(*command, **environment):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=dict(os.environ, **environment), timeout=300)


def test_this_one_is_listed():
    free_threaded = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    assert "%d.%d%s" % (*sys.version_info[:2], free_threaded) in VERSIONS


def test_the_package_declares_the_listed_versions():
    project = text_of("pyproject.toml")
    assert re.findall(r"Python :: (3\.\d+)\"", project) == [version for version in VERSIONS if not version.endswith("t")]
    last = int(VERSIONS[-1].partition(".")[2])
    assert 'requires-python = ">=%s,<3.%d"' % (VERSIONS[0], last + 1) in project


def test_what_is_compiled_and_told_agrees():
    for path in (["README.md"], ["CONTRIBUTING.md"], ["Makefile"], ["python", "ext", "cpython", "internals.h"]):
        assert RANGE in text_of(*path), path


def test_other_interpreters_are_refused(tmp_path):
    """The script before each build names the versions there are."""
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\necho 3.9\n")
    old.chmod(0o755)
    result = run("sh", "tools/need.sh", str(old))
    assert result.returncode == 1 and "CPython %s is needed, and %s is 3.9." % (RANGE, old) in result.stderr
    old.write_text("#!/bin/sh\necho 3.14t\n")
    result = run("sh", "tools/need.sh", str(old))
    assert result.returncode == 1 and "Of free-threaded builds Heapy knows the heap of 3.13 only" in result.stderr
    missing = run("sh", "tools/need.sh", "no-such-python")
    assert missing.returncode == 1 and missing.stderr.startswith("Missing: no-such-python.")


def test_every_version_is_looked_for():
    listed = [line.split() for line in run("sh", "tools/pythons", "--list").stdout.splitlines()]
    assert [version for version, _ in listed] == VERSIONS
    for version, python in listed:
        assert python == "-" or os.path.exists(python.replace(":", "/")), version

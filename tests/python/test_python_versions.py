"""The versions of CPython: one list, tools/python_versions, which nothing contradicts (PK-3)."""

import os
import re
import subprocess
import sys

import pytest

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
    assert "%d.%d" % sys.version_info[:2] in VERSIONS


def test_the_package_declares_the_listed_versions():
    project = text_of("pyproject.toml")
    assert re.findall(r"Python :: (3\.\d+)\"", project) == VERSIONS
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
    missing = run("sh", "tools/need.sh", "no-such-python")
    assert missing.returncode == 1 and missing.stderr.startswith("Missing: no-such-python.")


def free_threaded():
    listed = dict(line.split() for line in run("sh", "tools/pythons", "--list").stdout.splitlines())
    return next((python for version, python in listed.items() if version.endswith("t")), None)


def test_every_version_is_looked_for():
    listed = [line.split() for line in run("sh", "tools/pythons", "--list").stdout.splitlines()]
    assert [version for version, _ in listed if not version.endswith("t")] == VERSIONS
    for version, python in listed:
        assert python == "-" or os.path.exists(python.replace(":", "/")), version


def test_free_threaded_builds_are_refused_with_a_reason(tmp_path):
    """Before anything is compiled: what is built for one would misread its heap."""
    python = free_threaded()
    if not python:
        pytest.skip("no free-threaded interpreter: tools/pythons --free-threaded builds one")
    assert "free-threaded" in run("sh", "tools/need.sh", python).stderr.lower()
    meson = os.path.join(os.path.dirname(sys.executable), "meson")
    if not os.path.exists(meson):
        pytest.skip("no Meson beside this interpreter")
    native = tmp_path / "native.ini"
    native.write_text("[binaries]\npython = '%s'\n" % python)
    result = run(sys.executable, meson, "setup", str(tmp_path / "build"), ROOT, "-Dpython=true", "--native-file", str(native))
    assert result.returncode != 0 and "Free-threaded builds of CPython are not supported yet" in result.stdout

"""`make command`, with a Meson that only notes what it is asked for."""

import os
import shutil
import subprocess

import pytest

from cli_support import ROOT

MESON = """#!/bin/sh
echo "$*" >>meson.log
test "$1" != setup || { mkdir -p "$2"; touch "$2/build.ninja"; }
"""


@pytest.fixture
def make(tmp_path):
    """Runs make in a folder with the Makefile alone, where PATH has only these programs."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "cat", "mkdir", "touch"):
        (programs / name).symlink_to(shutil.which(name))

    def run(*arguments):
        command = [shutil.which("make"), "--no-print-directory", *arguments]
        return subprocess.run(command, cwd=tmp_path, env={"PATH": str(programs)}, capture_output=True, text=True, timeout=60)

    run.folder, run.programs = tmp_path, programs
    return run


def write_program(path, text):
    path.write_text(text)
    os.chmod(path, 0o755)


def test_each_prefix_is_obeyed(make):
    write_program(make.programs / "meson", MESON)
    write_program(make.programs / "ninja", "#!/bin/sh\n")
    for prefix in ("/opt/first", "/opt/second"):
        (make.folder / "meson.log").unlink(missing_ok=True)
        result = make("command", "PREFIX=" + prefix)
        assert result.returncode == 0, result.stderr
        asked = (make.folder / "meson.log").read_text().splitlines()
        assert [line for line in asked if "--prefix=" in line][-1].endswith("--prefix=" + prefix), asked
        assert asked[-1].startswith("install "), asked


def test_without_meson_it_says_how_to_get_it(make):
    result = make("command")
    assert result.returncode != 0
    assert "Missing: Meson 1.3 or later, and Ninja.\n" in result.stderr and "pip install meson ninja" in result.stderr

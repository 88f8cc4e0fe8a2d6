"""guppy3 in the same environment: real ones, installed by pip in either order, and taken away again."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest

import guppy
from conftest import ROOT

PAGE = os.path.join(ROOT, "docs", "coming-from-guppy3.md")
FOLDER = os.path.dirname(guppy.__file__)


def wheel_of_this_build(folder):
    """A wheel with the files of the package that is being tested."""
    info = "libheapy-%s.dist-info" % guppy.__version__
    tag = "cp{0}-cp{0}-{1}".format(sysconfig.get_config_var("py_version_nodot"), re.sub("[-.]", "_", sysconfig.get_platform()))
    files = {
        info + "/METADATA": b"Metadata-Version: 2.1\nName: libheapy\nVersion: %s\n" % guppy.__version__.encode(),
        info + "/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\nTag: %s\n" % tag.encode(),
    }
    for path, _, names in os.walk(FOLDER):
        for name in names:
            if not path.endswith("__pycache__"):
                with open(os.path.join(path, name), "rb") as file:
                    files[os.path.relpath(os.path.join(path, name), os.path.dirname(FOLDER))] = file.read()
    lines = [
        "%s,sha256=%s,%d" % (name, base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode(), len(content))
        for name, content in files.items()
    ]
    files[info + "/RECORD"] = "\n".join([*lines, info + "/RECORD,,", ""]).encode()
    path = os.path.join(folder, "libheapy-%s-%s.whl" % (guppy.__version__, tag))
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Wheels of this build and of guppy3."""
    folder = tmp_path_factory.mktemp("wheels")
    download = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), "guppy3==3.1.7"],
        capture_output=True,
        text=True,
        timeout=600,
    )
    if download.returncode:
        pytest.skip("there is no guppy3 to be had: %s" % (download.stderr.strip() or "?").splitlines()[-1])
    theirs = [str(path) for path in folder.iterdir()]
    return wheel_of_this_build(folder), theirs[0]


class Environment:
    """A virtual environment; its Python sees nothing of ours but what is installed into it."""

    def __init__(self, folder):
        venv.create(folder)
        self.python = os.path.join(folder, "bin", "python")
        self.folder = folder

    def run(self, *words, python=None):
        variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [python or self.python, *words], cwd=self.folder, env=variables, capture_output=True, text=True, timeout=600
        )

    def pip(self, *words):
        """pip of the tests, on this environment."""
        start = ("-m", "pip", "--python", self.python, "-q", "--disable-pip-version-check")
        done = self.run(*start, *words, python=sys.executable)
        assert done.returncode == 0, done.stdout + done.stderr

    def line(self, code):
        """The last line of what a program says when it fails."""
        run = self.run("-c", code)
        assert run.returncode == 1, run.stdout + run.stderr
        return run.stderr.splitlines()[-1]


@pytest.fixture
def environment(tmp_path):
    return Environment(str(tmp_path / "environment"))


USES = ["from guppy import hpy; hpy()", "import guppy; guppy.hpy()", "import guppy.heapy"]
BOTH = "pip uninstall guppy3 libheapy"


@pytest.mark.parametrize("ours_first", [True, False])
def test_either_order_gives_one_line_that_says_what_to_do(environment, wheels, ours_first):  # PK-1
    ours, theirs = wheels
    for wheel in (ours, theirs) if ours_first else (theirs, ours):
        environment.pip("install", "--no-deps", wheel)
    for use in USES:
        assert BOTH in environment.line(use)
    environment.pip("uninstall", "-y", "guppy3")
    for use in USES:
        assert "pip install --force-reinstall libheapy" in environment.line(use)
    environment.pip("install", "--no-deps", "--force-reinstall", ours)
    assert environment.run("-c", USES[0]).returncode == 0


def test_a_stand_in_satisfies_packages_that_require_guppy3(environment, wheels, tmp_path):  # PK-1
    """As the page for users of guppy3 has it."""
    ours, theirs = wheels
    with open(PAGE, encoding="utf-8") as page:
        (project,) = re.findall(r"```toml\n(.*?)```", page.read(), re.S)
    for name, content in (("stand-in", project), ("needs", project.replace('"guppy3"', '"needs-it"').replace('"libheapy"', '"guppy3>=3"'))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(content)
    environment.pip("install", "--no-deps", ours)
    for name in ("stand-in", "needs"):
        environment.pip("install", str(tmp_path / name))
    environment.pip("check")
    assert environment.run("-c", USES[0]).returncode == 0

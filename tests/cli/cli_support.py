"""Where the command is, and how it is run in tests."""

import os
import pathlib
import shutil
import signal
import subprocess
import time

import pytest

import guppy

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = ROOT / "tests/golden"


def find_command():
    """The command that was installed with the package that is tested."""
    for folder in pathlib.Path(guppy.__file__).resolve().parents:
        if (folder / "bin/heapy").exists():
            return folder / "bin/heapy"
    raise FileNotFoundError("no bin/heapy above " + guppy.__file__)


HEAPY = find_command()


def run_shell(line, folder, environment=None, **options):
    """A line for the shell, in which `heapy` is the command, with an environment of next to nothing."""
    script = 'heapy() { "%s" "$@"; }\n%s' % (HEAPY, line)
    environment = dict(environment or {}, PATH="/usr/bin:/bin")
    # What a sanitizer needs of the environment stays.
    environment.update((name, value) for name, value in os.environ.items() if name in ("LD_PRELOAD", "ASAN_OPTIONS"))
    return subprocess.run(
        ["sh", "-c", script], cwd=folder, env=environment, stdin=options.pop("stdin", subprocess.DEVNULL), capture_output=True, timeout=120, **options
    )


def stop_in_its_midst(process, name):
    """Stop a command once it has the file of that name mapped; False: it has ended before."""
    maps = pathlib.Path("/proc/%d/maps" % process.pid)
    deadline = time.monotonic() + 60
    while process.poll() is None:
        if name in maps.read_text():
            process.send_signal(signal.SIGSTOP)
            return os.waitpid(process.pid, os.WUNTRACED)[1] == 0x7F | signal.SIGSTOP << 8
        assert time.monotonic() < deadline
    return False


@pytest.fixture
def folder(tmp_path):
    """A folder with the files of tests/golden, each with a time that does not change."""
    for path in [*(GOLDEN / "good").glob("*.heapy"), *(GOLDEN / "bad").glob("*.heapy")]:
        shutil.copy(path, tmp_path / path.name)
    return tmp_path

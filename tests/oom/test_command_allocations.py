"""Each command of `heapy` with its 1st, 2nd, 3rd ... allocation failing: one line, status 1, no half document, nothing
that leaks; or the answer, where it can be had without.  Needs a build with -Dfailing_alloc=true (`make oom`); under
sanitizers (`make asan`) every seventh."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

import guppy

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAPY = next((p / "bin/heapy" for p in pathlib.Path(guppy.__file__).resolve().parents if (p / "bin/heapy").exists()), None)
MANY = 1 << 40
IS_SANITIZED = "ASAN_OPTIONS" in os.environ

# % is a blank in a statement.
COMMANDS = [
    "info values.heapy",
    "info values.heapy --json",
    "top values.heapy",
    "top values.heapy --retained --by type&module --json",
    "top values.heapy --by id --new",
    "top values.heapy --by rcs",
    "node values.heapy #8",
    "node values.heapy --type list --json",
    "referrers values.heapy #8 --retained",
    "referents values.heapy #8 --by type",
    "paths values.heapy #8 --avoid str",
    "paths values.heapy #8 --json",
    "pattern values.heapy #8",
    "pattern values.heapy #8 --json",
    "pattern values.heapy #8 --by id --json",
    "pattern values.heapy #8 --by via&size",
    "dominators values.heapy --depth 3",
    "dominators indexed.heapy --all",
    "referrers indexed.heapy #8",
    "top indexed.heapy --retained --by size&type",
    "sql SELECT%type,retained%FROM%types indexed.heapy",
    "export chrome indexed.heapy --min 5G -o -",
    "dominators values.heapy #8 --json",
    "diff values.heapy names.heapy --retained",
    "diff values.heapy names.heapy --json --fail-if count>100000",
    "sql SELECT%type,count(*),sum(retained)%FROM%objects%GROUP%BY%type values.heapy",
    "sql SELECT%*%FROM%edges%JOIN%objects%ON%node=target values.heapy --json",
    "sql SELECT%path_text(8),brief(8),retained_set(8) values.heapy --csv",
    "sql SELECT%*%FROM%kinds values.heapy",
    "sql SELECT%*%FROM%path(8) values.heapy",
    "check values.heapy names.heapy",
    "export chrome values.heapy -o -",
    "export chrome values.heapy --min 100 -o -",
    "export csv values.heapy -o -",
    "export jsonl values.heapy --edges -o -",
    "export dot values.heapy --around #8 -o -",
    "convert values.heapy - --compress none --contents names",
    "index values.heapy",
    "completion bash",
    "help top",
]


def environment(nth):
    result = dict(os.environ, HEAPY_TESTING_FAIL_AT=str(nth))
    if IS_SANITIZED:
        result["ASAN_OPTIONS"] = result["ASAN_OPTIONS"].replace("detect_leaks=0", "detect_leaks=1")
        result.pop("LD_PRELOAD", None)  # it is linked to the runtime itself
    return result


def run(command, folder, nth):
    words = [word.replace("%", " ") for word in command.split(" ")]
    return subprocess.run([HEAPY, *words], cwd=folder, env=environment(nth), stdin=subprocess.DEVNULL, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("heaps")
    for name in ("values.heapy", "names.heapy"):
        shutil.copy(ROOT / "tests/golden/good" / name, folder / name)
    shutil.copy(folder / "values.heapy", folder / "indexed.heapy")
    if HEAPY:
        subprocess.run([HEAPY, "index", "indexed.heapy"], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_allocation_of_the_command_may_fail(folder, command):
    if not HEAPY:
        pytest.skip("the command was not built")
    whole = run(command, folder, MANY)
    left = re.search(rb"(\d+) allocations left\n", whole.stderr)
    if not left:
        pytest.skip("allocations cannot fail in this build")
    assert whole.returncode == 0, whole.stderr
    count = MANY - int(left[1])
    assert count > 0
    failures = 0
    for nth in range(1, count + 1, 7 if IS_SANITIZED else 1):
        result = run(command, folder, nth)
        lines = [line for line in result.stderr.splitlines() if not line.endswith(b"allocations left")]
        if result.returncode == 0:
            assert (result.stdout, lines) == (whole.stdout, []), nth
            continue
        failures += 1
        assert result.returncode == 1 and len(lines) == 1 and lines[0].startswith(b"heapy: "), (nth, result)
        assert b"memory" in lines[0], (nth, lines)
        if " -o -" not in command and "convert" not in command and "--csv" not in command:
            assert result.stdout == b"", nth
    assert failures

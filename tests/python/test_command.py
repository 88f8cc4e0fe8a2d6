"""python -m guppy SCRIPT: the program runs as it would without us, and its heap is shown at the end."""

import os
import signal
import sys
import zipfile

import pytest
from conftest import listen_to_interrupts, rows_of, run_python

PROGRAM = """
import atexit, os, sys, threading
print("out", sys.argv, __name__, __file__, sys.path[0], __spec__, __package__)
print("err", file=sys.stderr)
class OfTheProgram: pass
keep = [OfTheProgram() for i in range(1000)]
atexit.register(print, "at exit")
assert sys.modules["__main__"].keep is keep
how = sys.argv[1] if len(sys.argv) > 1 else ""
def deeper():
    raise ValueError("from the program")
if how == "raise":
    deeper()
elif how == "cause":
    try:
        deeper()
    except ValueError as e:
        raise KeyError(1) from e
elif how == "interrupt":
    raise KeyboardInterrupt
elif how == "status":
    sys.exit(3)
elif how == "message":
    sys.exit("the message")
elif how == "none":
    sys.exit()
elif how == "hook":
    sys.excepthook = lambda *args: print("hook", args[0].__name__, file=sys.stderr)
    deeper()
elif how == "killed":
    os.kill(os.getpid(), 9)
elif how == "thread":
    threading.Thread(target=lambda: print("thread done")).start()
elif how == "fork":
    if not os.fork():
        sys.exit(0)
    os.wait()
elif how == "stderr":
    sys.stderr.close()
elif how == "nostderr":
    sys.stderr = None
elif how == "chdir":
    os.chdir("/")
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return str(path)


HOWS = ["", "raise", "cause", "interrupt", "status", "message", "none", "hook", "killed", "thread", "fork"]
HOWS += ["stderr", "nostderr", "chdir"]


@pytest.mark.parametrize("how", HOWS)
def test_as_without_us_and_then_the_table(program, how):
    arguments = [how] if how else []
    plain = run_python(program, *arguments)
    ours = run_python("-m", "guppy", program, *arguments)
    assert ours.stdout == plain.stdout
    assert ours.returncode == plain.returncode
    assert ours.stderr.startswith(plain.stderr)
    table = ours.stderr[len(plain.stderr) :]
    if how in ("killed", "stderr", "nostderr"):
        assert table == ""
    else:
        assert table.startswith("Partition of a set of ") and table.count("Partition") == 1
        assert len(rows_of(table)) == 10


def test_the_table_has_the_programs_objects(tmp_path):
    path = tmp_path / "big.py"
    path.write_text("class Mine:\n    __slots__ = ('a', 'b')\nkeep = [Mine() for i in range(100000)]\n")
    result = run_python("-m", "guppy", str(path))
    assert rows_of(result.stderr)[0][1] == 100000 and rows_of(result.stderr)[0][4] == "__main__.Mine"


def test_syntax_errors_look_the_same(tmp_path):
    path = tmp_path / "wrong.py"
    path.write_text("x = (\n")
    plain, ours = run_python(str(path)), run_python("-m", "guppy", str(path))
    assert ours.returncode == plain.returncode == 1
    assert ours.stderr.startswith(plain.stderr) and "SyntaxError" in plain.stderr


def test_arguments_are_the_programs(program):
    result = run_python("-m", "guppy", program, "-h", "--version", "-")
    assert "['%s', '-h', '--version', '-']" % program in result.stdout


def test_directories_and_archives(tmp_path):
    code = "import helper, sys; print(helper.x, __name__, sys.argv[1:], __package__ == '', __spec__.name)"
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "__main__.py").write_text(code)
    (folder / "helper.py").write_text("x = 'helped'")
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.writestr("__main__.py", code)
        z.writestr("helper.py", "x = 'helped'")
    for target in (folder, archive):
        plain, ours = run_python(str(target), "a"), run_python("-m", "guppy", str(target), "a")
        assert ours.stdout == plain.stdout == "helped __main__ ['a'] True __main__\n", ours.stderr
        assert "Partition" in ours.stderr


def test_modules_beside_the_script_are_found(tmp_path):
    (tmp_path / "beside.py").write_text("x = 5")
    (tmp_path / "script.py").write_text("import beside; print(beside.x)")
    assert run_python("-m", "guppy", str(tmp_path / "script.py"), cwd="/").stdout == "5\n"


def test_encodings_of_source(tmp_path):
    path = tmp_path / "latin.py"
    path.write_bytes(b"# -*- coding: latin-1 -*-\nprint(ascii('\xe9'))\n")
    assert run_python("-m", "guppy", str(path)).stdout == "'\\xe9'\n"


@pytest.mark.parametrize("arguments", [[], ["-x"], ["--unknown", "a.py"]])
def test_wrong_usage(arguments):
    result = run_python("-m", "guppy", *arguments)
    assert result.returncode == 2 and "usage" in result.stderr and result.stdout == ""


def test_missing_script(tmp_path):
    missing = str(tmp_path / "missing.py")
    ours, plain = run_python("-m", "guppy", missing), run_python(missing)
    assert ours.returncode == plain.returncode == 2
    assert "can't open file %r" % missing in ours.stderr


def test_folder_without_main(tmp_path):
    ours, plain = run_python("-m", "guppy", str(tmp_path)), run_python(str(tmp_path))
    assert ours.returncode == plain.returncode == 1
    assert "can't find '__main__' module" in ours.stderr


def test_help_and_version():
    assert "usage" in run_python("-m", "guppy", "--help").stdout
    assert "guppy" in run_python("-m", "guppy", "--version").stdout


def test_interrupt_from_outside(tmp_path):
    """Ctrl-C while the program runs: the status is that of the signal, as without us."""
    import subprocess

    path = tmp_path / "sleeps.py"
    path.write_text("import time; print('ready', flush=True); time.sleep(60)")
    statuses = []
    for prefix in ([], ["-m", "guppy"]):
        process = subprocess.Popen(
            [sys.executable, *prefix, str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=listen_to_interrupts,
        )
        process.stdout.readline()
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        statuses.append(process.returncode)
    assert statuses[0] == statuses[1] == -signal.SIGINT


def test_the_example_runs():
    example = os.path.join(os.path.dirname(__file__), "..", "..", "examples", "stdlib_index.py")
    result = run_python(example, "40")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("Partition of a set of") == 2 and "largest kinds" in result.stdout

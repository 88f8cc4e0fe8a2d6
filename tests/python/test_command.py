"""python -m guppy SCRIPT: the program runs as it would without us, and its heap is shown at the end."""

import os
import re
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from conftest import rows_of, run_python

HEADER = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} process \d+, "  # and the reason

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
        header, _, table = table.partition("\n")
        assert re.fullmatch(HEADER + "end", header)
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


def test_version_interpreter_and_build():  # Y-33
    """All that somebody who reports a fault is asked for."""
    import guppy

    lines = run_python("-m", "guppy", "--version").stdout.splitlines()
    assert lines[0] == "guppy (libheapy) " + guppy.__version__
    assert lines[1].startswith("cpython %d.%d.%d" % sys.version_info[:3]) and lines[1].endswith(", " + sys.executable)
    assert lines[2].startswith("built for CPython %d.%d." % sys.version_info[:2]) and "_heapyc" in lines[2] and len(lines) == 3


def test_interrupt_from_outside(tmp_path):
    """Ctrl-C while the program runs: the status is that of the signal, as without us."""
    path = tmp_path / "sleeps.py"
    path.write_text("import time; print('ready', flush=True)\nwhile True: time.sleep(0.05)")
    statuses = []
    for prefix in ([], ["-m", "guppy"]):
        process = subprocess.Popen(
            [sys.executable, *prefix, str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
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


# ---- options ----

GROWS = """
import os, signal, sys
class Grown: __slots__ = ("x",)
print("out", sys.argv[1:])
keep = [Grown() for i in range(500)]
if "signal" in sys.argv: os.kill(os.getpid(), signal.SIGUSR1); keep2 = [Grown() for i in range(100)]; print("after")
if "fail" in sys.argv: raise ValueError("as it should")
if "exit" in sys.argv: sys.exit(7)
"""


@pytest.fixture
def grows(tmp_path, python):
    path = tmp_path / "grows.py"
    path.write_text(GROWS)

    def run(*arguments, script=()):
        return python("-m", "guppy", *arguments, str(path), *script, cwd=str(tmp_path))

    return run


def test_rows_asked_for(grows):
    for top in (1, 3, 25):
        table = grows("--top", str(top)).stderr.splitlines()
        assert len(table) == top + 4 and re.fullmatch(r"<\d+ more rows; --top N shows N\.>", table[-1])
        assert grows("--top=%d" % top).stderr.count("\n") == top + 4
    assert "more" not in grows("--top", "5000").stderr


@pytest.mark.parametrize(
    "by, header", [("type", "Type"), ("clodo", "Kind (class / dict of class)"), ("module", "Module"), ("size", "Individual Size")]
)
def test_classes_asked_for(grows, by, header):
    assert grows("--by", by).stderr.splitlines()[2].endswith("% " + header)


def test_what_the_program_added(grows):  # T-70
    result = grows("--diff", "--by", "type")
    assert re.match(HEADER + r"end\nSummary of difference operation \(A-B\)\.\n", result.stderr)
    assert result.stdout == "out []\n"
    rows = {line[43:]: int(line.split()[1]) for line in result.stderr.splitlines() if line[:6].strip().isdigit()}
    assert rows["__main__.Grown"] == 500 and "guppy" not in "".join(rows) and max(rows.values()) == 500


def test_on_a_signal_and_however_it_ends(grows):
    # Showing a traceback imports modules on some versions: more rows than ten.
    result = grows("--diff", "--top", "500", script=["signal", "fail"])
    assert result.stdout == "out ['signal', 'fail']\nafter\n" and result.returncode == 1
    assert result.stderr.count("Summary of difference") == 2
    assert "ValueError: as it should" in result.stderr and "guppy" not in result.stderr
    counts = [int(line.split()[1]) for line in result.stderr.splitlines() if line.endswith("__main__.Grown")]
    assert counts == [500, 600]
    assert grows(script=["exit"]).returncode == 7


def test_as_json(grows):
    import json

    document = json.loads(grows("--json").stderr)
    assert set(document) == {"time", "pid", "reason", "by", "count", "size", "rows"} and document["by"] == "clodo"
    assert abs(document["time"] - time.time()) < 3600 and document["pid"] > 1 and document["reason"] == "end"
    assert sum(r["count"] for r in document["rows"]) == document["count"]
    assert sum(r["size"] for r in document["rows"]) == document["size"] == document["rows"][-1]["cumulative"]
    assert [r["index"] for r in document["rows"]] == list(range(len(document["rows"])))
    assert set(document["rows"][0]) == {"index", "count", "size", "cumulative", "kind"}
    assert [r["count"] for r in document["rows"] if r["kind"] == "__main__.Grown"] == [500]
    document = json.loads(grows("--json", "--diff", "--top", "2", "--by", "size").stderr)
    assert len(document["rows"]) == 2 and document["before_count"] > 10000 and document["before_size"] > 10**6
    assert document["rows"][0]["kind"].isdigit()
    first, second = map(json.loads, grows("--json", script=["signal"]).stderr.splitlines())
    assert (first["reason"], second["reason"]) == ("signal SIGUSR1", "end") and first["pid"] == second["pid"]


def test_into_a_file(grows, tmp_path):
    out = tmp_path / "report"
    out.write_text("old")
    result = grows("-o", str(out), script=["signal"])
    assert result.stderr == "" and out.read_text().count("Partition of a set") == 2 and "old" not in out.read_text()
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "moves.py"
    path.write_text("import os; os.chdir('elsewhere')")
    assert run_python("-m", "guppy", "-o", "relative", str(path), cwd=str(tmp_path)).returncode == 0
    assert (tmp_path / "relative").exists() and not (tmp_path / "elsewhere" / "relative").exists()
    result = grows("-o", str(tmp_path / "no" / "such"))
    assert result.returncode == 2 and "can't write to" in result.stderr and result.stdout == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_told_of_and_nothing_else(grows):
    result = grows("-o", "/dev/full", script=["exit"])
    assert result.returncode == 7 and result.stdout == "out ['exit']\n"
    assert result.stderr.startswith("guppy: no heap table: ") and result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "bad",
    [["--workers", "x.py"], ["--top"], ["--top", "0"], ["--top", "-1"], ["--top", "x"], ["--top", "9" * 5000], ["--by", "nosuch"], ["--by"], ["-o"], ["--nosuch"], ["--json=1"], ["-x"]],
)
def test_options_that_make_no_sense(python, bad, tmp_path):
    result = python("-m", "guppy", *bad, cwd=str(tmp_path))
    assert result.returncode == 2 and result.stdout == "" and result.stderr.startswith("guppy: ")
    assert "usage: python -m guppy" in result.stderr and "Traceback" not in result.stderr


def test_the_programs_own_options_are_its_own(grows):
    assert grows(script=["--top", "3", "--json", "-o"]).stdout == "out ['--top', '3', '--json', '-o']\n"
    assert grows("--", script=["--diff"]).stdout == "out ['--diff']\n"


def test_a_program_with_a_handler_of_its_own(script, tmp_path, python):
    path = tmp_path / "own.py"
    path.write_text(
        "import os, signal\nsignal.signal(signal.SIGUSR1, lambda *a: print('mine'))\nos.kill(os.getpid(), signal.SIGUSR1)\n"
    )
    result = python("-m", "guppy", str(path))
    assert result.stdout == "mine\n" and result.stderr.count("Partition of a set") == 1


# ---- two reports told apart, and processes that are ended from outside ----


def test_reports_say_when_of_whom_and_why(grows):
    process, reasons = set(), []
    for line in grows(script=["signal"]).stderr.splitlines():
        if re.match(HEADER, line):
            process.add(line.split()[3])
            reasons.append(line.partition(", ")[2])
    assert reasons == ["signal SIGUSR1", "end"] and len(process) == 1


WAITS = """
import os, signal, sys, time
class Kept: __slots__ = ("x",)
keep = [Kept() for i in range(777)]
if "own" in sys.argv: signal.signal(signal.SIGTERM, lambda *ignored: sys.exit(9))
if "ignored" in sys.argv: signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True: time.sleep(0.05)
"""


def ended(path, number, *words, options=()):
    """(status, standard error) of a program, run by us, that got a signal."""
    process = subprocess.Popen(
        [sys.executable, "-m", "guppy", *options, str(path), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    if "ignored" in words:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.kill()
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors


def test_a_program_that_is_ended_from_outside_reports_before_it_goes(tmp_path):
    path = tmp_path / "waits.py"
    path.write_text(WAITS)
    status, errors = ended(path, signal.SIGTERM, options=["--top", "500"])
    assert status == -signal.SIGTERM and re.match(HEADER + "signal SIGTERM\n", errors)
    assert errors.count("Partition of a set") == 1 and "  777 " in errors
    # What the program does about it itself is its own affair.
    status, errors = ended(path, signal.SIGTERM, "own")
    assert status == 9 and re.match(HEADER + "end\n", errors)
    status, errors = ended(path, signal.SIGTERM, "ignored")
    assert status == -signal.SIGKILL and errors == ""


FORKS = """
import os, signal, sys
class InWorker: __slots__ = ("x",)
for number in 1, 2:
    if not os.fork():
        keep = [InWorker() for i in range(1000 * number)]
        if number == 2:
            os.kill(os.getpid(), signal.SIGUSR1)
            os.kill(os.getpid(), signal.SIGTERM)
        sys.exit(0)
print(sorted(os.wait()[1] for number in (1, 2)))
"""


@pytest.mark.filterwarnings("ignore")
def test_workers_report_each_to_a_file_of_its_own(tmp_path):
    path = tmp_path / "forks.py"
    path.write_text(FORKS)
    out = str(tmp_path / "report")
    for options, workers in ((["-o", out], 0), (["-o", out, "--workers", "--top", "500"], 2)):
        run = run_python("-m", "guppy", *options, str(path), cwd=str(tmp_path))
        assert run.returncode == 0 and run.stdout == "[0, 15]\n", run.stderr
        files = {name: (tmp_path / name).read_text() for name in os.listdir(tmp_path) if name.startswith("report")}
        assert re.match(HEADER + "end\n", files.pop("report")) and len(files) == workers
    counts = {}
    for name, text in files.items():
        assert "process %s," % name.rpartition(".")[2] in text
        reasons = tuple(re.findall(HEADER + "(.*)", text))
        counts[reasons] = {row[1] for row in rows_of(text) if row[4] == "__main__.InWorker"}
    assert counts == {("end",): {1000}, ("signal SIGUSR1", "signal SIGTERM"): {2000}}


POOL = """
import multiprocessing, sys
class InWorker: __slots__ = ("x",)
def work():
    global keep
    keep = [InWorker() for i in range(3000)]
if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=work) for number in range(2)]
    for process in processes: process.start()
    for process in processes: process.join()
    print([process.exitcode for process in processes])
"""


def test_workers_of_multiprocessing_report_when_they_end(tmp_path):
    path = tmp_path / "pool.py"
    path.write_text(POOL)
    run = run_python("-m", "guppy", "-o", "report", "--workers", "--top", "500", str(path), cwd=str(tmp_path))
    assert run.returncode == 0 and run.stdout == "[0, 0]\n", run.stderr
    texts = [(tmp_path / name).read_text() for name in os.listdir(tmp_path) if name.startswith("report.")]
    assert len(texts) == 2
    for text in texts:
        assert re.findall(HEADER + "(.*)", text) == ["end"]
        assert [row[1] for row in rows_of(text) if row[4] == "__main__.InWorker"] == [3000]

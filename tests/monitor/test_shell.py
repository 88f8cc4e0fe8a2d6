"""python -m guppy monitor and python -m guppy top, from scripts (items 2, 8, 9)."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from monitor_support import PATIENCE, connect, directory, hub, plain, run_guppy, start, terminal  # noqa: F401

KEEPING = "class Leak: __slots__ = ('x',)\nkeep = [Leak() for i in range(2000)]\nimport guppy.heapy.RM\n"


def monitor(*arguments, **options):
    return run_guppy("monitor", *arguments, **options)


def test_lines_as_typed_and_only_what_they_answer(start):  # item 8
    target = start(KEEPING)
    result = monitor("--pid", str(target.pid), "--exec", "int", "--exec", "6 * 7", "--exec", "for i in range(2): i", "--exec", "")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Remote interactive console. To return to Annex, type '-'.\n42\n0\n1\n"
    result = monitor("--exec", "lc")
    assert result.returncode == 0 and result.stdout.splitlines()[1].split()[:2] == ["1", str(target.pid)]


@pytest.mark.parametrize(
    "lines, out, err",
    [
        (["sc 1", "int", "1/0"], "ZeroDivisionError: division by zero", ""),
        (["sc 1", "int", "x = = 1"], "SyntaxError", ""),
        (["sc 1", "bogus"], "Unknown syntax: bogus", ""),
        (["bogus"], "", "Unknown syntax: bogus"),
        (["sc 7"], "", "guppy monitor: No connection 7: lc lists those there are\n"),
        (["sc 1", "dump /no/such"], "", "cannot append to /no/such"),
        (["sc 7", "lc"], "CID", "No connection 7"),
    ],
)
def test_a_line_that_fails(start, lines, out, err):
    start(KEEPING)
    options = [argument for line in lines for argument in ("--exec", line)]
    for result in (monitor(*options), monitor(input="".join(line + "\n" for line in lines))):
        assert result.returncode == 1 and out in result.stdout and err in result.stderr, result
        assert "<Monitor>" not in result.stdout and "Connection 1 opened" not in result.stdout


@pytest.mark.parametrize("arguments", [["--nosuch"], ["--pid"], ["--pid", "x"], ["--pid", "-5"], ["--wait", "soon"], ["--json"], ["--timeout", "-1"],
                                       ["--pid", "1", "--attach", "2"], ["word"], ["--pid", "9" * 5000],
                                       ["--list", "--pid", "1"], ["--list", "--exec", "lc"], ["--list", "--raw"]])  # fmt: skip
def test_usage(directory, arguments):
    result = monitor(*arguments)
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr.startswith("guppy monitor: ") and "usage: python -m guppy monitor" in result.stderr


def test_no_target(start, directory, tmp_path):
    result = monitor("--exec", "lc", "--wait", "0.1")
    assert (result.returncode, result.stdout) == (3, "") and result.stderr == "guppy monitor: no process has enabled monitoring (import guppy.heapy.RM)\n"
    plain = start("pass\n")
    result = monitor("--pid", str(plain.pid), "--exec", "lc", "--wait", "0.1")
    assert result.returncode == 3 and "process %d has not enabled monitoring" % plain.pid in result.stderr and result.stderr.count("\n") == 1
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert "there is no process %d" % gone.pid in monitor("--pid", str(gone.pid), "--exec", "lc", "--wait", "0.1").stderr
    for name, reason in (("file", "cannot be opened"), ("open", "lets others in")):
        path = tmp_path / name
        path.write_text("") if name == "file" else path.mkdir(mode=0o755)
        result = monitor("--exec", "lc", "--wait", "0.1", env={"HEAPY_MONITOR_DIR": str(path)})
        assert result.returncode == 3 and reason in result.stderr and str(path) in result.stderr and "Traceback" not in result.stderr


def test_a_target_comes_while_it_waits(start, directory):
    command = [sys.executable, "-m", "guppy", "monitor", "--exec", "lc", "--wait", str(PATIENCE)]
    waiting = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    start(KEEPING)
    assert waiting.communicate(timeout=PATIENCE)[0].startswith("CID") and waiting.returncode == 0


def test_an_answer_that_does_not_come(start):
    target = start(KEEPING)
    arguments = ["--pid", str(target.pid), "--timeout", "0.3", "--exec", "int", "--exec", "exec('while True: sum([])')", "--exec", "'never given'"]
    result = monitor(*arguments)
    assert result.returncode == 1 and "does not answer within 0.3 seconds" in result.stderr and "never given" not in result.stdout
    os.kill(target.pid, signal.SIGSTOP)
    result = monitor("--pid", str(target.pid), "--wait", "0.3", "--exec", "stat")
    assert result.returncode == 3 and "process %d does not answer" % target.pid in result.stderr


def test_a_list_for_programs(start, directory):
    assert json.loads(monitor("--list", "--json").stdout) == []
    targets = [start(KEEPING, [str(i)]) for i in range(2)]
    result = monitor("--list", "--json")
    listed = json.loads(result.stdout)
    assert [entry["pid"] for entry in listed] == [target.pid for target in targets]
    for i, entry in enumerate(listed):
        assert entry == {
            "pid": targets[i].pid, "argv": [targets[i].path, str(i)], "executable": sys.executable, "uid": os.getuid(),
            "version": "%d.%d.%d" % sys.version_info[:3], "started": entry["started"],
        }  # fmt: skip
        assert abs(entry["started"] - time.time()) < 3600
    assert monitor("--list").stdout.startswith("CID")


def test_a_pipe_that_nobody_reads(start):
    start(KEEPING)
    command = "%s -m guppy monitor --exec lc --exec help --exec lc | true" % sys.executable
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=PATIENCE)
    assert result.stderr == ""


@pytest.mark.skipif(not hasattr(sys, "remote_exec"), reason="sys.remote_exec comes with 3.14")
def test_attaching(start, directory):  # item 2
    target = start("pass\n")
    waiting = subprocess.Popen([sys.executable, "-m", "guppy", "monitor", "--attach", str(target.pid), "--wait", str(PATIENCE),
                                "--exec", "int", "--exec", "target.pid"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    while waiting.poll() is None:
        target.ask("1 + 1")  # what was given runs between instructions
    out, err = waiting.communicate()
    if "Operation not permitted" in err or "Permission denied" in err:
        pytest.skip("processes may not be attached to here")
    assert waiting.returncode == 0 and out.endswith("%d\n" % target.pid), err


@pytest.mark.skipif(not hasattr(sys, "remote_exec"), reason="sys.remote_exec comes with 3.14")
def test_attaching_to_what_waits_for_longer(start, directory, tmp_path):  # item 2: what it was given comes too late, and does nothing
    folder = tmp_path / "temporary"
    folder.mkdir()
    target = start("import sys\n")  # its main thread waits for a line
    result = monitor("--attach", str(target.pid), "--wait", "0.5", "--exec", "stat", env={"TMPDIR": str(folder)})
    if "Operation not permitted" in result.stderr or "Permission denied" in result.stderr:
        pytest.skip("processes may not be attached to here")
    assert result.returncode == 3 and "its main thread waits" in result.stderr and result.stderr.count("\n") == 1
    assert target.ask("[i for i in range(100)][5], 'guppy' in sys.modules") == "(5, False)"
    assert target.finish() == (0, "", "")
    assert list(folder.iterdir()) == []


def test_attaching_to_what_cannot_be(directory):
    result = monitor("--attach", "1" if os.getuid() else "999999999", "--exec", "lc", "--wait", "0.1")
    assert result.returncode == 3 and result.stderr.count("\n") == 1 and "Traceback" not in result.stderr


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare")
def test_a_target_in_another_mount_namespace(start, tmp_path, monkeypatch):  # item 2
    """It finds its directory through /proc/PID/root, since /tmp is another there."""
    probe = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    if probe.returncode:
        pytest.skip("no mount namespaces here")
    monkeypatch.setenv("HEAPY_MONITOR_DIR", "/mnt/inside")
    target = start(KEEPING, before=["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /mnt && exec "$@"', "sh"])
    monkeypatch.setenv("HEAPY_MONITOR_DIR", str(tmp_path / "another"))
    result = monitor("--pid", str(target.pid), "--exec", "stat")
    assert result.returncode == 0 and "Target overview" in result.stdout, result.stderr
    assert not os.path.exists("/mnt/inside")


# ---- top, once ----


def test_top_once(start):  # item 9
    target = start(KEEPING)
    for pid in ([str(target.pid)], []):
        result = run_guppy("top", *pid, "--once", "--json", "--by", "type")
        assert (result.returncode, result.stderr) == (0, "")
        found = json.loads(result.stdout)
        assert set(found) == {"pid", "count", "size", "rss", "rows"} and found["pid"] == target.pid and found["rss"] > 1 << 20
        (row,) = [row for row in found["rows"] if row["kind"] == "__main__.Leak"]
        assert row["count"] == 2000 and set(row) == {"kind", "count", "size"}
        assert sum(row["count"] for row in found["rows"]) == found["count"] and sum(row["size"] for row in found["rows"]) == found["size"]
        sizes = [row["size"] for row in found["rows"]]
        assert sizes == sorted(sizes, reverse=True)
    result = run_guppy("top", str(target.pid), "--once")
    assert result.stdout.startswith("PID %d " % target.pid) and "__main__.Leak" in result.stdout


def test_top_lists_what_there_is_to_choose_from(start):
    targets = [start(KEEPING, [name]) for name in ("one", "two")]
    result = run_guppy("top", "--once")
    assert result.returncode == 3 and result.stderr.startswith("guppy top: which process?\n")
    for target in targets:
        assert "%7d %s" % (target.pid, target.path) in result.stderr


@pytest.mark.parametrize("arguments", [["x"], ["--interval", "0"], ["--by", "size"], ["--json"], ["1", "2"], ["--nosuch"], ["1", "--interval"]])
def test_usage_of_top(directory, arguments):
    result = run_guppy("top", *arguments)
    assert result.returncode == 2 and "usage: python -m guppy top" in result.stderr


def test_top_without_a_terminal(start):
    target = start(KEEPING)
    result = run_guppy("top", str(target.pid))
    assert result.returncode == 2 and "--once" in result.stderr


def test_looking_does_not_become_the_load(start, connect):  # item 9
    dialog = connect(start(KEEPING))
    taken = 0.0
    began = time.monotonic()
    for i in range(5):
        answer = dialog.hub.ask(dialog.peer, "stat", PATIENCE, by="Clodo")
        taken += answer["seconds"]
        assert answer["pause"] >= 19 * answer["seconds"]
    assert taken - answer["seconds"] <= 0.05 * (time.monotonic() - began)


def test_a_snapshot_goes_into_a_regular_file(start):
    target = start(KEEPING)
    result = monitor("--pid", str(target.pid), "--exec", "snapshot /dev/null")
    said = "guppy monitor: cannot write /dev/null: it is no regular file; give the name of a new one\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", said)


@pytest.mark.parametrize("line", ["watch 0", "dump /nonexistent/x", "snapshot /nonexistent/x"])
def test_the_lines_after_one_that_fails_are_done(start, line):
    result = monitor("--pid", str(start(KEEPING).pid), "--exec", line, "--exec", "stat")
    assert result.returncode == 1 and result.stdout.startswith("Target overview\n")
    assert result.stderr.startswith("guppy monitor: ") and result.stderr.count("\n") == 1


@pytest.mark.parametrize("line, status", [("1/0", 1), ("nosuch", 1), ("x = = 1", 1), ("1 + 1", 0), ("exit()", 0)])
def test_an_error_in_the_monitors_own_console(start, line, status):
    start(KEEPING)
    result = monitor("--exec", "int", "--exec", line)
    assert result.returncode == status and ("Error" in result.stdout) == bool(status), result


@pytest.mark.parametrize("was_there", [False, True])
def test_a_dump_onto_a_full_disk(start, tmp_path, was_there):
    path = tmp_path / "x.hpy"
    if was_there:
        path.touch()
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\nfrom guppy.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    command = ["monitor", "--pid", str(start(KEEPING).pid), "--exec", "dump %s" % path]
    result = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, timeout=PATIENCE)
    assert result.returncode == 1 and result.stderr == "guppy monitor: cannot append to %s: File too large\n" % path
    assert path.exists() == was_there  # what it made itself is not left empty

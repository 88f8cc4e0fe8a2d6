"""python -m guppy --snapshot FILE: snapshots of a program that is run."""

import os
import signal
import subprocess
import sys
import time

import pytest

from guppy.ProgramSnapshots import bytes_in
from test_snapshot_files import chunks_of, info_in, read_snapshot

if not sys.platform.startswith("linux"):
    pytest.skip("a process is copied on Linux alone", allow_module_level=True)

PROGRAM = '''
import os, sys
class Mine:
    pass
kept = [Mine() for _ in range(700)]
print("running", sys.argv[1:], flush=True)
child = os.fork()
if not child:
    sys.exit(0)
os.waitpid(child, 0)
'''


def mine_in(data):
    file = read_snapshot.Snapshot(read_snapshot.Chunks(data))
    [row] = [i for i, row in enumerate(file.type_rows) if row[0].decode() == "__main__.Mine"]
    return sum(type == row for type in file.types)


def test_a_program_leaves_its_heap_when_it_ends(tmp_path, python):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    result = python("-m", "guppy", "--snapshot", str(tmp_path / "heap.heapy"), "--contents", "none", str(program), "-x")
    assert result.stdout == "running ['-x']\n" and result.stderr == "" and result.returncode == 0
    assert sorted(os.listdir(tmp_path)) == ["heap.heapy", "program.py"]
    assert mine_in((tmp_path / "heap.heapy").read_bytes()) == 700
    assert info_in(tmp_path / "heap.heapy")["contents"] == "none"


def test_standard_output_gets_the_file_and_nothing_else(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    result = subprocess.run([sys.executable, "-m", "guppy", "--snapshot", "-", str(program)], capture_output=True)
    assert result.stderr == b"running []\n" and result.returncode == 0
    assert mine_in(result.stdout) == 700


def test_signals_and_much_memory_give_more_of_them(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("print('ready', flush=True)\nlarge = bytearray(200 << 20)\nlarge[::4096] = large[::4096]\ninput()\ninput()\n")
    command = [sys.executable, "-m", "guppy", "--snapshot", str(tmp_path / "heap.heapy"), "--at-rss", "150M", str(program)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    wait_for(tmp_path / "heap.heapy", process)
    assert info_in(tmp_path / "heap.heapy")["rss"] > 150 << 20
    process.send_signal(signal.SIGUSR1)
    wait_for(tmp_path / "heap.1.heapy", process)
    process.send_signal(signal.SIGTERM)
    process.communicate("\n")
    assert process.returncode == -signal.SIGTERM
    assert sorted(os.listdir(tmp_path)) == ["heap.1.heapy", "heap.2.heapy", "heap.heapy", "program.py"]
    for name in ("heap.1.heapy", "heap.2.heapy"):
        assert read_snapshot.Snapshot(chunks_of(tmp_path / name)).node_count > 1000


def wait_for(path, process):
    until = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.02)


def test_options_that_make_no_sense_are_refused(tmp_path, python):
    program = tmp_path / "program.py"
    program.write_text("print('ran')\n")
    for options, message in [
        (["--contents", "names"], "--contents and --at-rss need --snapshot FILE"),
        (["--snapshot", "x", "--top", "3"], "--snapshot writes no table"),
        (["--snapshot", "x", "--contents", "all"], "--contents needs names, values or none, not 'all'"),
        (["--snapshot", "x", "--at-rss", "much"], "--at-rss needs a size such as 2G, not 'much'"),
        (["--snapshot", "no/such/folder/x"], "can't write snapshots to 'no/such/folder/x'"),
    ]:
        result = python("-m", "guppy", *options, str(program), cwd=tmp_path)
        assert result.returncode == 2 and message in result.stderr and result.stdout == "", result.stderr
    assert os.listdir(tmp_path) == ["program.py"]


def test_sizes():
    sizes = ["2G", "1.5m", "100", "1kB", "x", "", "-1", "0", "nan", "1e99"]
    assert [bytes_in(size) for size in sizes] == [2 << 30, 3 << 19, 100, 1024, None, None, None, None, None, None]

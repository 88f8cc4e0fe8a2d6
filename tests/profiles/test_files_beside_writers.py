"""Profile files that are read while they are written, by several processes, and cut anywhere (F-1 to F-8)."""

import io
import os
import subprocess
import sys
import time

import pytest
from conftest import run_python

from guppy.heapy import EndOfDump
from guppy.heapy.Prof import Profile

HEAD = ".loader: _load_stat\n.format: SetFormat\n.timemade: 1.000000\n.count: %d\n.size: 106\n.kindname: \n"
PACKAGE = HEAD + ".kindheader: Type\n.numrows: 2\n.r: 2 56 int\n.r: 1 50 Ärger\n.end: .loader: _load_stat\n"
FIRST, SECOND = (PACKAGE % n for n in (1, 2))
END = len("\n")  # the last line is whole without its line end


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "x.hpy")


def write_bytes(path, data):
    with open(path, "wb") as f:
        f.write(data)


def counts(hp, path):
    return [stat.count for stat in hp.loadall(path)]


def test_a_cut_at_every_byte_by_name(hp, path):  # F-7
    whole = SECOND.encode()
    for cut in range(len(whole)):
        write_bytes(path, whole[:cut])
        if cut >= len(whole) - END:
            assert hp.load(path).count == 2
        else:
            with pytest.raises(EndOfDump, match="x.hpy"):
                hp.load(path)


@pytest.mark.parametrize("use_readline", [0, 1])
@pytest.mark.parametrize("mode", ["r", "rb"])
def test_a_cut_at_every_byte_is_picked_up_when_it_is_whole(hp, path, mode, use_readline):  # F-7, T-103
    first, second = FIRST.encode(), SECOND.encode()
    for cut in range(len(second)):
        write_bytes(path, first + second[:cut])
        assert counts(hp, path) == [1, 2][: 1 + (cut >= len(second) - END)]
        with open(path, mode, **({} if "b" in mode else {"encoding": "utf-8"})) as reader:
            assert hp.load(reader, use_readline).count == 1
            for again in range(2):
                if cut < len(second) - END:
                    with pytest.raises(EndOfDump):
                        hp.load(reader, use_readline)
            with open(path, "ab") as writer:
                writer.write(second[cut:])
            assert hp.load(reader, use_readline).count == 2
            with pytest.raises(EndOfDump):
                hp.load(reader, use_readline)


def test_every_cut_of_a_dump_of_ours_in_memory(hp):  # F-7: StringIO can be put back too
    out = io.StringIO()
    hp.iso(1, "a", []).dump(out)
    text = out.getvalue()
    for cut in range(1, len(text) - END):
        source = io.StringIO(text[:cut])
        with pytest.raises(EndOfDump):
            hp.load(source)
        assert source.tell() == 0


def test_a_dump_behind_a_cut_at_every_byte(hp, path):
    """F-7: who wrote it died over it; the stats before and after are there, also for the views."""
    whole = FIRST.encode()
    stat = hp.load(io.StringIO(SECOND))
    for cut in range(len(whole) + 1):
        write_bytes(path, whole + whole[:cut])
        stat.dump(path)
        stat.dump(path)
        expected = [1, 2, 2] if cut < len(whole) - END else [1, 1, 2, 2]
        assert counts(hp, path) == expected, cut
        profile = Profile(path)
        assert [sample.count for sample in profile] == expected, cut
        assert profile.refresh() == "same"


def test_what_others_append_behind_a_cut(hp, path):  # F-7: guppy3 looks at nothing before it appends
    whole = FIRST.encode()
    for cut in range(len(whole) - END):
        if whole[:cut].endswith(b"\n.end: "):
            continue  # with the first line behind it, it is the last line of a stat
        write_bytes(path, whole + whole[:cut] + SECOND.encode())
        assert counts(hp, path) == [1, 2], cut
        assert [sample.count for sample in Profile(path)] == [1, 2], cut


def test_empty_lines_are_skipped(hp, path):  # F-7
    write_bytes(path, ("\n\n" + FIRST + "\n\r\n" + SECOND.replace("\n.numrows", "\n\n.numrows") + "\n\n").encode())
    assert counts(hp, path) == [1, 2]
    write_bytes(path, b"\n\n\n")
    with pytest.raises(EndOfDump):
        hp.load(path)


@pytest.mark.parametrize("end", [".end: .loader:", ".end: .loader: _load_st", ".end: .loader: _load_statx", ".end:"])
def test_only_the_exact_last_line_ends_a_stat(hp, path, end):  # F-2
    write_bytes(path, FIRST.replace(".end: .loader: _load_stat", end).encode() + SECOND.encode())
    with pytest.raises(ValueError, match=r"x\.hpy, line 11"):
        hp.load(path)


def test_a_cut_line_that_no_stat_begins_with_is_refused_at_once(hp, path):  # F-3, F-4
    for rubbish in (b"x", b"\x7fELF", b".loafer", b".loader: _load_stats"):
        write_bytes(path, rubbish)
        with pytest.raises(ValueError, match="x.hpy"):
            hp.load(path)


def test_a_gigantic_line_is_not_read_to_its_end(hp, path):
    with open(path, "wb") as f:
        f.write(FIRST.encode()[:60])
        f.truncate(1 << 36)  # 64 GiB, a hole
    with pytest.raises(ValueError, match="x.hpy"):
        hp.load(path)


def test_one_write_to_a_file_opened_for_appending(tmp_path, script):  # F-1
    """What the system is asked for, in its own words."""
    out = script(
        """
import os, sys
from guppy import hpy
hp = hpy()
x = hp.heap().byid[:20000].stat
opened = []
def audit(event, args):
    if event == "open" and str(args[0]).endswith("x.hpy"):
        opened.append(args[2])
sys.addaudithook(audit)
def write_calls():
    with open("/proc/self/io") as f:
        return int(f.read().split("syscw:")[1].split()[0])
before = write_calls()
x.dump("x.hpy")
print(write_calls() - before, os.path.getsize("x.hpy") > 500000, all(flags & os.O_APPEND for flags in opened), len(opened))
""",
        cwd=str(tmp_path),
    ).stdout
    assert out.split() == ["1", "True", "True", "1"]


WRITER = """
import sys
from guppy import hpy
hp = hpy()
heap = hp.heap()
for i in range(int(sys.argv[2])):
    heap.dump(sys.argv[1])
"""


def test_three_writers_and_a_reader(hp, path):
    each = 60
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, path, str(each)]) for i in range(3)]
    seen = []
    try:
        open(path, "a").close()
        with open(path, encoding="utf-8") as reader:
            while True:
                is_last_look = all(writer.poll() is not None for writer in writers)
                for stat in hp.loadall(reader):
                    assert stat.numrows == len(stat.rows) and stat.count == sum(row.count for row in stat.rows)
                    seen.append(stat.count)
                if is_last_look:
                    break
                time.sleep(0.01)
    finally:
        for writer in writers:
            writer.wait()
    assert [writer.returncode for writer in writers] == [0, 0, 0] and len(seen) == 3 * each
    assert len(set(seen)) <= 3


@pytest.mark.parametrize("locale", ["C", "POSIX", "de_DE.ISO-8859-1"])
def test_utf_8_under_every_locale(tmp_path, locale):  # F-5
    code = (
        "from guppy import hpy\n"
        "hp = hpy()\n"
        "x = hp.iso(type('\\u00c4rger\\u20ac', (), {'__slots__': ()})())\n"
        "x.dump('x.hpy')\n"
        "print(ascii(hp.load('x.hpy').rows[0].name), ascii(next(hp.loadall('x.hpy')).rows[0].name))\n"
    )
    environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    result = run_python("-c", code, env=environment, cwd=str(tmp_path))
    assert result.stdout == "'__main__.\\xc4rger\\u20ac' '__main__.\\xc4rger\\u20ac'\n", result.stderr
    assert "Ärger€".encode() in (tmp_path / "x.hpy").read_bytes()


def test_a_stat_that_did_not_fit_is_taken_back(tmp_path, script):
    """A file may not grow past a limit: what is in it stays what could be read."""
    out = script(
        """
import os, resource, signal
from guppy import hpy
hp = hpy()
small, large = hp.iso(1), hp.heap()
small.dump("x.hpy")
size = os.path.getsize("x.hpy")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, resource.RLIM_INFINITY))
try: large.dump("x.hpy")
except OSError as error: print(error.errno, os.path.getsize("x.hpy") == size)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
large.dump("x.hpy")
print(len(list(hp.loadall("x.hpy"))))
""",
        cwd=str(tmp_path),
    ).stdout
    assert out.split() == ["27", "True", "2"]


def test_modes_and_descriptors(hp, path):  # T-95, T-96
    hp.iso(1).dump(path, "x")
    with pytest.raises(FileExistsError):
        hp.iso(1).dump(path, "x")
    hp.iso(1, 2).dump(path, "at")
    hp.iso(1, 2, 3).dump(os.open(path, os.O_WRONLY | os.O_APPEND))
    assert counts(hp, path) == [1, 2, 3]
    hp.iso(1, 2).dump(path, "wt")
    assert counts(hp, path) == [2]
    for bad in ("r", "rt"):
        with pytest.raises(io.UnsupportedOperation):
            hp.iso(1).dump(path, bad)
    for bad in ("wb", "", "aa", "nosuch"):
        with pytest.raises(ValueError):
            hp.iso(1).dump(path, bad)
    with pytest.raises(TypeError):
        hp.iso(1).dump(path, 5)
    assert counts(hp, path) == [2]


def test_a_pipe_that_takes_no_more(hp):
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    with pytest.raises(BlockingIOError):
        hp.heap().byid[:20000].dump(write_end)
    os.close(read_end)


def test_a_name_stays_on_its_line(hp, path):  # F-6
    hp.iso(type("A\nB", (), {"__slots__": ()})()).dump(path)
    assert [row.name for stat in hp.loadall(path) for row in stat.rows] == ["__main__.A B" if __name__ == "__main__" else __name__ + ".A B"]


def test_old_files_load_unchanged(hp, path):  # F-8
    old = FIRST.replace("int", "__builtin__.instance").replace("Type", "Class or dict of class")
    write_bytes(path, old.encode())
    stat = hp.load(path)
    assert stat.rows[0].name == "__builtin__.instance"
    out = io.StringIO()
    stat.dump(out)
    assert out.getvalue() == old

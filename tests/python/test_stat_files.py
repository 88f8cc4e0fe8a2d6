"""dump() and load(): every source and sink, and files that mean no good."""

import io
import os
import pathlib
import warnings

import pytest

from guppy.heapy import EndOfDump

HEAD = ".loader: _load_stat\n.format: SetFormat\n.timemade: 1.000000\n.count: 3\n.size: 106\n.kindname: \n"
GOOD = HEAD + ".kindheader: Type\n.numrows: 2\n.r: 2 56 int\n.r: 1 50 str\n.end: .loader: _load_stat\n"


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "x.hpy")


def write(path, text):
    with open(path, "w") as f:
        f.write(text)
    return path


def text_of(stat):
    b = io.StringIO()
    stat.dump(b)
    return b.getvalue()


def test_everything_comes_back(hp, path):  # T-97, T-112, K-27a
    x = hp.heap()
    for y in (x, x.bytype, x.bysize, x.bymodule, x[:3].byid, x.byunity):
        stat = y.stat
        assert stat.dump(path, "w") is None
        loaded = hp.load(path)
        assert str(loaded) == str(stat) and repr(loaded.more) == repr(stat.more) and str(loaded.all) == str(stat.all)
        assert text_of(loaded) == open(path).read()
        assert [(r.count, r.size, r.name) for r in loaded.get_rows()] == [(r.count, r.size, r.name) for r in stat.get_rows()]
    difference = x.bytype.stat - hp.iso(1).bytype.stat
    difference.dump(path, "w")
    assert text_of(hp.load(path)) == text_of(difference) and hp.load(path).b_count == 1


def test_it_appends(hp, path):  # T-95
    hp.iso(1).dump(path)
    hp.iso(1, 2).dump(path)
    assert [s.count for s in hp.loadall(path)] == [1, 2]
    hp.iso(1).dump(path, "w")
    hp.iso(1).dump(path, mode="a")
    assert len(list(hp.loadall(path))) == 2


def test_names_of_files(hp, path):  # T-95, T-108
    p = pathlib.Path(path)
    hp.iso(1).dump(p)
    assert hp.load(p).count == hp.load(path).count == 1
    with pytest.raises(TypeError):
        hp.load(os.fsencode(path))
    with pytest.raises(FileNotFoundError):
        hp.load(path + "x")
    with pytest.raises(FileNotFoundError):
        hp.iso(1).dump(os.path.join(path, "x") if not os.path.exists(path) else path + "x/y")
    with pytest.raises(IsADirectoryError):
        hp.load(os.path.dirname(path))
    for bad in (object(), None, []):
        with pytest.raises((TypeError, AttributeError)):
            hp.iso(1).dump(bad)
    with pytest.raises(ValueError):
        hp.iso(1).dump(path, "nosuchmode")


def test_objects_that_write(hp):  # T-95
    class Sink:
        def __init__(self):
            self.text, self.closed = "", False

        def write(self, text):
            self.text += text

        def close(self):
            self.closed = True

    s = Sink()
    hp.iso(1).dump(s)
    assert s.text.startswith(".loader: _load_stat\n") and s.text.endswith(".end: .loader: _load_stat\n") and not s.closed

    class Broken:
        def write(self, text):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        hp.iso(1).dump(Broken())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk(hp):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(OSError):
            hp.heap().dump("/dev/full")


def test_one_at_a_time_from_an_open_file(hp, path):  # T-102, T-103
    write(path, GOOD + GOOD.replace(".count: 3", ".count: 4") + "the rest\n")
    with open(path) as f:
        assert hp.load(f).count == 3 and hp.load(f).count == 4
        assert f.readline() == "the rest\n"
    with open(path) as f:
        assert hp.load(f, use_readline=1).count == 3 and hp.load(f, 1).count == 4
        with pytest.raises(ValueError):
            hp.load(f)


def test_nothing_is_read_ahead(hp):  # T-105
    read, write_end = os.pipe()
    with os.fdopen(read) as pipe:
        os.write(write_end, GOOD.encode())
        assert hp.load(pipe, use_readline=1).count == 3  # would wait for ever for another line
        os.close(write_end)


def test_the_end(hp, path):  # T-103
    with open(write(path, GOOD)) as f:
        hp.load(f)
        with pytest.raises(StopIteration) as caught:
            hp.load(f)
    assert isinstance(caught.value, EndOfDump) and path in str(caught.value)
    for empty in ([], (), io.StringIO(""), iter([])):
        with pytest.raises(EndOfDump):
            hp.load(empty)
    with pytest.raises(EndOfDump, match="x.hpy"):
        hp.load(write(path, ""))


def test_lines(hp):  # T-104, T-106
    lines = GOOD.splitlines()
    assert hp.load(lines).count == hp.load(tuple(lines)).count == hp.load(iter(lines)).count == 3
    assert len(hp.load(lines[:-1])) == 2
    assert hp.load([line.encode() for line in lines]).count == 3
    assert hp.load(line + "\r\n" for line in lines).count == 3


def test_files_cut_off(hp, path):  # T-107
    with pytest.raises(EndOfDump, match="x.hpy is not whole yet"):
        hp.load(write(path, GOOD[:-30]))


def test_loadall_ends(hp, path):  # S-79d, G-7
    write(path, GOOD * 3)
    assert len(list(hp.loadall(path))) == 3 == len(list(hp.loadall(pathlib.Path(path))))
    with open(path) as f:
        assert len(list(hp.loadall(f))) == 3
    assert len(list(hp.loadall(io.StringIO(GOOD * 2)))) == 2
    g = hp.loadall(write(path, GOOD + "rubbish"))
    assert next(g).count == 3
    with pytest.raises(ValueError):
        next(g)


def test_a_stat_without_rows(hp, path):  # T-98
    hp.Nothing.dump(path)
    hp.iso(1).dump(path)
    assert hp.load(path).count == 0 and [s.count for s in hp.loadall(path)] == [0, 1]


def test_only_its_own_package_is_dumped_again(hp, path):  # T-97
    write(path, GOOD + GOOD)
    assert text_of(hp.load(path)) == GOOD


def test_the_file_is_closed(hp, path):  # T-110
    write(path, GOOD)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for bad in (GOOD, "rubbish", ""):
            write(path, bad)
            try:
                hp.load(path)
            except (ValueError, EndOfDump):
                pass
    assert not any(path in os.readlink("/proc/self/fd/" + n) for n in os.listdir("/proc/self/fd") if os.path.islink("/proc/self/fd/" + n))


def test_the_first_of_a_large_file_comes_quickly(hp, path):  # T-110
    with open(path, "w") as f:
        f.write(GOOD)
        f.write("x" * 1000 + "\n")
        f.seek(1 << 33)  # eight GiB, all but the beginning a hole
        f.write("end")
    assert hp.load(path).count == 3


def test_directives_are_data(hp):  # T-92, T-109
    lines = GOOD.splitlines()
    lines[1:1] = [".dump: 1", ".__class__: int", ".remark: some text: with colons", ".empty:"]
    s = hp.load(lines)
    assert s.directives == {"dump": 1, "__class__": "int", "remark": "some text: with colons", "empty": ""}
    assert type(s) is hp.Stat and callable(s.dump) and s.count == 3
    assert text_of(s).splitlines()[1:5] == [".dump: 1", ".__class__: int", ".remark: some text: with colons", ".empty: "]
    assert hp.load(GOOD.splitlines()).directives == {}


@pytest.mark.parametrize(
    "bad",
    [
        "", "x", ".loader: __init__", ".loader: _load_stat\n.format: __class__", GOOD.replace(".count: 3", ".count: x"),
        GOOD.replace(".size: 106\n", ""), GOOD.replace("SetFormat", "DiffFormat"), GOOD.replace(".r: 2 56", ".r: two 56"),
        GOOD.replace("1.000000", "__import__('os')"), GOOD.replace(".numrows: 2", ".numrows: 1e9"),
        GOOD.replace(".count: 3", ".count: " + "9" * 5000), GOOD.replace("int", "i\0t"), "\x7fELF\n",
    ],
)  # fmt: skip
def test_what_is_no_dump_is_refused(hp, path, bad):  # T-107, T-109
    with pytest.raises((ValueError, EndOfDump)) as caught:
        hp.load(write(path, bad))
    assert "x.hpy" in str(caught.value)
    with pytest.raises((ValueError, EndOfDump)):
        hp.load(bad.splitlines())


def test_errors_name_the_line(hp, path):  # T-109
    with pytest.raises(ValueError, match=r"x\.hpy, line 4: .*'\.count: x'"):
        hp.load(write(path, GOOD.replace(".count: 3", ".count: x")))


@pytest.mark.parametrize("bad", [5, None, 2.5, object(), b"name"])
def test_what_is_no_source(hp, bad):  # T-107
    with pytest.raises(TypeError, match="load"):
        hp.load(bad)


def test_sources_that_fail(hp):
    def lines():
        yield from GOOD.splitlines()[:3]
        raise KeyError("in the source")

    with pytest.raises(KeyError):
        hp.load(lines())
    with pytest.raises(TypeError):
        hp.load([1, 2])

    class NoReadline:
        def __iter__(self):
            return iter(GOOD.splitlines())

    assert hp.load(NoReadline()).count == 3
    with pytest.raises(AttributeError):
        hp.load(NoReadline(), use_readline=1)


def test_names_with_newlines(hp, path):  # T-94
    x = hp.iso(type("A\nB", (), {"__slots__": ()})())
    x.dump(path)
    s = hp.load(path)
    assert [r.name for r in s.get_rows()] == [x.stat.rows[0].name.replace("\n", " ")]


def test_bytes_that_are_no_text(hp, path):
    with open(path, "wb") as f:
        f.write(GOOD.encode().replace(b"str", b"s\xff\xfer"))
    assert hp.load(path).rows[1].name == "s\\xff\\xfer"


def test_endless_helpers_end_on_ctrl_c(script, tmp_path):  # S-79e
    out = script(
        """
import signal, sys
from guppy import hpy
hp = hpy()
for call in (lambda: hp.dumph("x.hpy"), lambda: hp.loadc("x.hpy")):
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    signal.signal(signal.SIGALRM, lambda *a: signal.raise_signal(signal.SIGINT))
    try: call()
    except KeyboardInterrupt: print("stopped")
""",
        cwd=str(tmp_path),
    ).stdout
    assert out.count("stopped") == 2 and "Partition of a set of" in out


# ---- plain data ----


def stats_of_all_sorts(hp):
    before = hp.heap().stat
    kept = [{n: "x"} for n in range(100)]
    yield from (hp.iso(*kept).stat, hp.iso(*kept).byid.stat, hp.heap().bysize.stat, hp.heap().stat - before, hp.Nothing.stat)


def test_a_stat_as_plain_data(hp):
    import json

    for stat in stats_of_all_sorts(hp):
        data = stat.to_dict()
        assert json.loads(json.dumps(data)) == data
        assert (data["count"], data["size"], data["time"], data["header"]) == (stat.count, stat.size, stat.timemade, stat.kindheader)
        rows = [(row.index, row.count, row.size, row.cumulsize, row.name.strip()) for row in stat.rows]
        assert [tuple(row.values()) for row in data["rows"]] == rows
        assert list(data["rows"][0] if rows else {}) == (["index", "count", "size", "cumulative", "kind"] if rows else [])
        if stat.format_name == "IdFormat":
            continue  # as_json() says `brief`, and that each row is one object goes without saying
        same = json.loads(stat.as_json())
        assert {name: data[name] for name in same} == same  # one vocabulary


def test_a_stat_can_be_pickled(hp):
    import copy
    import pickle

    for stat in stats_of_all_sorts(hp):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(stat, protocol))
            assert str(again) == str(stat) and again.to_dict()["rows"] == stat.to_dict()["rows"]
            assert abs(again.timemade - stat.timemade) < 1 and type(again) is type(stat)
        assert str(copy.deepcopy(stat)) == str(copy.copy(stat)) == str(stat)


def test_a_pickled_stat_goes_to_another_process(hp, tmp_path, script):
    import pickle

    class Special:
        pass

    kept = [Special() for _ in range(5)]
    (tmp_path / "stat").write_bytes(pickle.dumps(hp.iso(*kept).stat))
    script(
        """
import pickle, sys
stat = pickle.load(open(sys.argv[1], "rb"))
assert stat.count == 5 and "Special" in stat.rows[0].name and (stat - stat).count == 0
""",
        str(tmp_path / "stat"),
    )


# ---- lines without end ----


class Endless:
    """A file that is one line, and tells how much was asked of it."""

    name = "endless"

    def __init__(self, kind):
        self.kind, self.given = kind, 0

    def seekable(self):
        return False

    def readline(self, size=-1):
        assert 0 < size, "the whole line was asked for"
        self.given += size
        return self.kind(b"x" * size) if self.kind is bytes else "x" * size


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_lines_are_bounded_and_the_error_names_file_and_line(hp):
    """Whatever gives the lines: a name, files as text and as bytes, those that cannot be put back, loadall()."""

    def load_open(*how, **options):
        with open("/dev/full", *how, **options) as file:
            hp.load(file)

    endless = [Endless(str), Endless(bytes)]
    cases = [
        lambda: hp.load("/dev/full"),
        load_open,
        lambda: load_open("rb"),
        lambda: load_open("rb", buffering=0),
        lambda: list(hp.loadall("/dev/full")),
        lambda: hp.load(endless[0]),
        lambda: hp.load(endless[1], use_readline=1),
    ]
    for case in cases:
        with pytest.raises(ValueError, match=r"(/dev/full|endless), line 1: it has \d+ characters and more"):
            case()
    assert all(source.given <= 2**21 for source in endless)


def test_the_line_of_a_later_stat_that_never_ends(hp, tmp_path):
    path = tmp_path / "dump"
    hp.iso(1).stat.dump(str(path))
    with open(path, "a", encoding="utf-8") as file:
        file.write(".loader: _load_stat\n" + "y" * 2**21 + "\n")
    with open(path, encoding="utf-8") as file:
        assert hp.load(file).count == 1
        with pytest.raises(ValueError, match=r"dump, line 2: it has"):
            hp.load(file)

"""The model of profiles, without Tk and without a display (W-62), against a plain one."""

import itertools
import os
import random
import subprocess
import sys

import plain
import pytest
from conftest import run_python

from guppy.heapy import Prof
from guppy.heapy.Prof import Comparison, Marker, Profile, Selection, parse_columns, parse_range, percent, range_above, short


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.hpy"


# ---- numbers ----


@pytest.mark.parametrize(
    "value, text",
    [
        (0, "0"), (999, "999"), (1000, "1K"), (1500, "1500"), (99999, "99999"), (100000, "100K"), (123456, "123K"),
        (1000000, "1M"), (1234567890, "1235M"), (-5000, "-5K"), (10**15, "1P"), (-(10**15), "-1P"), (2 * 10**24, "2Y"),
        (99999000, "99999K"), (99999001, "100M"), (50000000, "50M"), (-123456, "-123K"), (10**18 + 1, "1E"),
    ],
)  # fmt: skip
def test_short_numbers(value, text):  # W-28
    assert short(value) == text


@pytest.mark.parametrize(
    "part, whole, text",
    [
        (1, 0, "---"), (0, 5, "0"), (0, -5, "0"), (1, 1, "100"), (1, 3, "33"), (1, 11, "9.1"), (1, 100, "1"), (9, 100, "9"),
        (1, 3000, "0.033"), (1, 10**5, "1e-03"), (10**3, 1, "1e+05"), (9999, 100, "9999"), (-1, 8, "-12"),
        (-57, 1000, "-5.7"), (999900, 10000, "9999"), (1, 10**13, "0"), (10000, 100, "1e+04"),
    ],
)  # fmt: skip
def test_percentages(part, whole, text):  # W-28
    assert percent(part, whole) == text


def test_ranges_above():  # W-22, W-35
    expected = {0: 1, 1: 1, 2: 2, 3: 5, 5: 5, 6: 10, 10: 10, 11: 20, 21: 50, 501: 1000, 10**12: 10**12, 3 * 10**12: 5 * 10**12}
    assert {value: range_above(value) for value in expected} == expected


def test_steps_of_a_range():  # W-22
    up, value = [], 1
    while value < 10**12:
        value = Prof.next_range(value, True)
        up.append(value)
    assert up[:6] == [2, 5, 10, 20, 50, 100] and up[-1] == 10**12 == Prof.next_range(10**12, True)
    down = [10**12]
    while down[-1] > 1:
        down.append(Prof.next_range(down[-1], False))
    assert down[::-1] == [1] + up and Prof.next_range(1, False) == 1 and Prof.next_range(12, False) == 10


@pytest.mark.parametrize(
    "text, value",
    [("10", 10), ("5K", 5000), ("2m", 2000000), ("1000G", 10**12), ("1T", 10**12), (" 7 ", 7), ("007", 7), ("1t", 10**12)],
)
def test_what_is_a_range(text, value):  # W-23
    assert parse_range(text) == value


@pytest.mark.parametrize("text", ["0", "abc", "2T", "1.5K", "", "-5", "+5", "5 K", "K", "1001G", "9" * 500, "٣", "0x10", "5KK"])
def test_what_is_no_range(text):  # W-23
    with pytest.raises(ValueError, match="positive integer.*K, M, G or T.*1T"):
        parse_range(text)


# ---- samples ----


def test_samples(path):
    samples = plain.random_samples(1)
    p = Profile(plain.write(path, samples))
    assert len(p) == len(samples) and [s.time for s in p] == [1000.0 + 10 * i for i in range(len(samples))]
    for sample, rows in zip(p, samples):
        assert [tuple(row) for row in sample.rows] == rows
        assert sample.count == sum(r[0] for r in rows) and sample.size == sum(r[1] for r in rows)
    assert p[-1].number == len(p) - 1 and [s.number for s in p[2:4]] == [2, 3]
    for bad in (len(p), -len(p) - 1):
        with pytest.raises(IndexError):
            p[bad]


def test_samples_are_the_stats_that_load_gives(path, hp):
    for x in (hp.heap(), hp.iso(1, 2, "a").byid, hp.heap().bysize):
        x.dump(str(path))
    (hp.heap().stat - hp.iso(1).stat).dump(str(path))
    p = Profile(path)
    assert [s.format for s in p] == ["SetFormat", "IdFormat", "SetFormat", "DiffFormat"]  # W-53
    for sample, stat in zip(p, hp.loadall(str(path))):
        assert [tuple(r) for r in sample.rows] == [(r.count, r.size, r.name) for r in stat.rows]
        assert (sample.time, sample.count, sample.size) == (stat.timemade, stat.count, stat.size)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("by, top", [("size", 10), ("count", 10), ("size", 1), ("count", 50), ("size", 0)])
def test_the_largest_and_the_rest(path, seed, by, top):  # W-31
    samples = plain.random_samples(seed)
    p = Profile(plain.write(path, samples))
    selection = Selection(p, by, top)
    for number, rows in enumerate(samples):
        got = [(selection.kinds.name(kind), value) for kind, value in selection.segments(number)]
        assert got == plain.largest(rows, by, top)
        assert p[number].largest(by, top) == [x for x in got if x[0] != "<Other>"]
        assert sum(value for name, value in got) == sum(plain.values(rows, by).values())


def test_bands_have_one_order(path):
    samples = plain.random_samples(3)
    selection = Selection(Profile(plain.write(path, samples)), "size", 4)
    kinds, lists = selection.bands()
    names = [selection.kinds.name(kind) for kind in kinds]
    greatest = {}
    for rows in samples:
        for name, value in plain.values(rows, "size").items():
            greatest[name] = max(value, greatest.get(name, 0))
    assert names == sorted(greatest, key=lambda n: -greatest[n])[:4] + ["<Other>"]
    for rows, band in zip(samples, lists):
        values = plain.values(rows, "size")
        assert band[:-1] == [values.get(name, 0) for name in names[:-1]] and sum(band) == sum(values.values())


def test_a_filter(path):  # W-61
    samples = plain.random_samples(4)
    selection = Selection(Profile(plain.write(path, samples)), "size", 3, "DICT OF")
    for number, rows in enumerate(samples):
        own = [row for row in rows if "dict of" in row[2]]
        got = [(selection.kinds.name(kind), value) for kind, value in selection.segments(number)]
        assert [x for x in got if x[0] != "<Other>"] == [x for x in plain.largest(own, "size", 3) if x[0] != "<Other>"]
        assert sum(value for name, value in got) == sum(row[1] for row in rows)


def test_rows_of_one_name_are_one_kind(path):
    path.write_text(plain.package([(1, 50, "str: 'a'"), (1, 40, "x"), (1, 30, "str: 'a'")], form="IdFormat"))
    p = Profile(path)
    assert p[0].largest("size", 5) == [("str: 'a'", 80), ("x", 40)] and p[0].kind_count == 2
    assert [tuple(r) for r in p[0].rows] == [(1, 50, "str: 'a'"), (1, 40, "x"), (1, 30, "str: 'a'")]
    assert p[0].value("str: 'a'", "count") == 2 and p[0].value("no such", "size") == 0


# ---- the table ----

COLUMNS = list(itertools.product("AB", ("Size", "Count"), ("%A:Tot", "%B:Tot"), ("Cumul", "A-B", "B-A"), ("%A:Tot", "%B:Tot")))


@pytest.mark.parametrize("by", ["size", "count"])
def test_every_choice_of_columns(path, by):  # W-41, W-42
    samples = plain.random_samples(7)
    p = Profile(plain.write(path, samples))
    r = random.Random(5)
    for columns in COLUMNS:
        a, b, top = r.randrange(len(p)), r.randrange(len(p)), r.choice((1, 5, 10, 40))
        table = Comparison(p, a, b, columns + ("Kind",), by, top)
        lines = [table.total] + table.lines
        assert [(l.name, l.value, l.change) for l in lines] == plain.table(samples[a], samples[b], columns, by, top)
        quantity = columns[1].lower()
        totals = {name: sum(plain.values(samples[i], quantity).values()) for name, i in (("A", a), ("B", b))}
        for line in lines:
            cells = (short(line.value), percent(line.value, totals[columns[2][1]]))
            cells += (short(line.change), percent(line.change, totals[columns[4][1]]), line.name)
            assert table.cells(line) == cells


def test_the_table_as_text(path):  # W-40, W-43
    os.environ["TZ"] = "UTC"
    rows = [(109000, 6209000, "dict (no owner)"), (1, 1238000, "str"), (5, 1, "x")]
    p = Profile(plain.write(path, [rows] * 12))
    text = str(Comparison(p, 11, 0, top=2)).splitlines()
    assert text[0].startswith("Sample A: 11 at ") and text[0].endswith(" 1970")
    assert text[1:] == [
        "",
        "A   Size %A:Tot  Cumul %A:Tot Kind",
        "",
        "   7447K    100  7447K    100 <Total>",
        "",
        "@  6209K     83  6209K     83 dict (no owner)",
        "@  1238K     17  7447K    100 str",
        "@      1  1e-05  7447K    100 <Other>",
    ]
    text = str(Comparison(p, 11, 3, parse_columns("A Count %B:Tot A-B %B:Tot Kind"))).splitlines()
    assert text[0].startswith("Sample A: 11 at ") and text[1].startswith("Sample B:  3 at ")
    assert text[3] == "A  Count %B:Tot    A-B %B:Tot Kind" and text[5] == "    109K    100      0      0 <Total>"
    text = str(Comparison(p, 11, 3, parse_columns("B Size %B:Tot Cumul %B:Tot Kind"))).splitlines()
    assert text[0].startswith("Sample B: 3 at ") and text[1] == "" and text[2].startswith("B   Size")


def test_no_sample(path):  # W-40
    path.write_text("")
    assert str(Comparison(Profile(path))) == "-- No Sample --" and Comparison(Profile(path)).records() == []


def test_what_was_there_all_along_is_not_new(path):  # W-42: guppy3 looks among the other's ten largest only
    early = [(1, 1000 - i, "big%d" % i) for i in range(10)] + [(1, 500, "steady")]
    late = [(1, 500, "steady")] + [(1, 10, "big%d" % i) for i in range(10)]
    p = Profile(plain.write(path, [early, late]))
    table = Comparison(p, 1, 0, parse_columns("A Size %B:Tot A-B %B:Tot Kind"))
    assert [(l.name, l.change) for l in table.lines][0] == ("steady", 0)
    for number in range(2):
        table = Comparison(p, number, number, parse_columns("A Size %B:Tot A-B %B:Tot Kind"), top=3)
        assert all(line.change == 0 for line in [table.total] + table.lines)


def test_sorted_by_difference(path):  # W-61
    samples = plain.random_samples(11)
    p = Profile(plain.write(path, samples))
    table = Comparison(p, 5, 2, parse_columns("A Size %B:Tot A-B %B:Tot Kind"), top=6, sort="difference")
    a, b = plain.values(samples[5], "size"), plain.values(samples[2], "size")
    change = {name: a.get(name, 0) - b.get(name, 0) for name in a.keys() | b.keys()}
    got = {line.name: line.change for line in table.lines if line.name != "<Other>"}
    assert sorted(map(abs, got.values()), reverse=True) == [abs(x) for x in got.values()]
    assert sorted(map(abs, change.values()), reverse=True)[:6] == [abs(x) for x in got.values()]
    assert all(change[name] == value for name, value in got.items())
    assert sum(line.change for line in table.lines) == table.total.change


@pytest.mark.parametrize("bad", ["", "A", "A Size", "A Size %A:Tot Cumul %A:Tot", "C Size %A:Tot Cumul %A:Tot Kind",
                                 "A Size %A:Tot Cumul %A:Tot Kind more", "A Width %A:Tot Cumul %A:Tot Kind"])  # fmt: skip
def test_columns_that_are_none(bad):
    with pytest.raises(ValueError, match="column"):
        parse_columns(bad)


# ---- markers ----


def test_markers():  # W-24, W-25, W-36, W-50
    a, b = Marker(True), Marker(False)
    assert a.number is None and not a.move_to(3)
    assert a.follow(12) and b.follow(12) and (a.number, b.number) == (11, 0)
    assert a.follow(13) and a.number == 12 and not b.follow(13)
    assert a.move_to(5) and not a.is_tracking and not a.follow(14) and a.number == 5
    assert b.move_to(99) and b.number == 12 and b.move_to(-7) and b.number == 0
    assert b.follow(14) is False and a.track(True) and a.number == 13
    a.track(False)
    assert a.follow(3) and a.number == 2 and not b.follow(3)  # those that vanished move to the last
    assert a.follow(0) and a.number is None


# ---- colours ----

SIGHT = {  # Machado et al. 2009, severity 1, on linear RGB
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def cielab(linear):
    r, g, b = (min(1, max(0, c)) for c in linear)
    x = (0.4124564 * r + 0.3575761 * g + 0.180437 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b
    z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour, sight):
    srgb = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in srgb]
    return cielab([sum(m * c for m, c in zip(row, linear)) for row in SIGHT[sight]])


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_can_be_told_apart(sight):  # W-34
    palette = list(Prof.PALETTE) + ["#000000"]
    assert len(set(palette)) >= 21
    for one, other in itertools.combinations([seen(c, sight) for c in palette], 2):
        assert sum((x - y) ** 2 for x, y in zip(one, other)) ** 0.5 >= 15


def test_a_kind_has_one_colour_for_ever():  # W-34
    names = ["str", "dict (no owner)", "types.CodeType", "Ä", "<Other>"]
    known = ["#87b4a5", "#e13c00", "#ff3cff", "#690fc3", "#782d87"]
    assert [Prof.colour_of(name) for name in names] == known
    code = "from guppy.heapy.Prof import colour_of; print([colour_of(n) for n in %r])" % (names,)
    for seed in ("0", "1", "77"):
        out = run_python("-c", code, env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}).stdout
        assert out.strip() == repr(known)
    assert len({Prof.colour_of("Kind%d" % i) for i in range(1000)}) == len(Prof.PALETTE)


# ---- files that grow and change ----


def test_growth(path):  # W-50, F-7
    samples = plain.random_samples(2)
    p = Profile(plain.write(path, samples[:4]))
    assert p.refresh() == "same" == p.refresh()
    text = plain.package(samples[4]).encode()
    for cut in range(0, len(text), 7):
        with open(path, "ab") as f:
            f.write(text[cut : cut + 7])
        expected = "grown" if cut + 7 >= len(text) - 1 else "same"
        assert p.refresh() == expected and len(p) == 4 + (expected == "grown")
    assert [tuple(r) for r in p[4].rows] == samples[4]
    plain.write(path, samples[5:7], "a")
    assert p.refresh() == "grown" and len(p) == 7


def test_rewriting(path):  # W-50, W-51
    samples = plain.random_samples(2)
    p = Profile(plain.write(path, samples[:4]))
    plain.write(path, samples[3:5])
    assert p.refresh() == "rewritten" and len(p) == 2 and [tuple(r) for r in p[0].rows] == samples[3]
    plain.write(path, [samples[6]] * 5)  # longer, in the same file, other contents
    assert p.refresh() == "rewritten" and len(p) == 5
    other = path.with_name("other")
    plain.write(other, [samples[6]] * 5)
    os.replace(other, path)  # the same contents in another file
    assert p.refresh() == "rewritten" and len(p) == 5 and p.refresh() == "same"
    path.write_text("")
    assert p.refresh() == "rewritten" and len(p) == 0 and p.refresh() == "same"
    plain.write(path, samples[:2], "a")
    assert p.refresh() == "grown" and len(p) == 2


def test_a_change_in_the_last_package_is_seen(path):  # W-52
    samples = plain.random_samples(2)
    p = Profile(plain.write(path, samples[:4]))
    data = path.read_bytes()
    with open(path, "r+b") as f:
        f.seek(len(data) - 40)
        byte = f.read(1)
        f.seek(-1, 1)
        f.write(b"7" if byte != b"7" else b"8")
        f.seek(0, 2)
        f.write(plain.package(samples[4]).encode())
    try:
        assert p.refresh() == "rewritten"
    except ValueError:
        pass  # the changed byte made it no profile; seen all the same


def test_what_was_read_stays_when_the_file_cannot_be(path):  # W-51
    samples = plain.random_samples(2)
    p = Profile(plain.write(path, samples[:4]))
    os.unlink(path)
    for again in range(2):
        with pytest.raises(FileNotFoundError):
            p.refresh()
        assert len(p) == 4 and [tuple(r) for r in p[3].rows] == samples[3]
    path.write_text("rubbish\n")
    for again in range(2):
        with pytest.raises(ValueError, match="x.hpy, sample 0, line 1"):
            p.refresh()
        assert len(p) == 4
    plain.write(path, samples[:6])
    assert p.refresh() in ("grown", "rewritten") and len(p) == 6  # it may have been given the number of the old file
    with open(path, "a") as f:
        f.write(plain.package(samples[7]) + "rubbish\n")
    for again in range(2):
        with pytest.raises(ValueError, match="sample 7, line 1"):
            p.refresh()
        assert len(p) == 6
    os.truncate(path, 0)
    plain.write(path, samples[:7], "a")
    assert p.refresh() in ("grown", "rewritten") and len(p) == 7


def test_what_is_no_profile(tmp_path):
    with pytest.raises(FileNotFoundError):
        Profile(tmp_path / "nosuch")
    with pytest.raises(IsADirectoryError):
        Profile(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(ValueError, match="fifo is no file but a pipe"):
        Profile(tmp_path / "fifo")  # returns though nobody writes
    with pytest.raises(ValueError, match="no file but a device"):
        Profile("/dev/zero")
    for data in (b"rubbish", b"\x7fELF\0\0", b"\0" * 100, b"{}", ".lärm".encode("latin-1")):
        (tmp_path / "bad").write_bytes(data)
        with pytest.raises(ValueError, match="bad, sample 0, line 1"):
            Profile(tmp_path / "bad")
    with open(tmp_path / "hole", "wb") as f:
        f.write(plain.package([(1, 1, "x")]).encode()[:80])
        f.truncate(1 << 36)
    with pytest.raises(ValueError, match="hole"):
        Profile(tmp_path / "hole")
    with open(tmp_path / "endless", "wb") as f:
        f.write(plain.package([(1, 1, "x")]).encode() + b".loader: _load_stat\n." + b"x" * (3 << 20))
    with pytest.raises(ValueError, match="a line of more than"):
        Profile(tmp_path / "endless")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be made somebody who may not read")
def test_no_permission(path):
    plain.write(path, plain.random_samples(1))
    os.chmod(path, 0)
    code = "import os; from guppy.heapy.Prof import Profile; p = %r; os.setuid(65534)\nProfile(p)" % str(path)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "PermissionError" in result.stderr and "x.hpy" in result.stderr


def test_needs_no_tk():  # W-2, W-62
    code = (
        "import sys; sys.modules['tkinter'] = sys.modules['_tkinter'] = None\n"
        "from guppy import hpy, Root; import guppy.heapy.Prof; print(Root().guppy.heapy.Prof.short(1000))"
    )
    assert run_python("-c", code, env={"DISPLAY": ""}).stdout == "1K\n"  # S-6


# ---- a fuzzer whose corpus stays ----


def mangled(text, r):
    data = bytearray(text.encode())
    for n in range(r.randrange(1, 5)):
        how = r.randrange(4)
        at = r.randrange(len(data) + 1)
        if how == 0 and at < len(data):
            data[at] = r.randrange(256)
        elif how == 1:
            del data[at : at + r.randrange(1, 40)]
        elif how == 2:
            data[at:at] = bytes(r.randrange(256) for i in range(r.randrange(1, 9)))
        else:
            end = min(len(data), at + r.randrange(1, 60))
            data[at:at] = data[at:end]
    return bytes(data)


CORPUS = os.path.join(os.path.dirname(__file__), "corpus")


def look_at(path, hp):
    """Whatever is in a file: a profile or a ValueError, the same for load(), and no more."""
    stats, samples = None, None
    try:
        stats = [(s.count, s.size, s.numrows) for s in hp.loadall(str(path))]
    except ValueError:
        pass
    try:
        p = Profile(path)
        samples = [(s.count, s.size) for s in p]
        str(Comparison(p, columns=parse_columns("A Size %B:Tot A-B %B:Tot Kind"), sort="difference"))
        Selection(p).bands()
    except ValueError as error:
        assert os.path.basename(str(path)) in str(error)
    assert (stats is None) == (samples is None)
    if stats is not None:
        assert [s[:2] for s in stats] == samples


@pytest.mark.parametrize("name", sorted(os.listdir(CORPUS)))
def test_files_that_were_trouble_once(name, hp):  # Y-40
    look_at(os.path.join(CORPUS, name), hp)


def test_mangled_files(path, hp):
    seed = int(os.environ.get("HEAPY_SEED", "20"))
    print("HEAPY_SEED=%d" % seed)
    r = random.Random(seed)
    texts = [
        plain.package([(3, 300, "a"), (2, 200, "b c")]) * 2,
        plain.package([(1, 300, "a"), (1, 300, "a")], form="IdFormat"),
        plain.package([(-1, -300, "a")], form="DiffFormat") + plain.package([]),
    ]
    for round in range(1500):
        path.write_bytes(mangled(r.choice(texts), r))
        look_at(path, hp)

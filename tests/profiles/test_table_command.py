"""python -m guppy table: the numbers of the model, as text, CSV and JSON; and what is refused in one line."""

import csv
import io
import json
import os

import plain
import pytest
from conftest import run_python

from guppy.heapy.Prof import Comparison, Profile, parse_columns

SAMPLES = plain.random_samples(21)
DIFFERENCE = "A Count %B:Tot A-B %B:Tot Kind"


@pytest.fixture
def path(tmp_path):
    return plain.write(tmp_path / "x.hpy", SAMPLES)


def table(*arguments, status=0, **options):
    result = run_python("-m", "guppy", "table", *arguments, **options)
    assert result.returncode == status, result.stderr
    if status:
        assert result.stdout == "" and "Traceback" not in result.stderr
        return result.stderr
    assert result.stderr == ""
    return result.stdout


def test_the_text_is_that_of_the_model(path):  # W-40 to W-43
    assert table(path) == str(Comparison(Profile(path))) + "\n"
    out = table(path, "-A", "3", "-B", "-2", "--columns", DIFFERENCE, "--by", "count", "--top=4")
    assert out == str(Comparison(Profile(path), 3, -2, parse_columns(DIFFERENCE), "count", 4)) + "\n"


@pytest.mark.parametrize("by", ["size", "count"])
def test_json_and_csv_have_the_numbers(path, by):
    arguments = (path, "-A", "2", "-B", "5", "--columns", "B Size %A:Tot B-A %B:Tot Kind", "--by", by, "--top", "7")
    document = json.loads(table(*arguments, "--json"))
    expected = plain.table(SAMPLES[2], SAMPLES[5], ("B", "Size", "%A:Tot", "B-A", "%B:Tot"), by, 7)
    assert [(r["kind"], r["size"], r["difference"]) for r in document["rows"]] == expected
    total = {name: sum(row[1] for row in SAMPLES[i]) for name, i in (("a", 2), ("b", 5))}
    for name in "ab":
        assert document[name]["size"] == total[name]
    assert document["a"]["number"] == 2 and document["a"]["time"] == 1020.0 and document["by"] == by
    for row in document["rows"]:
        assert row["percent"] == pytest.approx(100 * row["size"] / total["a"])
        assert row["difference_percent"] == pytest.approx(100 * row["difference"] / total["b"])
    rows = list(csv.DictReader(io.StringIO(table(*arguments, "--csv"))))
    assert [(r["kind"], int(r["size"]), int(r["difference"])) for r in rows] == expected


def test_sorted_by_difference_and_filtered(path):  # W-61
    document = json.loads(table(path, "--sort", "difference", "--filter", "dict", "--json", "--top", "3"))
    assert document["columns"][3] == "A-B"
    rows = [r for r in document["rows"][1:] if r["kind"] != "<Other>"]
    assert 0 < len(rows) <= 3 and all("dict" in r["kind"] for r in rows)
    assert [abs(r["difference"]) for r in rows] == sorted((abs(r["difference"]) for r in rows), reverse=True)
    assert sum(r["difference"] for r in document["rows"][1:]) == document["rows"][0]["difference"]


def test_an_empty_file(tmp_path):
    (tmp_path / "empty").write_text("")
    assert table(str(tmp_path / "empty")) == "-- No Sample --\n"
    assert json.loads(table(str(tmp_path / "empty"), "--json"))["rows"] == [] and table(str(tmp_path / "empty"), "--csv") == ""


def test_names_stay_on_their_line_and_are_utf_8(tmp_path):
    path = plain.write(tmp_path / "x", [[(1, 5, "Ärger\x1b[31m\u202e"), (1, 3, "=cmd()")]])
    out = table(path, env={"PYTHONIOENCODING": "utf-8", "LC_ALL": "C"})
    assert "Ärger\\x1b[31m\\u202e" in out and "\x1b" not in out


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "which file"), (["a", "b"], "one file at a time"), (["-A"], "-A needs a value"), (["-A", "x", "a"], "-A needs a whole"),
        (["--top", "0", "a"], "--top needs a positive"), (["--by", "weight", "a"], "--by needs size or count"),
        (["--columns", "A", "a"], "column 2"), (["--sort", "size", "a"], "--sort needs difference"), (["--bogus", "a"], "--bogus"),
        (["--top", "9" * 20, "a"], "at most 1000000000"), (["--top", "9" * 5000, "a"], "at most 1000000000"),
        (["--csv", "--json", "a"], "not both"), (["--csv=1", "a"], "--csv=1"),
    ],
)  # fmt: skip
def test_usage(arguments, message):
    err = table(*arguments, status=2)
    assert message in err.splitlines()[0] and err.splitlines()[1].startswith("usage: python -m guppy table")


def test_bad_input_is_one_line(tmp_path, path):
    (tmp_path / "binary").write_bytes(b"\r\x1b[31m\x0b\x85\xe2\x80\xa8 \xff" + os.urandom(5000))
    os.mkfifo(tmp_path / "fifo")
    for name in ("nosuch", "binary", "fifo", "."):
        err = table(str(tmp_path / name), status=1)
        assert err.startswith("guppy: can't read ") and err.count("\n") == 1 and str(tmp_path) in err
        assert err[:-1].isprintable()
    assert table(path, "-A", "99", status=1) == "guppy: -A 99: %r has samples 0 to 8\n" % path
    assert "-B -10" in table(path, "-B", "-10", status=1)


def test_help():
    out = table("--help")
    assert out == table("no file yet", "--top", "3", "--help")
    assert out.startswith("usage: python -m guppy table") and "--sort difference" in out

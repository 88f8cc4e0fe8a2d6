"""docs/sql.md names the tables and columns that there are."""

import re
import subprocess

import pytest

from guppy import hpy

from cli_support import GOLDEN, HEAPY, ROOT

TEXT = (ROOT / "docs/sql.md").read_text(encoding="utf-8")
FILE = GOLDEN / "good/values.heapy"


def sql(statement):
    return subprocess.run([HEAPY, "sql", "--tsv", statement, FILE], capture_output=True, check=True, timeout=60).stdout.decode()


@pytest.mark.parametrize("table, columns", re.findall(r"^\| `(\w+)` \| (snapshot.*) \|$", TEXT, re.MULTILINE))
def test_the_page_lists_the_columns_of_a_table(table, columns):
    listed = re.sub(r" \([^)]*\)", "", columns).split(", ")
    assert sql("SELECT * FROM %s LIMIT 0" % table).rstrip("\n").split("\t") == listed


def test_examples_of_the_page_run():
    statements = re.findall(r"^    (SELECT .*)$", TEXT, re.MULTILINE) + re.findall(r"heapy sql '([^']*)'", TEXT)
    assert len(statements) > 1
    for statement in statements:
        sql(statement.replace("123", "12"))


def test_the_page_names_the_type_of_the_root(tmp_path):
    name = re.search(r"stands for the root[^:]*: of the type `([^`]+)`", TEXT)[1]
    hpy().snapshot(tmp_path / "heap.heapy")
    statement = "SELECT count(*), path_text(node) FROM objects WHERE type = '%s'" % name
    rows = subprocess.run([HEAPY, "sql", "--tsv", statement, tmp_path / "heap.heapy"], capture_output=True, check=True, timeout=60)
    assert rows.stdout.decode().splitlines()[1] == "1\tRoot"

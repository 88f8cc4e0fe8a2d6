"""Parquet and Arrow by `python -m guppy.heapy.export`: read back by the packages there are, and compared with the session."""

import collections
import os
import shutil
import signal
import subprocess
import sys

import pytest

from guppy import hpy
from guppy.heapy import open_snapshot


class Thing:
    def __init__(self, number):
        self.number = number
        self.name = "name %d" % number


@pytest.fixture(scope="module")
def heap_file(tmp_path_factory):
    things = [Thing(number) for number in range(3000)]
    folder = tmp_path_factory.mktemp("export")
    hpy().snapshot(folder / "heap.heapy", contents="values")
    assert len(things) == 3000
    return folder / "heap.heapy"


def export(*arguments, **environment):
    command = [sys.executable, "-m", "guppy.heapy.export", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, **environment))


def assert_complains(result, status, *parts):
    assert (result.returncode, result.stdout) == (status, "")
    line = result.stderr.splitlines()[0]
    assert all(part in line for part in parts), line
    assert status == 2 or result.stderr.count("\n") == 1


# ---- what needs no pyarrow ----


def test_without_pyarrow_the_line_names_the_extra(heap_file, tmp_path):
    (tmp_path / "pyarrow.py").write_text("raise ImportError")
    result = export("--parquet", tmp_path / "out", heap_file, PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
    assert_complains(result, 1, "pip install 'libheapy[parquet]'")
    assert not (tmp_path / "out").exists()


def test_what_makes_no_sense_is_a_usage_error(heap_file, tmp_path):
    assert_complains(export(heap_file), 2, "--parquet OUT or --arrow OUT")
    assert_complains(export("--parquet", "a", "--arrow", "b", heap_file), 2, "one of them")
    assert_complains(export("--parquet", tmp_path / "a"), 2, "which file?")
    assert_complains(export("--parquet", tmp_path / "a", heap_file, heap_file), 2, "one file at a time")
    assert export("--help").stdout.startswith("usage: python -m guppy.heapy.export")


SLOW_PYARROW = """
import os, time
class RecordBatchReader:
    def from_stream(table):
        print(os.listdir(), flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_whatever_ends_an_export_leaves_nothing_of_it(heap_file, tmp_path, number):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/pyarrow.py").write_text(SLOW_PYARROW)
    (tmp_path / "here").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "guppy.heapy.export", "--arrow", "out", heap_file], cwd=tmp_path / "here", stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=dict(os.environ, PYTHONPATH=os.pathsep.join([str(tmp_path / "lib"), *sys.path])),
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )  # fmt: skip
    assert ".heapy-export-" in process.stdout.readline()
    process.send_signal(number)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == -number
    assert os.listdir(tmp_path / "here") == []


# ---- the tables ----


@pytest.fixture(scope="module")
def tables(heap_file):
    """form -> folder of the tables."""
    pytest.importorskip("pyarrow")
    for form in ("parquet", "arrow"):
        result = export("--" + form, heap_file.parent / form, "--retained", heap_file)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
        assert sorted(os.listdir(heap_file.parent / form)) == ["edges." + form, "objects." + form]
    return heap_file.parent


def test_the_tables_are_their_owners_to_read(tables):
    for form in ("parquet", "arrow"):
        for name in os.listdir(tables / form):
            assert (tables / form / name).stat().st_mode & 0o777 == 0o600, (form, name)


def read_here(heap_file):
    import pyarrow

    with open_snapshot(heap_file) as session:
        return [pyarrow.table(table) for table in (session.objects.retained, session.edges)]


def test_the_tables_are_those_of_the_session(heap_file, tables):
    import pyarrow
    import pyarrow.parquet

    for name, expected in zip(("objects", "edges"), read_here(heap_file)):
        parquet = pyarrow.parquet.read_table(tables / "parquet" / (name + ".parquet"))
        with pyarrow.ipc.open_file(tables / "arrow" / (name + ".arrow")) as file:
            arrow = file.read_all()
        for table in (parquet, arrow):
            table.validate(full=True)
            assert table.column_names == expected.column_names
            assert table.to_pydict() == expected.to_pydict()
            for field in table.schema:
                kind = field.type.value_type if pyarrow.types.is_dictionary(field.type) else field.type
                assert pyarrow.types.is_signed_integer(kind) or pyarrow.types.is_string(kind), field


def test_other_packages_read_the_same(heap_file, tables):
    """Counts and sizes by type as the session has them, and the edges of one object."""
    expected = collections.Counter()
    objects, edges = (table.to_pydict() for table in read_here(heap_file))
    for kind, size in zip(objects["type"], objects["size"]):
        expected[kind] += size
    largest = max(expected, key=expected.get)
    count, thing = objects["type"].count(largest), max(edges["source"], key=collections.Counter(edges["source"]).get)
    degree = edges["source"].count(thing)
    paths = [str(tables / "parquet" / name) for name in ("objects.parquet", "edges.parquet")]
    readers = 0
    try:
        import duckdb
    except ImportError:
        pass
    else:
        readers += 1
        asked = "SELECT count(*), sum(size) FROM '%s' WHERE type = ?" % paths[0]
        assert duckdb.execute(asked, [largest]).fetchone() == (count, expected[largest])
        assert duckdb.execute("SELECT count(*) FROM '%s' WHERE source = ?" % paths[1], [thing]).fetchone() == (degree,)
    try:
        import polars
    except ImportError:
        pass
    else:
        readers += 1
        read = polars.read_parquet(paths[0])
        of_type = read.filter(polars.col("type") == largest)
        assert (of_type.height, of_type["size"].sum()) == (count, expected[largest])
        assert read["retained"].sum() == sum(bytes for bytes in objects["retained"] if bytes)
        assert polars.read_parquet(paths[1]).filter(polars.col("source") == thing).height == degree
        assert polars.read_ipc(tables / "arrow" / "objects.arrow")["address"].to_list() == objects["address"]
    try:
        import pandas
    except ImportError:
        pass
    else:
        readers += 1
        read = pandas.read_parquet(paths[0])
        of_type = read[read["type"] == largest]
        assert (len(of_type), int(of_type["size"].sum())) == (count, expected[largest])
        assert int((pandas.read_parquet(paths[1])["source"] == thing).sum()) == degree
    if not readers:
        pytest.skip("DuckDB, Polars and pandas are not here")


def test_spark_reads_the_same(heap_file, tables):
    """Every row of both tables, by the reader of rows and by that of columns, which older versions lack an encoding for."""
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("there is no Java")
    sql = pytest.importorskip("pyspark.sql")
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "localhost", "spark.driver.bindAddress": "127.0.0.1"}
    spark = sql.SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    try:
        for by_columns in ("false", "true"):
            spark.conf.set("spark.sql.parquet.enableVectorizedReader", by_columns)
            for name, expected in zip(("objects", "edges"), read_here(heap_file)):
                read = spark.read.parquet(str(tables / "parquet" / (name + ".parquet")))
                assert read.columns == expected.column_names
                try:
                    rows = read.collect()
                except Exception as error:  # of py4j
                    if by_columns == "true" and "Unsupported encoding: BYTE_STREAM_SPLIT" in str(error):
                        return
                    raise
                assert sorted(repr(tuple(row)) for row in rows) == sorted(repr(tuple(row.values())) for row in expected.to_pylist())
    finally:
        spark.stop()


def test_strings_are_dictionaries_and_numbers_are_packed(tables):
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(tables / "parquet" / "objects.parquet")
    columns = [file.metadata.row_group(0).column(number) for number in range(file.metadata.num_columns)]
    encodings = {column.path_in_schema: set(column.encodings) for column in columns}
    assert "DELTA_BINARY_PACKED" in encodings["node"] and "DELTA_BINARY_PACKED" in encodings["address"]
    assert "BYTE_STREAM_SPLIT" in encodings["dominator"]
    assert encodings["type"] & {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}
    assert file.metadata.num_row_groups == 1 and columns[0].compression == "ZSTD"


def test_what_is_there_is_left_alone(heap_file, tables, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("kept")
    assert_complains(export("--arrow", out, heap_file), 1, str(out), "--force")
    assert os.listdir(out) == ["mine"]
    assert export("--arrow", out, "--force", heap_file).returncode == 0
    assert sorted(os.listdir(out)) == ["edges.arrow", "mine", "objects.arrow"]


def test_bad_files_and_folders_leave_nothing(tables, tmp_path):
    (tmp_path / "bad").write_text("no heap")
    assert_complains(export("--parquet", tmp_path / "out", tmp_path / "bad"), 1, "bad")
    assert_complains(export("--parquet", tmp_path / "out", tmp_path / "none"), 1, "none", "No such file")
    assert_complains(export("--parquet", tmp_path / "no" / "out", tables / "heap.heapy"), 1, "No such file")
    assert os.listdir(tmp_path) == ["bad"]

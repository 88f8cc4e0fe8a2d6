"""The heap as tables that packages read by Arrow's C stream interface, here by ctypes, and by pyarrow where it is."""

import ctypes
import gc
import operator
import re
import threading

import pytest

from guppy.heapy import open_snapshot


class Marked:
    __slots__ = ("kept",)


# ---- a reader of the interface, as its specification has it ----


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, ctypes.POINTER(Schema))
RELEASE_ARRAY = ctypes.CFUNCTYPE(None, ctypes.POINTER(Array))
Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(Schema))),
    ("dictionary", ctypes.POINTER(Schema)),
    ("release", RELEASE_SCHEMA),
    ("private_data", ctypes.c_void_p),
]
Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(Array))),
    ("dictionary", ctypes.POINTER(Array)),
    ("release", RELEASE_ARRAY),
    ("private_data", ctypes.c_void_p),
]
# Called without the GIL, as all readers do.
Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(Stream))),
    ("private_data", ctypes.c_void_p),
]


def values_of(format, array):
    """The values of a column as a list; None for what is missing."""
    count = array.length
    if format == b"u":
        offsets = ctypes.cast(array.buffers[1], ctypes.POINTER(ctypes.c_int32))
        values = [ctypes.string_at(array.buffers[2] + offsets[i], offsets[i + 1] - offsets[i]).decode() for i in range(count)]
    else:
        kind = {b"l": ctypes.c_int64, b"i": ctypes.c_int32}[format]
        values = list((kind * count).from_address(array.buffers[1])) if count else []
    if array.dictionary:
        words = values_of(b"u", array.dictionary.contents)
        values = [words[v] for v in values]
    if array.buffers[0]:
        bits = ctypes.string_at(array.buffers[0], (count + 7) // 8)
        values = [v if bits[i // 8] >> i % 8 & 1 else None for i, v in enumerate(values)]
    return values


def read(table):
    """A table as a dict from the names of columns to lists."""
    capsule = table.__arrow_c_stream__()
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = Stream.from_address(pointer(capsule, b"arrow_array_stream"))
    schema = Schema()
    assert stream.get_schema(stream, schema) == 0, stream.get_last_error(stream)
    names = [schema.children[i].contents.name.decode() for i in range(schema.n_children)]
    formats = [schema.children[i].contents.format for i in range(schema.n_children)]
    columns = {name: [] for name in names}
    while True:
        batch = Array()
        assert stream.get_next(stream, batch) == 0, stream.get_last_error(stream)
        if not batch.release:
            break
        for i, name in enumerate(names):
            columns[name] += values_of(formats[i], batch.children[i].contents)
        batch.release(batch)
    schema.release(schema)
    stream.release(stream)
    return columns


def row_of(columns, address):
    at = columns["address"].index(address)
    return {name: values[at] for name, values in columns.items()}


@pytest.fixture
def made(hp):
    """A session's snapshot, and objects in it that hold each other."""
    marked = Marked()
    marked.kept = {"key": [1, 2, 3], "other": "text"}
    return hp.snapshot(), marked


# ---- tests ----


def test_every_object_is_a_row_with_what_tables_say_of_it(made):
    s, marked = made
    columns = read(s.objects)
    assert list(columns) == ["node", "address", "type", "kind", "size", "length", "owner", "text"]
    assert columns["node"] == list(range(s.moment.count))
    assert columns["address"] == sorted(columns["address"])
    row = row_of(columns, id(marked))
    assert row["type"] == row["kind"] == __name__ + ".Marked" and row["size"] == s.iso(marked).size
    assert row["length"] is None and row["text"] == "%#x" % id(marked)
    row = row_of(columns, id(marked.kept["key"]))
    assert row["kind"] == "list" and row["length"] == 3 and row["text"] == "%#x*3" % id(marked.kept["key"])
    assert row_of(columns, id(marked.kept["other"]))["text"] == "'text'"
    module = row_of(columns, id(vars(pytest)))
    assert module["kind"] == "dict of module" and columns["address"][module["owner"]] == id(pytest)


def test_objects_add_up_to_the_tables_of_the_heap(made):
    s, _ = made
    columns = read(s.objects)
    by_kind = {}
    for kind, size in zip(columns["kind"], columns["size"]):
        count, total = by_kind.get(kind, (0, 0))
        by_kind[kind] = (count + 1, total + size)
    heap = s.heap() | s.iso(s.View.root)
    rows = {}
    for row in heap.byclodo.partition.get_rows():
        count, total = rows.get(row.name, (0, 0))  # two types may have one name
        rows[row.name] = (count + row.count, total + row.size)
    assert by_kind == rows


def test_retained_sizes_and_dominators_are_those_of_the_tree(made):
    s, marked = made
    columns = read(s.objects.retained)
    assert list(columns)[-2:] == ["retained", "dominator"]
    for obj in (marked, marked.kept, marked.kept["key"]):
        row = row_of(columns, id(obj))
        assert row["retained"] == s.iso(obj).domisize
    assert columns["address"][row_of(columns, id(marked.kept["key"]))["dominator"]] == id(marked.kept)


def test_references_have_a_row_for_each_of_their_names(made):
    s, marked = made
    addresses = read(s.objects)["address"]
    columns = read(s.edges)
    assert list(columns) == ["source", "target", "relation", "name", "number", "key"]
    node = {address: i for i, address in enumerate(addresses)}

    def edges_of(obj):
        source = node[id(obj)]
        return [row[1:] for row in zip(*columns.values()) if row[0] == source]

    assert (node[id(marked.kept)], "attribute", "kept", None, None) in edges_of(marked)
    inside = edges_of(marked.kept)
    key = next(k for k in marked.kept if k == "key")
    assert (node[id(key)], "key", None, 0, None) in inside
    assert (node[id(marked.kept["key"])], "value", None, 0, node[id(key)]) in inside
    numbers = [row for row in edges_of(marked.kept["key"]) if row[1] == "index"]
    assert [row[3] for row in numbers] == [0, 1, 2]
    assert set(columns["relation"]) <= {
        "unnamed", "attribute", "index", "value", "key", "internal", "local", "stack", "member"
    }  # fmt: skip


def test_a_live_session_gives_the_heap_of_each_reading(hp):
    table = hp.objects
    before = read(table)["type"].count(__name__ + ".Marked")
    kept = [Marked() for _ in range(5)]
    assert read(table)["type"].count(__name__ + ".Marked") == before + len(kept)


def test_a_stream_that_nobody_reads_holds_nothing_for_long(hp):
    s = hp.snapshot()
    capsules = [t.__arrow_c_stream__() for t in (s.objects, s.edges, s.objects.retained)]
    session = hp.iso(s)
    del capsules, s, session
    gc.collect()
    assert hp.heap().bytype.count  # what it held has gone without harm


def test_a_stream_is_read_in_another_thread(made):
    s, _ = made
    results = []
    thread = threading.Thread(target=lambda: results.append(read(s.objects)["node"]))
    thread.start()
    thread.join()
    assert results == [list(range(s.moment.count))]


def test_what_is_none_of_the_tables_is_refused(hp):
    with pytest.raises(ValueError, match="'objects', 'retained' or 'edges' expected, not 'rows'"):
        hp._arrow_stream("rows")
    assert "pyarrow" in repr(hp.objects) and "pyarrow" in repr(hp.edges)


def test_pyarrow_reads_the_tables(made):
    pyarrow = pytest.importorskip("pyarrow")
    s, marked = made
    for table in (s.objects, s.objects.retained, s.edges):
        found = pyarrow.table(table)
        found.validate(full=True)
        read_here = read(table)
        assert found.column_names == list(read_here)
        assert found.to_pydict() == read_here


def some_tables(s, tmp_path):
    """In memory and in a file."""
    s.save(tmp_path / "heap", contents="values")
    return (s.objects.retained, open_snapshot(tmp_path / "heap").objects, s.edges)


def test_polars_reads_the_tables(made, tmp_path):
    polars = pytest.importorskip("polars")
    for table in some_tables(made[0], tmp_path):
        read_here = read(table)
        found = polars.DataFrame(table)
        assert found.columns == list(read_here) and found.to_dict(as_series=False) == read_here


def test_pandas_reads_the_tables(made, tmp_path):
    pandas = pytest.importorskip("pandas")
    if not hasattr(pandas.DataFrame, "from_arrow"):
        pytest.skip("pandas reads Arrow streams since version 3")
    pytest.importorskip("pyarrow", reason="pandas reads Arrow streams with pyarrow")
    for table in some_tables(made[0], tmp_path):
        read_here = read(table)
        found = pandas.DataFrame.from_arrow(table)
        assert list(found.columns) == list(read_here)
        for name, column in read_here.items():
            there = found[name].notna().tolist()
            assert [value if known else None for value, known in zip(found[name].tolist(), there)] == column, name


def test_duckdb_asks_the_tables(made, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    made[0].save(tmp_path / "heap")
    for s in made[0], open_snapshot(tmp_path / "heap"):
        objects, edges = s.objects, s.edges  # names of the statements below
        read_here = read(objects)
        assert duckdb.sql("SELECT count(*), sum(size) FROM objects").fetchall() == [
            (len(read_here["node"]), sum(read_here["size"]))
        ]
        expected = {}
        for kind, size in zip(read_here["type"], read_here["size"]):
            expected[kind] = expected.get(kind, 0) + size
        assert dict(duckdb.sql("SELECT type, sum(size) FROM objects GROUP BY type").fetchall()) == expected
        counts = {}
        for target in read(edges)["target"]:
            counts[target] = counts.get(target, 0) + 1
        query = "SELECT target, count(*) FROM edges JOIN objects ON target = node GROUP BY target"
        assert dict(duckdb.sql(query).fetchall()) == counts


def test_a_file_gives_the_tables_of_the_snapshot_it_was_saved_of(made, tmp_path):
    s, _ = made
    s.save(tmp_path / "heap", contents="values")
    tables = [operator.attrgetter(name) for name in ("objects", "objects.retained", "edges")]
    for table in tables:
        with open_snapshot(tmp_path / "heap") as f:  # anew, so that each reads what it needs itself
            in_file, in_memory = read(table(f)), read(table(s))
        texts = zip(in_file.pop("text", []), in_memory.pop("text", []))
        assert in_file == in_memory
        differ = [text for text, other in texts if text != other]
        assert all(re.fullmatch(r"<(str|bytes) of \d+ \w+>", text) for text in differ)  # the environment is not written


def test_a_stream_of_a_file_outlives_its_session(made, tmp_path):
    s, _ = made
    s.save(tmp_path / "heap")
    f = open_snapshot(tmp_path / "heap")
    table = f.edges
    streams = []

    class Opened:
        def __arrow_c_stream__(self, requested_schema=None):
            return streams.pop()

    streams.append(table.__arrow_c_stream__())
    f.close()
    with pytest.raises(ValueError, match="closed"):
        table.__arrow_c_stream__()
    assert len(read(Opened())["source"]) >= s.moment.edge_count

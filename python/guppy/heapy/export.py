"""Write a snapshot file as Parquet or Arrow: python -m guppy.heapy.export (--parquet|--arrow) OUT FILE.

OUT is a new folder with two tables, objects.parquet and edges.parquet (or .arrow): a row an object, and a row for each
name of each reference, with the columns of `snapshot.objects` and `snapshot.edges`.  Needs pyarrow.

  --parquet OUT  for DuckDB, Polars, pandas, Spark
  --arrow OUT    the same as Arrow's files, which are read without being unpacked
  --retained     with the columns `retained` and `dominator` too: they take as long as to find dominators
  --force        write over the tables that are in OUT
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile

from ..profiles import CommandLine
from ..profiles.CommandLine import UsageError

USAGE = "usage: python -m guppy.heapy.export (--parquet OUT|--arrow OUT) [--retained] [--force] FILE"

GROUP_ROWS = 1 << 20

# Numbers that mostly grow from row to row are kept as differences; others byte by byte, the first bytes of all rows
# next to each other, which are much alike; words, and numbers of few values, as places in a dictionary.
DIFFERENCES = ("node", "address", "source")
BYTES_APART = ("owner", "dominator", "target", "number", "key")
DICTIONARIES = ("type", "kind", "relation", "name", "size", "length", "retained", "text")


def main(arguments=None):
    return CommandLine.run_command(USAGE, __doc__, sys.argv[1:] if arguments is None else arguments, export)


def export(arguments):
    options, words = CommandLine.parse(arguments, flags=("retained", "force"), values=("parquet", "arrow"))
    if (options.parquet is None) == (options.arrow is None):
        raise UsageError("--parquet OUT or --arrow OUT, and one of them")
    if len(words) != 1:
        raise UsageError("which file?" if not words else "one file at a time, not %d" % len(words))
    form = "arrow" if options.parquet is None else "parquet"
    try:
        import pyarrow  # noqa: F401: that it is there
    except ImportError:
        CommandLine.complain("export needs pyarrow, which is not installed: pip install 'libheapy[parquet]'")
        return 1
    from . import open_snapshot

    out = options.parquet or options.arrow
    try:
        with ended_by_signals(), open_snapshot(words[0]) as session:
            tables = {"objects": session.objects.retained if options.retained else session.objects, "edges": session.edges}
            write_tables(tables, out, form, options.force)
    except (OSError, ValueError) as error:
        name = getattr(error, "filename", None)
        CommandLine.complain("%s: %s" % (name, error.strerror) if name else str(error))
        return 1
    return 0


class Ended(BaseException):
    """A signal ends the program."""


@contextlib.contextmanager
def ended_by_signals():
    """What is under way is removed before a signal ends the program, which it then does as ever; not one that the program
    was told to ignore, as by nohup."""
    usual = {}

    def end(number, _):
        for each in usual:
            signal.signal(each, signal.SIG_IGN)
        raise Ended(number)

    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            usual[number] = signal.signal(number, end)
    try:
        yield
    except Ended as ended:
        signal.signal(ended.args[0], signal.SIG_DFL)
        os.kill(os.getpid(), ended.args[0])
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def write_tables(tables, out, form, force):
    """Write a file a table into a folder; it gets its name when all are whole.

    They have what the snapshot has of the heap's text, so that they are their owner's to read as it is.
    """
    if os.path.lexists(out) and not force:
        raise ValueError("%s: it is there already; --force writes over its tables" % out)
    folder = tempfile.mkdtemp(prefix=".heapy-export-", dir=os.path.dirname(os.path.abspath(out)))
    try:
        for name, table in tables.items():
            WRITERS[form](table, os.path.join(folder, "%s.%s" % (name, form)))
        os.makedirs(out, exist_ok=force)
        for name in tables:
            file = "%s.%s" % (name, form)
            os.chmod(os.path.join(folder, file), 0o600)
            os.replace(os.path.join(folder, file), os.path.join(out, file))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_parquet(table, path):
    import pyarrow
    import pyarrow.parquet

    reader = pyarrow.RecordBatchReader.from_stream(table)
    names = reader.schema.names
    encodings = {name: "DELTA_BINARY_PACKED" for name in DIFFERENCES if name in names}
    encodings.update({name: "BYTE_STREAM_SPLIT" for name in BYTES_APART if name in names})
    with pyarrow.parquet.ParquetWriter(
        path, reader.schema, compression="zstd", column_encoding=encodings,
        use_dictionary=[name for name in DICTIONARIES if name in names],
    ) as writer:  # fmt: skip
        for group in groups(reader):
            writer.write_table(group, row_group_size=GROUP_ROWS)


def groups(reader):
    """The rows of a stream as tables of a million or so."""
    import pyarrow

    waiting, rows = [], 0
    for batch in reader:
        if rows + batch.num_rows > GROUP_ROWS:
            yield without_doubles(pyarrow.Table.from_batches(waiting, reader.schema))
            waiting, rows = [], 0
        waiting.append(batch)
        rows += batch.num_rows
    if rows:
        yield without_doubles(pyarrow.Table.from_batches(waiting, reader.schema))


def without_doubles(table):
    """The same with dictionaries that have each word once: types may share a name, and Parquet's writer gives up a
    dictionary that has one twice."""
    import pyarrow

    for number, field in enumerate(table.schema):
        if pyarrow.types.is_dictionary(field.type):
            words = table.column(number).cast(field.type.value_type).combine_chunks().dictionary_encode()
            table = table.set_column(number, field, words.cast(field.type))
    return table


def write_arrow(table, path):
    import pyarrow

    reader = pyarrow.RecordBatchReader.from_stream(table)
    with pyarrow.ipc.new_file(path, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


WRITERS = {"parquet": write_parquet, "arrow": write_arrow}


if __name__ == "__main__":
    sys.exit(main())

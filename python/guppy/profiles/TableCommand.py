"""Print a sample of a profile file, or two of them compared, as hp.pb() shows them.

  -A N          the sample marked A; the default is -1, the last
  -B N          the sample marked B; the default is 0, the first
  --columns     six words, the default being 'A Size %A:Tot Cumul %A:Tot Kind':
                A or B, Size or Count, %A:Tot or %B:Tot, Cumul or A-B or B-A, %A:Tot or %B:Tot, Kind
  --by WHAT     size (the default) or count: which kinds are shown, and in which order
  --top N       how many kinds, instead of ten
  --sort difference
                the kinds that changed most between A and B, the largest change first
  --filter TEXT only kinds whose names hold TEXT
  --csv, --json numbers instead of text
"""

import csv
import io
import json
import math

from . import CommandLine
from .CommandLine import UsageError
from .Comparison import DEFAULT_COLUMNS, DIFFERENCE_COLUMNS, Comparison, parse_columns, time_text

USAGE = (
    "usage: python -m guppy table FILE [-A N] [-B N] [--columns COLUMNS] [--by size|count] [--top N]\n"
    "                             [--sort difference] [--filter TEXT] [--csv|--json]"
)


def main(arguments):
    return CommandLine.run_command(USAGE, __doc__, arguments, show)


def show(arguments):
    options, words = CommandLine.parse(
        arguments,
        flags=("csv", "json"),
        values=("A", "B", "columns", "by", "top", "sort", "filter"),
        short={"-A": "A", "-B": "B"},
    )
    if len(words) != 1:
        raise UsageError("which file?" if not words else "one file at a time, not %d" % len(words))
    a = CommandLine.integer(options.A or "-1", "-A")
    b = CommandLine.integer(options.B or "0", "-B")
    by = CommandLine.choice(options.by or "size", "--by", ("size", "count"))
    top = CommandLine.positive(options.top or "10", "--top")
    if options.sort not in (None, "difference"):
        raise UsageError("--sort needs difference, not %r" % options.sort)
    if options.csv and options.json:
        raise UsageError("--csv or --json, not both")
    try:
        columns = parse_columns(options.columns) if options.columns else DEFAULT_COLUMNS
    except ValueError as error:
        raise UsageError("--columns: %s" % error) from None
    if options.sort and not options.columns:
        columns = DIFFERENCE_COLUMNS
    profile = CommandLine.open_profile(words[0])
    if profile is None:
        return 1
    for name, number in (("-A", a), ("-B", b)):
        if len(profile) and not -len(profile) <= number < len(profile):
            CommandLine.complain("%s %d: %r has samples 0 to %d" % (name, number, words[0], len(profile) - 1))
            return 1
    table = Comparison(profile, a, b, columns, by, top, options.filter or "", options.sort)
    CommandLine.write(as_json(table) if options.json else as_csv(table) if options.csv else str(table) + "\n")
    return 0


def described(sample):
    seconds = sample.time if math.isfinite(sample.time) else None
    return {"number": sample.number, "time": seconds, "date": time_text(sample.time), "count": sample.count, "size": sample.size}


def as_json(table):
    """One object: the samples, the columns, and a row for each line with the total first."""
    document = {"a": None, "b": None, "columns": list(table.columns), "by": table.by, "rows": table.records()}
    if table.a is not None:
        document.update(a=described(table.a), b=described(table.b))
    return json.dumps(document, allow_nan=False) + "\n"


def as_csv(table):
    """A line with the names of the columns, the total, and the kinds."""
    out = io.StringIO()
    records = table.records()
    if records:
        writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    return out.getvalue()

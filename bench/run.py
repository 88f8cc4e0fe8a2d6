"""Measure heapy beside guppy3 and beside gc.collect(), in one run; write JSON and the tables of RESULTS.md.

    make bench                                      everything (an hour on two cores)
    make bench BENCH="--sizes 1e5,1e6 --heaps fan"  less

Every sample is taken in a fresh process; the samples of both tools take turns; medians are shown.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import graph_report
import sets_report

HERE = Path(__file__).resolve().parent
HEAPS = ["records", "instances", "chain", "fan", "tangle", "syntax_trees"]

# What issue 2 asks for at 1e6 objects: times faster than guppy3, bytes per object, nanoseconds per object.
HEAP_FASTER = dict.fromkeys(HEAPS, 4.0) | {"syntax_trees": 3.0, "tangle": 10.0}
TABLE_FASTER = dict.fromkeys(HEAPS, 10.0) | {"syntax_trees": 6.0}
GRAPH_AT_MOST = dict.fromkeys(HEAPS, 134.0) | {"syntax_trees": 320.0, "tangle": 426.0}
HEAP_BYTES, TABLE_BYTES, EXPONENT = 16.0, 32.0, 1.1


# What issue 3 asks for at 1e6 objects: times faster than guppy3.
GROUPINGS = ["byclodo", "bytype", "bymodule", "bysize", "byid"]
DAILY_FASTER = dict.fromkeys(GROUPINGS, 8.0) | {
    "setref and heap": 5.0, "difference": 5.0, "stat": 5.0, "dump and load": 5.0, "heapu": 3.0, "start": 1.0,
}  # fmt: skip

# What issue 4 asks for at 1e6 objects: times faster than guppy3 on each.
ALGEBRA = ["h & hp.Type(dict)", "h - h2", "h | h2", "h ^ h2", "h.bytype", "h.bymodule", "h & (hp.Type(str) & ~hp.Size(n))"]
ALGEBRA_FASTER = dict.fromkeys(ALGEBRA, 5.0)


def sample(interpreter, heap, size, program="measure.py", asked=()):
    command = [interpreter, str(HERE / program), heap, *([str(size)] if size else []), *asked]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        sys.exit("%s failed:\n%s" % (" ".join(command), result.stderr))
    return json.loads(result.stdout)


def medians(samples):
    return {key: statistics.median(s[key] for s in samples) for key in samples[0]}


def measure(arguments):
    tools = {"heapy": arguments.ours, "guppy3": arguments.guppy3}
    rows = []
    for size in arguments.sizes:
        for heap in arguments.heaps:
            # guppy3 takes minutes at 1e7, and the figures asked for there are ours alone.
            present = {t: p for t, p in tools.items() if p and (t == "heapy" or size <= arguments.guppy3_up_to)}
            taken = {tool: [] for tool in present}
            for _ in range(arguments.repeat):
                for tool, interpreter in present.items():
                    taken[tool].append(sample(interpreter, heap, size))
            row = {"heap": heap, "size": size, "repeat": arguments.repeat}
            row |= {tool: medians(samples) for tool, samples in taken.items()}
            if size == 10**6:
                row["daily"] = in_turns(present, heap, size, arguments.repeat, "measure_daily.py")
                row["algebra"] = in_turns(present, heap, size, arguments.repeat, "measure_algebra.py")
            rows.append(row)
            print("%-13s %.0e  %s" % (heap, size, {t: "%.3f s" % row[t]["heap"] for t in present}), flush=True)
    return rows


def in_turns(tools, heap, size, repeat, program, asked=()):
    """Medians of a program's samples; both tools take turns."""
    taken = {tool: [] for tool in tools}
    for _ in range(repeat):
        for tool, interpreter in tools.items():
            taken[tool].append(sample(interpreter, heap, size, program, asked))
    return {tool: medians(samples) for tool, samples in taken.items()}


def exponent(points):
    """The slope of log(seconds) over log(objects), by least squares."""
    xs, ys = [math.log(n) for n, _ in points], [math.log(t) for _, t in points]
    mean_x, mean_y = statistics.mean(xs), statistics.mean(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x) ** 2 for x in xs)


def mark(text, holds):
    return text if holds else "**%s** (miss)" % text


def faster(row, measure, wanted):
    if "guppy3" not in row:
        return "-"
    ratio = row["guppy3"][measure] / row["guppy3"]["objects"] / (row["heapy"][measure] / row["heapy"]["objects"])
    text = "%.1f" % ratio
    return mark(text, ratio >= wanted[row["heap"]]) if row["size"] == 10**6 else text


def question_cell(row, questions, measure):
    """Milliseconds of ours, and the ratio: per object, but for the start, which is once a process."""
    ours, theirs = row[questions]["heapy"], row[questions]["guppy3"]
    ratio = theirs[measure] / ours[measure]
    if measure != "start":
        ratio *= ours["objects"] / theirs["objects"]
    wanted = (DAILY_FASTER | ALGEBRA_FASTER)[measure]
    if row["heap"] == "syntax_trees" and measure in GROUPINGS:
        wanted = 5.0
    return mark("%.3g ms, %.1f" % (ours[measure] * 1e3, ratio), ratio >= wanted)


def ns(row, tool, measure):
    return "%.0f" % (row[tool][measure] / row[tool]["objects"] * 1e9) if tool in row else "-"


def per_object(row, tool, measure, limit=None):
    if tool not in row:
        return "-"
    value = row[tool][measure] / row[tool]["objects"]
    text = "%.1f" % value
    return mark(text, value <= limit) if limit and row["size"] == 10**6 else text


def table(header, lines):
    yield "| " + " | ".join(header) + " |"
    yield "|" + "|".join(["---"] + ["---:"] * (len(header) - 1)) + "|"
    for line in lines:
        yield "| " + " | ".join(line) + " |"
    yield ""


def report(result):
    rows = result["rows"]
    yield "Measured on %s, CPython %s, %d cores; medians of %d fresh processes." % (
        result["machine"], result["python"], result["cores"], rows[0]["repeat"],
    )  # fmt: skip
    yield "Repeat with `make bench`.  Times are nanoseconds per object, memory is bytes per object at the peak."
    yield "\n### `heap()`, and `heap()` with its printed table\n"
    yield from table(
        ["heap", "asked for", "objects", "gc", "heap: heapy", "guppy3", "times faster", "table: heapy", "guppy3",
         "times faster", "heap peak", "guppy3", "table peak", "guppy3"],
        [
            [row["heap"], "%.0e" % row["size"], str(int(row["heapy"]["objects"])), ns(row, "heapy", "gc"),
             ns(row, "heapy", "heap"), ns(row, "guppy3", "heap"), faster(row, "heap", HEAP_FASTER),
             ns(row, "heapy", "table"), ns(row, "guppy3", "table"), faster(row, "table", TABLE_FASTER),
             per_object(row, "heapy", "heap_peak", HEAP_BYTES), per_object(row, "guppy3", "heap_peak"),
             per_object(row, "heapy", "table_peak", TABLE_BYTES), per_object(row, "guppy3", "table_peak")]
            for row in rows
        ],
    )  # fmt: skip
    measured = [row for row in rows if "daily" in row and "guppy3" in row["daily"]]
    if measured:
        yield "### The daily questions at 1e6 objects: milliseconds here, and times faster than guppy3\n"
        yield from table(
            ["heap"] + list(DAILY_FASTER), [[row["heap"]] + [question_cell(row, "daily", m) for m in DAILY_FASTER] for row in measured]
        )
    measured = [row for row in rows if "algebra" in row and "guppy3" in row["algebra"]]
    if measured:
        yield "### The algebra of sets at 1e6 objects: milliseconds here, and times faster than guppy3\n"
        yield from table(
            ["heap"] + ["`%s`" % m.replace("|", "\\|") for m in ALGEBRA],
            [[row["heap"]] + [question_cell(row, "algebra", m) for m in ALGEBRA] for row in measured],
        )
    if result.get("sets"):
        yield from sets_report.report(result["sets"], table, mark)
    if result.get("graph"):
        yield from graph_report.report(result["graph"], table, mark, exponent)
    yield "### Capture with edges, labels, types, sizes and owners\n"
    yield from table(
        ["heap", "asked for", "ns per object", "edges per object", "kept bytes", "peak bytes"],
        [
            [row["heap"], "%.0e" % row["size"],
             mark(ns(row, "heapy", "graph"), row["size"] != 10**6 or
                  row["heapy"]["graph"] / row["heapy"]["objects"] * 1e9 <= GRAPH_AT_MOST[row["heap"]]),
             per_object(row, "heapy", "edges"), per_object(row, "heapy", "graph_kept"),
             per_object(row, "heapy", "graph_peak")]
            for row in rows
        ],
    )  # fmt: skip
    lines = []
    for heap in dict.fromkeys(row["heap"] for row in rows):
        large = [row["heapy"] for row in rows if row["heap"] == heap and row["size"] >= 10**5]
        if len(large) < 2:
            continue
        fits = {m: exponent([(r["objects"], r[m]) for r in large]) for m in ("gc", "heap", "table", "graph")}
        limit = fits["gc"] + 0.05 if heap == "tangle" else EXPONENT
        lines.append(
            [heap, "%.2f" % fits["gc"]] + [mark("%.2f" % fits[m], fits[m] <= limit) for m in ("heap", "table", "graph")]
        )
    if lines:
        yield "### Growth: fitted exponent from 1e5 objects on\n"
        yield from table(["heap", "gc", "heap()", "heap() and table", "capture with edges"], lines)


def write_results(result):
    path = HERE / "RESULTS.md"
    begin, end = "<!-- tables: made by bench/run.py -->", "<!-- end of tables -->"
    text = path.read_text() if path.exists() else "# Results\n\n%s\n%s\n" % (begin, end)
    before, after = text.split(begin)[0], text.split(end)[1]
    path.write_text(before + begin + "\n" + "\n".join(report(result)) + end + after)


def machine():
    with open("/proc/cpuinfo") as f:
        models = [line.split(":")[1].strip() for line in f if line.startswith("model name")]
    return "%s (%s)" % (models[0] if models else "an unnamed processor", platform.machine())


def main():
    def sizes(text):
        return [int(float(s)) for s in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=sys.executable, help="an interpreter with heapy installed")
    parser.add_argument("--guppy3", help="an interpreter with guppy3 installed")
    parser.add_argument("--sizes", type=sizes, default=sizes("1e4,1e5,1e6,1e7"))
    parser.add_argument("--heaps", type=lambda s: s.split(","), default=HEAPS)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--guppy3-up-to", type=float, default=1e6, help="largest heap guppy3 is measured on")
    parser.add_argument("--json", default=str(HERE / "results.json"))
    parser.add_argument("--add", action="store_true", help="keep the JSON's other rows")
    parser.add_argument("--only-algebra", action="store_true", help="measure the algebra of sets again, keep the rest")
    parser.add_argument("--only-graph", action="store_true", help="measure the questions about the graph again, keep the rest")
    parser.add_argument("--only-sets", action="store_true", help="measure guppy.sets again, keep the rest")
    parser.add_argument("--report-only", action="store_true", help="make the tables from the JSON again")
    arguments = parser.parse_args()
    tools = {"heapy": arguments.ours, "guppy3": arguments.guppy3}
    if arguments.report_only or arguments.only_algebra or arguments.only_graph or arguments.only_sets:
        result = json.loads(Path(arguments.json).read_text())
        if arguments.only_sets:
            result["sets"] = sets_report.measure(sample, tools, arguments.repeat)
        if arguments.only_graph:
            result["graph"] = graph_report.measure(in_turns, tools, arguments.heaps, arguments.repeat, max(arguments.sizes))
        for row in result["rows"]:
            if arguments.only_algebra and row["size"] == 10**6:
                row["algebra"] = in_turns(tools, row["heap"], row["size"], arguments.repeat, "measure_algebra.py")
                print(row["heap"], row["algebra"], flush=True)
        Path(arguments.json).write_text(json.dumps(result, indent=1) + "\n")
    else:
        version = subprocess.check_output([arguments.ours, "-c", "import platform; print(platform.python_version())"])
        result = {
            "machine": machine(),
            "cores": os.cpu_count(),
            "python": version.decode().strip(),
            "rows": measure(arguments),
        }
        if arguments.guppy3:
            result["sets"] = sets_report.measure(sample, tools, arguments.repeat)
            result["graph"] = graph_report.measure(in_turns, tools, arguments.heaps, arguments.repeat, max(arguments.sizes))
        if arguments.add:
            old = json.loads(Path(arguments.json).read_text())["rows"]
            new = {(row["size"], row["heap"]) for row in result["rows"]}
            result["rows"] += [row for row in old if (row["size"], row["heap"]) not in new]
            result["rows"].sort(key=lambda row: (row["size"], HEAPS.index(row["heap"])))
        Path(arguments.json).write_text(json.dumps(result, indent=1) + "\n")
    write_results(result)


if __name__ == "__main__":
    main()

"""The questions about the graph: what is asked at which size, and the tables of what was measured."""

# What issue 5 asks for at 1e6 objects, times faster than guppy3: cold, and on a kept snapshot.
COLD = {"referrers": 10.0, "byrcs": 10.0, "rp": 10.0, "sp": 10.0, "imdom": 4.0, "domisize": 1.5, "dominos": 1.5}
COLD_ON_SYNTAX_TREES = {"referrers": 6.0, "byrcs": 6.0, "rp": 6.0, "sp": 6.0}
KEPT = {"referrers": 50.0, "byrcs": 50.0, "rp": 50.0, "sp": 50.0, "imdom": 50.0, "domisize": 20.0, "dominos": 20.0}
ELSEWHERE = {"byvia": (10**4, 20.0), "rows": (10**5, 100.0)}  # guppy3 takes minutes and more on larger heaps
RETAINED_AT_MOST = {"tangle": 800.0}  # nanoseconds per object, for every object's retained size; 150 on the others
KEPT_BYTES, EXPONENT = 28.0, 1.15


def questions_at(size):
    """The questions that both tools are asked on a heap of a size."""
    if size == 10**6:
        return list(COLD)
    return [name for name, (where, _) in ELSEWHERE.items() if where == size]


def measure(in_turns, tools, heaps, repeat, up_to):
    """Samples of all heaps and sizes; `in_turns` runs measure_graph.py."""
    found = []
    for heap in heaps:
        for size in (10**4, 10**5, 10**6):
            found.append({"heap": heap, "size": size} | in_turns(tools, heap, size, repeat, "measure_graph.py", questions_at(size)))
        for size in (10**5, 10**6, 10**7):
            if size <= up_to:
                ours = {"heapy": tools["heapy"]}
                sample = in_turns(ours, heap, size, 1, "measure_graph.py", list(COLD) + ["byvia", "rows"])
                found.append({"heap": heap, "size": size, "growth": True} | sample)
        print(heap, "done", flush=True)
    return found


def per_object(sample, measure):
    return sample[measure] / sample["objects"] * 1e9


def report(found, table, mark, exponent):
    """Lines of RESULTS.md."""
    both = [row for row in found if not row.get("growth")]

    def cell(row, measure, wanted, prefix=""):
        ours, theirs = per_object(row["heapy"], prefix + measure), per_object(row["guppy3"], measure)
        return mark("%.3g ns, %.3g" % (ours, theirs / ours), theirs / ours >= wanted)

    large = [row for row in both if row["size"] == 10**6]
    yield "### The graph at 1e6 objects, cold: nanoseconds per object here, and times faster than guppy3\n"
    yield from table(
        ["heap"] + list(COLD),
        [
            [row["heap"]]
            + [cell(row, m, (COLD | (COLD_ON_SYNTAX_TREES if row["heap"] == "syntax_trees" else {}))[m]) for m in COLD]
            for row in large
        ],
    )
    yield "### The same on a kept `hp.snapshot()`\n"
    yield from table(["heap"] + list(KEPT), [[row["heap"]] + [cell(row, m, KEPT[m], "kept ") for m in KEPT] for row in large])
    yield "### Relations at 1e4, and the retained size of every row of the table at 1e5\n"
    yield from table(
        ["heap", "byvia", "every row's domisize"],
        [
            [heap]
            + [
                cell(next(r for r in both if r["heap"] == heap and r["size"] == size), m, wanted)
                for m, (size, wanted) in ELSEWHERE.items()
            ]
            for heap in dict.fromkeys(row["heap"] for row in both)
        ],
    )
    alone = [row for row in found if row.get("growth")]
    yield "### Snapshot, reverse references, and the retained size of every object\n"
    lines = []
    for row in alone:
        sample = row["heapy"]
        retained = per_object(sample, "dominators")
        kept = (sample["bytes"] - 12 * sample["edges"]) / sample["objects"]
        lines.append(
            [row["heap"], "%.0e" % row["size"], "%.0f" % per_object(sample, "snapshot"),
             "%.0f" % per_object(sample, "referrer graph"),
             mark("%.0f" % retained, row["size"] != 10**6 or retained <= RETAINED_AT_MOST.get(row["heap"], 150.0)),
             "%.1f" % (sample["edges"] / sample["objects"]),
             mark("%.1f" % kept, row["size"] != 10**6 or kept <= KEPT_BYTES)]
        )  # fmt: skip
    yield from table(
        ["heap", "asked for", "snapshot, ns", "reverse, ns", "dominators and retained sizes, ns", "edges per object",
         "kept bytes per object, beside 12 per edge"],
        lines,
    )  # fmt: skip
    yield "### Growth of the graph's measures: fitted exponent from 1e5 objects on\n"
    measures = ["snapshot", "dominators"] + list(COLD) + ["byvia", "rows"]
    yield from table(
        ["heap"] + measures,
        [
            [heap]
            + [
                (lambda e: mark("%.2f" % e, e <= EXPONENT or heap == "tangle"))(
                    exponent([(r["heapy"]["objects"], r["heapy"][m]) for r in alone if r["heap"] == heap])
                )
                for m in measures
            ]
            for heap in dict.fromkeys(row["heap"] for row in alone)
        ],
    )

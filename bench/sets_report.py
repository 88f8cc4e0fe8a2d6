"""guppy.sets beside guppy3 and Python's own set: what is measured, and its table."""

TWICE = ("dense union", "dense intersection", "dense difference")  # asked for: at least twice as fast as guppy3


def measure(sample, tools, repeat):
    """Least times of several processes; `sample` runs measure_sets.py."""
    who = {"heapy": (tools["heapy"], "guppy.sets"), "guppy3": (tools["guppy3"], "guppy.sets"), "set": (tools["heapy"], "set")}
    found = {}
    for _ in range(repeat):
        for name, (interpreter, kind) in who.items():
            taken = sample(interpreter, kind, "", "measure_sets.py")
            found[name] = {k: min(v, found.get(name, {}).get(k, v)) for k, v in taken.items()}
    return found


def report(found, table, mark):
    """Lines of RESULTS.md."""
    yield "### Sets of 1e6 members: milliseconds here, and times faster than guppy3 and than `set`\n"
    lines = []
    for operation, ours in found["heapy"].items():
        than_guppy3, than_set = found["guppy3"][operation] / ours, found["set"][operation] / ours
        wanted = 2.0 if operation in TWICE else 1.0
        lines.append([operation, "%.3g" % (ours * 1e3), mark("%.2f" % than_guppy3, than_guppy3 >= wanted), "%.2f" % than_set])
    yield from table(["operation", "ms", "than guppy3", "than `set`"], lines)

"""Profile files written, and a plain model of what their views show: dicts and sorted(), nothing of the package."""

import random


def package(rows, time=1000.0, form="SetFormat"):
    """The text of a stat of rows (count, size, name)."""
    head = ".loader: _load_stat\n.format: %s\n.timemade: %f\n" % (form, time)
    if form == "DiffFormat":
        head += ".b_count: 10\n.b_size: 1000\n"
    head += ".count: %d\n.size: %d\n" % (sum(r[0] for r in rows), sum(r[1] for r in rows))
    head += ".kindname: \n.kindheader: Type\n.numrows: %d\n" % len(rows)
    if form == "IdFormat":
        lines = [".r: %d %s\n" % (size, name) for count, size, name in rows]
    else:
        lines = [".r: %d %d %s\n" % row for row in rows]
    return head + "".join(lines) + ".end: .loader: _load_stat\n"


def write(path, samples, mode="w", time=1000.0):
    with open(path, mode, encoding="utf-8") as f:
        f.writelines(package(rows, time + 10 * i) for i, rows in enumerate(samples))
    return str(path)


def random_samples(seed, samples=9, kinds=25):
    r = random.Random(seed)
    names = ["Kind%d" % i for i in range(kinds)] + ["dict of Kind%d" % i for i in range(5)]
    result = []
    for s in range(samples):
        rows = [(r.randrange(1, 5000), r.randrange(8, 10**7), n) for n in r.sample(names, r.randrange(3, len(names)))]
        result.append(sorted(rows, key=lambda row: -row[1]))
    return result


def values(rows, by):
    return {name: count if by == "count" else size for count, size, name in rows}


def largest(rows, by, top):
    """[(name, value)], with <Other> at its place."""
    order = sorted(values(rows, by).items(), key=lambda item: -item[1])
    shown, rest = order[:top], order[top:]
    if rest:
        total = sum(value for name, value in rest)
        at = sum(value >= total for name, value in shown)
        shown.insert(at, ("<Other>", total))
    return shown


def table(a_rows, b_rows, columns, by, top):
    """[(name, value, change)] of the table, <Total> first."""
    chosen, other = (a_rows, b_rows) if columns[0] == "A" else (b_rows, a_rows)
    quantity = columns[1].lower()
    ours, theirs = values(chosen, quantity), values(other, quantity)
    names = [name for name, value in largest(chosen, by, top)]
    for v in (ours, theirs):
        v["<Other>"] = sum(v.values()) - sum(v.get(n, 0) for n in names)
        v["<Total>"] = sum(x for n, x in v.items() if n != "<Other>")
    lines, running = [], 0
    for name in ["<Total>"] + names:
        value = ours.get(name, 0)
        if columns[3] == "Cumul":
            running += value if name != "<Total>" else 0
            change = value if name == "<Total>" else running
        else:
            change = value - theirs.get(name, 0)
            if columns[3][0] != columns[0]:
                change = -change
        lines.append((name, value, change))
    return lines

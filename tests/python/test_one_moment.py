"""An answer is of the moment of its call, whatever is printed when, and whatever was deleted meanwhile (H-91, H-92, P-73)."""

import pytest

WAYS = [
    "hp.iso(*x).byrcs", "hp.iso(*x).byvia", "hp.iso(*x).by('Rcs')", "hp.iso(*x).by('Via&Size')",
    "hp.iso(*x).by(hp.Type.refdby)", "hp.iso(*x, er=hp.Via)", "hp.idset(x, er=hp.Rcs)",
    "hp.iso(*x).by(hp.findex(hp.Rcs(hp.Type(list)), hp.Rcs(hp.Type(dict))))",
    "hp.iso(*x).rp", "hp.iso(*x).get_rp(depth=1)", "hp.iso(*x).get_rp(depth=2, er='Type')", "hp.iso(*x).rp.more",
    "hp.iso(*x).get_rp(depth=3, er='Type', stopkind=hp.Type(dict))", "hp.iso(*x).get_rp(imdom=1)",
    "hp.iso(*x).get_rp(depth=2, er='Size', stopkind=hp.Type(dict))", "hp.iso(*x).get_rp(depth=2, er='Rcs')",
    "hp.iso(*x).byretained", "hp.iso(*x).sp", "hp.iso(*x).pathsin", "hp.iso(*x[0].__dict__.values(), *x).pathsout",
]  # fmt: skip

TEXTS = {
    "rows": lambda a: [(len(a[i].nodes), {id(o) for o in a[i].nodes}) if hasattr(a[i], "nodes") else str(a[i]) for i in range(2)],
    "str": lambda a: (str(a), str(a), [each.srcname for each in getattr(a, "iter", list)()]),
    "len": lambda a: getattr(a, "numpaths", None) or len(getattr(a, "top", a)),
    "more": lambda a: str(a.more),
    "all": lambda a: str(a.all),
}


class Sample:
    def __init__(self):
        self.attribute = None


def sample():
    """Objects, and what refers to them: {name: holder}."""
    x = [Sample(), ["a list"], Sample()]
    return x, {"a dict": {"key": x[0]}, "a list": [x[0], x[1]], "a tuple in it": [(x[1],)], "another": [x[2]]}


def change(x, holders):
    """Every reference goes and others come, and what only they held is overwritten."""
    holders["new"] = {"new key": x[0], "newer": x[1], "newest": x[2]}
    for name in ("a dict", "a list", "a tuple in it", "another"):
        holders.pop(name).clear()
    x[0].attribute = x[1:]
    x[1].extend(range(100))
    return [[i] for i in range(10_000)]


@pytest.mark.parametrize("how", TEXTS)
@pytest.mark.parametrize("question", WAYS)
def test_what_is_printed_later_is_of_the_call(hp, question, how):
    """The same is asked twice at one moment; of the second answer nothing is looked at before everything changed."""
    x, holders = sample()
    space = {"hp": hp, "x": x}
    exec("first, second = %s, %s" % (question, question), space)
    expected = TEXTS[how](space["first"])
    keep = change(x, holders)
    shown = TEXTS[how](space["second"])
    assert shown == expected
    if how == "all" and not question.endswith(("sp", "pathsin", "pathsout")):
        exec("third = " + question, space)
        assert TEXTS[how](space["third"]) != expected, "nothing that the answer shows has changed"
    assert keep


@pytest.mark.parametrize("relation", ["byrcs", "byvia"])
def test_kinds_and_rows_are_of_the_call_too(hp, relation):
    """.kind, .brief, .partition, .parts, .stat, slices and what these give."""

    def told(table):
        parts = [table, table[0], table[:1], table[1:], table[1:][0], table[0][:1], table.parts[-1]]
        return (
            [(repr(part.kind), part.count, str(part), part.brief) for part in parts],
            [(row.name, row.count, row.size, repr(row.kind), repr(row.set.kind)) for row in table.partition.get_rows()],
            [str(row.name) for row in table.stat.get_rows()],
            table.partition.timemade <= table.stat.timemade,
        )

    x, holders = sample()
    first, second = getattr(hp.iso(*x), relation), getattr(hp.iso(*x), relation)
    expected = told(first)
    assert len(first) > 1
    part, rest = second[0], second[1:]
    keep = change(x, holders)
    assert told(second) == expected
    assert (repr(part.kind), part.brief) == expected[0][1][0:1] + expected[0][1][3:]
    assert str(rest) == expected[0][3][2]
    # The next access looks anew, and so does every other relation; the sizes of objects are those of now (H-76).
    assert str(getattr(hp.iso(*x), relation)) != expected[0][0][2]
    assert second.size > first.partition.size and keep


def test_a_moment_holds_nothing_but_its_objects(hp):  # H-92
    """What refers to the objects at the call goes when the program lets it go."""
    import weakref

    x = ["x"]
    holder = Sample()
    holder.attribute = x
    tables = hp.iso(x).byrcs, hp.iso(x).byvia, hp.iso(x).byvia[0], hp.iso(x).byrcs[:1]
    gone = weakref.ref(holder)
    del holder
    assert gone() is None and all(str(table) for table in tables)

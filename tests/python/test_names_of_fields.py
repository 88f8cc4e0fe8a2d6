"""Names of references that types in C hold in fields of their structs (R-20, R-30)."""

import os
import sys

import pytest
from conftest import ROOT

CHECK = os.path.join(ROOT, "tests", "packages", "check_names.py")


def test_references_of_the_standard_library_have_names(python):
    """Fewer than one in a thousand is called by its number, and none of the types that the library has in C."""
    run = python(CHECK, "stdlib")
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    numbers = [int(line.split()[1]) for line in run.stdout.splitlines() if " edges, " in line]
    assert numbers[0] > 10_000 and numbers[1] > 400_000


def fields(hp, obj):
    """By name, what an object refers to by a name of C's."""
    found = {}
    for target, label in hp._capture_graph().edges(obj):
        if label is not None and label[0] == "internal":
            found.setdefault(label[1], []).append(target)
    return found


def test_fields_have_the_names_of_what_they_hold(hp):
    import asyncio
    import csv
    import io
    import pickle
    import re
    import threading
    import types
    import typing
    import xml.etree.ElementTree as ET

    text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace")
    text.write("waiting")
    named = fields(hp, text)
    assert named["errors"] == [text.errors] and type(named["encoder"][0]).__name__ == "IncrementalEncoder"
    assert named["pending_bytes"] in (["waiting"], [b"waiting"])

    dialect = csv.reader([], lineterminator="an end").dialect
    assert fields(hp, dialect)["lineterminator"] == ["an end"]

    pattern = re.compile("(?P<name>x)y")
    match = pattern.match("xy")
    regs = match.regs
    assert fields(hp, pattern)["groupindex"] == [dict(pattern.groupindex)]
    assert fields(hp, pattern)["indexgroup"] == [(None, "name")] and fields(hp, match)["regs"][0] is regs

    element = ET.Element("a tag", {"key": "value"})
    element.text, element.tail = "a text", "a tail"
    child = ET.SubElement(element, "child")
    named = fields(hp, element)
    assert (named["tag"], named["text"], named["tail"]) == (["a tag"], ["a text"], ["a tail"])
    assert child in named["extra"] and {"key": "value"} in named["extra"]

    class Local(threading.local):
        def __init__(self, *arguments, **options):
            pass

    arguments, options = ["argument"], ["option"]
    named = fields(hp, Local(arguments, key=options))
    assert named["args"][0][0] is arguments and named["kw"][0]["key"] is options

    variable = typing.TypeVar("T")
    alias = types.GenericAlias(list, (variable,))
    parameters = alias.__parameters__
    assert fields(hp, alias)["parameters"][0] is parameters

    async def numbers():
        yield

    generator, value = numbers(), ["sent"]
    sending = generator.asend(value)
    named = fields(hp, sending)
    assert named["ags_gen"][0] is generator and named["ags_sendval"][0] is value
    sending.close()

    file = io.BytesIO(pickle.dumps(1))
    assert [m.__name__ for m in fields(hp, pickle.Pickler(file))["write"]] == ["write"]
    named = fields(hp, pickle.Unpickler(file))
    assert [named[name][0].__name__ for name in ("read", "readinto", "readline", "peek") if name in named][:3] == [
        "read", "readinto", "readline",
    ]  # fmt: skip

    loop = asyncio.new_event_loop()
    try:
        future = loop.create_future()
        assert fields(hp, iter(future))["future"][0] is future
    finally:
        loop.close()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type variables are written in Python")
def test_names_of_type_variables(hp):
    import typing

    constraints = typing.TypeVar("T", int, str)
    assert fields(hp, constraints)["constraints"] == [(int, str)]
    names = {}
    exec("type Pair[A] = dict[A, A]", names)
    named = fields(hp, names["Pair"])
    assert named["type_params"] == [names["Pair"].__type_params__] and callable(named["compute_value"][0])

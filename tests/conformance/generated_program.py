"""A program of random objects of the standard library's types, and what heapy says of each of them.

Run as a program, under guppy3 or under ours: generated_program.py SEED ... prints the answers as JSON, one object of
objects' answers for each seed.  Objects are numbered by when they were made; what was not made here has the name of its
type, so that answers of two processes can be compared.
"""

import collections
import contextvars
import datetime
import decimal
import itertools
import json
import random
import re
import sys
import time
import types
import weakref

OBJECTS = 50


class Plain:
    pass


class Slotted:
    __slots__ = ("first", "second", "__weakref__")


class Both(Slotted):
    pass


class MyList(list):
    pass


class MyDict(dict):
    pass


class MyTuple(tuple):
    pass


class Meta(type):
    pass


class Mistake(Exception):
    pass


def attributes(made, *values):
    for name, value in zip(("first", "second"), values):
        setattr(made, name, value)
    return made


def alone(function):
    """The function with globals of its own, so that the heap below the objects is not that of the whole process."""
    made = types.FunctionType(function.__code__, {"__builtins__": {}}, "function", function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def function_of(a, b):
    def function(x, y=a, *, z=b):
        return a, x

    return alone(function)


def generator_of(a, b):
    def generator(local):
        yield a
        yield local

    made = alone(generator)(b)
    next(made)
    return made


# Types of which an object leads to its module, and so to all modules, are not here: the other tool would take an hour.
MAKERS = {
    "list": lambda a, b: [a, b],
    "tuple": lambda a, b: (a, b),
    "dict": lambda a, b: {1: a, (2,): b},
    "dict of str": lambda a, b: {"one key": a, "another": b},
    "set": lambda a, b: {id(a), ("item", 1)},
    "frozenset": lambda a, b: frozenset([("item", 2), "text"]),
    "deque": lambda a, b: collections.deque([a, b]),
    "OrderedDict": lambda a, b: collections.OrderedDict([(1, a), (2, b)]),
    "defaultdict": lambda a, b: collections.defaultdict(list, {1: a, 2: b}),
    "SimpleNamespace": lambda a, b: types.SimpleNamespace(left=a, right=b),
    "plain": lambda a, b: attributes(Plain(), a, b),
    "slotted": lambda a, b: attributes(Slotted(), a, b),
    "both": lambda a, b: attributes(Both(), a, b),
    "list subclass": lambda a, b: attributes(MyList([a]), b),
    "dict subclass": lambda a, b: attributes(MyDict({1: a}), b),
    "tuple subclass": lambda a, b: attributes(MyTuple([a]), b),
    "class": lambda a, b: Meta("Made", (Plain,), {"left": a, "right": b}),
    "function": function_of,
    "method": lambda a, b: types.MethodType(function_of(a, b), "self" if b is None else b),
    "property": lambda a, b: property(function_of(a, b), doc="a text"),
    "staticmethod": lambda a, b: staticmethod(function_of(a, b)),
    "classmethod": lambda a, b: classmethod(function_of(a, b)),
    "cell": lambda a, b: types.CellType(a),
    "generator": generator_of,
    "exception": lambda a, b: attributes(Mistake(a), b),
    "slice": lambda a, b: slice(a, b),
    "mappingproxy": lambda a, b: types.MappingProxyType({1: a, 2: b}),
    "weakref": lambda a, b: weakref.ref(Slotted, function_of(a, b)),
    "list iterator": lambda a, b: iter([a, b]),
    "chain": lambda a, b: itertools.chain([a], [b]),
    "cycle": lambda a, b: itertools.cycle([a, b]),
    "GenericAlias": lambda a, b: list[int],
    "ContextVar": lambda a, b: contextvars.ContextVar("variable", default=a),
    "range": lambda a, b: range(10**6, 10**7),
    "bytearray": lambda a, b: bytearray(b"bytes"),
    "memoryview": lambda a, b: memoryview(bytearray(b"bytes")),
    "datetime": lambda a, b: datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
    "Decimal": lambda a, b: decimal.Decimal("1.50"),
    "struct_time": lambda a, b: time.gmtime(10**6),
    "bytes": lambda a, b: bytes([1, 2, 3]),
    "object": lambda a, b: object(),
}


def make(seed):
    """The objects of a program: each refers to some that were made before it."""
    chance = random.Random(seed)
    random.seed(seed)
    kinds = sorted(MAKERS)
    objects = []
    for _ in range(OBJECTS):
        a, b = (chance.choice(objects) if objects else None for _ in range(2))
        objects.append(MAKERS[chance.choice(kinds)](a, b))
    return objects


# Global, and asked by number: what a frame of this program holds would be in some answers and not in others.
hp = None
made = []
number = {}


def name(obj):
    return "#%d" % number[id(obj)] if id(obj) in number else type(obj).__name__


def names(nodes):
    return sorted(name(obj) for obj in nodes if obj is not made and obj is not number and not isinstance(obj, types.FrameType))


def relations(text):
    """Those of a table by Via of one object."""
    lines = text.split("Referred Via:\n")[1].splitlines()
    return " ".join(line[45:].strip() for line in lines)


def pattern_rows(text):
    """The rows of a reference pattern without what depends on the order of addresses."""
    rows = (re.match(r" *\d+: \w+ -*\s*\[(.)[ \d]*\] (\d+) ([^:]+)", line) for line in text.splitlines()[1:])
    return sorted(" ".join(row.groups()) for row in rows if row)


ASK = {
    "referents": lambda i: names(hp.iso(made[i]).referents.nodes),
    "referrers": lambda i: names(hp.iso(made[i]).referrers.nodes),
    "byvia": lambda i: relations(str(hp.iso(made[i]).byvia)),
    "sp": lambda i: [str(path) for path in hp.iso(made[i]).get_shpaths(hp.iso(made))],
    "rp": lambda i: pattern_rows(str(hp.iso(made[i]).get_rp(depth=2, src=hp.iso(made)))),
    "imdom": lambda i: names(hp.iso(made[i]).imdom.nodes),
    "domisize": lambda i: dominated(i),
}


def dominated(i):
    """The objects of the program that an object dominates, and bytes but for what belongs to the process: what a class
    dominates is its part of the tables of all classes, and str are of everybody (H-32)."""
    dominos = hp.iso(made[i]).dominos
    has_class = (dominos & hp.Type(type)).count or (dominos & hp.Type(Meta)).count
    size = "with classes" if has_class else hp.iso(made[i]).domisize - (dominos & hp.Type(str)).size
    return [name(obj) for obj in made if obj in dominos], size


def answer(question, i):
    try:
        return ASK[question](i)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def main(seeds):
    global hp
    from guppy import hpy

    result = {}
    for seed in seeds:
        made[:] = make(int(seed))
        number.clear()
        number.update((id(made[i]), i) for i in range(OBJECTS))
        hp = hpy()
        hp.View.root = made
        if hasattr(hp, "snapshot"):  # all questions of one moment, and of one walk
            hp = hp.snapshot()
        result[seed] = []
        while len(result[seed]) < OBJECTS:
            i = len(result[seed])
            result[seed].append(dict({question: answer(question, i) for question in ASK}, kind=type(made[i]).__name__))
    return result


if __name__ == "__main__":
    json.dump(main(sys.argv[1:]), sys.stdout, sort_keys=True)

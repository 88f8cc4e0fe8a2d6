"""The six heaps every measurement is taken on.

Each generator takes the number of objects wanted and returns one object that keeps about that many
alive (within a few per cent; `count` of the answers tells the true number).  They are seeded, so two
processes build the same graph.
"""

import ast
import glob
import os
import random
import sysconfig


class Plain:
    """Attributes live inline on CPython 3.11 and later, in a dict on 3.10."""

    def __init__(self, number, name):
        self.number = number
        self.name = name


class Slotted:
    __slots__ = ("number", "name")

    def __init__(self, number, name):
        self.number = number
        self.name = name


class Node:
    __slots__ = ("a", "b", "c")


def records(n):
    """A list of dicts, five objects a record: dict, int, str, float and a list."""
    return [
        {"id": 1000 + i, "name": "name %d" % i, "price": i * 0.5, "tags": [i & 7]}
        for i in range(n // 5)
    ]


def instances(n):
    """Half plain, half slotted instances, each with an int and a str of its own."""
    half = n // 6
    return [
        [cls(1000 + i, "name %d" % i) for i in range(half)] for cls in (Plain, Slotted)
    ]


def chain(n):
    """Lists nested n deep."""
    link = None
    for _ in range(n):
        link = [link]
    return link


def fan(n):
    """One dict of n/2 ints to n/2 floats."""
    return {1000 + i: i * 0.5 for i in range(n // 2)}


def tangle(n):
    """Slotted nodes, each referring to three others at random: cycles everywhere, no locality."""
    rng = random.Random(20260)
    nodes = [Node() for _ in range(n)]
    pick = rng.randrange
    for node in nodes:
        node.a = nodes[pick(n)]
        node.b = nodes[pick(n)]
        node.c = nodes[pick(n)]
    return nodes


def syntax_trees(n):
    """The standard library's ASTs, parsed again and again until there are n objects."""
    pattern = os.path.join(sysconfig.get_path("stdlib"), "**", "*.py")
    files = [f for f in sorted(glob.glob(pattern, recursive=True)) if "site-packages" not in f]
    trees, seen = [], 0
    while True:
        for name in files:
            try:
                with open(name, encoding="utf-8") as f:
                    tree = ast.parse(f.read())
            except (SyntaxError, UnicodeDecodeError, ValueError):
                continue
            trees.append(tree)
            seen += sum(OBJECTS_PER_AST_NODE for _ in ast.walk(tree))
            if seen >= n:
                return trees


# Measured on the standard library of 3.10 to 3.13: nodes, their lists, names and positions.
OBJECTS_PER_AST_NODE = 2.2

HEAPS = {
    "records": records,
    "instances": instances,
    "chain": chain,
    "fan": fan,
    "tangle": tangle,
    "syntax_trees": syntax_trees,
}

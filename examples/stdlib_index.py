"""Index the names of the standard library, and see what that costs.

Parses every module of the standard library into a syntax tree, indexes all names by the module that
uses them, sets a reference point, parses some modules again under a new index, and shows the heap, what
grew since the reference point, and the largest kinds.
"""

import ast
import os
import sys
import sysconfig
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import ParamSpec, TypeVar

from guppy import hpy


P = ParamSpec("P")
R = TypeVar("R")


class Module:
    """A parsed module and the names it uses, with the lines they stand in."""

    def __init__(self, path: str, tree: ast.AST) -> None:
        self.path = path
        self.tree = tree
        self.names: dict[str, list[int]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                self.names.setdefault(node.id, []).append(node.lineno)


def library_files() -> Iterator[str]:
    root = sysconfig.get_path("stdlib")
    for directory, subdirectories, names in os.walk(root):
        subdirectories[:] = sorted(
            d for d in subdirectories if d not in ("site-packages", "test", "tests", "__pycache__")
        )
        for name in sorted(names):
            if name.endswith(".py"):
                yield os.path.join(directory, name)


def parse(paths: Iterable[str]) -> list[Module]:
    modules = []
    for path in paths:
        try:
            with open(path, encoding="utf-8") as source, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                modules.append(Module(path, ast.parse(source.read(), path)))
        except (SyntaxError, UnicodeDecodeError):
            continue  # the library has files that are wrong on purpose
    return modules


def index(modules: Iterable[Module]) -> dict[str, list[str]]:
    """name -> paths of the modules that use it"""
    names: dict[str, list[str]] = {}
    for module in modules:
        for name in module.names:
            names.setdefault(name, []).append(module.path)
    return names


def timed(title: str, function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    begin = time.perf_counter()
    result = function(*arguments, **named)
    print("%-44s %7.3f s" % (title, time.perf_counter() - begin))
    return result


def main() -> None:
    paths = list(library_files())[: int(sys.argv[1]) if len(sys.argv) > 1 else None]
    modules = timed("parse %d files" % len(paths), parse, paths)
    names = timed("index their names", index, modules)
    print("%d names in %d modules" % (len(names), len(modules)))

    hp = hpy()
    heap = timed("hp.heap()", hp.heap)
    table = timed("its table", str, heap)
    print("\nThe heap:\n%s" % table)

    timed("\nhp.setref()", hp.setref)
    more = timed("parse the first 20 files again", parse, paths[:20])
    grown = timed("hp.heap()", hp.heap)
    print("\nWhat grew since (%d modules parsed again):\n%s" % (len(more), grown))

    print("\nThe three largest kinds of what grew:")
    for i in range(min(3, len(grown))):
        kind = grown[i]
        row = str(kind).splitlines()[2]  # after the line of totals and the header
        print("%8d objects, %10d bytes: %s" % (kind.count, kind.size, row[45:]))
    hp.setref(hp.Nothing)
    assert more and grown.count


if __name__ == "__main__":
    main()

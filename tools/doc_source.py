"""Reads the one source of all documentation: docstrings of stub files and of the package's Python modules.

Signatures, help texts and the reference are made of what this gives: classes and functions with their members, each
with its text, in the order in which they are written.
"""

import ast
import inspect
import re
from dataclasses import dataclass, field


@dataclass
class Argument:
    name: str
    kind: str  # annotation, or ""
    default: str | None = None  # None: mandatory
    prefix: str = ""  # "*" or "**"
    only_by_name: bool = False


@dataclass
class Member:
    """An attribute, a property, a method or a function."""

    name: str
    text: str
    arguments: list[Argument] | None  # None: it is not called
    kind: str  # of the attribute, or what is returned; or ""
    node: ast.AST

    @property
    def is_public(self):
        return not self.name.startswith("_")


@dataclass
class Class:
    name: str
    text: str
    bases: list[str]
    members: dict[str, Member] = field(default_factory=dict)


def is_text(node):
    """Is it a bare string, as stands below an attribute?"""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def kind_of(annotation):
    return ast.unparse(annotation) if annotation is not None else ""


def arguments_of(function, skips_self):
    """Those of a function, without self."""
    given = function.args
    positional = given.posonlyargs + given.args
    defaults = [None] * (len(positional) - len(given.defaults)) + given.defaults
    found = [Argument(a.arg, kind_of(a.annotation), d and ast.unparse(d)) for a, d in zip(positional, defaults)]
    if skips_self:
        found = found[1:]
    if given.vararg:
        found.append(Argument(given.vararg.arg, kind_of(given.vararg.annotation), prefix="*"))
    for a, d in zip(given.kwonlyargs, given.kw_defaults):
        found.append(Argument(a.arg, kind_of(a.annotation), d and ast.unparse(d), only_by_name=True))
    if given.kwarg:
        found.append(Argument(given.kwarg.arg, kind_of(given.kwarg.annotation), prefix="**"))
    return found


def is_property(function):
    return any(getattr(d, "id", getattr(d, "attr", "")) in ("property", "setter") for d in function.decorator_list)


def member_of(node, following, is_method):
    """The member that a statement defines, or None."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        text = inspect.cleandoc(ast.get_docstring(node) or "")
        arguments = None if is_method and is_property(node) else arguments_of(node, is_method)
        return Member(node.name, text, arguments, kind_of(node.returns), node)
    if isinstance(node, ast.AnnAssign) and is_text(following):
        return Member(node.target.id, inspect.cleandoc(following.value.value), None, kind_of(node.annotation), node)
    return None


def class_of(node):
    found = Class(node.name, ast.get_docstring(node) or "", [ast.unparse(b) for b in node.bases])
    for statement, following in zip(node.body, node.body[1:] + [None]):
        member = member_of(statement, following, True)
        if member and (member.text or member.name not in found.members):
            found.members[member.name] = member
    return found


class Module:
    """The documentation of one file."""

    def __init__(self, path):
        self.path = path
        with open(path, encoding="utf-8") as f:
            self.tree = ast.parse(f.read(), path)
        self.text = ast.get_docstring(self.tree) or ""
        nodes = self.tree.body
        self.classes = {n.name: class_of(n) for n in nodes if isinstance(n, ast.ClassDef)}
        self.functions = {n.name: member_of(n, None, False) for n in nodes if isinstance(n, ast.FunctionDef)}


def paragraphs(text):
    """Texts of the paragraphs, each in one line; indented ones, which are examples, as they are."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        if lines[0].startswith(" "):
            found.append(block)
        else:
            found.append(" ".join(line.strip() for line in lines if line.strip()))
    return [p for p in found if p]

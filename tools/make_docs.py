#!/usr/bin/env python3
"""Make the C docstrings of the extension from its stub file, so that they cannot disagree.

Usage: make_docs.py STUB HEADER
"""

import ast
import inspect
import sys


def c_string(text):
    lines = text.split("\n")
    quoted = ['"%s\\n"' % line.replace("\\", "\\\\").replace('"', '\\"') for line in lines[:-1]]
    quoted.append('"%s"' % lines[-1].replace("\\", "\\\\").replace('"', '\\"'))
    return " \\\n    ".join(quoted)


def signature(function):
    """The text signature that CPython shows: names without annotations, $self for the first."""
    arguments = function.args
    for group in (arguments.posonlyargs, arguments.args, arguments.kwonlyargs):
        for argument in group:
            argument.annotation = None
    for argument in (arguments.vararg, arguments.kwarg):
        if argument:
            argument.annotation = None
    text = ast.unparse(arguments)
    if not text:
        return "%s($module, /)\n--\n\n" % function.name
    if text.startswith("self"):
        rest = text[4:].lstrip(", ")
        if rest.startswith("/"):
            text = "$self, " + rest
        else:
            text = "$self, /" + (", " + rest if rest else "")
    return "%s(%s)\n--\n\n" % (function.name, text)


def is_text(node):
    """Is it a bare string, as stands below an attribute?"""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def documented(tree):
    """Pairs of macro name and text."""
    yield "module", ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            text = inspect.cleandoc(ast.get_docstring(node))
            yield "function_" + node.name, signature(node) + text
        if not isinstance(node, ast.ClassDef):
            continue
        yield node.name, ast.get_docstring(node)
        for member, following in zip(node.body, node.body[1:] + [None]):
            if isinstance(member, ast.AnnAssign) and is_text(following):
                yield "%s_%s" % (node.name, member.target.id), inspect.cleandoc(following.value.value)
            if not isinstance(member, ast.FunctionDef) or not ast.get_docstring(member):
                continue
            text = inspect.cleandoc(ast.get_docstring(member))
            if not any(getattr(d, "id", "") == "property" for d in member.decorator_list):
                text = signature(member) + text
            yield "%s_%s" % (node.name, member.name), text


def main():
    stub, header = sys.argv[1:]
    with open(stub, encoding="utf-8") as f:
        tree = ast.parse(f.read(), stub)
    with open(header, "w", encoding="utf-8") as f:
        f.write("/* Made from the stub file by tools/make_docs.py: do not edit. */\n")
        for name, text in documented(tree):
            f.write("\n#define DOC_%s \\\n    %s\n" % (name, c_string(text)))


main()

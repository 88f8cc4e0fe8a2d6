"""The lexical level: lines that begin with dots are nodes, as deep as they have dots; other lines are their text."""

import re

__all__ = ["Node", "parse_file", "parse_string", "unparse"]

DEEPEST = 100  # levels; what reads a tree may recurse so deep


class Place:
    """A line of a file."""

    __slots__ = ("file", "line", "text")

    def __init__(self, file, line, text):
        self.file, self.line, self.text = file, line, text

    def __str__(self):
        return "%s:%d:\n    %r" % (self.file, self.line, self.text)


class Node:
    """A text of one or more lines, and the nodes below it."""

    __slots__ = ("text", "children", "place")

    def __init__(self, text="", children=(), place=None):
        self.text, self.children, self.place = text, list(children), place

    def __eq__(self, other):
        if not isinstance(other, Node):
            return NotImplemented
        pairs, others = [(self, other)], True
        while pairs and others:
            a, b = pairs.pop()
            others = a.text == b.text and len(a.children) == len(b.children)
            pairs.extend(zip(a.children, b.children))
        return others

    __hash__ = None

    def __repr__(self):
        return "Node(%r, %r)" % (self.text, self.children)


def unescaped(line):
    """A text line that began with a backslash and a dot."""
    return line[1:] if re.match(r"\\+\.", line) else line


def escaped(line):
    return "\\" + line if re.match(r"\\*\.", line) else line


def parse_string(text, name="<string>"):
    """The root of the tree that a text is; its own text is what stands before the first node.

    Raises SyntaxError, with file and line, where a line is more than one level deeper than the one before, or
    deeper than a hundred levels.
    """
    root = Node(place=Place(name, 1, text.split("\n", 1)[0]))
    path, lines = [root], [[]]  # the nodes from the root to the current one, and their lines
    for number, line in enumerate(text.split("\n"), 1):
        depth = len(line) - len(line.lstrip("."))
        if not depth:
            lines[-1].append(unescaped(line))
            continue
        if depth > DEEPEST:
            raise SyntaxError("a line is deeper than %d levels" % DEEPEST, (name, number, depth, line))
        if depth > len(path):
            raise SyntaxError("Level must increase with 1 max", (name, number, depth, line))
        while len(path) > depth:
            path.pop().text = "\n".join(lines.pop())
        node = Node(place=Place(name, number, line))
        path[-1].children.append(node)
        path.append(node)
        lines.append([unescaped(line[depth:])])
    while path:
        path.pop().text = "\n".join(lines.pop())
    return root


def parse_file(path):
    """The tree of a file."""
    with open(path, encoding="utf-8") as file:
        return parse_string(file.read(), str(path))


def unparse(root):
    """The text of a tree: parse_string(unparse(tree)) == tree."""
    lines = [escaped(line) for line in root.text.split("\n")] if root.text else []
    waiting = [(child, 1) for child in reversed(root.children)]
    while waiting:
        node, depth = waiting.pop()
        first, *rest = node.text.split("\n")
        lines.append("." * depth + escaped(first))
        lines += [escaped(line) for line in rest]
        waiting += [(child, depth + 1) for child in reversed(node.children)]
    return "\n".join(lines)

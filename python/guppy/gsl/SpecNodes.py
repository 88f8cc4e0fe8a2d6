"""What a node says: a tag and an argument."""

import os

from . import DottedTree

__all__ = ["SpecNode", "node_of_file", "node_of_string"]

ALIASES = {
    "attr": "attribute", "c": "comment", "cond": "condition", "d": "description", "dwh": "description_with_header",
    "eg": "example", "iop": "inplace_operator", "ka": "key_arg", "op": "operator", "rop": "reverse_operator",
    "fop": "function_operator", "t": "text",
}  # fmt: skip


class SpecNode:
    """A tag, its argument, and the nodes below.  is_definition: the tag was followed by two colons."""

    __slots__ = ("tag", "arg", "children", "place", "is_definition")

    def __init__(self, tag, arg="", children=(), place=None, is_definition=False):
        self.tag, self.arg, self.children, self.place = tag, arg, list(children), place
        self.is_definition = is_definition

    @property
    def name(self):
        """The argument without the white space around it."""
        return self.arg.strip()

    @property
    def names(self):
        """The parts of an argument with commas."""
        return [part.strip() for part in self.arg.split(",") if part.strip()]

    def all(self, tag):
        """The children that have a tag."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag):
        """The first of them, or None."""
        return next(iter(self.all(tag)), None)

    def text_of(self, tag, default=""):
        """The argument of the first of them."""
        child = self.first(tag)
        return default if child is None else child.name

    def __repr__(self):
        return "SpecNode(%r, %r, %r)" % (self.tag, self.arg, self.children)


def split_header(node):
    """Tag, argument and whether it is a definition, by the first `=` or `:` of the first line (L-13)."""
    header, _, rest = node.text.partition("\n")
    equals, colon = header.find("="), header.find(":")
    if equals >= 0 and (colon < 0 or equals < colon):
        tag, arg, is_definition = header[: equals + 1], header[equals + 1 :], False
    elif colon >= 0:
        is_definition = header.startswith("::", colon)
        tag, arg = header[:colon], header[colon + 1 + is_definition :]
    elif " " in header.strip() and rest.strip():
        place = node.place
        raise SyntaxError("A tag with a blank needs a colon before its text", (place.file, place.line, 1, place.text))
    else:
        tag, arg, is_definition = header, "", False
    tag = "_".join(tag.split())
    if rest.strip():
        arg += "\n" + rest.rstrip()
    return ALIASES.get(tag, tag), arg, is_definition


def spec_node(node, directory, including):
    tag, arg, is_definition = split_header(node)
    return SpecNode(tag, arg, spec_nodes(node.children, directory, including), node.place, is_definition)


def spec_nodes(nodes, directory, including):
    """Nodes with what they include in their place."""
    found = []
    for node in nodes:
        made = spec_node(node, directory, including)
        if made.tag != "include":
            found.append(made)
            continue
        path = os.path.join(directory, made.name)
        if os.path.abspath(path) in including:
            place = node.place
            raise SyntaxError("%s includes itself" % made.name, (place.file, place.line, 1, place.text))
        try:
            found += node_of_file(path, including).children
        except (OSError, ValueError) as error:
            place = node.place
            raise SyntaxError("cannot include %r: %s" % (made.name, error), (place.file, place.line, 1, place.text)) from None
    return found


def node_of_string(text, name="<string>", directory=""):
    """The tree of a text; its root has the tag "root"."""
    tree = DottedTree.parse_string(text, name)
    return SpecNode("root", tree.text, spec_nodes(tree.children, directory, ()), tree.place)


def node_of_file(path, including=()):
    """The tree of a file.  Files that it includes are found from its own directory."""
    tree = DottedTree.parse_file(path)
    inner = (*including, os.path.abspath(path))
    return SpecNode("root", tree.text, spec_nodes(tree.children, os.path.dirname(path), inner), tree.place)

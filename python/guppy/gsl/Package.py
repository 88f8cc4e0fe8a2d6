"""Definitions: packages, kinds, and what kinds have."""

import os
import re

from .Errors import SpecError
from .SpecNodes import node_of_file, node_of_string

__all__ = ["Attribute", "Mapping", "Package", "Packages", "Subject"]

DEFINITIONS = ("kind", "superkind", "attribute", "method", "macro", "import")

TOP = ("and", "comment", "condition", "document", "import", "kind", "macro", "superkind")
OPERATORS = {"operator": (1, 1), "reverse_operator": (1, 1), "inplace_operator": (1, 1), "function_operator": (0, 0),
             "getitem": (1, None), "delitem": (1, None), "setitem": (2, None)}  # fmt: skip
TEXTS = ("description", "description_with_header", "comment")
IN_MAPPING = (*TEXTS, "arg", "key_arg", "optionals", "alt", "draw", "seq", "repeat", "args", "returns", "precondition",
              "postcondition", "equation", "self")  # fmt: skip
IN_KIND = ("attribute", "condition", "description", "description_with_header", "comment", "constructor", "example", "mapping", "method",
           *OPERATORS, "self", "subkind_of")  # fmt: skip
ALLOWED = {
    "kind": IN_KIND, "and": IN_KIND, "import": ("from", "using", "resolve_by", "comment"),
    "superkind": ("example", "description", "comment", "superkind_of"),
    "attribute": (*TEXTS, "kind_of", "attribute", "method", "mapping", "either", "self", "example"),
    "method": IN_MAPPING, "mapping": IN_MAPPING, "either": ("kind_of", *TEXTS),
    "optionals": IN_MAPPING, "alt": (*IN_MAPPING, "no_arg"), "draw": IN_MAPPING, "seq": IN_MAPPING, "repeat": IN_MAPPING,
    "arg": (*TEXTS, "default", "name"), "key_arg": (*TEXTS, "default", "name"),
    "condition": ("self", "arg", "python_code", *TEXTS), "example": ("in_context", "comment"),
    "equation": ("precondition", "postcondition", *TEXTS), "returns": (*TEXTS, "either"),
    **dict.fromkeys(OPERATORS, IN_MAPPING),
}  # fmt: skip
ARGUMENTS = ("arg", "key_arg", "optionals", "alt", "draw", "seq", "repeat", "args")


class Mapping:
    """Something that can be called: its argument nodes, what it returns, and its conditions."""

    def __init__(self, node, subject, symbol=""):
        self.node, self.subject, self.symbol = node, subject, symbol
        self.arguments = [child for child in node.children if child.tag in ARGUMENTS]
        self.returns = node.text_of("returns")
        self.preconditions = node.all("precondition")
        self.postconditions = node.all("postcondition")
        self.equations = node.all("equation")


class Attribute:
    """An attribute of a kind: of which kind it is, and how it is called if it is a method."""

    def __init__(self, node, name, subject):
        self.node, self.name, self.subject = node, name, subject
        self.tgt = "%s.%s" % (subject.tgt, name)
        self.kind = node.text_of("kind_of")
        either = node.first("either")
        self.alternatives = [child.name for child in either.all("kind_of")] if either else []
        mapping = node if node.tag == "method" else node.first("mapping")
        self.mapping = mapping and Mapping(mapping, subject)
        self.is_method = node.tag == "method"


class Subject:
    """A kind, or (with is_super) an argument specification."""

    def __init__(self, node, name, package):
        self.node, self.name, self.package = node, name, package
        self.tgt = ".tgt.%s.%s" % (package.name, name)
        self.is_super = node.tag == "superkind"
        self.nodes = [node]  # it, and each `and`
        self.attributes, self.mappings, self.conditions = {}, [], {}
        self.examples, self.supers, self.subs = [], [], []
        self.self_name = "x"

    def texts(self):
        return [child for node in self.nodes for child in node.children if child.tag in TEXTS[:2]]

    def all(self, tag):
        return [child for node in self.nodes for child in node.all(tag)]

    def family(self):
        """It, and all whose attributes it inherits."""
        found, waiting = [], [self]
        while waiting:
            subject = waiting.pop(0)
            if subject not in found:
                found.append(subject)
                waiting += subject.supers
        return found

    def all_attributes(self):
        found = {}
        for subject in reversed(self.family()):
            found.update(subject.attributes)
        return found

    def all_mappings(self):
        return [mapping for subject in self.family() for mapping in subject.mappings]

    def all_examples(self):
        """Values of the kind: its own, and those of what it stands above."""
        found, waiting = [], [self]
        seen = set()
        while waiting:
            subject = waiting.pop(0)
            if subject.tgt not in seen:
                seen.add(subject.tgt)
                found += subject.examples
                waiting += subject.subs
        return found


class Package:
    """The definitions of one file."""

    def __init__(self, name, root, packages):
        self.name, self.root, self.packages = name, root, packages
        self.reporter = packages.reporter
        self.subjects, self.macros, self.documents = {}, {}, []

    # -- collecting

    def collect(self):
        for node in self.root.children:
            self.reporter.catch(self.add, node)

    def add(self, node):
        if node.tag not in TOP:
            raise SpecError(invalid(node, "package", TOP), node)
        check_definition(node)
        if node.tag != "comment" and not node.names:
            raise SpecError("%s needs a name" % node.tag, node)
        if node.tag == "document":
            self.documents.append(node)
        elif node.tag == "macro":
            for name in node.names:
                self.define(self.macros, name, node, node)
        elif node.tag in ("kind", "superkind"):
            subjects = []
            for name in node.names:
                subject = Subject(node, name, self)
                self.define(self.subjects, name, subject, node)
                subjects.append(subject)
            for subject in subjects:
                self.fill(subject, node)
        elif node.tag == "and":
            for name in node.names:
                subject = self.lookup(name, node)
                subject.nodes.append(node)
                self.fill(subject, node)
        elif node.tag == "import":
            self.add_import(node)
        elif node.tag == "condition":
            raise SpecError("A condition belongs to a kind", node)

    def define(self, table, name, value, node):
        if name in table:
            old = table[name]
            place = getattr(old, "node", old).place
            raise SpecError("Redefinition of %r." % name, node, (place, "Previous definition of %r." % name))
        table[name] = value

    def add_import(self, node):
        names, sources = node.names, node.all("from")
        if not sources:
            raise SpecError("import needs from: a package", node)
        found = {}
        for source in sources:
            package = self.packages.load(source.name, source)
            for name in names:
                if name in package.subjects:
                    found.setdefault(name, []).append(package.subjects[name])
        for name in names:
            if name not in found:
                raise SpecError("No such subject: %r  in %r." % (name, sources[0].name), node)
            if len(found[name]) > 1 and node.text_of("resolve_by") not in ("and", "or"):
                raise SpecError("%r is in several packages; resolve by: and, or" % name, node)
            self.define(self.subjects, name, found[name][0], node)

    def fill(self, subject, node):
        self.check_children(node)
        for child in node.children:
            self.reporter.catch(self.add_member, subject, child)

    def check_children(self, node):
        allowed = ALLOWED.get(node.tag)
        for child in node.children:
            check_definition(child)
            if allowed is None or child.tag in allowed:
                if child.tag not in TEXTS:
                    self.check_children(child)
            else:
                self.reporter.error(invalid(child, node.tag, allowed), node)
        if node.tag in OPERATORS:
            least, most = OPERATORS[node.tag]
            count = sum(child.tag in ARGUMENTS for child in node.children)
            if count < least or (most is not None and count > most):
                wanted = "%d argument%s" % (least, "" if least == 1 else "s")
                self.reporter.error("%s requires %s specified, got %d." % (node.tag, wanted, count), node)

    def add_member(self, subject, node):
        tag = node.tag
        if tag in ("attribute", "method"):
            if not node.names:
                raise SpecError("%s needs a name" % tag, node)
            for name in node.names:
                attribute = Attribute(node, name, subject)
                if name in subject.attributes:
                    self.define(subject.attributes, name, attribute, node)
                subject.attributes[name] = attribute
                for used in [attribute.kind, *attribute.alternatives]:
                    self.check_name(used, node)
            if attribute.mapping:
                self.check_mapping(attribute.mapping)
        elif tag == "mapping" or tag in OPERATORS:
            mapping = Mapping(node, subject, node.name)
            subject.mappings.append(mapping)
            self.check_mapping(mapping)
        elif tag == "condition":
            self.define(subject.conditions, node.name, node, node)
        elif tag == "example":
            subject.examples.append(node)
        elif tag == "self":
            subject.self_name = node.name
        elif tag == "subkind_of":
            subject.supers += [self.lookup(name, node) for name in node.names]
        elif tag == "superkind_of":
            subject.subs += [self.lookup(name, node) for name in node.names]

    def check_name(self, name, node):
        if name and name != "anything":
            self.reporter.catch(self.lookup, name, node)

    def check_mapping(self, mapping):
        waiting = list(mapping.arguments)
        while waiting:
            node = waiting.pop(0)
            if node.tag in ("arg", "key_arg"):
                self.check_name(argument_of(node)[1], node)
            elif node.tag == "repeat":
                self.reporter.catch(repetitions, node)
                waiting = [child for child in node.children if child.tag in ARGUMENTS] + waiting
            elif node.tag == "args":
                for name in node.names:
                    self.check_name(name, node)
            else:
                waiting = [child for child in node.children if child.tag in ARGUMENTS] + waiting
        returns = mapping.node.first("returns")
        if returns:
            self.check_name(returns.name, returns)
        for condition in mapping.preconditions + mapping.postconditions:
            self.reporter.catch(self.condition, condition)

    def condition(self, node):
        """(is_negated, condition node, arguments) of `[not ]Kind.name(arguments)`."""
        text = node.name
        is_negated = text.startswith("not ")
        text = text.removeprefix("not ").strip()
        if "(" not in text:
            raise SpecError("No left parenthesis", node)
        if not text.endswith(")"):
            raise SpecError("No right parenthesis", node)
        name, _, arguments = text[:-1].partition("(")
        kind, _, short = name.rpartition(".")
        subject = self.lookup(kind, node)
        if short not in subject.conditions:
            raise SpecError("No such condition: %r" % name, node)
        return is_negated, subject.conditions[short], [a.strip() for a in split_commas(arguments)]

    # -- looking up

    def lookup(self, name, node, subject=None):
        """The Subject or Attribute of a name (L-21)."""
        if name.startswith(".mykind"):
            if subject is None:
                raise SpecError("Document: No subject defined in current environment.", node)
            rest = name.removeprefix(".mykind").lstrip(".")
            return self.member(subject, rest, name, node)
        package, rest = self, name.removeprefix(".myfile.")
        if name.startswith(".tgt."):
            rest = name.removeprefix(".tgt.")
            fitting = [p for p in self.packages.loaded.values() if rest.startswith(p.name + ".")]
            if not fitting:
                raise SpecError("No such subject: %r  in %r." % (name, self.name), node)
            package = max(fitting, key=lambda p: len(p.name))
            rest = rest.removeprefix(package.name + ".")
        if rest in package.subjects:
            return package.subjects[rest]
        kind, _, attribute = rest.rpartition(".")
        if kind in package.subjects:
            return self.member(package.subjects[kind], attribute, name, node)
        raise SpecError("No such subject: %r  in %r." % (name, self.name), node)

    def member(self, subject, rest, name, node):
        if not rest:
            return subject
        attributes = subject.all_attributes()
        if rest not in attributes:
            raise SpecError("No such subject: %r  in %r." % (name, self.name), node)
        return attributes[rest]


def invalid(node, where, allowed):
    return "Invalid  tag: %r  in: %r. Allowed = %r" % (node.tag, where, tuple(allowed))


def check_definition(node):
    needs = node.tag in DEFINITIONS
    if needs and not node.is_definition:
        raise SpecError("Tag %r is a definition, requires ::" % node.tag, node)
    if node.is_definition and not needs and node.tag != "condition":
        raise SpecError("Tag %r is no definition, :: is not allowed" % node.tag, node)


def argument_of(node):
    """(name, kind) of `arg: name: Kind`."""
    name, colon, kind = node.name.partition(":")
    return name.strip(), kind.strip()


def repetitions(node):
    """(least, most) of `repeat: m`, `m..n` or `m..*`, which has no most: None."""
    text = node.name.replace(" ", "")
    found = re.fullmatch(r"(\d+)(?:\.\.(\d+|\*))?", text)
    if not found:
        raise SpecError("repeat: m, m..n or m..*, not %r" % text, node)
    least = int(found.group(1))
    most = None if found.group(2) == "*" else int(found.group(2) or least)
    if most is not None and most < least:
        raise SpecError("repeat: %d is less than %d" % (most, least), node)
    return least, most


def split_commas(text):
    """The parts between commas that are in no brackets."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if c == "," and not depth:
            parts.append(text[start:i])
            start = i + 1
    return parts + [text[start:]] if text.strip() else []


class Packages:
    """All files that were read, by package name."""

    def __init__(self, reporter, input_dir):
        self.reporter, self.input_dir = reporter, input_dir
        self.loaded, self.loading = {}, []

    def read(self, path, node):
        """The tree of a file; an imported one that cannot be read is an error of who imports it."""
        try:
            return node_of_file(path)
        except (OSError, ValueError) as error:
            if node is None:
                raise
            raise SpecError("cannot import: %s" % error, node) from None

    def load(self, name, node=None, text=None):
        """The package of a file, read once."""
        name = re.sub(r"\.gsl$", "", name).replace("/", ".").lstrip(".")
        if name in self.loading:
            raise SpecError("Package %r imports itself" % name, node)
        if name not in self.loaded:
            print("Making package subject %r" % name)
            path = os.path.join(self.input_dir, name.replace(".", os.sep) + ".gsl")
            root = self.read(path, node) if text is None else node_of_string(text, path, self.input_dir)
            package = Package(name, root, self)
            self.loading.append(name)
            package.collect()
            self.loading.remove(name)
            self.loaded[name] = package
        return self.loaded[name]

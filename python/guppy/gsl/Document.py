"""Documents: their nodes are expanded to trees of elements, which the visitors of the outputs write.

An element is a tag of HTML with attributes and children, or `reference` (to a target) or `anchor` (which is one).
"""

import re
from html.parser import HTMLParser

from .Errors import SpecError
from .Package import ARGUMENTS, Attribute, argument_of
from .SpecNodes import SpecNode

__all__ = ["Element", "Expander", "OUTPUTS", "check_references", "elements_of_node", "outputs_of"]

OUTPUTS = {"html": "Doc2Html", "xhtml": "Doc2XHtml", "latex": "Doc2Latex", "tester": "Doc2Tester"}
BLOCKS = frozenset("address blockquote body center dd del div dl dt fieldset form h1 h2 h3 h4 h5 h6 head hr html ins li link "
                   "meta noscript ol p pre script style table tbody td tfoot th thead title tr ul".split())  # fmt: skip
INLINE = frozenset("a abbr acronym b bdo big br cite code dfn em i img kbd q samp small span strong sub sup tt u var".split())
SHORTHANDS = {"enumerate": "ol", "itemize": "ul", "literal_block": "pre"}
IN_TESTER = ("test_of", "to_document_only", "to_html_only", "to_tester_only", "for", "use", "args", "take_first", "take_rest", "take_all",
             "comment", "output", "document_title", "document_lang", "author", "header")  # fmt: skip


class Element:
    __slots__ = ("tag", "attributes", "children")

    def __init__(self, tag, *children, **attributes):
        self.tag, self.children, self.attributes = tag, list(children), attributes

    def __repr__(self):
        return "Element(%r, %s, **%r)" % (self.tag, self.children, self.attributes)


class MarkupReader(HTMLParser):
    """Text in HTML syntax as children of an element (gsml)."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.path = [Element("gsml")]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        element = Element(tag, **{name: value or "" for name, value in attributes})
        self.path[-1].children.append(element)
        if tag not in ("br", "hr", "img"):
            self.path.append(element)

    def handle_endtag(self, tag):
        if any(element.tag == tag for element in self.path[1:]):
            while self.path.pop().tag != tag:
                pass

    def handle_data(self, text):
        self.path[-1].children.append(text)


def outputs_of(document):
    """The output modes of a document node."""
    found = []
    for node in document.all("output"):
        for name in node.names:
            if name.lower() not in OUTPUTS:
                raise SpecError("Document: Unknown output mode: %r. Expected one of %r." % (name, list(OUTPUTS)), node)
            found.append(name.lower())
    return found


REFERRING = ("man_page_of", "test_of", "synopsis_of", "description_of", "name_of", "id_of", "kind_of", "attributes_of", "arguments_of",
             "mappings_of", "link_to", "define")  # fmt: skip


def check_references(package, document, reporter):
    """Report what a document mentions and nothing defines.  Loops and macros are looked at when they are expanded."""
    waiting = list(document.children)
    while waiting:
        node = waiting.pop(0)
        if node.tag in ("for", "use"):
            continue
        waiting = list(node.children) + waiting
        if node.tag == "ref":
            reporter.catch(package.lookup, node.name, node)
        elif node.tag in REFERRING and node.tag != "link_to":
            for name in node.names:
                try:
                    package.lookup(name, node)
                except SpecError:
                    reporter.error("Undefined: %r in %r." % (name, ".tgt." + package.name), node)


def substituted(node, name, value):
    """A node with `value` for the word `name` in all its arguments."""
    arg = re.sub(r"(?<![\w.])%s(?!\w)" % re.escape(name), lambda m: value, node.arg)
    return SpecNode(node.tag, arg, [substituted(c, name, value) for c in node.children], node.place, node.is_definition)


def tail(text):
    """Text that follows something on its line."""
    return re.sub(r"\s+$", "", text)


class Expander:
    """Expands one document for one output."""

    def __init__(self, package, document_name, mode, reporter):
        self.package, self.name, self.mode, self.reporter = package, document_name, mode, reporter
        self.subject = None  # the kind that is described
        self.macro_arguments = None
        self.macros_used = []  # those that are being expanded
        self.anchors = []

    # -- nodes

    def expand_all(self, nodes):
        found = []
        for node in nodes:
            made = self.reporter.catch(self.expand, node)
            for item in made or ():
                if isinstance(item, Element) and item.tag == "reference" and found and not ends_blank(found[-1]):
                    found.append(" ")
                found.append(item)
        return found

    def expand(self, node):
        """The elements and texts of a node."""
        method = getattr(self, "expand_" + node.tag, None)
        if self.mode == "tester" and node.tag not in IN_TESTER:
            method = None
        if method:
            return method(node)
        tag = SHORTHANDS.get(node.tag, node.tag)
        if self.mode != "tester" and (tag in BLOCKS or tag in INLINE):
            return [self.element(tag, node)]
        raise SpecError("%s: I don't know what to generate for the tag %r." % (OUTPUTS[self.mode], node.tag), node)

    def element(self, tag, node):
        text = node.arg.lstrip(" ") if tag != "pre" else node.arg.strip("\n ")
        children = [c for c in node.children if not c.tag.endswith("=") and c.tag != "with"]
        if node.tag in ("enumerate", "itemize"):
            items = [Element("li", *(self.expand_all(c.children) if c.tag == "li" else self.expand_all([c]))) for c in children]
            for item, c in zip(items, children):
                if c.tag == "li" and c.name:
                    item.children.insert(0, c.name)
            made = Element(tag, *items)
        else:
            made = Element(tag, *([text] if text else []))
            for item in self.expand_all(children):
                if isinstance(item, Element) and item.tag == "reference" and made.children and not ends_blank(made.children[-1]):
                    made.children.append(" ")
                made.children.append(item)
        for child in node.children:
            for attribute in [child, *child.children] if child.tag == "with" else [child]:
                if attribute.tag.endswith("="):
                    made.attributes[attribute.tag[:-1]] = attribute.name
        return made

    def expand_text(self, node):
        return [tail(node.arg), *self.expand_all(node.children)]

    def expand_comment(self, node):
        return []

    expand_output = expand_document_title = expand_document_lang = expand_author = expand_header = expand_comment

    def expand_meta(self, node):
        name, _, content = node.name.partition(":")
        return [Element("meta", name=name.strip(), content=content.strip())]

    def expand_char(self, node):
        from html.entities import name2codepoint

        text = node.name
        try:
            return [chr(name2codepoint[text]) if text in name2codepoint else chr(int(text, 0))]
        except (ValueError, OverflowError):
            raise SpecError("char: a number or the name of a character entity, not %r" % text, node) from None

    def expand_gsml(self, node):
        return [*MarkupReader(node.arg.lstrip(" ")).path[0].children, *self.expand_all(node.children)]

    def expand_to_document_only(self, node):
        return [] if self.mode == "tester" else self.expand_all(node.children)

    def expand_to_html_only(self, node):
        return self.expand_all(node.children) if "html" in self.mode else []

    def expand_to_tester_only(self, node):
        return self.expand_all(node.children) if self.mode == "tester" else []

    def expand_for(self, node):
        values = node.first("in")
        if values is None:
            raise SpecError("for needs in: the values", node)
        body = [child for child in node.children if child.tag != "in"]
        return [item for value in values.names for item in self.expand_all([substituted(c, node.name, value) for c in body])]

    def expand_use(self, node):
        name, _, text = node.arg.partition(":")
        macro = self.package.macros.get(name.strip())
        if macro is None:
            raise SpecError("No such macro: %r" % name.strip(), node)
        if macro in self.macros_used:
            raise SpecError("Macro %r uses itself" % name.strip(), node)
        outer, self.macro_arguments = self.macro_arguments, [
            *(SpecNode("text", " " + part.strip(), place=node.place) for part in text.split(",") if part.strip()),
            *node.children,
        ]
        self.macros_used.append(macro)
        try:
            return self.expand_all(macro.children)
        finally:
            self.macros_used.pop()
            self.macro_arguments = outer

    def taken(self, node, part):
        if self.macro_arguments is None:
            raise SpecError("%s is only known in a macro" % node.tag.replace("_", " "), node)
        return self.expand_all(self.macro_arguments[part])

    def expand_args(self, node):
        return self.taken(node, slice(None))

    expand_take_all = expand_args

    def expand_take_first(self, node):
        return self.taken(node, slice(1))

    def expand_take_rest(self, node):
        return self.taken(node, slice(1, None))

    # -- links

    def lookup(self, name, node):
        try:
            return self.package.lookup(name, node, self.subject)
        except SpecError:
            raise SpecError("Undefined: %r in %r." % (name, ".tgt." + self.package.name), node) from None

    def anchor(self, tgt, *children):
        self.anchors.append(tgt)
        return Element("anchor", *children, target=tgt)

    def expand_link_to(self, node):
        name = node.name
        try:
            found = self.package.lookup(name, node, self.subject)
            tgt, text = found.tgt, found.name
        except SpecError:
            tgt, text = ".label." + name, name
        children = [t.strip() if isinstance(t, str) else t for t in self.expand_all(node.children)]
        return [Element("reference", *(children or [text]), target=tgt)]

    def expand_ref(self, node):
        found = self.package.lookup(node.name, node, self.subject)
        children = [t.strip() if isinstance(t, str) else t for t in self.expand_all(node.children)]
        return [Element("reference", *(children or [found.name]), target=found.tgt)]

    def expand_define(self, node):
        return [self.anchor(self.lookup(node.name, node).tgt, *self.expand_all(node.children))]

    def expand_label(self, node):
        return [self.anchor(".label." + node.name, *self.expand_all(node.children))]

    # -- what kinds are

    def with_subject(self, node, function):
        """function(subject) of each kind that a node names."""
        found = []
        for name in node.names:
            thing = self.lookup(name, node)
            outer, self.subject = self.subject, thing.subject if isinstance(thing, Attribute) else thing
            try:
                found += function(thing)
            finally:
                self.subject = outer
        return found

    def expand_man_page_of(self, node):
        return self.with_subject(node, self.man_page)

    def expand_name_of(self, node):
        return self.with_subject(node, lambda thing: [thing.name])

    def expand_id_of(self, node):
        return self.with_subject(node, lambda thing: [thing.tgt])

    def expand_kind_of(self, node):
        return self.with_subject(node, lambda thing: self.kind_link(getattr(thing, "kind", "") or "anything"))

    def expand_synopsis_of(self, node):
        return self.with_subject(node, lambda thing: self.synopsis(thing, thing.subject.self_name) if isinstance(thing, Attribute) else self.kind_synopsis(thing))

    def expand_description_of(self, node):
        return self.with_subject(node, lambda thing: self.texts([thing.node] if isinstance(thing, Attribute) else thing.nodes))

    def expand_attributes_of(self, node):
        return self.with_subject(node, lambda subject: self.attribute_list(subject.all_attributes().values(), subject))

    def expand_mappings_of(self, node):
        return self.with_subject(node, lambda subject: self.mapping_list(subject.all_mappings(), subject))

    def expand_arguments_of(self, node):
        return self.with_subject(node, lambda thing: self.argument_list(thing.mapping.arguments) if thing.mapping else [])

    def expand_test_of(self, node):
        if self.mode != "tester":
            raise SpecError("%s: I don't know what to generate for the tag 'test_of'." % OUTPUTS[self.mode], node)
        coverage = node.text_of("coverage", "1")
        return self.with_subject(node, lambda subject: [Element("test", subject=subject, coverage=coverage, node=node)])

    def kind_link(self, name):
        if name == "anything":
            return [Element("strong", "anything")]
        try:
            found = self.package.lookup(name, None, self.subject)
        except SpecError:
            return [Element("em", name)]
        return [Element("reference", found.name, target=found.tgt)]

    def notation(self, nodes):
        """Arguments as L-30 prints them, with commas between."""
        found = []
        for node in nodes:
            made = self.argument_notation(node)
            found += ([", "] if found and made else []) + made
        return found

    def argument_notation(self, node):
        tag, inner = node.tag, [child for child in node.children if child.tag in (*ARGUMENTS, "no_arg")]
        if tag in ("arg", "key_arg"):
            name, kind = argument_of(node)
            sign = ": " if tag == "arg" else " = "
            return [Element("var", name), Element("code", sign)] + self.kind_link(kind or "anything")
        if tag == "no_arg":
            return []
        if tag in ("optionals", "draw"):
            return ["[", *self.notation(inner), "]"]
        if tag == "alt":
            found = []
            for child in inner:
                found += ([" or "] if found else []) + (self.argument_notation(child) or ["nothing"])
            return ["alt:[", *found, "]"]
        if tag == "repeat":
            return [re.sub(r"\s", "", node.name), ":", *self.notation(inner)]
        if tag == "args":
            return [item for name in node.names for item in [", ", *self.kind_link(name)]][1:]
        return self.notation(inner)

    def call_notation(self, mapping):
        returns = [" ", Element("strong", "->"), " ", *self.kind_link(mapping.returns)] if mapping.returns else []
        return ["(", *self.notation(mapping.arguments), ")", *returns]

    def synopsis(self, attribute, self_name, name=None):
        named = name or Element("reference", attribute.name, target=attribute.tgt)
        found = [self_name, Element("code", "."), named]
        if attribute.mapping:
            found += self.call_notation(attribute.mapping)
        if attribute.mapping and not attribute.kind:
            return found
        kinds = [attribute.kind or "anything"] if not attribute.alternatives else attribute.alternatives
        found.append(Element("code", ": "))
        for i, kind in enumerate(kinds):
            found += ([" or "] if i else []) + self.kind_link(kind)
        return found

    def mapping_synopsis(self, mapping, self_name):
        tag, sign = mapping.node.tag, mapping.symbol
        arguments = self.notation(mapping.arguments)
        returns = [" ", Element("strong", "->"), " ", *self.kind_link(mapping.returns)] if mapping.returns else []
        if tag == "mapping":
            return [self_name, *self.call_notation(mapping)]
        if tag == "function_operator":
            return ["%s(%s)" % (sign, self_name), *returns]
        if tag == "reverse_operator":
            return [*arguments, " %s %s" % (sign, self_name), *returns]
        if tag == "getitem":
            return [self_name, "[", *arguments, "]", *returns]
        if tag == "delitem":
            return ["del ", self_name, "[", *arguments, "]"]
        if tag == "setitem":
            return [self_name, "[", *self.notation(mapping.arguments[:-1]), "] = ", *self.notation(mapping.arguments[-1:])]
        return ["%s %s " % (self_name, sign), *arguments, *returns]

    def texts(self, nodes):
        """Descriptions, as paragraphs."""
        found = []
        for node in nodes:
            for child in node.children:
                if child.tag == "description":
                    found.append(Element("p", *self.inline(child.arg, child.children)))
                elif child.tag == "description_with_header":
                    header, _, rest = child.arg.strip().partition("\n")
                    found += [Element("h3", header), Element("p", *self.inline(rest, child.children))]
        return found

    def inline(self, text, children):
        found = [text.strip()] if text.strip() else []
        for item in self.expand_all(children):
            if isinstance(item, Element) and item.tag == "reference" and found and not ends_blank(found[-1]):
                found.append(" ")
            elif isinstance(item, str) and found and isinstance(found[-1], Element) and found[-1].tag == "reference" and item[:1].isalnum():
                found.append(" ")
            found.append(item)
        return found

    def argument_list(self, nodes):
        rows = []
        for node in nodes:
            inner = [child for child in node.children if child.tag in ARGUMENTS]
            if inner:
                rows += self.argument_list(inner)[:1] and self.argument_list(inner)[0].children
            elif node.tag in ("arg", "key_arg"):
                default = node.first("default")
                about = self.texts([node]) + ([Element("p", "Default: ", Element("code", default.name))] if default else [])
                rows += [Element("dt", *self.argument_notation(node)), Element("dd", *about)]
        return [Element("dl", *rows)] if rows else []

    def conditions_of(self, mapping):
        rows = []
        for title, nodes in (("Precondition", mapping.preconditions), ("Postcondition", mapping.postconditions)):
            rows += [Element("p", Element("strong", title), ": ", Element("code", node.name)) for node in nodes]
        return rows

    def mapping_texts(self, mapping):
        arguments = self.argument_list(mapping.arguments)
        title = "Arguments" if len(mapping.arguments) > 1 else "Argument"
        shown = [Element("p", Element("strong", title)), *arguments] if arguments else []
        return self.texts([mapping.node]) + shown + self.conditions_of(mapping)

    def attribute_list(self, attributes, subject):
        rows = []
        for attribute in attributes:
            anchor = self.anchor(attribute.tgt, Element("strong", attribute.name))
            texts = self.mapping_texts(attribute.mapping) if attribute.is_method else self.texts([attribute.node])
            if attribute.mapping and not attribute.is_method:
                texts += self.mapping_texts(attribute.mapping)
            rows += [Element("dt", *self.synopsis(attribute, subject.self_name, anchor)), Element("dd", *texts)]
        return [Element("dl", *rows)] if rows else []

    def mapping_list(self, mappings, subject):
        rows = []
        for mapping in mappings:
            rows += [Element("dt", *self.mapping_synopsis(mapping, subject.self_name)), Element("dd", *self.mapping_texts(mapping))]
        return [Element("dl", *rows)] if rows else []

    def kind_synopsis(self, subject):
        name = subject.self_name
        attributes = list(subject.all_attributes().values())
        groups = (
            ("Method", [self.synopsis(a, name) for a in attributes if a.is_method]),
            ("Operator", [self.mapping_synopsis(m, name) for m in subject.all_mappings() if m.node.tag != "mapping"]),
            ("Mapping", [self.mapping_synopsis(m, name) for m in subject.all_mappings() if m.node.tag == "mapping"]),
            ("Attribute", [self.synopsis(a, name) for a in attributes if not a.is_method]),
        )
        rows = []
        for title, lines in groups:
            if lines:
                rows.append(Element("dt", Element("strong", title + ("s" if len(lines) > 1 else ""))))
                rows += [Element("dd", *line) for line in lines]
        link = Element("reference", subject.name, target=subject.tgt)
        head = Element("p", "For any object ", Element("var", name), " of kind ", link, ":")
        return [head] + ([Element("dl", *rows)] if rows else [])

    def man_page(self, subject):
        """The reference page of a kind."""
        attributes = list(subject.all_attributes().values())
        methods = [a for a in attributes if a.is_method]
        others = [a for a in attributes if not a.is_method]
        operators = [m for m in subject.all_mappings() if m.node.tag != "mapping"]
        mappings = [m for m in subject.all_mappings() if m.node.tag == "mapping"]
        constructors = [Element("p", *self.kind_link(name)) for node in subject.all("constructor") for name in node.names]
        conditions = []
        for name, node in subject.conditions.items():
            arguments = [child.name for child in node.all("self") + node.all("arg")]
            conditions += [Element("dt", "%s(%s)" % (name, ", ".join(arguments))), Element("dd", Element("code", node.text_of("python_code")))]
        sections = (
            ("Name", 1, [Element("p", subject.name)]),
            ("Synopsis", 1, self.kind_synopsis(subject)),
            ("Description", 1, self.texts(subject.nodes)),
            ("Constructor", len(constructors), constructors),
            ("Method", len(methods), self.attribute_list(methods, subject)),
            ("Operator", len(operators), self.mapping_list(operators, subject)),
            ("Mapping", len(mappings), self.mapping_list(mappings, subject)),
            ("Attribute", len(others), self.attribute_list(others, subject)),
            ("Condition", len(subject.conditions), [Element("dl", *conditions)] if conditions else []),
            ("Example", len(subject.all_examples()), [Element("p", Element("code", node.name)) for node in subject.all_examples()]),
        )
        found = [self.anchor(subject.tgt, Element("h1", subject.name))]
        for title, count, content in sections:
            if content:
                found += [Element("h2", title + ("s" if count > 1 else "")), *content]
        return found


def ends_blank(item):
    return isinstance(item, str) and (not item or item[-1].isspace() or item[-1] in "([")


class NoPackage:
    """What stands for the package of a node without one."""

    name, macros = "", {}

    def lookup(self, name, node, subject=None):
        raise SpecError("No such subject: %r  in %r." % (name, self.name), node)


class Raiser:
    """A reporter that raises the first error."""

    def catch(self, function, *arguments):
        return function(*arguments)


def elements_of_node(node, mode="html"):
    """The elements of a tree without definitions (node_of_string).  Raises SpecError, a ValueError would lose the place."""
    expander = Expander(NoPackage(), "", mode, Raiser())
    return expander.expand_all(node.children) if node.tag == "root" else expander.expand(node)

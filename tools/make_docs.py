#!/usr/bin/env python3
"""Make everything that documents the package from docstrings, so that no two places can disagree.

    make_docs.py header OUT STUB           docstrings of a compiled module, as a C header
    make_docs.py help OUT STUB...          texts of the interactive help (hp.doc), as a Python module
    make_docs.py html OUT SOURCE...        the reference as one page, which is installed with the package
    make_docs.py markdown OUT SOURCE...    the same for the documentation site
"""

import ast
import html
import re
import sys
import textwrap
from pathlib import Path

from doc_source import Module, paragraphs

WIDTH = 70  # of help texts

# ---- C ----


def c_string(text):
    lines = text.split("\n")
    quoted = ['"%s\\n"' % line.replace("\\", "\\\\").replace('"', '\\"') for line in lines[:-1]]
    quoted.append('"%s"' % lines[-1].replace("\\", "\\\\").replace('"', '\\"'))
    return " \\\n    ".join(quoted)


def text_signature(function):
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
        if "/" in rest.split(", "):
            text = "$self, " + rest
        else:
            text = "$self, /" + (", " + rest if rest else "")
    return "%s(%s)\n--\n\n" % (function.name, text)


def macros(module):
    """Pairs of macro name and text."""
    yield "module", module.text
    for function in module.functions.values():
        yield "function_" + function.name, text_signature(function.node) + function.text
    for c in module.classes.values():
        yield c.name, c.text
        for member in c.members.values():
            if member.text:
                signature = "" if member.arguments is None else text_signature(member.node)
                yield "%s_%s" % (c.name, member.name), signature + member.text


def make_header(stub):
    yield "/* Made from the stub file by tools/make_docs.py: do not edit. */"
    for name, text in macros(Module(stub)):
        yield "\n#define DOC_%s \\\n    %s" % (name, c_string(text))


# ---- interactive help ----


def argument_text(argument):
    kind = argument.kind.replace(" | None", "") or "Any"
    return "%s%s: %s+" % ("0..*:" if argument.prefix == "*" else "", argument.name, kind)


def synopsis_lines(member, returned):
    """`name(argument: Kind+, [optional: Kind+]) -> Kind`, or `name: Kind`."""
    if member.arguments is None:
        return ["%s: %s" % (member.name, returned or "Any")]
    mandatory = [argument_text(a) for a in member.arguments if a.default is None and a.prefix != "**"]
    optional = [argument_text(a) for a in member.arguments if a.default is not None]
    parts = ", ".join(mandatory + (["[%s]" % ", ".join(optional)] if optional else []))
    text = "%s(%s)" % (member.name, parts) + (" -> %s" % returned if returned not in ("", "None") else "")
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False)


def split_arguments(paragraph, names):
    """[(name, text), ...] of a paragraph that explains arguments, each as `name: text`; else None."""
    if not names or not re.match(r"(%s): " % "|".join(map(re.escape, names)), paragraph):
        return None
    parts = re.split(r"(?:^|(?<=[.;]) +)(%s): " % "|".join(map(re.escape, names)), paragraph)
    return list(zip(parts[1::2], parts[2::2]))


def split_raises(text):
    """The text without and the sentence that says what is raised."""
    at = re.search(r"(?:^|(?<=[.;] )|(?<=[.;]  ))Raises ", text)
    return (text[: at.start()].strip(), text[at.start() :].strip()) if at else (text, "")


class HelpText:
    """The text of one entry, in the layout of HD-7."""

    def __init__(self, owner, member, classes, documented):
        self.targets = ["reference.html#%s.%s" % (owner, member.name)]
        self.classes, self.documented = classes, documented
        self.own_name = member.name
        returned = re.sub(r"\w+", self.linked_kind, member.kind.replace(" | None", ""))
        self.lines = synopsis_lines(member, returned)
        names = [a.name for a in member.arguments or ()]
        self.explained, self.notes = [], []
        for paragraph in paragraphs(member.text):
            self.add_paragraph(paragraph, names)
        kinds = {a.name: a.kind.replace(" | None", "") or "Any" for a in member.arguments or ()}
        if self.explained:
            self.lines += ["", "Arguments" if len(self.explained) > 1 else "Argument"]
            for name, text in self.explained:
                self.lines.append("    %s: %s+" % (name, kinds[name]))
                self.lines += self.wrap(text[0].upper() + text[1:], 8)
        if self.notes:
            self.lines += ["" if not self.explained else None, "Note"]
            for note in self.notes:
                self.lines += self.wrap(note, 4)
        self.lines = [line for line in self.lines if line is not None]
        if self.lines[-1]:
            self.lines += [""] if not (self.explained or self.notes) else []
        self.lines.append("References")
        self.lines += ["    [%d] %s" % pair for pair in enumerate(self.targets)]

    def linked_kind(self, match):
        name = match.group()
        return name + ("[%d]" % self.number("reference.html#" + name) if name in self.classes else "")

    def number(self, target):
        if target not in self.targets:
            self.targets.append(target)
        return self.targets.index(target)

    def add_paragraph(self, paragraph, names):
        if paragraph.startswith(" "):
            self.lines += ["", *paragraph.split("\n")]
            return
        arguments = split_arguments(paragraph, names)
        if arguments is None:
            text, raises = split_raises(paragraph)
            if text:
                self.lines += ["", *self.wrap(text, 0)]
        else:
            last, raises = split_raises(arguments[-1][1])
            self.explained += arguments[:-1] + [(arguments[-1][0], last)]
        if raises:
            self.notes.append(raises)

    def linked(self, text):
        """The text with the numbers of what it mentions."""

        def link(match):
            name = match.group(1) or match.group(2)
            owner = self.documented.get(name)
            if not owner or name == self.own_name:
                return match.group()
            target = "reference.html#%s.%s" % (owner, name)
            is_new = target not in self.targets
            return match.group() + ("[%d]" % self.number(target) if is_new else "")

        return re.sub(r"\bhp\.([A-Za-z_]+)(?:\(\))?(?![\w(.])|\b([a-z_]+)\(\)", link, text)

    def wrap(self, text, indent):
        return textwrap.wrap(
            self.linked(text), WIDTH, initial_indent=" " * indent, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
        )

    def __str__(self):
        return "\n".join(self.lines)


def make_help(*stubs):
    modules = [Module(stub) for stub in stubs]
    classes = {name: c for module in modules for name, c in module.classes.items()}
    documented = {}
    for owner in ("IdentitySet", "UniSet", "Session"):
        documented.update({m.name: owner for m in classes[owner].members.values() if m.text})
    yield '"""Texts of the interactive help, made from the stub files by tools/make_docs.py: do not edit."""'
    yield "\nTEXTS = {"
    for name, c in classes.items():
        for member in c.members.values():
            if member.text and member.is_public:
                yield "    %r: %r," % ("%s.%s" % (name, member.name), str(HelpText(name, member, classes, documented)))
    yield "}"


# ---- the reference ----


def signature(member):
    """As Python writes it, without annotations of arguments."""
    if member.arguments is None:
        return member.name + (": " + member.kind if member.kind else "")
    parts, is_after_star = [], False
    for a in member.arguments:
        if a.only_by_name and not is_after_star and not any(p.startswith("*") for p in parts):
            parts.append("*")
            is_after_star = True
        parts.append(a.prefix + a.name + ("=" + a.default if a.default is not None else ""))
    return "%s(%s)" % (member.name, ", ".join(parts)) + (" -> " + member.kind if member.kind else "")


def module_name(path):
    parts = Path(path).with_suffix("").parts
    return ".".join(parts[parts.index("guppy") :])


def entries(sources):
    """(level, anchor, heading, text) of everything that is public and has a text."""
    for source in sources:
        module = Module(source)
        yield 2, module_name(source), module_name(source).replace("guppy._heapyc", "guppy.heapy"), module.text.split("\n\n")[0]
        for function in module.functions.values():
            if function.is_public and function.text:
                yield 3, function.name, signature(function), function.text
        for c in module.classes.values():
            if c.name.startswith("_") or not c.text:
                continue
            yield 3, c.name, c.name, c.text
            for member in c.members.values():
                if member.is_public and member.text:
                    yield 4, "%s.%s" % (c.name, member.name), signature(member), member.text


def make_markdown(*sources):
    yield "# Reference\n\nMade from the docstrings of the package; `help()` and `hp.doc` show the same texts.\n"
    for level, anchor, heading, text in entries(sources):
        yield '<a id="%s"></a>\n\n%s `%s`\n' % (anchor, "#" * level, heading)
        for paragraph in paragraphs(text):
            yield (textwrap.indent(textwrap.dedent(paragraph), "    ") if paragraph.startswith(" ") else paragraph) + "\n"


STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
    "h2{border-bottom:1px solid}h3,h4{font-family:monospace;margin-bottom:0}h4{font-weight:normal;font-size:100%}"
    "h4~p{margin:.3em 0 .8em 2em}:target{background:#ff9}code,pre{background:#8882}"
)


def inline(text):
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def make_html(*sources):
    yield "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Heapy: reference</title>\n<style>%s</style>" % STYLE
    yield "<h1>Heapy: reference</h1>"
    for level, anchor, heading, text in entries(sources):
        yield '<h%d id="%s">%s</h%d>' % (level, anchor, html.escape(heading, quote=False), level)
        for paragraph in paragraphs(text):
            tag = "pre" if paragraph.startswith(" ") else "p"
            yield "<%s>%s</%s>" % (tag, inline(textwrap.dedent(paragraph)), tag)
    yield "</html>"


MAKERS = {"header": make_header, "help": make_help, "html": make_html, "markdown": make_markdown}


def main():
    what, out, *sources = sys.argv[1:]
    Path(out).write_text("\n".join(MAKERS[what](*sources)) + "\n", encoding="utf-8")


main()

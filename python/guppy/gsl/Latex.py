"""Elements as LaTeX: a fragment without preamble."""

import re

from .Document import BLOCKS, INLINE
from .Errors import SpecError

__all__ = ["LatexWriter"]

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
SECTIONS = {"h1": "chapter", "h2": "section", "h3": "subsection", "h4": "subsubsection", "h5": "paragraph", "h6": "subparagraph"}
STYLES = {"em": "emph", "i": "emph", "var": "emph", "dfn": "emph", "cite": "emph", "strong": "textbf", "b": "textbf", "code": "texttt",
          "tt": "texttt", "kbd": "texttt", "samp": "texttt", "small": "textrm", "sub": "textsubscript", "sup": "textsuperscript",
          "big": "textrm", "u": "underline"}  # fmt: skip
ENVIRONMENTS = {"ul": "itemize", "ol": "enumerate", "blockquote": "quote", "center": "center"}
ONLY_HTML = frozenset(["head", "link", "meta", "script", "style", "title", "img", "form", "fieldset", "noscript"])


def escaped(text):
    return re.sub(r"[\\{}$&#%_~^<>|]", lambda m: SPECIAL[m.group()], text)


class LatexWriter:
    """Writes elements; a link that leads nowhere, or to another document, is set in italics."""

    extension = ".tex"

    def __init__(self, href_of=lambda target: None, mode="latex"):
        self.href_of = href_of

    def write(self, items):
        return "".join(escaped(item) if isinstance(item, str) else self.element(item) for item in items)

    def element(self, element):
        tag = element.tag
        if tag == "pre":
            text = "".join(item if isinstance(item, str) else self.write([item]) for item in element.children)
            text = text.replace("\\end{verbatim}", "\\end {verbatim}")  # which would end it
            return "\n\\begin{verbatim}\n%s\n\\end{verbatim}\n" % text
        if tag == "table":
            return self.table(element)
        inner = self.write(element.children)
        if tag in SECTIONS:
            return "\n\\%s{%s}\n" % (SECTIONS[tag], inner.strip())
        if tag in STYLES:
            return "\\%s{%s}" % (STYLES[tag], inner)
        if tag in ENVIRONMENTS:
            return "\n\\begin{%s}%s\n\\end{%s}\n" % (ENVIRONMENTS[tag], inner, ENVIRONMENTS[tag])
        if tag == "dl":
            return "\n\\begin{description}%s\n\\end{description}\n" % inner
        if tag == "dt":
            return "\n\\item[{%s}] " % inner.strip()
        if tag == "li":
            return "\n\\item " + inner.strip()
        if tag == "p":
            return "\n%s\n" % inner.strip("\n")
        if tag == "hr":
            return "\n\\par\\noindent\\hrulefill\\par\n"
        if tag == "br":
            return "\\\\\n"
        if tag == "reference":
            return "\\emph{%s}" % inner
        if tag in ("anchor", "dd", "a") or (tag in BLOCKS | INLINE and tag not in ONLY_HTML):
            return inner
        if tag in ONLY_HTML:
            return ""
        raise SpecError("Doc2Latex: I don't know what to generate for the tag %r." % tag)

    def table(self, element):
        rows, waiting = [], list(element.children)
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, str):
                continue
            if item.tag == "tr":
                rows.append([self.write(cell.children).strip() for cell in item.children if not isinstance(cell, str)])
            else:
                waiting = list(item.children) + waiting
        columns = max(map(len, rows), default=0)
        lines = " \\\\\n".join(" & ".join(row) for row in rows)
        return "\n\\begin{tabular}{%s}\n%s\n\\end{tabular}\n" % ("l" * columns, lines) if columns else ""

    def document(self, node, body, head=()):
        return self.write(body).lstrip("\n")

"""From a specification to its documents and tests."""

import os

from .Document import Expander, check_references, outputs_of
from .Errors import HadReportedError, Reporter, SpecError, TooManyErrors
from .Html import HtmlWriter, anchor_name
from .Latex import LatexWriter
from .Package import Packages
from .Tester import TesterWriter

__all__ = ["HadReportedError", "main"]

BACKUP = ",gsl-backuped"


class Output:
    """One document for one output: its elements, then its text."""

    def __init__(self, package, node, mode, reporter):
        self.package, self.node, self.name, self.mode, self.reporter = package, node, node.name, mode, reporter
        self.expander = Expander(package, self.name, mode, reporter)
        self.body = self.head = ()
        self.text = ""

    @property
    def extension(self):
        return {"latex": ".tex", "tester": ".py"}.get(self.mode, ".html")

    @property
    def path(self):
        return self.name + self.extension

    def expand(self):
        self.body = self.expander.expand_all(self.node.children)
        metas = [child for child in self.body if not isinstance(child, str) and child.tag == "meta"]
        self.body = [child for child in self.body if child not in metas]
        header = self.node.first("header")
        self.head = metas + (self.expander.expand_all(header.children) if header else [])

    def write(self, href_of):
        if self.mode == "tester":
            writer = TesterWriter(self.package, self.reporter)
        else:
            writer = LatexWriter(href_of) if self.mode == "latex" else HtmlWriter(href_of, self.mode)
        self.text = writer.document(self.node, self.body, self.head)


class Links:
    """Where targets are: in the document itself if it has them, else in the first that does."""

    def __init__(self, outputs):
        self.pages = [output for output in outputs if "html" in output.mode]
        self.unresolved = {}

    def href_of(self, output, target):
        for page in [output] * (output in self.pages) + self.pages:
            if target in page.expander.anchors:
                return ("" if page is output else page.path) + "#" + anchor_name(target)
        self.unresolved.setdefault(target, []).append(output.name)
        return None


def targets(items):
    """The targets of all links in some elements, kinds that nothing describes included."""
    waiting = list(items)
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            continue
        if item.tag == "reference":
            yield item.attributes["target"]
        waiting += item.children


def print_unresolved(outputs, links):
    for output in outputs:
        if output.mode != "tester":
            for target in targets(output.body):
                links.href_of(output, target)
    if links.unresolved:
        print("Unresolved links:")
        for target, names in links.unresolved.items():
            print("   %s used in %s" % (target, ", ".join(dict.fromkeys(names))))


def write_file(path, text):
    if os.path.exists(path):
        os.replace(path, path + BACKUP)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def process(packages, filename, input_string, process_despite_errors):
    """The outputs of a file, with their texts."""
    reporter = packages.reporter
    package = packages.load(filename, text=input_string)
    outputs = []
    for document in package.documents:
        for mode in reporter.catch(outputs_of, document) or ():
            outputs.append(Output(package, document, mode, reporter))
        check_references(package, document, reporter)
    if not package.documents:
        reporter.warning("No documents specified.")
    if reporter.errors and not process_despite_errors:
        return []
    print("Linking")
    for output in outputs:
        output.expand()
    links = Links(outputs)
    print_unresolved(outputs, links)
    for output in outputs:
        print("processing %s [] %s" % (output.mode, output.name))
        reporter.catch(output.write, lambda target, output=output: links.href_of(output, target))
    return outputs


def main(
    filename,
    input_dir=None,
    output_dir=None,
    debug=False,
    max_errors=10,
    process_despite_errors=False,
    raise_at_errors=False,
    input_string=None,
):
    """Read a specification, and write its documents and tests; nothing is written if there was an error.

    filename: a .gsl file, found from input_dir (the current directory if not given).  input_string: the text itself;
    filename only names the package then.  output_dir: where to write, the current directory if not given; what is there
    is renamed.  debug: enter pdb at each error.  max_errors: give up after so many.  process_despite_errors: go on to
    linking.  raise_at_errors: raise HadReportedError at the end.

    Progress, errors and warnings are printed.  Raises FileNotFoundError, and SyntaxError where lines are too deep.
    """
    directory, name = os.path.split(filename)
    if input_dir is None or os.path.isabs(filename):
        input_dir, filename = directory or ".", name
    reporter = Reporter(max_errors, debug)
    packages, outputs, gave_up = Packages(reporter, input_dir), [], False
    try:
        outputs = process(packages, filename, input_string, process_despite_errors)
    except TooManyErrors:
        gave_up = True
    except SpecError as error:
        reporter.error_at(error.message, error.place, error.related)
    if not reporter.errors:
        for output in outputs:
            path = os.path.join(output_dir or ".", output.path)
            print("Writing:  " + path)
            write_file(path, output.text)
    reporter.summary(gave_up)
    if reporter.errors and raise_at_errors:
        raise HadReportedError("%d errors in %s" % (reporter.errors, filename))

"""Write a profile file as a page for web browsers (FILE.html) or as a picture (FILE.svg).

The page is one file and needs no network: bars, lines and bands over number or time, the samples A and B compared, the
table, a filter.  The picture shows all samples as hp.pb() does at first.

  -o FILE       where to: a name that ends in .html or .svg

For the picture alone:

  --by WHAT     size (the default) or count
  --as WHAT     bars (the default), lines or bands
  --over WHAT   number (the default) or time
  --top N       how many kinds, instead of ten
  --filter TEXT only kinds whose names hold TEXT
"""

import os

from . import CommandLine
from .CommandLine import UsageError
from .GraphLayout import BANDS, BARS, LINES, SampleAxis, View
from .Numbers import range_above
from .Selection import Selection

USAGE = (
    "usage: python -m guppy plot PROFILE -o FILE.html\n"
    "       python -m guppy plot PROFILE -o FILE.svg [--by size|count] [--as bars|lines|bands] [--over number|time]\n"
    "                            [--top N] [--filter TEXT]"
)
OF_PICTURES = ("by", "as", "over", "top", "filter")


def main(arguments):
    return CommandLine.run_command(USAGE, __doc__, arguments, plot)


def plot(arguments):
    options, words = CommandLine.parse(arguments, values=("output",) + OF_PICTURES, short={"-o": "output"})
    if len(words) != 1:
        raise UsageError("which profile?" if not words else "one profile at a time, not %d" % len(words))
    if not options.output:
        raise UsageError("-o FILE: into which file?")
    kind = os.path.splitext(options.output)[1].lower()
    if kind not in (".html", ".htm", ".svg"):
        raise UsageError("-o needs a name that ends in .html or .svg, not %r" % options.output)
    if kind != ".svg":
        for name in OF_PICTURES:
            if getattr(options, name) is not None:
                raise UsageError("--%s is for pictures: a page has it as a control" % name)
    by = CommandLine.choice(options.by or "size", "--by", ("size", "count"))
    mode = CommandLine.choice(getattr(options, "as") or BARS, "--as", (BARS, LINES, BANDS))
    over = CommandLine.choice(options.over or "number", "--over", ("number", "time"))
    top = CommandLine.positive(options.top or "10", "--top")
    profile = CommandLine.open_profile(words[0])
    if profile is None:
        return 1
    if os.path.exists(options.output) and os.path.samefile(options.output, words[0]):
        raise UsageError("-o would overwrite the profile itself")
    if kind == ".svg":
        text = picture(Selection(profile, by, top, options.filter or ""), mode, over)
    else:
        from .PlotHtml import html_page

        text = html_page(profile)
    return write_file(options.output, text)


def picture(selection, mode, over):
    """All samples of a profile as SVG."""
    from .PlotSvg import svg

    axis = SampleAxis(selection.profile, over)
    left, right = axis.extent()
    values = [selection.largest_value(i) for i in range(len(selection))] if mode == LINES else selection.totals()
    return svg(selection, axis, View(left, right, range_above(max(values, default=0))), mode)


def write_file(path, text):
    """Write a file as a whole or not at all: 0, or 1 after a line on standard error."""
    temporary = "%s.%d.tmp" % (path, os.getpid())
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8") as file:  # a device, a pipe: as it is
                file.write(text)
            return 0
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
        return 0
    except OSError as error:
        CommandLine.complain("can't write %r: %s" % (path, error.strerror or error))
        if os.path.exists(temporary):
            os.unlink(temporary)
        return 1

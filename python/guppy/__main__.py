"""Run a program and show its heap when it ends: python -m guppy [OPTIONS] SCRIPT [ARGUMENTS].

SCRIPT is run as `python SCRIPT ARGUMENTS` would run it: a file, or a directory or zip archive with a
__main__.py; so are -m MODULE, -c CODE and, for standard input, -.  Its output, its arguments and its exit
status are its own.  The table goes to standard error when the program ends, also by the signal SIGTERM,
and whenever the process gets the signal SIGUSR1.  Its first line says when, of which process, and why.

  --top N     rows of the table, instead of ten
  --by WHAT   type, clodo (the default: type, or for a dict what it is the dict of), module or size
  --diff      what there is more than just before the program's first line
  --json      an object on one line instead of the table, with every row unless --top says how many
  -o FILE     write to FILE instead of standard error
  --workers   forked children report too, each to FILE.PID; needs -o

  --snapshot FILE  write the whole heap to FILE instead, for analysis elsewhere: when the program ends and at each
                   SIGUSR1, with .1, .2 ... before the suffix after the first; -: the first one to standard output
  --contents WHAT  names (the default), values or none: what text of the program's is written
  --at-rss SIZE    also when the process first occupies so much memory, such as 2G

python -m guppy COMMAND runs one of the tools beside it, each with a help text of its own (COMMAND --help):

{commands}
A script that has such a name is run as ./NAME.
"""

import importlib
import os
import sys
import types

from .RunProgram import begins_program, find_program
from .ToolOutput import run_tool

USAGE = (
    "usage: python -m guppy [-h] [--version] [--top N] [--by type|clodo|module|size] [--diff] [--json] "
    "[-o FILE [--workers]] (SCRIPT | -m MODULE | -c CODE | -) [ARGUMENTS]\n"
    "       python -m guppy --snapshot FILE [--contents names|values|none] [--at-rss SIZE] (SCRIPT | ...) [ARGUMENTS]\n"
    "       python -m guppy COMMAND [ARGUMENTS]"
)

# The tools that are subcommands: the module below guppy whose main() gets the arguments, and what it is for.
# A module is imported when its command is given.
COMMANDS = {
    "monitor": ("monitor.Shell", "the console of the remote monitor, for processes that run"),
    "top": ("monitor.Top", "a full-screen view of what a running process's heap holds"),
    "record": ("profiles.RecordCommand", "run a program and sample its heap into a profile file"),
    "table": ("profiles.TableCommand", "a sample of a profile file, or two compared, as text"),
    "plot": ("profiles.PlotCommand", "a profile file as a page for web browsers, or as a picture"),
    "pb": ("profiles.BrowserCommand", "the profile browser, a window on a profile file"),
}


def help_text():
    """The module's text, with the commands there are."""
    lines = ["  %-10s  %s\n" % (name, purpose) for name, (module, purpose) in COMMANDS.items()]
    return __doc__.format(commands="".join(lines))


class UsageError(Exception):
    """The command line makes no sense; the text says why."""


def parse(arguments):
    """Options, and what is left: the program and its arguments.  Not argparse: the program may use that, and is
    to find it as untouched as without us."""
    options = types.SimpleNamespace(top=None, by="clodo", diff=False, json=False, output=None, workers=False)
    options.snapshot = options.contents = options.at_rss = None
    rest = list(arguments)
    while rest and not begins_program(rest[0]):
        option = rest.pop(0)
        if option == "--":
            break
        name, equals, value = option.partition("=")
        if option in ("--diff", "--json", "--workers"):
            setattr(options, option[2:], True)
            continue
        if name not in ("--top", "--by", "-o", "--snapshot", "--contents", "--at-rss"):
            raise UsageError("unknown option %s" % option)
        if not equals:
            if not rest:
                raise UsageError("%s needs a value" % name)
            value = rest.pop(0)
        if name == "--top":
            digits = value.lstrip("0")
            if not value.isdecimal() or not value.isascii() or not 0 < len(digits) < 10:
                raise UsageError("--top needs a number of rows with at most nine digits, not %r" % value)
            options.top = int(value)
        elif name == "--by":
            if value not in ("type", "clodo", "module", "size"):
                raise UsageError("--by needs type, clodo, module or size, not %r" % value)
            options.by = value
        elif name.startswith("--"):
            setattr(options, name[2:].replace("-", "_"), value)
        else:
            options.output = os.path.abspath(value)  # the program may change directories
    if not rest:
        raise UsageError("which program?")
    if options.workers and not options.output:
        raise UsageError("--workers needs -o FILE: each worker reports to FILE.PID")
    check_snapshot(options)
    return options, rest


def check_snapshot(options):
    """Of options that snapshots have."""
    if options.snapshot is None:
        if options.contents or options.at_rss:
            raise UsageError("--contents and --at-rss need --snapshot FILE")
        return
    if options.top or options.diff or options.json or options.output:
        raise UsageError("--snapshot writes no table: --top, --diff, --json and -o do not go with it")
    if options.contents not in (None, "names", "values", "none"):
        raise UsageError("--contents needs names, values or none, not %r" % options.contents)


def version_text():
    """Version, interpreter and build: what a report of a fault needs."""
    from . import __version__, _heapyc

    lines = [
        "guppy (libheapy) %s" % __version__,
        "%s %s, %s" % (sys.implementation.name, " ".join(sys.version.split()), sys.executable),
        "%s, %s" % (_heapyc.build, _heapyc.__file__),
    ]
    return "\n".join(lines)


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(USAGE, help_text(), sep="\n\n", file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    if arguments[0] == "--version":
        print(version_text())
        return 0
    if arguments[0] in COMMANDS:
        command = importlib.import_module("guppy." + COMMANDS[arguments[0]][0])
        return run_tool(command.main, arguments[1:])
    try:
        options, arguments = parse(arguments)
    except UsageError as error:
        print("guppy: %s\n%s" % (error, USAGE), file=sys.stderr)
        return 2
    program, status = find_program(arguments)
    if program is None:
        return status
    if options.snapshot is not None:
        return run_with_snapshots(program, options)
    from .Report import Reporter

    try:
        reporter = Reporter(options)
    except OSError as error:
        print("guppy: can't write to %r: %s" % (options.output, error.strerror), file=sys.stderr)
        return 2
    program.take_place()
    reporter.watch()
    program.run(reporter.begin)
    return 0


def run_with_snapshots(program, options):
    from .ProgramSnapshots import ProgramSnapshots, bytes_in

    limit = bytes_in(options.at_rss) if options.at_rss else None
    if options.at_rss and limit is None:
        print("guppy: --at-rss needs a size such as 2G, not %r\n%s" % (options.at_rss, USAGE), file=sys.stderr)
        return 2
    path = None if options.snapshot == "-" else options.snapshot
    try:
        snapshots = ProgramSnapshots(path, options.contents or "names", limit)
    except (OSError, ValueError) as error:
        print("guppy: can't write snapshots to %r: %s" % (options.snapshot, error), file=sys.stderr)
        return 2
    program.take_place()
    program.run(snapshots.watch)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

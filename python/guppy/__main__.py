"""Run a program and show its heap when it ends: python -m guppy [OPTIONS] SCRIPT [ARGUMENTS].

SCRIPT is run as `python SCRIPT ARGUMENTS` would run it: a file, or a directory or zip archive with a
__main__.py.  Its output, its arguments and its exit status are its own.  The table goes to standard error
when the program ends, whichever way it ends, and whenever the process gets the signal SIGUSR1.

  --top N     rows of the table, instead of ten
  --by WHAT   type, clodo (the default: type, or for a dict what it is the dict of), module or size
  --diff      what there is more than just before the program's first line
  --json      an object on one line instead of the table, with every row unless --top says how many
  -o FILE     write to FILE instead of standard error

python -m guppy COMMAND runs one of the tools beside it, each with a help text of its own (COMMAND --help):

{commands}
A script that has such a name is run as ./NAME.
"""

import atexit
import builtins
import importlib
import io
import json
import os
import pkgutil
import signal
import sys
import types

USAGE = (
    "usage: python -m guppy [-h] [--version] [--top N] [--by type|clodo|module|size] [--diff] [--json] "
    "[-o FILE] SCRIPT [ARGUMENTS]\n"
    "       python -m guppy COMMAND [ARGUMENTS]"
)

# The tools that are subcommands: the module below guppy whose main() gets the arguments, and what it is for.
# A module is imported when its command is given.
COMMANDS = {
    "monitor": ("monitor.Shell", "the console of the remote monitor, for processes that run"),
    "top": ("monitor.Top", "a full-screen view of what a running process's heap holds"),
}


def help_text():
    """The module's text, with the commands there are."""
    lines = ["  %-10s  %s\n" % (name, purpose) for name, (module, purpose) in COMMANDS.items()]
    return __doc__.format(commands="".join(lines))


def find_container(path):
    """The spec of the __main__ in a directory or archive; None for a file, ImportError without __main__."""
    importer = pkgutil.get_importer(path)
    if importer is None:
        return None
    spec = importer.find_spec("__main__")
    if spec is None or spec.loader is None:
        raise ImportError("can't find '__main__' module in %r" % path)
    return spec


def main_of_container(spec):
    """The code and the __main__ attributes of a directory or archive."""
    attributes = {
        "__file__": spec.origin,
        "__cached__": None,
        "__loader__": spec.loader,
        "__package__": "",
        "__spec__": spec,
    }
    return spec.loader.get_code("__main__"), attributes


def main_of_file(path):
    """The code and the __main__ attributes of a script."""
    from importlib.machinery import SourceFileLoader

    with io.open_code(path) as f:
        source = f.read()
    attributes = {
        "__file__": path,
        "__cached__": None,
        "__loader__": SourceFileLoader("__main__", path),
        "__package__": None,
        "__spec__": None,
    }
    return compile(source, path, "exec", dont_inherit=True), attributes


class Reporter:
    """Prints what the options ask for.  Nothing that goes wrong here may change what the program does."""

    def __init__(self, options):
        from . import hpy
        from ._heapyc import _hide_type

        _hide_type(Reporter)
        self.options = options
        self.session = hpy()
        if options.top:
            self.session._set_setting("max_more_lines", options.top)
        self.process = os.getpid()
        self.before = None
        if options.output:
            open(options.output, "w").close()

    def begin(self):
        """Called just before the program's first line."""
        if self.options.diff:
            self.before = self.heap().stat

    def heap(self):
        return self.session.heap().by(self.options.by.capitalize())

    def text(self):
        table = self.heap()
        if self.before is not None:
            table = table.stat - self.before
        return self.as_json(table) if self.options.json else str(table)

    def as_json(self, table):
        stat = table if self.before is not None else table.stat
        rows = [
            {"index": r.index, "count": r.count, "size": r.size, "cumulative": r.cumulsize, "kind": r.name.strip()}
            for r in stat.get_rows()
        ]
        document = {"by": self.options.by, "count": stat.count, "size": stat.size, "rows": rows[: self.options.top]}
        if self.before is not None:
            document.update(before_count=stat.b_count, before_size=stat.b_size)
        return json.dumps(document)

    def write(self, text):
        if self.options.output:
            with open(self.options.output, "a", encoding="utf-8", errors="backslashreplace") as file:
                print(text, file=file)
        else:
            print(text, file=sys.stderr, flush=True)

    def report(self, *signal_and_frame):
        if os.getpid() != self.process:
            return  # a forked child is not the program that was asked about
        if not self.options.output and (sys.stderr is None or getattr(sys.stderr, "closed", False)):
            return
        try:
            self.write(self.text())
        except Exception as error:
            try:
                os.write(2, ("guppy: no heap table: %s\n" % error).encode())
            except OSError:
                pass


def without_our_frames(traceback):
    """The part of a traceback that begins in the program."""
    while traceback is not None and traceback.tb_frame.f_globals is globals():
        traceback = traceback.tb_next
    return traceback


def die_of(error):
    """End as the interpreter does after an exception nobody caught."""
    error.__traceback__ = without_our_frames(error.__traceback__)
    sys.excepthook(type(error), error, error.__traceback__)
    if isinstance(error, KeyboardInterrupt):
        # Let the interpreter end the process by the signal, after everything else it does at exit.
        sys.excepthook = lambda *ignored: None
        raise KeyboardInterrupt
    sys.exit(1)


def run(path, container, reporter):
    """Run the program at `path` in a __main__ module of its own; does not return if it exits."""
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    try:
        code, attributes = main_of_container(container) if container else main_of_file(path)
        main.__dict__.update(attributes)
        reporter.begin()
        exec(code, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        die_of(error)


class UsageError(Exception):
    """The command line makes no sense; the text says why."""


def parse(arguments):
    """Options, and what is left: the script and its arguments.  Not argparse: the program may use that, and is
    to find it as untouched as without us."""
    options = types.SimpleNamespace(top=None, by="clodo", diff=False, json=False, output=None)
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        option = rest.pop(0)
        if option == "--":
            break
        name, equals, value = option.partition("=")
        if option in ("--diff", "--json"):
            setattr(options, option[2:], True)
            continue
        if name not in ("--top", "--by", "-o"):
            raise UsageError("unknown option %s" % option)
        if not equals:
            if not rest:
                raise UsageError("%s needs a value" % name)
            value = rest.pop(0)
        if name == "--top":
            if not value.isdecimal() or int(value) < 1:
                raise UsageError("--top needs a number of rows, not %r" % value)
            options.top = int(value)
        elif name == "--by":
            if value not in ("type", "clodo", "module", "size"):
                raise UsageError("--by needs type, clodo, module or size, not %r" % value)
            options.by = value
        else:
            options.output = os.path.abspath(value)  # the program may change directories
    if not rest:
        raise UsageError("which program?")
    return options, rest


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(USAGE, help_text(), sep="\n\n", file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    if arguments[0] == "--version":
        from . import __version__

        print("guppy (libheapy)", __version__)
        return 0
    if arguments[0] in COMMANDS:
        command = importlib.import_module("guppy." + COMMANDS[arguments[0]][0])
        return command.main(arguments[1:])
    try:
        options, arguments = parse(arguments)
    except UsageError as error:
        print("guppy: %s\n%s" % (error, USAGE), file=sys.stderr)
        return 2
    path = arguments[0]
    try:
        container = find_container(path)
        if not container:
            open(path, "rb").close()
    except OSError as error:
        print(
            "guppy: can't open file %r: [Errno %s] %s" % (path, error.errno, error.strerror),
            file=sys.stderr,
        )
        return 2
    except ImportError as error:
        print("guppy:", error, file=sys.stderr)
        return 1
    try:
        reporter = Reporter(options)
    except OSError as error:
        print("guppy: can't write to %r: %s" % (options.output, error.strerror), file=sys.stderr)
        return 2
    sys.argv[:] = arguments
    if not getattr(sys.flags, "safe_path", False):
        # `-m` put the current directory first; a script gets the directory it is in.
        sys.path[0] = path if container else os.path.dirname(os.path.realpath(path))
    # Registered before the program runs, so called after whatever it registers itself.
    atexit.register(reporter.report)
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, reporter.report)
    run(path, container, reporter)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

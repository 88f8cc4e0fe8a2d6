"""Run a program as Python would: for the commands that look at it while it runs or when it ends.

Not runpy, whose frames and modules the program would see, and not argparse: the program is to find everything as
untouched as without us.
"""

import builtins
import importlib.util
import io
import os
import pkgutil
import sys
import types
from importlib.machinery import BuiltinImporter

__all__ = ["begins_program", "find_program"]


def begins_program(word):
    """Is this word of a command line no option of ours any more, but what to run, as Python takes it?"""
    return not word.startswith("-") or word == "-" or word[:2] in ("-m", "-c")


def absolute(path):
    """A path as Python makes that of a script absolute, which leaves dots in it."""
    return path if os.path.isabs(path) else os.path.join(os.getcwd(), path)


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


class NoProgram(Exception):
    """There is nothing to run: a line for standard error, and the exit status."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


class Program:
    """What there is to run, with sys.argv as it expects it.

    Derived classes say what their code is: load() gives it, and what its __main__ has beside a name.
    """

    imports_to_load = False  # does load() run code of the program's?

    def __init__(self, arguments):
        self.arguments = arguments

    def first_of_path(self):
        """What Python would put in front of sys.path; None: what is there."""
        return ""

    def take_place(self):
        """Give it sys.argv and sys.path as it expects them."""
        sys.argv[:] = self.arguments
        first = self.first_of_path()
        # `-m` put the current directory first, unless it was told not to.
        if first is not None and not getattr(sys.flags, "safe_path", False):
            sys.path[0] = first

    def run(self, begin):
        """Run it in a __main__ module of its own, begin() just before its first line; does not return if it exits."""
        ours, main = sys.modules["__main__"], types.ModuleType("__main__")
        main.__builtins__ = builtins
        if "__annotations__" in vars(ours):  # some versions give each __main__ one
            main.__annotations__ = {}
        sys.modules["__main__"] = main
        try:
            if self.imports_to_load:
                begin()
            code, attributes = self.load()
            if "__cached__" not in vars(ours):  # some versions do not
                attributes.pop("__cached__", None)
            vars(main).update(attributes)
            if not self.imports_to_load:
                begin()
            exec(code, vars(main))
        except NoProgram as error:
            print("guppy:", error, file=sys.stderr)
            sys.exit(error.status)
        except SystemExit:
            raise
        except BaseException as error:
            die_of(error)


def main_of_spec(spec, code):
    """Code and attributes of what an importer found."""
    attributes = {
        "__file__": spec.origin,
        "__cached__": spec.cached,
        "__loader__": spec.loader,
        "__package__": spec.parent,
        "__spec__": spec,
    }
    return code, attributes


class Script(Program):
    """A file."""

    def __init__(self, path, arguments):
        super().__init__(arguments)
        self.path = absolute(path)

    def first_of_path(self):
        return os.path.dirname(os.path.realpath(self.path))

    def load(self):
        from importlib.machinery import SourceFileLoader

        with io.open_code(self.path) as f:
            source = f.read()
        attributes = {
            "__file__": self.path,
            "__cached__": None,
            "__loader__": SourceFileLoader("__main__", self.path),
            "__package__": None,
            "__spec__": None,
        }
        return compile(source, self.path, "exec", dont_inherit=True), attributes


class Container(Program):
    """A directory or archive with a __main__."""

    def __init__(self, path, spec, arguments):
        super().__init__(arguments)
        self.path, self.spec = path, spec

    def take_place(self):
        super().take_place()
        # Even where Python leaves out what is beside scripts.
        if getattr(sys.flags, "safe_path", False):
            sys.path.insert(0, self.path)

    def first_of_path(self):
        return self.path

    def load(self):
        return main_of_spec(self.spec, self.spec.loader.get_code("__main__"))


class Text(Program):
    """Code of the command line (-c), or that stands on standard input (-)."""

    def __init__(self, source, name, arguments):
        super().__init__(arguments)
        self.source, self.name = source, name

    def load(self):
        source = sys.stdin.buffer.read() if self.source is None else self.source
        attributes = {"__loader__": BuiltinImporter, "__package__": None, "__spec__": None}
        if self.source is None:
            attributes.update(__file__=self.name, __cached__=None)
        else:
            source = self.shown_in_tracebacks(source)
        return compile(source, self.name, "exec", dont_inherit=True), attributes

    def shown_in_tracebacks(self, source):
        """The code as this version takes it, known to tracebacks where they show it."""
        if sys.version_info >= (3, 14):
            import textwrap

            source = textwrap.dedent(source)
        if sys.version_info >= (3, 13):
            import linecache

            linecache.cache[self.name] = len(source), None, source.splitlines(True), self.name
        return source


class Module(Program):
    """A module by name (-m)."""

    imports_to_load = True

    def __init__(self, name, arguments):
        super().__init__(["-m", *arguments])
        self.name = name

    def first_of_path(self):
        return None

    def load(self):
        spec = self.find(self.name)
        try:
            code = spec.loader.get_code(spec.name)
        except ImportError as error:
            raise NoProgram(str(error), 1) from None
        if code is None:
            raise NoProgram("No code object available for %s" % spec.name, 1)
        sys.argv[0] = spec.origin
        return main_of_spec(spec, code)

    def find(self, name):
        """The spec of a module, or of the __main__ of a package; imports what it is in."""
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise NoProgram("can't find module %r (%s: %s)" % (name, type(error).__name__, error), 1) from None
        if spec is None:
            raise NoProgram("No module named %s" % name, 1)
        if spec.submodule_search_locations is not None:
            if name.rpartition(".")[2] == "__main__":
                raise NoProgram("Cannot use package as __main__ module", 1)
            try:
                return self.find(name + ".__main__")
            except NoProgram as error:
                raise NoProgram("%s; %r is a package and cannot be directly executed" % (error, name), 1) from None
        if spec.loader is None:
            raise NoProgram("%r is a namespace package and cannot be executed" % name, 1)
        return spec


def find_path(path, arguments):
    """The program that a path leads to."""
    try:
        importer = pkgutil.get_importer(absolute(path))
        if importer is None:
            open(path, "rb").close()
            return Script(path, arguments)
        spec = importer.find_spec("__main__")
    except OSError as error:
        message = "can't open file %r: [Errno %s] %s" % (path, error.errno, error.strerror)
        raise NoProgram(message, 2) from None
    if spec is None or spec.loader is None:
        raise NoProgram("can't find '__main__' module in %r" % path, 1)
    return Container(absolute(path), spec, arguments)


def find(words):
    """The program of a command line; the exception NoProgram when there is none."""
    first, rest = words[0], words[1:]
    if first == "-":
        return Text(None, "<stdin>", words)
    if first[:2] not in ("-m", "-c"):
        return find_path(first, words)
    if not first[2:] and not rest:
        raise NoProgram("%s: %s?" % (first, "which module" if first == "-m" else "which code"), 2)
    what = first[2:] or rest.pop(0)
    if first.startswith("-c"):
        return Text(what, "<string>", ["-c", *rest])
    # Importing the packages that it is in runs their code, which is left until the program begins.
    try:
        is_missing = importlib.util.find_spec(what.partition(".")[0] or " ") is None
    except ValueError:  # of something in sys.modules that was not imported: left for load() to complain of
        is_missing = False
    if is_missing:
        raise NoProgram("No module named %s" % what, 1)
    return Module(what, rest)


def find_program(words):
    """(Program, 0) of a command line; (None, exit status) after a line on standard error when there is none."""
    try:
        return find(words), 0
    except NoProgram as error:
        print("guppy:", error, file=sys.stderr)
        return None, error.status

"""Run a program as `python SCRIPT ARGUMENTS` would: for the commands that look at it while it runs or when it ends.

Not runpy, whose frames and modules the program would see, and not argparse: the program is to find everything as
untouched as without us.
"""

import builtins
import io
import os
import pkgutil
import sys
import types

__all__ = ["Program", "find_program"]


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


class Program:
    """A script, directory or archive, and its arguments."""

    def __init__(self, path, container, arguments):
        self.path, self.container, self.arguments = path, container, arguments

    def take_place(self):
        """Give it sys.argv and sys.path as it expects them."""
        sys.argv[:] = self.arguments
        if not getattr(sys.flags, "safe_path", False):
            # `-m` put the current directory first; a script gets the directory it is in.
            sys.path[0] = self.path if self.container else os.path.dirname(os.path.realpath(self.path))

    def run(self, begin):
        """Run it in a __main__ module of its own, begin() just before its first line; does not return if it exits."""
        main = types.ModuleType("__main__")
        main.__builtins__ = builtins
        sys.modules["__main__"] = main
        try:
            code, attributes = main_of_container(self.container) if self.container else main_of_file(self.path)
            main.__dict__.update(attributes)
            begin()
            exec(code, main.__dict__)
        except SystemExit:
            raise
        except BaseException as error:
            die_of(error)


def find_program(arguments):
    """(Program, 0) of a command line; (None, exit status) after a line on standard error when there is none."""
    path = arguments[0]
    try:
        container = find_container(path)
        if not container:
            open(path, "rb").close()
    except OSError as error:
        print("guppy: can't open file %r: [Errno %s] %s" % (path, error.errno, error.strerror), file=sys.stderr)
        return None, 2
    except ImportError as error:
        print("guppy:", error, file=sys.stderr)
        return None, 1
    return Program(path, container, arguments), 0

"""Run a program and show its heap when it ends: python -m guppy SCRIPT [ARGUMENTS].

SCRIPT is run as `python SCRIPT ARGUMENTS` would run it: a file, or a directory or zip archive with a
__main__.py.  Its output, its arguments and its exit status are its own; the table goes to standard error.
"""

import atexit
import builtins
import io
import os
import pkgutil
import sys
import types

USAGE = "usage: python -m guppy [-h] [--version] SCRIPT [ARGUMENTS]"


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


def report(session, process):
    """Print the heap to standard error.  Nothing that goes wrong here may change how the program ends."""
    if os.getpid() != process:
        return  # a forked child is not the program that was asked about
    if sys.stderr is None or getattr(sys.stderr, "closed", False):
        return
    try:
        print(session.heap(), file=sys.stderr, flush=True)
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


def run(path, container):
    """Run the program at `path` in a __main__ module of its own; does not return if it exits."""
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    try:
        code, attributes = main_of_container(container) if container else main_of_file(path)
        main.__dict__.update(attributes)
        exec(code, main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        die_of(error)


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(USAGE, __doc__, sep="\n\n", file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    if arguments[0] == "--version":
        from . import __version__

        print("guppy (libheapy)", __version__)
        return 0
    if arguments[0].startswith("-"):
        print("guppy: unknown option %s\n%s" % (arguments[0], USAGE), file=sys.stderr)
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
    from . import hpy

    sys.argv[:] = arguments
    if not getattr(sys.flags, "safe_path", False):
        # `-m` put the current directory first; a script gets the directory it is in.
        sys.path[0] = path if container else os.path.dirname(os.path.realpath(path))
    # Registered before the program runs, so called after whatever it registers itself.
    atexit.register(report, hpy(), os.getpid())
    run(path, container)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

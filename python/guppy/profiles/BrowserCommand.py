"""Open the profile browser, a window that shows the samples of FILE as they develop.

Without FILE the window is empty: Ctrl-O opens one.  `python -m guppy plot` shows the same where there is no screen.
"""

from . import CommandLine
from .CommandLine import UsageError, complain

USAGE = "usage: python -m guppy pb [FILE]"


def main(arguments):
    return CommandLine.run_command(USAGE, __doc__, arguments, show)


def show(arguments):
    options, words = CommandLine.parse(arguments)
    if len(words) > 1:
        raise UsageError("one file at a time, not %d" % len(words))
    from .Browser import browse

    try:
        browse(words[0] if words else None)
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        if error.name != "tkinter":
            raise
        complain(str(error))
        return 1
    except Exception as error:
        if type(error).__name__ != "TclError" or "display" not in str(error):
            raise
        complain("%s: `python -m guppy plot FILE -o FILE.html` makes a page that shows the same" % error)
        return 1
    return 0

"""Command lines of the tools for profiles: options before what is left, one line for what makes no sense.

Not argparse: `record` runs a program, which is to find the process as untouched as without us.
"""

import sys
import types

from .. import ToolOutput
from ..RunProgram import begins_program

__all__ = ["UsageError", "complain", "open_profile", "parse", "run_command"]


MOST = 10**9  # of what is counted


class UsageError(Exception):
    """The command line makes no sense; the text says why."""


class HelpWanted(Exception):
    """The command line asks what it may be."""


def parse(arguments, flags=(), values=(), short=None, stop_at_words=False):
    """(options, words): options as attributes, None or False when not given.

    flags and values name options, '--top' as `top`; short maps '-o' to such a name.  stop_at_words: the first word that
    is no option begins what belongs to somebody else.
    """
    short = short or {}
    options = types.SimpleNamespace(**{name.replace("-", "_"): None for name in values})
    options.__dict__.update({name.replace("-", "_"): False for name in flags})
    words, rest = [], list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            words += rest
            break
        if not word.startswith("-") or word == "-" or (stop_at_words and begins_program(word)):
            words.append(word)
            if stop_at_words:
                words += rest
                break
            continue
        if word in ("-h", "--help"):
            raise HelpWanted
        option, equals, value = word.partition("=")
        name = short.get(option) or (option[2:] if option.startswith("--") else None)
        if name in flags and not equals:
            setattr(options, name.replace("-", "_"), True)
        elif name in values:
            if not equals and not rest:
                raise UsageError("%s needs a value" % option)
            setattr(options, name.replace("-", "_"), value if equals else rest.pop(0))
        else:
            raise UsageError("unknown option %s" % word)
    return options, words


def positive(text, option):
    """The positive number an option was given."""
    digits = text.lstrip("0")
    if not text.isdecimal() or not text.isascii() or not digits:
        raise UsageError("%s needs a positive number, not %r" % (option, text))
    if len(digits) > len(str(MOST)) or int(digits) > MOST:
        raise UsageError("%s needs a number of at most %d, not %s" % (option, MOST, text))
    return int(digits)


def integer(text, option):
    """The whole number an option was given, perhaps negative."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 12:
        raise UsageError("%s needs a whole number, not %r" % (option, text))
    return int(text)


def choice(text, option, choices):
    """One of several words that an option may be given."""
    if text not in choices:
        raise UsageError("%s needs %s or %s, not %r" % (option, ", ".join(choices[:-1]), choices[-1], text))
    return text


def complain(message):
    """A line on standard error; what it quotes of a file does not leave the line or change the terminal."""
    ToolOutput.complain("guppy: %s" % "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))


def open_profile(path):
    """The profile of a path; None after a line on standard error when there is none."""
    from .ProfileFile import Profile

    try:
        return Profile(path)
    except OSError as error:
        complain("can't read %r: %s" % (path, error.strerror or error))
    except ValueError as error:
        complain("can't read %r: %s" % (path, error))
    except MemoryError:
        complain("can't read %r: there is not enough memory for it" % path)
    return None


def run_command(usage, text, arguments, command):
    """Run command(arguments), a function that may raise UsageError; the exit status.  -h prints usage and text."""
    try:
        return command(arguments)
    except HelpWanted:
        write("%s\n\n%s\n" % (usage, text))
        return 0
    except UsageError as error:
        ToolOutput.complain("guppy: %s\n%s" % (error, usage))
        return 2


def write(text):
    """Write to standard output as UTF-8, whatever the locale."""
    ToolOutput.writer_to(sys.stdout, "utf-8")(text)

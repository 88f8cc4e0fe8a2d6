"""What a target says about itself, to whoever connects.

It is computed while the program runs, by threads of ours, so nothing of the program's may run for it: no __str__, no
__getattr__, no property.  Only texts of the very type str are told, and the arguments of a list or a tuple; for what is
anything else stands what says so.
"""

import os
import sys

from .._version import __version__
from .Native import native

__all__ = ["ODD", "arguments", "executable", "overview", "text"]

ODD = "?"  # for what is no text

LONGEST_TEXT = 4096  # characters
MOST_ARGUMENTS = 256
MOST_CHARACTERS = 8192  # of all arguments: a greeting has to fit into the buffer of a socket

# Of a module, whatever class the program has given it.
variables_of = type(sys).__dict__["__dict__"].__get__


def text(value, otherwise=ODD):
    """The beginning of a str; `otherwise` for an object of any other type, which is not touched."""
    return value[:LONGEST_TEXT] if type(value) is str else otherwise


def arguments():
    """The program's arguments (`sys.argv`): a list of str, which is empty when it has none."""
    found = variables_of(sys).get("argv")
    sequence = next((of for of in (list, tuple) if issubclass(type(found), of)), None)
    if sequence is None:
        return []
    told, left = [], MOST_CHARACTERS
    for argument in sequence.__iter__(found):  # not the one that a subclass may have
        if len(told) == MOST_ARGUMENTS or left <= 0:
            break
        told.append(text(argument)[:left])
        left -= len(told[-1])
    return told


def executable():
    """`sys.executable`, or an empty text."""
    return text(variables_of(sys).get("executable"), "")


def overview(wd):
    """What monitors are told at once.  wd: the directory that the process began in."""
    return {
        "pid": os.getpid(),
        "argv": arguments(),
        "executable": executable(),
        "version": "%d.%d.%d" % sys.version_info[:3],
        "heapy": __version__,
        "uid": os.geteuid(),
        "started": process_start(),
        "wd": text(wd, ""),
    }


def process_start():
    """When this process started, in seconds since the epoch."""
    try:
        with open("/proc/self/stat", "rb") as file:
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        with open("/proc/uptime", "rb") as file:
            uptime = float(file.read().split()[0])
        return round(native.time() - uptime + ticks / os.sysconf("SC_CLK_TCK"), 2)
    except (OSError, ValueError, IndexError):
        return 0.0

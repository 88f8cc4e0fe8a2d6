"""The command language of a target, as its monitors see it after `sc`."""

import os

from .. import hpy
from .._heapyc import _hide_type
from . import Commands, Overview
from .RemoteConsole import BANNER, FAREWELL, RemoteConsole

__all__ = ["Annex"]

PROMPT = "<Annex> "

# `watch`, `dump` and `snapshot` are the monitor's to do: it takes them before they come here.
COMMANDS = {
    "close": "close\n\nEnd the monitoring of this process, for every monitor, until it enables it again.",
    "dump": "dump FILE\n\nAppend a sample of the process's heap to a profile file, on the monitor's side.",
    "h": "h [command]\n\nThe same as help.",
    "help": "help [command]\n\nList the commands, or explain one.",
    "int": "int\n\nInteractive Python in the process.  hp is a session that looks at its heap, target describes it\n"
    "(target.sys.modules has its modules).  The line - leaves; what was assigned stays until reset.",
    "isolatest": "isolatest\n\nCheck that the monitor's own data does not show in the heap of the process, and say by\n"
    "which path it does where it does.",
    "q": "q\n\nSays how to leave.",
    "reset": "reset\n\nGive the console a fresh namespace and a fresh session.",
    "snapshot": "snapshot FILE\n\nWrite a snapshot of the process's whole heap to a file on the monitor's side.  A copy of the process\n"
    "makes it; the process goes on meanwhile.",
    "stat": "stat\n\nWhat process this is.",
    "watch": "watch [SECONDS]\n\nShow the largest kinds again and again, with their growth since the start, until you\n"
    "press Enter.  Looking takes at most a twentieth of the process's time.",
}

HOW_TO_LEAVE = "To return to Monitor, type <Ctrl-C> or .<RETURN>.\nTo close this connection, type 'close'.\n"
RULE = "-" * 60


def overview(target):
    """What `stat` prints."""
    lines = ["Target overview", RULE]
    for name, value in (
        ("target.sys.executable", Overview.executable()),
        ("target.sys.argv", Overview.arguments()),
        ("target.wd", Overview.text(target.wd, "")),
        ("target.pid", os.getpid()),
    ):
        lines.append("%-22s = %r" % (name, value))
    return "\n".join([*lines, RULE, ""])


PROBE = "__guppy_isolation_probe__"


class Probe:
    """An object like any of the program's."""


@_hide_type
class Annex:
    """Takes the lines of one connection.

    send: sends a text.  ask: gets a line for a program that calls input().  target: the Target.  close: disables the
    monitoring.  machinery: gives the objects that must not show.
    """

    __slots__ = ("send", "ask", "target", "close", "machinery", "console", "is_in_console")

    def __init__(self, send, ask, target, close, machinery):
        self.send = send
        self.ask = ask
        self.target = target
        self.close = close
        self.machinery = machinery
        self.console = None
        self.is_in_console = False

    @property
    def prompt(self):
        """The text and the kind of the prompt that is due."""
        if not self.is_in_console:
            return PROMPT, "annex"
        return ("... ", "more") if self.console.lines else (">>> ", "console")

    def take(self, line):
        """Do what a line says; returns whether it failed."""
        if self.is_in_console:
            return self._take_python(line)
        name, _, rest = line.strip().partition(" ")
        if not name:
            return False
        if name == "?":
            name = "help"
        if name not in COMMANDS or name in ("watch", "dump", "snapshot"):
            self.send("*** " + Commands.unknown(COMMANDS, line.strip()))
            return True
        if name in ("h", "help"):
            text = Commands.help_on(COMMANDS, rest.strip())
            self.send(text)
            return text.startswith("***")
        if rest.strip():
            self.send("*** %s takes no argument: %s\n" % (name, rest.strip()))
            return True
        return getattr(self, "do_" + name)() or False

    def _take_python(self, line):
        console = self.console
        if line == "-":
            console.lines.clear()
            failed = False
        else:
            failed = console.push(line)
            if not console.is_left:
                return failed
            console.is_left = False
        self.is_in_console = False
        self.send(FAREWELL)
        return failed

    def forget(self):
        """Let go of the console and of what its statements have made."""
        if self.console is not None:
            self.console.forget()
        self.console = self.machinery = self.send = self.ask = None

    def open_console(self):
        if self.console is None:
            self.console = RemoteConsole(self.send, self.ask, self.target)
        return self.console

    def do_int(self):
        self.open_console()
        self.is_in_console = True
        self.send(BANNER)

    def do_close(self):
        self.close()

    def do_q(self):
        self.send(HOW_TO_LEAVE)

    def do_reset(self):
        if self.console is not None:
            self.console.reset()

    def do_stat(self):
        self.send(overview(self.target))

    def do_isolatest(self):
        namespace = self.open_console().namespace
        probe = Probe()
        namespace[PROBE] = probe
        try:
            machinery = self.machinery()
            machinery["the console's namespace"] = namespace
            machinery["an object that only a variable of the console holds"] = probe
            found = shown_in(hpy(), machinery)
        finally:
            namespace.pop(PROBE, None)
        if not found:
            self.send("Isolation test succeeded.\n")
            return False
        self.send("Isolation test failed.\n")
        for what, path in found:
            self.send("%s shows:\n%s\n" % (what, path))
        return True


def shown_in(session, objects):
    """Which of the named objects a session shows: pairs of name and the text of a path to it."""
    heap = session.heap()
    found = []
    for what, obj in objects.items():
        if obj in heap:
            paths = session.iso(obj).get_shpaths()
            found.append((what, paths[0] if paths.numpaths else "by no path from the root"))
    return [(what, str(path)) for what, path in found]

"""The console of the monitor: `hp.monitor()` and `python -m guppy monitor`.

Lines go to the monitor or, after `sc`, to a connection.  It has one thread: whatever it waits for, a key, an answer, a
program that prints, it does what the Hub has to do meanwhile.
"""

import os
import signal
import sys

from ..ToolOutput import writer_to
from . import Commands
from .Client import Hub, NoAnswer, Silent
from .Lines import lines_of
from .Pulse import SILENT, Pulse
from .Texts import visible, visible_line
from .Watch import dump_sample, fetch_snapshot, watch

__all__ = ["MonitorConsole", "monitor"]

PROMPT = "<Monitor> "
FOREVER = 3600.0
ATTENTION = 0.5  # seconds between looks whether a process that is waited for can answer
SETTLING = 2.0  # seconds that targets which are there have to greet

COMMANDS = {
    "exit": "exit\n\nLeave the monitor and end this process at once, with status 0.",
    "h": "h [command]\n\nThe same as help.",
    "help": "help [command]\n\nList the commands, or explain one.",
    "int": "int\n\nPython in the process of the monitor.  The line - leaves.",
    "ki": "ki [connection]\n\nKeyboard interrupt: end the statement that the console of a connection runs.  If it is in a call\n"
    "that does not return, it ends when the call does.  Without a number, that of the connection used last.",
    "lc": "lc\n\nList the connections: their numbers, and the process and arguments of each.",
    "q": "q\n\nLeave the monitor and close all connections.  The targets go on.",
    "sc": "sc [connection]\n\nSwitch to a connection: lines then go there, until one that begins with a dot.  A dot alone returns,\n"
    "a dot and a monitor command does that.  Without a number, to the connection used last.",
}

HOW_TO_RETURN = "Remote connection %d. To return to Monitor, type <Ctrl-C> or .<RETURN>\n"


class Disconnected(Exception):
    """The current connection is closed."""


class Failed(Exception):
    """A command that cannot be done; the text says why."""


class MonitorConsole:
    """Takes commands until `q`.

    hub: the connections.  lines: where lines come from.  write: a function that shows a text.  complain: one that shows
    a message of ours about something that failed.  is_raw: control characters of targets are not escaped.
    seconds: how long an answer may take.
    """

    def __init__(self, hub, lines, write, complain=None, is_raw=False, seconds=None):
        self.hub = self.server = hub
        self.lines = lines
        self.write = write
        self.complain = complain or (lambda text: write("*** %s\n" % text))
        self.is_raw = is_raw
        self.seconds = seconds
        self.connections = {}  # by number
        self.current = None  # the number of the connection that lines go to
        self.last = None  # of the one used last
        self.tail = {}  # by number: what its output has left on the last row
        self.is_over = False
        self.failed = False  # has anything?
        self.closed = []  # numbers, of which the notice is due
        self.notices = []

    # ---- what comes from the targets ----

    def take_events(self):
        """Number the connections that are new, and collect the notices."""
        for what, subject in self.hub.events:
            if what == "notice":
                self.notices.append("*** %s ***\n" % visible_line(subject))
                if not self.lines.shows_prompts:
                    self.complain(visible_line(subject))
            elif what == "opened":
                number = max(self.connections, default=0) + 1
                self.connections[number] = subject
                self.notices.append("*** Connection %d opened ***\n" % number)
            else:
                number = next(n for n, peer in self.connections.items() if peer is subject)
                if number == self.current:
                    self.show_output()
                    self.current = None
                    self.closed.append(number)
                else:
                    self.notices.append("*** Connection %d closed ***\n" % number)
                del self.connections[number]
                self.tail.pop(number, None)
        self.hub.events.clear()

    def step(self, fd=None, seconds=FOREVER):
        """Do what is due, and wait for something: can fd be read, and the text of one notice."""
        self.take_events()
        ready = [] if self.notices else self.hub.step(seconds, [] if fd is None else [fd])
        self.take_events()
        if self.closed:
            raise Disconnected
        return bool(ready), self.notices.pop(0) if self.notices else ""

    def show_output(self):
        """Show what the current connection has sent."""
        peer = self.connections.get(self.current)
        if peer is None or not peer.output:
            return
        text = peer.output.take()
        text = text if self.is_raw else visible(text)
        self.write(text)
        self.tail[self.current] = (self.tail.get(self.current, "") + text).rpartition("\n")[2][-1000:]

    def wait_for_prompt(self, peer):
        """Show what a connection sends until it waits for a line.  A line for the monitor that is typed meanwhile is
        returned."""
        with Pulse(peer) as pulse:
            return self._wait_for_prompt(peer, pulse)

    def _wait_for_prompt(self, peer, pulse):
        fd = self.lines.fd if self.lines.is_terminal else None
        left = self.hub.deadline(self.seconds)
        while True:
            if peer.output:
                pulse.heard()
                self.show_output()
            if peer.prompt is not None:
                return None
            self.tell_if_silent(pulse)
            can_read, notice = self.step(fd, min(left(), ATTENTION))
            if notice and self.lines.shows_prompts:
                self.write("\n" + notice)
            if can_read:
                line = self.lines.read_ahead()
                if line.startswith("."):
                    return line
                self.lines.give_back(line)
                fd = None
            if left() <= 0:
                raise Silent("connection %d does not answer within %g seconds" % (self.current, self.seconds))

    def tell_if_silent(self, pulse):
        """Say so, once, when a process that is waited for cannot answer; whether that was said now."""
        if not pulse.has_stopped() or not self.lines.shows_prompts:
            return False
        start = "\n" if self.tail.get(self.current) else ""
        self.write("%s*** Process %d %s.  Ctrl-C returns ***\n" % (start, pulse.peer.pid, SILENT))
        return True

    # ---- the loop ----

    def run(self):
        """Until `q`, `exit` or the end of the input."""
        stopped = self._watch_for_continuing()
        try:
            while not self.is_over:
                try:
                    self.turn()
                except KeyboardInterrupt:
                    self.current = None
                    self.write("KeyboardInterrupt\nUse the ki command to interrupt a remote process.\n")
                except EOFError:
                    if self.lines.shows_prompts:
                        self.write("\n*** End Of File - Exiting Monitor ***\n")
                    self.is_over = True
                except Disconnected:
                    for number in self.closed:
                        if self.lines.shows_prompts:
                            self.write("\n*** Connection %d closed ***\n" % number)
                    self.closed.clear()
                except (Failed, NoAnswer) as e:
                    self.fail(str(e))
                    if isinstance(e, Silent) and not self.lines.shows_prompts:
                        self.is_over = True  # the lines that follow were meant for an answer that did not come
        finally:
            if stopped is not None:
                signal.signal(signal.SIGCONT, stopped)

    def _watch_for_continuing(self):
        """Have the line shown again when the process was stopped and goes on; returns the handler to be restored."""
        if not self.lines.is_terminal:
            return None
        try:
            return signal.signal(signal.SIGCONT, lambda *ignored: self.lines.editor.resume())
        except ValueError:  # not in the main thread
            return None

    def fail(self, text):
        self.failed = True
        self.complain(text)

    def turn(self):
        """Read a line and do what it says."""
        peer = self.connections.get(self.current)
        if peer is None:
            self.current = None
            line = self.lines.read(PROMPT, self.step, self.complete, "")
            self.do(line[1:] if line.startswith(".") else line)
            return
        line = self.wait_for_prompt(peer)
        if line is None:
            if peer.prompt.get("failed"):
                self.failed = True
                peer.prompt["failed"] = False
            text = peer.prompt["text"] if self.is_raw else visible_line(peer.prompt["text"])
            line = self.lines.read(text, self.step, self.complete_remote, self.tail.get(self.current, ""))
        self.tail[self.current] = ""
        if line.startswith("."):
            if line[1:].strip():
                self.do(line[1:])
            else:
                self.current = None
        else:
            self.send(peer, line)

    def send(self, peer, line):
        """A line for a connection.  Three commands of the Annex are done here, since they are about this side."""
        name, _, rest = line.strip().partition(" ")
        if peer.prompt is not None and peer.prompt["kind"] == "annex":
            if name == "watch":
                watch(self, peer, rest.strip())
                return
            if name == "dump":
                dump_sample(self, peer, rest.strip())
                return
            if name == "snapshot":
                fetch_snapshot(self, peer, rest.strip())
                return
        peer.send_line(line)

    # ---- commands ----

    def do(self, line):
        """A command of the monitor."""
        name, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if not name:
            return
        if name in ("?", "h", "help"):
            if rest and rest not in COMMANDS:
                raise Failed("No help on %s" % rest)
            self.write(Commands.help_on(COMMANDS, rest))
        elif name not in COMMANDS:
            raise Failed(Commands.unknown(COMMANDS, line.strip()).rstrip("\n"))
        elif rest and name not in ("sc", "ki"):
            raise Failed("%s takes no argument: %s" % (name, rest))
        else:
            getattr(self, "do_" + name)(*([rest] if name in ("sc", "ki") else []))

    def number_of(self, text):
        """The connection that a command names, or the last used."""
        self.take_events()
        if text:
            if not (text.isascii() and text.isdigit()):
                raise Failed("A connection is a number, not %r: lc lists them" % text)
            number = int(text) if len(text) < 10 else None  # there are not so many
        elif self.last in self.connections:
            number = self.last
        elif len(self.connections) == 1:
            number = next(iter(self.connections))
        elif self.connections:
            raise Failed("Which connection?  lc lists them")
        else:
            raise Failed("There is no connection")
        if number not in self.connections:
            raise Failed("No connection %s: lc lists those there are" % (text or number))
        return number

    def do_lc(self):
        self.take_events()
        own = os.geteuid()
        with_users = any(peer.uid != own for peer in self.connections.values())
        rows = [["CID", "PID", "UID", "ARGV"]]
        for number, peer in sorted(self.connections.items()):
            rows.append(["%d" % number, "%d" % peer.pid, "%d" % peer.uid, repr(peer.argv)])
        if not with_users:
            rows = [[cid, pid, argv] for cid, pid, _, argv in rows]
        widths = [max(map(len, column)) for column in zip(*rows)]
        for i, row in enumerate(rows):
            pad = str.rjust if i else str.ljust
            cells = [pad(cell, width) for cell, width in zip(row[:-1], widths)]
            self.write(visible_line(" ".join([*cells, row[-1]])) + "\n")

    def do_sc(self, text):
        number = self.number_of(text)
        self.current = self.last = number
        self.write(HOW_TO_RETURN % number)

    def do_ki(self, text):
        number = self.number_of(text)
        self.last = number
        self.write("Sending KeyboardInterrupt to connection %d.\n" % number)
        self.connections[number].send_interrupt()
        self.hub.flush()

    def do_int(self):
        from ..heapy.Console import Console

        monitor = self

        class LocalConsole(Console):
            def _show(self, error):
                monitor.failed = True
                super()._show(error)

            def raw_input(self, prompt=""):
                while True:
                    try:
                        return monitor.lines.read(prompt, monitor.step, indentation, "")
                    except Disconnected:
                        monitor.closed.clear()

        names = {"monitor": self, "server": self.hub, "connections": self.connections, "hub": self.hub}
        console = LocalConsole(self.lines, Writer(self.write), names)
        console.interact("Local interactive console. To return to Monitor, type '-'.", "\nnow exiting Console...")

    def do_q(self):
        self.is_over = True

    def do_exit(self):
        self.hub.close()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                pass
        os._exit(1 if self.failed and not self.lines.shows_prompts else 0)

    # ---- completion ----

    def complete(self, text):
        """Commands of the monitor, and numbers of connections after those that take one."""
        return complete_command(COMMANDS, text.lstrip("."), len(text) - len(text.lstrip(".")), self.connections)

    def complete_remote(self, text):
        from . import Annex

        if text.startswith("."):
            return self.complete(text)
        peer = self.connections[self.current]
        if peer.prompt is None or peer.prompt["kind"] == "input":
            return 0, []
        if peer.prompt["kind"] == "annex":
            return complete_command(Annex.COMMANDS, text, 0, ())
        if not text.strip():
            return indentation(text)
        try:
            names = self.hub.ask(peer, "complete", 2.0, text=text).get("names", [])
        except NoAnswer:
            return 0, []
        names = [visible_line(str(name)) for name in (names if isinstance(names, list) else ())]
        start = len(text)
        while start and (text[start - 1].isidentifier() or text[start - 1].isdigit() or text[start - 1] == "."):
            start -= 1
        return start, names


def indentation(text):
    """At the beginning of a line of Python Tab is a tab, as at Python's own prompt."""
    return len(text), [] if text.strip() else ["\t"]


def complete_command(commands, text, offset, numbers):
    name, blank, rest = text.partition(" ")
    if not blank:
        return offset, sorted(c for c in commands if c.startswith(name))
    if name in ("h", "help"):
        choices = sorted(commands)
    elif name in ("sc", "ki"):
        choices = [str(n) for n in sorted(numbers)]
    else:
        choices = []
    return offset + len(name) + 1, [c for c in choices if c.startswith(rest)]


class Writer:
    """A function as a stream."""

    def __init__(self, write):
        self.write = write

    def flush(self):
        """Each write is shown at once."""


def monitor(is_raw=False):
    """hp.monitor(): take over the terminal until the operator leaves."""
    from ..heapy import Remote

    Remote.off()
    write = writer_to(sys.stdout)
    with Hub() as hub:
        console = MonitorConsole(hub, lines_of(sys.stdin, write), write, is_raw=is_raw)
        if not console.lines.is_terminal:
            hub.settle(SETTLING)
        console.run()

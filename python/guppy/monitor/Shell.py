"""python -m guppy monitor: the console of the remote monitor, for people and for scripts.

usage: python -m guppy monitor [--pid PID | --attach PID] [--raw] [--exec LINE]... [--wait S] [--timeout S]
       python -m guppy monitor --list [--json]

Shows the processes of this user that have enabled monitoring (import guppy.heapy.RM), and switches to one or another.
`help` lists the commands.  Whoever may connect to a process may run code in it: docs/monitor.md.

  --pid PID      begin as if `sc` had switched to that process, which may be in a container
  --attach PID   the same, after enabling monitoring in a process that did not itself (CPython 3.14 and later)
  --raw          show control characters that a process sends as they are
  --exec LINE    give a line as if it was typed, show only what is answered, and end; may be repeated.  Lines on a standard
                 input that is no terminal are taken the same way
  --wait S       wait so many seconds for the process, or for any (3)
  --timeout S    wait so many seconds for each answer (30)
  --list         list the processes; with --json as an array of objects with pid, argv, executable, version, uid, started

The exit status is 0; 1 when a line failed, as by a Python error in the console; 2 for a command line that makes no sense;
3 when there is no process in time.
"""

import json
import os
import shutil
import sys
import tempfile
import time

from .. import ToolOutput
from ..ToolOutput import writer_to
from . import Directory
from .Client import Hub, NoTarget
from .Console import HOW_TO_RETURN, SETTLING, MonitorConsole
from .Lines import PlainLines, lines_of
from .Texts import visible_line

USAGE = "\n".join(__doc__.split("\n")[2:4])
NO_TARGET = 3


class UsageError(Exception):
    """The command line makes no sense; the text says why."""


class ExecLines:
    """The lines of --exec."""

    is_terminal = shows_prompts = False
    fd = None

    def __init__(self, lines):
        self.lines = list(lines)

    def read(self, prompt, step, complete, before):
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)

    def skip_empty(self):
        """An empty line was meant for a command that goes on until Enter."""
        if self.lines and not self.lines[0]:
            self.lines.pop(0)


class Options:
    """What the command line says."""

    def __init__(self, arguments):
        self.pid = self.attach = None
        self.raw = self.list = self.json = self.help = False
        self.lines = []
        self.wait, self.timeout = 3.0, 30.0
        rest = list(arguments)
        while rest:
            name, equals, value = rest.pop(0).partition("=")
            if name in ("--raw", "--list", "--json") and not equals:
                setattr(self, name[2:], True)
            elif name in ("-h", "--help"):
                self.help = True
            elif name in ("--pid", "--attach", "--exec", "--wait", "--timeout"):
                if not equals and not rest:
                    raise UsageError("%s needs a value" % name)
                self._set(name[2:], value if equals else rest.pop(0))
            else:
                raise UsageError("unknown argument %s" % (name + equals + value))
        if self.json and not self.list:
            raise UsageError("--json belongs to --list")
        for name, given in (("--pid", self.pid), ("--attach", self.attach), ("--exec", self.lines), ("--raw", self.raw)):
            if self.list and given:
                raise UsageError("--list lists all processes and ends: %s does not go with it" % name)
        if self.pid and self.attach:
            raise UsageError("--pid and --attach name one process; give one of them")

    def _set(self, name, value):
        if name == "exec":
            self.lines.append(value)
        elif name in ("pid", "attach"):
            setattr(self, name, process_number("--" + name, value))
        else:
            setattr(self, name, seconds("--" + name, value))


def process_number(name, value):
    if not (value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) < 1 << 31):
        raise UsageError("%s needs the number of a process, not %r" % (name, value))
    return int(value)


def seconds(name, value):
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e9:
        raise UsageError("%s needs a number of seconds, not %r" % (name, value))
    return number


def complain(text):
    ToolOutput.complain("guppy monitor: %s" % text)


# ---- --attach ----

ATTACHED = """\
import sys
sys.path.append(%(site)r)
try:
    from guppy.monitor import Enabling
    Enabling.enable(%(directory)r)
except BaseException as error:
    with open(%(answer)r, "w") as file:
        file.write("%%s: %%s" %% (type(error).__name__, error))
finally:
    sys.path.remove(%(site)r)
"""


# What a process finds that runs what it was given when nobody waits for it any more: else it would complain.
LATE = """\
import os
try:
    os.unlink(%(script)r)
    os.rmdir(%(folder)r)
except OSError:
    pass
"""


def attach(hub, pid, patience):
    """Enable monitoring in a process; NoTarget with the reason when that cannot be."""
    if not hasattr(sys, "remote_exec"):
        raise NoTarget("--attach needs CPython 3.14 or later, this is %d.%d; the process can enable itself" % sys.version_info[:2])
    try:
        uid = os.stat("/proc/%d" % pid).st_uid
    except OSError:
        raise NoTarget("there is no process %d" % pid) from None
    try:
        return hub.find(pid, 0.5)  # it has enabled itself
    except NoTarget:
        pass
    folder = tempfile.mkdtemp(prefix="heapy-attach-")
    attaching = Attaching(pid, folder)
    try:
        os.chmod(folder, 0o755 if uid != os.geteuid() else 0o700)
        try:
            directory = Directory.default_path() if uid == os.geteuid() else None
        except OSError as e:
            raise NoTarget(str(e)) from None
        attaching.begin(directory)
        return attaching.wait(hub, patience)
    finally:
        attaching.end()


class Attaching:
    """A file in a folder of its own that a process is to run."""

    def __init__(self, pid, folder):
        self.pid, self.folder = pid, folder
        self.script, self.answer = os.path.join(folder, "enable.py"), os.path.join(folder, "answer")
        self.is_given = False  # and, as far as is known, not run

    def write(self, text):
        """Replace what the process finds, as a whole."""
        new = self.script + ".new"
        with open(new, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        os.replace(new, self.script)

    def begin(self, directory):
        site = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        self.write(ATTACHED % {"site": site, "directory": directory, "answer": self.answer})
        try:
            sys.remote_exec(self.pid, self.script)
        except Exception as e:
            raise NoTarget("cannot attach to process %d: %s" % (self.pid, " ".join(str(e).split()) or type(e).__name__)) from None
        self.is_given = True

    def wait(self, hub, patience):
        """The peer, once the process has run the file."""
        until = time.monotonic() + patience
        while True:
            try:
                peer = hub.find(self.pid, 0.2)
                self.is_given = False
                return peer
            except NoTarget:
                if os.path.exists(self.answer):
                    self.is_given = False
                    with open(self.answer, encoding="utf-8", errors="replace") as file:
                        raise NoTarget("process %d cannot be monitored: %s" % (self.pid, visible_line(file.read()))) from None
                if time.monotonic() > until:
                    raise NoTarget(
                        "process %d has not run what it was given: its main thread waits, or sys.remote_exec is disabled" % self.pid
                    ) from None

    def end(self):
        if self.is_given:
            self.write(LATE % {"script": self.script, "folder": self.folder})
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


# ---- the command ----


def list_targets(hub, as_json, write):
    hub.settle(SETTLING)
    console = MonitorConsole(hub, ExecLines([]), write, complain)
    console.take_events()  # of those that cannot be spoken with
    if as_json:
        names = ("pid", "argv", "executable", "version", "uid", "started")
        write(json.dumps([{name: p.hello[name] for name in names} | {"pid": p.pid} for p in hub.peers]) + "\n")
    else:
        console.do_lc()
    complain_of_others(hub)
    return 0


def complain_of_others(hub):
    """Tell of processes that would be listed if they spoke."""
    for text in hub.unsaid():
        complain(text)


def find(hub, options):
    """The peer that was asked for, None for any; NoTarget when there is none in time."""
    if options.attach:
        return attach(hub, options.attach, max(options.wait, 0.5))
    if options.pid:
        return hub.find(options.pid, options.wait)
    return None


def run(hub, options):
    write = writer_to(sys.stdout)
    if options.list:
        return list_targets(hub, options.json, write)
    lines = ExecLines(options.lines) if options.lines else lines_of(sys.stdin, write)
    is_script = bool(options.lines) or not (sys.stdin and sys.stdin.isatty())
    if is_script and not options.lines:
        lines = PlainLines(sys.stdin, write, shows_prompts=False)
    console = MonitorConsole(
        hub, lines, write, complain if is_script else None, options.raw, options.timeout if is_script else None
    )
    try:
        peer = find(hub, options)
        if is_script:
            left = hub.deadline(options.wait)
            while not hub.peers and left() > 0:
                hub.step(left())
            hub.settle(min(SETTLING, options.wait))
            if not hub.peers:
                raise NoTarget(hub.why_none())
            if peer is None:
                complain_of_others(hub)
    except NoTarget as e:
        complain(e)
        return NO_TARGET
    if peer is not None:
        console.take_events()
        console.notices.clear()
        console.current = console.last = next(n for n, p in console.connections.items() if p is peer)
        if not is_script:
            write(HOW_TO_RETURN % console.current)
    console.run()
    return int(console.failed) if is_script else 0


def main(arguments):
    try:
        options = Options(arguments)
    except UsageError as e:
        complain("%s\n%s" % (e, USAGE))
        return 2
    if options.help:
        writer_to(sys.stdout)(__doc__.strip() + "\n")
        return 0
    try:
        with Hub() as hub:
            return run(hub, options)
    except KeyboardInterrupt:
        return 130

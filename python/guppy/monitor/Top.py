"""python -m guppy top: what the heap of a running process holds, like top and htop show processes.

usage: python -m guppy top [PID] [--interval S] [--by clodo|type|module]
       python -m guppy top PID --once [--json]

Without PID it lists the processes of this user that have enabled monitoring (import guppy.heapy.RM), to choose from.

  --interval S   seconds between looks (2); looking takes at most a twentieth of the process's time, so it may be longer
  --by WHAT      what makes the rows: clodo (type, or for a dict what it is the dict of), type or module
  --once         print one look and end; with --json as an object with pid, count, size, rss and rows
  --wait S       wait so many seconds for the process (3)

Keys: s c g n sort by size, count, growth, name; r counts growth from now; t y m group by class or dict of, type, module;
Enter shows what refers to the row's objects, Escape leads back; / filters; space pauses; + and - change the interval;
arrows and pages move; q ends.
"""

import json
import locale
import sys

from .. import ToolOutput
from ..ToolOutput import writer_to
from .Client import Hub, NoAnswer, NoTarget
from .Samples import History, ask_sample, short
from .Shell import NO_TARGET, UsageError, process_number, seconds
from .Texts import visible_line

USAGE = "\n".join(__doc__.split("\n")[2:4])
PATIENCE = 30.0
RELATIONS = {"clodo": "Clodo", "type": "Type", "module": "Module"}


class Options:
    """What the command line says."""

    def __init__(self, arguments):
        self.pid = None
        self.once = self.json = self.help = False
        self.interval, self.wait, self.by = 2.0, 3.0, "Clodo"
        rest = list(arguments)
        while rest:
            argument = rest.pop(0)
            name, equals, value = argument.partition("=")
            if name in ("--once", "--json") and not equals:
                setattr(self, name[2:], True)
            elif name in ("-h", "--help"):
                self.help = True
            elif name in ("--interval", "--by", "--wait"):
                if not equals and not rest:
                    raise UsageError("%s needs a value" % name)
                self._set(name, value if equals else rest.pop(0))
            elif name.startswith("-") or self.pid is not None:
                raise UsageError("unknown argument %s" % argument)
            else:
                self.pid = process_number("top", name)
        if self.json and not self.once:
            raise UsageError("--json belongs to --once")

    def _set(self, name, value):
        if name == "--by":
            if value not in RELATIONS:
                raise UsageError("--by needs clodo, type or module, not %r" % value)
            self.by = RELATIONS[value]
        else:
            number = seconds(name, value)
            if name == "--interval" and number < 0.01:
                raise UsageError("--interval needs a number of seconds above 0, not %r" % value)
            setattr(self, name[2:], number)


def choose(hub):
    """The only target there is; else NoTarget that lists them."""
    hub.settle(2.0)
    if len(hub.peers) == 1:
        return hub.peers[0]
    if not hub.peers:
        raise NoTarget(hub.why_none())
    lines = "".join("\n%7d %s" % (peer.pid, visible_line(" ".join(peer.argv))) for peer in hub.peers)
    raise NoTarget("which process?%s" % lines)


def print_once(hub, peer, options):
    history = History()
    history.add(ask_sample(hub, peer, PATIENCE, options.by))
    last = history.last
    rows = history.rows()
    write = writer_to(sys.stdout)
    if options.json:
        document = {"pid": peer.pid, "count": last.count, "size": last.size, "rss": last.rss}
        document["rows"] = [{"kind": row.kind, "count": row.count, "size": row.size} for row in rows]
        write(json.dumps(document) + "\n")
        return 0
    lines = ["PID %d %s" % (peer.pid, visible_line(" ".join(peer.argv)))]
    lines.append("RSS %s  heap %s in %d objects" % (short(last.rss), short(last.size), last.count))
    lines.append("     Count       Size Kind")
    lines += ["%10d %10d %s" % (row.count, row.size, visible_line(row.kind)) for row in rows[:20]]
    write("\n".join(lines) + "\n")
    return 0


def is_terminal(stream):
    return stream is not None and stream.isatty()  # closed ones are None


def run(hub, options):
    is_screen = not options.once and is_terminal(sys.stdin) and is_terminal(sys.stdout)
    if options.pid is not None:
        peer = hub.find(options.pid, options.wait)
    elif is_screen:
        peer = None
    else:
        peer = choose(hub)
    if options.once:
        return print_once(hub, peer, options)
    if not is_screen:
        raise UsageError("top needs a terminal; --once prints one look")
    try:
        from .TopScreen import show
    except ImportError:
        raise NoAnswer("this Python has no module curses; --once prints one look") from None

    locale.setlocale(locale.LC_ALL, "")
    return show(hub, peer, options)


def complain(error):
    ToolOutput.complain("guppy top: %s" % error)


def main(arguments):
    try:
        options = Options(arguments)
        if options.help:
            writer_to(sys.stdout)(__doc__.strip() + "\n")
            return 0
        with Hub() as hub:
            return run(hub, options)
    except UsageError as e:
        complain("%s\n%s" % (e, USAGE))
        return 2
    except NoTarget as e:
        complain(e)
        return NO_TARGET
    except NoAnswer as e:
        complain(e)
        return 1
    except KeyboardInterrupt:
        return 130

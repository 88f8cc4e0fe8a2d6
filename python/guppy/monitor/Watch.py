"""The commands `watch`, `dump` and `snapshot` of the Annex, which the monitor does."""

import base64
import os
import time

from ..heapy.SnapshotFile import Target
from ..profiles.Appending import append_stat
from .Client import NoAnswer
from .Pulse import Pulse
from .Samples import History, ask_sample, due, short
from .Texts import cut, visible_line

__all__ = ["dump_sample", "fetch_snapshot", "watch"]

ROWS = 10
LONGEST = 30.0  # seconds that a sample may take
FOREVER = 1e9  # where a person can end it
LONGEST_SNAPSHOT = 600.0


def seconds_of(text):
    """The interval that `watch` was given."""
    if not text:
        return 2.0
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e6:
        raise NoAnswer("watch takes a number of seconds above 0, not %r" % text)
    return seconds


def table(history, peer, interval, columns, rows):
    """The lines of one look, so many columns wide and rows high at most."""
    last = history.last
    lines = [
        "PID %d  RSS %s  heap %s in %d objects, %s since the start  every %.3g s"
        % (peer.pid, short(last.rss), short(last.size), last.count, short(last.size - history.first.size, True) or "0", interval),
        "    Count     Size   Growth Kind",
    ]
    for row in history.rows()[:ROWS]:
        lines.append("%9s %8s %8s %s" % (short(row.count), short(row.size), short(row.size_since_start, True), visible_line(row.kind)))
    lines = [*lines[: max(1, rows - 2)], "Press Enter to end."]  # below them stands the cursor
    return [cut(line, columns - 1) for line in lines]


def watch(console, peer, text):
    """Draw the largest kinds again and again, until a line is typed."""
    with Pulse(peer) as pulse:
        Watching(console, peer, seconds_of(text), pulse).run()


class LineTyped(Exception):
    """The operator has seen enough."""


class Watching:
    """What is drawn while a person looks."""

    def __init__(self, console, peer, interval, pulse):
        self.console, self.peer, self.interval, self.pulse = console, peer, interval, pulse
        self.history = History()
        self.drawn = 0  # lines, which the next look replaces
        lines = console.lines
        self.has_operator = lines.fd is not None and (lines.shows_prompts or lines.is_terminal)
        self.notices = []  # that came meanwhile

    def run(self):
        """Until a line is typed; one look if there is nobody to type one."""
        try:
            while True:
                began = time.monotonic()
                self.history.add(self.sample())
                self.pulse.heard()
                next_time = due(self.interval, self.history.last, began)
                self.draw(next_time - began)
                if not self.has_operator:
                    self.console.lines.skip_empty()
                    return
                self.wait(next_time)
        except LineTyped:
            pass
        finally:
            self.console.notices[:0] = self.notices

    def sample(self):
        seconds = self.console.seconds or (FOREVER if self.has_operator else LONGEST)
        return ask_sample(self.console.hub, self.peer, seconds, meanwhile=self.attend)

    def attend(self):
        """While a sample is due: is the operator still there, and the process?"""
        if self.console.tell_if_silent(self.pulse):
            self.drawn = 0  # what was said stays
        if self.has_operator:
            self.wait(time.monotonic())

    def draw(self, interval):
        lines = self.console.lines
        look = table(self.history, self.peer, interval, *size_of(lines))
        if self.drawn and lines.is_terminal:
            self.console.write("\x1b[%dA\x1b[J" % self.drawn)
        self.console.write("\n".join(look) + "\n")
        self.drawn = len(look)

    def wait(self, until):
        """Wait until the time has come; LineTyped when a line was."""
        while True:
            left = until - time.monotonic()
            can_read, notice = self.console.step(self.console.lines.fd, max(left, 0.0))
            if notice:
                self.notices.append(notice)
            if can_read:
                try:
                    self.console.lines.read_ahead()
                except EOFError:
                    pass
                raise LineTyped
            if left <= 0 and not notice:
                return


def size_of(lines):
    """Columns and rows that there is room for."""
    if not lines.is_terminal:
        return 200, 1000
    try:
        columns, rows = os.get_terminal_size(lines.fd)
    except OSError:
        columns = rows = 0
    return columns or 80, rows or 24  # some terminals do not know their size


def dump_sample(console, peer, path):
    """Append a sample of the target's heap to a profile file of this side."""
    if not path:
        raise NoAnswer("dump needs the name of a file to append to")
    path = os.path.expanduser(path)
    with Pulse(peer) as pulse:
        stat = ask_sample(console.hub, peer, console.seconds or LONGEST, meanwhile=lambda: console.tell_if_silent(pulse)).stat
    try:
        append_stat(stat, path)
    except OSError as e:
        raise NoAnswer("cannot append to %s: %s" % (path, e.strerror or e)) from None
    console.write("Appended %d objects, %d bytes to %s.\n" % (stat.count, stat.size, visible_line(path)))


def fetch_snapshot(console, peer, path):
    """Write a snapshot of the target's heap to a file, which appears when it is whole."""
    if not path:
        raise NoAnswer("snapshot needs the name of a file to write")
    try:
        with Target(os.path.expanduser(path)) as file:
            size = fetch(console, peer, file.descriptor)
            file.complete()
    except OSError as e:
        raise NoAnswer("cannot write %s: %s" % (path, e.strerror or e)) from None
    except ValueError:
        raise NoAnswer("cannot write %s: it is no regular file; give the name of a new one" % path) from None
    console.write("Wrote %d bytes to %s.\n" % (size, visible_line(path)))


def fetch(console, peer, descriptor):
    seconds = console.seconds or LONGEST_SNAPSHOT
    size = console.hub.ask(peer, "snapshot", seconds).get("bytes")
    if not isinstance(size, int) or size <= 0:
        raise NoAnswer("process %d does not say how long its snapshot is" % peer.pid)
    done = 0
    while done < size:
        answer = console.hub.ask(peer, "part", seconds, offset=done)
        try:
            data = base64.b64decode(answer.get("data", ""), validate=True)
        except (TypeError, ValueError):
            data = b""
        if not 0 < len(data) <= size - done:
            raise NoAnswer("process %d sends a snapshot that is no file" % peer.pid)
        written = 0
        while written < len(data):
            written += os.write(descriptor, data[written:])
        done += len(data)
    return size

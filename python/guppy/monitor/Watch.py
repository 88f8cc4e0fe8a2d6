"""The commands `watch`, `dump` and `snapshot` of the Annex, which the monitor does."""

import base64
import os
import time

from ..heapy.SnapshotFile import Target
from ..profiles.Appending import append_stat
from .Client import NoAnswer
from .Samples import History, ask_sample, due, short
from .Texts import cut, visible_line

__all__ = ["dump_sample", "fetch_snapshot", "watch"]

ROWS = 10
LONGEST = 30.0  # seconds that a sample may take
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
    interval = seconds_of(text)
    history = History()
    lines = console.lines
    drawn = 0
    while True:
        began = time.monotonic()
        history.add(ask_sample(console.hub, peer, console.seconds or LONGEST))
        next_time = due(interval, history.last, began)
        look = table(history, peer, next_time - began, *size_of(lines))
        if drawn and lines.is_terminal:
            console.write("\x1b[%dA\x1b[J" % drawn)
        console.write("\n".join(look) + "\n")
        drawn = len(look)
        if not wait_for_line(console, next_time):
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


def wait_for_line(console, until):
    """True when the time has come; False when a line was typed, or when there is nobody to type one."""
    lines = console.lines
    if lines.fd is None or not lines.shows_prompts and not lines.is_terminal:
        lines.skip_empty()
        return False
    while True:
        left = until - time.monotonic()
        if left <= 0:
            return True
        can_read, _ = console.step(lines.fd, left)
        if can_read:
            try:
                lines.read_ahead()
            except EOFError:
                pass
            return False


def dump_sample(console, peer, path):
    """Append a sample of the target's heap to a profile file of this side."""
    if not path:
        raise NoAnswer("dump needs the name of a file to append to")
    path = os.path.expanduser(path)
    stat = ask_sample(console.hub, peer, console.seconds or LONGEST).stat
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
    except (OSError, ValueError) as e:
        raise NoAnswer("cannot write %s: %s" % (path, getattr(e, "strerror", None) or e)) from None
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

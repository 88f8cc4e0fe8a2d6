"""The screen of `top`, with curses: draws what the model says, and gives it the keys."""

import curses
import os
import select
import time

from .Client import NoAnswer, NoTarget
from .Pulse import SILENT, Pulse
from .Texts import cut, padded, visible_line
from .TopModel import ASCII_BARS, BARS, TopModel

__all__ = ["show"]

LEAST_LINES, LEAST_COLUMNS = 8, 40
ESCAPE = "\x1b"
ENTER = ("\n", "\r", curses.KEY_ENTER)
BACKSPACE = ("\x7f", "\b", curses.KEY_BACKSPACE)


def bars_of_terminal():
    import locale

    return BARS if locale.getpreferredencoding(False).lower().replace("-", "") == "utf8" else ASCII_BARS


def show(hub, peer, options):
    """Until q, or until the process is gone; returns the exit status.  The terminal is afterwards as it was."""
    os.environ.setdefault("ESCDELAY", "50")
    try:
        curses.setupterm()
        if not curses.tigetstr("cup"):
            raise NoAnswer("this terminal (TERM=%s) cannot move its cursor; --once prints one look" % os.environ.get("TERM", ""))
        return curses.wrapper(lambda window: Screen(window, hub, options).run(peer))
    except curses.error as e:
        raise NoAnswer("this terminal cannot show a screen (%s); --once prints one look" % e) from None


def is_hung_up(descriptor):
    """Whether the terminal is gone: then there is always something to read there, and never a key."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return bool(poll.poll(0))


class Screen:
    """The terminal, and what is shown on it."""

    def __init__(self, window, hub, options):
        self.window = window
        self.hub = hub
        self.options = options
        self.model = None
        self.request = None  # (number, what for, when) of the one that is not answered yet
        self.pulse = None  # of the process, while there is one
        self.wanted_kind = None  # whose referrers are to be asked for
        self.editing = None  # the filter as it is typed
        try:
            curses.curs_set(0)
        except curses.error:
            pass  # it cannot be hidden
        window.nodelay(True)
        window.keypad(True)

    # ---- drawing ----

    def draw(self, lines, chosen=None):
        height, width = self.window.getmaxyx()
        self.window.erase()
        if height < LEAST_LINES or width < LEAST_COLUMNS:
            lines, chosen = ["Too small:", "%dx%d needed" % (LEAST_COLUMNS, LEAST_LINES)], None
        for y, line in enumerate(lines[:height]):
            attribute = curses.A_REVERSE if y == chosen else curses.A_BOLD if y == 3 and chosen is not None else curses.A_NORMAL
            text = padded(line, width) if y == chosen else cut(line, width)
            try:
                self.window.addnstr(y, 0, text, width, attribute)
            except curses.error:
                pass  # the last cell of the screen
        self.window.refresh()

    def draw_model(self):
        height, width = self.window.getmaxyx()
        if height < LEAST_LINES or width < LEAST_COLUMNS:
            self.draw([])
            return
        lines, chosen = self.model.lines(height, width)
        if self.editing is not None:
            lines[2] = ("Filter: %s_" % self.editing)[:width]
        self.draw(lines, chosen)

    # ---- the loop ----

    def key(self, seconds):
        """The next key, or None after so many seconds or when something has come from a process.

        A character is a str, any other key the number that curses has for it.
        """
        key = self._pressed()
        if key is None:
            ready = self.hub.step(seconds, [0])
            key = self._pressed()
            if key is None and ready and is_hung_up(0):
                raise BrokenPipeError
        return key

    def _pressed(self):
        if not hasattr(self.window, "get_wch"):  # curses without wide characters
            key = self.window.getch()
            return None if key == -1 else chr(key) if key < 256 else key
        try:
            return self.window.get_wch()
        except curses.error:
            return None

    def run(self, peer):
        if peer is None:
            peer = self.choose()
            if peer is None:
                return 0
        self.model = TopModel(peer, self.options.interval, self.options.by, bars_of_terminal())
        while True:
            self.receive()
            self.ask()
            self.draw_model()
            if peer.is_closed:
                raise NoTarget("process %d has ended, or no longer lets itself be watched" % peer.pid)
            key = self.key(self.seconds_to_wait())
            if key is not None and not self.press(key):
                return 0

    def seconds_to_wait(self):
        if self.request or self.model.is_paused:
            return 1.0
        return min(1.0, max(0.0, self.model.next_time - time.monotonic()))

    def choose(self):
        """The process that the operator chooses; None when there is none wanted."""
        peer, chosen = None, 0
        while True:
            peers = sorted(self.hub.peers, key=lambda p: (p.hello["started"], p.pid))
            chosen = peers.index(peer) if peer in peers else max(0, min(chosen, len(peers) - 1))
            lines = ["Which process?  Arrows and Enter choose, q ends.", "", "    PID COMMAND"]
            lines += ["%7d %s" % (peer.pid, visible_line(" ".join(peer.argv))) for peer in peers]
            if not peers:
                lines.append("        (none has enabled monitoring yet: import guppy.heapy.RM)")
            self.draw(lines, 3 + chosen if peers else None)
            key = self.key(1.0)
            if key in ("q", ESCAPE):
                return None
            if key in ENTER and peers:
                return peers[chosen]
            chosen = max(0, min(chosen + {curses.KEY_DOWN: 1, curses.KEY_UP: -1}.get(key, 0), len(peers) - 1))
            peer = peers[chosen] if peers else None  # stays chosen when others come or go

    # ---- requests ----

    def ask(self):
        """Ask for what the operator wants to know, or for a sample when it is time."""
        model = self.model
        now = time.monotonic()
        if self.request is not None:
            return
        if self.wanted_kind is not None:
            number = model.peer.send_request("referrers", by=model.by, kind=self.wanted_kind)
            self.request = (number, ("referrers", self.wanted_kind), now)
            self.wanted_kind = None
        elif not model.is_paused and now >= model.next_time and model.referrers is None:
            self.request = (model.peer.send_request("stat", by=model.by), ("stat", model.by), now)
        if self.request is not None:
            self.pulse = Pulse(model.peer)
            self.hub.flush()

    def stop_waiting(self):
        self.request = None
        self.pulse.close()

    def receive(self):
        if self.request is None:
            return
        number, (what, detail), began = self.request
        answer = self.model.peer.answers.get(number)
        if answer is None:
            if self.pulse.has_stopped():
                self.model.trouble = "The process %s." % SILENT
            return
        del self.model.peer.answers[number]
        self.stop_waiting()
        try:
            if "error" in answer:
                raise ValueError(answer["error"])
            if what == "referrers":
                self.model.take_referrers(detail, answer)
            elif detail == self.model.by:  # not what was chosen meanwhile
                self.model.take(answer, began)
        except ValueError as e:
            self.model.trouble = visible_line(str(e))
            self.model.next_time = time.monotonic() + self.model.interval

    # ---- keys ----

    def press(self, key):
        """False when it is the end."""
        if self.editing is not None:
            self.edit(key)
            return True
        model = self.model
        rows = max(1, self.window.getmaxyx()[0] - 6)
        moves = {curses.KEY_DOWN: 1, curses.KEY_UP: -1, curses.KEY_NPAGE: rows, curses.KEY_PPAGE: -rows}
        moves.update({curses.KEY_HOME: -1 << 30, curses.KEY_END: 1 << 30})
        if key == "q":
            return False
        if key in moves:
            model.move(moves[key])
        elif key in ENTER:
            kind = model.chosen_kind
            if kind is not None and model.referrers is None:
                self.wanted_kind = kind
                model.trouble = "Looking for what refers to %s ..." % visible_line(kind)
        elif key == ESCAPE or key in BACKSPACE:
            model.leave_referrers()
        elif key == "/":
            self.editing = model.wanted
        elif isinstance(key, str):
            model.press(key)
        return True

    def edit(self, key):
        """A key while the filter is typed."""
        if key in ENTER:
            self.editing = None
        elif key == ESCAPE:
            self.editing = None
            self.model.wanted = ""
        else:
            if key in BACKSPACE:
                self.editing = self.editing[:-1]
            elif isinstance(key, str) and key.isprintable():
                self.editing += key
            self.model.wanted = self.editing

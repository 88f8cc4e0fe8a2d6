"""Where the lines of the monitor's console come from."""

import os
import sys
import termios

from .LineEditor import LineEditor

__all__ = ["PlainLines", "TerminalLines", "lines_of"]


class TerminalLines:
    """Lines from a terminal."""

    is_terminal = True
    shows_prompts = True

    def __init__(self, fd, write):
        self.fd = fd
        self.editor = LineEditor(fd, write)

    def read(self, prompt, step, complete, before):
        return self.editor.read_line(prompt, step, complete, before)

    def read_ahead(self):
        """A line that was typed while nothing asked for one; the terminal has shown it."""
        data = os.read(self.fd, 1 << 16)
        if not data:
            raise EOFError
        return data.decode("utf-8", "surrogateescape").rstrip("\n")

    def give_back(self, line):
        self.editor.typed += line + "\n"


class PlainLines:
    """Lines from something else: `stream` is read no further than the line's end, since others may read on there."""

    is_terminal = False

    def __init__(self, stream, write, shows_prompts=True):
        self.stream = stream
        self.write = write
        self.shows_prompts = shows_prompts
        try:
            self.fd = stream.fileno()
        except (AttributeError, OSError, ValueError):
            self.fd = None

    def read(self, prompt, step, complete, before):
        if self.shows_prompts:
            self.write(prompt)
        while self.fd is not None:
            can_read, above = step(self.fd)
            if above and self.shows_prompts:
                self.write("\n%s%s" % (above, before + prompt))
            if can_read:
                break
        line = self._read_line()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def read_ahead(self):
        """The line that can be read."""
        line = self._read_line()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def skip_empty(self):
        """A command that goes on until Enter is over."""

    def _read_line(self):
        if self.fd is None:
            return self.stream.readline() if self.stream is not None else ""
        data = bytearray()
        while not data.endswith(b"\n"):
            byte = os.read(self.fd, 1)
            if not byte:
                break
            data += byte
        return data.decode("utf-8", "surrogateescape")


def lines_of(stdin, write):
    """Where lines come from: with editing if both ends are a terminal that can move its cursor."""
    try:
        fd = stdin.fileno()
        is_terminal = os.isatty(fd) and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        if is_terminal:
            termios.tcgetattr(fd)
    except (AttributeError, OSError, ValueError, termios.error):
        is_terminal = False
    return TerminalLines(fd, write) if is_terminal else PlainLines(stdin, write)

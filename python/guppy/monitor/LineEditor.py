"""A line of input from a terminal, edited, while other things go on.

It does not use the module readline: that waits inside C for the line to end, so that what must be shown meanwhile would
tear it up, and its history is that of the Python prompt from which the monitor was called.  Keys are those that readline
has by default.  A line that is longer than the terminal is wide scrolls sideways, so that it always is one row and can be
taken away and shown again.
"""

import codecs
import os
import re
import select
import termios

from .Texts import width_of

__all__ = ["LineEditor"]

SEQUENCE = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[^\[O])")
UNFINISHED = re.compile(r"\x1b(?:\[[0-9;]*|O)?$")
KEYS = {
    "\x1b[A": "previous", "\x1bOA": "previous", "\x10": "previous",
    "\x1b[B": "next", "\x1bOB": "next", "\x0e": "next",
    "\x1b[C": "right", "\x1bOC": "right", "\x06": "right",
    "\x1b[D": "left", "\x1bOD": "left", "\x02": "left",
    "\x1b[H": "home", "\x1bOH": "home", "\x1b[1~": "home", "\x1b[7~": "home", "\x01": "home",
    "\x1b[F": "end", "\x1bOF": "end", "\x1b[4~": "end", "\x1b[8~": "end", "\x05": "end",
    "\x1b[3~": "delete", "\x7f": "backspace", "\x08": "backspace", "\x0b": "cut_right", "\x15": "cut_left",
    "\x17": "cut_word", "\x1b\x7f": "cut_word", "\x19": "paste", "\x0c": "clear", "\t": "complete",
    "\x1bf": "word_right", "\x1b[1;5C": "word_right", "\x1bb": "word_left", "\x1b[1;5D": "word_left",
}  # fmt: skip


TAB = " " * 4  # what is shown of a tab, whose width depends on where it stands


def shown(text):
    return text.replace("\t", TAB)


class LineEditor:
    """Reads lines from the terminal `fd`.

    write: a function that writes a text to it.  history: the lines that were read, oldest first.
    """

    def __init__(self, fd, write):
        self.fd = fd
        self.write = write
        self.history = []
        self.typed = ""  # read, not yet looked at
        self.cut = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._saved = None
        self.prompt = self.text = ""
        self.at = 0

    # ---- the terminal ----

    def _begin(self):
        self._saved = termios.tcgetattr(self.fd)
        raw = termios.tcgetattr(self.fd)
        raw[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self.fd, termios.TCSADRAIN, raw)

    def _end(self):
        if self._saved is not None:
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self._saved)
            self._saved = None

    def resume(self):
        """The process was stopped and goes on: the shell has set the terminal."""
        if self._saved is not None:
            self._begin()
            self._draw()

    def _columns(self):
        try:
            return max(20, os.get_terminal_size(self.fd).columns)
        except OSError:
            return 80

    # ---- drawing ----

    def _draw(self):
        room = self._columns() - 1
        prompt = self.prompt
        while width_of(prompt) > room - 10:
            prompt = prompt[1:]
        room -= width_of(prompt)
        start = 0
        while width_of(shown(self.text[start : self.at])) > room - 1:
            start += 1
        end = len(self.text)
        while width_of(shown(self.text[start:end])) > room:
            end -= 1
        column = width_of(prompt) + width_of(shown(self.text[start : self.at]))
        self.write("\r%s%s\x1b[K\r%s" % (prompt, shown(self.text[start:end]), "\x1b[%dC" % column if column else ""))

    def show_above(self, text):
        """Show a text, which ends in a newline, and the line again below it."""
        self.write("\n" + text)
        if self.at == len(self.text) and width_of(self.prompt + shown(self.text)) < self._columns() - 1:
            self.write(self.prompt + shown(self.text))
        else:
            self._draw()

    # ---- reading ----

    def read_line(self, prompt, step, complete=None, before=""):
        """A line without its end.

        before: what stands on the terminal's line already, before the prompt.
        step: called with the terminal's descriptor until something is to be done; it returns whether that can be
        read, and the text to be shown above, or "".  It may raise: then the line is given up.
        complete: for a text it gives the place where the word begins, and what the word may be.
        EOFError when Ctrl-D is typed on an empty line, KeyboardInterrupt at Ctrl-C.
        """
        self.prompt, self.text, self.at = before + prompt, "", 0
        lines = [*self.history, ""]
        place = len(lines) - 1
        last_key = None
        self._begin()
        try:
            self.write(prompt)
            while True:
                key = self._key(step)
                if key in ("\r", "\n"):
                    break
                if key == "\x04":
                    if not self.text:
                        raise EOFError
                    key = "\x1b[3~"
                action = KEYS.get(key)
                if action in ("previous", "next"):
                    lines[place] = self.text
                    place = max(0, place - 1) if action == "previous" else min(len(lines) - 1, place + 1)
                    self.text = lines[place]
                    self.at = len(self.text)
                    self._draw()
                elif action == "complete":
                    self._complete(complete, last_key == key)
                elif action:
                    self._edit(action)
                elif key.isprintable():
                    self._insert(key)
                last_key = key
        except BaseException as e:
            self.write("^C" if isinstance(e, KeyboardInterrupt) else "")
            raise
        finally:
            self._end()
        self.write("\n")
        if self.text and self.text != (self.history[-1] if self.history else None):
            self.history.append(self.text)
        return self.text

    def _key(self, step):
        """The next key: a character, or an escape sequence."""
        while True:
            if self.typed and not UNFINISHED.match(self.typed):
                match = SEQUENCE.match(self.typed)
                key = match.group() if match else self.typed[0]
                self.typed = self.typed[len(key) :]
                return key
            if self.typed and not select.select([self.fd], [], [], 0.05)[0]:
                self.typed = self.typed[1:]  # Escape alone
                continue
            can_read, above = step(self.fd)
            if above:
                self.show_above(above)
            if can_read:
                self._read()

    def _read(self):
        data = os.read(self.fd, 4096)
        if not data:
            raise EOFError
        self.typed += self._decoder.decode(data)

    def _insert(self, text):
        at_end = self.at == len(self.text)
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)
        if at_end and width_of(self.prompt + shown(self.text)) < self._columns() - 1:
            self.write(shown(text))
        else:
            self._draw()

    def _word_left(self):
        before = self.text[: self.at].rstrip()
        return max(0, len(before) - len(re.search(r"\w*$|\W*$", before).group() or ""))

    def _word_right(self):
        return self.at + len(re.match(r"\W*\w*", self.text[self.at :]).group())

    def _edit(self, action):
        text, at = self.text, self.at
        if action == "left":
            self.at = max(0, at - 1)
        elif action == "right":
            self.at = min(len(text), at + 1)
        elif action == "home":
            self.at = 0
        elif action == "end":
            self.at = len(text)
        elif action == "word_left":
            self.at = self._word_left()
        elif action == "word_right":
            self.at = self._word_right()
        elif action == "delete":
            self.text = text[:at] + text[at + 1 :]
        elif action == "backspace":
            self.text, self.at = text[: max(0, at - 1)] + text[at:], max(0, at - 1)
        elif action == "cut_right":
            self.cut, self.text = text[at:], text[:at]
        elif action == "cut_left":
            self.cut, self.text, self.at = text[:at], text[at:], 0
        elif action == "cut_word":
            start = self._word_left()
            self.cut, self.text, self.at = text[start:at], text[:start] + text[at:], start
        elif action == "paste":
            self._insert(self.cut)
            return
        elif action == "clear":
            self.write("\x1b[H\x1b[2J")
        self._draw()

    def _complete(self, complete, is_again):
        if complete is None:
            return
        start, words = complete(self.text[: self.at])
        if not words:
            return
        common = os.path.commonprefix(words)
        if len(words) == 1 or len(common) > self.at - start:
            self.text = self.text[:start] + common + self.text[self.at :]
            self.at = start + len(common)
            self._draw()
        elif is_again:
            self.show_above("".join(row + "\n" for row in in_columns(words[:200], self._columns())))


def in_columns(words, columns):
    """Rows of words, down first."""
    width = max(map(len, words)) + 2
    across = max(1, columns // width)
    rows = -(-len(words) // across)
    return ["".join(word.ljust(width) for word in words[row::rows]).rstrip() for row in range(rows)]

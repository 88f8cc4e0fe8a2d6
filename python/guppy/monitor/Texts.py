"""Texts that targets send, as a terminal can show them."""

import unicodedata

__all__ = ["cut", "padded", "visible", "visible_line", "width_of"]

# What moves the cursor, turns the direction of the line, or is no character at all.
HIDDEN = (*range(9), *range(11, 32), *range(127, 160), 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
ESCAPED = {code: ("\\x%02x" if code < 256 else "\\u%04x") % code for code in (*HIDDEN, *range(0xD800, 0xE000))}
ESCAPED_IN_A_LINE = {**ESCAPED, ord("\n"): "\\n", ord("\t"): "\\t"}


def visible(text):
    """A text with its control characters, except newline and tab, as escapes."""
    return text.translate(ESCAPED)


def visible_line(text):
    """The same in one line: newlines and tabs are escapes too."""
    return text.translate(ESCAPED_IN_A_LINE)


def width_of(text):
    """Columns that a text takes."""
    return len(text) if text.isascii() else sum(map(width_of_character, text))


def width_of_character(c):
    return 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1


def cut(text, columns):
    """As much of the beginning of a text as so many columns have room for."""
    text = text[: 4 * max(0, columns)]  # what combines takes no room, and may go on without end
    if width_of(text) <= columns:
        return text
    taken = 0
    for at, c in enumerate(text):
        taken += width_of_character(c)
        if taken > columns:
            return text[:at]
    return text


def padded(text, columns):
    """A text in exactly so many columns, cut or with blanks behind it."""
    text = cut(text, columns)
    return text + " " * (columns - width_of(text))

"""Stacked areas as pixels: a portable pixmap (PPM), which Tk takes as it is.

A picture of ten thousand rectangles costs a toolkit a tenth of a second and more; as columns of pixels it costs some
milliseconds.  Columns are bytes, the numbers of colours; each is put across the rows by one assignment to a slice, and at
the end the numbers are translated to colours all at once.
"""

__all__ = ["Palette", "column_of", "pixmap"]


class Palette:
    """Numbers of colours: 0 is the background, the others are given out as colours come.

    At most 255 colours fit; more than that share the last one.
    """

    def __init__(self, background):
        self._colours = [background]
        self._numbers = {}

    def number(self, colour):
        """The byte, as a bytes object of length 1, that stands for a colour #rrggbb."""
        number = self._numbers.get(colour)
        if number is None:
            if len(self._colours) < 256:
                self._colours.append(colour)
            number = self._numbers[colour] = bytes((len(self._colours) - 1,))
        return number

    def channel(self, channel):
        """A translation of numbers to the red (0), green (1) or blue (2) of their colours."""
        values = bytes(int(colour[1 + 2 * channel : 3 + 2 * channel], 16) for colour in self._colours)
        return values + bytes(256 - len(values))


def column_of(pairs, height, y_range, number_of, separator):
    """The pixels of one stacked column, from its top to the bottom of the picture.

    pairs      (kind, value) from the bottom up; values of 0 and below take no room
    number_of  gives a kind's colour number; a pixel of `separator` parts neighbours of one colour (W-32)
    """
    parts, at, below, top = [], 0, None, 0
    scale = height / y_range
    for kind, value in pairs:
        if value <= 0:
            continue
        top += value
        y = round(top * scale)
        if y <= at:
            continue
        if y > height:
            y = height  # what is above the picture is cut off
        number = number_of(kind)
        if number == below and y - at > 1:
            parts.append(separator)
            at += 1
        parts.append(number * (y - at))
        at, below = y, number
        if at >= height:
            break
    parts.reverse()
    return b"".join(parts)


def pixmap(width, height, palette, runs):
    """The picture: runs are [(from, to, column)], a column of pixels for each of these x."""
    numbers = bytearray(width * height)
    for x0, x1, column in runs:
        start = width * (height - len(column))
        if column:
            for x in range(start + x0, start + x1):
                numbers[x::width] = column
    pixels = bytearray(3 * width * height)
    for channel in range(3):
        pixels[channel::3] = numbers.translate(palette.channel(channel))
    return b"P6 %d %d 255\n" % (width, height) + pixels

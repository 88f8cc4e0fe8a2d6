"""PNG pictures as pixels, without any library: what tests count colours in."""

import struct
import zlib


def pixels_of(data):
    """(width, height, rows) of an 8-bit RGB or RGBA picture; a row is a list of (r, g, b)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", chunk[:10])
            assert depth == 8 and colour in (2, 6)
        elif kind == b"IDAT":
            packed += chunk
        at += 12 + length
    size = 3 if colour == 2 else 4
    raw, stride = zlib.decompress(packed), width * size
    rows, before = [], bytearray(stride)
    for y in range(height):
        how, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        unfilter(how, line, before, size)
        before = line
        rows.append([tuple(line[x : x + 3]) for x in range(0, stride, size)])
    return width, height, rows


def unfilter(how, line, before, size):
    for i in range(len(line)) if how else ():
        left = line[i - size] if i >= size else 0
        up, corner = before[i], before[i - size] if i >= size else 0
        if how == 1:
            guess = left
        elif how == 2:
            guess = up
        elif how == 3:
            guess = (left + up) // 2
        else:
            p = left + up - corner
            guess = min((abs(p - left), 0, left), (abs(p - up), 1, up), (abs(p - corner), 2, corner))[2]
        line[i] = (line[i] + guess) & 255


def count(rows, colour):
    """How many pixels have a colour #rrggbb."""
    wanted = tuple(bytes.fromhex(colour[1:]))
    return sum(pixel == wanted for row in rows for pixel in row)

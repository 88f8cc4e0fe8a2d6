#!/usr/bin/env python3
"""Write src/base/unprintable.h: the characters that Python's repr() escapes.

Run it with the newest Python there is, whose Unicode is the newest; a character that was assigned after an
older Python was made shows as itself there too.
"""

import sys
import unicodedata
from pathlib import Path

HEAD = """/* SPDX-License-Identifier: MIT */
/* Made by tools/make_printable.py: ranges of characters that repr() escapes (Unicode %s). */
#ifndef HEAPY_BASE_UNPRINTABLE_H
#define HEAPY_BASE_UNPRINTABLE_H

#include <stdint.h>

/* First and last of each range, ascending. */
static const uint32_t heapy__unprintable[][2] = {
"""


def ranges():
    first = None
    for code in range(sys.maxunicode + 1):
        if not chr(code).isprintable():
            if first is None:
                first = code
        elif first is not None:
            yield first, code - 1
            first = None
    if first is not None:
        yield first, sys.maxunicode


def main():
    lines, line = [], "   "
    for first, last in ranges():
        item = " {0x%x, 0x%x}," % (first, last)
        if len(line) + len(item) > 110:
            lines.append(line)
            line = "   "
        line += item
    text = HEAD % unicodedata.unidata_version + "\n".join(lines + [line]) + "\n};\n\n#endif\n"
    target = Path(__file__).resolve().parent.parent / "src/base/unprintable.h"
    target.write_text(text)


main()

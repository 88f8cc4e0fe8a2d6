"""A profile as one HTML file that needs no network: data, drawing and controls in one page.

The page (page/*.js) asks the same questions as the table here, of the same numbers: every kind that is among the LARGEST
of any sample, by size or by count, is there complete, and the rest is the difference from the totals, so any two samples
compare exactly.

Names are data: they stand in a block of JSON in which no '<' is left, and the page shows them as text.  A
Content-Security-Policy allows the page's own scripts and styles, by their hashes, and nothing else: no request leaves it.

The columns of numbers are written as differences from sample to sample, in LEB128 (zigzag), deflated, in base64.
"""

import base64
import hashlib
import json
import math
import os
import re
import zlib

from .Colours import PALETTE, colour_of

__all__ = ["LARGEST", "html_page"]

LARGEST = 50
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page")
SCRIPTS = ("numbers.js", "model.js", "graph.js", "view.js", "main.js")


def html_page(profile):
    """The page as text."""
    uplot = read("uPlot.iife.min.js")
    # All scripts in one block: each begins with "use strict", of which the first counts.
    script = "\n".join(read(name) for name in SCRIPTS)
    style = read("uPlot.min.css") + "\n" + read("page.css")
    policy = "; ".join(
        [
            "default-src 'none'",
            "script-src %s %s" % (source_hash(uplot), source_hash(script)),
            "style-src %s" % source_hash(style),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    parts = {"policy": policy, "style": style, "data": data_block(profile), "uplot": uplot, "script": script}
    # In one pass: what is put in may hold such marks too.
    return re.sub(r"\{(policy|style|data|uplot|script)\}", lambda mark: parts[mark[1]], read("page.html"))


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()


def source_hash(text):
    """A script or style as a source of the Content-Security-Policy."""
    return "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def data_block(profile):
    """The JSON that the page unpacks: names and colours of kinds, and the columns."""
    store = profile.store
    kinds = kept_kinds(store)
    names = [store.kind_name(kind) for kind in kinds]
    document = {
        "path": profile.path.encode("utf-8", "backslashreplace").decode(),
        "samples": len(store),
        "palette": PALETTE,
        "names": names,
        "colours": [PALETTE.index(colour_of(name)) for name in names],
        "columns": base64.b64encode(zlib.compress(columns(store, kinds), 9)).decode(),
    }
    return json.dumps(document).replace("<", "\\u003c")


def kept_kinds(store):
    """The kinds among the LARGEST of any sample by size or by count, in the order of their names' coming."""
    kinds = set()
    for number in range(len(store)):
        for by_count in (False, True):
            kinds.update(kind for kind, value in store.largest(number, by_count, LARGEST))
    return sorted(kinds)


def columns(store, kinds):
    """Times in microseconds, totals of size and count, numbers of kinds, sizes of each kind, counts of each kind, and
    for each sample the places of its kinds."""
    out = bytearray()
    headers = [store.header(number) for number in range(len(store))]
    put_column(out, [round(h[0] * 1e6) if abs(h[0]) < 1e9 * 8 and math.isfinite(h[0]) else 0 for h in headers])
    put_column(out, [h[2] for h in headers])
    put_column(out, [h[1] for h in headers])
    put_column(out, [store.sample_kind_count(number) for number in range(len(store))])
    tables = {by: [store.values(number, by, kinds) for number in range(len(store))] for by in (False, True)}
    for by in (False, True):
        for column in zip(*tables[by]):
            put_column(out, column)
    places = {kind: place for place, kind in enumerate(kinds)}
    for number in range(len(store)):
        put_places(out, store, number, places, tables[False][number], tables[True][number])
    return bytes(out)


def put_places(out, store, number, places, sizes, counts):
    """Where in the file each kind of a sample stands, as the difference from its place by falling size.

    It decides which of two equal values comes first; in files sorted by size the differences are mostly 0.
    """
    in_file = {}
    for kind, count, size in store.rows(number):
        place = places.get(kind)
        if place is not None and place not in in_file and (sizes[place] or counts[place]):
            in_file[place] = len(in_file)
    for at, place in enumerate(sorted(in_file, key=lambda place: (-sizes[place], place))):
        put_number(out, in_file[place] - at)


def put_column(out, values):
    before = 0
    for value in values:
        put_number(out, value - before)
        before = value


def put_number(out, number):
    """Append a number in LEB128, zigzag."""
    number = 2 * number if number >= 0 else -2 * number - 1
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)

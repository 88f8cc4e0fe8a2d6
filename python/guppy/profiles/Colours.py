"""The colour of a kind: always the same, in every run and every view (W-34).

A kind's name is hashed to one of 24 colours.  They were found by a search for the farthest points, with exchange, over a
grid of sRGB colours: any two, seen with normal sight or without one of the three kinds of cones (Machado, Oliveira and
Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009), are at least 15 apart in
CIELAB, and they stand off from black, from white and from a dark background.
"""

import zlib

__all__ = ["OTHER_COLOUR", "PALETTE", "colour_of", "rgb"]

PALETTE = (
    "#e1a52d", "#ff3cff", "#3c874b", "#0000ff", "#877896", "#b40000", "#782d87", "#3cf087", "#f0a5ff", "#87b4a5", "#005a3c",
    "#690fc3", "#2d96ff", "#f0d200", "#5a4b69", "#b4a54b", "#e13c00", "#6978b4", "#96e1b4", "#a51eff", "#965a69", "#d2c3e1",
    "#3cc378", "#a52dc3",
)  # fmt: skip

OTHER_COLOUR = "#000000"  # of <Other>


def colour_of(name):
    """The colour of the kind of this name, as #rrggbb."""
    return PALETTE[zlib.crc32(name.encode("utf-8", "backslashreplace")) % len(PALETTE)]


def rgb(colour):
    """#rrggbb as three bytes."""
    return bytes.fromhex(colour[1:])

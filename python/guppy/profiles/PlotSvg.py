"""A profile's graph as an SVG picture: what is in view, its axes, and which colour is which kind."""

import html

from .Comparison import one_line, time_text
from .GraphLayout import BANDS, BARS, LINES, View, band_edges, bar_runs, line_runs, stack

__all__ = ["svg"]

LEFT, RIGHT, TOP, BOTTOM = 64, 16, 28, 36  # around the graph
KEY_LINE = 18
FONT = "font-family='DejaVu Sans,Verdana,Arial,sans-serif' font-size='12'"
KEY_LENGTH = 60  # letters of a kind's name


def svg(selection, axis, view, mode, width=960, height=540, grid=(True, True), marked=None):
    """The picture as text.

    view    a View of which left, right and y_range are drawn
    mode    BARS, LINES or BANDS
    grid    whether there are lines at the ticks of x and of y
    marked  the number of the sample whose kinds the key lists, in its order; default is the last in view
    """
    first, end = axis.between(view.left, view.right)
    if marked is None or not first <= marked < end:
        marked = end - 1
    key = key_kinds(selection, mode, marked) if end > first else []
    columns = 2 if len(key) > 1 else 1
    key_height = KEY_LINE * -(-len(key) // columns) + (12 if key else 0)
    inner = View(view.left, view.right, view.y_range, width - LEFT - RIGHT, height - TOP - BOTTOM - key_height)
    title = "%s of %s" % ("Bytes" if selection.by == "size" else "Objects", one_line(selection.profile.path))
    lines = [
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d' role='img'>"
        % (width, height, width, height),
        "<title>%s</title>" % html.escape(title),
        "<rect width='%d' height='%d' fill='#ffffff'/>" % (width, height),
        "<g %s fill='#333333'>" % FONT,
        *axes(inner, axis, selection.by, grid),
        "</g>",
        "<svg x='%d' y='%d' width='%d' height='%d'>" % (LEFT, TOP, inner.width, inner.height),
        *shapes(selection, axis, inner, mode),
        "</svg>",
        "<g %s fill='#333333'>" % FONT,
        *key_entries(selection, key, columns, inner.width, TOP + inner.height + BOTTOM + 6),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def key_kinds(selection, mode, number):
    if mode == BANDS:
        return selection.bands()[0]
    return [kind for kind, value in selection.segments(number)]


def key_entries(selection, kinds, columns, width, top):
    """The kinds with their colours, in columns that are read downwards."""
    per_column = -(-len(kinds) // columns) if kinds else 0
    for place, kind in enumerate(kinds):
        x = LEFT + place // per_column * (width // columns)
        y = top + place % per_column * KEY_LINE
        name = one_line(selection.kinds.name(kind))
        if len(name) > KEY_LENGTH:
            name = name[: KEY_LENGTH - 1] + "\u2026"
        yield "<rect x='%d' y='%d' width='11' height='11' fill='%s'/>" % (x, y, selection.kinds.colour(kind))
        yield "<text x='%d' y='%d'>%s</text>" % (x + 17, y + 10, html.escape(name))


def axes(view, axis, by, grid):
    """Ticks, their texts, grid lines and units."""
    bottom, right = TOP + view.height, LEFT + view.width
    ticks = (
        view.number_ticks(text_width) if axis.by == "number" else view.time_ticks(axis.start, text_width)
    )  # fmt: skip
    for position, text in ticks:
        x = LEFT + view.x(position)
        top = TOP if grid[0] else bottom
        yield "<path d='M%.1f %d V%d' stroke='#cccccc'/>" % (x, top, bottom + 5)
        yield "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>" % (x, bottom + 19, html.escape(text))
    for value, text in view.value_ticks(36):
        y = TOP + view.y(value)
        yield "<path d='M%d %.1f H%d' stroke='#cccccc'/>" % (LEFT - 5, y, right if grid[1] else LEFT)
        yield "<text x='%d' y='%.1f' text-anchor='end'>%s</text>" % (LEFT - 9, y + 4, html.escape(text))
    yield "<text x='%d' y='%d'>%s</text>" % (LEFT, TOP - 10, "Bytes" if by == "size" else "Objects")
    text = "Sample" if axis.by == "number" else "Time, from " + time_text(axis.start)
    yield "<text x='%d' y='%d' text-anchor='end'>%s</text>" % (right, TOP - 10, html.escape(text))


def text_width(text):
    return 7.2 * len(text)


def shapes(selection, axis, view, mode):
    """The paths of the graph, one for each kind."""
    if mode == BARS:
        return bar_paths(selection, axis, view)
    return line_paths(selection, axis, view) if mode == LINES else band_paths(selection, axis, view)


def path(colour, d, more=""):
    return "<path fill='%s' d='%s'%s/>" % (colour, d, more)


def bar_paths(selection, axis, view):
    by_colour, parted = {}, []
    scale = view.height / view.y_range
    for x0, x1, number in bar_runs(axis, view, selection.totals()):
        below = None
        for kind, value, bottom, top in stack(selection.segments(number)):
            colour = selection.kinds.colour(kind)
            y = view.height - top * scale
            by_colour.setdefault(colour, []).append("M%d %.2fh%dv%.2fh%dz" % (x0, y, x1 - x0, value * scale, x0 - x1))
            if colour == below:
                parted.append("M%d %.2fh%d" % (x0, view.height - bottom * scale, x1 - x0))
            below = colour
    paths = [path(colour, "".join(parts)) for colour, parts in by_colour.items()]
    if parted:
        paths.append("<path stroke='#000000' d='%s'/>" % "".join(parted))
    return paths


def band_paths(selection, axis, view):
    kinds, lists = selection.bands()
    first, columns = band_edges(axis, view, lists)
    if not columns:
        return []
    scale = view.height / view.y_range
    paths, bottoms = [], [0.0] * len(columns)
    for place in reversed(range(len(kinds))):
        tops = [bottom + max(0.0, column[place]) for bottom, column in zip(bottoms, columns)]
        if tops != bottoms:
            points = [(first + x, view.height - top * scale) for x, top in enumerate(tops)]
            points += [(first + x, view.height - bottoms[x] * scale) for x in reversed(range(len(columns)))]
            paths.append(path(selection.kinds.colour(kinds[place]), "M" + "L".join("%d %.1f" % p for p in points) + "z"))
        bottoms = tops
    return paths


def line_paths(selection, axis, view):
    scale = view.height / view.y_range
    paths = []
    for kind, stretches in line_runs(axis, view, selection).items():
        thin, thick = [], []
        for stretch in stretches:
            before = None
            for number, value in stretch:
                left, right = (view.x(edge) for edge in axis.edges(number))
                inset, y = (right - left) / 4, view.height - value * scale
                left, right = left + inset, right - inset
                thick.append("M%.2f %.2fH%.2f" % (left, y, right))
                if before:
                    thin.append("M%.2f %.2fL%.2f %.2f" % (*before, left, y))
                before = (right, y)
        colour = selection.kinds.colour(kind)
        paths.append("<path fill='none' stroke='%s' stroke-width='1' d='%s'/>" % (colour, "".join(thin)))
        paths.append("<path fill='none' stroke='%s' stroke-width='3' d='%s'/>" % (colour, "".join(thick)))
    return paths

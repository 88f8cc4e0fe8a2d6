"""The graph of the profile browser: bars, lines or bands over samples, with the markers A and B (W-30 to W-37).

Bars and bands are one image, made at once; lines, axes and markers are items of the canvas.
"""

import tkinter as tk
from tkinter import ttk

from .._heapyc import _stacked_picture
from .Comparison import one_line, time_text
from .GraphLayout import BANDS, BARS, LINES, band_edges, bar_runs, line_runs, stack
from .Numbers import percent
from .Selection import OTHER
from .Tip import Tip

__all__ = ["GraphCanvas"]

SEPARATOR = "#000000"  # between neighbours of one colour (W-32)
REPEAT = 60  # milliseconds between steps while a marker is held beyond the edge
MARKER_COLOURS = {"a": "#1c2127", "b": "#0b62c4"}


def channels(colour):
    """A colour #rrggbb as three bytes."""
    return bytes.fromhex(colour[1:])


class Colours(dict):
    """The colours of kinds as bytes; each is made when it is first asked for."""

    def __init__(self, colour_of):
        super().__init__()
        self.colour_of = colour_of

    def __missing__(self, kind):
        found = self[kind] = channels(self.colour_of(kind))
        return found


class GraphCanvas(ttk.Frame):
    """Draws a BrowserModel.

    actions  an object whose methods are called: marker_moved(name), view_changed(), pointed(kind or None)
    """

    def __init__(self, master, theme, model, actions):
        super().__init__(master, name="graph_pane")
        self.theme, self.model, self.actions = theme, model, actions
        self.canvas = tk.Canvas(self, name="graph", bg=theme.PAPER, highlightthickness=0, takefocus=True, width=1, height=1)
        self.scrollbar = ttk.Scrollbar(self, name="graph_scrollbar", orient="horizontal", command=self._scroll)
        self.canvas.grid(row=0, column=0, sticky="nsew")
        self.scrollbar.grid(row=1, column=0, sticky="ew")
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.image = self.image_size = None
        self.highlighted = None
        self.dragged = None  # name of the marker that follows the pointer
        self.is_held = False  # by the mouse button, rather than by a click before
        self.has_moved = False
        self.pan_from = None
        self.repeat = None
        self.waiting = None
        self.view = model.view(1, 1)
        self.tip = Tip(self.canvas, theme)
        px = theme.px
        self.left = theme.font.measure("0000K") + px(14)
        self.top = theme.font.metrics("linespace") + px(14)
        self.bottom = theme.font.metrics("linespace") + px(12)
        self.right_margin = px(26)
        bind = self.canvas.bind
        bind("<Configure>", lambda event: self.redraw_soon())
        bind("<ButtonPress-1>", self._press)
        bind("<B1-Motion>", self._drag)
        bind("<ButtonRelease-1>", self._release)
        bind("<Motion>", self._motion)
        bind("<Leave>", self._leave)
        for event, factor in (("<Button-4>", 0.8), ("<Button-5>", 1.25)):
            bind(event, lambda event, factor=factor: self._wheel(event, factor))
        bind("<MouseWheel>", lambda event: self._wheel(event, 0.8 if event.delta > 0 else 1.25))
        bind("<Destroy>", lambda event: self._cancel_repeat())

    # ---- drawing ----

    def redraw_soon(self):
        """Draw once Tk has nothing else to do; many changes make one drawing."""
        if self.waiting is None:
            self.waiting = self.after_idle(self._redraw_waiting)

    def _redraw_waiting(self):
        self.waiting = None
        if self.winfo_exists():
            self.redraw()

    def redraw(self):
        """Draw everything now."""
        width = max(1, self.canvas.winfo_width() - self.left - self.right_margin)
        height = max(1, self.canvas.winfo_height() - self.top - self.bottom)
        self.view = self.model.view(width, height)
        self.canvas.delete("axes", "lines")
        if self.model.mode == LINES:
            self._draw_image([])
            self._draw_axes()
            self._draw_lines()
        else:
            self._draw_image(self._bars() if self.model.mode == BARS else self._bands())
            self._draw_axes()
        self.draw_markers()
        low, high = self.model.axis.extent()
        self.scrollbar.set((self.model.left - low) / (high - low), (self.model.right - low) / (high - low))

    def _draw_image(self, columns):
        """Show stacked areas; the image is as high as the highest of them, since Tk takes its time for each pixel."""
        view = self.view
        height, pixels = _stacked_picture(
            view.width, view.height, view.y_range, columns, Colours(self._shade), channels(self.theme.PAPER), channels(SEPARATOR)
        )
        size = (view.width, height)
        if self.image_size != size:
            self.image = tk.PhotoImage(master=self.canvas, width=size[0], height=size[1])
            self.image_size = size
            self.canvas.delete("picture")
            self.canvas.create_image(self.left, 0, anchor="sw", image=self.image, tags="picture")
            self.canvas.tag_lower("picture")
        self.canvas.coords("picture", self.left, self.top + self.view.height)
        self.image.tk.call(self.image, "put", pixels, "-format", "ppm")

    def _shade(self, kind):
        """A kind's colour, paler when another kind is pointed at."""
        colour = self.model.selection.kinds.colour(kind)
        if self.highlighted in (None, kind):
            return colour
        channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return "#" + "".join("%02x" % (255 - (255 - c) // 4) for c in channels)

    def _bars(self):
        selection = self.model.selection
        runs = bar_runs(self.model.axis, self.view, selection.totals())
        return [(x0, x1, selection.segments(number)) for x0, x1, number in runs]

    def _bands(self):
        kinds, lists = self.model.selection.bands()
        first, columns = band_edges(self.model.axis, self.view, lists)
        return [(x, x + 1, zip(kinds, values)) for x, values in enumerate(columns, first)]

    def _draw_lines(self):
        canvas, view, px = self.canvas, self.view, self.theme.px
        thick, thin = px(3), px(1)

        def y_of(value):
            # X counts in 16 bits: what is far outside stays just as well a little outside.
            return self.top + max(-view.height, min(2 * view.height, view.y(value)))

        first, end = self.model.axis.between(self.model.left, self.model.right)
        is_dense = end - first > view.width / (2 * px(3))
        # Dashes that close to each other are one line, with a point every second pixel at most.
        for kind, stretches in line_runs(self.model.axis, view, self.model.selection, 2.0 if is_dense else 0.0).items():
            colour = self._shade(kind)
            for stretch in stretches:
                points, dashes = [], []
                for number, value in stretch:
                    y = y_of(value)
                    if is_dense:
                        x = self.left + view.x(self.model.axis.positions[number])
                        points += (x, y)
                        continue
                    left, right = (self.left + view.x(edge) for edge in self.model.axis.edges(number))
                    inset = (right - left) / 4
                    points += (left + inset, y, right - inset, y)
                    dashes.append((left + inset, y, right - inset))
                if len(points) == 2:
                    points += (points[0] + 1, points[1])
                canvas.create_line(points, fill=colour, width=px(2) if is_dense else thin, tags="lines")
                for left, y, right in dashes:
                    canvas.create_line(left, y, right, y, fill=colour, width=thick, tags="lines")
        # What reaches beyond the axes is covered.
        width, height = canvas.winfo_width(), canvas.winfo_height()
        for box in ((0, 0, self.left, height), (self.left + view.width, 0, width, height), (0, 0, width, self.top)):
            canvas.create_rectangle(box, fill=self.theme.PAPER, outline="", tags="lines")
        canvas.tag_raise("labels")

    def _draw_axes(self):
        canvas, view, theme, px = self.canvas, self.view, self.theme, self.theme.px
        bottom, right = self.top + view.height, self.left + view.width
        measure = theme.font.measure
        ticks = (
            view.number_ticks(measure) if self.model.axis.by == "number" else view.time_ticks(self.model.axis.start, measure)
        )  # fmt: skip
        for position, text in ticks if len(self.model) else ():
            x = self.left + view.x(position)
            if self.model.x_grid:
                canvas.create_line(x, self.top, x, bottom, fill=theme.GRID, tags=("axes", "grid"))
            canvas.create_line(x, bottom, x, bottom + px(4), fill=theme.QUIET, width=px(1), tags=("axes", "labels"))
            canvas.create_text(x, bottom + px(6), text=text, anchor="n", font=theme.font, fill=theme.INK, tags=("axes", "labels", "x_labels"))
        for value, text in view.value_ticks(theme.font.metrics("linespace") * 2.2):
            y = self.top + view.y(value)
            if self.model.y_grid:
                canvas.create_line(self.left, y, right, y, fill=theme.GRID, tags=("axes", "grid"))
            canvas.create_line(self.left - px(4), y, self.left, y, fill=theme.QUIET, width=px(1), tags=("axes", "labels"))
            canvas.create_text(
                self.left - px(7), y, text=text, anchor="e", font=theme.font, fill=theme.INK, tags=("axes", "labels", "y_labels")
            )  # fmt: skip
        unit = "Bytes" if self.model.selection.by == "size" else "Objects"
        canvas.create_text(
            self.left - px(7), self.top + theme.font.metrics("linespace") * 0.6, text=unit, anchor="ne", font=theme.small,
            fill=theme.QUIET, tags=("axes", "labels", "unit"),
        )  # fmt: skip
        canvas.create_line(
            self.left, self.top, self.left, bottom, right, bottom, fill=theme.QUIET, width=px(1), tags=("axes", "labels")
        )  # fmt: skip

    # ---- markers ----

    def draw_markers(self):
        """Put the markers where their samples are."""
        self.canvas.delete("marker")
        for name in ("b", "a"):
            number = self.model.markers[name].number
            if number is None:
                continue
            x = self.left + self.view.x(self.model.axis.positions[number])
            if self.left - 1 <= x <= self.left + self.view.width + 1:
                self._draw_marker(name, x)

    def _draw_marker(self, name, x):
        canvas, px, colour = self.canvas, self.theme.px, MARKER_COLOURS[name]
        tags = ("marker", "marker_" + name)
        width, height = px(17), self.top - px(6)
        # A's handle stands to the right of its line and B's to the left: two on one sample can both be taken.
        left = x if name == "a" else x - width
        canvas.create_line(x, px(3), x, self.top + self.view.height, fill=colour, width=px(2), tags=tags)
        canvas.create_rectangle(left, px(3), left + width, px(3) + height - px(4), fill=colour, outline=colour, tags=tags)
        canvas.create_text(
            left + width / 2, px(3) + (height - px(4)) / 2, text=name.upper(), fill="#ffffff", font=self.theme.bold, tags=tags
        )  # fmt: skip

    def _marker_at(self, event):
        """The name of the marker whose handle or line is under the pointer."""
        reach = self.theme.px(3)
        for item in reversed(self.canvas.find_overlapping(event.x - reach, event.y - reach, event.x + reach, event.y + reach)):
            for tag in self.canvas.gettags(item):
                if tag.startswith("marker_"):
                    return tag[-1]
        return None

    def _press(self, event):
        self.canvas.focus_set()
        self.has_moved = False
        if self.dragged and not self.is_held:
            self._let_go()  # a click before had taken it; this one puts it down
            return
        name = self._marker_at(event)
        if name:
            self.dragged, self.is_held = name, True
        else:
            self.pan_from = (event.x, self.model.left)

    def _drag(self, event):
        if self.dragged:
            self._follow(event)
        elif self.pan_from:
            x, left = self.pan_from
            if abs(event.x - x) > self.theme.px(3):
                self.canvas.configure(cursor="fleur")
            width = self.model.right - self.model.left
            left += (x - event.x) * width / self.view.width
            self.model.show_range(left, left + width)
            self.actions.view_changed()

    def _release(self, event):
        self._cancel_repeat()
        self.pan_from = None
        if self.dragged and self.is_held:
            if self.has_moved:
                self._let_go()
            else:
                self.is_held = False  # a click: it follows the pointer until the next
        self.canvas.configure(cursor="")

    def _let_go(self):
        self._cancel_repeat()
        self.dragged, self.is_held = None, False
        self.canvas.configure(cursor="")

    def _follow(self, event):
        """Move the marker that is held to the pointer; beyond an edge step by step, as long as the pointer stays."""
        self._cancel_repeat()
        if not 0 <= event.y <= self.canvas.winfo_height():
            self._let_go()  # leaving above or below stops the movement (W-36)
            return
        x = event.x - self.left
        if 0 <= x <= self.view.width:
            self._move(self.model.axis.nearest(self.view.position(x)) if len(self.model) else 0)
        else:
            self._step_beyond(1 if x > 0 else -1)

    def _step_beyond(self, step):
        number = self.model.markers[self.dragged].number
        if number is not None and self._move(number + step):
            self.repeat = self.after(REPEAT, self._step_beyond, step)

    def _move(self, number):
        if not self.model.move_marker(self.dragged, number):
            return False
        self.has_moved = True
        self.actions.marker_moved(self.dragged)
        return True

    def _cancel_repeat(self):
        if self.repeat is not None:
            self.after_cancel(self.repeat)
            self.repeat = None

    # ---- pointing, zooming, scrolling ----

    def kind_at(self, x, y):
        """(kind, value, number) of what is drawn at a point of the canvas; None where nothing is."""
        x, y = x - self.left, y - self.top
        if not (0 <= x < self.view.width and 0 <= y < self.view.height and len(self.model)):
            return None
        selection, value = self.model.selection, self.view.value(y + 0.5)
        number = self.model.axis.nearest(self.view.position(x + 0.5))
        if self.model.mode == LINES:
            near = [(abs(self.view.y(v) - y), kind, v) for kind, v in selection.segments(number)]
            distance, kind, v = min(near, default=(self.view.height, None, 0))
            return (kind, v, number) if distance <= self.theme.px(5) else None
        if self.model.mode == BARS:
            covered = next((n for x0, x1, n in bar_runs(self.model.axis, self.view, selection.totals()) if x0 <= x < x1), None)
            if covered is None:
                return None
            number, pairs = covered, selection.segments(covered)
        else:
            kinds, lists = selection.bands()
            pairs = list(zip(kinds, lists[number]))
            if not self.model.axis.positions[0] <= self.view.position(x + 0.5) <= self.model.axis.positions[-1] and len(self.model) > 1:
                return None
        for kind, v, bottom, top in stack(pairs):
            if bottom <= value < top:
                return kind, v, number
        return None

    def _motion(self, event):
        if self.dragged and not self.is_held:
            self._follow(event)
            return
        name = self._marker_at(event)
        self.canvas.configure(cursor=self._cursor(name) if name else "")
        found = None if name else self.kind_at(event.x, event.y)
        self.actions.pointed(found[0] if found else None)
        if found:
            self.tip.show(event.x_root, event.y_root, self.description(*found))
        else:
            self.tip.hide()

    def description(self, kind, value, number):
        """What the tip says of a kind in a sample: its name, count, size and share."""
        sample, selection = self.model.profile[number], self.model.selection
        if kind == OTHER:
            kinds = selection.bands()[0] if self.model.mode == BANDS else [k for k, v in selection.segments(number)]
            listed = [k for k in kinds if k != OTHER]
            count, size = (
                sample.total(by) - sum(selection.store.values(number, by == "count", listed)) for by in ("count", "size")
            )  # fmt: skip
        else:
            count, size = (selection.store.values(number, by == "count", (kind,))[0] for by in ("count", "size"))
        return "%s\n%s objects, %s bytes, %s %% of %s\nSample %d at %s" % (
            one_line(selection.kinds.name(kind)), format(count, ",d"), format(size, ",d"), percent(value, sample.total(selection.by)),
            "all bytes" if selection.by == "size" else "all objects", number, time_text(sample.time),
        )  # fmt: skip

    def _cursor(self, name):
        """An arrow for the directions in which a marker can go."""
        number, last = self.model.markers[name].number, len(self.model) - 1
        if last < 1:
            return ""
        return "sb_right_arrow" if number == 0 else "sb_left_arrow" if number == last else "sb_h_double_arrow"

    def _leave(self, event):
        self.tip.hide()
        self.actions.pointed(None)
        if self.dragged and not self.is_held and not 0 <= event.y <= self.canvas.winfo_height():
            self._let_go()

    def highlight(self, kind):
        """Show the others paler than this kind; None: all alike."""
        if kind != self.highlighted:
            self.highlighted = kind
            self.redraw_soon()

    def _wheel(self, event, factor):
        x = min(max(event.x - self.left, 0), self.view.width)
        self.model.zoom(factor, self.view.position(x))
        self.actions.view_changed()

    def _scroll(self, what, amount, unit=None):
        low, high = self.model.axis.extent()
        width = self.model.right - self.model.left
        if what == "moveto":
            left = low + float(amount) * (high - low)
        else:
            left = self.model.left + int(amount) * width * (0.1 if unit == "units" else 0.9)
        self.model.show_range(left, left + width)
        self.actions.view_changed()

"""The table of the profile browser: a Comparison as rows, with a square of each kind's colour (W-40 to W-44)."""

import tkinter as tk
from tkinter import ttk

from .Comparison import one_line
from .KindsBar import KindsBar
from .Tip import Tip

__all__ = ["TableView"]

COLUMNS = ("value", "share", "change", "change_share", "kind")
NUMBER_WIDTH = 8  # characters
TOTAL = "total"  # the item of <Total>; those of kinds are their numbers


class TableView(ttk.Frame):
    """Shows a Comparison; the graph of the window highlights the kind whose row is pointed at."""

    def __init__(self, master, theme, window):
        super().__init__(master, name="table_pane")
        self.theme, self.on_point = theme, window.graph.highlight
        self.kinds_bar = KindsBar(self, theme, window)
        self.comparison = None
        self.sorted_by = None  # (column, whether it falls): as clicked
        self.scrollbar_mode = "auto"
        self.swatches = {}
        self.pointed = None
        self.header = tk.Label(
            self, name="samples", font=theme.fixed, justify="left", anchor="w", bg=theme.PAPER, fg=theme.INK, padx=theme.px(6), pady=theme.px(4)
        )  # fmt: skip
        self.tree = ttk.Treeview(self, name="table", columns=COLUMNS, show="tree headings", selectmode="browse")
        self.scrollbar = ttk.Scrollbar(self, name="table_scrollbar", orient="vertical", command=self.tree.yview)
        self.tree.configure(yscrollcommand=self._scrolled)
        self.tip = Tip(self.tree, theme)
        number = theme.font.measure("0" * NUMBER_WIDTH) + theme.px(8)
        self.tree.column("#0", width=theme.px(30), minwidth=theme.px(30), stretch=False, anchor="center")
        for column in COLUMNS[:-1]:
            self.tree.column(column, width=number, minwidth=number // 2, stretch=False, anchor="e")
        self.tree.column("kind", width=theme.font.measure("0" * 20), minwidth=theme.px(60), stretch=True, anchor="w")
        for place, column in enumerate(COLUMNS):
            self.tree.heading(column, anchor="w" if column == "kind" else "e", command=lambda c=column: self.sort_by(c))
        self.tree.tag_configure("total", font=theme.bold, background=theme.TOTAL)
        self.tree.tag_configure("pointed", background=theme.POINTED)
        self.kinds_bar.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.header.grid(row=1, column=0, columnspan=2, sticky="ew")
        self.tree.grid(row=2, column=0, sticky="nsew")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.tree.bind("<Motion>", self._motion)
        self.tree.bind("<Leave>", lambda event: self._point(None))
        self.tree.bind("<Configure>", lambda event: self.after_idle(self._fit_names))

    # ---- contents ----

    def show(self, comparison):
        """Show another table."""
        self.comparison = comparison
        self.kinds_bar.show(comparison)
        self.header.configure(text="\n".join(comparison.sample_lines()))
        self._show_headings()
        self._fill()

    def _show_headings(self):
        self.tree.heading("#0", text=self.comparison.columns[0])
        for column, word in zip(COLUMNS, self.comparison.columns[1:]):
            mark = ""
            if self.sorted_by and self.sorted_by[0] == column:
                mark = "\u25bc " if self.sorted_by[1] else "\u25b2 "
            self.tree.heading(column, text=mark + word)

    def _fill(self):
        tree, comparison = self.tree, self.comparison
        wanted = []
        if comparison.total is not None:
            self._put(TOTAL, comparison.total, 0, ("total",))
            wanted.append(TOTAL)
        for place, line in enumerate(self.sorted_lines(), 1):
            item = str(line.kind)
            self._put(item, line, place, ("pointed",) if line.kind == self.pointed else ())
            wanted.append(item)
        for item in set(tree.get_children()) - set(wanted):
            tree.delete(item)

    def _put(self, item, line, place, tags):
        cells = self.comparison.cells(line)
        values = cells[:-1] + (self._fitting(one_line(cells[-1])),)
        image = "" if line.kind is None else self._swatch(self.comparison.kinds.colour(line.kind))
        if self.tree.exists(item):
            self.tree.item(item, values=values, image=image, tags=tags)
            self.tree.move(item, "", place)
        else:
            self.tree.insert("", place, iid=item, values=values, image=image, tags=tags)

    def _swatch(self, colour):
        image = self.swatches.get(colour)
        if image is None:
            image = self.swatches[colour] = self.theme.swatch(self, colour)
        return image

    def sorted_lines(self):
        """The rows in the order they are shown."""
        lines = self.comparison.lines
        if not self.sorted_by:
            return lines
        column, falls = self.sorted_by
        key = {
            "value": lambda line: line.value, "share": lambda line: line.value, "change": lambda line: line.change,
            "change_share": lambda line: line.change, "kind": lambda line: line.name.lower(),
        }[column]  # fmt: skip
        return sorted(lines, key=key, reverse=falls)

    def sort_by(self, column):
        """As a click on a heading does: falling, rising, as the graph has it; names rise first."""
        first = column != "kind"
        if not self.sorted_by or self.sorted_by[0] != column:
            self.sorted_by = (column, first)
        elif self.sorted_by[1] == first:
            self.sorted_by = (column, not first)
        else:
            self.sorted_by = None
        self.show(self.comparison)

    def text(self):
        """The table as text, whole names, in the order it is shown."""
        lines = self.comparison.lines
        self.comparison.lines = self.sorted_lines()
        try:
            return str(self.comparison)
        finally:
            self.comparison.lines = lines

    # ---- names that are too long ----

    def _fitting(self, name):
        """A name, cut so that it fits its column."""
        others = sum(self.tree.column(column, "width") for column in ("#0",) + COLUMNS[:-1])
        width = self.tree.winfo_width() - others - self.theme.px(16)
        measure = self.theme.font.measure
        if measure(name) <= width:
            return name
        low, high = 0, len(name)
        while low < high:
            middle = (low + high + 1) // 2
            if measure(name[:middle] + "\u2026") <= width:
                low = middle
            else:
                high = middle - 1
        return name[:low] + "\u2026"

    def _fit_names(self):
        if self.comparison is None or not self.winfo_exists():
            return
        for line in self.comparison.lines:
            if self.tree.exists(str(line.kind)):
                self.tree.set(str(line.kind), "kind", self._fitting(one_line(line.name)))

    # ---- pointing ----

    def _motion(self, event):
        item = self.tree.identify_row(event.y)
        self._point(int(item) if item and item != TOTAL else None)
        name = next((line.name for line in self.comparison.lines if str(line.kind) == item), None) if item else None
        is_cut = name is not None and self.tree.set(item, "kind") != name
        if is_cut and self.tree.identify_column(event.x) == "#%d" % len(COLUMNS):
            self.tip.show(event.x_root, event.y_root, name)
        else:
            self.tip.hide()

    def _point(self, kind):
        if kind is None:
            self.tip.hide()
        self.mark(kind)
        self.on_point(kind)

    def mark(self, kind):
        """Mark the row of a kind; None: of none."""
        if kind == self.pointed:
            return
        for number, tags in ((self.pointed, ()), (kind, ("pointed",))):
            if number is not None and self.tree.exists(str(number)):
                self.tree.item(str(number), tags=tags)
        self.pointed = kind

    # ---- the scrollbar ----

    def set_scrollbar(self, mode):
        """'auto': there when it is needed; 'on', 'off'."""
        self.scrollbar_mode = mode
        self._scrolled(*self.tree.yview())

    def _scrolled(self, first, last):
        self.scrollbar.set(first, last)
        is_needed = float(first) > 0 or float(last) < 1
        if self.scrollbar_mode == "on" or (self.scrollbar_mode == "auto" and is_needed):
            self.scrollbar.grid(row=2, column=1, sticky="ns")
        else:
            self.scrollbar.grid_remove()

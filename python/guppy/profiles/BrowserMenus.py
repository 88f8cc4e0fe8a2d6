"""The menus of the profile browser (W-12 to W-17); keys that do the same are shown beside."""

import tkinter as tk

from .Comparison import CHOICES
from .GraphLayout import BANDS, BARS, LINES

__all__ = ["BrowserMenus"]

KEYS = {
    "Left": "Move A back", "Right": "Move A on", "Shift+Left": "Move B back", "Shift+Right": "Move B on", "Home": "A to the first sample",
    "End": "A to the last sample",
}  # fmt: skip


class BrowserMenus:
    """The menu bar of a window, and the variables that its checks and radios show."""

    def __init__(self, window):
        self.window = window
        top = window.top
        self.bar = tk.Menu(top, name="menubar")
        top.configure(menu=self.bar)
        self.variables = {}
        for title, fill in (
            ("File", self._file), ("Pane", self._pane), ("Graph", self._graph), ("Table", self._table), ("Window", None),
            ("Help", self._help),
        ):  # fmt: skip
            menu = tk.Menu(self.bar, name=title.lower() + "_menu")
            self.bar.add_cascade(label=title, menu=menu, underline=0)
            if fill:
                fill(menu)
            else:
                self.window_menu = menu
                menu.configure(postcommand=self._list_windows)

    def _variable(self, name, kind=tk.StringVar):
        return self.variables.setdefault(name, kind(self.window.top))

    def _radios(self, menu, name, entries, command):
        variable = self._variable(name)
        for label, value, key in entries:
            menu.add_radiobutton(
                label=label, variable=variable, value=value, accelerator=key, command=lambda: command(variable.get())
            )  # fmt: skip

    def _check(self, menu, name, label, command, key=""):
        variable = self._variable(name, tk.BooleanVar)
        menu.add_checkbutton(label=label, variable=variable, accelerator=key, command=lambda: command(variable.get()))

    def _file(self, menu):
        w = self.window
        menu.add_command(label="New Profile Browser", accelerator="Ctrl+N", command=w.new_window)
        menu.add_command(label="Open Profile", accelerator="Ctrl+O", command=w.ask_profile)
        menu.add_separator()
        menu.add_command(label="Save Picture", accelerator="Ctrl+E", command=w.ask_picture)
        menu.add_command(label="Copy Table", accelerator="Ctrl+C", command=w.copy_table)
        menu.add_separator()
        menu.add_command(label="Close Window", accelerator="Ctrl+W", command=w.close)
        menu.add_command(label="Exit", accelerator="Ctrl+Q", command=w.exit)

    def _pane(self, menu):
        for pane, label in (("control_panel", "Show Control Panel"), ("graph", "Show Graph"), ("table", "Show Table")):
            self._check(menu, "show_" + pane, label, lambda on, pane=pane: self.window.show_pane(pane, on))
            self.variables["show_" + pane].set(True)

    def _graph(self, menu):
        w = self.window
        self._radios(menu, "mode", (("Bars", BARS, "b"), ("Lines", LINES, "l"), ("Bands", BANDS, "d")), w.set_mode)
        menu.add_separator()
        self._radios(menu, "by", (("Size", "size", "s"), ("Count", "count", "c")), w.set_by)
        menu.add_separator()
        self._radios(menu, "axis", (("By Number", "number", ""), ("By Time", "time", "t")), w.choose_axis)
        menu.add_separator()
        self._check(menu, "x_grid", "X Grid", lambda on: w.set_grid("x", on))
        self._check(menu, "y_grid", "Y Grid", lambda on: w.set_grid("y", on))
        self._check(menu, "y_auto", "Y Auto", w.set_y_auto)
        menu.add_separator()
        menu.add_command(label="All Samples in View", accelerator="0", command=w.fit)
        markers = tk.Menu(menu, name="markers_menu")
        menu.add_cascade(label="Markers", menu=markers)
        for key, label in KEYS.items():
            markers.add_command(label=label, accelerator=key, command=lambda key=key: w.marker_key(key))
        markers.add_command(label="B to the first sample", accelerator="Shift+Home", command=lambda: w.marker_key("Shift+Home"))
        markers.add_command(label="B to the last sample", accelerator="Shift+End", command=lambda: w.marker_key("Shift+End"))

    def _table(self, menu):
        w = self.window
        header = tk.Menu(menu, name="header_menu")
        menu.add_cascade(label="Header", menu=header)
        for place, choices in enumerate(CHOICES):
            column = tk.Menu(header, name="column%d_menu" % (place + 1))
            header.add_cascade(label="Column %d" % (place + 1), menu=column)
            self._radios(
                column, "column%d" % place, [(word, word, "") for word in choices],
                lambda word, place=place: w.choose_column(place, word),
            )  # fmt: skip
        bar = tk.Menu(menu, name="scrollbar_menu")
        menu.add_cascade(label="Scrollbar", menu=bar)
        self._radios(bar, "scrollbar", [(m.capitalize(), m, "") for m in ("auto", "on", "off")], w.set_scrollbar)
        self.variables["scrollbar"].set("auto")
        menu.add_separator()
        self._check(menu, "difference", "Difference Columns", lambda on: w.toggle_difference(), "x")
        self._check(menu, "sort", "Most Changed Kinds", w.set_sort_by_difference)
        menu.add_command(label="Filter", accelerator="/", command=w.focus_filter)

    def _help(self, menu):
        menu.add_command(label="About", command=self.window.show_about)
        menu.add_command(label="Help", accelerator="F1", command=self.window.show_help)

    def _list_windows(self):
        fill_window_menu(self.window_menu, self.window)

    def update(self):
        """Show the state of the model."""
        model = self.window.model
        values = {
            "mode": model.mode, "by": model.selection.by, "axis": model.axis.by, "x_grid": model.x_grid, "y_grid": model.y_grid,
            "y_auto": model.y_auto, "difference": model.columns[3] != "Cumul", "sort": model.sort == "difference",
        }  # fmt: skip
        values.update(("column%d" % place, word) for place, word in enumerate(model.columns))
        for name, value in values.items():
            if self.variables[name].get() != value:
                self.variables[name].set(value)


def fill_window_menu(menu, window):
    """List the open windows; choosing one raises it."""
    menu.delete(0, "end")
    window.window_choice = choice = tk.IntVar(window.top)
    for number, title, other in window.application.titles():
        if other is window:
            choice.set(number)
        menu.add_radiobutton(label="%d %s" % (number, title), variable=choice, value=number, command=other.lift)

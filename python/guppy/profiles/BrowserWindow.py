"""A window of the profile browser: menus, control panel, graph and table, and what each of them does (W-10 to W-53)."""

import os
import tkinter as tk
from tkinter import filedialog, messagebox, ttk

from .BrowserMenus import BrowserMenus
from .BrowserModel import BrowserModel
from .ControlPanel import ControlPanel
from .GraphCanvas import GraphCanvas
from .HelpWindow import show_text
from .PlotSvg import svg
from .TableView import TableView

__all__ = ["BrowserWindow"]

COLLECT_INTERVAL = 1000  # milliseconds
TITLE = "Heapy Profile Browser: "
TYPES_IN = ("TEntry", "Entry", "TSpinbox", "Spinbox")  # widgets that take letters themselves


class BrowserWindow:
    """One window on one file."""

    is_browser = True

    def __init__(self, application):
        self.application, self.theme = application, application.theme
        self.top = tk.Toplevel(application.root, bg=self.theme.PAGE)
        self.model = BrowserModel()
        self.collecting = None
        self.reported = None  # the error that Collect has told of
        self.ratio = 0.6  # of graph to graph and table
        self.panes = {"control_panel": True, "graph": True, "table": True}
        self.panel = ControlPanel(self.top, self.theme, self)
        self.body = ttk.Frame(self.top, name="body")
        self.graph = GraphCanvas(self.body, self.theme, self.model, self)
        self.divider = tk.Frame(self.body, name="divider", bg=self.theme.EDGE, cursor="sb_h_double_arrow")
        self.table = TableView(self.body, self.theme, self)
        self.divider.bind("<B1-Motion>", self._drag_divider)
        self.menus = BrowserMenus(self)
        self._lay_out()
        self._bind_keys()
        px = self.theme.px
        width = min(px(1200), self.top.winfo_screenwidth() - px(40))
        height = min(px(680), self.top.winfo_screenheight() - px(80))
        self.top.geometry("%dx%d" % (width, height))
        self.top.minsize(px(420), px(240))
        self.top.protocol("WM_DELETE_WINDOW", self.close)
        self._show_title()
        self.show_all()

    # ---- layout ----

    def _lay_out(self):
        for widget in (self.panel, self.body):
            widget.pack_forget()
        if self.panes["control_panel"]:
            self.panel.pack(side="top", fill="x")
        self.body.pack(side="top", fill="both", expand=True)
        for widget in (self.graph, self.divider, self.table):
            widget.place_forget()
        width = self.theme.px(6)
        if self.panes["graph"] and self.panes["table"]:
            self.graph.place(relx=0, rely=0, relwidth=self.ratio, relheight=1, width=-width // 2)
            self.divider.place(relx=self.ratio, rely=0, x=-width // 2, width=width, relheight=1)
            self.table.place(relx=self.ratio, rely=0, x=width // 2, relwidth=1 - self.ratio, width=-width // 2, relheight=1)
        elif self.panes["graph"]:
            self.graph.place(relx=0, rely=0, relwidth=1, relheight=1)
        elif self.panes["table"]:
            self.table.place(relx=0, rely=0, relwidth=1, relheight=1)

    def _drag_divider(self, event):
        width = max(1, self.body.winfo_width())
        self.ratio = min(0.9, max(0.1, (event.x_root - self.body.winfo_rootx()) / width))
        self._lay_out()

    def show_pane(self, pane, is_shown):
        """Show or hide 'control_panel', 'graph' or 'table'."""
        self.panes[pane] = is_shown
        self._lay_out()

    def _show_title(self):
        self.top.title(TITLE + (self.model.profile.path or "<No File>"))

    def lift(self):
        """Bring the window to the front, deiconifying it."""
        self.top.deiconify()
        self.top.lift()
        self.top.focus_set()

    # ---- keys ----

    def _bind_keys(self):
        bind = self.top.bind
        for keys, action in (
            ("oO", self.ask_profile), ("nN", self.new_window), ("wW", self.close), ("qQ", self.exit), ("eE", self.ask_picture),
            ("cC", self.copy_table),
        ):  # fmt: skip
            for key in keys:
                bind("<Control-Key-%s>" % key, lambda event, action=action: self._control_key(event, action))
        bind("<F1>", lambda event: self.show_help())
        for name in ("Left", "Right", "Home", "End"):
            bind("<%s>" % name, self._letter(lambda name=name: self.marker_key(name)))
            bind("<Shift-%s>" % name, self._letter(lambda name=name: self.marker_key("Shift+" + name)))
        for key, action in (
            ("b", lambda: self.set_mode("bars")), ("l", lambda: self.set_mode("lines")), ("d", lambda: self.set_mode("bands")),
            ("s", lambda: self.set_by("size")), ("c", lambda: self.set_by("count")), ("x", self.toggle_difference),
            ("t", lambda: self.choose_axis("number" if self.model.axis.by == "time" else "time")), ("0", self.fit),
            ("slash", self.focus_filter), ("plus", lambda: self._zoom(0.8)), ("minus", lambda: self._zoom(1.25)),
        ):  # fmt: skip
            bind("<Key-%s>" % key, self._letter(action))

    def _letter(self, action):
        """A binding that leaves keys to fields in which one types."""

        def act(event):
            if event.widget.winfo_class() not in TYPES_IN and not event.state & 0x4:
                action()
                return "break"
            return None

        return act

    def _control_key(self, event, action):
        if action == self.copy_table and event.widget.winfo_class() in TYPES_IN:
            return None
        action()
        return "break"

    def marker_key(self, key):
        """What a key such as 'Left' or 'Shift+End' does."""
        shift, plus, name = key.rpartition("+")
        marker = "b" if plus else "a"
        if name in ("Left", "Right"):
            self.step_marker(marker, -1 if name == "Left" else 1)
        else:
            self.move_marker(marker, 0 if name == "Home" else len(self.model) - 1)

    # ---- files ----

    def load(self, filename):
        """Show a file; an error box when it cannot be read, and the one before stays."""
        try:
            self.model.open(filename)
        except (OSError, ValueError, MemoryError) as error:
            self.report(filename, error)
            return False
        self.reported = None
        self._show_title()
        self.show_all()
        return True

    def report(self, filename, error):
        messagebox.showerror(
            "Error when loading", "%r\n\n%s: %s" % (str(filename), type(error).__name__, error), parent=self.top
        )  # fmt: skip

    def ask_profile(self):
        """File > Open Profile."""
        path = self.model.profile.path
        filename = filedialog.askopenfilename(
            parent=self.top, title="Open Profile", initialdir=os.path.dirname(path) if path else os.getcwd(),
            filetypes=[("Heapy data files", "*.hpy"), ("All files", "*")],
        )  # fmt: skip
        if filename:
            self.load(filename)

    def ask_picture(self):
        """File > Save Picture: the graph as it is, as SVG."""
        path = self.model.profile.path
        name = os.path.splitext(os.path.basename(path or "profile"))[0] + ".svg"
        filename = filedialog.asksaveasfilename(
            parent=self.top, title="Save Picture", initialfile=name, defaultextension=".svg",
            initialdir=os.path.dirname(path) if path else os.getcwd(), filetypes=[("SVG pictures", "*.svg"), ("All files", "*")],
        )  # fmt: skip
        if filename:
            self.save_picture(filename)

    def save_picture(self, filename):
        model = self.model
        text = svg(
            model.selection, model.axis, model.view(1, 1), model.mode, grid=(model.x_grid, model.y_grid),
            marked=model.markers["a"].number,
        )  # fmt: skip
        try:
            with open(filename, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            messagebox.showerror("Save Picture", "%r\n\n%s: %s" % (filename, type(error).__name__, error), parent=self.top)

    def copy_table(self):
        """File > Copy Table: as text, with whole names."""
        self.top.clipboard_clear()
        self.top.clipboard_append(self.table.text())

    def set_collect(self, is_on):
        """Look for new samples now and every second, or no more."""
        if self.collecting is not None:
            self.top.after_cancel(self.collecting)
            self.collecting = None
        if is_on:
            self._collect()

    def _collect(self):
        if not self.top.winfo_exists():
            return
        self.collecting = self.top.after(COLLECT_INTERVAL, self._collect)
        try:
            answer = self.model.refresh()
            self.reported = None
        except (OSError, ValueError, MemoryError) as error:
            # Told of once; the old samples stay, and the next look may find the file again.
            if str(error) != self.reported:
                self.reported = str(error)
                self.top.after_idle(self.report, self.model.profile.path, error)
            return
        if answer != "same":
            self.show_all()

    # ---- choices: the controls, menus and keys call these ----

    def show_all(self):
        """Show the model in every pane."""
        self.menus.update()
        self.panel.update_controls()
        self.graph.redraw_soon()
        self.show_table()

    def show_table(self):
        self.table.show(self.model.comparison())

    def view_changed(self):
        """Another part of the axis is in view."""
        self.panel.update_ranges()
        self.graph.redraw_soon()

    def marker_moved(self, name):
        """A marker was moved: only what depends on it changes (W-44)."""
        self.panel.update_markers()
        if (self.graph.view.left, self.graph.view.right) != (self.model.left, self.model.right):
            self.view_changed()
        else:
            self.graph.draw_markers()
        columns = self.model.columns
        if name.upper() == columns[0] or name.upper() in "".join(c for c in columns[2:5] if c != "Cumul").replace("Tot", ""):
            self.show_table()

    def move_marker(self, name, number):
        self.model.move_marker(name, number)
        self.marker_moved(name)

    def step_marker(self, name, step):
        self.model.step_marker(name, step)
        self.marker_moved(name)

    def track(self, name, is_on):
        self.model.track(name, is_on)
        self.marker_moved(name)

    def pointed(self, kind):
        """The pointer is on a kind in the graph, or on none: its row is marked."""
        self.table.mark(kind)

    def set_grid(self, axis, is_on):
        setattr(self.model, axis + "_grid", is_on)
        self.show_all()

    def set_y_auto(self, is_on):
        self.model.set_y_auto(is_on)
        self.show_all()

    def set_range(self, axis, value):
        if axis == "x":
            self.model.set_x_range(value)
        else:
            self.model.set_y_range(value)
        self.show_all()

    def step_range(self, axis, up):
        if axis == "x":
            self.model.step_x_range(up)
        else:
            self.model.step_y_range(up)
        self.show_all()

    def set_mode(self, mode):
        self.model.mode = mode
        self.show_all()

    def set_by(self, by):
        self.model.choose(by=by)
        self.show_all()

    def choose_axis(self, by):
        self.model.choose_axis(by)
        self.show_all()

    def fit(self):
        self.model.fit()
        self.view_changed()

    def _zoom(self, factor):
        self.model.zoom(factor, (self.model.left + self.model.right) / 2)
        self.view_changed()

    def set_top(self, top):
        if top != self.model.selection.top:
            self.model.choose(top=top)
            self.show_all()

    def set_filter(self, text):
        if text != self.model.selection.text:
            self.model.choose(text=text)
            self.show_all()

    def focus_filter(self):
        self.show_pane("table", True)
        self.menus.variables["show_table"].set(True)
        self.table.kinds_bar.focus_filter()

    def choose_column(self, place, word):
        self.model.choose_column(place, word)
        self.show_all()

    def toggle_difference(self):
        self.model.toggle_difference()
        self.show_all()

    def set_sort_by_difference(self, is_on):
        self.model.sort = "difference" if is_on else None
        if is_on and self.model.columns[3] == "Cumul":
            self.model.toggle_difference()
        self.show_all()

    def set_scrollbar(self, mode):
        self.table.set_scrollbar(mode)

    # ---- windows ----

    def new_window(self):
        """Another window on the same file."""
        self.application.open_window(self.model.profile.path)

    def close(self):
        self.set_collect(False)
        self.application.close(self)

    def exit(self):
        self.application.exit()

    def show_help(self):
        show_text(self.application, "Help")

    def show_about(self):
        show_text(self.application, "About")

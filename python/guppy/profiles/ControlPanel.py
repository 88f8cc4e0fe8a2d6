"""The controls above the graph: ranges of X and Y, the markers A and B, Collect and Exit (W-20 to W-27)."""

import tkinter as tk
from tkinter import messagebox, ttk

from .Numbers import parse_range, short

__all__ = ["ControlPanel"]

FIRST_REPEAT, NEXT_REPEAT = 500, 150  # milliseconds that a step button is held


class StepButton(ttk.Button):
    """A button whose command runs again and again while it is held."""

    def __init__(self, master, **options):
        super().__init__(master, style="Step.TButton", takefocus=False, **options)
        self.timer = None
        self.has_repeated = False
        self.bind("<ButtonPress-1>", self._press)
        self.bind("<ButtonRelease-1>", self._release)
        self.bind("<Destroy>", lambda event: self._stop())

    def _press(self, event):
        self.has_repeated = False
        self.timer = self.after(FIRST_REPEAT, self._repeat)

    def _repeat(self):
        self.has_repeated = True
        self.timer = self.after(NEXT_REPEAT, self._repeat)
        self.invoke()

    def _release(self, event):
        self._stop()
        if self.has_repeated:
            self.state(["!pressed"])
            return "break"  # the release itself is no further step
        return None

    def _stop(self):
        if self.timer is not None:
            self.after_cancel(self.timer)
            self.timer = None


class ControlPanel(ttk.Frame):
    """The panel of a window; `window` has a method for each control, and the model that update() shows."""

    def __init__(self, master, theme, window):
        super().__init__(master, name="control_panel", padding=(theme.px(8), theme.px(4)))
        self.theme, self.window, self.model = theme, window, window.model
        self.fields = {}
        self.samples = {}
        self.variables = {}
        self._axis_frame("x", 0)
        self._axis_frame("y", 1)
        self._marker_frame("a", 2)
        self._marker_frame("b", 3)
        self._last_frame(4)
        self.columnconfigure(4, weight=1)

    def _frame(self, text, column):
        frame = ttk.Labelframe(self, text=text)
        frame.grid(row=0, column=column, sticky="nsew", padx=(0, self.theme.px(8)))
        return frame

    def _check(self, master, name, text, command):
        variable = self.variables[name] = tk.BooleanVar(self)
        return ttk.Checkbutton(
            master, name=name, text=text, variable=variable, command=lambda: command(variable.get()), takefocus=True
        )  # fmt: skip

    def _axis_frame(self, axis, column):
        """X or Y: a menu, Grid, the range with its steps; for Y also Auto."""
        frame = self._frame({"x": "Samples", "y": "Values"}[axis], column)
        menu = ttk.Menubutton(frame, name=axis + "_menu", text=axis.upper(), width=2)
        menu["menu"] = items = tk.Menu(menu)
        grid = self._check(frame, axis + "_grid", "Grid", lambda on: self.window.set_grid(axis, on))
        items.add_checkbutton(
            label="Grid", variable=self.variables[axis + "_grid"],
            command=lambda: self.window.set_grid(axis, self.variables[axis + "_grid"].get()),
        )  # fmt: skip
        field = self.fields[axis] = ttk.Entry(frame, name=axis + "_range", width=7, justify="right", font=self.theme.font)
        for event in ("<Return>", "<KP_Enter>"):
            field.bind(event, lambda event: self._take_range(axis))
        field.bind("<Escape>", lambda event: self.update_ranges())
        field.bind("<FocusOut>", lambda event: self.update_ranges())
        minus = StepButton(frame, name=axis + "_minus", text="\u2212", command=lambda: self.window.step_range(axis, False))
        plus = StepButton(frame, name=axis + "_plus", text="+", command=lambda: self.window.step_range(axis, True))
        parts = [menu, grid, minus, field, plus]
        if axis == "y":
            auto = self._check(frame, "y_auto", "Auto", self.window.set_y_auto)
            items.add_checkbutton(
                label="Auto", variable=self.variables["y_auto"],
                command=lambda: self.window.set_y_auto(self.variables["y_auto"].get()),
            )  # fmt: skip
            parts.insert(2, auto)
        else:
            self.variables["axis"] = tk.StringVar(self, "number")
            items.add_separator()
            for by in ("number", "time"):
                items.add_radiobutton(
                    label="By " + by.capitalize(), variable=self.variables["axis"], value=by,
                    command=lambda: self.window.choose_axis(self.variables["axis"].get()),
                )  # fmt: skip
        self._pack(parts)

    def _pack(self, parts):
        for part in parts:
            part.pack(side="left", padx=(0, self.theme.px(3)))

    def _marker_frame(self, name, column):
        frame = self._frame("Marker " + name.upper(), column)
        number = self.samples[name] = tk.Label(
            frame, name=name + "_sample", width=6, anchor="e", bg="#000000", fg="#ffd400", font=self.theme.bold,
            padx=self.theme.px(4), pady=self.theme.px(2),
        )  # fmt: skip
        minus = StepButton(frame, name=name + "_minus", text="\u2212", command=lambda: self.window.step_marker(name, -1))
        plus = StepButton(frame, name=name + "_plus", text="+", command=lambda: self.window.step_marker(name, 1))
        track = self._check(frame, name + "_track", "Track", lambda on: self.window.track(name, on))
        self._pack([minus, number, plus, track])

    def _last_frame(self, column):
        frame = ttk.Frame(self)
        frame.grid(row=0, column=column, sticky="se", pady=(0, self.theme.px(4)))
        collect = self._check(frame, "collect", "Collect", self.window.set_collect)
        leave = ttk.Button(frame, name="exit", text="Exit", style="Exit.TButton", command=self.window.exit)
        collect.pack(side="left", padx=(0, self.theme.px(8)))
        leave.pack(side="left")

    # ---- what was typed ----

    def _take_range(self, axis):
        try:
            value = parse_range(self.fields[axis].get())
        except ValueError as error:
            self.bell()
            self.update_ranges(is_forced=True)
            messagebox.showerror("Range", str(error), parent=self)
            return
        self.window.set_range(axis, value)
        self.update_ranges(is_forced=True)

    # ---- what is shown ----

    def update_ranges(self, is_forced=False):
        """Show the ranges; not into a field in which somebody types."""
        for axis, value in (("x", self.model.x_range), ("y", self.model.y_range)):
            field, text = self.fields[axis], short(value)
            if field.get() != text and (is_forced or self.focus_get() is not field):
                field.delete(0, "end")
                field.insert(0, text)

    def update_controls(self):
        """Show the state of the model."""
        model = self.model
        self.update_ranges()
        for name in ("x_grid", "y_grid", "y_auto"):
            self.variables[name].set(getattr(model, name))
        self.variables["axis"].set(model.axis.by)
        self.update_markers()

    def update_markers(self):
        for name, marker in self.model.markers.items():
            text = "" if marker.number is None else str(marker.number)
            if self.samples[name].cget("text") != text:
                self.samples[name].configure(text=text)
            if self.variables[name + "_track"].get() != marker.is_tracking:
                self.variables[name + "_track"].set(marker.is_tracking)

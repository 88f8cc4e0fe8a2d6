"""Which kinds are shown: how many of each sample, and those whose names hold a text (W-61)."""

import tkinter as tk
from tkinter import ttk

__all__ = ["KindsBar"]

MOST = 10000


class KindsBar(ttk.Frame):
    """The fields Top and Filter of a window, above its table."""

    def __init__(self, master, theme, window):
        super().__init__(master, name="kinds_bar", padding=(theme.px(6), theme.px(4)))
        self.window = window
        px = theme.px
        self.top_text, self.filter_text = tk.StringVar(self), tk.StringVar(self)
        self.top = ttk.Spinbox(
            self, name="top", from_=1, to=MOST, width=4, textvariable=self.top_text, font=theme.font, command=self._take_top
        )
        for event in ("<Return>", "<KP_Enter>", "<FocusOut>"):
            self.top.bind(event, lambda event: self._take_top())
        self.filter = ttk.Entry(self, name="filter", width=12, textvariable=self.filter_text, font=theme.font)
        self.filter_text.trace_add("write", lambda *ignored: window.set_filter(self.filter_text.get()))
        self.filter.bind("<Escape>", lambda event: self.clear_filter())
        self.filter.bind("<Return>", lambda event: window.graph.canvas.focus_set())
        ttk.Label(self, text="Top").pack(side="left", padx=(0, px(4)))
        self.top.pack(side="left", padx=(0, px(12)))
        ttk.Label(self, text="Filter").pack(side="left", padx=(0, px(4)))
        self.filter.pack(side="left", fill="x", expand=True)

    def _take_top(self):
        text = self.top_text.get()
        if text.isdecimal() and text.isascii() and 1 <= int(text[:9]) <= MOST:
            self.window.set_top(int(text))
        else:
            self.bell()
        self.show(self.window.model.selection)

    def clear_filter(self):
        """Show all kinds, and give the keys back to the graph."""
        self.filter_text.set("")
        self.window.graph.canvas.focus_set()

    def focus_filter(self):
        """Let the filter be typed."""
        self.filter.focus_set()
        self.filter.selection_range(0, "end")

    def show(self, selection):
        """Show what is chosen."""
        if self.top_text.get() != str(selection.top):
            self.top_text.set(selection.top)

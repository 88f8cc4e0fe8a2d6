"""How the profile browser looks: lengths that grow with the display's resolution, fonts that are the user's, colours."""

import tkinter as tk
from tkinter import font, ttk

__all__ = ["Theme"]


class Theme:
    """Lengths and fonts of one display.

    px(n) is the number of pixels that take the place n pixels take at 96 dots an inch.
    """

    PAGE = "#f3f4f6"  # around
    PAPER = "#ffffff"  # behind the graph and in the table
    INK = "#1c2127"
    QUIET = "#5d6673"
    GRID = "#dfe3e8"
    EDGE = "#c3cad3"
    POINTED = "#fff0b8"
    TOTAL = "#eef1f5"
    TIP = "#1c2127"
    DANGER = "#c62828"

    def __init__(self, root):
        self.scale = root.winfo_fpixels("1i") / 96
        for name in ("TkDefaultFont", "TkTextFont", "TkFixedFont", "TkMenuFont", "TkHeadingFont", "TkTooltipFont"):
            named = font.nametofont(name, root)
            if named.actual("size") and named.cget("size") < 0:
                # A size in pixels would stay as small as it is at 96 dots an inch.
                named.configure(size=max(1, round(-named.cget("size") * 72 / 96)))
        self.font = font.nametofont("TkDefaultFont", root)
        self.fixed = font.nametofont("TkFixedFont", root)
        self.bold = self.font.copy()
        self.bold.configure(weight="bold")
        self.small = self.font.copy()
        self.small.configure(size=max(7, self.font.cget("size") - 1))
        self._style(root)

    def px(self, length):
        return max(1, round(length * self.scale)) if length else 0

    def _style(self, root):
        px, style = self.px, ttk.Style(root)
        style.theme_use("clam")
        style.configure(
            ".", background=self.PAGE, foreground=self.INK, font=self.font, bordercolor=self.EDGE, lightcolor=self.PAGE,
            darkcolor=self.PAGE, troughcolor="#e3e7ec", focuscolor="#2f6fb7", insertwidth=px(1),
        )  # fmt: skip
        style.configure("TButton", padding=(px(6), px(2)), background="#e6e9ed", width=0)
        style.map("TButton", background=[("pressed", "#c9d1da"), ("active", "#d8dee5")])
        style.configure("Step.TButton", padding=(px(4), 0), width=2)
        style.configure("Exit.TButton", background=self.DANGER, foreground="#ffffff", padding=(px(10), px(3)), font=self.bold)
        style.map("Exit.TButton", background=[("pressed", "#8e1b1b"), ("active", "#a32020")])
        style.configure("TMenubutton", padding=(px(6), px(2)), background="#e6e9ed", arrowsize=px(4))
        for name in ("TCheckbutton", "TRadiobutton"):
            style.configure(name, indicatorsize=px(11), padding=(px(2), px(1)), indicatormargin=(px(2), px(1), px(4), px(1)))
            style.map(name, background=[("active", self.PAGE)])
        style.configure("TEntry", padding=px(2), fieldbackground=self.PAPER)
        style.configure("TSpinbox", padding=px(2), arrowsize=px(10), fieldbackground=self.PAPER)
        style.configure("TScrollbar", arrowsize=px(13), width=px(13), background="#d3d9e0")
        style.configure("TLabelframe", padding=(px(6), 0, px(6), px(4)), borderwidth=px(1))
        style.configure("TLabelframe.Label", foreground=self.QUIET, font=self.small)
        row = self.font.metrics("linespace") + px(6)
        style.configure("Treeview", rowheight=row, background=self.PAPER, fieldbackground=self.PAPER, borderwidth=0, indent=0)
        style.configure("Treeview.Cell", padding=(px(5), 0))
        style.configure("Treeview.Heading", font=self.bold, padding=(px(5), px(3)), background="#e6e9ed", relief="flat")
        style.map("Treeview.Heading", background=[("active", "#d8dee5")])
        style.map("Treeview", background=[("selected", "#d5e4f5")], foreground=[("selected", self.INK)])
        style.layout("Treeview.Item", [
            ("Treeitem.padding", {"sticky": "nswe", "children": [
                ("Treeitem.image", {"side": "left", "sticky": ""}),
                ("Treeitem.text", {"sticky": "nswe"})]})])  # fmt: skip
        root.option_add("*Menu.font", "TkMenuFont")
        for option, value in (
            ("background", self.PAGE), ("foreground", self.INK), ("activeBackground", "#2f6fb7"), ("activeForeground", "#ffffff"),
            ("borderWidth", 1), ("activeBorderWidth", 0), ("relief", "flat"),
        ):  # fmt: skip
            root.option_add("*Menu." + option, value)
        root.option_add("*TearOff", False)

    def swatch(self, master, colour):
        """A square of a colour with some space to its left, as an image."""
        size, left = self.px(11), self.px(9)
        image = tk.PhotoImage(master=master, width=left + size, height=size)
        image.put(colour, to=(left, 0, left + size, size))
        return image

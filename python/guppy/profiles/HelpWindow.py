"""The windows About and Help of the profile browser (W-17, W-18)."""

import tkinter as tk
from tkinter import ttk

__all__ = ["ABOUT", "HELP", "show_text"]

ABOUT = """# Heapy Profile Browser

Version {version} of libheapy, the package guppy.

Shows how the heap of a Python program develops: files of samples that Stat.dump() and `python -m guppy record` write.

MIT licence.  The interface is that of guppy, by Sverker Nilsson.
"""

HELP = """# Profiles

A profile is a file of samples of a heap. A program makes one by appending to it again and again:

    from guppy import hpy
    hp = hpy()
    hp.heap().stat.dump('run.hpy')

and a program that is not to be changed is run by

    python -m guppy record --every 10s -o run.hpy script.py

The same views as a page for web browsers: python -m guppy plot run.hpy -o run.html; as text: python -m guppy table run.hpy

# Graph

Samples stand side by side, by number or by time. Of each sample the ten largest kinds are drawn (Top says how many), and \
the rest as <Other>, in black. A kind has the same colour always and everywhere.

Bars: one bar a sample, the smallest kind at the bottom and the largest on top.
Lines: a dash for each kind in each sample, joined while the kind is among the largest.
Bands: the kinds in one order for all samples, so that each can be followed.
Size, Count: whether heights are bytes or numbers of objects; it also decides which kinds are the largest.

Point at a bar, dash or band to read its kind, count, size and share; its row in the table is marked, and the other way \
round. The wheel zooms about the pointer, dragging pans, 0 brings all samples into view.

# Markers

A and B mark the samples that the table shows. Drag a handle or its line; or click it, and it follows the pointer until the \
next click. Beyond the edge the graph scrolls. Left, Right, Home and End move A, with Shift B.

# Control panel

X, Y: Grid draws lines at the ticks. \u2212 and + step the range through 1, 2, 5, 10 ...; a range can be typed: a positive integer, \
perhaps with K, M, G or T. Auto fits Y to what is in view.
Marker A, Marker B: the sample's number; \u2212 and + move by one. Track keeps the marker on the last sample as samples arrive.
Collect: look for new samples in the file every second.
Exit: close all windows.

# Table

The kinds of sample A (or B), the largest first as in the graph. Top says how many; Filter shows, there and in the graph, only \
kinds whose names hold the text. Table > Header chooses the columns:

    1  A, B             the sample the table is about
    2  Size, Count      the value
    3  %A:Tot, %B:Tot   as percent of the total at A or B
    4  Cumul, A-B, B-A  the sum from the top, or the difference of the samples
    5  %A:Tot, %B:Tot   as percent of the total
    6  Kind             the name

x changes between sums and differences. Most Changed Kinds lists those with the largest difference. A click on a heading \
sorts. Ctrl-C copies the table as text. Names that do not fit show whole when pointed at.

# Menus

File: New Profile Browser (Ctrl-N) opens another window on the same file, Open Profile (Ctrl-O) another file here. Save Picture \
(Ctrl-E) writes the graph as SVG. Close Window (Ctrl-W), Exit (Ctrl-Q).
Pane: shows and hides control panel, graph and table. The divider between graph and table can be dragged.
Graph: bars (b), lines (l), bands (d); size (s), count (c); by number or time (t); grids.
Table: columns, scrollbar, differences (x), filter (/).
Window: the open windows. Help: this text (F1).
"""


class TextWindow:
    """A window with a text to read."""

    is_browser = False

    def __init__(self, application, title, text):
        self.application, self.kind = application, title
        theme = application.theme
        px = theme.px
        self.top = tk.Toplevel(application.root, bg=theme.PAPER)
        self.top.title("Heapy Profile Browser: " + title)
        self.top.geometry("%dx%d" % (px(720), px(620 if title == "Help" else 260)))
        self.top.protocol("WM_DELETE_WINDOW", self.close)
        view = tk.Text(
            self.top, name="text", wrap="word", font=theme.font, bg=theme.PAPER, fg=theme.INK, relief="flat", padx=px(18), pady=px(12),
            spacing1=px(1), spacing3=px(2), highlightthickness=0, cursor="",
        )  # fmt: skip
        bar = ttk.Scrollbar(self.top, orient="vertical", command=view.yview)
        view.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        view.pack(side="left", fill="both", expand=True)
        heading = theme.bold.copy()
        heading.configure(size=theme.bold.cget("size") + 3)
        self.fonts = (heading,)  # Tk forgets a font nobody holds
        view.tag_configure("heading", font=heading, spacing1=px(10), spacing3=px(4))
        view.tag_configure("fixed", font=theme.fixed, lmargin1=px(18), lmargin2=px(18))
        view.tag_configure("term", font=theme.bold)
        for line in text.splitlines():
            self._insert(view, line)
        view.configure(state="disabled")
        for key in ("<Escape>", "<Control-w>", "<Control-W>"):
            self.top.bind(key, lambda event: self.close())
        for key in ("<Control-q>", "<Control-Q>"):
            self.top.bind(key, lambda event: application.exit())
        view.focus_set()

    @staticmethod
    def _insert(view, line):
        term, colon, rest = line.partition(": ")
        if line.startswith("# "):
            view.insert("end", line[2:] + "\n", "heading")
        elif line.startswith("    "):
            view.insert("end", line[4:] + "\n", "fixed")
        elif colon and len(term) < 20:
            view.insert("end", term + colon, "term", rest + "\n")
        else:
            view.insert("end", line + "\n")

    def lift(self):
        self.top.deiconify()
        self.top.lift()
        self.top.focus_set()

    def close(self):
        self.application.close(self)


def show_text(application, title):
    """Open the window 'About' or 'Help', or bring it to the front."""
    for window in application.windows:
        if getattr(window, "kind", None) == title:
            window.lift()
            return window
    from .. import __version__

    text = HELP if title == "Help" else ABOUT.format(version=__version__)
    window = TextWindow(application, title, text)
    application.add(window)
    return window

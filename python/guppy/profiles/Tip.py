"""A few lines of text beside the pointer."""

import tkinter as tk

__all__ = ["Tip"]

LINE_LENGTH = 80


class Tip:
    """Shown at a place of the screen until hidden; it takes neither focus nor clicks."""

    def __init__(self, master, theme):
        self.master, self.theme = master, theme
        self.window = self.label = None
        self.text = None

    def show(self, x, y, text):
        if self.window is None:
            self.window = tk.Toplevel(self.master, bg=self.theme.TIP, name="tip")
            self.window.overrideredirect(True)
            self.label = tk.Label(
                self.window, bg=self.theme.TIP, fg="#ffffff", font=self.theme.font, justify="left", padx=self.theme.px(8), pady=self.theme.px(5),
                wraplength=self.theme.font.measure("0" * LINE_LENGTH),
            )  # fmt: skip
            self.label.pack()
        if text != self.text:
            self.label.configure(text=text)
            self.text = text
            self.window.update_idletasks()
        offset = self.theme.px(14)
        width, height = self.window.winfo_reqwidth(), self.window.winfo_reqheight()
        left = min(x + offset, self.master.winfo_screenwidth() - width)
        top = y + offset if y + offset + height <= self.master.winfo_screenheight() else y - offset - height
        self.window.geometry("+%d+%d" % (max(0, left), max(0, top)))
        self.window.deiconify()
        self.window.lift()

    def hide(self):
        if self.window is not None:
            self.window.withdraw()

"""hp.pb(): the profile browser as a program of its own, with as many windows as one likes (W-1 to W-3, W-16)."""

import os
import signal
import threading

from .._heapyc import _hide_type

__all__ = ["browse"]

NO_TK = (
    "the profile browser needs Tk, which this Python does not have: install it (Debian, Ubuntu: python3-tk; Fedora: "
    "python3-tkinter; a Python you built: tk-dev or tk-devel, and build it again), or use `python -m guppy plot`"
)


def browse(filename=None, on_start=None):
    """Open the browser and return when its last window is closed.

    filename  a profile, or None for an empty window
    on_start  is called with the Application once it is there

    Raises ModuleNotFoundError without Tk, and _tkinter.TclError without a display.
    """
    try:
        import tkinter
    except ImportError as error:
        raise ModuleNotFoundError(NO_TK, name="tkinter") from error
    application = Application(tkinter)
    try:
        application.open_window(filename)
        if on_start:
            on_start(application)
        with SignalWake(application.root, tkinter.READABLE):
            application.root.mainloop()
    finally:
        application.exit()


@_hide_type
class SignalWake:
    """Lets Tk notice signals while it waits for events, so that Ctrl-C in the terminal ends the browser at once."""

    def __init__(self, root, readable):
        self.root, self.readable = root, readable
        self.ends = ()

    def __enter__(self):
        if threading.current_thread() is not threading.main_thread():
            return  # signals are not this thread's
        self.ends = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.before = signal.set_wakeup_fd(self.ends[1], warn_on_full_buffer=False)
        self.root.createfilehandler(self.ends[0], self.readable, lambda fd, mask: os.read(self.ends[0], 64))

    def __exit__(self, *ignored):
        if self.ends:
            signal.set_wakeup_fd(self.before)
            self.root.deletefilehandler(self.ends[0])
            for end in self.ends:
                os.close(end)


@_hide_type
class Application:
    """The windows that are open, and what they share."""

    def __init__(self, tkinter):
        self.root = tkinter.Tk(className="Heapy")
        self.root.withdraw()
        from .Theme import Theme

        self.theme = Theme(self.root)
        self.windows = []
        self.is_over = False

    def open_window(self, filename=None):
        """Another browser window; a file that cannot be read shows an error box over an empty one."""
        from .BrowserWindow import BrowserWindow

        window = BrowserWindow(self)
        self.add(window)
        if filename is not None:
            window.load(filename)
        return window

    def add(self, window):
        """A window that the Window menus list: it has a Toplevel, `top`."""
        self.windows.append(window)

    def close(self, window):
        """Close a window; the last browser window ends the program."""
        if window in self.windows:
            self.windows.remove(window)
            window.top.destroy()
        if not any(w.is_browser for w in self.windows):
            self.exit()

    def titles(self):
        """[(number, title, window)] of the open windows."""
        return [(number, window.top.title(), window) for number, window in enumerate(self.windows, 1)]

    def exit(self):
        """End the program, all windows."""
        if not self.is_over:
            self.is_over = True
            for window in self.windows:
                if window.is_browser:
                    window.set_collect(False)  # or it would be called in the next browser of this process
            self.windows.clear()
            self.root.destroy()

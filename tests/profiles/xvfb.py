"""Displays without a screen, and their pixels, for tests of windows."""

import ctypes
import os
import shutil
import signal
import struct
import subprocess

NEEDS = "no Xvfb here: apt-get install xvfb"


def is_here():
    return shutil.which("Xvfb") is not None


PR_SET_PDEATHSIG = 1


def end_with_parent():
    """Run in the server before it starts: it ends when we do."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Display:
    """An X server in memory; `name` is for $DISPLAY.

    It ends with this process and not before: Tk keeps its connection for good and ends the process when it breaks.
    """

    def __init__(self, folder, dpi, width=1400, height=900):
        self.folder, self.dpi = str(folder), dpi
        read, write = os.pipe()
        self.process = subprocess.Popen(
            [
                "Xvfb", "-displayfd", str(write), "-screen", "0", "%dx%dx24" % (width, height), "-dpi", str(dpi), "-fbdir", self.folder,
                "-nolisten", "tcp", "-noreset",
            ],
            pass_fds=(write,), preexec_fn=end_with_parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as numbers:
            self.name = ":" + numbers.readline().strip()

    def pixels(self, left, top, width, height):
        """Rows of (r, g, b) of a part of the screen."""
        with open(os.path.join(self.folder, "Xvfb_screen0"), "rb") as file:
            data = file.read()
        header = struct.unpack(">25I", data[:100])
        bytes_per_line, colours = header[12], header[19]
        start = header[0] + 12 * colours
        rows = []
        for y in range(top, top + height):
            line = data[start + y * bytes_per_line + 4 * left : start + y * bytes_per_line + 4 * (left + width)]
            rows.append(list(zip(line[2::4], line[1::4], line[0::4])))
        return rows

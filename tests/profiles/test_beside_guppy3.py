"""The table of the browser beside that of guppy3's on the same files, where that one is right (W-40 to W-43)."""

import os
import subprocess

import plain
import pytest
import xvfb

from guppy.heapy.Prof import Comparison, Profile

GUPPY3 = os.environ.get("HEAPY_GUPPY3")
pytestmark = [
    pytest.mark.skipif(not GUPPY3, reason="guppy3 is not here"),
    pytest.mark.skipif(not xvfb.is_here(), reason=xvfb.NEEDS),
]

# Reads what the window shows, through Tk.
DRIVER = """
import sys, tkinter, os
from guppy import hpy

def widgets(w):
    yield w
    for child in w.winfo_children():
        yield from widgets(child)

def show(root):
    for again in range(3):
        root.update()
    for w in widgets(root):
        if w.winfo_class() == "Text":
            print(w.get("1.0", "end"))
    print("----")

def drive(root, n=0):
    show(root)
    for menu in widgets(root):
        if menu.winfo_class() == "Menu" and menu.index("end") is not None:
            labels = {menu.entrycget(i, "label"): i for i in range(menu.index("end") + 1) if menu.type(i) == "radiobutton"}
            if "Bars" in labels:
                menu.invoke(labels["Count"])
    show(root)
    sys.stdout.flush()
    os._exit(0)

tkinter.Misc.mainloop = drive
hpy().pb(sys.argv[1])
"""


@pytest.fixture(scope="module")
def display(tmp_path_factory):
    if subprocess.run([GUPPY3, "-c", "import tkinter"], capture_output=True).returncode:
        pytest.skip("guppy3's Python has no Tk")
    return xvfb.Display(tmp_path_factory.mktemp("screen"), 96)


def lines(text):
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_default_table(display, tmp_path, seed):
    path = plain.write(tmp_path / "x.hpy", plain.random_samples(seed))
    environment = dict(os.environ, DISPLAY=display.name)
    environment.pop("PYTHONPATH", None)  # which may lead to ours
    result = subprocess.run([GUPPY3, "-c", DRIVER, path], capture_output=True, text=True, env=environment, timeout=120)
    assert result.returncode == 0, result.stderr
    by_size, by_count = result.stdout.split("----\n")[:2]
    assert lines(by_size) == lines(str(Comparison(Profile(path))))
    assert lines(by_count) == lines(str(Comparison(Profile(path), by="count")))

"""hp.pb(), under Xvfb at 96 and 192 dots an inch, driven by events and menus."""

import os
import random
import signal
import subprocess
import sys
import time

import plain
import png
import pytest
import xvfb
from conftest import run_python

from guppy.heapy import Prof
from guppy.heapy.Prof import Comparison, Profile

tkinter = pytest.importorskip("tkinter", reason="no Tk here: apt-get install python3-tk")
pytestmark = pytest.mark.skipif(not xvfb.is_here(), reason=xvfb.NEEDS)

SAMPLES = plain.random_samples(41, samples=12, kinds=30)


@pytest.fixture(scope="module", params=[96, 192])
def display(request, tmp_path_factory):
    scale = request.param // 96
    d = xvfb.Display(tmp_path_factory.mktemp("screen"), request.param, 1400 * scale, 900 * scale)
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = d.name
    yield d
    os.environ.pop("DISPLAY")
    if before is not None:
        os.environ["DISPLAY"] = before


@pytest.fixture
def boxes(monkeypatch):
    """The error boxes that would have been shown: (title, text)."""
    from tkinter import messagebox

    shown = []
    monkeypatch.setattr(messagebox, "showerror", lambda title, text, **options: shown.append((title, text)))
    return shown


@pytest.fixture
def application(display, boxes):
    from guppy.profiles.Browser import Application

    application = Application(tkinter)
    yield application
    application.exit()


@pytest.fixture
def path(tmp_path):
    return plain.write(tmp_path / "x.hpy", SAMPLES)


@pytest.fixture
def window(application, path):
    w = application.open_window(path)
    w.top.geometry("+0+0")
    settle(w)
    return w


def settle(w, seconds=0.0):
    """Let everything that waits happen, and what is due in the next seconds."""
    end = time.monotonic() + seconds
    while True:
        w.application.root.update()
        if time.monotonic() >= end:
            return
        time.sleep(0.01)


def until(w, condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        settle(w, 0.02)


def widget(w, name):
    """The widget of a name, as testers and assistive tools find it."""
    waiting = [w.top]
    while waiting:
        one = waiting.pop()
        if one.winfo_name() == name:
            return one
        waiting += one.winfo_children()
    raise KeyError(name)


def rows(w):
    """The table as it stands: [value, share, change, share, kind]."""
    tree = widget(w, "table")
    return [tuple(map(str, tree.item(item, "values"))) for item in tree.get_children()]


def expected(w, **choices):
    m = w.model
    table = Comparison(m.profile, m.markers["a"].number, m.markers["b"].number, m.columns, m.selection.by, m.selection.top)
    return [table.cells(line) for line in [table.total] + table.lines]


def fits(cell, name):
    """Whether a cell shows a name, perhaps with an ellipsis."""
    return cell == name or (cell.endswith("\u2026") and name.startswith(cell[:-1]))


def assert_table(w):
    shown, wanted = rows(w), expected(w)
    assert [r[:4] for r in shown] == [r[:4] for r in wanted]
    assert all(fits(one[4], other[4]) for one, other in zip(shown, wanted))


def type_range(w, name, text):
    field = widget(w, name)
    field.focus_force()
    field.delete(0, "end")
    field.insert(0, text)
    field.event_generate("<Return>")
    settle(w)
    return field.get()


def key(w, name, on=None):
    target = on or w.graph.canvas
    target.focus_force()
    settle(w)
    target.event_generate(name)
    settle(w)


def mouse(w, x, y, *events):
    """Events on the canvas at a point: 'press', 'move', 'drag', 'release'."""
    names = {"press": "<ButtonPress-1>", "release": "<ButtonRelease-1>", "move": "<Motion>", "drag": "<B1-Motion>"}
    canvas = w.graph.canvas
    for event in events:
        more = {"state": 0x100} if event in ("drag", "release") else {}
        canvas.event_generate(names[event] if event != "drag" else "<Motion>", x=round(x), y=round(y), **more,
                              rootx=canvas.winfo_rootx() + round(x), rooty=canvas.winfo_rooty() + round(y))  # fmt: skip
        settle(w)


def x_of(w, number):
    return w.graph.left + w.graph.view.x(w.model.axis.positions[number])


# ---- starting ----


def test_hp_pb_blocks_until_it_is_closed(display, path):  # W-1, W-10, S-91
    code = """
import sys, guppy.profiles.Browser as B
from guppy import hpy
class Watched(B.Application):
    def open_window(self, filename=None):
        w = super().open_window(filename)
        self.root.after(300, lambda: (print(w.top.title(), len(w.model)), w.close()))
        return w
B.Application = Watched
hp = hpy()
hp.pb(*sys.argv[1:])
print("returned")
hp.pb()
"""
    result = run_python("-c", code, path)
    assert result.stderr == "" and result.returncode == 0
    assert result.stdout == "Heapy Profile Browser: %s 12\nreturned\nHeapy Profile Browser: <No File> 0\n" % path


def test_ctrl_c_in_the_terminal_ends_it(display, path):
    """Tk waits for events of the display, of which none comes."""
    shows = "import guppy.profiles.Browser as B; o = B.Application.open_window; "
    shows += "B.Application.open_window = lambda a, f=None: (o(a, f), a.root.after(300, print, 'there'), a.root.after(301, sys.stdout.flush))[0]; "
    for code, status in (
        ("from guppy.__main__ import main; sys.exit(main(['pb', %r]))" % path, 130),
        ("from guppy import hpy\nhp = hpy()\nfor i in range(2):\n  try: hp.pb(%r)\n  except KeyboardInterrupt: print('ended', flush=True)" % path, 0),
    ):
        command = [sys.executable, "-c", "import sys; " + shows + "\n" + code]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for i in range(2 if status == 0 else 1):
            assert process.stdout.readline() == "there\n"
            time.sleep(0.3)  # until it waits
            process.send_signal(signal.SIGINT)
            assert status or process.stdout.readline() == "ended\n"
        assert process.communicate(timeout=60) == ("", "") and process.returncode == status


def test_without_tk_the_package_to_install_is_named(display):  # W-2, HD-11
    code = (
        "import sys; sys.modules['tkinter'] = sys.modules['_tkinter'] = None\nfrom guppy import hpy\nhp = hpy()\n"
        "print(hasattr(hp, 'pb'), str(hp.doc.pb)[:4])\n"
        "try: hp.pb()\nexcept ImportError as e: print(type(e).__name__, 'python3-tk' in str(e))"
    )
    out = run_python("-c", code).stdout.split()
    assert out[0] == "True" and out[-2:] == ["ModuleNotFoundError", "True"]


def test_without_a_display(path):  # W-2
    result = run_python("-c", "import os; os.environ.pop('DISPLAY', 0)\nfrom guppy import hpy; hpy().pb(%r)" % path)
    assert result.returncode == 1 and result.stderr.splitlines()[-1].startswith("_tkinter.TclError: no display name and no $DISPLAY")
    result = run_python("-m", "guppy", "pb", path, env={"DISPLAY": ""})
    assert result.returncode == 1 and result.stderr.count("\n") == 1 and "python -m guppy plot" in result.stderr


def test_usage():
    for arguments in (["a", "b"], ["--bogus"]):
        result = run_python("-m", "guppy", "pb", *arguments)
        assert result.returncode == 2 and "usage: python -m guppy pb" in result.stderr


def test_what_cannot_be_read_is_told_of_in_a_box(application, boxes, path, tmp_path):  # W-3
    (tmp_path / "bad").write_text("rubbish")
    os.mkfifo(tmp_path / "fifo")
    w = application.open_window(str(tmp_path / "bad"))
    settle(w)
    assert w.top.title() == "Heapy Profile Browser: <No File>" and widget(w, "samples").cget("text") == "-- No Sample --"
    assert boxes.pop()[0] == "Error when loading"
    w.load(path)
    settle(w)
    for name, error in (("bad", "ValueError"), ("nosuch", "FileNotFoundError"), ("fifo", "ValueError"), (".", "IsADirectoryError")):
        boxes.clear()
        w.load(str(tmp_path / name))
        (title, text), = boxes
        assert title == "Error when loading" and repr(str(tmp_path / name)) in text and error + ": " in text
        assert w.top.title() == "Heapy Profile Browser: " + path and len(w.model) == 12
    assert_table(w)


# ---- window ----


def test_widgets_have_names(window):
    names = "x_range y_range x_grid y_grid y_auto a_sample b_sample a_minus a_plus b_minus b_plus a_track b_track collect exit graph table divider"
    for name in names.split():
        assert widget(window, name).winfo_name() == name


def test_panes_and_divider(window):  # W-11, W-13
    graph, table, divider = (widget(window, n) for n in ("graph_pane", "table_pane", "divider"))
    ratio = graph.winfo_width() / window.body.winfo_width()
    window.top.geometry("%dx%d" % (window.theme.px(900), window.theme.px(500)))
    settle(window, 0.1)
    assert graph.winfo_width() / window.body.winfo_width() == pytest.approx(ratio, abs=0.02)
    assert divider.winfo_x() >= graph.winfo_x() + graph.winfo_width() - 1 and table.winfo_x() >= divider.winfo_x()
    root = window.body.winfo_rootx()
    divider.event_generate("<ButtonPress-1>", x=1, y=5)
    divider.event_generate("<Motion>", x=1, y=5, state=0x100, rootx=root + window.body.winfo_width() // 4, rooty=100)
    settle(window)
    assert graph.winfo_width() / window.body.winfo_width() == pytest.approx(0.25, abs=0.02)
    for pane, shown in (("control_panel", "control_panel"), ("graph", "graph_pane"), ("table", "table_pane")):
        window.show_pane(pane, False)
        settle(window)
        assert not widget(window, shown).winfo_ismapped()
        window.show_pane(pane, True)
        settle(window)
        assert widget(window, shown).winfo_ismapped()


def menu_labels(menu):
    return [menu.entrycget(i, "label") for i in range(menu.index("end") + 1) if menu.type(i) != "separator"]


def invoke(w, *labels):
    """Choose a menu entry by its labels: 'Graph', 'Lines'."""
    menu = w.menus.bar
    for label in labels[:-1]:
        index = next(i for i in range(menu.index("end") + 1) if menu.type(i) != "separator" and menu.entrycget(i, "label") == label)
        menu = menu.nametowidget(menu.entrycget(index, "menu"))
        if menu.cget("postcommand"):
            menu.tk.call(menu.cget("postcommand"))
    index = next(
        i for i in range(menu.index("end") + 1) if menu.type(i) != "separator" and menu.entrycget(i, "label").startswith(labels[-1])
    )
    menu.invoke(index)
    settle(w)


def test_menus(window, application, path):  # W-12, W-13, W-14, W-15, W-16, W-17, W-18
    bar = window.menus.bar
    assert menu_labels(bar) == ["File", "Pane", "Graph", "Table", "Window", "Help"]
    menus = {label: bar.nametowidget(bar.entrycget(i, "menu")) for i, label in enumerate(menu_labels(bar))}
    assert {"New Profile Browser", "Open Profile", "Close Window", "Exit"} <= set(menu_labels(menus["File"]))
    assert menu_labels(menus["Pane"]) == ["Show Control Panel", "Show Graph", "Show Table"]
    assert {"Bars", "Lines", "Size", "Count"} <= set(menu_labels(menus["Graph"]))
    assert {"Header", "Scrollbar"} <= set(menu_labels(menus["Table"])) and menu_labels(menus["Help"]) == ["About", "Help"]
    for label in ("Lines", "Bands", "Bars"):
        invoke(window, "Graph", label)
        assert window.model.mode == label.lower()
    invoke(window, "Graph", "Count")
    assert window.model.selection.by == "count"
    assert_table(window)
    invoke(window, "Table", "Header", "Column 4", "B-A")
    assert window.model.columns[3] == "B-A" and widget(window, "table").heading("change")["text"] == "B-A"
    assert_table(window)
    invoke(window, "Table", "Scrollbar", "On")
    assert widget(window, "table_scrollbar").winfo_ismapped()
    invoke(window, "Table", "Scrollbar", "Off")
    assert not widget(window, "table_scrollbar").winfo_ismapped()
    invoke(window, "Pane", "Show Table")
    assert not widget(window, "table_pane").winfo_ismapped()
    invoke(window, "File", "New Profile Browser")
    invoke(window, "Help", "About")
    invoke(window, "Help", "Help")
    invoke(window, "Help", "Help")
    titles = [title for number, title, w in application.titles()]
    assert titles == ["Heapy Profile Browser: " + path] * 2 + ["Heapy Profile Browser: About", "Heapy Profile Browser: Help"]
    help_text = application.windows[3].top.nametowidget("text").get("1.0", "end")
    for word in ("Collect", "Track", "Cumul", "dump", "Bands", "Divider".lower()):
        assert word in help_text
    other = application.windows[1]
    invoke(window, "Window", "2 ")
    invoke(window, "File", "Close Window")
    assert application.windows[0] is other and not application.is_over
    other.exit()
    assert application.is_over


def test_the_last_window_ends_the_program(application, path):
    one, two = application.open_window(path), application.open_window()
    settle(one)
    one.close()
    assert not application.is_over
    two.show_help()
    two.close()
    assert application.is_over


def test_one_that_collects_leaves_nothing_to_the_next(display, path):  # W-27
    code = (
        "from guppy.profiles.Browser import browse\n"
        "def start(application):\n"
        "    application.windows[0].set_collect(True)\n"
        "    application.root.after(1500 if ended else 100, application.exit)\n"
        "ended = []\n"
        "for i in range(2): browse(%r, start); ended.append(i)\n" % path
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_exit_button_ends_all_windows(window, application):  # W-26
    window.new_window()
    settle(window)
    widget(window, "exit").invoke()
    assert application.is_over and not application.windows


# ---- control panel ----


@pytest.mark.parametrize("text, value", [("10", 10), ("5K", 5000), ("2m", 2000000), ("1000G", 10**12), ("1T", 10**12)])
def test_ranges_are_typed(window, text, value):  # W-23
    type_range(window, "y_range", text)
    assert window.model.y_range == value and not window.model.y_auto and widget(window, "y_auto").instate(["!selected"])
    assert widget(window, "y_range").get() == Prof.short(value)


@pytest.mark.parametrize("text", ["0", "abc", "2T", "1.5K", ""])
def test_what_is_no_range_rings_and_explains(window, boxes, text):  # W-23
    for name in ("x_range", "y_range"):
        before, auto = widget(window, name).get(), window.model.y_auto
        assert type_range(window, name, text) == before and window.model.y_auto == auto
        (title, explanation), = boxes
        assert "positive integer" in explanation
        boxes.clear()


def test_steps_of_the_ranges(window):  # W-22, W-35
    assert window.model.is_fit and widget(window, "x_range").get() == "12"
    first = window.model.y_range
    assert first == Prof.range_above(max(sum(r[1] for r in rows) for rows in SAMPLES))
    widget(window, "x_minus").invoke()
    settle(window)
    assert widget(window, "x_range").get() == "10" and window.model.left == -0.5
    widget(window, "x_plus").invoke()
    widget(window, "y_plus").invoke()
    settle(window)
    assert widget(window, "x_range").get() == "20" and window.model.y_range == Prof.next_range(first, True) and not window.model.y_auto
    widget(window, "y_auto").invoke()
    settle(window)
    assert window.model.y_auto and window.model.y_range == first


def test_a_step_is_repeated_while_the_button_is_held(window):  # W-22
    button = widget(window, "y_plus")
    before = window.model.y_range
    button.event_generate("<Enter>")
    button.event_generate("<ButtonPress-1>", x=3, y=3)
    until(window, lambda: window.model.y_range >= 20 * before)
    button.event_generate("<ButtonRelease-1>", x=3, y=3)
    settle(window)
    after = window.model.y_range
    settle(window, 0.4)
    assert window.model.y_range == after


def test_grids(window):  # W-20, W-21, W-30
    for name in ("x_grid", "y_grid"):
        before = len(window.graph.canvas.find_withtag("grid"))
        widget(window, name).invoke()
        settle(window)
        assert len(window.graph.canvas.find_withtag("grid")) > before


def labels(w, tag):
    return [w.graph.canvas.itemcget(item, "text") for item in w.graph.canvas.find_withtag(tag) if w.graph.canvas.type(item) == "text"]


def test_axes(window):  # W-30
    assert labels(window, "unit") == ["Bytes"] and labels(window, "x_labels")[0] == "0"
    boxes = [window.graph.canvas.bbox(i) for i in window.graph.canvas.find_withtag("x_labels")]
    assert all(one[2] < other[0] for one, other in zip(boxes, boxes[1:]))
    boxes = [window.graph.canvas.bbox(i) for i in window.graph.canvas.find_withtag("y_labels")]
    assert all(one[1] > other[3] for one, other in zip(boxes, boxes[1:]))
    window.set_by("count")
    settle(window)
    assert labels(window, "unit") == ["Objects"]
    window.choose_axis("time")
    settle(window)
    assert all(":" in text for text in labels(window, "x_labels"))


def test_markers_by_buttons_and_keys(window):  # W-24, W-25, W-37, W-61
    def shown():
        return tuple(widget(window, n + "_sample").cget("text") for n in "ab") + tuple(window.model.markers[n].is_tracking for n in "ab")

    assert shown() == ("11", "0", True, False)
    widget(window, "a_minus").invoke()
    widget(window, "b_plus").invoke()
    settle(window)
    assert shown() == ("10", "1", False, False) and widget(window, "a_track").instate(["!selected"])
    widget(window, "a_plus").invoke()
    widget(window, "a_plus").invoke()  # no further than there are samples
    assert shown()[0] == "11"
    for name in ("<Left>", "<Left>", "<Shift-Right>"):
        key(window, name)
    assert shown()[:2] == ("9", "2")
    key(window, "<Home>")
    key(window, "<Shift-End>")
    assert shown()[:2] == ("0", "11")
    widget(window, "a_track").invoke()
    settle(window)
    assert shown() == ("11", "11", True, False)
    assert widget(window, "a_sample").cget("bg") == "#000000"
    assert_table(window)


def test_a_hidden_marker_is_scrolled_into_view(window):  # W-37
    window.set_range("x", 3)
    window.move_marker("a", 2)
    settle(window)
    for number in (3, 4, 5, 0):
        window.move_marker("a", number)
        settle(window)
        left, right = window.model.axis.edges(number)
        assert window.model.left <= left and right <= window.model.right


# ---- markers by the pointer ----


def test_a_marker_is_dragged(window):  # W-36
    y = window.graph.top // 2
    mouse(window, x_of(window, 11) + window.theme.px(5), y, "move")
    assert window.graph.canvas.cget("cursor") == "sb_left_arrow"
    mouse(window, x_of(window, 11) + window.theme.px(5), y, "press")
    for number in (8, 3):
        mouse(window, x_of(window, number), y + 9, "drag")
        assert window.model.markers["a"].number == number
    mouse(window, x_of(window, 3), y, "release", "move")
    assert window.graph.canvas.cget("cursor") == "sb_h_double_arrow" and not window.model.markers["a"].is_tracking
    mouse(window, x_of(window, 6), y + 30, "move")
    assert window.model.markers["a"].number == 3
    assert_table(window)
    line = window.graph.top + window.graph.view.height // 2
    mouse(window, x_of(window, 3), line, "press")  # by its line
    mouse(window, x_of(window, 5), line, "drag", "release")
    assert window.model.markers["a"].number == 5


def test_a_clicked_marker_follows_until_the_next_click(window):  # W-36
    y = window.graph.top // 2
    mouse(window, x_of(window, 0) - window.theme.px(5), y, "press", "release")
    for number in (4, 7):
        mouse(window, x_of(window, number), y + 20, "move")
        assert window.model.markers["b"].number == number
    mouse(window, x_of(window, 7), y + 20, "press", "release")
    mouse(window, x_of(window, 2), y + 20, "move")
    assert window.model.markers["b"].number == 7
    mouse(window, x_of(window, 7) - window.theme.px(5), y, "press", "release")
    mouse(window, x_of(window, 2), -50, "move")  # leaving above ends it
    mouse(window, x_of(window, 3), y + 20, "move")
    assert window.model.markers["b"].number == 7


def test_beyond_the_edge_the_graph_scrolls(window):  # W-36
    window.set_range("x", 4)
    window.move_marker("a", 1)
    settle(window)
    y = window.graph.top // 2
    mouse(window, x_of(window, 1) + window.theme.px(5), y, "press")
    mouse(window, window.graph.canvas.winfo_width() + 20, y, "drag")
    until(window, lambda: window.model.markers["a"].number == 11)
    mouse(window, window.graph.canvas.winfo_width() + 20, y, "release")
    assert window.model.right == 11.5


# ---- pointing, zooming, panning ----


def test_pointing_tells_of_a_kind_and_marks_its_row(window):
    w, largest = window, window.model.selection.segments(11)[0]
    sample = w.model.profile[11]
    x, y = x_of(w, 11) - w.theme.px(8), w.graph.top + w.graph.view.y(sample.size - largest[1] / 2)
    mouse(w, x, y, "move")
    name = w.model.selection.kinds.name(largest[0])
    assert w.graph.tip.text.startswith(name + "\n") and "Sample 11 at" in w.graph.tip.text
    if name != "<Other>":
        assert format(sample.value(name, "count"), ",d") + " objects" in w.graph.tip.text
        assert format(sample.value(name, "size"), ",d") + " bytes" in w.graph.tip.text
    assert Prof.percent(largest[1], sample.size) + " % of all bytes" in w.graph.tip.text
    assert widget(w, "table").item(str(largest[0]), "tags") == ("pointed",)
    mouse(w, w.graph.left + 3, w.graph.top + 1, "move")
    assert "pointed" not in str(widget(w, "table").item(str(largest[0]), "tags"))
    for mode in ("lines", "bands"):
        w.set_mode(mode)
        settle(w)
        values = w.model.selection.segments(11) if mode == "lines" else list(zip(*[w.model.selection.bands()[0], w.model.selection.bands()[1][11]]))
        kind, value = values[0]
        at = value if mode == "lines" else sum(v for k, v in values) - value / 2
        mouse(w, x_of(w, 11) - w.theme.px(4 if mode == "lines" else 8), w.graph.top + w.graph.view.y(at), "move")
        found = w.graph.kind_at(x_of(w, 11) - w.theme.px(4), w.graph.top + w.graph.view.y(at))
        assert found and found[0] == kind or mode == "bands"


def test_a_row_pointed_at_is_highlighted_in_the_graph(window):
    tree = widget(window, "table")
    item = tree.get_children()[2]
    x, y, width, height = tree.bbox(item, "kind")
    tree.event_generate("<Motion>", x=x + 2, y=y + 2)
    settle(window)
    assert window.graph.highlighted == int(item)
    tree.event_generate("<Leave>")
    settle(window)
    assert window.graph.highlighted is None


def test_wheel_and_panning(window):
    m, c = window.model, window.graph.canvas
    x = x_of(window, 4)
    for turn in range(3):
        c.event_generate("<Button-4>", x=round(x), y=100)
        settle(window)
    assert m.right - m.left == pytest.approx(12 * 0.8**3) and x_of(window, 4) == pytest.approx(x, abs=2)
    left, width = m.left, m.right - m.left
    mouse(window, x, 200, "press")
    mouse(window, x - window.graph.view.width / width, 200, "drag", "release")
    assert m.left == pytest.approx(left + 1, abs=0.05)
    key(window, "0")
    assert m.is_fit
    c.event_generate("<Button-5>", x=round(x), y=100)
    settle(window)
    assert m.is_fit  # no wider than all samples
    for turn in range(40):
        c.event_generate("<Button-4>", x=round(x), y=100)
    settle(window)
    assert m.right - m.left == pytest.approx(2)


def test_the_scrollbar(window):  # W-35
    window.set_range("x", 3)
    settle(window)
    window.graph._scroll("moveto", "0.5")
    settle(window)
    assert window.model.left == pytest.approx(5.5)
    window.graph._scroll("scroll", "1", "pages")
    settle(window)
    assert window.model.left == pytest.approx(8.2)
    visible = window.model.axis.between(window.model.left, window.model.right)
    assert window.model.y_range == Prof.range_above(max(sum(r[1] for r in SAMPLES[i]) for i in range(*visible)))


# ---- keys, table ----


def test_keys(window, tmp_path, monkeypatch):
    for name, mode in (("l", "lines"), ("d", "bands"), ("b", "bars")):
        key(window, name)
        assert window.model.mode == mode
    key(window, "c")
    assert window.model.selection.by == "count"
    key(window, "s")
    key(window, "x")
    assert window.model.columns == ("A", "Size", "%B:Tot", "A-B", "%B:Tot", "Kind")
    assert_table(window)
    key(window, "x")
    key(window, "<slash>")
    field = widget(window, "filter")
    assert window.top.focus_get() is field
    field.insert(0, "dict")
    key(window, "l", on=field)  # typed, not a command
    settle(window)
    assert window.model.mode == "bars" and window.model.selection.text == field.get() and "dict" in field.get()
    key(window, "<Escape>", on=field)
    assert window.model.selection.text == ""
    key(window, "<F1>")
    assert window.application.titles()[-1][1].endswith("Help")


def test_every_choice_shows_the_numbers_of_the_model(window):  # W-40 to W-44
    r = random.Random(4)
    for round in range(30):
        window.model.columns = tuple(r.choice(choices) for choices in Prof.CHOICES)
        window.set_by(r.choice(("size", "count")))
        window.set_top(r.choice((1, 5, 10, 60)))
        for name in "ab":
            window.move_marker(name, r.randrange(12))
        settle(window)
        assert_table(window)
        m = window.model
        a, b = (SAMPLES[m.markers[n].number] for n in "ab")
        model = plain.table(a, b, m.columns, m.selection.by, m.selection.top)
        assert [r[0] for r in rows(window)] == [Prof.short(value) for name, value, change in model]
        assert [r[2] for r in rows(window)] == [Prof.short(change) for name, value, change in model]


def test_sorting_by_a_click(window):
    window.toggle_difference()
    tree = widget(window, "table")
    changes = [line.change for line in window.model.comparison().lines]
    for wanted in (sorted(changes, reverse=True), sorted(changes), changes):
        tree.tk.call(tree.heading("change", "command"))
        settle(window)
        assert [r[2] for r in rows(window)[1:]] == [Prof.short(x) for x in wanted]
    invoke(window, "Table", "Most Changed Kinds")
    assert window.model.sort == "difference"


def test_copying_and_long_names(application, tmp_path):
    name = "package.module.AVeryLongNameOfAClassThatDoesNotFitIntoItsColumnHoweverOneLooksAtItAndGoesOnAndOn"
    w = application.open_window(plain.write(tmp_path / "x", [[(1, 100, name), (1, 50, "short")]]))
    settle(w, 0.1)
    cell = rows(w)[1][4]
    assert cell.endswith("\u2026") and name.startswith(cell[:-1]) and rows(w)[2][4] == "short"
    tree = widget(w, "table")
    x, y, width, height = tree.bbox(tree.get_children()[1], "kind")
    tree.event_generate("<Motion>", x=x + 5, y=y + 3)
    settle(w)
    assert w.table.tip.text == name and w.table.tip.window.winfo_ismapped()
    key(w, "<Control-c>")
    assert w.top.clipboard_get() == str(w.model.comparison()) and name in w.top.clipboard_get()


def test_the_picture_is_saved(window, tmp_path, boxes):
    window.set_mode("bands")
    window.save_picture(str(tmp_path / "x.svg"))
    text = (tmp_path / "x.svg").read_text()
    assert text.startswith("<svg") and Prof.colour_of(SAMPLES[11][0][2]) in text
    window.save_picture(str(tmp_path / "no" / "x.svg"))
    assert boxes and "FileNotFoundError" in boxes[0][1]


# ---- pixels ----


def picture(w, display):
    """The pixels of the graph's inside, without markers and axes."""
    g = w.graph
    g.canvas.delete("marker", "axes")
    w.application.root.update()
    w.application.root.tk.call("update")
    time.sleep(0.1)
    left, top = g.canvas.winfo_rootx() + g.left, g.canvas.winfo_rooty() + g.top
    return display.pixels(left, top, g.view.width, g.view.height)


def test_areas_are_what_the_numbers_are(application, display, tmp_path):  # W-31, W-32
    w = application.open_window(plain.write(tmp_path / "x", [[(1, 750, "three quarters"), (1, 250, "a quarter")]] * 4))
    w.top.geometry("+0+0")
    settle(w, 0.2)
    for mode in ("bars", "bands"):
        w.set_mode(mode)
        settle(w, 0.1)
        pixels = picture(w, display)
        large, small = (png.count(pixels, Prof.colour_of(n)) for n in ("three quarters", "a quarter"))
        assert large / (large + small) == pytest.approx(0.75, abs=0.005)
        whole = len(pixels) * len(pixels[0])
        assert (large + small) / whole == pytest.approx(0.9 if mode == "bars" else 0.75, abs=0.02)
    w.set_mode("bars")
    settle(w)
    column = [row[len(row) // 8] for row in picture(w, display)]
    assert column[2] == tuple(bytes.fromhex(Prof.colour_of("three quarters")[1:]))  # the largest on top
    assert column[-2] == tuple(bytes.fromhex(Prof.colour_of("a quarter")[1:]))


def test_other_is_black_and_neighbours_of_one_colour_are_parted(application, display, tmp_path):  # W-31, W-32
    names = {}
    for i in range(200):
        names.setdefault(Prof.colour_of("k%d" % i), []).append("k%d" % i)
    colour, twins = next((c, n) for c, n in names.items() if len(n) > 1)
    rows = [(1, 400, twins[0]), (1, 300, twins[1]), (1, 200, "rest1"), (1, 100, "rest2")]
    w = application.open_window(plain.write(tmp_path / "x", [rows]))
    w.set_top(2)
    w.top.geometry("+0+0")
    settle(w, 0.2)
    column = [row[len(row) // 2] for row in picture(w, display)]
    rgb, height = tuple(bytes.fromhex(colour[1:])), len(column)
    assert column.count(rgb) / height == pytest.approx(0.7, abs=0.02)
    first = column.index(rgb)
    parted = [i for i, pixel in enumerate(column[: round(height * 0.7)]) if i > first and pixel == (0, 0, 0)]
    assert len(parted) >= 1 and column.count((0, 0, 0)) / height == pytest.approx(0.3, abs=0.02)


def test_lines(application, display, tmp_path):  # W-33
    samples = [[(1, 800, "a"), (1, 100, "b")], [(1, 800, "a")], [(1, 800, "a"), (1, 100, "b")]]
    w = application.open_window(plain.write(tmp_path / "x", samples))
    w.top.geometry("+0+0")
    w.set_mode("lines")
    settle(w, 0.2)
    assert w.model.y_range == 1000  # of the largest single value
    pixels = picture(w, display)
    a, b = (tuple(bytes.fromhex(Prof.colour_of(n)[1:])) for n in "ab")
    width = len(pixels[0])
    middle = [row[width // 2] for row in pixels]
    assert a in middle and b not in middle  # a gap
    gap = [row[width // 3] for row in pixels]
    assert 1 <= gap.count(a) < max([row[width // 6] for row in pixels].count(a), 2)  # thin between the dashes


def test_twice_the_resolution_is_twice_the_pixels(window, display):
    scale = display.dpi / 96
    assert window.theme.scale == pytest.approx(scale, rel=0.02)
    assert window.top.winfo_width() == pytest.approx(1200 * scale, rel=0.02)
    assert 22 * scale <= widget(window, "exit").winfo_height() <= 40 * scale
    assert 14 * scale <= window.theme.font.metrics("linespace") <= 24 * scale
    assert window.panel.winfo_reqwidth() < window.top.winfo_width()
    for name in ("x_grid", "collect", "a_sample", "x_range"):
        w = widget(window, name)
        assert w.winfo_width() >= w.winfo_reqwidth() * 0.98  # nothing is cut off


SCREEN = """
import sys, time, zlib
sys.path[:0] = [%r]
from guppy.profiles.Browser import Application
import tkinter
app = Application(tkinter)
w = app.open_window(sys.argv[1])
w.top.geometry("+0+0")
for mode in ("bars", "bands", "lines"):
    w.set_mode(mode)
    for i in range(5): app.root.update(); time.sleep(0.02)
    image = w.graph.image
    print(mode, zlib.crc32(repr(app.root.tk.call(image, "data")).encode()), [w.graph.canvas.itemcget(i, "fill") for i in w.graph.canvas.find_withtag("lines")])
app.exit()
"""


def test_pictures_are_the_same_under_every_hash_seed(display, path):  # W-34
    if display.dpi != 96:
        pytest.skip("the colours do not depend on the resolution")
    outs = {run_python("-c", SCREEN % os.path.dirname(__file__), path, env={"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(outs) == 1 and outs.pop().count("\n") == 3


# ---- files that grow and change ----


def collect(w, condition):
    until(w, condition, 15)


def test_collect(window, boxes, tmp_path):  # W-27, W-50, W-51
    path = tmp_path / "x.hpy"
    widget(window, "collect").invoke()
    plain.write(path, SAMPLES[:1], "a")
    collect(window, lambda: len(window.model) == 13)
    assert [widget(window, n + "_sample").cget("text") for n in "ab"] == ["12", "0"] and window.model.is_fit
    assert_table(window)
    text = plain.package(SAMPLES[1]).encode()
    with open(path, "ab") as f:  # F-7: a writer in the middle
        f.write(text[:100])
        f.flush()
        settle(window, 1.2)
        assert len(window.model) == 13 and not boxes
        f.write(text[100:])
    collect(window, lambda: len(window.model) == 14)
    plain.write(path, SAMPLES[2:3])
    collect(window, lambda: len(window.model) == 1)
    assert [widget(window, n + "_sample").cget("text") for n in "ab"] == ["0", "0"]
    assert_table(window)
    os.unlink(path)
    collect(window, lambda: boxes)
    settle(window, 1.5)
    assert len(boxes) == 1 and "FileNotFoundError" in boxes[0][1] and len(window.model) == 1  # told of once
    plain.write(path, SAMPLES[:5])
    collect(window, lambda: len(window.model) == 5)
    path.write_text("rubbish\n")
    collect(window, lambda: len(boxes) == 2)
    assert "ValueError" in boxes[1][1] and len(window.model) == 5 and rows(window)
    path.write_text("")
    collect(window, lambda: len(window.model) == 0)
    assert widget(window, "samples").cget("text") == "-- No Sample --" and rows(window) == []
    plain.write(path, SAMPLES, "a")
    collect(window, lambda: len(window.model) == 12)
    widget(window, "collect").invoke()
    plain.write(path, SAMPLES[:1], "a")
    settle(window, 1.3)
    assert len(window.model) == 12


def test_a_marker_moved_by_hand_stays_as_samples_arrive(window, tmp_path):  # W-25
    window.move_marker("a", 4)
    widget(window, "b_track").invoke()
    plain.write(tmp_path / "x.hpy", SAMPLES[:2], "a")
    widget(window, "collect").invoke()
    collect(window, lambda: len(window.model) == 14)
    assert [widget(window, n + "_sample").cget("text") for n in "ab"] == ["4", "13"]


def test_all_formats_load(application, tmp_path, hp):  # W-53
    path = str(tmp_path / "mixed.hpy")
    hp.iso(1, 2, "a").byid.dump(path)
    hp.heap().bysize.dump(path)
    (hp.iso(1).bytype.stat - hp.heap().bytype.stat).dump(path)
    w = application.open_window(path)
    for mode in ("bars", "lines", "bands"):
        w.set_mode(mode)
        for name in ("<Left>", "<Left>", "<End>"):
            key(w, name)
    assert len(w.model) == 3
    assert_table(w)

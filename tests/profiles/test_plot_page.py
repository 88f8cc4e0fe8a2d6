"""python -m guppy plot: the page in headless Chromium, clicked and typed through; and the picture."""

import hashlib
import json
import os
import random
import re
import xml.etree.ElementTree as ElementTree

import chromium
import plain
import png
import pytest
from conftest import run_python

import guppy
from guppy.heapy import Prof
from guppy.heapy.Prof import Comparison, Profile, parse_columns, percent, range_above, short

needs_browser = pytest.mark.skipif(
    not chromium.find_chromium(), reason="no Chromium here: apt-get install chromium, or name one in HEAPY_CHROMIUM"
)
HOSTILE = "</script><img src=x onerror=alert(1)>"
HOSTILES = [HOSTILE, "<!--<script>", "'\"&amp;{data}{script}", "\u2028\u2029\x1b[31m", "javascript:alert(1)", "]]>", "Ärger €"]
SAMPLES = plain.random_samples(31, samples=12, kinds=30)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    b = chromium.Chromium(tmp_path_factory.mktemp("chromium"))
    yield b
    b.close()


def plot(profile, out, *arguments, status=0):
    result = run_python("-m", "guppy", "plot", str(profile), "-o", str(out), *arguments)
    assert result.returncode == status, result.stderr
    return result.stderr


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    plot(plain.write(folder / "x.hpy", SAMPLES), folder / "x.html")
    return folder / "x.html"


@pytest.fixture
def shown(browser, page):
    browser.open(page)
    assert browser.complaints() == []
    return browser


def rows(browser):
    """The table as it stands: [value, share, change, share, kind] of each row."""
    cells = browser.evaluate("[...document.querySelectorAll('#rows tr')].map(tr => [...tr.children].slice(1).map(c => c.textContent))")
    return [tuple(row) for row in cells]


def expected(profile, a, b, columns="A Size %A:Tot Cumul %A:Tot Kind", by="size", top=10, text=""):
    table = Comparison(profile, a, b, parse_columns(columns), by, top, text)
    return [table.cells(line) for line in [table.total] + table.lines]


@pytest.fixture(scope="module")
def profile(page):
    return Profile(page.with_suffix(".hpy"))


@needs_browser
def test_its_numbers_are_those_of_table(shown, profile):
    assert rows(shown) == expected(profile, -1, 0)
    r = random.Random(3)
    for round in range(12):
        a, b, top = r.randrange(12), r.randrange(12), r.choice((1, 3, 10, 50))
        by = r.choice(("Size", "Count"))
        shown.type_into("#sample-a", str(a))
        shown.type_into("#sample-b", str(b))
        shown.type_into("#top", str(top))
        shown.click_label(by)
        columns = [r.choice(choices) for choices in Prof.CHOICES[:5]]
        for place, word in enumerate(columns, 1):
            shown.evaluate(
                "(s => { s.value = %s; s.dispatchEvent(new Event('change')); })(document.getElementById('column-%d'))"
                % (json.dumps(word), place)
            )
        assert rows(shown) == expected(profile, a, b, " ".join(columns) + " Kind", by.lower(), top)


@needs_browser
def test_controls_are_labelled_form_elements(shown):
    labels = shown.evaluate(
        "[...document.querySelectorAll('label')].map(l => [l.textContent.trim(), l.control && l.control.tagName + ' ' + l.control.type])"
    )
    controls = dict(map(tuple, labels))
    assert controls["Sample A"] == controls["Sample B"] == controls["Top"] == "INPUT number" and controls["Filter"] == "INPUT search"
    for name in ("Size", "Count", "Bars", "Lines", "Bands"):
        assert controls[name] == "INPUT radio"
    assert shown.evaluate("document.querySelector('table tbody tr th[scope=row]') !== null")
    names = shown.evaluate("[...document.querySelectorAll('select, button')].map(e => e.ariaLabel || e.textContent.trim())")
    assert all(names)


@needs_browser
def test_difference_filter_and_sort(shown, profile):
    shown.click_label("Difference")
    assert rows(shown) == expected(profile, -1, 0, "A Size %B:Tot A-B %B:Tot Kind")
    shown.type_into("#filter", "DICT")
    table = rows(shown)
    assert table == expected(profile, -1, 0, "A Size %B:Tot A-B %B:Tot Kind", text="dict")
    assert all("dict" in row[4] for row in table[1:] if row[4] != "<Other>")
    shown.type_into("#filter", "")
    shown.click_element("th:nth-child(4) .sort")
    changes = shown.evaluate("page.view.rows().slice(1).map(r => r.change)")
    assert [row[2] for row in rows(shown)[1:]] == [short(int(x)) for x in sorted(changes, reverse=True)]
    shown.click_element("th:nth-child(4) .sort")
    assert [row[2] for row in rows(shown)[1:]] == [short(int(x)) for x in sorted(changes)]
    shown.click_element("th:nth-child(4) .sort")
    assert rows(shown) == expected(profile, -1, 0, "A Size %B:Tot A-B %B:Tot Kind")


@needs_browser
def test_keys(shown, profile):
    shown.evaluate("document.activeElement.blur()")
    for key in ("ArrowLeft", "ArrowLeft"):
        shown.key(key)
    shown.key("ArrowRight", modifiers=8)
    assert rows(shown) == expected(profile, 9, 1)
    assert [shown.evaluate("document.getElementById('sample-%s').value" % n) for n in "ab"] == ["9", "1"]
    shown.key("x")
    assert rows(shown) == expected(profile, 9, 1, "A Size %B:Tot A-B %B:Tot Kind")
    shown.key("Home")
    shown.key("End", modifiers=8)
    shown.key("c")
    assert rows(shown) == expected(profile, 0, 11, "A Size %B:Tot A-B %B:Tot Kind", "count")
    for key, mode in (("l", "lines"), ("d", "bands"), ("b", "bars")):
        shown.key(key)
        assert shown.evaluate("document.querySelector('input[name=mode]:checked').value") == mode
    shown.key("/")
    assert shown.evaluate("document.activeElement.id") == "filter"
    shown.key("x", text="x")
    assert shown.evaluate("document.activeElement.value") == "x"


@needs_browser
def test_everything_can_be_reached_with_tab(shown):
    shown.evaluate("document.activeElement.blur()")
    reached = []
    for step in range(30):
        shown.key("Tab")
        reached.append(shown.evaluate("document.activeElement.id || document.activeElement.ariaLabel || document.activeElement.name"))
    assert {"sample-a", "sample-b", "by", "mode", "axis", "top", "filter", "difference", "fit", "column-1", "Sort by kind"} <= set(reached)


@needs_browser
def test_values_that_make_no_sense_change_nothing(shown, profile):
    before = rows(shown)
    for selector, text in (("#sample-a", "99"), ("#sample-a", "-1"), ("#sample-a", ""), ("#top", "0"), ("#top", "51"), ("#sample-b", "1.5")):
        shown.type_into(selector, text)
        assert rows(shown) == before


@needs_browser
def test_pointing_tells_kind_and_marks_its_row(shown, profile):
    largest = [item for item in Comparison(profile, 11, 0).lines][0]
    box = shown.box(".u-over")
    y_range = shown.evaluate("page.graph.yRange()")
    total = profile[11].size
    x = box["x"] + box["width"] * 11.5 / 12
    y = box["y"] + box["height"] * (1 - (total - largest.value / 2) / y_range)
    for mode in ("Bars", "Bands"):
        shown.click_label(mode)
        shown.move(x - (0 if mode == "Bars" else 0), y)
        tip = shown.evaluate("tip.hidden ? '' : tip.textContent")
        if mode == "Bars":
            assert tip.startswith(largest.name + "\n") and "Sample 11" in tip and percent(largest.value, total) + " %" in tip
            assert shown.evaluate("document.querySelector('#rows .pointed th').textContent") == largest.name
        assert tip
    shown.move(5, 5)
    assert shown.evaluate("tip.hidden") and shown.evaluate("document.querySelector('#rows .pointed')") is None
    row = shown.box("#rows tr:nth-child(3)")
    shown.move(row["x"] + 30, row["y"] + 5)
    assert shown.evaluate("page.graph.highlighted === page.view.rows()[2].kind")


@needs_browser
def test_wheel_drag_click_and_fit(shown):
    box = shown.box(".u-over")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    whole = shown.evaluate("page.graph.range()")
    assert whole == [-0.5, 11.5]
    for turn in range(4):
        shown.command("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=-100)
    shown.wait("page.graph.range()[1] - page.graph.range()[0] < 6")
    left, right = shown.evaluate("page.graph.range()")
    assert left > -0.5 and right < 11.5 and abs((left + right) / 2 - 5.5) < 0.1
    shown.command("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
    shown.move(x - 100, y, button="left", buttons=1)
    shown.command("Input.dispatchMouseEvent", type="mouseReleased", x=x - 100, y=y, button="left", clickCount=1)
    panned = shown.evaluate("page.graph.range()")
    assert panned[0] > left and panned[1] - panned[0] == pytest.approx(right - left)
    assert shown.evaluate("page.view.a") == 11  # dragging moves no marker
    shown.key("0")
    assert shown.evaluate("page.graph.range()") == whole
    shown.click(box["x"] + box["width"] * 3.5 / 12, y)
    assert shown.evaluate("page.view.a") == 3
    shown.click(box["x"] + box["width"] * 7.5 / 12, y, modifiers=8)
    assert shown.evaluate("page.view.b") == 7


@needs_browser
def test_markers_are_dragged(shown):
    handle, box = shown.box(".marker-a span"), shown.box(".u-over")
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    shown.command("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
    for sample in (9, 5):
        shown.move(box["x"] + box["width"] * (sample + 0.5) / 12, y, button="left", buttons=1)
        assert shown.evaluate("page.view.a") == sample
    shown.command("Input.dispatchMouseEvent", type="mouseReleased", x=x, y=y, button="left", clickCount=1)
    assert shown.evaluate("document.getElementById('sample-a').value") == "5"


@needs_browser
def test_areas_are_what_the_numbers_are(browser, tmp_path):
    plot(plain.write(tmp_path / "x.hpy", [[(1, 750, "three quarters"), (1, 250, "a quarter")]] * 4), tmp_path / "x.html")
    browser.open(tmp_path / "x.html")
    browser.move(1, 1)
    for mode in ("Bars", "Bands"):
        browser.click_label(mode)
        browser.evaluate("for (const m of document.querySelectorAll('.marker, .u-cursor-x, .swatch')) m.style.display = 'none'")
        browser.move(1, 1)
        picture = png.pixels_of(browser.screenshot())[2]
        large, small = (png.count(picture, Prof.colour_of(name)) for name in ("three quarters", "a quarter"))
        assert large > 10000 and large / (large + small) == pytest.approx(0.75, abs=0.005)
        browser.open(tmp_path / "x.html")


@needs_browser
def test_nothing_leaves_the_page_and_names_stay_text(browser, tmp_path):
    samples = [[(10 - i, 1000 - i, name) for i, name in enumerate(HOSTILES)]] * 2
    plot(plain.write(tmp_path / "x.hpy", samples), tmp_path / "x.html")
    browser.open(tmp_path / "x.html")
    browser.evaluate("new Promise(done => setTimeout(done, 300))")
    assert browser.requests() == ["file://%s" % (tmp_path / "x.html")] and browser.complaints() == []
    assert [row[4] for row in rows(browser)[1:]] == HOSTILES
    assert browser.evaluate("document.querySelectorAll('img, iframe, link').length") == 0
    assert browser.evaluate("document.querySelectorAll('script').length") == 3
    # What the policy is there for: a script that got in all the same does not run, and nothing is fetched.
    browser.evaluate("document.body.insertAdjacentHTML('beforeend', \"<img src='http://example.invalid/x' onerror='window.owned = 1'>\")")
    browser.evaluate("(s => { s.textContent = 'window.owned = 1'; document.body.append(s); })(document.createElement('script'))")
    browser.evaluate("fetch('http://example.invalid/').catch(() => 0)")
    browser.evaluate("new Promise(done => setTimeout(done, 300))")
    assert browser.evaluate("window.owned") is None and any("Content Security Policy" in text for text in browser.complaints())


@needs_browser
def test_light_and_dark(shown):
    seen = []
    for scheme in ("light", "dark"):
        shown.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        shown.frame()
        picture = png.pixels_of(shown.screenshot())[2]
        seen.append(sum(picture[5][5]))
        for name in ("Kind1", "Kind2"):
            assert shown.evaluate("page.profile.colour(page.profile.names.indexOf('%s'))" % name) == Prof.colour_of(name)
    shown.command("Emulation.setEmulatedMedia", features=[])
    assert seen[0] > 700 and seen[1] < 120


@needs_browser
def test_numbers_in_the_page_are_python_s(shown):
    r = random.Random(8)
    values = [0, 999, 1000, 99999, 100000, 99999500, 10**15, -5000, 2500, 122500, 123500] + [r.randrange(-(10**14), 10**14) for i in range(500)]
    assert shown.evaluate("%s.map(short)" % json.dumps(values)) == [short(v) for v in values]
    pairs = [(a, b) for a in (0, 1, 3, 5, 25, 125, 99, -7, 10**6, 12345) for b in (0, 1, 3, 8, 16, 64, 1000, 10**5, -9, 10**9)]
    pairs += [(r.randrange(-(10**9), 10**9), r.randrange(1, 10**9)) for i in range(500)]
    assert shown.evaluate("%s.map(p => percent(p[0], p[1]))" % json.dumps(pairs)) == [percent(*p) for p in pairs]
    assert shown.evaluate("[0,1,2,3,6,11,501].map(rangeAbove)") == [range_above(v) for v in (0, 1, 2, 3, 6, 11, 501)]


@needs_browser
def test_ties_come_in_the_order_of_the_file(browser, tmp_path):
    r = random.Random(2)
    names = ["k%d" % i for i in range(30)]
    samples = [[(r.randrange(3), r.randrange(3), n) for n in r.sample(names, 25)] for i in range(6)]
    profile = Profile(plain.write(tmp_path / "x.hpy", samples))
    plot(tmp_path / "x.hpy", tmp_path / "x.html")
    browser.open(tmp_path / "x.html")
    for a in range(6):
        browser.type_into("#sample-a", str(a))
        for by in ("Size", "Count"):
            browser.click_label(by)
            got, wanted = rows(browser), expected(profile, a, 0, by=by.lower())
            assert got == wanted


@needs_browser
def test_an_empty_profile(browser, tmp_path):
    (tmp_path / "x.hpy").write_text("")
    plot(tmp_path / "x.hpy", tmp_path / "x.html")
    browser.open(tmp_path / "x.html")
    assert browser.evaluate("samples.textContent") == "-- No Sample --" and browser.complaints() == []


@needs_browser
def test_one_sample_and_strange_times(browser, tmp_path):
    text = plain.package([(1, 5, "x")], 5000) + plain.package([(1, 6, "x")], 4000) + plain.package([(1, 7, "x")], 1e300)
    for count, data in ((1, plain.package([(1, 5, "x")])), (3, text)):
        (tmp_path / "x.hpy").write_text(data)
        plot(tmp_path / "x.hpy", tmp_path / "x.html")
        browser.open(tmp_path / "x.html")
        for label in ("Time", "Lines", "Bands", "Bars", "Number"):
            browser.click_label(label)
        assert browser.complaints() == [] and browser.evaluate("page.profile.count") == count


def test_a_thousand_samples_of_a_thousand_rows_make_a_small_page(tmp_path):
    r = random.Random(1)
    sizes = [int(5e7 / (i + 1) ** 1.1) + 48 for i in range(1000)]
    with open(tmp_path / "x.hpy", "w") as f:
        for s in range(1000):
            for i in range(0, 1000, 3):
                sizes[i] = max(48, int(sizes[i] * r.uniform(0.97, 1.04)))
            rows = [(size // 48, size, "types.Kind%d" % i) for i, size in enumerate(sizes)]
            f.write(plain.package(sorted(rows, key=lambda row: -row[1]), 1000.0 + s))
    plot(tmp_path / "x.hpy", tmp_path / "x.html")
    assert os.path.getsize(tmp_path / "x.html") < 3 << 20


def test_uplot_is_the_published_one_with_its_licence():
    folder = os.path.join(os.path.dirname(guppy.__file__), "profiles", "page")
    with open(os.path.join(folder, "uPlot.iife.min.js"), "rb") as f:
        data = f.read()
    assert hashlib.sha256(data).hexdigest() == "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"
    with open(os.path.join(folder, "uPlot.LICENSE")) as f:
        assert f.read().startswith("The MIT License") and b"v1.6.32" in data


# ---- the picture ----


@pytest.mark.parametrize("mode", ["bars", "lines", "bands"])
@pytest.mark.parametrize("over", ["number", "time"])
def test_the_picture(tmp_path, page, mode, over):
    out = tmp_path / "x.svg"
    plot(page.with_suffix(".hpy"), out, "--as", mode, "--over", over, "--by", "count", "--top", "5")
    root = ElementTree.parse(out).getroot()
    text = "".join(root.itertext())
    assert root.tag.endswith("svg") and "Objects" in text and "<Other>" in text
    colours = {e.get("fill") for e in root.iter() if e.get("fill")} | {e.get("stroke") for e in root.iter()}
    assert "#000000" in colours and len(colours & set(Prof.PALETTE)) >= 3


def test_the_picture_has_the_areas_of_the_numbers(tmp_path):
    rows = [(1, 600, "a"), (1, 300, "b"), (1, 100, "c")]
    plot(plain.write(tmp_path / "x.hpy", [rows] * 3), tmp_path / "x.svg")
    text = (tmp_path / "x.svg").read_text()
    heights = {n: sum(map(float, re.findall(r"v([0-9.]+)h", re.search("fill='%s' d='([^']+)'" % Prof.colour_of(n), text)[1]))) for n in "abc"}
    assert heights["a"] / heights["c"] == pytest.approx(6, rel=0.01) and heights["b"] / heights["c"] == pytest.approx(3, rel=0.01)


def test_hostile_names_in_the_picture(tmp_path):
    plot(plain.write(tmp_path / "x.hpy", [[(10 - i, 1000 - i, n) for i, n in enumerate(HOSTILES)]]), tmp_path / "x.svg")
    root = ElementTree.parse(tmp_path / "x.svg").getroot()
    assert HOSTILE in "".join(root.itertext()) and {e.tag.split("}")[1] for e in root.iter()} == {"svg", "title", "rect", "g", "path", "text"}


def test_pictures_do_not_depend_on_hash_seeds(tmp_path, page):
    texts = set()
    for seed in ("1", "2"):
        result = run_python("-m", "guppy", "plot", str(page.with_suffix(".hpy")), "-o", str(tmp_path / "x.svg"), env={"PYTHONHASHSEED": seed})
        assert result.returncode == 0
        texts.add((tmp_path / "x.svg").read_text())
    assert len(texts) == 1


# ---- bad input ----


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "which profile"), (["x.hpy"], "-o FILE"), (["x.hpy", "-o", "x.png"], ".html or .svg"), (["a", "b", "-o", "x.svg"], "one profile"),
        (["x.hpy", "-o", "x.svg", "--as", "pie"], "--as needs"), (["x.hpy", "-o", "x.html", "--top", "3"], "a page has it as a control"),
        (["x.hpy", "-o"], "-o needs a value"), (["x.hpy", "-o", "x.svg", "--top", "0"], "--top needs a positive"),
    ],
)  # fmt: skip
def test_usage(tmp_path, arguments, message):
    result = run_python("-m", "guppy", "plot", *arguments, cwd=str(tmp_path))
    assert result.returncode == 2 and message in result.stderr.splitlines()[0] and "usage: python -m guppy plot" in result.stderr
    assert os.listdir(tmp_path) == []


def test_bad_input_is_one_line_and_nothing_is_lost(tmp_path, page):
    profile = page.with_suffix(".hpy")
    (tmp_path / "bad.hpy").write_bytes(os.urandom(3000))
    (tmp_path / "out.html").write_text("old")
    for name in ("bad.hpy", "nosuch.hpy", "."):
        err = plot(tmp_path / name, tmp_path / "out.html", status=1)
        assert err.startswith("guppy: can't read") and err.count("\n") == 1
    assert (tmp_path / "out.html").read_text() == "old"
    err = plot(profile, tmp_path / "no" / "x.html", status=1)
    assert err.startswith("guppy: can't write") and err.count("\n") == 1
    if os.path.exists("/dev/full"):
        os.symlink("/dev/full", tmp_path / "full.html")
        assert "No space left" in plot(profile, tmp_path / "full.html", status=1)
    (tmp_path / "same.svg").write_bytes(profile.read_bytes())
    assert "overwrite the profile" in plot(tmp_path / "same.svg", tmp_path / "same.svg", status=2)
    assert sorted(os.listdir(tmp_path)) == sorted(["bad.hpy", "out.html", "same.svg"] + ["full.html"] * os.path.exists("/dev/full"))

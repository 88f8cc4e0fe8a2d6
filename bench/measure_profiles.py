"""Measure the views of profiles on 1000 samples of 1000 rows: the browser beside guppy3's, in turns, and the page.

    python3 bench/measure_profiles.py --ours PYTHON [--guppy3 PYTHON] [--repeat 5] [--samples 1000] [--kinds 1000]

Each sample is a process of its own on a display in memory.  guppy3's browser is driven as ours is, from outside: by the
labels of its menus.  Needs Xvfb, and a Chromium for the page; prints a table of medians.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests/profiles"))


def write_profile(path, samples, kinds):
    """Sizes fall off as a power, and a third of them changes a little from sample to sample."""
    r = random.Random(1)
    names = [("dict of package%d.module.Class%d" % (i % 17, i)) if i % 3 == 0 else "types.Kind%d" % i for i in range(kinds)]
    sizes = [int(5e7 / (i + 1) ** 1.1) + 48 for i in range(kinds)]
    each = [r.choice((28, 48, 56, 64, 120, 232)) for i in range(kinds)]
    with open(path, "w") as f:
        for s in range(samples):
            for i in range(kinds):
                if r.random() < 0.3:
                    sizes[i] = max(each[i], int(sizes[i] * r.uniform(0.97, 1.04)))
            rows = sorted(((max(1, sizes[i] // each[i]), sizes[i], names[i]) for i in range(kinds)), key=lambda x: -x[1])
            f.write(".loader: _load_stat\n.format: SetFormat\n.timemade: %f\n" % (1.79e9 + s))
            f.write(".count: %d\n.size: %d\n" % (sum(x[0] for x in rows), sum(x[1] for x in rows)))
            f.write(".kindname: \n.kindheader: Kind (class / dict of class)\n.numrows: %d\n" % len(rows))
            f.writelines(".r: %d %d %s\n" % x for x in rows)
            f.write(".end: .loader: _load_stat\n")


# Run by either tool's interpreter.  mainloop() is where the browser would wait for a person: the driver takes its place.
DRIVER = """
import json, sys, time, tkinter
from guppy import hpy
hp = hpy()
found = {}

def widgets(w):
    yield w
    for child in w.winfo_children():
        yield from widgets(child)

def choose(root, label):
    for menu in widgets(root):
        if menu.winfo_class() == "Menu" and menu.index("end") is not None:
            for i in range(menu.index("end") + 1):
                if menu.type(i) == "radiobutton" and menu.entrycget(i, "label") == label:
                    return menu.invoke(i)
    raise KeyError(label)

def drive(root, n=0):
    for again in range(3):
        root.update()
    found["open"] = time.perf_counter() - begin
    for label in ("Count", "Size", "Lines", "Bars"):
        t = time.perf_counter()
        choose(root, label)
        root.update()
        found[label.lower()] = time.perf_counter() - t
    with open("/proc/self/status") as f:
        found["memory"] = next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) / 1024
    steps = [w for w in widgets(root) if w.winfo_name() == "a_minus"]
    if steps:
        choose(root, "Bands"); root.update()
        t = time.perf_counter(); choose(root, "Bands"); root.update()
        found["bands"] = time.perf_counter() - t
        choose(root, "Bars"); root.update()
        taken = []
        for i in range(21):
            t = time.perf_counter(); steps[0].invoke(); root.update()
            taken.append(time.perf_counter() - t)
        found["marker step"] = sorted(taken)[10]
    print(json.dumps(found))
    sys.stdout.flush()
    import os; os._exit(0)

tkinter.Misc.mainloop = drive
tkinter.mainloop = lambda n=0: drive(tkinter._default_root)
begin = time.perf_counter()
hp.pb(sys.argv[1])
"""

# Ours alone: reading what was appended.
REFRESH = """
import json, sys, time
from guppy.heapy.Prof import Profile
p = Profile(sys.argv[1])
with open(sys.argv[1]) as f:
    text = f.read()
package = text[text.rindex("\\n.loader:") + 1 :]
taken = []
for i in range(11):
    with open(sys.argv[1], "a") as f:
        f.write(package)
    t = time.perf_counter()
    assert p.refresh() == "grown"
    taken.append(time.perf_counter() - t)
print(json.dumps({"refresh": sorted(taken)[5]}))
"""


def run(interpreter, code, path):
    result = subprocess.run([interpreter, "-c", code, path], capture_output=True, text=True, timeout=300)
    if result.returncode or not result.stdout:
        sys.exit("%s failed:\n%s" % (interpreter, result.stderr))
    return json.loads(result.stdout.splitlines()[-1])


def page_figures(interpreter, folder, profile):
    """Seconds from opening the page to its being drawn, and its size in MB."""
    import chromium

    page = os.path.join(folder, "run.html")
    subprocess.run([interpreter, "-m", "guppy", "plot", profile, "-o", page], check=True)
    figures = {"page size": os.path.getsize(page) / 1e6}
    if chromium.find_chromium():
        browser = chromium.Chromium(os.path.join(folder, "chromium"), 1400, 860)
        taken = []
        for again in range(5):
            begin = time.perf_counter()
            browser.open(page)
            browser.frame()
            taken.append(time.perf_counter() - begin)
        browser.close()
        figures["page"] = statistics.median(taken)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", default=sys.executable)
    parser.add_argument("--guppy3")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--kinds", type=int, default=1000)
    options = parser.parse_args()
    import xvfb

    tools = {"ours": options.ours, "guppy3": options.guppy3}
    taken = {tool: [] for tool, interpreter in tools.items() if interpreter}
    with tempfile.TemporaryDirectory() as folder:
        profile = os.path.join(folder, "run.hpy")
        write_profile(profile, options.samples, options.kinds)
        os.mkdir(os.path.join(folder, "screen"))
        os.environ["DISPLAY"] = xvfb.Display(os.path.join(folder, "screen"), 96).name
        for turn in range(options.repeat):
            for tool in taken:
                taken[tool].append(run(tools[tool], DRIVER, profile))
        medians = {tool: {k: statistics.median(s[k] for s in samples) for k in samples[0]} for tool, samples in taken.items()}
        medians["ours"].update(page_figures(options.ours, folder, profile))
        medians["ours"].update(run(options.ours, REFRESH, profile))
    print("| | " + " | ".join(medians) + " |\n|---|" + "---:|" * len(medians))
    names = ["open", "count", "size", "lines", "bars", "bands", "marker step", "refresh", "page", "memory", "page size"]
    for name in names:
        cells = []
        for figures in medians.values():
            value = figures.get(name)
            unit = {"memory": "%.0f MB", "page size": "%.2f MB"}.get(name)
            cells.append("" if value is None else unit % value if unit else "%.1f ms" % (1000 * value))
        print("| %s | %s |" % (name, " | ".join(cells)))


main()

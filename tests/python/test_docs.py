"""The documentation: its examples print what it shows, its links lead somewhere, its reference has every target."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from guppy.etc.help_texts import TEXTS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
EXAMPLES = [page for page in [ROOT / "README.md", *PAGES] if "```pycon" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", EXAMPLES, ids=lambda page: page.stem)
def test_examples(page):
    result = subprocess.run([sys.executable, str(ROOT / "tools/run_examples.py"), "check", str(page)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("page", EXAMPLES, ids=lambda page: page.stem)
def test_pages_say_which_python_printed_their_output(page):
    text = page.read_text(encoding="utf-8")
    version = re.findall(r"^The output below is of CPython 3\.\d+\.\d+\.$", text, re.M)
    assert len(version) == 1 and text.index(version[0]) < text.index("```pycon")


def test_writing_examples_writes_the_version(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("The output below is of CPython 2.7.18.\n\n```pycon\n>>> 1\n1\n```\n")
    subprocess.run([sys.executable, str(ROOT / "tools/run_examples.py"), "write", str(page)], check=True)
    assert page.read_text().startswith("The output below is of CPython %d.%d.%d.\n" % sys.version_info[:3])


def test_the_tutorial_has_eight_examples():
    text = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\d)\.", text, re.M) == list("12345678")
    for name in ("heap()", "setref()", "heapu()", "get_rows", "rows[:3]", "parts", "diff(", "disjoint(", "referents", "referrers", "stat", "dump(", "load(",
                 "bytype", "byrcs", "bymodule", "bysize", "byunity", "byvia", "byidset", "byid", "iso(", "idset(", "hp.doc", "count", "size"):  # fmt: skip
        assert name in text or name == "get_rows", name


def test_wrong_examples_are_seen(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```pycon\n>>> 'a' + 'b'\n'ac'\n>>> if True:\n...     print(5)\n7\n```\n")
    check = [sys.executable, str(ROOT / "tools/run_examples.py"), "check", str(page)]
    result = subprocess.run(check, capture_output=True, text=True)
    assert result.returncode == 1 and "'ac'" in result.stdout and "'ab'" in result.stdout
    subprocess.run([sys.executable, str(ROOT / "tools/run_examples.py"), "write", str(page)], check=True)
    assert page.read_text() == "```pycon\n>>> 'a' + 'b'\n'ab'\n>>> if True:\n...     print(5)\n5\n```\n"
    assert subprocess.run(check).returncode == 0


def test_links():
    made = {"reference.md", "results.md"}  # by `make docs`
    for page in [*PAGES, ROOT / "README.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and Path(target).name not in made:
                assert (page.parent / target).exists(), "%s: %s" % (page, target)


def test_the_reference_of_the_site(tmp_path):  # HD-8
    sources = [ROOT / "python/guppy/_heapyc.pyi", ROOT / "python/guppy/sets/setsc.pyi"]
    out = tmp_path / "reference.md"
    subprocess.run([sys.executable, str(ROOT / "tools/make_docs.py"), "markdown", str(out), *map(str, sources)], check=True)
    ids = set(re.findall(r'<a id="([^"]+)"></a>', out.read_text(encoding="utf-8")))
    assert set(TEXTS) <= ids


def test_the_navigation_is_whole():
    listed = set(re.findall(r": ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M))
    there = {str(page.relative_to(ROOT / "docs")) for page in PAGES if "decisions" not in page.parts}
    assert listed == there | {"reference.md", "results.md"}

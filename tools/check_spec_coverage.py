#!/usr/bin/env python3
"""Check the numbers of requirements, such as H-33, against each other.

- Each of tests/spec_items.txt is cited by a test: in its name, a comment or a field of its case.
- Each that is cited anywhere in the repository has one line in docs/requirements.md.
- A page for users cites none: it says the fact.

Prints what is missing and exits with 1 when there is any.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NUMBER = re.compile(r"\b(?:S|G|PK|K|T|H|HD|R|P|B|BC|N|L|M|F|W|Y)-\d+[a-z]?\b")

# Where numbers are cited.  Lists of numbers, and outputs of guppy3, are not prose.
FOLDERS = ("bench", "docs", "examples", "include", "python", "src", "tests", "tools")
SUFFIXES = {".c", ".h", ".py", ".pyi", ".md", ".sh", ".build"}
NO_CITATIONS = ("tests/conformance/recorded/", "docs/requirements.md", "tools/check_spec_coverage.py")

# Pages for those who work on Heapy.
FOR_CONTRIBUTORS = ("docs/architecture.md", "docs/decisions/", "docs/requirements.md")


def required():
    lines = (ROOT / "tests/spec_items.txt").read_text().splitlines()
    for word in " ".join(line.partition("#")[0] for line in lines).split():
        first, _, last = word.partition("..")
        if not last:
            yield word
            continue
        letters = first.split("-")[0]
        for number in range(int(first.split("-")[1]), int(last.split("-")[1]) + 1):
            yield "%s-%d" % (letters, number)


def texts():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in SUFFIXES and path.is_file() and not name.startswith(NO_CITATIONS):
                yield name, path.read_text()
    for name in ("README.md", "CONTRIBUTING.md"):
        yield name, (ROOT / name).read_text()


def explained():
    """The numbers that have a line, and how often."""
    lines = re.findall(r"^- (\S+): \S", (ROOT / "docs/requirements.md").read_text(), re.M)
    return {number: lines.count(number) for number in lines}


def problems():
    cited, in_tests = {}, set()
    for name, text in texts():
        numbers = set(NUMBER.findall(text))
        for number in numbers:
            cited.setdefault(number, name)
        if name.startswith("tests/"):
            in_tests |= numbers
        if name.startswith("docs/") and not name.startswith(FOR_CONTRIBUTORS) and numbers:
            yield "%s cites %s, where users want the fact" % (name, ", ".join(sorted(numbers)))
    listed = set((ROOT / "tests/spec_numbers.txt").read_text().split())
    for number in required():
        if number in listed and number not in in_tests:
            yield "%s has no test" % number
    lines = explained()
    for number, name in sorted(cited.items()):
        if number not in lines:
            yield "%s, cited in %s, has no line in docs/requirements.md" % (number, name)
    for number, count in lines.items():
        if count > 1:
            yield "%s has %d lines in docs/requirements.md" % (number, count)


def main():
    found = list(problems())
    for problem in found:
        print(problem)
    print("%d requirements to be tested, %d explained, %d problems" % (len(set(required())), len(explained()), len(found)))
    return bool(found)


sys.exit(main())

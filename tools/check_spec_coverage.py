#!/usr/bin/env python3
"""List the requirements of tests/spec_items.txt that no test cites; fails when there are any.

A test cites a requirement by its number, such as T-12, in its name, a comment or a field of its case.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


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


def cited():
    found = set()
    for path in sorted((ROOT / "tests").rglob("*")):
        if path.suffix in (".py", ".c") and path.is_file():
            found |= set(re.findall(r"\b(?:S|G|PK|K|T|H|HD|R|P|B|BC|N|L|M|F|W)-\d+[a-z]?\b", path.read_text()))
    return found


def main():
    listed = set((ROOT / "tests/spec_numbers.txt").read_text().split())
    wanted = [item for item in required() if item in listed]
    missing = [item for item in wanted if item not in cited()]
    print("%d requirements, %d without a test%s" % (len(wanted), len(missing), "".join("\n  " + m for m in missing)))
    return bool(missing)


sys.exit(main())

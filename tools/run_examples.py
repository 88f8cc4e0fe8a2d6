#!/usr/bin/env python3
"""Run the console sessions of documentation pages, and compare what they print, or write it in.

    run_examples.py check PAGE...     differences are printed; fails when there are any
    run_examples.py write PAGE...     put the real output into the pages

A page is one session, of its ```pycon blocks.  Numbers and addresses may differ; below a line `<!-- any rows -->` the
rows of tables may too, since what a whole heap holds depends on the interpreter.  A page says which one printed it: VERSION.
Run with an interpreter that has the package.
"""

import platform
import re
import subprocess
import sys

PROMPT = "\x01"
FENCE = re.compile(r"(<!-- any rows -->\n\n?)?```pycon\n(.*?)```", re.S)
VERSION = re.compile(r"(?<=The output below is of CPython )\d+\.\d+\.\d+(?=\.)")
SOURCE = re.compile(r'(?<=, in <module>\n)(    .*\n)+')  # of what was typed, as newer versions show it in tracebacks
ROW = re.compile(r"^ *\d+ +-?\d+ .*$", re.M)


def shape(text, any_rows):
    """What must agree: the text without its numbers, addresses and widths."""
    if any_rows:
        text = re.sub(r"(<row>\n?)+", "<rows>\n", ROW.sub("<row>", text))
    text = SOURCE.sub("", text)
    text = re.sub(r"0x[0-9a-f]+", "0x#", text)
    text = re.sub(r"-?\d+(\.\d+)?(e-\d+)?", "#", text)
    return re.sub(r"[ \t]+", " ", text).strip()


def statements(block):
    """The statements of a session, each with its lines."""
    found = []
    for line in block.splitlines():
        if line.startswith(">>> "):
            found.append([line[4:]])
        elif line.startswith("...") and found:
            found[-1].append(line[4:])
    return found


def run_session(session):
    """What the interactive interpreter prints for each statement, in a process of its own."""
    text = "import sys; sys.ps1, sys.ps2 = %r, ''; del sys\n" % PROMPT
    text += "".join("\n".join(lines) + ("\n\n" if len(lines) > 1 else "\n") for lines in session)
    command = [sys.executable, "-i", "-q", "-u"]
    result = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    return result.stdout.split(PROMPT)[1:]


def run_page(path):
    """The page, and the page with the output of its session."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    session = [lines for match in FENCE.finditer(text) for lines in statements(match.group(2))]
    outputs = iter(run_session(session))

    def with_output(match):
        lines = []
        for first, *rest in statements(match.group(2)):
            lines += [">>> " + first] + [("... " + line).rstrip() for line in rest]
            lines += next(outputs).rstrip().splitlines()
        return "%s```pycon\n%s\n```" % (match.group(1) or "", "\n".join(lines))

    return text, VERSION.sub(platform.python_version(), FENCE.sub(with_output, text))


def differences(text, made):
    for old, new in zip(FENCE.finditer(text), FENCE.finditer(made)):
        any_rows = bool(old.group(1))
        if shape(old.group(2), any_rows) != shape(new.group(2), any_rows):
            yield "expected:\n%s\ngot:\n%s" % (old.group(2), new.group(2))


def main():
    what, *pages = sys.argv[1:]
    failed = 0
    for page in pages:
        text, made = run_page(page)
        found = list(differences(text, made))
        if what == "write":
            with open(page, "w", encoding="utf-8") as file:
                file.write(made)
        elif found:
            failed += 1
            print("%s:\n%s" % (page, "\n".join(found)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

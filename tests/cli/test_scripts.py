"""`heapy`, run as scripts say: exact output and status.

    $ heapy top values.heapy        a line for the shell
    text                            what it writes to standard output
    2> text                         and to standard error
    = 2                             its status, unless that is 0

The files of tests/golden are there, and nothing else: no environment, no HOME.  HEAPY_CLI_UPDATE=1 writes down what
is said now, to be read in the diff.
"""

import os
import pathlib
import re

import pytest

from cli_support import folder  # noqa: F401: a fixture
from cli_support import HERE, run_shell

SCRIPTS = sorted((HERE / "scripts").glob("*.txt"))


# Of a plan the number that SQLite calls `notused`, and newer ones do not.
NOT_USED = re.compile(r"^( *\d+ +\d+)( +\d+)(?=  (?:SCAN|SEARCH|USE) )", re.MULTILINE)


def said(result):
    out = result.stdout.decode("utf-8", "backslashreplace")
    out = NOT_USED.sub(lambda found: found[1] + "0".rjust(len(found[2])), out)
    lines = out.splitlines(keepends=True)
    if out and not out.endswith("\n"):
        lines[-1] += "\n\\ no end of line\n"
    lines += ["2> " + line + "\n" for line in result.stderr.decode("utf-8", "backslashreplace").splitlines()]
    return "".join(lines) + ("= %d\n" % result.returncode if result.returncode else "")


def cases(path):
    """(comments before it, line for the shell, what it says)"""
    before, command, text = "", None, ""
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("$ "):
            if command is not None:
                yield before, command, text
                before, text = "", ""
            command = line[2:].rstrip("\n")
        elif command is None or line.startswith("# "):
            if command is not None:
                yield before, command, text
                before, command, text = "", None, ""
            before += line
        else:
            text += line
    if command is not None:
        yield before, command, text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script(path, folder):
    found = list(cases(path))
    assert found
    if os.environ.get("HEAPY_CLI_UPDATE"):
        path.write_text("".join("%s$ %s\n%s" % (b, c, said(run_shell(c, folder))) for b, c, _ in found), encoding="utf-8")
        return
    for _, command, expected in found:
        assert "$ %s\n%s" % (command, said(run_shell(command, folder))) == "$ %s\n%s" % (command, expected)


def test_every_command_and_option_has_a_case():
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    help_text = run_shell("heapy help", pathlib.Path("/")).stdout.decode()
    commands = [line.split()[0] for line in help_text.split("\nFor all:")[0].splitlines()[2:] if line[2:3].strip()]
    assert "top" in commands
    for command in commands:
        assert "$ heapy %s" % command in text, command
        own = run_shell("heapy help " + command, pathlib.Path("/")).stdout.decode()
        for line in own.splitlines():
            option = next((word.rstrip(",") for word in line.split() if line.startswith("  -") and word.startswith("-")), None)
            assert option is None or any(
                option in case.split() for case in text.splitlines() if case.startswith("$ heapy ")
            ), (command, option)

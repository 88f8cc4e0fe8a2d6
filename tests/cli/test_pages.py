"""What is made from the table of commands: the manual page, completion, and the page of the documentation."""

import os
import re
import shutil
import subprocess

import pytest

from cli_support import HEAPY, ROOT, run_shell

PAGE = ROOT / "docs/heapy-command.md"
BEGIN, END = "<!-- made by: heapy help --format markdown -->\n", "<!-- end -->\n"


def run(line):
    result = run_shell(line, "/")
    assert result.returncode == 0 and not result.stderr, result
    return result.stdout.decode()


def commands():
    return re.findall(r"^  (\w+) ", run("heapy help").split("\nFor all:")[0], re.M)


def test_the_page_is_what_the_table_says():
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    shown, after = rest.split(END)
    made = "\n" + run("heapy help --format markdown") + "\n"
    if os.environ.get("HEAPY_CLI_UPDATE"):
        PAGE.write_text(before + BEGIN + made + END + after, encoding="utf-8")
    else:
        assert shown == made


def test_pages_name_the_variables_of_the_environment():
    """Those that the command and what it is made of read; TERM is everybody's."""
    for name in ("HEAPY_THREADS", "NO_COLOR", "TMPDIR"):
        assert "\n.TP\n.B %s\n" % name in run("heapy help --format man")
        assert "`%s`" % name in PAGE.read_text(encoding="utf-8")


def test_the_manual_page_has_every_command():
    page = run("heapy help --format man")
    for command in commands():
        assert ".SS heapy %s" % command in page
    if shutil.which("groff"):
        without_sanitizer = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}  # which groff does not pass
        command = ["groff", "-ww", "-man", "-Tutf8"]
        result = subprocess.run(command, input=page.encode(), capture_output=True, env=without_sanitizer)
        assert result.returncode == 0 and not result.stderr, result.stderr.decode()


def completed(*words):
    """What bash completes, the last word being unfinished."""
    script = 'source <("%s" completion bash); COMP_WORDS=(heapy "$@"); COMP_CWORD=$#; _heapy; printf "%%s\\n" "${COMPREPLY[@]}"'
    result = subprocess.run(
        ["bash", "-c", script % HEAPY, "bash", *words], capture_output=True, text=True, cwd=ROOT / "tests/golden/good"
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_bash_completes():
    assert completed("") == commands()
    assert completed("re") == ["referrers", "referents"]
    for command in commands():
        own = run("heapy help " + command)
        assert set(completed(command, "-")) >= set(re.findall(r"^  (?:-\w, )?(--?[\w-]+)", own, re.M)), command
    assert completed("top", "--by", "u") == ["unity"]
    assert completed("top", "val") == ["values.heapy"]
    assert completed("help", "inf") == ["info"]
    assert completed("completion", "z") == ["zsh"]
    assert completed("export", "") == ["chrome", "csv", "jsonl", "dot"]
    assert completed("export", "chrome", "val") == ["values.heapy"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh_reads_its_completion():
    script = 'autoload -Uz compinit; compinit -D -u; source <("%s" completion zsh); print $_comps[heapy]' % HEAPY
    result = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True)
    assert result.stdout.strip() == "_heapy" and not result.stderr


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
def test_fish_completes():
    script = '"%s" completion fish | source; complete -C "heapy to"' % HEAPY
    result = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True)
    assert result.stdout.split()[0] == "top" and not result.stderr


def test_no_shell_but_these():
    result = run_shell("heapy completion tcsh", "/")
    assert (result.returncode, result.stderr) == (2, b"heapy: completion: 'tcsh' is none of bash, zsh, fish\n")

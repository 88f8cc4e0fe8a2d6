"""Completion as it runs in shells: zsh on a terminal, key by key, and what fish would list."""

import os
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

from cli_support import HEAPY, ROOT, run_shell

FOLDER = ROOT / "tests/golden/good"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TERM": "dumb", "HOME": "/nowhere", "LC_ALL": "C.UTF-8"}


def commands():
    text = run_shell("heapy help", "/").stdout.decode()
    return re.findall(r"^  ([a-z]+) ", text, re.M)


def options(command):
    text = run_shell("heapy help " + command, "/").stdout.decode()
    return re.findall(r"^  (?:-\w, )?(--[\w-]+)", text, re.M)


class Zsh:
    """A zsh on a terminal of its own, in which ^X prints the line and throws it away."""

    SETUP = """
        autoload -Uz compinit; compinit -D -u
        source <("%s" completion zsh)
        seen() { print -r -- "<<$BUFFER>>"; BUFFER=; }
        zle -N seen; bindkey '^X' seen; bindkey '^I' complete-word
        PS1= ; PS2= ; unsetopt zle_bracketed_paste prompt_cr; print ready$((40 + 2))
    """

    def __init__(self, tmp_path):
        (tmp_path / "setup").write_text(self.SETUP % HEAPY)
        child, self.terminal = pty.fork()
        if not child:
            os.chdir(FOLDER)
            os.execvpe("zsh", ["zsh", "-f", "-i"], ENVIRONMENT)
        self.child = child
        self.send("source %s/setup\n" % tmp_path)
        self.until("ready42")

    def send(self, text):
        os.write(self.terminal, text.encode())

    def until(self, pattern):
        text, end = "", time.monotonic() + 60
        while not re.search(pattern, text):
            assert time.monotonic() < end, text
            if select.select([self.terminal], [], [], 1)[0]:
                text += os.read(self.terminal, 1 << 16).decode()
        return re.search(pattern, text)

    def completed(self, line):
        self.send(line + "\t\x18")
        return self.until(r"<<(.*)>>")[1].rstrip()

    def close(self):
        self.send("exit\n")
        os.close(self.terminal)
        os.waitpid(self.child, 0)


@pytest.fixture
def zsh(tmp_path):
    shell = Zsh(tmp_path)
    yield shell
    shell.close()


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh_completes(zsh):
    for command in commands():
        assert zsh.completed("heapy %s --hel" % command) == "heapy %s --help" % command
    assert zsh.completed("heapy inf") == "heapy info"
    assert zsh.completed("heapy top --retai") == "heapy top --retained"
    assert zsh.completed("heapy top val") == "heapy top values.heapy"
    assert zsh.completed("heapy top values.heapy --so") == "heapy top values.heapy --sort="
    assert zsh.completed("heapy top --by=un") == "heapy top --by=unity"
    assert zsh.completed("heapy top --by un") == "heapy top --by unity"
    assert zsh.completed("heapy convert --compress=z") == "heapy convert --compress=zstd"
    assert zsh.completed("heapy help domi") == "heapy help dominators"
    assert zsh.completed("heapy completion fi") == "heapy completion fish"
    assert zsh.completed("heapy export chr") == "heapy export chrome"
    assert zsh.completed("heapy export chrome val") == "heapy export chrome values.heapy"


def fish(*lines):
    script = '"%s" completion fish | source\n' % HEAPY
    script += "".join('complete -C "%s"; echo =\n' % line for line in lines)
    result = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, cwd=FOLDER, env=ENVIRONMENT, timeout=100)
    assert result.returncode == 0 and not result.stderr
    listed = [[line.split("\t")[0] for line in part.splitlines()] for part in result.stdout.split("=\n")]
    return dict(zip(lines, listed))


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
def test_fish_lists_commands_options_values_and_files():
    asked = ["heapy ", "heapy top --by ", "heapy top val", "heapy help inf", "heapy completion ", "heapy export ", "heapy convert --compress "]
    listed = fish(*asked, *["heapy %s --" % command for command in commands()])
    assert sorted(listed["heapy "]) == sorted(commands())
    assert sorted(listed["heapy top --by "]) == sorted("type clodo module size rcs via id unity".split())
    assert listed["heapy top val"] == ["values.heapy"]
    assert listed["heapy help inf"] == ["info"]
    assert {"bash", "zsh", "fish"} <= set(listed["heapy completion "])
    assert {"chrome", "csv", "jsonl", "dot"} <= set(listed["heapy export "])
    assert {"none", "zstd"} <= set(listed["heapy convert --compress "])
    for command in commands():
        assert set(listed["heapy %s --" % command]) == set(options(command)), command

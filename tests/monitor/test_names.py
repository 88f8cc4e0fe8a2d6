"""guppy's names for the monitor: hp.monitor and its text, Console, Target, Remote, RM (S-6, S-22, M-3, M-88, M-89)."""

import code
import io
import os
import sys

from guppy import Root
from guppy.heapy.Console import Console
from guppy.heapy.Target import Target


def test_hp_monitor_and_its_text(hp):  # S-22, M-3, M-88
    assert callable(hp.monitor) and "monitor" in dir(hp)
    text = " ".join(str(hp.doc.monitor).split())
    for phrase in ("import guppy.heapy.RM", "`sc` switches", "interactive Python"):
        assert phrase in text


def test_target(hp):  # M-58, M-89, S-6
    target = Target()
    assert target.sys is sys and target.pid == os.getpid() and target.wd == os.getcwd()
    assert type(hp.View.target) is Target and Root().guppy.heapy.Target.Target is Target
    assert target not in hp.heap()


def run(lines, **options):
    out = io.StringIO()
    console = Console(io.StringIO("".join(line + "\n" for line in lines)), out, **options)
    console.interact("the banner")
    return console, out.getvalue()


def test_console(capsys):  # M-89
    console, out = run(["x = 5", "x", "_ + 1", "1/0", "for i in range(2):", "    i", "", "-", "never"])
    assert isinstance(console, code.InteractiveConsole) and console.filename == "<console>"
    assert out.startswith("the banner\n>>> >>> 5\n>>> 6\n>>> Traceback (most recent call last):\n  File \"<console>\", line 1, in <module>\n")
    assert out.endswith(">>> ... ... 0\n1\n>>> \nnow exiting Console...\n")
    assert console.locals["x"] == 5 and capsys.readouterr() == ("", "")


def test_a_console_in_a_namespace_and_file_of_ones_own():  # M-89
    console, out = run(["y", "nosuch", "exit()"], locals={"y": "given"}, filename="<mine>")
    assert "'given'\n" in out and 'File "<mine>", line 1' in out and out.endswith("now exiting Console...\n")
    assert not hasattr(sys, "ps1") and "given" not in str(getattr(__builtins__, "_", ""))


def test_the_names_of_remote():  # M-25
    from guppy.heapy import Remote

    assert Remote.annex_thread is None and Remote.target is None and callable(Remote.on) and callable(Remote.off)
    try:
        Remote.nosuch
        raise AssertionError
    except AttributeError as e:
        assert "nosuch" in str(e)

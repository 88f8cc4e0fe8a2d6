"""Processes that do not answer: whoever waits for one is told so, once, and goes on with something else."""

import os
import signal

import pytest
from monitor_support import PATIENCE, connect, directory, hub, start, terminal  # noqa: F401

from guppy.monitor.Client import Silent

CODE = "import time\nimport guppy.heapy.RM\n"


def test_what_comes_too_late_is_not_kept(start, connect):
    target = start(CODE)
    dialog = connect(target)
    os.kill(target.pid, signal.SIGSTOP)
    for _ in range(3):
        with pytest.raises(Silent):
            dialog.hub.ask(dialog.peer, "stat", 0.1)
    os.kill(target.pid, signal.SIGCONT)
    assert "dump" in dialog.hub.ask(dialog.peer, "stat", PATIENCE)
    assert not dialog.answers and not dialog.unwanted

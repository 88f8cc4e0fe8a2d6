"""The process that is looked at."""

import os
import sys

from .._heapyc import _hide_type

__all__ = ["Target"]


@_hide_type
class Target:
    """What a console of the monitor calls `target`: the process it runs in."""

    __slots__ = ("sys", "wd", "pid", "__weakref__")

    def __init__(self):
        self.sys = sys
        self.pid = os.getpid()
        try:
            self.wd = os.getcwd()
        except OSError:  # it was removed
            self.wd = ""

    def close(self):
        """End the monitoring of this process: Remote.off()."""
        from . import Remote

        Remote.off()

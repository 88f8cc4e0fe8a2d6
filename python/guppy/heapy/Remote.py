"""Let this process be looked at while it runs: on() and off().

    from guppy.heapy.Remote import on
    on()

Afterwards `hp.monitor()` or `python -m guppy monitor` of the same user shows the process.  Who may connect may run code
in it; docs/monitor.md says who that is.  `annex_thread` is the identity of the thread that listens, None when it is off;
`target` describes the process.
"""

from ..monitor import Enabling

__all__ = ["off", "on"]


def on():
    """Enable remote monitoring of this process; when it is enabled already, do nothing.

    OSError when the directory for the socket cannot be used.
    """
    Enabling.enable()


def off():
    """Disable it: close all connections, interrupt a console statement that runs and wait for it, at most a second.

    In a console of the monitor this is what the command `close` does.
    """
    Enabling.disable()


def __getattr__(name):
    if name == "annex_thread":
        return Enabling.thread_identity()
    if name == "target":
        return Enabling.target()
    raise AttributeError("module %r has no attribute %r" % (__name__, name))

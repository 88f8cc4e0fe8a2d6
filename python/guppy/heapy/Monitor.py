"""The console of the remote monitor (Session.monitor)."""

from ..monitor.Console import MonitorConsole, monitor

__all__ = ["MonitorConsole", "monitor"]


def enter(session):
    """hp.monitor()."""
    monitor()

"""Whether a process answers at all, for those who wait for an answer that may take long.

A target's thread that listens greets every new connection at once, whatever its statements and samples do.  So one that
does not greet is stopped, or runs C code that keeps the interpreter.
"""

import os
import time

from . import Directory

__all__ = ["SILENT", "Pulse"]

QUIET = 2.0  # seconds without an answer, until it is looked whether any can come
GREETING = 2.0  # seconds that a greeting may take
AGAIN = 30.0  # seconds until one that has greeted is asked again
SILENT = "does not answer: stopped, or in C code"  # of a line of 80 characters


class Pulse:
    """Of the process of a Peer, from now on.  close() is due in the end; `with` does that."""

    def __init__(self, peer):
        self.peer = peer
        self.socket = None
        self.next_time = time.monotonic() + QUIET
        self.is_silent = False

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()

    def close(self):
        """Ask no more."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def heard(self):
        """Something has come from the process."""
        self.close()
        self.next_time = time.monotonic() + QUIET
        self.is_silent = False

    def has_stopped(self):
        """True once, when it has turned out that the process does not answer.  To be called about once a second."""
        now = time.monotonic()
        if self.is_silent or now < self.next_time and not self._greets():
            return False
        if self.socket is None:
            self._connect()
            self.next_time = now + GREETING
            return False
        if self._greets():
            self.close()
            self.next_time = now + AGAIN
            return False
        self.is_silent = True
        self.close()
        return True

    def _connect(self):
        try:
            fd = Directory.open_directory(self.peer.place, of_any_user=os.geteuid() == 0)
            try:
                self.socket = Directory.connect(fd, self.peer.name, self.peer.place)
            finally:
                os.close(fd)
        except OSError:
            pass  # the connection that there is will tell, or more of them wait than the process has room for

    def _greets(self):
        if self.socket is None:
            return False
        try:
            self.socket.recv(1)  # or it has closed it: that is an answer, too
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True

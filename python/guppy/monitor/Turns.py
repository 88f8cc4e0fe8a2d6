"""One thread at a time changes what is enabled, and none while a process forks.

A process that forks takes the turn before and leaves it after, in parent and child, so a child never inherits one that a
thread took which it does not have, nor a change that is half done.  The lock is re-entrant, for a signal's handler may
do anything in the midst of anything, and forks go first, for a program that enables and disables all the time would keep
them waiting.
"""

from .._heapyc import _hide_type
from .Native import native

__all__ = ["Turns"]

PATIENCE = 10.0  # seconds that a fork, or the end of the process, waits for a change that another thread makes
COURTESY = 1.0  # seconds that a change waits for forks


@_hide_type
class Turns:
    """`with turns: ...` is a change.  A fork is take_to_fork() and leave_after_fork() or, in the child, renew()."""

    __slots__ = ("lock", "forking")

    def __init__(self):
        self.lock = native.RLock()
        self.forking = set()  # identities of threads

    def __enter__(self):
        if self.forking and not self.lock._is_owned():
            until = native.monotonic() + COURTESY
            while self.forking and native.monotonic() < until:
                native.sleep(0.0005)
        return self.lock.__enter__()

    def __exit__(self, *error):
        self.lock.__exit__(*error)

    def take(self, seconds=PATIENCE):
        """Take the turn, or return False when that takes too long.  leave() gives it back."""
        return self.lock.acquire(timeout=seconds)

    def leave(self):
        self.lock.release()

    def take_to_fork(self):
        self.forking.add(native.get_ident())
        self.take()

    def leave_after_fork(self):
        self.forking.discard(native.get_ident())
        if self.lock._is_owned():  # not if it took too long, or this hook was registered while the process forked
            self.lock.release()

    def renew(self):
        """In a forked child, which has this thread alone."""
        self.forking.clear()
        if self.lock._is_owned():
            self.lock.release()
        else:
            self.lock = native.RLock()

"""What looking at a process may cost it.

At most a twentieth of its time, whatever interval was asked for.  What can be counted, which is the time that looks keep the
interpreter and that of the processor around them, is kept below SHARE; the rest is for what nobody can count: threads that
wake up, and what a walk through the heap leaves cold in the processor's caches.
"""

from .._heapyc import _hide_type
from .Native import native

__all__ = ["SHARE", "Budget"]

SHARE = 0.03


@_hide_type
class Budget:
    """Keeps the time that samples take, of all monitors together, below SHARE."""

    __slots__ = ("until",)

    def __init__(self):
        self.until = 0.0  # by monotonic(): when the next sample may be made

    def wait(self, is_closed):
        """Wait until a sample may be made; False when is_closed() before."""
        while True:
            left = self.until - native.monotonic()
            if left <= 0:
                return not is_closed()
            if is_closed():
                return False
            native.sleep(min(left, 0.25))

    def note(self, seconds):
        """A sample took so long; returns how long the next has to wait."""
        pause = seconds * (1 / SHARE - 1)
        self.until = max(self.until, native.monotonic()) + pause
        return pause

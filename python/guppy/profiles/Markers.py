"""The two markers of a profile: samples A and B that are compared (W-24, W-25, W-36)."""

from .._heapyc import _hide_type

__all__ = ["Marker"]


@_hide_type
class Marker:
    """A sample's number, kept within the samples there are.

    number    the sample; None when there is none
    is_tracking  it stays on the last sample as samples arrive; moving it by hand ends that
    """

    def __init__(self, is_tracking):
        self.number = None
        self.is_tracking = is_tracking
        self.count = 0

    def follow(self, count):
        """There are so many samples now.  True if the marker is elsewhere than before."""
        before = self.number
        self.count = count
        if not count:
            self.number = None
        elif self.is_tracking:
            self.number = count - 1
        else:
            self.number = min(self.number or 0, count - 1)
        return self.number != before

    def move_to(self, number):
        """Put it on a sample, or as near as there are samples.  True if that is another one."""
        if self.number is None:
            return False
        before = self.number
        self.number = max(0, min(number, self.count - 1))
        if self.number != before:
            self.is_tracking = False
        return self.number != before

    def track(self, is_tracking):
        """Begin or end staying on the last sample."""
        self.is_tracking = is_tracking
        return self.follow(self.count)

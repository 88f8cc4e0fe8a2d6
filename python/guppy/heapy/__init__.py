"""Find and show what is in the heap."""


class EndOfDump(StopIteration):
    """There is no further stat in the input of load()."""

    __module__ = "guppy.heapy"

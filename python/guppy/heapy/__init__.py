"""Find and show what is in the heap."""


class EndOfDump(StopIteration):
    """There is no further stat in the input of load()."""

    __module__ = "guppy.heapy"


def dump_on_signal(signum, directory, *, keep=5, **options):
    """Write a snapshot of the heap into a directory whenever this process gets a signal.

    It is written by a copy of the process, also while the main thread sits in a C call that let go of the GIL.  A handler
    that the program had is called as well.  Processes that are forked later do the same.  A dump that fails costs one
    line on standard error.

    The files are called heap-PROCESS-TIME-NUMBER.heapy; of those of a process the newest `keep` stay.

    options: those of hp.snapshot(path).

    Gives an object whose cancel() ends it.  Raises ValueError when the signal writes snapshots already, OSError where
    the system does not let it be handled.
    """
    from .SignalDump import arm

    return arm(signum, directory, keep=keep, **options)

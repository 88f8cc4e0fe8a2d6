"""Find and show what is in the heap."""

TYPE_CHECKING = False  # what checkers take for the name of typing's, which takes long to import
if TYPE_CHECKING:
    import os
    from typing import Union

    from .._heapyc import Session


class EndOfDump(StopIteration):
    """There is no further stat in the input of load()."""

    __module__ = "guppy.heapy"


class BadSnapshot(ValueError):
    """A file is no snapshot, is cut or damaged, or made by a later version: the message names it and the place."""

    __module__ = "guppy.heapy"


def open_snapshot(path: "Union[str, bytes, os.PathLike[str]]") -> "Session":
    """A session of the heap in a file that hp.snapshot(path) or s.save(path) wrote, here or elsewhere.

    It answers what hp.snapshot() answers, but for what needs the objects themselves: these are not in this process, and
    asking for them is ValueError.  What a question needs of the file is read and checked when it is first asked.

    Raises BadSnapshot, OSError.  Close it with close() or `with`.
    """
    from .._heapyc import _open_snapshot

    return _open_snapshot(path)


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

"""The standard streams of one thread: what a console statement prints goes to its connection, and nothing else does.

While a statement runs, sys.stdin, stdout and stderr are ThreadStreams: to the statement's thread they are the streams of
its console, to all others what was there before.  Afterwards the streams are what they were, or what the program has put
there meanwhile (M-82).

A ThreadStream is never freed: print() and input() of other threads do not hold the stream that they take from `sys`
(CPython before 3.13.3), and may be in the midst of using it when the statement ends.  It is used again.
"""

import io
import sys

from .._heapyc import _hide_type
from .Native import native

__all__ = ["OwnInput", "OwnOutput", "install", "reset_after_fork", "uninstall"]

NAMES = ("stdin", "stdout", "stderr")

# The program's streams that are covered up, so that they stay part of its heap.
covered = [None, None, None]


@_hide_type
class Shared:
    """What the threads share: the streams of those that run a statement, by thread and name; ThreadStreams, by name."""

    __slots__ = ("lock", "streams", "made")

    def __init__(self):
        self.lock = native.allocate_lock()
        self.streams = {}
        self.made = {name: [] for name in NAMES}


shared = Shared()
UNCOVERED = object()  # in place of a stream


def forward(name):
    def method(self, *arguments):
        return getattr(self._current, name)(*arguments)

    method.__name__ = name
    return method


@_hide_type
class ThreadStream:
    """A standard stream that is another in the threads of consoles.

    After the statement it is what it covered to a program that has kept it, and else what `sys` has.
    """

    __slots__ = ("_name", "_covered", "__weakref__")

    def __init__(self, name):
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_covered", UNCOVERED)

    @property
    def _current(self):
        current = shared.streams.get((native.get_ident(), self._name), self._covered)
        return getattr(sys, self._name, None) if current is UNCOVERED else current

    @property
    def __class__(self):
        return type(self._current)

    def __getattr__(self, name):
        return getattr(self._current, name)

    def __setattr__(self, name, value):
        setattr(self._current, name, value)

    def __delattr__(self, name):
        delattr(self._current, name)

    def write(self, text):
        current = self._current
        return len(text) if current is None else current.write(text)  # as print() does where there is no stream

    def flush(self):
        current = self._current
        if current is not None:
            current.flush()

    __iter__, __next__ = forward("__iter__"), forward("__next__")
    __enter__, __exit__ = forward("__enter__"), forward("__exit__")
    __repr__, __dir__ = forward("__repr__"), forward("__dir__")


def references(stream):
    return sys.getrefcount(stream)


def references_of_unkept():
    for stream in [ThreadStream("stdout")]:
        return references(stream)


UNKEPT = references_of_unkept()


def thread_stream(name, current):
    """A ThreadStream that covers a stream: one that only `made` holds, so far as the interpreter counts, or a new one."""
    for stream in shared.made[name]:
        if references(stream) <= UNKEPT:
            break
    else:
        stream = ThreadStream(name)
        shared.made[name].append(stream)
    object.__setattr__(stream, "_covered", current)
    return stream


def install(stdin, stdout, stderr):
    """Give the calling thread streams of its own."""
    with shared.lock:
        thread = native.get_ident()
        for i, (name, stream) in enumerate(zip(NAMES, (stdin, stdout, stderr))):
            shared.streams[thread, name] = stream
            current = getattr(sys, name, None)
            if type(current) is not ThreadStream:
                covered[i] = current
                setattr(sys, name, thread_stream(name, current))


def uninstall():
    """The calling thread has the program's streams again, and so has `sys` if no other thread needs ours."""
    with shared.lock:
        thread = native.get_ident()
        for name in NAMES:
            shared.streams.pop((thread, name), None)
        if not shared.streams:
            restore()


def restore():
    for i, name in enumerate(NAMES):
        current = getattr(sys, name, None)
        if type(current) is ThreadStream:
            setattr(sys, name, object.__getattribute__(current, "_covered"))
        covered[i] = None
        for stream in shared.made[name]:
            if references(stream) <= UNKEPT:  # what it covered is the program's, to keep or not
                object.__setattr__(stream, "_covered", UNCOVERED)


def reset_after_fork():
    """In a forked child no console runs; a lock may have been held by a thread that is no more."""
    shared.lock = native.allocate_lock()
    shared.streams.clear()
    restore()


@_hide_type
class OwnOutput(io.TextIOBase):
    """A text stream that hands what is written to a function, a line or LONGEST characters at a time."""

    LONGEST = 8192

    def __init__(self, send, name):
        self._send = send
        self._parts = []
        self._length = 0
        self.name = name
        self.muted = False  # what is written is thrown away

    encoding, errors = "utf-8", "backslashreplace"

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        if self.muted:
            return len(text)
        self._parts.append(text)
        self._length += len(text)
        if "\n" in text or self._length >= self.LONGEST:
            self.flush()
        return len(text)

    def flush(self):
        text = "".join(self._parts)
        self._parts.clear()
        self._length = 0
        if text:
            self._send(text)

    @property
    def buffer(self):
        return BytesOutput(self)

    def close(self):
        """A console's stream stays open: exit() closes sys.stdin."""


@_hide_type
class BytesOutput(io.RawIOBase):
    """The same for bytes."""

    def __init__(self, output):
        self._output = output

    def writable(self):
        return True

    def write(self, data):
        data = bytes(data)
        self._output.write(data.decode("utf-8", "backslashreplace"))
        return len(data)

    def close(self):
        """As of the text stream."""


@_hide_type
class OwnInput(io.TextIOBase):
    """A text stream that asks a function for each line; None is the end."""

    encoding, errors, name = "utf-8", "strict", "<monitor>"

    def __init__(self, ask):
        self._ask = ask

    def readable(self):
        return True

    def readline(self, size=-1):
        line = self._ask()
        return "" if line is None else line + "\n"

    def read(self, size=-1):
        lines = []
        while size is None or size < 0 or sum(map(len, lines)) < size:
            line = self.readline()
            if not line:
                break
            lines.append(line)
        return "".join(lines)

    def close(self):
        """As of the outputs."""

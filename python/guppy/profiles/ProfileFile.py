"""Profile files as they grow: which samples there are, and what of the file is new (W-50 to W-53, F-7).

The numbers stand in columns in C (ProfileStore); a Sample is a look at one of them.  Reading goes piece by piece from
where the last whole stat ended, so a growing file costs what is new.
"""

import hashlib
import os
import stat
from collections import namedtuple

from .._heapyc import ProfileStore, _hide_type

__all__ = ["Profile", "Row", "Sample"]

Row = namedtuple("Row", "count size name")
Row.__doc__ = """A row of a sample: how many objects, their bytes, and the kind's name."""

PIECE = 1 << 20  # bytes; twice as many, and so on, when a stat is longer
LONGEST_LINE = 1 << 20


@_hide_type
class Sample:
    """One stat of a profile.

    number      its place in the file, from 0
    time        when it was made, in seconds since 1970
    count, size its totals
    format      'SetFormat', 'IdFormat' or 'DiffFormat'

    `by` is 'size' or 'count' everywhere.
    """

    __slots__ = ("_store", "number", "time", "count", "size", "row_count", "format")

    def __init__(self, store, number):
        self._store = store
        self.number = number
        self.time, self.count, self.size, self.row_count, self.format = store.header(number)

    @property
    def rows(self):
        """The rows in the order of the file, each with count, size and name."""
        name = self._store.kind_name
        return [Row(count, size, name(kind)) for kind, count, size in self._store.rows(self.number)]

    @property
    def kind_count(self):
        """How many kinds it has: as many as rows, but for rows of equal names."""
        return self._store.sample_kind_count(self.number)

    def total(self, by):
        """Its size or count."""
        return self.count if by == "count" else self.size

    def value(self, kind, by):
        """The size or count of the kind of this name, 0 if it has none."""
        number = self._store.find_kind(kind)
        return 0 if number is None else self._store.values(self.number, by == "count", (number,))[0]

    def largest(self, by, count):
        """[(name, value)] of the largest kinds, largest first."""
        name = self._store.kind_name
        return [(name(kind), value) for kind, value in self._store.largest(self.number, by == "count", count)]


@_hide_type
class Profile:
    """The samples of a file of stats: len(p), p[i], p[-1], and refresh() for what was written since.

    Raises OSError when the file cannot be read and ValueError, naming sample and line, when it is no profile.  A
    stat at its end that is not whole yet is waited for.
    """

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self._content = Content(self.path)

    def __len__(self):
        return len(self._content.store)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        count = len(self)
        if not -count <= index < count:
            raise IndexError("sample %d of a profile with %d samples" % (index, count))
        return Sample(self._content.store, index % count)

    @property
    def store(self):
        """The numbers: what views ask in bulk."""
        return self._content.store

    def refresh(self):
        """Look at the file again: 'same', 'grown' when samples were appended, 'rewritten' when the old ones changed.

        Raises what Profile() does, and keeps what it had.
        """
        before = len(self)
        answer = self._content.read_on()
        if answer == "rewritten":
            self._content = Content(self.path)
            return answer
        return "grown" if len(self) > before else "same"


@_hide_type
class Content:
    """What was read of a file as it was at one time."""

    def __init__(self, path):
        self.path = path
        self.store = ProfileStore()
        self.status = None  # of the file, when it was last looked at
        self.end = 0  # of the last whole stat
        self.first = self.last = None  # (begin, end, digest) of these stats
        with open_regular(path) as file:
            self.read_from(file)

    def read_on(self):
        """Read what was appended; 'rewritten' when what was read before is not there any more."""
        with open_regular(self.path) as file:
            status = essence(os.fstat(file.fileno()))
            if status == self.status:
                return "same"
            if not self.is_still_in(file):
                return "rewritten"
            self.read_from(file)
        return "same"

    def is_still_in(self, file):
        """Whether the file is the same one, has not shrunk and begins and ends, as far as read, as it did."""
        status = os.fstat(file.fileno())
        if self.status and (status.st_dev, status.st_ino) != self.status[:2]:
            return False
        if status.st_size < self.end:
            return False
        for package in (self.first, self.last):
            if package:
                begin, end, digest = package
                if digest_of(file, begin, end) != digest:
                    return False
        return True

    def read_from(self, file):
        """Read the whole stats from where the last one ended."""
        status = essence(os.fstat(file.fileno()))
        data, piece = b"", PIECE
        file.seek(self.end)
        while True:
            new = file.read(piece)
            if not new:
                break
            data += new
            used = self.read_piece(data)
            data = data[used:]
            piece = PIECE if used else 2 * piece
            refuse_long_line(self.path, data)
        self.status = status

    def read_piece(self, data):
        """Read the whole stats of `data`, which begins at self.end; the bytes of them."""
        before = len(self.store)
        used = self.store.read(shown(self.path), data)
        if len(self.store) > before:
            whole = data[:used]
            if self.first is None:
                end = whole.find(END_LINE)
                end = used if end < 0 else end + len(END_LINE)
                self.first = (self.end, self.end + end, digest(whole[:end]))
            begin = max(0, whole.rfind(b"\n" + FIRST_LINE))
            self.last = (self.end + begin, self.end + used, digest(whole[begin:]))
        self.end += used
        return used


FIRST_LINE = b".loader: _load_stat"
END_LINE = b"\n.end: .loader: _load_stat\n"


def digest(data):
    return hashlib.blake2b(data, digest_size=16).digest()


def digest_of(file, begin, end):
    """The digest of a part of a file."""
    file.seek(begin)
    hasher = hashlib.blake2b(digest_size=16)
    while begin < end:
        data = file.read(min(PIECE, end - begin))
        if not data:
            break
        hasher.update(data)
        begin += len(data)
    return hasher.digest()


def essence(status):
    """What tells one state of a file from another."""
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def open_regular(path):
    """Open a file to read; not one whose opening or reading would wait for somebody (a FIFO, a terminal)."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(21, "Is a directory", path)
        if not stat.S_ISREG(mode):
            raise ValueError("%s is no file but a %s: a profile is read again and again" % (shown(path), kind_of(mode)))
        return open(descriptor, "rb", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise


def kind_of(mode):
    return {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}.get(stat.S_IFMT(mode), "device")


def shown(path):
    """A path in a message: what is no text is escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace("\n", "\\n").replace("\0", "\\0")


def refuse_long_line(path, data):
    """ValueError when the last line, which goes on, is longer than any of a profile."""
    if len(data) - data.rfind(b"\n") > LONGEST_LINE:
        raise ValueError("%s: a line of more than %d bytes is in no profile" % (shown(path), LONGEST_LINE))

"""Snapshots into files: who takes one and how it was taken, and a name that appears when the file is whole."""

import errno
import itertools
import json
import os
import posix
import stat
import time
from _collections_abc import Mapping

from .ProcessFacts import facts

CONTENTS = {"none": 0, "names": 1, "values": 2}
COMPRESS = {"zstd": True, None: False}
LABELS = "HEAPY_LABELS"

call_numbers = itertools.count(1)


def take(session, path, *, fork=True, contents="names", compress="zstd", labels=None, timeout=600):
    """Session.snapshot() with a path, of the live heap."""
    options = Options(contents, compress, labels)
    seconds = checked_timeout(timeout)
    if not fork:
        return write_moment(session.snapshot(), path, options, "in place")
    info = options.info(time.time(), "forked")
    del info["notes"]
    with Target(path) as target:
        notes = session._write_forked(
            target.descriptor, *target.names(), bytes_of(info)[:-1], options.contents_number, options.is_packed,
            options.withheld(session), seconds,
        )  # fmt: skip
        target.temporary = None  # it has its name
    info["notes"] = json.loads(notes)
    return info


def take_kept(session, path, *, fork=True, timeout=600, **options):
    """The same of a session that keeps its heap, which needs no copy of the process."""
    checked_timeout(timeout)
    return save(session, path, **options)


def save(session, path, *, contents="names", compress="zstd", labels=None):
    """Session.save()."""
    return write_moment(session, path, Options(contents, compress, labels), "from memory")


def write_moment(session, path, options, taken):
    """Write what a session keeps."""
    moment = session.moment
    with Target(path) as target:
        info = options.info(moment.time, taken)
        moment.write(
            target.descriptor, bytes_of(info), options.contents_number, options.is_packed, session._before(),
            options.withheld(session),
        )  # fmt: skip
        target.complete()
    return info


def bytes_of(info):
    return json.dumps(info, separators=(",", ":")).encode("ascii")


# ---- what the caller says ----


def one_of(name, value, allowed):
    """What stands for a value in a table of all that there are."""
    try:
        return allowed[value]
    except (KeyError, TypeError):
        raise ValueError("%s must be %s, not %r" % (name, " or ".join(map(repr, allowed)), value)) from None


def labels_of_environment():
    """HEAPY_LABELS=service=shop,release=41 as a dict."""
    labels = {}
    for part in filter(None, os.environ.get(LABELS, "").split(",")):
        name, equals, value = part.partition("=")
        if not equals or not name:
            raise ValueError("%s: %r is not of the form name=value" % (LABELS, part))
        labels[name] = value
    return labels


def checked_labels(labels):
    if labels is None:
        return labels_of_environment()
    if not isinstance(labels, Mapping):
        raise TypeError("labels must be a dict of names and values, not %r" % (labels,))
    labels = dict(labels)
    for item in labels.items():
        for word in item:
            if not isinstance(word, str):
                raise TypeError("labels: names and values are str, not %r" % (word,))
    return labels


def checked_timeout(timeout):
    if not isinstance(timeout, (int, float)) or not 0 < timeout < 1e9:
        raise ValueError("timeout must be a number of seconds above 0, not %r" % (timeout,))
    return float(timeout)


class Options:
    """What of a file is the caller's choice."""

    def __init__(self, contents, compress, labels):
        self.contents, self.labels = contents, checked_labels(labels)
        self.contents_number = one_of("contents", contents, CONTENTS)
        self.is_packed = one_of("compress", compress, COMPRESS)

    def withheld(self, session):
        """The environment, as a set of the objects that have it: it is never written.

        But texts of at most one character: all of the process shares these objects.
        """
        if self.contents != "values":
            return None
        environments = [getattr(os.environ, "_data", {}), getattr(posix, "environ", {})]
        texts = [text for each in environments for item in each.items() for text in item if len(text) > 1]
        return session.idset(texts) or None

    def info(self, moment, taken):
        """The facts that docs/format.md lists; moment: seconds since 1970."""
        info = facts(moment, self.contents != "none")
        info.update(labels=self.labels, contents=self.contents, taken=taken, notes=[])
        return info


# ---- where it goes ----


class Target:
    """A file under a temporary name beside the one it gets by complete(), or a descriptor of the caller's.

    The name is unique for each process and call.  What is not complete when the block is left is removed.
    """

    def __init__(self, path):
        self.temporary = self.folder = None
        if isinstance(path, int) and not isinstance(path, bool):
            self.path, self.descriptor = None, path
            self.name = "descriptor %d" % path
            try:
                os.fstat(path)
            except (OSError, OverflowError):
                raise OSError(errno.EBADF, "is no open descriptor: open a file for writing", self.name) from None
            return
        # A link stays one; what it leads to is replaced.
        self.path = self.name = os.path.realpath(os.fsdecode(path))
        self.refuse_what_is_no_file(path)
        self.folder = os.path.dirname(self.path)
        name = ".heapy-%d-%d-%s.tmp" % (os.getpid(), next(call_numbers), os.urandom(4).hex())
        temporary = os.path.join(self.folder, name)
        # What a heap holds is its owner's.
        try:
            self.descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise type(error)(error.errno, error.strerror, path) from None
        self.temporary = temporary

    def refuse_what_is_no_file(self, path):
        try:
            mode = os.stat(self.path).st_mode
        except FileNotFoundError:
            return
        if stat.S_ISDIR(mode):
            raise IsADirectoryError("%r is a directory: name a file in it" % (path,))
        if not stat.S_ISREG(mode):
            raise ValueError("%r is no regular file: open it and give its descriptor" % (path,))

    def names(self):
        """The temporary name, the one it gets and their folder, as bytes; None for a descriptor."""
        return [name if name is None else os.fsencode(name) for name in (self.temporary, self.path, self.folder)]

    def __enter__(self):
        return self

    def complete(self):
        """The bytes are on disk, and the file has its name."""
        if self.temporary is None:
            return
        os.fsync(self.descriptor)
        os.replace(self.temporary, self.path)
        self.temporary = None
        sync_folder(self.folder)

    def __exit__(self, kind, error, traceback):
        if self.path is not None:
            os.close(self.descriptor)
        if self.temporary is not None:
            try:
                os.unlink(self.temporary)
            except FileNotFoundError:
                pass  # whoever wrote it has done that
        if isinstance(error, OSError) and error.errno and error.filename is None:
            error.filename = self.name


def sync_folder(folder):
    """Also that it has its name is to outlast a power cut; some file systems cannot promise that."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)

"""Where targets listen: sockets in a directory that only their user can enter.

The directory is $HEAPY_MONITOR_DIR, else $XDG_RUNTIME_DIR/heapy, else /tmp/heapy-UID.  A socket is called PID-RANDOM,
since containers may share the directory but not their process numbers.  It appears under that name when it listens, so
that one which refuses a connection belongs to a dead process and is removed by whoever finds it.

Everything goes through a descriptor of the directory, which was checked, and sockets are addressed as
/proc/self/fd/N/NAME: so the checked directory is the one that is used, and its path may be longer than the 108 bytes of
an address.
"""

import _socket
import errno
import os
import re
import stat
import struct

__all__ = ["Endpoint", "accept", "connect", "default_path", "names", "open_directory", "peer_of", "places_of", "remove_dead"]

NAME = re.compile(r"(\d+)-[0-9a-f]{16}")
CREDENTIALS = struct.Struct("3i")  # struct ucred
LONGEST_ADDRESS = 107  # of bytes in sockaddr_un.sun_path, and a zero


def default_path(environ=os.environ, uid=None):
    """The directory for a user: this process's, or another with its environment.

    OSError when it is relative to a current directory that is no more.
    """
    if environ.get("HEAPY_MONITOR_DIR"):
        return absolute(environ["HEAPY_MONITOR_DIR"])
    if environ.get("XDG_RUNTIME_DIR"):
        return os.path.join(absolute(environ["XDG_RUNTIME_DIR"]), "heapy")
    return "/tmp/heapy-%d" % (os.geteuid() if uid is None else uid)


def absolute(path):
    try:
        return os.path.abspath(path)
    except FileNotFoundError as e:
        raise error(e.errno, "relative to a current directory that is no more", path) from None


def places_of(pid):
    """Directories in which a process may listen, as seen from here: in its environment and its mount namespace."""
    try:
        uid = os.stat("/proc/%d" % pid).st_uid
        with open("/proc/%d/environ" % pid, "rb") as file:
            pairs = [entry.partition(b"=") for entry in file.read().split(b"\0")]
    except OSError:
        return []
    environ = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
    root = "/proc/%d/root" % pid
    places = [default_path({}, uid)]
    try:
        places.insert(0, default_path(environ, uid))
    except OSError:
        pass  # relative, and neither it nor this process has that directory any more
    try:
        here = os.path.samefile(root, "/") and os.readlink("/proc/%d/ns/mnt" % pid) == os.readlink("/proc/self/ns/mnt")
        if not here:
            found = [name for name in os.listdir(root + "/tmp") if name.startswith("heapy-")]
            places = [root + place for place in places] + [os.path.join(root, "tmp", name) for name in found]
    except OSError:
        pass
    return list(dict.fromkeys(places))


def error(number, what, path):
    return OSError(number, "%s: no place for the monitor's sockets (HEAPY_MONITOR_DIR can name another)" % what, path)


def open_directory(path, makes=False, of_any_user=False):
    """A descriptor of the directory, which the caller closes.

    makes: make it if it is not there.  of_any_user: it may belong to somebody else.
    OSError when it cannot be used: a link, no directory, somebody else's, or open to others.
    """
    if makes:
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            pass
        except OSError as e:
            raise error(e.errno, "cannot be made (%s)" % e.strerror, path) from None
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as e:
        is_link = e.errno in (errno.ELOOP, errno.ENOTDIR) and os.path.islink(path)
        raise error(e.errno, "is a link" if is_link else "cannot be opened (%s)" % e.strerror, path) from None
    try:
        status = os.fstat(fd)
        if status.st_uid != os.geteuid() and not of_any_user:
            raise error(errno.EPERM, "belongs to user %d" % status.st_uid, path)
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise error(errno.EPERM, "lets others in (mode %o)" % stat.S_IMODE(status.st_mode), path)
    except OSError:
        os.close(fd)
        raise
    return fd


def address(fd, name):
    return "/proc/self/fd/%d/%s" % (fd, name)


def with_address(call, fd, name, path):
    """call(address) with the socket's address by way of the descriptor, else by its path."""
    try:
        return call(address(fd, name))
    except FileNotFoundError:
        if os.path.exists("/proc/self/fd"):
            raise
    direct = os.path.join(path, name)
    if len(os.fsencode(direct)) > LONGEST_ADDRESS:
        raise error(errno.ENAMETOOLONG, "without /proc a path of %d bytes is too long" % len(os.fsencode(direct)), path)
    return call(direct)


class Endpoint:
    """A socket that listens in the directory from open() until close()."""

    __slots__ = ("path", "name", "socket")

    def __init__(self, path):
        self.path = path
        self.name = self.socket = None

    def renew(self):
        """Be another one, that is not open.  In a forked child: what is the parent's is left alone, and what goes on with
        it in the midst of open() fails."""
        inherited, self.socket = self.socket, None
        if inherited is not None:
            inherited.close()
        self.name = "%d-%s" % (os.getpid(), os.urandom(8).hex())
        self.socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)

    def open(self):
        """Begin to listen.  OSError when the directory cannot be used; close() is due in any case."""
        process = os.getpid()
        self.renew()
        if process != os.getpid():  # a signal's handler has forked in the midst of that
            self.renew()
        fd = open_directory(self.path, makes=True)
        try:
            with_address(self.socket.bind, fd, "." + self.name, self.path)
            os.chmod("." + self.name, 0o600, dir_fd=fd)
            self.socket.listen(128)
            self.socket.setblocking(False)
            os.rename("." + self.name, self.name, src_dir_fd=fd, dst_dir_fd=fd)
        except OSError as e:
            raise error(e.errno or errno.EIO, "cannot be used (%s)" % (e.strerror or e), self.path) from None
        finally:
            os.close(fd)

    def close(self, is_ours=True):
        """Stop listening and remove the socket.  is_ours: False in a forked child, which leaves the parent's alone."""
        if self.socket is None:
            return  # it was never open
        try:
            self.socket.close()
        except OSError:
            pass  # the program has closed it already
        if not is_ours:
            return
        try:
            fd = open_directory(self.path)
        except OSError:
            return  # somebody has taken the directory away
        try:
            for name in (self.name, "." + self.name):
                try:
                    os.unlink(name, dir_fd=fd)
                except OSError:
                    pass
        finally:
            os.close(fd)


def names(fd):
    """The names of sockets in a directory."""
    return sorted(name for name in os.listdir(fd) if NAME.fullmatch(name))


def connect(fd, name, path):
    """A non-blocking socket that is connected; ConnectionRefusedError when its process is dead, other OSErrors."""
    made = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        made.setblocking(False)
        with_address(made.connect, fd, name, path)
    except OSError:
        made.close()
        raise
    return made


def accept(listening):
    """The next connection of a socket that listens, as a socket that waits."""
    fd, _ = listening._accept()  # accept() is a method of the class above _socket.socket, which programs replace
    return _socket.socket(fileno=fd)


def remove_dead(fd, name):
    """Remove the socket of a dead process."""
    try:
        if stat.S_ISSOCK(os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=fd)
    except OSError:
        pass


def sweep(path):
    """Remove the sockets of all dead processes: children that end with os._exit() leave theirs behind."""
    try:
        fd = open_directory(path)
    except OSError:
        return
    try:
        for name in names(fd):
            try:
                connect(fd, name, path).close()
            except ConnectionRefusedError:
                remove_dead(fd, name)
            except OSError:
                pass
    finally:
        os.close(fd)


def peer_of(connected):
    """Process, user and group at the other end of a connected socket."""
    return CREDENTIALS.unpack(connected.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, CREDENTIALS.size))

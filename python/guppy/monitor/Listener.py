"""The target's side: a thread that listens, and the connections it serves.

The thread waits without waking up until a monitor comes, and reads what monitors send.  It runs nothing itself: each
connection that asks for something has a Worker.  Everything here is hidden from every session, the threads with their
frames by the extension, the objects by their types.
"""

import _signal
import _socket
import errno
import os
import select
import sys

from .._heapyc import _hide_type, _join_thread, _start_thread
from ..heapy.Target import Target
from . import Directory, Overview, Wire, Worker
from .Annex import Annex
from .Budget import Budget
from .Native import native

__all__ = ["Listener"]

PATIENCE = 5.0  # seconds that a peer has for its greeting
MOST_SILENT = 64  # connections that have not greeted; beyond, the oldest goes
MOST_GREETED = 128  # connections; beyond, the one that has been idle for the longest time goes
MOST_BYTES = 4 << 20  # that all connections together keep of frames that are not whole
MOST_WAITING = 64  # lines and requests of a connection that are not done
QUIETLY = _socket.MSG_NOSIGNAL
AT_ONCE = _socket.MSG_NOSIGNAL | _socket.MSG_DONTWAIT
NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


@_hide_type
class Connection:
    """A monitor that is connected."""

    __slots__ = ("socket", "reader", "since", "worker")

    def __init__(self, connected):
        self.socket = connected
        self.reader = Wire.FrameReader(Wire.LONGEST_FROM_MONITOR)
        self.since = native.monotonic()
        self.worker = None

    @property
    def has_greeted(self):
        return self.reader.has_greeted

    def send(self, data):
        """Send a whole frame, however long the peer takes; what a peer that is gone does not get is lost."""
        try:
            self.socket.sendall(data, QUIETLY)
        except OSError:
            self.shut()  # the listener then reads its end, and drops it

    def shut(self):
        """End the connection; a worker that is sending then goes on."""
        try:
            self.socket.shutdown(_socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass  # the program has closed it already


@_hide_type
class Listener:
    """What a process has that enabled monitoring."""

    __slots__ = (
        "target", "endpoint", "poll", "wake", "thread", "connections", "ending", "budget", "is_stopping", "deaf_until", "process",
        "disable", "path", "mask",
    )  # fmt: skip

    def __init__(self, path, disable):
        """path: of the directory for the socket.  disable: what the command `close` calls."""
        self.target = Target()
        self.disable = disable
        self.path = path
        self.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, ())  # of signals, in the program's threads
        self.endpoint = Directory.Endpoint(path)
        self.process = os.getpid()
        self.connections = {}  # by descriptor
        self.ending = []  # workers whose connection is gone
        self.budget = Budget()
        self.is_stopping = False
        self.deaf_until = 0.0
        self.thread = None
        self.poll = native.poll()
        self.wake = -1

    def open(self):
        """Begin to listen.  OSError when that is impossible; while this runs nobody may fork.  close() is due in any case."""
        self.wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self.endpoint.open()
        self.poll.register(self.wake, select.POLLIN)
        self.poll.register(self.endpoint.socket, select.POLLIN)
        if self.process != os.getpid():
            raise InterruptedError("a signal's handler has forked meanwhile")
        self.start()

    def start(self):
        """Begin the thread.  OSError or MemoryError when there can be none; while this runs nobody may fork."""
        self.is_stopping = False
        self.thread = _start_thread(self._run)

    def _close_wake(self):
        wake, self.wake = self.wake, -1
        try:
            os.close(wake)
        except OSError:
            pass  # it is closed already, by us or by the program

    def stop(self):
        """End the thread that listens, and workers that have nothing to do."""
        self.is_stopping = True
        try:
            os.eventfd_write(self.wake, 1)  # even if start() was interrupted before it knew the thread
        except (OSError, ValueError):
            return  # it is closed, by us or by the program: no thread can be told
        if self.thread is not None:
            if not _join_thread(self.thread, 5.0):
                return
            self.thread = None
        for connection in self.connections.values():
            if connection.worker is not None:
                connection.worker.pause()

    def start_again(self):
        """After stop(); which may have given up a thread that ends only now."""
        if self.thread is not None and self.is_stopping:
            self.stop()
        if self.thread is None:
            self.start()

    # ---- the thread ----

    def _run(self):
        while not self.is_stopping:
            try:
                for fd, events in self.poll.poll(self._timeout()):
                    self._serve(fd, events)
                self._drop_late()
            except Exception:  # no memory, say: there may be some soon
                native.sleep(0.1)

    def _serve(self, fd, events):
        """Do what an event of a descriptor asks for; whatever goes wrong with a peer ends that peer alone."""
        connection = self.connections.get(fd)
        if connection is not None:
            try:
                self._read(connection)
            except BaseException:
                self._drop(connection)
        elif events & select.POLLNVAL:
            self.is_stopping = True  # the program has closed all its descriptors, and may have others by these numbers
        elif fd == self.wake:
            os.eventfd_read(self.wake)
        elif fd == self.endpoint.socket.fileno():
            self._accept()

    def _timeout(self):
        """Milliseconds until something is due; None when nothing is."""
        due = [c.since + PATIENCE for c in self.connections.values() if not c.has_greeted]
        if self.deaf_until:
            due.append(self.deaf_until)
        if not due:
            return None
        return max(0, int((min(due) - native.monotonic()) * 1000) + 1)

    def _drop_late(self):
        now = native.monotonic()
        for connection in list(self.connections.values()):
            if not connection.has_greeted and now > connection.since + PATIENCE:
                self._drop(connection)
        if self.deaf_until and now > self.deaf_until:
            self.deaf_until = 0.0
            self.poll.register(self.endpoint.socket, select.POLLIN)

    def _accept(self):
        try:
            connected = Directory.accept(self.endpoint.socket)
        except OSError as e:
            if e.errno in NO_ROOM and not self._drop_oldest(False):
                self.poll.unregister(self.endpoint.socket)
                self.deaf_until = native.monotonic() + 0.5
            return
        try:
            _, user, _ = Directory.peer_of(connected)
            connected.setblocking(True)
        except OSError:
            user = -1
        if user not in (os.geteuid(), 0):
            connected.close()
            return
        if sum(not c.has_greeted for c in self.connections.values()) >= MOST_SILENT:
            self._drop_oldest(False)
        connection = Connection(connected)
        self.connections[connected.fileno()] = connection
        try:
            self._greet(connection)
        except BaseException:
            self._drop(connection)

    def _greet(self, connection):
        self.poll.register(connection.socket, select.POLLIN)
        self._send_short(connection, Wire.GREETING + Wire.json_frame(Wire.HELLO, Overview.overview(self.target.wd)))

    def _drop_oldest(self, has_greeted):
        """Drop the oldest connection of its sort that has nothing to do; False when there is none."""
        for connection in self.connections.values():
            if connection.has_greeted == has_greeted and (connection.worker is None or connection.worker.is_idle):
                self._drop(connection)
                return True
        return False

    def _send_short(self, connection, data):
        """Send what fits into the buffer of a connection that has sent nothing much; this thread never waits."""
        try:
            sent = connection.socket.send(data, AT_ONCE)
        except OSError:
            sent = 0
        if sent < len(data):
            self._drop(connection)

    def _read(self, connection):
        try:
            data = connection.socket.recv(1 << 16, AT_ONCE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._drop(connection)
            return
        had_greeted = connection.has_greeted
        try:
            frames = connection.reader.feed(data)
            if connection.has_greeted and not had_greeted:
                self._welcome(connection)
            for kind, payload in frames:
                if connection.worker is None:
                    return  # it was dropped, for it did not take what it was sent
                self._take(connection, kind, payload)
        except (Wire.WireError, OSError, RuntimeError, MemoryError):
            self._drop(connection)
            return
        if len(connection.reader.data) > 1 << 16:
            kept = sum(len(c.reader.data) for c in self.connections.values())
            if kept > MOST_BYTES:
                self._drop(connection)

    def _welcome(self, connection):
        if sum(c.has_greeted for c in self.connections.values()) > MOST_GREETED:
            self._drop_oldest(True)
        worker = Worker.Worker(connection.send, connection.close, self.budget)
        worker.annex = Annex(worker.send_text, worker.ask, self.target, self.disable, lambda: self.machinery(connection))
        connection.worker = worker
        text, kind = worker.annex.prompt
        self._send_short(connection, Wire.json_frame(Wire.PROMPT, {"text": text, "kind": kind, "failed": False}))

    def _take(self, connection, kind, payload):
        worker = connection.worker
        # The one that has been idle for the longest time is the first of the dict.
        self.connections[connection.socket.fileno()] = self.connections.pop(connection.socket.fileno())
        if kind == Wire.INTERRUPT:
            worker.interrupt()
        elif worker.given - worker.done >= MOST_WAITING:
            raise Wire.WireError("does not wait for answers")
        elif kind == Wire.LINE:
            worker.give(kind, Wire.text_of(payload))
        else:
            worker.give(kind, Wire.json_of(payload))

    def _drop(self, connection):
        """Close a connection.  A statement that it runs is interrupted, since nobody can do that any more."""
        fd = connection.socket.fileno()
        if self.connections.pop(fd, None) is None:
            return
        try:
            self.poll.unregister(fd)
        except KeyError:
            pass  # it was not registered yet
        self._end(connection)

    def _end(self, connection):
        connection.shut()
        worker, connection.worker = connection.worker, None
        if worker is None:
            connection.close()
        else:
            worker.close()  # closes the socket when it no longer sends
            self.ending.append(worker)
        self.ending = [w for w in self.ending if not w.join(0.0)]

    # ---- any thread ----

    def machinery(self, connection):
        """The objects that must not show (`isolatest`)."""
        worker = connection.worker
        console = worker.annex.console
        return {
            "the listener": self,
            "its socket": self.endpoint.socket,
            "its connections": self.connections,
            "the connection": connection,
            "the socket of the connection": connection.socket,
            "what was read of it": connection.reader.data,
            "the worker": worker,
            "what it has to do": worker.items,
            "the Annex": worker.annex,
            "the console": console,
            "its output": console.output,
            "a frame of the console's thread": sys._getframe(),
        }

    def worker_of(self, thread):
        """The worker that runs in a thread, or None."""
        for connection in self.connections.values():
            if connection.worker is not None and connection.worker.runs_in(thread):
                return connection.worker
        return None

    def close(self, seconds):
        """End everything; statements that run have so many seconds to end."""
        until = native.monotonic() + seconds
        self.stop()
        self.endpoint.close()
        for connection in list(self.connections.values()):
            self._end(connection)
        self.connections.clear()
        mine = native.get_ident()
        others = [worker for worker in self.ending if not worker.runs_in(mine)]
        while others and native.monotonic() < until:
            others[0].join(min(0.3, until - native.monotonic()))
            others = [worker for worker in others if not worker.join(0.0)]
            for worker in others:
                worker.interrupt()  # again: the statement may have caught one
        self._close_wake()

    def abandon(self):
        """In a forked child: close the parent's descriptors, and leave its sockets and its threads alone.  A statement that
        has forked goes on with the signals of the program's threads."""
        self.thread = None
        self.endpoint.close(is_ours=False)
        for connection in self.connections.values():
            connection.close()
            if connection.worker is not None and connection.worker.runs_in(native.get_ident()):
                connection.worker.is_forked = True
                _signal.pthread_sigmask(_signal.SIG_SETMASK, self.mask)
        self.connections.clear()
        self._close_wake()

"""The monitor's side of connections: finding targets, speaking with them, keeping what they send.

A Hub looks into directories of sockets and connects to each, and step() does what is due.  It has no thread: whoever waits
for a person or for an answer calls step().  Nothing that a target sends or fails to send stops another.

    with Hub() as hub:
        peer = hub.find(pid, seconds=3)
        answer = hub.ask(peer, "stat", by="Clodo", seconds=30)
"""

import errno
import os
import resource
import select
import socket
import time

from . import Directory, Wire
from .Peer import Peer
from .Texts import visible_line

__all__ = ["Hub", "NoAnswer", "NoTarget", "Peer", "Silent"]

LOOK = 0.25  # seconds between looks into the directories
AGAIN = 2.0  # seconds until a socket that closed on us is tried again
NEVER = float("inf")
MOST_UNSENT = 1 << 22  # bytes for a target that does not read
MOST_PEERS = 512
SPARE = 4  # descriptors for what is done beside: looking, reading modules, writing files
NO_DESCRIPTORS = "some processes are left out: there are too many open files for more connections (ulimit -n)"
NO_HEAPY = "it is no heapy, and is left alone; remove its socket, or give HEAPY_MONITOR_DIR another directory"


class NoTarget(Exception):
    """There is no such target; the text says which."""


class NoAnswer(Exception):
    """A target did not answer, or that it cannot; the text says why."""


class Silent(NoAnswer):
    """No answer came at all: none in time, or the connection was closed."""


class Hub:
    """All connections of a monitor.

    places: directories to look into, the user's own if not given.  `peers` are those that have greeted, in the order in
    which they did; `events` are pairs ("opened", peer), ("closed", peer) and ("notice", text) for the caller to take.
    """

    def __init__(self, places=None):
        self.places = list(places or ())
        self.poll = select.poll()
        self.by_fd = {}
        self.known = {}  # (place, name): a Peer, or the time from which to try again
        self.refused = {}  # (place, name): of a socket that cannot be spoken with, its process and a text that says why
        self.peers = []
        self.events = []
        self.troubles = set()  # texts of places that cannot be used, each said once
        self.next_look = 0.0
        if places is None:
            try:
                self.places.append(Directory.default_path())
            except OSError as e:
                self._note_trouble(str(e))

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()

    def close(self):
        for peer in list(self.by_fd.values()):
            self._forget(peer)
        self.peers.clear()

    # ---- finding ----

    def look(self):
        """Connect to sockets that are new."""
        self.next_look = time.monotonic() + LOOK
        for place in self.places:
            try:
                fd = Directory.open_directory(place, of_any_user=os.geteuid() == 0)
                try:
                    self._look_into(place, fd)
                finally:
                    os.close(fd)
            except FileNotFoundError:
                continue  # nobody has listened yet
            except OSError as e:
                self._note_trouble(NO_DESCRIPTORS if e.errno in (errno.EMFILE, errno.ENFILE) else str(e))

    def _note_trouble(self, text):
        if text not in self.troubles:
            self.troubles.add(text)
            self.events.append(("notice", text))

    def _look_into(self, place, fd):
        names = Directory.names(fd)
        gone = [key for key in self.known if key[0] == place and not isinstance(self.known[key], Peer) and key[1] not in names]
        for key in gone:
            del self.known[key]
            self.refused.pop(key, None)
        for name in names:
            key = (place, name)
            known = self.known.get(key, 0.0)
            if isinstance(known, Peer) or known > time.monotonic() or len(self.by_fd) >= MOST_PEERS:
                continue
            try:
                connected = Directory.connect(fd, name, place)
            except ConnectionRefusedError:
                Directory.remove_dead(fd, name)
                continue
            except OSError as e:
                if e.errno in (errno.EMFILE, errno.ENFILE):
                    raise
                self.known[key] = time.monotonic() + AGAIN  # its backlog is full, or it is none of ours
                continue
            if connected.fileno() >= resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE:
                connected.close()
                self._note_trouble(NO_DESCRIPTORS)
                return
            self._add(key, connected)

    def _add(self, key, connected):
        peer = Peer(*key, connected)
        self.known[key] = peer
        if os.geteuid() not in (0, peer.uid):
            self._reject(peer, "belongs to user %d: it is left alone" % peer.uid)
            connected.close()
            return
        self.by_fd[connected.fileno()] = peer
        self.poll.register(connected, select.POLLIN | select.POLLOUT)

    def _reject(self, peer, why):
        self.known[peer.place, peer.name] = NEVER
        peer.is_closed = True
        self._note_refusal(peer, why)
        self.events.append(("notice", self.refused[peer.place, peer.name][1]))

    def _note_refusal(self, peer, why):
        path = os.path.join(peer.place, peer.name)
        who = "process %d (%s)" % (peer.pid, path) if peer.pid else path
        self.refused[peer.place, peer.name] = (peer.pid, "%s %s" % (who, why))

    def find(self, pid, seconds):
        """The peer that is a process; NoTarget when it does not come within so many seconds."""
        until = time.monotonic() + seconds
        self.places += [place for place in Directory.places_of(pid) if place not in self.places]
        self.step(0.0)  # those that are gone are no peers
        while True:
            for peer in self.peers:
                if peer.pid == pid:
                    return peer
            for peer in self.peers:
                if peer.hello["pid"] == pid and peer.pid not in (pid, peer.hello["pid"]):
                    return peer  # known by the number it has in its own namespace
            left = until - time.monotonic()
            if left <= 0:
                raise NoTarget(self._why_not(pid))
            self.step(left)

    def _why_not(self, pid):
        reasons = self.reasons(pid)
        if reasons:
            return "; ".join(reasons)
        if not os.path.exists("/proc/%d" % pid):
            return "there is no process %d" % pid
        troubles = "".join("; %s" % text for text in sorted(self.troubles))
        return "process %d has not enabled monitoring (import guppy.heapy.RM), or in a directory that is not looked into: %s%s" % (
            pid, ", ".join(self.places), troubles,
        )  # fmt: skip

    def why_none(self):
        """Why there is no peer at all, in a line."""
        text = "; ".join(self.reasons()) or "no process has enabled monitoring (import guppy.heapy.RM)"
        return text + "".join("; %s" % trouble for trouble in sorted(self.troubles))

    def reasons(self, pid=None):
        """Of every socket that is there and no peer, or of those of a process, why it is none."""
        refused = [text for owner, text in self.refused.values() if pid in (None, owner)]
        return sorted(refused) + self.silent(pid)

    def unsaid(self):
        """The reasons of which there is no notice: the sockets are tried again."""
        refused = [text for key, (_, text) in self.refused.items() if self.known.get(key) != NEVER]
        return sorted(refused) + self.silent()

    def silent(self, pid=None):
        """A text for each process that has been connected to and does not say what it is."""
        found = [
            peer.pid
            for peer in self.by_fd.values()
            if peer.hello is None and pid in (None, peer.pid) and (peer.place, peer.name) not in self.refused
        ]
        text = "process %d does not answer: it is stopped, or runs C code that does not let others run"
        return [text % number for number in sorted(found)]

    # ---- speaking ----

    def step(self, seconds, watch=()):
        """Wait until something comes, at most so many seconds, and do what is due.

        Returns those of the descriptors `watch` that can be read.
        """
        before = len(self.events)
        if time.monotonic() >= self.next_look:
            self.look()
        for fd, peer in list(self.by_fd.items()):
            self._send(peer)
        if len(self.events) > before:  # not for those that nobody takes
            seconds = 0.0
        for fd in watch:
            self.poll.register(fd, select.POLLIN)
        try:
            until_look = max(0.0, self.next_look - time.monotonic())
            ready = self.poll.poll(int(1000 * max(0.0, min(seconds, until_look))) + 1)
        finally:
            for fd in watch:
                self.poll.unregister(fd)
        found = []
        for fd, events in ready:
            if fd in watch:
                found.append(fd)
                continue
            peer = self.by_fd.get(fd)
            if peer is not None and events & ~select.POLLOUT:
                self._receive(peer)
        return found

    def _send(self, peer):
        if peer.unsent:
            try:
                sent = peer.socket.send(peer.unsent, socket.MSG_NOSIGNAL)
                del peer.unsent[:sent]
            except BlockingIOError:
                pass
            except OSError:
                pass  # receiving tells
            if len(peer.unsent) > MOST_UNSENT:
                self._lose(peer)
                return
        self.poll.modify(peer.socket, select.POLLIN | (select.POLLOUT if peer.unsent else 0))

    def _receive(self, peer):
        try:
            data = peer.socket.recv(1 << 18)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._lose(peer)
            return
        try:
            for kind, payload in peer.reader.feed(data):
                is_new = peer.hello is None
                peer.take(kind, payload)
                if is_new:
                    self.refused.pop((peer.place, peer.name), None)
                    self.peers.append(peer)
                    self.events.append(("opened", peer))
        except Wire.VersionError as e:
            self._lose(peer)
            self._reject(peer, "%s: the same heapy must be installed there and here" % e)
        except Wire.WireError as e:
            self._lose(peer)
            self._reject(peer, "%s: %s" % (e, NO_HEAPY))

    def _lose(self, peer):
        self.known[peer.place, peer.name] = time.monotonic() + AGAIN
        if peer.hello is None:
            self._note_refusal(peer, "closes the connection before it says what it is: %s" % NO_HEAPY)
        self._forget(peer)
        if peer in self.peers:
            self.peers.remove(peer)
            self.events.append(("closed", peer))

    def _forget(self, peer):
        peer.is_closed = True
        if self.by_fd.pop(peer.socket.fileno(), None) is not None:
            self.poll.unregister(peer.socket)
        peer.socket.close()

    def flush(self):
        """Send what can be sent now."""
        for peer in list(self.by_fd.values()):
            self._send(peer)

    @staticmethod
    def deadline(seconds):
        """A function that tells how many seconds are left of so many; None is no limit."""
        until = time.monotonic() + (3600.0 * 24 * 365 if seconds is None else seconds)
        return lambda: until - time.monotonic()

    def settle(self, seconds):
        """Wait until every socket that is there has greeted, at most so many seconds."""
        until = time.monotonic() + seconds
        self.look()
        while any(peer.hello is None for peer in self.by_fd.values()) and time.monotonic() < until:
            self.step(until - time.monotonic())
        order = {id(p): (p.hello["started"], p.pid) for p in self.peers}
        self.peers.sort(key=lambda p: order[id(p)])
        self.events.sort(key=lambda e: order.get(id(e[1]), (0.0, 0)))

    def ask(self, peer, do, seconds, meanwhile=lambda: None, **arguments):
        """The answer to a request, a dict; NoAnswer when it is an error or none comes within so many seconds.

        meanwhile: called several times a second; what it raises ends the waiting.
        """
        number = peer.send_request(do, **arguments)
        until = time.monotonic() + seconds
        try:
            while peer.answers[number] is None:
                left = until - time.monotonic()
                if peer.is_closed:
                    raise Silent("process %d has closed the connection" % peer.pid)
                if left <= 0:
                    raise Silent("process %d does not answer within %g seconds" % (peer.pid, seconds))
                self.step(min(left, LOOK))
                meanwhile()
        finally:
            answer = peer.take_answer(number)
        if "error" in answer:
            raise NoAnswer("process %d: %s" % (peer.pid, visible_line(str(answer["error"]))))
        return answer

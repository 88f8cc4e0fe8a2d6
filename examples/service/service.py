"""A service that is looked at while it works: notes that are read and written over HTTP.

    python service.py [--notes N] [--watched FOLDER]

Prints its port on the first line.  GET /notes/7 answers with the note as JSON, PUT /notes/7 writes its text.  With --watched
a thread asks for the heap each second and for a snapshot by a forked copy of the process each ten, which it keeps in FOLDER,
and monitors may connect.  SIGTERM ends the service; it then says what was looked at.
"""

import argparse
import asyncio
import json
import os
import signal
import threading
import time

from guppy import hpy

HEAP_EVERY = 1.0  # seconds
SNAPSHOT_EVERY = 10.0


class Note:
    """A text, and how often it was read."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text
        self.reads = 0
        self.history: list[str] = []

    def read(self) -> bytes:
        self.reads += 1
        return json.dumps({"number": self.number, "text": self.text, "reads": self.reads}).encode()

    def write(self, text: str) -> None:
        self.history = [*self.history[-3:], self.text]
        self.text = text


class Notes:
    """The notes, and the connections that ask for them."""

    def __init__(self, count: int) -> None:
        self.notes = {number: Note(number, "note %d" % number) for number in range(count)}

    def answer(self, method: str, path: str, body: bytes) -> tuple[str, bytes]:
        name = path.removeprefix("/notes/")
        note = self.notes.get(int(name)) if name != path and name.isdecimal() else None
        if note is None:
            return "404 Not Found", b""
        if method == "GET":
            return "200 OK", note.read()
        if method == "PUT":
            note.write(body.decode())
            return "204 No Content", b""
        return "405 Method Not Allowed", b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                method, path, _ = head[0].split(" ")
                fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                status, content = self.answer(method, path, body)
                writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(content), content))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # it was the last request
        finally:
            writer.close()


class Looking:
    """A thread that looks at the heap until it is told to stop."""

    def __init__(self, folder: str) -> None:
        import guppy.heapy.RM  # monitors may connect from here on

        self.folder = folder
        self.heaps = self.snapshots = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        hp = hpy()
        began = time.monotonic()
        while not self.is_over.wait(max(0.0, began + self.heaps * HEAP_EVERY - time.monotonic())):
            str(hp.heap())
            self.heaps += 1
            if self.heaps * HEAP_EVERY >= (self.snapshots + 1) * SNAPSHOT_EVERY:
                hp.snapshot(os.path.join(self.folder, "%d.heapy" % self.snapshots))
                self.snapshots += 1

    def stop(self) -> None:
        self.is_over.set()
        self.thread.join()
        print("looked at: %d heaps, %d snapshots" % (self.heaps, self.snapshots), flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser(description="A service of notes that is looked at while it works.")
    parser.add_argument("--notes", type=int, default=20000)
    parser.add_argument("--watched", metavar="FOLDER")
    options = parser.parse_args()
    server = await asyncio.start_server(Notes(options.notes).serve, "127.0.0.1", 0)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    looking = Looking(options.watched) if options.watched else None
    print(server.sockets[0].getsockname()[1], flush=True)
    await ended.wait()
    server.close()
    if looking is not None:
        looking.stop()


if __name__ == "__main__":
    asyncio.run(main())

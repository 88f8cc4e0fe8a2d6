"""Load for service.py: does looking at it make a request fail, and what does it do to the latency?

    python load.py [--seconds S] [--rate R] [--rounds N]

Starts the service in turns as it is, and watched: it asks for its heap each second and for a forked snapshot each ten, and
`python -m guppy record` samples it once a second from outside.  Each turn takes S seconds, in which R requests a second are
due at even times, whether the ones before were answered or not; latency is counted from when a request was due.  Fails when
a request got no answer, or a wrong one, or when the service did not end with status 0.
"""

import argparse
import asyncio
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

HERE = os.path.dirname(os.path.abspath(__file__))
CONNECTIONS = 32
NOTES = 20000
PATIENCE = 30.0  # seconds until a request that is not answered has failed


class Turn:
    """What came of the requests of a turn."""

    def __init__(self, is_watched: bool) -> None:
        self.is_watched = is_watched
        self.latencies: list[float] = []
        self.failures: list[str] = []

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


async def request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> str:
    """Read or, each fourth time, write a note; what is wrong with the answer, or ""."""
    note = number * 7919 % NOTES
    if number % 4:
        writer.write(b"GET /notes/%d HTTP/1.1\r\n\r\n" % note)
    else:
        text = b"text %d" % number
        writer.write(b"PUT /notes/%d HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (note, len(text), text))
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    body = await reader.readexactly(int(head.partition("Content-Length: ")[2].partition("\r\n")[0]))
    if number % 4 == 0:
        return "" if head.startswith("HTTP/1.1 204 ") else head
    is_right = head.startswith("HTTP/1.1 200 ") and json.loads(body)["number"] == note
    return "" if is_right else head + body.decode()


async def ask(port: int, due: Iterator[tuple[int, float]], turn: Turn) -> None:
    """One connection: the next request that nobody else makes, and so on."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, moment in due:
            await asyncio.sleep(max(0.0, moment - time.monotonic()))
            wrong = await asyncio.wait_for(request(reader, writer, number), PATIENCE)
            turn.latencies.append(time.monotonic() - moment)
            if wrong:
                turn.failures.append(wrong)
        writer.close()
    except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
        turn.failures.append(repr(error))


async def load(port: int, rate: int, seconds: float, turn: Turn) -> None:
    began = time.monotonic() + 0.1
    due = ((number, began + number / rate) for number in itertools.count(1))
    some = itertools.takewhile(lambda item: item[1] < began + seconds, due)
    await asyncio.gather(*(ask(port, some, turn) for _ in range(CONNECTIONS)))


def run_turn(is_watched: bool, rate: int, seconds: float) -> Turn:
    turn = Turn(is_watched)
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, HEAPY_MONITOR_DIR=os.path.join(folder, "monitor"))
        command = [sys.executable, os.path.join(HERE, "service.py"), "--notes", str(NOTES)]
        service = subprocess.Popen(
            command + ["--watched", folder] * is_watched, stdout=subprocess.PIPE, text=True, env=environment
        )
        monitor = None
        try:
            assert service.stdout is not None
            port = int(service.stdout.readline())
            if is_watched:
                arguments = ["-m", "guppy", "record", "--every", "1s", "-o", os.path.join(folder, "profile")]
                monitor = subprocess.Popen([sys.executable, *arguments, "--pid", str(service.pid)], env=environment)
            asyncio.run(load(port, rate, seconds, turn))
            service.send_signal(signal.SIGTERM)
            said, _ = service.communicate(timeout=60)
            if monitor is not None:
                monitor.wait(timeout=60)
                with open(os.path.join(folder, "profile")) as profile:
                    samples = profile.read().count("\n.end: .loader: ")
                print("  %s, and by the monitor %d times" % (said.strip(), samples))
            if service.returncode:
                turn.failures.append("the service ended with status %d" % service.returncode)
        finally:
            for process in (service, monitor):
                if process is not None and process.poll() is None:
                    process.kill()
                    process.wait()
    return turn


def main() -> int:
    parser = argparse.ArgumentParser(description="Requests for service.py, as it is and watched in turns.")
    parser.add_argument("--seconds", type=float, default=60.0, help="of a turn")
    parser.add_argument("--rate", type=int, default=1000, help="requests a second")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each sort")
    options = parser.parse_args()
    turns = []
    for _ in range(options.rounds):
        for is_watched in (False, True):
            turn = run_turn(is_watched, options.rate, options.seconds)
            turns.append(turn)
            if not turn.latencies:
                print("no request was answered:", turn.failures[:3])
                return 1
            name, of = "watched" if is_watched else "as it is", turn.percentile
            print("%s: %d requests, %d failed;" % (name, len(turn.latencies), len(turn.failures)), end=" ")
            figures = (1000 * of(50), 1000 * of(99), 1000 * of(99.9), 1000 * of(100))
            print("milliseconds: median %.2f, p99 %.1f, p99.9 %.1f, longest %.1f" % figures, flush=True)
            for failure in turn.failures[:5]:
                print("  failed:", failure)
    return 1 if any(turn.failures for turn in turns) else 0


if __name__ == "__main__":
    sys.exit(main())

"""What goes over a connection between a monitor and a target.

Both sides begin with the line GREETING, which names the version.  Then come frames:

    kind    1 byte
    length  4 bytes, most significant first: of the payload
    payload UTF-8; JSON where it is more than a text

    target -> monitor                                    monitor -> target
    HELLO    JSON: pid, argv, executable ...             LINE       a line as typed, without its end
    OUTPUT   text to be shown                            INTERRUPT  nothing: raise KeyboardInterrupt
    PROMPT   JSON: text, kind, failed                    REQUEST    JSON: id, do, arguments by name
    ANSWER   JSON: id, and what was asked for or error

The target sends HELLO first.  A PROMPT says that it waits for a LINE; `kind` is "annex", "console", "more" (of a
statement) or "input" (the program asks), and `failed` whether the line before had an error.

Nothing of a peer is believed: a reader keeps no more than the longest frame that its side expects, and whatever is no
frame is a WireError, after which the connection is closed.
"""

import json
import math

VERSION = 1
GREETING = b"heapy-monitor %d\n" % VERSION

HELLO, OUTPUT, PROMPT, ANSWER, LINE, INTERRUPT, REQUEST = b"HOPALIR"
NAMES = "HOPALIR"

SHORT, LONG = 1 << 18, 1 << 23
LONGEST_FROM_TARGET = {HELLO: SHORT, OUTPUT: SHORT, PROMPT: SHORT, ANSWER: LONG}
LONGEST_FROM_MONITOR = {LINE: SHORT, INTERRUPT: 0, REQUEST: SHORT}
LONGEST_OUTPUT = 1 << 16


class WireError(Exception):
    """The peer does not speak this protocol; the text says how one knows."""


class VersionError(WireError):
    """The peer speaks another version of it."""


def frame(kind, payload=b""):
    """The bytes of a frame."""
    return b"%c" % kind + len(payload).to_bytes(4, "big") + payload


def text_frame(kind, text):
    return frame(kind, text.encode("utf-8", "backslashreplace"))


def json_frame(kind, value):
    return frame(kind, json.dumps(value).encode())


def text_of(payload):
    return payload.decode("utf-8", "replace")


def finite(text):
    """The number that a text is: JSON has no others, but Python would read and write them."""
    number = float(text)
    if not -math.inf < number < math.inf:
        raise ValueError("no number of JSON: %.20s" % text)
    return number


# One for good: each that is made changes how much room the program's own have, until CPython is sure of their attributes.
DECODER = json.JSONDecoder(parse_constant=finite, parse_float=finite)


def json_of(payload):
    """The dict in a payload."""
    try:
        value = DECODER.decode(payload.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as e:
        raise WireError("sends no JSON (%s)" % type(e).__name__) from None
    if not isinstance(value, dict):
        raise WireError("sends JSON that is no object")
    return value


class FrameReader:
    """Takes frames out of bytes as they come."""

    __slots__ = ("longest", "has_greeted", "data", "start")

    def __init__(self, longest):
        self.longest = longest  # of a payload, by kind
        self.has_greeted = False
        self.data = bytearray()
        self.start = 0

    def feed(self, data):
        """The frames that are whole now, as pairs (kind, payload).  WireError when they are none."""
        self.data += data
        frames = []
        if not self.has_greeted and not self._take_greeting():
            return frames
        data, at = self.data, 0
        while len(data) - at >= 5:
            kind, length = data[at], int.from_bytes(data[at + 1 : at + 5], "big")
            if kind not in self.longest:
                raise WireError("sends what is no frame")
            if length > self.longest[kind]:
                raise WireError("sends a frame of %d bytes" % length)
            if len(data) - at < 5 + length:
                break
            frames.append((kind, bytes(data[at + 5 : at + 5 + length])))
            at += 5 + length
        del data[:at]
        return frames

    def _take_greeting(self):
        data = bytes(self.data[: len(GREETING) + 20])
        if data.startswith(GREETING):
            del self.data[: len(GREETING)]
            self.has_greeted = True
            return True
        common = GREETING.partition(b" ")[0] + b" "
        if not common.startswith(data[: len(common)]):
            raise WireError("does not speak heapy's protocol")
        version, end, _ = data[len(common) :].partition(b"\n")
        if end or len(version) > 19 or (version and not version.isdigit()):
            if end and version.isdigit():
                raise VersionError("speaks version %s of heapy's protocol, not %d" % (version.decode(), VERSION))
            raise WireError("does not speak heapy's protocol")
        return False

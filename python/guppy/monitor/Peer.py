"""One connection of a monitor to a target, and what is kept of what it sends."""

from . import Directory, Wire

__all__ = ["Peer"]

MOST_KEPT = 1 << 20  # characters of output that nobody has looked at


class Kept:
    """Text of which the beginning and the end are kept, up to MOST_KEPT characters."""

    def __init__(self):
        self._head, self._tail = [], []
        self._head_length = self._tail_length = self._left_out = 0

    def add(self, text):
        if not self._tail and self._head_length + len(text) <= MOST_KEPT // 2:
            self._head.append(text)
            self._head_length += len(text)
            return
        self._tail.append(text)
        self._tail_length += len(text)
        while self._tail_length > MOST_KEPT // 2:
            over = self._tail_length - MOST_KEPT // 2
            first = self._tail.pop(0)
            if len(first) > over:
                self._tail.insert(0, first[over:])
            cut = min(over, len(first))
            self._left_out += cut
            self._tail_length -= cut

    def take(self):
        """The text, which is then forgotten."""
        middle = "\n[... %d characters left out ...]\n" % self._left_out if self._left_out else ""
        text = "".join(self._head) + middle + "".join(self._tail)
        self.__init__()
        return text

    def __bool__(self):
        return bool(self._head or self._tail)


class Peer:
    """A connection to a target.

    hello: what it says of itself, None until it does.  pid, uid: of the process, as this side knows it.  prompt: the
    dict of the last PROMPT that has not been answered, or None.  output: what it has sent to be shown.
    """

    def __init__(self, place, name, connected):
        self.place, self.name = place, name
        self.socket = connected
        self.pid, self.uid, _ = Directory.peer_of(connected)
        self.reader = Wire.FrameReader(Wire.LONGEST_FROM_TARGET)
        self.unsent = bytearray(Wire.GREETING)
        self.hello = None
        self.prompt = None
        self.output = Kept()
        self.answers = {}  # by id; None where one is expected
        self.unwanted = set()  # ids of what nobody waits for any more
        self.next_id = 1
        self.is_closed = False

    @property
    def argv(self):
        return self.hello["argv"]

    def send(self, kind, payload=b""):
        self.unsent += Wire.frame(kind, payload)

    def send_line(self, line):
        self.prompt = None
        self.send(Wire.LINE, line.encode("utf-8", "surrogateescape"))

    def send_interrupt(self):
        self.send(Wire.INTERRUPT)

    def send_request(self, do, **arguments):
        """Ask for something; returns the key of `answers` where the answer will be."""
        number = self.next_id
        self.next_id += 1
        self.answers[number] = None
        self.unsent += Wire.json_frame(Wire.REQUEST, {"id": number, "do": do, **arguments})
        return number

    def take_answer(self, number):
        """The answer to a request; None when there is none yet, and then it is not kept when it comes."""
        answer = self.answers.pop(number)
        if answer is None:
            self.unwanted.add(number)
        return answer

    def take(self, kind, payload):
        if kind == Wire.HELLO:
            self.hello = checked_hello(Wire.json_of(payload))
            if not self.pid:  # of another namespace
                self.pid = self.hello["pid"]
        elif self.hello is None:
            raise Wire.WireError("does not say what it is")
        elif kind == Wire.OUTPUT:
            self.output.add(Wire.text_of(payload))
        elif kind == Wire.PROMPT:
            prompt = Wire.json_of(payload)
            if not isinstance(prompt.get("text"), str) or not isinstance(prompt.get("kind"), str):
                raise Wire.WireError("sends a prompt without a text")
            self.prompt = prompt
        else:
            answer = Wire.json_of(payload)
            number = answer.get("id")
            if isinstance(number, int) and number in self.unwanted:
                self.unwanted.discard(number)
                return
            if not isinstance(number, int) or self.answers.get(number, answer) is not None:
                raise Wire.WireError("answers what was not asked")
            self.answers[number] = answer


def checked_hello(hello):
    """The overview, if it is one."""
    kinds = {"pid": int, "argv": list, "executable": str, "version": str, "uid": int, "started": (int, float), "wd": str}
    for name, kind in kinds.items():
        if name == "executable" and hello.get(name) is None:
            hello[name] = ""
        if not isinstance(hello.get(name), kind):
            raise Wire.WireError("does not say its %s" % name)
    hello["argv"] = [str(a) for a in hello["argv"]]
    return hello

"""The thread that does what one connection asks for: its Annex, its console, samples of the heap.

It begins with the first thing to do and waits for more.  What it keeps is in the Annex and not on its stack, so between
two of them it can be ended before a fork and begun anew after it.
"""

import os
from _queue import SimpleQueue

from .._heapyc import _hide_type, _interrupt_thread, _join_thread, _start_thread, _thread_identity
from . import Fetching, Sampling, Wire
from .Native import native
from .RemoteConsole import idle

__all__ = ["Worker"]

STOP, INTERRUPT = "stop", "interrupt"
ANSWERING = 0.2  # seconds that an answer has to be sent, before a fork goes on without its thread's end


@_hide_type
class Running:
    """The identities of the threads of workers."""

    __slots__ = ("threads",)

    def __init__(self):
        self.threads = set()


running = Running()


@_hide_type
class Worker:
    """Does things one after the other.

    send: sends a frame.  end: called when nothing will be sent any more.  annex: what takes lines.  budget: what samples may cost.
    """

    __slots__ = (
        "send", "end", "annex", "budget", "items", "given", "done", "thread", "is_asking", "is_answering", "is_closed",
        "is_forked", "waiting", "fetched",
    )  # fmt: skip

    def __init__(self, send, end, budget):
        self.send = send
        self.end = end
        self.annex = None
        self.budget = budget
        self.items = SimpleQueue()
        self.given = self.done = 0  # things to do
        self.thread = None
        self.is_asking = False  # the program waits for a line of input
        self.is_answering = False  # all is done but that the monitor is told
        self.is_closed = False
        self.is_forked = False  # this is a child, which a statement has forked
        self.fetched = None  # the descriptor of a snapshot that the monitor fetches
        self.waiting = []  # what came while the program was waiting for a line

    # ---- called by the listener ----

    def give(self, kind, value):
        """Something to do: Wire.LINE with a text, Wire.REQUEST with a dict."""
        self.given += 1
        self.items.put((kind, value))
        if self.thread is None:
            self.thread = _start_thread(self._run)

    @property
    def is_idle(self):
        return self.given == self.done

    def interrupt(self):
        """Raise KeyboardInterrupt in a statement that runs."""
        if self.thread is None:
            return
        if not self.is_asking:
            _interrupt_thread(self.thread)
        if self.is_asking:  # perhaps only since then
            self.items.put((INTERRUPT, None))

    def pause(self):
        """End the thread if it has nothing to do; it begins anew with the next thing to do."""
        until = native.monotonic() + ANSWERING
        while self.is_answering and native.monotonic() < until:
            native.sleep(0.0005)  # who has seen the answer may fork before the thread has seen that it was sent
        if self.thread is not None and self.is_idle:
            self.items.put((STOP, None))
            if _join_thread(self.thread, 5.0):
                self.thread = None

    def close(self):
        """No more is to be done.  What runs is interrupted; join() waits for its end."""
        self.is_closed = True
        if self.thread is None:
            self._finish()
            return
        self.items.put((STOP, None))
        self.interrupt()

    def join(self, seconds):
        """Wait for the end of the thread; True: it has ended."""
        return self.thread is None or _join_thread(self.thread, max(seconds, 0.0))

    def runs_in(self, thread):
        """Is `thread`, an identity, this worker's?"""
        return self.thread is not None and _thread_identity(self.thread) == thread

    # ---- the thread ----

    def _run(self):
        running.threads.add(native.get_ident())
        try:
            self._work()
        finally:
            running.threads.discard(native.get_ident())
            if self.is_closed:
                self._finish()

    def _finish(self):
        """Let go of everything; what refers to each other would wait for the collector."""
        self.end()
        Fetching.forget(self)
        if self.annex is not None:
            self.annex.forget()
        self.annex = self.end = self.send = None

    def _work(self):
        while True:
            kind, value = self.waiting.pop(0) if self.waiting else self.items.get()
            if kind == STOP:
                break
            if kind == INTERRUPT:
                continue  # of a statement that has ended
            try:
                self._do(kind, value)
            finally:
                self.done += 1
                self.is_answering = False
            if self.is_forked:
                os._exit(0)  # nobody is left that could give it anything to do
            if self.is_closed:
                break

    def _do(self, kind, value):
        if kind == Wire.REQUEST:
            answer = Wire.json_frame(Wire.ANSWER, Sampling.answer(value, self))
            self.is_answering = True
            self.send(answer)
            return
        try:
            failed = self.annex.take(value)
        except Exception as e:  # of a command: no memory, say
            self.send_text("*** %s: %s\n" % (type(e).__name__, e))
            failed = True
        if not self.is_closed:
            self.is_answering = True
            self.send_prompt(failed)

    def send_prompt(self, failed=False):
        text, kind = self.annex.prompt
        self.send(Wire.json_frame(Wire.PROMPT, {"text": text, "kind": kind, "failed": failed}))

    def send_text(self, text):
        for start in range(0, len(text), Wire.LONGEST_OUTPUT // 4):
            self.send(Wire.text_frame(Wire.OUTPUT, text[start : start + Wire.LONGEST_OUTPUT // 4]))

    def ask(self):
        """A line from the operator, for a program that reads from sys.stdin; None when there will be none."""
        console = self.annex.console
        console.output.flush()
        self.send(Wire.json_frame(Wire.PROMPT, {"text": "", "kind": "input", "failed": False}))
        self.is_asking = True
        try:
            idle()  # one that came before is_asking was set
            while True:
                kind, value = self.items.get()
                if kind == Wire.LINE:
                    self.done += 1
                    return value
                if kind == STOP:
                    self.items.put((STOP, None))
                    raise KeyboardInterrupt
                if kind == INTERRUPT:
                    idle()
                    raise KeyboardInterrupt
                self.waiting.append((kind, value))
        finally:
            self.is_asking = False

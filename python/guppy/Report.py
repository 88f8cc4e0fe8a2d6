"""What `python -m guppy` reports of a program: when it ends, and at signals.

Nothing that goes wrong here may change what the program does.
"""

import atexit
import os
import signal
import sys
import time

from . import hpy
from ._heapyc import _hide_type

__all__ = ["Reporter"]

HINT = ". Type e.g. '_.more' to view.>"  # at a prompt there would be one


def is_default(number):
    return signal.getsignal(number) is signal.SIG_DFL


@_hide_type
class Reporter:
    """Prints what the options ask for, when begin() has been called."""

    def __init__(self, options):
        self.options = options
        self.session = hpy()
        if options.top:
            self.session._set_setting("max_more_lines", options.top)
        self.process = os.getpid()
        self.output = options.output
        self.before = None
        if options.output:
            open(options.output, "w").close()

    def begin(self):
        """Called just before the program's first line."""
        if self.options.diff:
            self.before = self.heap()

    def watch(self):
        """Report when the program ends, and at signals that it does not handle itself."""
        # Registered before the program runs, so called after whatever it registers itself.
        atexit.register(self.report)
        if hasattr(signal, "SIGUSR1"):
            signal.signal(signal.SIGUSR1, self.on_signal)
        if is_default(signal.SIGTERM):
            signal.signal(signal.SIGTERM, self.on_termination)
        if self.options.workers:
            os.register_at_fork(after_in_child=self.begin_in_worker)

    # ---- what is reported ----

    def heap(self):
        """The rows.  Nothing is held, so that a forked worker shares with its parent what it shared."""
        return self.session.stat(self.options.by.capitalize())

    def text(self, reason):
        table = self.heap()
        if self.before is not None:
            table = table - self.before
        now = time.time()
        if self.options.json:
            return self.as_json(table, now, reason)
        date = time.strftime("%Y-%m-%d %H:%M:%S%z", time.localtime(now))
        lines = str(table)
        if lines.endswith(HINT):
            lines = lines[: -len(HINT)] + "; --top N shows N.>"
        return "%s process %d, %s\n%s" % (date, self.process, reason, lines)

    def as_json(self, table, now, reason):
        text = table.as_json(self.options.by, self.options.top or 0)
        return '{"time": %.3f, "pid": %d, "reason": "%s", %s' % (now, self.process, reason, text[1:])

    def write(self, text):
        if self.output:
            with open(self.output, "a", encoding="utf-8", errors="backslashreplace") as file:
                print(text, file=file)
        else:
            print(text, file=sys.stderr, flush=True)

    # ---- when ----

    def report(self, reason="end"):
        if os.getpid() != self.process:
            return  # a forked child is not the program that was asked about
        if not self.output and (sys.stderr is None or getattr(sys.stderr, "closed", False)):
            return
        try:
            self.write(self.text(reason))
        except Exception as error:
            try:
                os.write(2, ("guppy: no heap table: %s\n" % error).encode())
            except OSError:
                pass

    def on_signal(self, number, frame):
        self.report("signal " + signal.Signals(number).name)

    def on_termination(self, number, frame):
        """Report, and then end as if nobody had looked."""
        self.on_signal(number, frame)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    # ---- forked children that report too ----

    def begin_in_worker(self):
        self.process = os.getpid()
        self.output = "%s.%d" % (self.options.output, self.process)
        # Children of multiprocessing end without atexit, after what is registered with it once they run.
        util = sys.modules.get("multiprocessing.util")
        if util is not None:
            util.register_after_fork(self, Reporter.end_as_multiprocessing)

    def end_as_multiprocessing(self):
        sys.modules["multiprocessing.util"].Finalize(None, self.report, exitpriority=-1000)

"""Interactive Python in the target process, for one connection.

The console is ours to run, not the process's: leaving it never ends the process, its statements print to the connection
alone, and nothing of it stays in the process but what a statement put there.
"""

import sys

from .. import hpy
from .._heapyc import _hide_type, _run_interruptibly
from . import Streams
from .Statements import Statements, caches, forget_since

__all__ = ["RemoteConsole", "new_namespace"]

BANNER = "Remote interactive console. To return to Annex, type '-'.\n"
FAREWELL = "\nnow exiting Console...\n"


def new_namespace(target):
    """The names that a console begins with (M-58); target: the Target."""
    session = hpy()
    session.reprefix = "hp."
    namespace = {"hp": session, "h": session, "hpy": hpy, "target": target}
    exec("", namespace)  # puts __builtins__ there
    return namespace


def idle():
    """Run a few instructions between which an exception that is due is raised."""
    for _ in range(10):
        pass


def forget_interrupt():
    """Have the process not end as if by Ctrl-C.

    The interpreter does so when the last source that exec() or eval() ran was ended by KeyboardInterrupt, as a statement of
    a console may be.  If the program itself was, that stays.
    """
    if getattr(sys, "last_type", None) is not KeyboardInterrupt:
        exec("", {})


def forget_dummy_thread():
    """Take the entry out of `threading` that functions of it make for a thread that it has not started."""
    threading = sys.modules.get("threading")
    thread = threading.get_ident() if threading is not None else None  # by the number that it has there
    if thread is not None and thread in threading._active:
        with threading._active_limbo_lock:
            threading._active.pop(thread, None)


@_hide_type
class RemoteConsole:
    """Takes lines, and runs the statement when it is complete.

    send: the function that sends a text to the monitor.  ask: the one that gets a line from the operator, for input().
    target: the Target.
    """

    __slots__ = ("send", "target", "output", "input", "statements", "lines", "code", "is_left")

    def __init__(self, send, ask, target):
        self.send = send
        self.target = target
        self.output = Streams.OwnOutput(send, "<monitor>")
        self.input = Streams.OwnInput(ask)
        self.statements = None
        self.lines = []
        self.code = None
        self.is_left = False
        self.reset()

    def reset(self):
        """A fresh namespace and session."""
        self.forget()
        self.statements = Statements(new_namespace(self.target), "<console>", self.output.write, self._mute)
        self.lines.clear()

    def forget(self):
        """Let go of all that statements have made, cycles or not."""
        if self.statements is not None:
            self.statements.namespace.clear()
        self.code = None

    @property
    def namespace(self):
        return self.statements.namespace

    def _mute(self, is_muted):
        self.output.muted = is_muted

    def push(self, line):
        """Take a line; returns whether it ended in an error.  Afterwards `lines` says whether more must come, and
        `is_left` whether the operator left the console."""
        self.lines.append(line)
        Streams.install(self.input, self.output, self.output)
        try:
            return self._push()
        finally:
            Streams.uninstall()
            self.output.flush()
            forget_dummy_thread()

    def _push(self):
        try:
            self.code = self.statements.compile("\n".join(self.lines))
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError) as e:
            self.lines.clear()
            self.statements.show_error(e.with_traceback(None))
            return True
        if self.code is None:
            return False
        self.lines.clear()
        try:
            _run_interruptibly(self._run, idle)
        except SystemExit:
            self.is_left = True
        except BaseException as e:
            self._show(e)
            return True
        finally:
            self.code = None
            forget_interrupt()
        return False

    def _run(self):
        exec(self.code, self.statements.namespace)

    def _show(self, error):
        """Print a traceback; what goes wrong with that (a __str__ that raises) is the program's, too."""
        try:
            self.statements.show_error(error)
        except BaseException as e:
            self.output.write("%s: its traceback cannot be shown (%s)\n" % (type(error).__name__, type(e).__name__))


def warm_up_traceback():
    """Have the modules that print tracebacks, which are in Python from 3.13 on, load and compile what they need."""
    import traceback

    before = [(cache, set(cache)) for cache in caches()]
    try:
        [].nosuch(sys, "an argument")
    except AttributeError as e:
        traceback.format_exception(e)  # with its source, and the place in it
    forget_since(before)


def warm_up():
    """Load what the first statement would load, so that it adds nothing to the program's heap.  O(1)."""
    namespace = {}
    parts = []
    output = Streams.OwnOutput(parts.append, "<monitor>")
    statements = Statements(namespace, "<console>", output.write)
    if sys.version_info >= (3, 13):
        warm_up_traceback()
    for source in ("1", "nosuch", "namespace.nosuch", "'a' + 1", "import nosuchmodule", "x = = 1"):
        Streams.install(Streams.OwnInput(lambda: None), output, output)
        try:
            exec(statements.compile(source), namespace)
        except Exception as e:
            statements.show_error(e)
        finally:
            Streams.uninstall()

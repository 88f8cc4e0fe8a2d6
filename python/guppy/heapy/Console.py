"""An interactive Python console on two streams."""

import code
import traceback

from .._heapyc import _hide_type
from ..monitor.Statements import Statements, without_own_frames

__all__ = ["Console"]


@_hide_type
class Console(code.InteractiveConsole):
    """Console(stdin, stdout, locals=None, filename='<console>'): statements from one stream, answers on another.

    It is left by a line that is '-', by the end of the input, and by exit(), quit() and SystemExit, which end nothing else.
    `_` is a name of its own; sys.displayhook, sys.ps1, builtins._ and sys.last_exc are left alone.
    """

    def __init__(self, stdin, stdout, locals=None, filename="<console>"):
        code.InteractiveConsole.__init__(self, locals, filename)
        self.stdin = stdin
        self.stdout = stdout
        self.statements = Statements(self.locals, filename, self.write)

    def write(self, data):
        self.stdout.write(data)
        self.stdout.flush()

    def raw_input(self, prompt=""):
        self.write(prompt)
        line = self.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    def runsource(self, source, filename=None, symbol="single"):
        """Run a statement; True when more lines must come."""
        try:
            compiled = self.statements.compile(source)
        except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError) as e:
            self._show(e.with_traceback(None))
            return False
        if compiled is None:
            return True
        self.runcode(compiled)
        return False

    def runcode(self, code):
        try:
            exec(code, self.locals)
        except SystemExit:
            raise
        except BaseException as e:
            self._show(e)

    def _show(self, error):
        self.write("".join(traceback.format_exception(without_own_frames(error))))

    def interact(self, banner=None, exitmsg=None):
        """Take lines until the console is left."""
        if banner:
            self.write("%s\n" % banner)
        prompt = ">>> "
        while True:
            try:
                line = self.raw_input(prompt)
                if line == "-":
                    break
                prompt = "... " if self.push(line) else ">>> "
            except KeyboardInterrupt:
                self.resetbuffer()
                self.write("\nKeyboardInterrupt\n")
                prompt = ">>> "
            except (EOFError, SystemExit):
                break
        self.resetbuffer()
        self.write("%s\n" % ("\nnow exiting %s..." % type(self).__name__ if exitmsg is None else exitmsg))

"""What the subcommands of `python -m guppy` write, and how they end when it cannot be written."""

import errno
import os
import sys

__all__ = ["OutputLost", "complain", "run_tool", "writer_to"]


class OutputLost(OSError):
    """The stream that is written to is closed, or takes no more."""


def writer_to(stream, encoding=None):
    """A function that writes a text to a stream at once, whatever the stream's encoding, or in `encoding` where it has bytes.

    The function raises BrokenPipeError when nobody reads any more, and OutputLost for whatever else is in the way.
    """

    def write(text):
        if stream is None:
            raise OutputLost(errno.EBADF, "it is closed")
        try:
            if encoding and hasattr(stream, "buffer"):
                stream.flush()
                stream.buffer.write(text.encode(encoding, "backslashreplace"))
            else:
                its_own = getattr(stream, "encoding", None) or "utf-8"
                stream.write(text.encode(its_own, "backslashreplace").decode(its_own))
            stream.flush()
        except BrokenPipeError:
            raise
        except OSError as e:
            raise OutputLost(e.errno, e.strerror) from None
        except ValueError as e:  # closed by the program
            raise OutputLost(errno.EBADF, str(e)) from None

    return write


def complain(text):
    """A line on standard error, if there is one."""
    try:
        writer_to(sys.stderr)(text + "\n")
    except OSError:
        pass  # there is nobody to tell


def drop_output():
    """Have what is still to be written go nowhere: the interpreter would complain of it at exit."""
    try:
        descriptor = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def run_tool(main, arguments):
    """main(arguments) of a subcommand; the exit status, 1 after a line on standard error when its output is lost."""
    try:
        return main(arguments)
    except BrokenPipeError:
        drop_output()  # whoever read has enough, which needs no line
        return 1
    except OutputLost as e:
        drop_output()
        complain("guppy: cannot write to standard output: %s" % e.strerror)
        return 1

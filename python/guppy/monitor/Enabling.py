"""The one listener of this process: made and ended, and what becomes of it when the process forks or ends."""

import _thread
import os
import sys

from .._heapyc import _call_soon, _hide_type, _thread_identity
from . import Directory, Streams, Worker
from .Listener import Listener
from .Native import native
from .Turns import Turns

__all__ = ["disable", "enable", "target", "thread_identity"]


@_hide_type
class Enabled:
    """Whether monitoring is enabled, and whether the interpreter knows what to call at fork and exit."""

    __slots__ = ("published", "is_hooked", "forking_frame", "turns", "making")

    def __init__(self):
        # "listener": the one that listens.  It is put there and taken in one call each: until 3.10 a signal's handler,
        # which may do either, also runs between a question and what follows it.
        self.published = {}
        self.is_hooked = False
        self.forking_frame = 0  # the address of the frame that waits for os.fork()
        self.turns = Turns()  # who changes any of these has the turn
        self.making = []  # listeners that are not open yet: the one that has the turn, and of handlers of signals

    @property
    def listener(self):
        return self.published.get("listener")

    def publish(self, made):
        """Make it the one that listens, if there is none; whether it is."""
        return self.published.setdefault("listener", made) is made

    def take(self):
        """The one that listens, which then is none; or None."""
        return self.published.pop("listener", None)


enabled = Enabled()


def enable(path=None):
    """Remote.on().  path: another directory for the socket."""
    if is_in_worker():
        return
    with enabled.turns:
        is_done = False
        while enabled.listener is None and not is_done:
            hook()
            made = Listener(path or Directory.default_path(), disable)
            try:
                enabled.making.append(made)
                is_done = publish(made)
            finally:
                enabled.making.remove(made)
                if not is_done and enabled.listener is not made:  # it is, if an exception of a handler's came later
                    made.close(0.0)


def publish(made):
    """Open a listener and make it the process's.  False: a signal's handler has made another meanwhile, or has forked and
    this is the child, which its thread is not in."""
    try:
        made.open()
    except OSError:
        if made.process == os.getpid():
            raise
    if made.process != os.getpid() or not enabled.publish(made):
        return False
    if made.process != os.getpid() and enabled.listener is made:  # forked between the two questions
        enabled.take()
        return False
    return True


def disable(seconds=1.0):
    """Remote.off()."""
    if is_in_worker():
        disable_in_worker(seconds)
        return
    with enabled.turns:
        end_listener(seconds)


def disable_in_worker(seconds):
    """The same in a thread that another one may be waiting for in disable(): what that one ends need not be ended."""
    listener = enabled.listener
    while listener is not None and enabled.listener is listener:
        if enabled.turns.take(0.02):
            try:
                if enabled.listener is listener:
                    end_listener(seconds)
            finally:
                enabled.turns.leave()


def end_listener(seconds):
    """End the listener, if there is one.  The caller has the turn."""
    listener = enabled.take()
    if listener is None:
        return
    try:
        listener.close(seconds)
    except BaseException:  # of a signal's handler: what is not done yet is done at once
        listener.close(0.0)
        raise


def is_in_worker():
    return native.get_ident() in Worker.running.threads


def thread_identity():
    listener = enabled.listener
    thread = None if listener is None else listener.thread
    return None if thread is None else _thread_identity(thread) or None


def target():
    listener = enabled.listener
    return None if listener is None else listener.target


def hook():
    """Have the interpreter call us at fork and at exit, once."""
    if enabled.is_hooked:
        return
    import atexit

    from .RemoteConsole import warm_up

    os.register_at_fork(before=before_fork, after_in_parent=after_fork_in_parent, after_in_child=after_fork_in_child)
    atexit.register(at_exit)
    enabled.is_hooked = True  # if an exception of a signal's handler comes before, twice is harmless and never is not
    warm_up()


def at_exit():
    if enabled.turns.take():
        try:
            end_listener(1.0)
        finally:
            enabled.turns.leave()


def before_fork():
    enabled.turns.take_to_fork()
    listener = enabled.listener
    if listener is not None:
        listener.stop()


def start_again():
    with enabled.turns:
        if enabled.listener is not None:
            try:
                enabled.listener.start_again()
            except (OSError, MemoryError):
                end_listener(0.0)


def start_after_fork():
    """Start again once os.fork() has returned: when the frame that called it runs on, and not one of another hook.

    True as long as it has not."""
    interrupted = sys._getframe().f_back  # none where the interpreter runs it between two calls of C code
    frame = interrupted and interrupted.f_back
    while frame is not None:
        if id(frame) == enabled.forking_frame:
            return True  # a hook that it waits for was interrupted
        frame = frame.f_back
    start_again()
    return False


def after_fork_in_parent():
    try:
        if enabled.listener is None:
            return
        if sys.version_info[:2] == (3, 13) and native.get_ident() == _thread._get_main_thread_ident():
            # The first releases of 3.13 count threads after this call, to warn if there is more than one.
            enabled.forking_frame = id(sys._getframe(1))
            _call_soon(start_after_fork)
        else:
            start_again()
    finally:
        enabled.turns.leave_after_fork()


def after_fork_in_child():
    enabled.turns.renew()
    for made in enabled.making:
        try:
            made.endpoint.renew()
        except OSError:
            pass  # opening it fails, too
    listener = enabled.take()
    Streams.reset_after_fork()
    Worker.running.threads.clear()
    if listener is None:
        return
    listener.abandon()
    try:
        enable(listener.path)
    except OSError:
        pass  # the child runs on, as it would without us

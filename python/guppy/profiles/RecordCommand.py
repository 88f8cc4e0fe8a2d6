"""Sample the heap of a program, or of a process that runs, into a profile file.

A program is sampled while it runs, and when it ends.
SCRIPT is run as `python SCRIPT ARGUMENTS` would run it: a file, or a directory or zip archive with a __main__.py.  Its
output, its arguments and its exit status are its own.  Samples are appended to FILE, which hp.pb(), `python -m guppy pb`,
`table` and `plot` show.  The signal SIGUSR1 asks for a sample at once.

  --every TIME  how often: a number with ms, s, m or h, such as 500ms, or of seconds; the default is 10s.  Looking takes
                a twentieth of the program's time at most: when the heap is too large for that, samples come less often
  -o FILE       the profile file
  --by WHAT     type, clodo (the default: type, or for a dict what it is the dict of), module or size
  --pid PID     sample a process that has enabled monitoring (import guppy.heapy.RM), until it ends or Ctrl-C, or
                has answered three times in a row without a sample
  --samples N   end after so many samples of a process
"""

import atexit
import os
import signal

from ..RunProgram import find_program
from . import CommandLine
from .CommandLine import UsageError, complain
from .Pace import parse_interval

USAGE = (
    "usage: python -m guppy record [--every TIME] -o FILE [--by type|clodo|module|size] SCRIPT [ARGUMENTS]\n"
    "       python -m guppy record [--every TIME] -o FILE [--by type|clodo|module|size] --pid PID [--samples N]"
)

RELATIONS = ("type", "clodo", "module", "size")
FIRST_LINE = b".loader: _load_stat"


def main(arguments):
    return CommandLine.run_command(USAGE, __doc__, arguments, record)


def record(arguments):
    options, words = CommandLine.parse(
        arguments, values=("every", "output", "by", "pid", "samples"), short={"-o": "output"}, stop_at_words=True
    )
    try:
        seconds = parse_interval("10s" if options.every is None else options.every)
    except ValueError as error:
        raise UsageError("--every: %s" % error) from None
    by = CommandLine.choice(options.by or "clodo", "--by", RELATIONS)
    if not options.output:
        raise UsageError("-o FILE: into which file?")
    samples = CommandLine.positive(options.samples, "--samples") if options.samples is not None else None
    if options.pid is not None:
        return record_pid(options, words, seconds, by, samples)
    if samples is not None:
        raise UsageError("--samples goes with --pid")
    if not words:
        raise UsageError("which program?")
    program, status = find_program(words)
    if program is None:
        return status
    if not is_profile(options.output):
        return 2
    from .Recorder import Recorder

    recorder = Recorder(options.output, seconds, by)
    program.take_place()
    # Registered before the program runs, so called after whatever it registers itself.
    atexit.register(recorder.finish)
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, recorder.on_signal)
    program.run(recorder.start)
    return 0


def record_pid(options, words, seconds, by, samples):
    """Record another process."""
    pid = CommandLine.positive(options.pid, "--pid")
    if words:
        raise UsageError("--pid and a program: %r" % words[0])
    if not is_profile(options.output):
        return 2
    from .RemoteRecorder import record_process

    return record_process(pid, options.output, seconds, by, samples)


def is_profile(path):
    """Whether samples can be appended to a file; otherwise a line on standard error says why not."""
    try:
        # Not opened before it is known to be none that waits for a reader.
        if os.path.exists(path) and not os.path.isfile(path):
            complain("can't record into %r: it is no file" % path)
            return False
        is_new = not os.path.exists(path)
        with open(path, "ab+") as file:
            file.seek(0)
            begin = file.read(len(FIRST_LINE))
        if is_new:
            os.unlink(path)  # the first sample makes it; there may be none
    except (OSError, ValueError) as error:
        complain("can't record into %r: %s" % (path, getattr(error, "strerror", None) or error))
        return False
    if begin and begin != FIRST_LINE:
        complain("can't record into %r: it holds something else; give the name of a new file or of a profile" % path)
        return False
    return True

"""What is known of this process."""

import os
import sys
import time

from .. import __version__


def resident_size():
    """Bytes of memory that the process occupies; 0 where /proc does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def start_of_process():
    """Seconds since 1970; None where /proc does not say."""
    try:
        with open("/proc/self/stat", "rb") as file:
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        with open("/proc/stat", "rb") as file:
            boot = next(int(line.split()[1]) for line in file if line.startswith(b"btime "))
        return boot + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, StopIteration):
        return None


def facts(moment, with_argv):
    """Those of docs/format.md that say who was looked at; moment: seconds since 1970; None: now."""
    system = os.uname()
    found = {
        "id": os.urandom(16).hex(),
        "heapy": __version__,
        "python": sys.version,
        "platform": "%s %s %s" % (system.sysname, system.release, system.machine),
        "host": system.nodename,
        "pid": os.getpid(),
        "started": start_of_process(),
        "time": time.time() if moment is None else moment,
        "argv": list(getattr(sys, "argv", [])) if with_argv else None,
        "rss": resident_size() or None,
        "allocator": {"blocks": sys.getallocatedblocks()},
    }
    return {name: value for name, value in found.items() if value is not None}

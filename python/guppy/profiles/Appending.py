"""Stats appended to profile files."""

import os

__all__ = ["append_stat"]


def append_stat(stat, path):
    """Append a stat to a profile file.  OSError when that cannot be; a file that was not there is then not left empty."""
    is_new = not os.path.lexists(path)
    try:
        stat.dump(path)
    except OSError:
        try:
            if is_new and not os.stat(path).st_size:
                os.unlink(path)
        except OSError:
            pass  # it was not even made
        raise

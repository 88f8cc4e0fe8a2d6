"""The target's side of the command `snapshot FILE` of the Annex: the requests `snapshot` and then `part` with its offset.

The two sides may see other files, so the target writes to memory and the monitor asks for it part by part.
"""

import base64
import os

from .. import hpy

__all__ = ["ANSWERS", "forget"]

PART = 3 << 20  # bytes in an answer, which base64 makes a third longer
LONGEST = 600.0  # seconds that a snapshot may take


def snapshot(request, worker):
    forget(worker)
    worker.fetched = os.memfd_create("heapy-snapshot")
    try:
        hpy().snapshot(worker.fetched, timeout=LONGEST)
    except BaseException:
        forget(worker)
        raise
    return {"bytes": os.fstat(worker.fetched).st_size}


def part(request, worker):
    offset = request.get("offset")
    if worker.fetched is None or not isinstance(offset, int) or offset < 0:
        return {"error": "no snapshot is being fetched"}
    data = os.pread(worker.fetched, PART, offset)
    if offset + len(data) >= os.fstat(worker.fetched).st_size:
        forget(worker)
    return {"data": base64.b64encode(data).decode()}


def forget(worker):
    """Let go of a snapshot that was not fetched to its end."""
    if worker.fetched is not None:
        os.close(worker.fetched)
        worker.fetched = None


ANSWERS = {"snapshot": snapshot, "part": part}

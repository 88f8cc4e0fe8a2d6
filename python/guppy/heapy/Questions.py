"""All that answers questions in Python, and what of the standard library that needs.

The first session loads this.  Then no question imports anything in its middle, and nothing of ours shows as what is
new since a reference point.
"""

import gc
import reprlib
import time

from ..etc import Glue, Help
from . import (
    Columns, Dominators, FileSession, KindArguments, ObjectClassifier, OutputHandling, Path, RefPat, Relations, Retained,
    SnapshotFile, SourceLines, StatData, Target, UniSet, Use, View, Why, heapyc,
)  # fmt: skip

try:
    import _tracemalloc  # noqa: F401
except ImportError:  # an interpreter that was built without it
    pass

__all__ = [
    "Columns", "Dominators", "FileSession", "Glue", "Help", "KindArguments", "ObjectClassifier", "OutputHandling", "Path",
    "RefPat", "Relations", "Retained", "SnapshotFile", "SourceLines", "StatData", "Target", "UniSet", "Use", "View", "Why",
    "gc", "heapyc", "reprlib", "time",
]  # fmt: skip

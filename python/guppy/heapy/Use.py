"""The session: what guppy.hpy() returns."""

from .heapyc import Session

__all__ = ["Session"]

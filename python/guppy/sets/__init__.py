"""Sets of objects by identity."""

from .._heapyc import ImmNodeSet, NodeSet

__all__ = ["ImmNodeSet", "NodeSet"]

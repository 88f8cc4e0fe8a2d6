"""What divides sets into classes."""

from .._heapyc import EquivalenceRelation

__all__ = ["EquivalenceRelation"]

"""The sets that identity sets are made of."""

from ..sets import ImmNodeSet, NodeSet

__all__ = ["ImmNodeSet", "NodeSet"]

"""The low-level surface: views, horizons, graphs of nodes, relations, the root."""

from .._heapyc import (
    HeapView,
    Horizon,
    ImmNodeSet,
    NodeGraph,
    NodeSet,
    RootState,
    RootStateType,
    xmemstats,
)
from .ObjectClassifier import ObjectClassifier
from .Relations import Relation

__all__ = [
    "HeapView",
    "Horizon",
    "ImmNodeSet",
    "NodeGraph",
    "NodeSet",
    "ObjectClassifier",
    "Relation",
    "RootState",
    "RootStateType",
    "xmemstats",
]

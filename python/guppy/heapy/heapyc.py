"""The low-level surface: views, horizons, the root."""

from .._heapyc import HeapView, Horizon, RootState, RootStateType, xmemstats

__all__ = ["HeapView", "Horizon", "RootState", "RootStateType", "xmemstats"]

"""Partitions and stats.

Setting, at Root().guppy.heapy.Part: line_length, the columns at which lines are wrapped.
"""

from .._heapyc import IdentityPartition, Partition, PartRow, SetPartition, Stat, StatRow

__all__ = ["IdentityPartition", "PartRow", "Partition", "SetPartition", "Stat", "StatRow"]

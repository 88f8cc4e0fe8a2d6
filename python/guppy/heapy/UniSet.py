"""The classes of sets.

Settings, at Root().guppy.heapy.UniSet: max_summary_length, the characters of a brief; auto_convert_type,
whether a type stands for its kind; auto_convert_iter, whether an iterable stands for its identity set.
"""

from .._heapyc import EquivalenceRelation, IdentitySet, IdentitySetMulti, IdentitySetSingleton, Kind, UniSet

__all__ = ["EquivalenceRelation", "IdentitySet", "IdentitySetMulti", "IdentitySetSingleton", "Kind", "UniSet"]

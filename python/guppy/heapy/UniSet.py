"""The classes of sets."""

from .heapyc import IdentitySet, IdentitySetMulti, IdentitySetSingleton

__all__ = ["IdentitySet", "IdentitySetMulti", "IdentitySetSingleton"]

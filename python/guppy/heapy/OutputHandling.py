"""How tables are shown page by page."""

from .heapyc import Printer

__all__ = ["Printer"]

"""How tables are shown page by page.

Setting, at Root().guppy.heapy.OutputHandling: max_more_lines, the rows of a page.
"""

from .._heapyc import AllPrinter, MorePrinter, Printer

__all__ = ["AllPrinter", "MorePrinter", "Printer"]

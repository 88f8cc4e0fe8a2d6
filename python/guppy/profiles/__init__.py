"""Profile files: what guppy.heapy.Prof offers, and the views of them."""

"""Find and show what is in the heap."""

"""Documents and tests from a common source."""

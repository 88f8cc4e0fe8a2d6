"""The remote monitor: processes that can be looked at while they run, and what looks at them."""

"""What the other packages stand on: the tree by which modules are reached as attributes."""

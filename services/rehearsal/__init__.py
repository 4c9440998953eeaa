"""A year played before it begins."""

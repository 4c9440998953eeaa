"""Pages on which is decided what the public may read."""

"""The pages on which an administrator carries a plan in."""

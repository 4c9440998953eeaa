"""Benchmarks: commands that print ours beside a reference of the same run."""

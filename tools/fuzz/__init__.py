"""Runs of the plan reader on made-up files: guided by coverage, long repeats, and property tests at length."""

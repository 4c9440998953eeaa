"""Readers of Thai values: what the words of a cell mean as days, parties, quarters, lists."""

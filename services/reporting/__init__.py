"""Quarterly reports, publishing them, open data."""

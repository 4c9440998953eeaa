"""Fonts that documents are turned into PDF with, and the script that builds them."""

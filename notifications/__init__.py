"""Channels and message templates: how a notice reaches a person."""

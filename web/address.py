"""Addresses of lists: what narrows a list stands in its address, and every link of the page keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

_DIGITS: Final = 9
"""More of them are no number of ours, and of far more no number can be made at all."""


class Address:
    """The address of a list with what narrows it; called with a change, the same list otherwise narrowed."""

    def __init__(self, path: str, fields: Mapping[str, str]) -> None:
        """Remember what the present address says, but for the page: a list otherwise narrowed begins anew."""
        self._path = path
        self._fields = dict(fields)

    def __call__(self, **changes: object) -> str:
        """The address with the changes; None takes a field away."""
        given = {key: "" if value is None else str(value) for key, value in changes.items()}
        query = urlencode({key: value for key, value in (self._fields | given).items() if value})
        return f"{self._path}?{query}" if query else self._path


def number_of(text: str) -> int | None:
    """The number that an address gives, if it is one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None

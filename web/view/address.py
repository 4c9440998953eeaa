"""Addresses of lists: what narrows a list stands in its address, and every link of the page keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.convertors import Convertor, register_url_convertor

_DIGITS: Final = 9
"""More of them are no number of ours, and of far more no number can be made at all."""


class FewDigits(Convertor[int]):
    """A path's year or number, `{year:few}`: an address with anything longer leads nowhere."""

    regex = "[0-9]{1,4}"

    def convert(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """As it stands in the address."""
        return str(value)


register_url_convertor("few", FewDigits())


class Address:
    """The address of a list with what narrows it; called with a change, the same list otherwise narrowed."""

    def __init__(self, path: str, fields: Mapping[str, str]) -> None:
        """Remember what the present address says, but for the page: a list otherwise narrowed begins anew."""
        self._path = path
        self._fields = dict(fields)

    def __call__(self, **changes: object) -> str:
        """The address with the changes; None takes a field away."""
        texts = {key: "" if value is None else str(value) for key, value in changes.items()}
        query = urlencode({key: value for key, value in (self._fields | texts).items() if value})
        return f"{self._path}?{query}" if query else self._path


def number_of(text: str) -> int | None:
    """The number that an address gives, if it is one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None

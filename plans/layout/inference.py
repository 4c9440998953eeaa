"""Columns whose heading says nothing, known by what stands below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from plans.layout.headings import OTHER
from plans.layout.plausible import is_value
from plans.raw import RawCell
from plans.words.fragments import paragraphs

_LEAST_CELLS: Final = 2
_LEAST_SHARE: Final = 0.8
_TOLD_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "responsible": ("responsible", "responsible_support", "unit:"),
    "period": ("period", "month:", "quarter:"),
}


def with_inferred(roles: tuple[str, ...], rows: Sequence[Sequence[RawCell]]) -> tuple[str, ...]:
    """The roles, those of who and when given to a column without a known heading whose cells nearly all say it."""
    result = list(roles)
    for role, telling in _TOLD_BY.items():
        if any(named.startswith(telling) for named in result):
            continue
        column = next((index for index in _unknown(result) if _all_say(role, index, rows)), None)
        if column is not None:
            result[column] = role
    return tuple(result)


def _unknown(roles: Sequence[str]) -> Iterator[int]:
    return (index for index, role in enumerate(roles) if role == OTHER)


def _all_say(role: str, column: int, rows: Sequence[Sequence[RawCell]]) -> bool:
    texts = [" ".join(paragraphs(row[column].text)) for row in rows if column < len(row)]
    filled = [text for text in texts if text]
    return len(filled) >= _LEAST_CELLS and sum(is_value(role, text) for text in filled) >= _LEAST_SHARE * len(filled)

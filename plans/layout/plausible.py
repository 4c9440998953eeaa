"""Whether rows without headings of their own read like the plan above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from domain.fiscal import FiscalYear
from plans.raw import RawCell
from plans.words.fragments import paragraphs
from plans.words.periods import read_period
from plans.words.responsible import read_responsible

_ANY_YEAR: Final = FiscalYear(2566)
_LEAST_SHARE: Final = 0.4
_TELLING: Final = frozenset({"responsible", "period"})
_SIGNATURE: Final = re.compile(r"ลงชื่อ|ลงนาม|\.{8,}|_{8,}|…{3,}")


def looks_like_plan(rows: Sequence[Sequence[RawCell]], roles: Sequence[str], *, is_apart: bool) -> bool:
    """Whether enough of the cells below `responsible` and `period` hold such values.

    Rows that fill neither may go on with the row above, if they fill another column of the plan and no blank row
    keeps them apart.
    """
    if any(_SIGNATURE.search(cell.text) for row in rows for cell in row):
        return False
    telling = [is_right for row in rows for is_right in _verdicts(row, roles)]
    if telling:
        return sum(telling) >= _LEAST_SHARE * len(telling)
    if is_apart:
        return False
    return any(role != "other" and cell.text.strip() for row in rows for role, cell in zip(roles, row, strict=False))


def _verdicts(row: Sequence[RawCell], roles: Sequence[str]) -> Iterator[bool]:
    for role, cell in zip(roles, row, strict=False):
        if role in _TELLING and cell.text.strip():
            yield is_value(role, " ".join(paragraphs(cell.text)))


def is_value(role: str, text: str) -> bool:
    """Whether a text reads as a value of `responsible` or `period`."""
    if role == "period":
        return read_period(text, _ANY_YEAR) is not None
    reading = read_responsible(text)
    return reading.scope != "missing" and not reading.unknown

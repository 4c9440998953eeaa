"""Days as people write them: in forms and on the command line."""

from __future__ import annotations

from datetime import date
from typing import Final

from domain.errors import BadInputError
from domain.thai import BE_OFFSET, arabic_digits

BE_FROM: Final = 2400
"""Years from here on are Buddhist-era ones."""


def day_of(text: str) -> date:
    """Day from `2026-12-01`, `1/12/2569` or `๑/๑๒/๒๕๖๙`.

    Raises:
        BadInputError: It is none of these.
    """
    plain = arabic_digits(text.strip())
    parts = plain.split("-") if "-" in plain else plain.split("/")[::-1]
    try:
        year, month, day = (int(part) for part in parts)
        return date(year - BE_OFFSET if year >= BE_FROM else year, month, day)
    except (ValueError, OverflowError) as error:
        raise BadInputError(
            problem=f"“{text}” is no day.",
            problem_thai=f"“{text}” ไม่ใช่วันที่",
            remedy="Write it like 2026-12-01 or, in the Buddhist era, 1/12/2569.",
            remedy_thai="โปรดเขียนเช่น ๑/๑๒/๒๕๖๙",
        ) from error

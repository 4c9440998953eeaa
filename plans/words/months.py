"""Month names in every way they are typed, as a pattern and as numbers."""

from __future__ import annotations

import re
from typing import Final

from domain.thai import MONTHS, SHORT_MONTHS

_BEFORE: Final = (
    "(?:(?<![ก-๎])"
    + "".join(f"|(?<={word})" for word in ("เดือน", "ถึง", "ภายใน", "สิ้น", "ตั้งแต่", "ต้น", "กลาง", "ปลาย", "วันที่", "และ"))
    + ")"
)


def _short(name: str) -> str:
    first, second = name.rstrip(".").split(".")
    return rf"{first}\s?\.?\s?{second}(?:\s?\.|(?![ก-๎.]))"


MONTH: Final = "(?:" + "|".join([*MONTHS, *(f"{_BEFORE}{_short(name)}" for name in SHORT_MONTHS)]) + ")"
"""Pattern of one month, without groups: `มีนาคม`, `มี.ค.`, `มี.ค`, `มีค`, `มี. ค.`; never the `มีค` of `มีความ`."""

_NUMBER: Final = {
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **{name.replace(".", ""): number for number, name in enumerate(SHORT_MONTHS, 1)},
}


def month_number(name: str) -> int:
    """1 to 12 of a text that matched `MONTH`."""
    return _NUMBER[re.sub(r"[\s.]", "", name)]

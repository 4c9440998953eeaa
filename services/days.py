"""Days as people write them: in forms and on the command line."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from domain.errors import BadInputError
from domain.thai import BE_OFFSET, MONTHS, SHORT_MONTHS, arabic_digits, be_year, thai_digits

BE_FROM: Final = 2400
"""Years from here on are Buddhist-era ones."""

EARLIEST: Final = date(1957, 1, 1)
LATEST: Final = date(2090, 12, 31)
"""Days outside are slips of the pen."""

_CENTURY: Final = 2500
_TWO_DIGITS: Final = 100
_SHORT_FROM: Final = 40
"""A shorter year than `40` is meant as one of the Christian era (`26`), or nobody knows how: it is refused."""

_NUMBERS_BY_NAME: Final = {
    name.replace(".", ""): number for names in (MONTHS, SHORT_MONTHS) for number, name in enumerate(names, start=1)
}
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2,5})")
_IN_WORDS: Final = re.compile(
    r"(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)?(?:ที่)?\s*"
    r"([0-9]{1,2})\s*([\u0e01-\u0e44][\u0e01-\u0e4e.]*?)\s*(?:พ\.?ศ\.?)?\s*([0-9]{2,5})"
)


def day_of(text: str) -> date:
    """Day from `2026-12-01`, `1/12/2569`, `๑/๑๒/๖๙` or `๑ ธ.ค. ๒๕๖๙`: each form in which the pages print one, too.

    A year of two digits is one of the Buddhist era, as on paper.

    Raises:
        BadInputError: It is none of these, or its year is far away.
    """
    plain = arabic_digits(text.strip())
    if not plain:
        raise _refused("No day is given.", "ยังไม่ได้ระบุวันที่")
    try:
        year, month, day = _parts(plain)
        parsed = date(_gregorian(year), month, day)
    except (ValueError, OverflowError) as error:
        raise _refused(f"“{text}” is no day.", f"“{text}” ไม่ใช่วันที่") from error
    if not EARLIEST <= parsed <= LATEST:
        raise _refused(
            f"The year of “{text}” is not between {EARLIEST.year} and {LATEST.year}.",
            f"ปีของ “{text}” ไม่อยู่ระหว่าง พ.ศ. {thai_digits(be_year(EARLIEST.year))}"
            f" ถึง {thai_digits(be_year(LATEST.year))}",
        )
    return parsed


def written(day: date) -> str:
    """A day as a form holds it: `๑/๑๒/๒๕๖๙`, which `day_of` reads."""
    return thai_digits(f"{day.day}/{day.month}/{be_year(day.year)}")


def _parts(plain: str) -> tuple[int, int, int]:
    """Year, month and day as written.

    Raises:
        ValueError: The text has none of the three forms.
    """
    if match := _YEAR_FIRST.fullmatch(plain):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(plain):
        return int(match[3]), int(match[2]), int(match[1])
    if (match := _IN_WORDS.fullmatch(plain)) and (month := _NUMBERS_BY_NAME.get(match[2].replace(".", ""))):
        return int(match[3]), month, int(match[1])
    raise ValueError(plain)


def _gregorian(year: int) -> int:
    if _SHORT_FROM <= year < _TWO_DIGITS:
        year += _CENTURY
    return year - BE_OFFSET if year >= BE_FROM else year


def _refused(problem: str, problem_thai: str) -> BadInputError:
    return BadInputError(
        problem=problem,
        problem_thai=problem_thai,
        remedy="Write it like 2026-12-01 or, in the Buddhist era, 1/12/2569.",
        remedy_thai="โปรดเขียนเช่น ๑/๑๒/๒๕๖๙ หรือ ๑ ธ.ค. ๒๕๖๙",
    )

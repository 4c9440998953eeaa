"""The measure cell: number, title, indicators, and what stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from domain.revision import alike
from domain.thai import arabic_digits
from plans.words.text import clean, squeezed

_NUMBER: Final = re.compile(
    r"\s*(?:มาตรการ\s?(?:ที่)?\s*)?\(?(\d{1,2})(?:\s?[.)](?!\d)|\s(?=[ก-๎]))\s*|\s*มาตรการ\s?ที่\s*(\d{1,2})\s*[:.]?\s*"
)
_SUB_NUMBER: Final = re.compile(r"\s*(?:มาตรการ\s?(?:ที่)?\s*)?\d{1,2}\.\d{1,2}\.?(?!\d)\s*")
"""`๑.๒` below a strategy or dimension: no number of the plan's own."""
_INDICATOR: Final = re.compile(
    r"\(?\s*ตัวชี้วัด(?:ย่อย)?\s*(?:ที่)?\s*(\d{1,2}(?:\s*(?:-|–|,|/|และ|ถึง)\s*(?:ตัวชี้วัด\s*(?:ที่)?\s*)?\d{1,2})*)\s*\)?"
)
_LINK: Final = re.compile(
    r"[\s(\-–:,]*(?:(?:ซึ่ง)?(?:สอดคล้อง|เชื่อมโยง|เกี่ยวข้อง|รองรับ|ตอบสนอง|สนับสนุน)(?:กับ)?|ตาม|ภายใต้|ของ)?[\s(\-–:,]*$"
)
_ONLY_NUMBERS: Final = re.compile(r"\s*(\d{1,2}(?:\s*(?:-|–|,|/|และ|ถึง)\s*\d{1,2})*)\s*")
_NUMBER_AND_NAME: Final = re.compile(
    r"\s*(?:i|I|ข้อ)?\s*(\d{1,2})\s?[.):]?\s*(?:การ(?:ปฏิบัติ|ใช้|แก้|ปรับ|เปิด|ป้อง)|คุณภาพ|ประสิทธิภาพ)"
)
_JOINED: Final = re.compile(r"\s*(-|–|ถึง)?\D*?(\d{1,2})")
_GOES_ON: Final = re.compile(r"\(?ต่อ\)?$")
_INDICATORS: Final = 10
_SAME_TITLE: Final = 0.7
"""Measures share words (`มาตรการป้องกันการ…`), so what has less in common than this is another one."""


@dataclass(frozen=True)
class MeasureHead:
    """A measure as its cell prints it; `is_numbered_apart` where a column of running numbers gave the number."""

    number: int | None
    title: str
    indicators: tuple[int, ...]
    detail: str
    is_numbered_apart: bool = False

    @cached_property
    def name(self) -> str:
        """The title for comparing."""
        return squeezed(self.title)

    def is_same(self, other: MeasureHead) -> bool:
        """Tell whether both print the same measure: by number and title, or by title where there is no number.

        Running numbers may count the rows, so beside them the title decides.
        """
        is_counted = self.is_numbered_apart and other.is_numbered_apart
        if self.number is None or other.number is None or is_counted:
            return self.name == other.name
        return self.number == other.number and not self.is_named_otherwise(other)

    def is_named_otherwise(self, other: MeasureHead) -> bool:
        """Tell whether the titles are those of two measures, and not one cut short by a page or torn by a scanner."""
        left, right = (_GOES_ON.sub("", head.name) for head in (self, other))
        is_cut = left.startswith(right) or right.startswith(left)
        return not is_cut and alike(left, right) < _SAME_TITLE


def read_measure(paragraphs: Iterable[str]) -> MeasureHead | None:
    """Number, title and ITA indicators of a measure cell; None where it is empty.

    Indicators are matched by number, never by name: the seed writes `การแก้ปัญหาการทุจริต` for indicator 5,
    whose official name is `การแก้ไขปัญหาการทุจริต` (research/thai-domain.md, section 0, point 5).
    """
    text = clean(" ".join(paragraphs))
    if not text:
        return None
    digits = arabic_digits(text)
    number = _NUMBER.match(digits)
    below = _SUB_NUMBER.match(digits) if not number else None
    start = number.end() if number else below.end() if below else 0
    indicator = _INDICATOR.search(digits, start)
    if indicator is None or not text[start : indicator.start()].strip():
        return MeasureHead(_value(number), text[start:].strip(), _indicators(indicator), "")
    detail = text[indicator.end() :].strip()
    title = _LINK.sub("", text[start : indicator.start()].strip())
    indicators = {number for match in _INDICATOR.finditer(digits, start) for number in _indicators(match)}
    return MeasureHead(_value(number), title, tuple(sorted(indicators)), detail)


def named_indicators(text: str) -> tuple[int, ...]:
    """ITA indicators of a text: those it names, or the numbers of a cell that holds nothing else."""
    digits = arabic_digits(clean(text))
    named = {number for match in _INDICATOR.finditer(digits) for number in _indicators(match)}
    return tuple(sorted(named)) or _indicators(_ONLY_NUMBERS.fullmatch(digits) or _NUMBER_AND_NAME.match(digits))


def _value(number: re.Match[str] | None) -> int | None:
    return int(number.group(1) or number.group(2)) if number else None


def _indicators(match: re.Match[str] | None) -> tuple[int, ...]:
    numbers: list[int] = []
    for joint, digits in _JOINED.findall(match.group(1)) if match else []:
        number = int(digits)
        numbers += range(numbers[-1] + 1, number + 1) if joint and numbers else [number]
    return tuple(sorted({number for number in numbers if 1 <= number <= _INDICATORS}))

"""The Thai fiscal year: October to September, named by the Buddhist-era year in which it ends."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from domain.errors import SucharitError
from domain.thai import be_year, gregorian_year, thai_digits

FIRST_MONTH: Final = 10
QUARTERS: Final = (1, 2, 3, 4)
EARLIEST: Final = 2540
LATEST: Final = 2640


class UnknownFiscalYearError(SucharitError):
    """A number that cannot be a fiscal year of the Buddhist era."""

    english = "“{year}” is not a fiscal year. Write the Buddhist-era year in four digits, for instance 2570."
    thai = "“{year}” ไม่ใช่ปีงบประมาณ โปรดระบุปี พ.ศ. สี่หลัก เช่น ๒๕๗๐"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        """Tell whether `day` lies in the span."""
        return self.start <= day <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the spans share a day."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """Fiscal year `be` of the Buddhist era: 2566 is 1 October 2022 to 30 September 2023.

    Raises:
        UnknownFiscalYearError: The number cannot be a Buddhist-era year of our time.
    """

    be: int

    def __post_init__(self) -> None:
        """Refuse Gregorian and two-digit years, the usual slips."""
        if not EARLIEST <= self.be <= LATEST:
            raise UnknownFiscalYearError(year=self.be)

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        """Fiscal year that `day` belongs to."""
        return cls(be_year(day.year) + (day.month >= FIRST_MONTH))

    @property
    def start(self) -> date:
        """1 October of the year before."""
        return date(gregorian_year(self.be) - 1, FIRST_MONTH, 1)

    @property
    def end(self) -> date:
        """30 September."""
        return date(gregorian_year(self.be), FIRST_MONTH - 1, 30)

    @property
    def span(self) -> Span:
        """First to last day."""
        return Span(self.start, self.end)

    def month(self, month: int) -> Span:
        """Days of calendar month 1 to 12 within this fiscal year; October to December lie in the year before."""
        return _month(self.be, month)

    def months(self) -> Iterator[int]:
        """Calendar months in fiscal order: 10, 11, 12, 1 … 9."""
        return (((FIRST_MONTH - 1 + n) % 12) + 1 for n in range(12))

    def quarter(self, number: int) -> Span:
        """Days of quarter 1 to 4: 1 is October to December."""
        return _quarter(self.be, number)

    def quarter_of(self, day: date) -> int:
        """Quarter (1 to 4) of a day of this year."""
        return next(number for number in QUARTERS if day in self.quarter(number))

    def quarters_touched(self, span: Span) -> tuple[int, ...]:
        """Quarters of this year that share a day with `span`, in order."""
        return tuple(number for number in QUARTERS if self.quarter(number).overlaps(span))

    def shifted(self, day: date, to: FiscalYear) -> date:
        """Carry `day` into another fiscal year: same month and day, 29 February becomes 28 where it must."""
        year = day.year + to.be - self.be
        return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))

    def __str__(self) -> str:
        """`ปีงบประมาณ พ.ศ. ๒๕๖๖`."""
        return f"ปีงบประมาณ พ.ศ. {thai_digits(self.be)}"


@lru_cache(maxsize=256)  # a page asks for the same few months a thousand times
def _month(be: int, month: int) -> Span:
    year = gregorian_year(be) - (month >= FIRST_MONTH)
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=128)  # as above
def _quarter(be: int, number: int) -> Span:
    first = (FIRST_MONTH - 1 + 3 * (number - 1)) % 12 + 1
    return Span(_month(be, first).start, _month(be, first + 2).end)

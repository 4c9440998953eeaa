"""A rehearsed year as a calendar: every month a table of its weeks, the days shaded by their letters."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.fiscal import FiscalYear
from domain.workdays import Workdays
from services.rehearsal.rehearse_apart import Played

WEEKDAYS: Final = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")
"""Monday first, as `date.weekday` counts."""
WORKING_WEEK: Final = 5
STEPS: Final = 4
"""How many shades there are besides none."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month's table: how many letters, how dark, and whether the office works."""

    on: date
    letters: int
    shade: int
    is_off: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks with None where another month's days are, and its letters in all and on the fullest day."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    letters: int
    fullest: Day | None


def months(played: Played, workdays: Workdays) -> list[Month]:
    """The months from the first of the fiscal year to that of the last letter."""
    letters = {day.on: day.letters for day in played.days}
    most = max(letters.values(), default=0)
    width = WORKING_WEEK if all(day.weekday() < WORKING_WEEK for day in letters) else len(WEEKDAYS)
    year = FiscalYear(played.fiscal_year_be)
    last = max([year.end, *letters])
    return [_month(first, letters, most, width, workdays) for first in _firsts(year.start, last)]


def _firsts(start: date, last: date) -> Iterator[date]:
    first = start.replace(day=1)
    while first <= last:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


def _month(first: date, letters: Mapping[date, int], most: int, width: int, workdays: Workdays) -> Month:
    def day(number: int) -> Day | None:
        if number == 0:
            return None
        on = first.replace(day=number)
        count = letters.get(on, 0)
        return Day(on, count, shade(count, most), not workdays.is_workday(on))

    weeks = [tuple(map(day, week[:width])) for week in calendar.monthcalendar(first.year, first.month)]
    full_weeks = tuple(week for week in weeks if any(week))
    days = [day for week in full_weeks for day in week if day and day.letters]
    fullest = max(days, key=lambda day: day.letters, default=None)
    return Month(first, full_weeks, sum(day.letters for day in days), fullest)


def shade(letters: int, most: int) -> int:
    """0 without letters, 1 to `STEPS` in equal parts up to the fullest day."""
    return -(-letters * STEPS // most) if letters else 0

"""Working days: weekends, official holidays and the office's own exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.thai import BANGKOK

SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HolidayOverride:
    """One day the office decides differently from the official list, and why."""

    day: date
    is_holiday: bool
    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Workdays:
    """Calendar of one office: which days count, and the hours at which notices leave and deadlines fall.

    Args:
        holidays: Day to Thai name; weekends need not be in it.
        working_weekend: Saturdays and Sundays on which the office is open all the same (วันทำงานชดเชย).
        notify_at: Local time at which notices of a day become due.
        close_at: Local time at which a deadline's day ends.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    zone: ZoneInfo = BANGKOK
    notify_at: time = time(8, 30)
    close_at: time = time(16, 30)
    working_weekend: frozenset[date] = frozenset()
    _added: dict[tuple[date, int], date] = field(default_factory=dict, init=False, repr=False, compare=False)
    _counted: dict[tuple[date, date], int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def build(
        cls,
        official: Mapping[date, str],
        overrides: Iterable[HolidayOverride] = (),
        *,
        zone: ZoneInfo = BANGKOK,
        notify_at: time = time(8, 30),
        close_at: time = time(16, 30),
    ) -> Workdays:
        """Calendar from the official list and the office's overrides, which win."""
        last = {override.day: override for override in overrides}
        days = dict(official)
        for override in last.values():
            if override.is_holiday:
                days[override.day] = override.name
            else:
                days.pop(override.day, None)
        open_anyway = frozenset(o.day for o in last.values() if not o.is_holiday and o.day.weekday() >= SATURDAY)
        return cls(days, zone, notify_at, close_at, open_anyway)

    def is_workday(self, day: date) -> bool:
        """Tell whether the office is open on `day`."""
        if day.weekday() < SATURDAY:
            return day not in self.holidays
        return day in self.working_weekend

    def on_or_after(self, day: date) -> date:
        """First working day from `day` on, `day` included."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def add(self, day: date, count: int) -> date:
        """Working day that is `count` working days after `day` (before it, if negative).

        `day` itself is never counted; it may be a holiday. With `count` 0 the answer is the first working
        day from `day` on.
        """
        reached = self._added.get((day, count))
        if reached is None:
            reached = self._added[day, count] = self._walk(day, count)
        return reached

    def _walk(self, day: date, count: int) -> date:
        if count == 0:
            return self.on_or_after(day)
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        count = self._counted.get((start, end))
        if count is None:
            count = self._counted[start, end] = self._count(start, end)
        return count

    def _count(self, start: date, end: date) -> int:
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)

    def notice_instant(self, day: date) -> datetime:
        """Instant, in UTC-aware local zone, at which the notices of `day` become due."""
        return datetime.combine(day, self.notify_at, self.zone)

    def closing_instant(self, day: date) -> datetime:
        """Instant at which a deadline on `day` has passed."""
        return datetime.combine(day, self.close_at, self.zone)

    def local_day(self, instant: datetime) -> date:
        """Date of an aware instant in the office's zone."""
        return instant.astimezone(self.zone).date()

    def is_in_hours(self, instant: datetime) -> bool:
        """Tell whether an aware instant lies in the hours of a working day, in which people are told."""
        day = self.local_day(instant)
        return self.is_workday(day) and self.notice_instant(day) <= instant < self.closing_instant(day)

    def summary_day(self, day: date) -> date | None:
        """The working day of the week of `day` on which the top is told: the first; None in a week without one."""
        monday = day - day.weekday() * ONE_DAY
        week = (monday + ahead * ONE_DAY for ahead in range(7))
        return next((each for each in week if self.is_workday(each)), None)

    def letter_day(self, instant: datetime) -> date:
        """Working day on which a letter of an aware instant can leave: from the closing hour on, the next."""
        day = self.local_day(instant)
        if instant >= self.closing_instant(day):
            day += ONE_DAY
        return self.on_or_after(day)

    def days_given(self, instant: datetime, count: int) -> date:
        """Last of `count` working days that a rule gives at an aware instant.

        They are counted from the day on which the person's letter can leave, that day not counted
        (docs/escalation.md).
        """
        return self.add(self.letter_day(instant), count)

"""Working days, hours and the office's summary day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

OPENS = time(8, 30)
SHUTS = time(16, 30)
DAY = timedelta(days=1)
SUNDAY = 6

# Days off of local authorities in fiscal year 2566 and the quarter after it. The first of May is no
# day off of the civil service; 30 December 2022, 5 May, 31 July and 29 December 2023 are the cabinet's.
DAYS_OFF_2566 = frozenset(
    [
        date(2022, 10, 13),
        date(2022, 10, 14),
        date(2022, 10, 24),
        date(2022, 12, 5),
        date(2022, 12, 12),
        date(2022, 12, 30),
        date(2023, 1, 2),
        date(2023, 3, 6),
        date(2023, 4, 6),
        date(2023, 4, 13),
        date(2023, 4, 14),
        date(2023, 4, 17),
        date(2023, 5, 4),
        date(2023, 5, 5),
        date(2023, 5, 17),
        date(2023, 6, 5),
        date(2023, 7, 28),
        date(2023, 7, 31),
        date(2023, 8, 1),
        date(2023, 8, 2),
        date(2023, 8, 14),
        date(2023, 10, 13),
        date(2023, 10, 23),
        date(2023, 12, 5),
        date(2023, 12, 11),
        date(2023, 12, 29),
        date(2024, 1, 1),
        date(2024, 1, 2),
    ]
)


@dataclass
class Calendar:
    """The days off that the office has today; weekends are off without being written."""

    off: set[date] = field(default_factory=lambda: set(DAYS_OFF_2566))

    def is_working(self, day: date) -> bool:
        return day.weekday() < SUNDAY - 1 and day not in self.off

    def on_or_after(self, day: date) -> date:
        """Give the day itself, or the next working day."""
        while not self.is_working(day):
            day += DAY
        return day

    def after(self, day: date, count: int) -> date:
        """Give the `count`-th working day after a day, that day not counted."""
        for _ in range(count):
            day = self.on_or_after(day + DAY)
        return day

    def before(self, day: date, count: int) -> date:
        """Give the `count`-th working day before a day."""
        for _ in range(count):
            day -= DAY
            while not self.is_working(day):
                day -= DAY
        return day

    def count(self, after: date, through: date) -> int:
        """Count the working days after one day up to another, that one counted."""
        found = 0
        while after < through:
            after += DAY
            found += self.is_working(after)
        return found


def is_in_hours(calendar: Calendar, at: datetime) -> bool:
    """Tell whether a letter leaves at once.

    "Hours are 08:30 ≤ t < 16:30 on working days; gathered before 16:30 leaves (16:29 Friday: today; 16:30: Monday
    08:30)".
    """
    return calendar.is_working(at.date()) and OPENS <= at.time() < SHUTS


def letter_day(calendar: Calendar, at: datetime) -> date:
    """Give the working day on which a letter of this instant can leave.

    "… the working day on which the person's letter can leave (after 16:30: the next)".
    """
    if calendar.is_working(at.date()) and at.time() < SHUTS:
        return at.date()
    return calendar.on_or_after(at.date() + DAY)


def days_that_a_rule_gives(calendar: Calendar, at: datetime, count: int) -> date:
    """Give the last of the days that are given at an instant.

    "Days that a rule gives (`least_to_act`, `correction`, acknowledgment, deciders) are counted from the working day
    on which the person's letter can leave (after 16:30: the next), that day not counted".
    """
    return calendar.after(letter_day(calendar, at), count)


def day_of_hand_in(calendar: Calendar, at: datetime) -> date:
    """Give the working day for which a hand-in counts: "a hand-in at 16:30 sharp is in time"."""
    if calendar.is_working(at.date()) and at.time() <= SHUTS:
        return at.date()
    return calendar.on_or_after(at.date() + DAY)


def days_late(calendar: Calendar, due: date, at: datetime) -> int:
    """Count the working days after the deadline up to the day of an act, that day counted."""
    return calendar.count(due, day_of_hand_in(calendar, at))


def week_of(day: date) -> date:
    """Give the Monday of a day's week, which names the week."""
    return day - day.weekday() * DAY


def summary_day(calendar: Calendar, day: date) -> date | None:
    """Give the summary day of a day's week, or None for a week without one.

    "… the office's summary day (Monday; if off, the next working day of that week; a week without one is skipped)".
    """
    for later in range(SUNDAY + 1):
        if calendar.is_working(week_of(day) + later * DAY):
            return week_of(day) + later * DAY
    return None

"""Why a deadline stands where it does: the plan's day, days that a rule gives, a day that a person set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.fiscal import Span
from domain.workdays import Workdays


class GroundKind(StrEnum):
    """What gives a day."""

    PLAN = "plan"
    """`report_due` working days after the period."""
    DAYS = "days"
    """Working days that a rule gives, from the day on which the person's letter can leave."""
    SET = "set"
    """A day that a person granted or set."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for a deadline. It is kept, not its day: a change of the calendar works the day out anew.

    Attributes:
        day: Local date: of DAYS the one from which they are counted, of SET the day itself; None of PLAN.
        count: Working days, of DAYS.
    """

    kind: GroundKind
    day: date | None = None
    count: int = 0

    @classmethod
    def of_rule(cls, workdays: Workdays, now: datetime, count: int) -> Ground:
        """The ground of `count` working days that a rule gives at `now`, an aware instant."""
        return cls(GroundKind.DAYS, workdays.letter_day(now), count)

    def means(self, period: Span, report_due: int, workdays: Workdays) -> date:
        """The working day that the ground gives on a calendar, for an assignment of a period."""
        if self.day is None:
            return workdays.add(period.end, report_due)
        return workdays.add(self.day, self.count)


BY_PLAN: Final = Ground(GroundKind.PLAN)


def latest(grounds: Iterable[Ground], period: Span, report_due: int, workdays: Workdays) -> date:
    """The deadline that several grounds give together: the latest of their days."""
    return max(ground.means(period, report_due, workdays) for ground in grounds)

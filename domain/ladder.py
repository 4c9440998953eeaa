"""The ladder: who is told on which working day before and after a deadline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field, model_validator

from domain.people import Level
from domain.values import Value
from domain.workdays import ONE_DAY, Workdays

NO_RUNG: Final = -1
"""Index before the first rung: nobody has been told yet."""


class Rung(Value):
    """One step of the ladder.

    Attributes:
        offset: Working days from the deadline; negative before it, 0 on its day.
        to: Levels that are told.
    """

    offset: int
    to: Annotated[tuple[Level, ...], Field(min_length=1)]

    @property
    def is_escalation(self) -> bool:
        """Tell whether the deadline has passed when it fires, so that an acknowledgment silences it."""
        return self.offset > 0


class Ladder(Value):
    """Rungs in order of time. The last one after the deadline falls on the office's weekly summary day.

    Attributes:
        repeat_every: None where the last rung is said once; otherwise it is repeated in every summary. The number is
            what an office had chosen before there was one.
        acknowledgment_lasts: Working days for which an acknowledgment silences the escalation.
    """

    rungs: Annotated[tuple[Rung, ...], Field(min_length=1)]
    repeat_every: Annotated[int, Field(ge=1)] | None = 5
    acknowledgment_lasts: Annotated[int, Field(ge=1)] = 5

    @model_validator(mode="after")
    def _in_order_of_time(self) -> Ladder:
        offsets = [rung.offset for rung in self.rungs]
        if offsets != sorted(set(offsets)):
            raise ValueError("the rungs of a ladder must be in order of time, each offset once")
        return self

    @property
    def is_repeated(self) -> bool:
        """Tell whether the last rung comes again every week."""
        return self.repeat_every is not None

    def day(self, index: int, due_on: date, workdays: Workdays) -> date:
        """Working day of rung `index` for a deadline; the last one is said with the first summary at or after it."""
        return workdays.add(due_on, self.rungs[index].offset)

    def reached(self, due_on: date, workdays: Workdays, now: datetime) -> int:
        """Index of the last rung whose instant is at or before `now`; NO_RUNG before the first.

        Counted from the deadline and the clock alone, so that a missed run costs nothing.
        """
        day = workdays.local_day(now)
        return self.reached_by(due_on, workdays, day if workdays.notice_instant(day) <= now else day - ONE_DAY)

    def reached_by(self, due_on: date, workdays: Workdays, day: date) -> int:
        """Index of the last rung whose day is at or before a local date; NO_RUNG before the first."""
        come = [index for index in range(len(self.rungs)) if self.day(index, due_on, workdays) <= day]
        return come[-1] if come else NO_RUNG


DEFAULT_LADDER: Final = Ladder(
    rungs=(
        Rung(offset=-7, to=(Level.OFFICER,)),
        Rung(offset=-1, to=(Level.OFFICER,)),
        Rung(offset=0, to=(Level.OFFICER,)),
        Rung(offset=1, to=(Level.OFFICER, Level.HEAD)),
        Rung(offset=3, to=(Level.CLERK,)),
        Rung(offset=7, to=(Level.MAYOR,)),
    )
)

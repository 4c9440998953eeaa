"""The ladder: who is told on which working day before and after a deadline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field, model_validator

from domain.people import Level
from domain.values import Value
from domain.workdays import Workdays

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
    """Rungs in order of time, then a repetition of the last one.

    Attributes:
        repeat_every: Working days between repetitions at the top; None for no repetition.
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

    def rung(self, index: int) -> Rung:
        """Rung `index`, counted on into the repetitions of the last one."""
        if index < len(self.rungs):
            return self.rungs[index]
        return Rung(offset=self.offset(index), to=self.rungs[-1].to)

    def offset(self, index: int) -> int:
        """Working days from the deadline at which rung `index` fires, repetitions counted on."""
        beyond = index - len(self.rungs) + 1
        if beyond <= 0:
            return self.rungs[index].offset
        return self.rungs[-1].offset + beyond * (self.repeat_every or 0)

    def day(self, index: int, due_on: date, workdays: Workdays) -> date:
        """Working day on which rung `index` fires for a deadline."""
        return workdays.add(due_on, self.offset(index))

    def reached(self, due_on: date, workdays: Workdays, now: datetime) -> int:
        """Index of the last rung whose instant is at or before `now`; NO_RUNG before the first.

        Counted from the deadline and the clock alone, so that a missed run costs nothing.
        """
        index = NO_RUNG
        while (self.has(index + 1)) and workdays.notice_instant(self.day(index + 1, due_on, workdays)) <= now:
            index += 1
        return index

    def has(self, index: int) -> bool:
        """Tell whether there is a rung `index`, repetitions included."""
        return index < len(self.rungs) or self.repeat_every is not None


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

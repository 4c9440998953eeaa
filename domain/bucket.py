"""Where an assignment lies: what the clock and the people make of its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.assignment import ACTIONABLE, Assignment, State
from domain.workdays import ONE_DAY, Workdays

SOON: Final = timedelta(days=10)


class Bucket(StrEnum):
    """Places of a list, the most urgent first."""

    LATE = "late"
    RETURNED = "returned"
    SOON = "soon"
    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    CANNOT = "cannot"
    CANCELLED = "cancelled"


TO_DO: Final = (Bucket.LATE, Bucket.RETURNED, Bucket.SOON, Bucket.OPEN)
"""Buckets of what the division must do, the most urgent first."""

BY_STATE: Final = {
    State.HANDED_IN: Bucket.WAITING,
    State.ACCEPTED: Bucket.DONE,
    State.CANNOT_DO_STATED: Bucket.WAITING,
    State.CANNOT_DO: Bucket.CANNOT,
    State.CANCELLED: Bucket.CANCELLED,
}
"""Buckets in which the clock has no say."""


@dataclass(frozen=True, slots=True)
class Today:
    """Two days by which a database can tell the buckets apart as the clock does.

    Attributes:
        late_until: Last local day whose closing hour has passed.
        soon_until: Last local day whose closing hour comes soon.
    """

    late_until: date
    soon_until: date

    @classmethod
    def of(cls, workdays: Workdays, now: datetime) -> Today:
        """The days at `now`; exactly at the closing hour a deadline has not passed."""
        day, ahead = workdays.local_day(now), workdays.local_day(now + SOON)
        return cls(
            late_until=day if workdays.closing_instant(day) < now else day - ONE_DAY,
            soon_until=ahead if workdays.closing_instant(ahead) <= now + SOON else ahead - ONE_DAY,
        )

    def bucket(self, assignment: Assignment) -> Bucket:
        """Where an assignment lies."""
        return self.bucket_at(assignment.state, assignment.due_on)

    def bucket_at(self, state: State, due_on: date) -> Bucket:
        """Where an assignment lies that is in a state and due on a day."""
        if state not in ACTIONABLE:
            return BY_STATE.get(state, Bucket.OPEN)
        if due_on <= self.late_until:
            return Bucket.LATE
        if state is State.RETURNED:
            return Bucket.RETURNED
        return Bucket.SOON if due_on <= self.soon_until else Bucket.OPEN

"""One step, one division, one period: its deadline, its state and what people decided about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.errors import SucharitError
from domain.fiscal import Span
from domain.ladder import NO_RUNG, Ladder
from domain.submission import CannotDoReason, ExtensionRequest, Submission
from domain.workdays import Workdays


class State(StrEnum):
    """Stored facts only. Due soon and overdue are not states: the clock decides them."""

    PLANNED = "planned"
    """รอดำเนินการ: in the plan, not opened yet; such an assignment is computed, never stored."""
    OPEN = "open"
    """อยู่ระหว่างดำเนินการ: the division must act."""
    HANDED_IN = "handed_in"
    """รอตรวจ: result and evidence are there; the supervisor must act."""
    RETURNED = "returned"
    """ส่งกลับแก้ไข: sent back with a reason; the division must act."""
    ACCEPTED = "accepted"
    """ดำเนินการแล้วเสร็จ: final, counts as done."""
    CANNOT_DO = "cannot_do"
    """ไม่สามารถดำเนินการได้: with the official reason; the supervisor may send it back."""
    CANCELLED = "cancelled"
    """ยกเลิก: taken out of the plan."""

    @property
    def label(self) -> str:
        """The state in Thai."""
        return _STATE_LABELS[self]


_STATE_LABELS: Final = {
    State.PLANNED: "รอดำเนินการ",
    State.OPEN: "อยู่ระหว่างดำเนินการ",
    State.HANDED_IN: "รอตรวจ",
    State.RETURNED: "ส่งกลับแก้ไข",
    State.ACCEPTED: "ดำเนินการแล้วเสร็จ",
    State.CANNOT_DO: "ไม่สามารถดำเนินการได้",
    State.CANCELLED: "ยกเลิก",
}

ACTIONABLE: Final = frozenset({State.OPEN, State.RETURNED})
"""States in which the division must act; only here does the ladder run."""

FINAL: Final = frozenset({State.ACCEPTED, State.CANCELLED})
"""States that no move leaves."""


class StaleError(SucharitError):
    """Somebody else changed the assignment since it was read."""

    english = "{id} was changed by somebody else meanwhile. Nothing was overwritten: read it again and repeat."
    thai = "มีผู้อื่นแก้ไขงานนี้ไปแล้ว ระบบไม่ได้เขียนทับ โปรดเปิดใหม่แล้วทำรายการอีกครั้ง"


class IncompleteError(SucharitError):
    """A move lacks something it needs."""

    english = "{id}: {what} is missing. {remedy}"
    thai = "ยังขาด{what} {remedy}"


@dataclass(frozen=True, slots=True)
class Period:
    """The days an assignment reports on.

    Attributes:
        key: `q1`, `m10`, `h1`, `y` or `once`.
        quarter: Quarter (1 to 4) in whose report it is printed.
    """

    key: str
    label: str
    span: Span
    quarter: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """One step × one division × one period, with its deadline, state and frozen ladder.

    Attributes:
        id: `2570-m3.1-chang-q1`: unique within the office, the same wherever it is named.
        due_on: Local date; the deadline passes at the office's closing time.
        deadline_version: Grows whenever `due_on` changes; part of every notice's key.
        rung: Index of the last rung that fired for this deadline.
        version: Grows with every stored change; compare-and-set checks it.
        round: Grows with every return, so that a second round is told anew.
        late_workdays: Most working days by which a hand-in came after its deadline.
        acknowledged_until: Local date on which a supervisor's acknowledgment lapses (in the morning).
    """

    id: str
    fiscal_year_be: int
    measure_key: str
    step_key: str
    division: str
    period: Period
    due_on: date
    ladder: Ladder
    plan_revision: int
    state: State = State.OPEN
    version: int = 1
    deadline_version: int = 1
    rung: int = NO_RUNG
    round: int = 1
    opened_at: datetime | None = None
    handed_in_at: datetime | None = None
    handed_in_by: str = ""
    late_workdays: int = 0
    submission: Submission | None = None
    cannot_do: CannotDoReason | None = None
    reason: str = ""
    extension: ExtensionRequest | None = None
    acknowledged_until: date | None = None
    acknowledged_by: str = ""

    def is_overdue(self, workdays: Workdays, now: datetime) -> bool:
        """Tell whether the division must act and the deadline has passed at `now`."""
        return self.state in ACTIONABLE and workdays.closing_instant(self.due_on) < now

    def is_due_soon(self, workdays: Workdays, now: datetime, within: timedelta = timedelta(days=10)) -> bool:
        """Tell whether the division must act and the deadline comes within `within` (calendar days)."""
        left = workdays.closing_instant(self.due_on) - now
        return self.state in ACTIONABLE and timedelta(0) <= left <= within

    def is_acknowledged(self, workdays: Workdays, now: datetime) -> bool:
        """Tell whether an acknowledgment silences the escalation; it lapses exactly at the notice hour of its day.

        A day that has become a holiday since is put off to the next working day.
        """
        until = self.acknowledged_until
        return until is not None and now < workdays.notice_instant(workdays.on_or_after(until))

    def workdays_late(self, workdays: Workdays, done_at: datetime) -> int:
        """Working days by which something done at `done_at` is late; 0 exactly as long as the deadline has not passed.

        After the closing hour and on a day off it counts for the next working day.
        """
        if done_at <= workdays.closing_instant(self.due_on):
            return 0
        day = workdays.local_day(done_at)
        if done_at > workdays.closing_instant(day):
            day += timedelta(days=1)
        return workdays.between(self.due_on, workdays.on_or_after(day))


def replan(assignment: Assignment, due_on: date, workdays: Workdays, now: datetime) -> Assignment:
    """Change the deadline: notices are counted from the new one, and rungs of it that lie behind stay silent.

    The version is the caller's: a deadline changes as part of a move.
    """
    return replace(
        assignment,
        due_on=due_on,
        deadline_version=assignment.deadline_version + 1,
        rung=assignment.ladder.reached(due_on, workdays, now),
    )

"""One step, one division, one period: what people decide about it, and the table of all moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.errors import SucharitError
from domain.figures import Answer
from domain.fiscal import Span
from domain.ladder import NO_RUNG, Ladder
from domain.thai import long_date
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


class Move(StrEnum):
    """What a person (or the clock, for OPEN) does to an assignment."""

    OPEN = "open"
    HAND_IN = "hand_in"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ACCEPT = "accept"
    CANNOT_DO = "cannot_do"
    CANCEL = "cancel"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    CHANGE_DEADLINE = "change_deadline"
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"

    @property
    def label(self) -> str:
        """The move in Thai, as one reads it after “ทำรายการ”."""
        return _MOVE_LABELS[self]


_STATE_LABELS: Final = {
    State.PLANNED: "รอดำเนินการ",
    State.OPEN: "อยู่ระหว่างดำเนินการ",
    State.HANDED_IN: "รอตรวจ",
    State.RETURNED: "ส่งกลับแก้ไข",
    State.ACCEPTED: "ดำเนินการแล้วเสร็จ",
    State.CANNOT_DO: "ไม่สามารถดำเนินการได้",
    State.CANCELLED: "ยกเลิก",
}
_MOVE_LABELS: Final = {
    Move.OPEN: "เริ่มดำเนินการ",
    Move.HAND_IN: "รายงานผล",
    Move.WITHDRAW: "ถอนรายงานผล",
    Move.RETURN: "ส่งกลับแก้ไข",
    Move.ACCEPT: "เห็นชอบ",
    Move.CANNOT_DO: "แจ้งว่าไม่สามารถดำเนินการได้",
    Move.CANCEL: "ยกเลิก",
    Move.ASK_EXTENSION: "ขอขยายเวลา",
    Move.GRANT_EXTENSION: "อนุมัติขยายเวลา",
    Move.REFUSE_EXTENSION: "ไม่อนุมัติขยายเวลา",
    Move.CHANGE_DEADLINE: "เปลี่ยนกำหนด",
    Move.ACKNOWLEDGE: "รับทราบ",
    Move.ESCALATE: "แจ้งผู้บังคับบัญชาตามลำดับชั้น",
}

ACTIONABLE: Final = frozenset({State.OPEN, State.RETURNED})
"""States in which the division must act; only here does the ladder run."""

FINAL: Final = frozenset({State.ACCEPTED, State.CANCELLED})
"""States that no move leaves."""

REPLANS: Final = frozenset(
    {
        Move.WITHDRAW,
        Move.RETURN,
        Move.GRANT_EXTENSION,
        Move.CHANGE_DEADLINE,
        Move.ACKNOWLEDGE,
    }
)
"""Moves after which something is due at other instants than before: the schedules must follow."""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    (State.PLANNED, Move.OPEN): State.OPEN,
    (State.PLANNED, Move.CANCEL): State.CANCELLED,
    (State.OPEN, Move.HAND_IN): State.HANDED_IN,
    (State.OPEN, Move.CANNOT_DO): State.CANNOT_DO,
    (State.OPEN, Move.CANCEL): State.CANCELLED,
    (State.RETURNED, Move.HAND_IN): State.HANDED_IN,
    (State.RETURNED, Move.CANNOT_DO): State.CANNOT_DO,
    (State.RETURNED, Move.CANCEL): State.CANCELLED,
    (State.HANDED_IN, Move.WITHDRAW): State.OPEN,
    (State.HANDED_IN, Move.RETURN): State.RETURNED,
    (State.HANDED_IN, Move.ACCEPT): State.ACCEPTED,
    (State.HANDED_IN, Move.CANCEL): State.CANCELLED,
    (State.CANNOT_DO, Move.RETURN): State.RETURNED,
    (State.CANNOT_DO, Move.CANCEL): State.CANCELLED,
    (State.CANCELLED, Move.OPEN): State.OPEN,  # a revision asks again for what an earlier one dropped
    (State.OPEN, Move.ASK_EXTENSION): State.OPEN,
    (State.OPEN, Move.GRANT_EXTENSION): State.OPEN,
    (State.OPEN, Move.REFUSE_EXTENSION): State.OPEN,
    (State.OPEN, Move.CHANGE_DEADLINE): State.OPEN,
    (State.OPEN, Move.ACKNOWLEDGE): State.OPEN,
    (State.OPEN, Move.ESCALATE): State.OPEN,
    (State.RETURNED, Move.ASK_EXTENSION): State.RETURNED,
    (State.RETURNED, Move.GRANT_EXTENSION): State.RETURNED,
    (State.RETURNED, Move.REFUSE_EXTENSION): State.RETURNED,
    (State.RETURNED, Move.CHANGE_DEADLINE): State.RETURNED,
    (State.RETURNED, Move.ACKNOWLEDGE): State.RETURNED,
    (State.RETURNED, Move.ESCALATE): State.RETURNED,
}


class CannotDoReason(StrEnum):
    """The four reasons officials know from the NACC's reporting form (research, thai-domain 2)."""

    NO_BUDGET = "no_budget"
    POLICY_CHANGED = "policy_changed"
    NO_STAFF = "no_staff"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The reason as the form words it."""
        return _REASON_LABELS[self]


_REASON_LABELS: Final = {
    CannotDoReason.NO_BUDGET: "ไม่ได้รับงบประมาณ",
    CannotDoReason.POLICY_CHANGED: "นโยบายผู้บริหารเปลี่ยนแปลง",
    CannotDoReason.NO_STAFF: "บุคลากรไม่เพียงพอ",
    CannotDoReason.OTHER: "อื่น ๆ",
}


class MoveRefusedError(SucharitError):
    """The table has no such move from this state."""

    english = "{id} is “{state}”, so “{move}” is not possible. Look at its present state and choose again."
    thai = "งานนี้อยู่ในสถานะ “{state}” จึงทำรายการ “{move}” ไม่ได้ โปรดดูสถานะปัจจุบันแล้วเลือกใหม่"


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
class Submission:
    """What a division reports. Problems and suggestions are text, or `ไม่มี` confirmed by a person.

    Attributes:
        effective_on: Local date to which the result belongs, which may be earlier than the day of handing in.
        evidence: SHA-256 of each file, in the order given.
    """

    result: str
    problems: Answer
    suggestions: Answer
    effective_on: date
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """A division asks for a later deadline."""

    due_on: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """One step × one division × one period, with its deadline, state and frozen ladder.

    Attributes:
        id: `2570-m3.1-chang-q1`: unique within the office, the same wherever it is named.
        due_on: Local date; the deadline passes at the office's closing time.
        deadline_version: Grows whenever `due_on` changes; part of every notice's key.
        rung: Index of the last rung that fired for this deadline.
        version: Grows with every stored change; compare-and-set checks it.
        visit: Grows with every return, so that a second round is told anew.
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
    visit: int = 1
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

    def workdays_late(self, workdays: Workdays, at: datetime) -> int:
        """Working days by which something done at `at` is late; 0 exactly as long as the deadline has not passed.

        After the closing hour and on a day off it counts for the next working day.
        """
        if at <= workdays.closing_instant(self.due_on):
            return 0
        day = workdays.local_day(at)
        if at > workdays.closing_instant(day):
            day += timedelta(days=1)
        return workdays.between(self.due_on, workdays.on_or_after(day))


def apply(assignment: Assignment, move: Move, **changes: object) -> Assignment:
    """Make one move by the table; `changes` are the fields the move carries.

    Raises:
        MoveRefusedError: The table has no such move from this state.
    """
    after = MOVES.get((assignment.state, move))
    if after is None:
        raise MoveRefusedError(
            id=assignment.id,
            state=assignment.state,
            state_thai=assignment.state.label,
            move=move,
            move_thai=move.label,
        )
    return replace(assignment, state=after, version=assignment.version + 1, **changes)  # type: ignore[arg-type]


def open_again(assignment: Assignment, *, at: datetime) -> Assignment:
    """Open as if it were new what an earlier revision of the plan had dropped.

    Raises:
        MoveRefusedError: The division is at it, or has done it.
    """
    return apply(
        assignment,
        Move.OPEN,
        opened_at=at,
        submission=None,
        cannot_do=None,
        reason="",
        extension=None,
        acknowledged_until=None,
        acknowledged_by="",
    )


def hand_in(assignment: Assignment, submission: Submission, *, by: str, at: datetime, workdays: Workdays) -> Assignment:
    """Hand the result in. Lateness is settled here, against the deadline in force now.

    Raises:
        MoveRefusedError: The division need not act.
        IncompleteError: The result is empty, or a heading is neither answered nor confirmed as `ไม่มี`.
    """
    if not submission.result.strip():
        raise IncompleteError(
            id=assignment.id,
            what="the result",
            what_thai="ผลการดำเนินการ",
            remedy="Write what was done.",
            remedy_thai="โปรดระบุว่าได้ดำเนินการอะไรแล้ว",
        )
    # An accepted assignment is final: a heading left open here would keep its report a draft for ever.
    for what, what_thai, answer in (
        ("the answer about problems", "ปัญหา อุปสรรค", submission.problems),
        ("the answer about suggestions", "ข้อเสนอแนะ", submission.suggestions),
    ):
        if not answer.is_answered:
            raise IncompleteError(
                id=assignment.id,
                what=what,
                what_thai=what_thai,
                remedy="Write it, or confirm “ไม่มี”.",
                remedy_thai="โปรดระบุ หรือยืนยันว่า “ไม่มี”",
            )
    return apply(
        assignment,
        Move.HAND_IN,
        submission=submission,
        handed_in_at=at,
        handed_in_by=by,
        late_workdays=max(assignment.late_workdays, assignment.workdays_late(workdays, at)),
        reason="",
        cannot_do=None,
        acknowledged_until=None,
        extension=None,
    )


def return_(assignment: Assignment, *, reason: str, at: datetime, workdays: Workdays, correction: int) -> Assignment:
    """Send back with a reason. The division gets at least `correction` working days.

    Raises:
        IncompleteError: The reason is empty.
        MoveRefusedError: There is nothing to send back.
    """
    _need_reason(assignment, reason, remedy="Say what must be corrected.", remedy_thai="โปรดระบุสิ่งที่ต้องแก้ไข")
    moved = apply(assignment, Move.RETURN, reason=reason.strip(), visit=assignment.visit + 1, cannot_do=None)
    due_on = max(moved.due_on, workdays.add(workdays.local_day(at), correction))
    return replan(moved, due_on, workdays, at) if due_on != moved.due_on else moved


def state_cannot_do(assignment: Assignment, kind: CannotDoReason, *, reason: str) -> Assignment:
    """State that the step cannot be carried out, with the official reason.

    Raises:
        IncompleteError: OTHER without an explanation.
        MoveRefusedError: The division need not act.
    """
    if kind is CannotDoReason.OTHER and not reason.strip():
        raise IncompleteError(
            id=assignment.id,
            what="an explanation",
            what_thai="คำอธิบายเหตุผล",
            remedy="“Other” needs words.",
            remedy_thai="เหตุผล “อื่น ๆ” ต้องมีคำอธิบาย",
        )
    return apply(
        assignment, Move.CANNOT_DO, cannot_do=kind, reason=reason.strip(), extension=None, acknowledged_until=None
    )


def ask_extension(assignment: Assignment, due_on: date, *, reason: str, by: str, workdays: Workdays) -> Assignment:
    """Ask for a later deadline; a day off moves to the next working day.

    Raises:
        IncompleteError: No reason, or the day is not later than the deadline in force.
        MoveRefusedError: The division need not act.
    """
    _need_reason(assignment, reason, remedy="Say why more time is needed.", remedy_thai="โปรดระบุเหตุผลที่ขอขยายเวลา")
    if due_on <= assignment.due_on:
        raise IncompleteError(
            id=assignment.id,
            what="a later day",
            what_thai="วันที่ใหม่",
            remedy=f"Name a day after {assignment.due_on}.",
            remedy_thai=f"โปรดระบุวันหลังวันที่ {long_date(assignment.due_on)}",
        )
    asked = ExtensionRequest(workdays.on_or_after(due_on), reason.strip(), by)
    return apply(assignment, Move.ASK_EXTENSION, extension=asked)


def decide_extension(
    assignment: Assignment, *, granted: bool, at: datetime, workdays: Workdays, reason: str = ""
) -> Assignment:
    """Grant or refuse the request that waits; a refusal needs a reason.

    Raises:
        IncompleteError: No request waits, or it is refused without a reason.
    """
    asked = assignment.extension
    if asked is None:
        raise IncompleteError(
            id=assignment.id,
            what="a request for more time",
            what_thai="คำขอขยายเวลา",
            remedy="The division must ask first.",
            remedy_thai="ส่วนราชการต้องยื่นคำขอก่อน",
        )
    if not granted:
        remedy, thai = "Say why no more time is granted.", "โปรดระบุเหตุผลที่ไม่อนุมัติ"
        _need_reason(assignment, reason, remedy=remedy, remedy_thai=thai)
        return apply(assignment, Move.REFUSE_EXTENSION, extension=None)
    moved = apply(assignment, Move.GRANT_EXTENSION, extension=None, acknowledged_until=None)
    due_on = workdays.on_or_after(asked.due_on)
    # The deadline may have moved past the day asked for since; granting never takes days away.
    return replan(moved, due_on, workdays, at) if due_on > moved.due_on else moved


def change_deadline(
    assignment: Assignment, due_on: date, *, reason: str, at: datetime, workdays: Workdays
) -> Assignment:
    """Set another deadline, earlier or later; a day off moves to the next working day.

    A request for more time that the new day grants is answered by it; one for a still later day goes on waiting.

    Raises:
        IncompleteError: No reason, a day that has passed, or the deadline in force already.
        MoveRefusedError: The division need not act.
    """
    _need_reason(assignment, reason, remedy="Say why the deadline changes.", remedy_thai="โปรดระบุเหตุผลที่เปลี่ยนกำหนด")
    day = workdays.on_or_after(due_on)
    if day == assignment.due_on or workdays.closing_instant(day) <= at:
        raise IncompleteError(
            id=assignment.id,
            what="another day",
            what_thai="วันที่ใหม่",
            remedy=f"Name a day that is still to come and is not {assignment.due_on}.",
            remedy_thai=f"โปรดระบุวันที่ยังไม่ผ่านไป และไม่ใช่วันที่ {long_date(assignment.due_on)}",
        )
    asked = assignment.extension
    waits = asked if asked is not None and asked.due_on > day else None
    moved = apply(assignment, Move.CHANGE_DEADLINE, extension=waits, acknowledged_until=None, acknowledged_by="")
    return replan(moved, day, workdays, at)


def _need_reason(assignment: Assignment, reason: str, *, remedy: str, remedy_thai: str) -> None:
    if not reason.strip():
        raise IncompleteError(
            id=assignment.id, what="the reason", what_thai="เหตุผล", remedy=remedy, remedy_thai=remedy_thai
        )


def acknowledge(assignment: Assignment, *, by: str, at: datetime, workdays: Workdays) -> Assignment:
    """Take note of an escalation: it is silent until the acknowledgment lapses.

    Raises:
        IncompleteError: The deadline has not passed, so there is nothing to acknowledge.
        MoveRefusedError: The division need not act.
    """
    if assignment.state in ACTIONABLE and not assignment.is_overdue(workdays, at):
        raise IncompleteError(
            id=assignment.id,
            what="an escalation",
            what_thai="การแจ้งที่เลยกำหนด",
            remedy=f"It is due on {assignment.due_on}.",
            remedy_thai=f"ครบกำหนดวันที่ {long_date(assignment.due_on)}",
        )
    until = workdays.add(workdays.local_day(at), assignment.ladder.acknowledgment_lasts)
    return apply(assignment, Move.ACKNOWLEDGE, acknowledged_until=until, acknowledged_by=by)


def replan(assignment: Assignment, due_on: date, workdays: Workdays, at: datetime) -> Assignment:
    """Change the deadline: notices are counted from the new one, and rungs of it that lie behind stay silent.

    The version is the caller's: a deadline changes as part of a move.
    """
    return replace(
        assignment,
        due_on=due_on,
        deadline_version=assignment.deadline_version + 1,
        rung=assignment.ladder.reached(due_on, workdays, at),
    )

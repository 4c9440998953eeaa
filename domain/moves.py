"""The table of all moves, the one function that makes a move, and what each move asks and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.assignment import ACTIONABLE, Assignment, IncompleteError, State, replan
from domain.errors import SucharitError
from domain.submission import CannotDoReason, Submission
from domain.thai import long_date
from domain.workdays import Workdays


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


class MoveRefusedError(SucharitError):
    """The table has no such move from this state."""

    english = "{id} is “{state}”, so “{move}” is not possible. Look at its present state and choose again."
    thai = "งานนี้อยู่ในสถานะ “{state}” จึงทำรายการ “{move}” ไม่ได้ โปรดดูสถานะปัจจุบันแล้วเลือกใหม่"


def apply(assignment: Assignment, move: Move) -> Assignment:
    """Make one move by the table: the state after it, and one version more. What the move carries, its caller sets.

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
    return replace(assignment, state=after, version=assignment.version + 1)


def open_again(assignment: Assignment, *, now: datetime) -> Assignment:
    """Open as if it were new what an earlier revision of the plan had dropped.

    Raises:
        MoveRefusedError: The division is at it, or has done it.
    """
    return replace(
        apply(assignment, Move.OPEN),
        opened_at=now,
        submission=None,
        cannot_do=None,
        reason="",
        extension=None,
        acknowledged_until=None,
        acknowledged_by="",
    )


def hand_in(
    assignment: Assignment, submission: Submission, *, by: str, now: datetime, workdays: Workdays
) -> Assignment:
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
    return replace(
        apply(assignment, Move.HAND_IN),
        submission=submission,
        handed_in_at=now,
        handed_in_by=by,
        late_workdays=max(assignment.late_workdays, assignment.workdays_late(workdays, now)),
        reason="",
        cannot_do=None,
        acknowledged_until=None,
        extension=None,
    )


def return_(assignment: Assignment, *, reason: str, now: datetime, workdays: Workdays, correction: int) -> Assignment:
    """Send back with a reason. The division gets at least `correction` working days.

    Raises:
        IncompleteError: The reason is empty.
        MoveRefusedError: There is nothing to send back.
    """
    need_reason(assignment, reason, remedy="Say what must be corrected.", remedy_thai="โปรดระบุสิ่งที่ต้องแก้ไข")
    moved = apply(assignment, Move.RETURN)
    moved = replace(moved, reason=reason.strip(), round=assignment.round + 1, cannot_do=None)
    due_on = max(moved.due_on, workdays.add(workdays.local_day(now), correction))
    return replan(moved, due_on, workdays, now) if due_on != moved.due_on else moved


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
    moved = apply(assignment, Move.CANNOT_DO)
    return replace(moved, cannot_do=kind, reason=reason.strip(), extension=None, acknowledged_until=None)


def acknowledge(assignment: Assignment, *, by: str, now: datetime, workdays: Workdays) -> Assignment:
    """Take note of an escalation: it is silent until the acknowledgment lapses.

    Raises:
        IncompleteError: The deadline has not passed, so there is nothing to acknowledge.
        MoveRefusedError: The division need not act.
    """
    if assignment.state in ACTIONABLE and not assignment.is_overdue(workdays, now):
        raise IncompleteError(
            id=assignment.id,
            what="an escalation",
            what_thai="การแจ้งที่เลยกำหนด",
            remedy=f"It is due on {assignment.due_on}.",
            remedy_thai=f"ครบกำหนดวันที่ {long_date(assignment.due_on)}",
        )
    until = workdays.add(workdays.local_day(now), assignment.ladder.acknowledgment_lasts)
    return replace(apply(assignment, Move.ACKNOWLEDGE), acknowledged_until=until, acknowledged_by=by)


def need_reason(assignment: Assignment, reason: str, *, remedy: str, remedy_thai: str) -> None:
    """Refuse a move that says nothing of why it is made.

    Raises:
        IncompleteError: The reason is empty; the remedy says what to write.
    """
    if not reason.strip():
        raise IncompleteError(
            id=assignment.id, what="the reason", what_thai="เหตุผล", remedy=remedy, remedy_thai=remedy_thai
        )

"""The table of all moves, the one function that makes a move, and what each move asks and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.assignment import Assignment, IncompleteError, State, come_back
from domain.errors import BadInputError, SucharitError
from domain.office import OfficeSettings
from domain.people import SUPERVISORS, Level
from domain.submission import CannotDoReason, Submission
from domain.thai import long_date
from domain.waiting import Acknowledgment, Wait
from domain.workdays import Workdays


class Move(StrEnum):
    """What a person (or the clock, for OPEN) does to an assignment."""

    OPEN = "open"
    HAND_IN = "hand_in"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ACCEPT = "accept"
    CANNOT_DO = "cannot_do"
    CONFIRM = "confirm"
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
    Move.CONFIRM: "เห็นชอบว่าไม่สามารถดำเนินการได้",
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
"""Moves after which something is due at other instants than before: the schedules must follow.

Not those that something waits for since: the first word to who decides is days away, and schedules are made anew before
every working day.
"""

MOVES: Final[Mapping[tuple[State, Move], State]] = {
    (State.PLANNED, Move.OPEN): State.OPEN,
    (State.PLANNED, Move.CANCEL): State.CANCELLED,
    (State.OPEN, Move.HAND_IN): State.HANDED_IN,
    (State.OPEN, Move.CANNOT_DO): State.CANNOT_DO_STATED,
    (State.OPEN, Move.CANCEL): State.CANCELLED,
    (State.RETURNED, Move.HAND_IN): State.HANDED_IN,
    (State.RETURNED, Move.CANNOT_DO): State.CANNOT_DO_STATED,
    (State.RETURNED, Move.CANCEL): State.CANCELLED,
    (State.HANDED_IN, Move.WITHDRAW): State.OPEN,  # `withdraw` makes it again what it was: sent back stays sent back
    (State.HANDED_IN, Move.RETURN): State.RETURNED,
    (State.HANDED_IN, Move.ACCEPT): State.ACCEPTED,
    (State.HANDED_IN, Move.CANCEL): State.CANCELLED,
    (State.HANDED_IN, Move.ESCALATE): State.HANDED_IN,
    (State.CANNOT_DO_STATED, Move.WITHDRAW): State.OPEN,  # as above
    (State.CANNOT_DO_STATED, Move.CONFIRM): State.CANNOT_DO,
    (State.CANNOT_DO_STATED, Move.RETURN): State.RETURNED,
    (State.CANNOT_DO_STATED, Move.CANCEL): State.CANCELLED,
    (State.CANNOT_DO_STATED, Move.ESCALATE): State.CANNOT_DO_STATED,
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
        returned_reason="",
        withdrawals=0,
        waiting=None,
    )


def hand_in(
    assignment: Assignment, submission: Submission, *, by: str, level: Level, now: datetime, workdays: Workdays
) -> Assignment:
    """Hand the result in. Lateness is settled here, against the deadline in force now; a request for time lapses.

    Args:
        level: The highest level of `by` in the division's line, which says who may decide.

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
        returned_reason=_sent_back_for(assignment),
        waiting=Wait(by, level, workdays.letter_day(now), now),
        extension=None,
    )


def _sent_back_for(assignment: Assignment) -> str:
    return assignment.reason if assignment.state is State.RETURNED else assignment.returned_reason


def withdraw(assignment: Assignment, *, settings: OfficeSettings, now: datetime, workdays: Workdays) -> Assignment:
    """Take back what waits: it is again what it was before, and what was sent back stays so, with its reason.

    Only the first withdrawal of a round gives days, or handing in and taking back would be endless time.

    Raises:
        MoveRefusedError: Nothing waits, or it is decided.
    """
    moved = apply(assignment, Move.WITHDRAW)
    moved = replace(
        moved,
        state=State.RETURNED if assignment.returned_reason else State.OPEN,
        reason=assignment.returned_reason,
        returned_reason="",
        cannot_do=None,
        withdrawals=assignment.withdrawals + 1,
    )
    return come_back(moved, settings, workdays, now, gives_days=assignment.withdrawals == 0)


def return_(
    assignment: Assignment, *, reason: str, by: str, settings: OfficeSettings, now: datetime, workdays: Workdays
) -> Assignment:
    """Send back with a reason: a new round, with at least `correction` working days.

    Raises:
        IncompleteError: The reason is empty.
        MoveRefusedError: There is nothing to send back.
    """
    need_reason(assignment, reason, remedy="Say what must be corrected.", remedy_thai="โปรดระบุสิ่งที่ต้องแก้ไข")
    moved = replace(
        decided(apply(assignment, Move.RETURN), by=by),
        reason=reason.strip(),
        returned_reason="",
        round=assignment.round + 1,
        withdrawals=0,
        cannot_do=None,
    )
    return come_back(moved, settings, workdays, now, gives_days=True)


def decided(assignment: Assignment, *, by: str) -> Assignment:
    """Note who decided what waited; a stored one without a wait has nothing to note it in."""
    waited = assignment.waiting
    return assignment if waited is None else replace(assignment, waiting=replace(waited, decided_by=by))


def state_cannot_do(
    assignment: Assignment,
    kind: CannotDoReason,
    *,
    reason: str,
    by: str,
    level: Level,
    now: datetime,
    workdays: Workdays,
) -> Assignment:
    """State that the step cannot be carried out, with the official reason; a supervisor must agree.

    Args:
        level: The highest level of `by` in the division's line, which says who may decide.

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
    return replace(
        apply(assignment, Move.CANNOT_DO),
        cannot_do=kind,
        reason=reason.strip(),
        returned_reason=_sent_back_for(assignment),
        late_workdays=max(assignment.late_workdays, assignment.workdays_late(workdays, now)),
        waiting=Wait(by, level, workdays.letter_day(now), now),
        extension=None,
    )


class AcknowledgedAlreadyError(BadInputError):
    """An acknowledgment that nobody above has heard of since: the ladder would be silent for ever."""

    english = "You have acknowledged this, and nobody above has been told since. Wait until the next level is told."
    thai = "ท่านได้รับทราบงานนี้แล้ว และยังไม่ถึงกำหนดแจ้งผู้บังคับบัญชาชั้นถัดไป จึงยังต่ออายุการรับทราบไม่ได้"


def acknowledge(
    assignment: Assignment,
    *,
    by: str,
    level: Level,
    is_anybody_above: bool,
    now: datetime,
    workdays: Workdays,
    until: date | None = None,
) -> Assignment:
    """Take note of a lateness: the levels up to one's own, but the officer, are not told through the last day.

    Args:
        level: Highest level at which `by` holds or acts in the division's line.
        is_anybody_above: Whether a level above is filled: then somebody there must have been told before it is
            renewed, otherwise the level itself, again.
        until: Last day, local, where it is named; never more than `acknowledgment_lasts` working days ahead.

    Raises:
        IncompleteError: The deadline has not passed, or the day named has.
        AcknowledgedAlreadyError: Nobody above was told since the last one of the level.
        MoveRefusedError: The division need not act.
    """
    moved = apply(assignment, Move.ACKNOWLEDGE)
    if not assignment.is_overdue(workdays, now):
        raise IncompleteError(
            id=assignment.id,
            what="an escalation",
            what_thai="การแจ้งที่เลยกำหนด",
            remedy=f"It is due on {assignment.due_on}.",
            remedy_thai=f"ครบกำหนดวันที่ {long_date(assignment.due_on)}",
        )
    today = workdays.local_day(now)
    if until is not None and until < today:
        raise IncompleteError(
            id=assignment.id,
            what="a day to come",
            what_thai="วันที่ยังมาไม่ถึง",
            remedy="Name today or a later day.",
            remedy_thai="โปรดระบุวันนี้หรือวันหลังจากนี้",
        )
    earlier = [each for each in assignment.acknowledgments if each.level is level]
    if earlier and not _told_since(assignment, level, earlier[-1].on, is_anybody_above=is_anybody_above):
        raise AcknowledgedAlreadyError
    last = workdays.days_given(now, assignment.ladder.acknowledgment_lasts)
    made = Acknowledgment(by, level, today, last if until is None else min(last, until))
    return replace(
        moved,
        acknowledgments=(*assignment.acknowledgments, made),
        acknowledged_until=made.until,
        acknowledged_by=by,
        told=replace(moved.told, persons=tuple(dict.fromkeys((*moved.told.persons, by)))),
    )


def _told_since(assignment: Assignment, level: Level, day: date, *, is_anybody_above: bool) -> bool:
    """Tell whether the ladder reached somebody above after a day, or the level itself where nobody is above."""
    above = {each for each in SUPERVISORS if each.rank > level.rank} if is_anybody_above else {level}
    return any(told > day for post, told in assignment.told.posts if post in above)


def need_reason(assignment: Assignment, reason: str, *, remedy: str, remedy_thai: str) -> None:
    """Refuse a move that says nothing of why it is made.

    Raises:
        IncompleteError: The reason is empty; the remedy says what to write.
    """
    if not reason.strip():
        raise IncompleteError(
            id=assignment.id, what="the reason", what_thai="เหตุผล", remedy=remedy, remedy_thai=remedy_thai
        )

"""Another deadline: asked for, granted or refused, or set by the supervisor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from domain.assignment import Assignment, IncompleteError, replan
from domain.moves import Move, apply, need_reason
from domain.submission import ExtensionRequest
from domain.thai import long_date
from domain.workdays import Workdays


def ask_extension(assignment: Assignment, due_on: date, *, reason: str, by: str, workdays: Workdays) -> Assignment:
    """Ask for a later deadline; a day off moves to the next working day.

    Raises:
        IncompleteError: No reason, or the day is not later than the deadline in force.
        MoveRefusedError: The division need not act.
    """
    need_reason(assignment, reason, remedy="Say why more time is needed.", remedy_thai="โปรดระบุเหตุผลที่ขอขยายเวลา")
    if due_on <= assignment.due_on:
        raise IncompleteError(
            id=assignment.id,
            what="a later day",
            what_thai="วันที่ใหม่",
            remedy=f"Name a day after {assignment.due_on}.",
            remedy_thai=f"โปรดระบุวันหลังวันที่ {long_date(assignment.due_on)}",
        )
    asked = ExtensionRequest(workdays.on_or_after(due_on), reason.strip(), by)
    return replace(apply(assignment, Move.ASK_EXTENSION), extension=asked)


def decide_extension(
    assignment: Assignment, *, granted: bool, now: datetime, workdays: Workdays, reason: str = ""
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
        need_reason(assignment, reason, remedy=remedy, remedy_thai=thai)
        return replace(apply(assignment, Move.REFUSE_EXTENSION), extension=None)
    moved = replace(apply(assignment, Move.GRANT_EXTENSION), extension=None, acknowledged_until=None)
    due_on = workdays.on_or_after(asked.due_on)
    # The deadline may have moved past the day asked for since; granting never takes days away.
    return replan(moved, due_on, workdays, now) if due_on > moved.due_on else moved


def change_deadline(
    assignment: Assignment, due_on: date, *, reason: str, now: datetime, workdays: Workdays
) -> Assignment:
    """Set another deadline, earlier or later; a day off moves to the next working day.

    A request for more time that the new day grants is answered by it; one for a still later day goes on waiting.

    Raises:
        IncompleteError: No reason, a day that has passed, or the deadline in force already.
        MoveRefusedError: The division need not act.
    """
    need_reason(assignment, reason, remedy="Say why the deadline changes.", remedy_thai="โปรดระบุเหตุผลที่เปลี่ยนกำหนด")
    day = workdays.on_or_after(due_on)
    if day == assignment.due_on or workdays.closing_instant(day) <= now:
        raise IncompleteError(
            id=assignment.id,
            what="another day",
            what_thai="วันที่ใหม่",
            remedy=f"Name a day that is still to come and is not {assignment.due_on}.",
            remedy_thai=f"โปรดระบุวันที่ยังไม่ผ่านไป และไม่ใช่วันที่ {long_date(assignment.due_on)}",
        )
    asked = assignment.extension
    waits = asked if asked is not None and asked.due_on > day else None
    moved = apply(assignment, Move.CHANGE_DEADLINE)
    moved = replace(moved, extension=waits, acknowledged_until=None, acknowledged_by="")
    return replan(moved, day, workdays, now)

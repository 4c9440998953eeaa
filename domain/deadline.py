"""Another deadline: asked for, granted or refused, or set by the supervisor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from domain.assignment import Assignment, IncompleteError, grounds_of, rest_on
from domain.errors import BadInputError
from domain.grounds import Ground, GroundKind
from domain.moves import Move, apply, need_reason
from domain.office import OfficeSettings
from domain.people import Level
from domain.submission import ExtensionRequest
from domain.thai import long_date
from domain.waiting import Wait
from domain.workdays import Workdays


class AskedAlreadyError(BadInputError):
    """Two requests for time of one division: nobody could tell which was decided."""

    english = "Your division has asked for time until {day} already, and it is not decided. Wait for the decision."
    thai = "ส่วนราชการของท่านขอขยายเวลาถึงวันที่ {day} ไว้แล้ว โปรดรอผลการพิจารณา"


def ask_extension(
    assignment: Assignment, due_on: date, *, reason: str, by: str, level: Level, now: datetime, workdays: Workdays
) -> Assignment:
    """Ask for a later deadline; a day off moves to the next working day. Who asks again changes the day only.

    Args:
        level: The highest level of `by` in the division's line, which says who may decide.

    Raises:
        IncompleteError: No reason, or the day is not later than the deadline in force.
        AskedAlreadyError: Somebody else of the division has asked, and it is not decided.
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
    before = assignment.extension
    if before is not None and before.by != by:
        raise AskedAlreadyError(day=before.due_on, day_thai=long_date(before.due_on))
    is_repeated = before is not None and before.wait is not None
    # The deciders' days begin anew with no repeated request, or it would be a way to keep them from counting.
    wait = before.wait if before is not None and is_repeated else Wait(by, level, workdays.letter_day(now), now)
    asked = ExtensionRequest(workdays.on_or_after(due_on), reason.strip(), by, wait)
    return replace(apply(assignment, Move.ASK_EXTENSION), extension=asked)


def decide_extension(
    assignment: Assignment,
    *,
    granted: bool,
    settings: OfficeSettings,
    now: datetime,
    workdays: Workdays,
    reason: str = "",
) -> Assignment:
    """Grant or refuse the request that waits; a refusal needs a reason and gives no days.

    A granted day that has passed or comes sooner becomes `correction` working days from the decision.

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
    moved = replace(apply(assignment, Move.GRANT_EXTENSION), extension=None)
    day = max(asked.due_on, workdays.days_given(now, settings.correction))
    # The deadline may have moved past the day asked for since; granting never takes days away.
    grounds = (*grounds_of(assignment, settings, workdays), Ground(GroundKind.SET, day))
    return rest_on(moved, grounds, settings, workdays, now)


def change_deadline(
    assignment: Assignment,
    due_on: date,
    *,
    reason: str,
    settings: OfficeSettings,
    now: datetime,
    workdays: Workdays,
) -> Assignment:
    """Set another deadline, earlier or later; a day off moves to the next working day.

    A request for more time that the new day grants is answered by it; one for a still later day goes on waiting.

    Raises:
        IncompleteError: No reason, a day that has passed, the deadline in force already, or an earlier one that
            leaves fewer than `correction` working days.
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
    first = workdays.days_given(now, settings.correction)
    if day < min(first, assignment.due_on):
        raise IncompleteError(
            id=assignment.id,
            what="a day that leaves time to act",
            what_thai="วันที่ที่เหลือเวลาดำเนินการ",
            remedy=f"An earlier deadline leaves {settings.correction} working days at least: {first} or later.",
            remedy_thai=f"กำหนดที่เร็วขึ้นต้องเหลือเวลาตามที่หน่วยงานกำหนด คือตั้งแต่วันที่ {long_date(first)} เป็นต้นไป",
        )
    asked = assignment.extension
    waits = asked if asked is not None and asked.due_on > day else None
    moved = replace(apply(assignment, Move.CHANGE_DEADLINE), extension=waits)
    return rest_on(moved, (Ground(GroundKind.SET, day),), settings, workdays, now)


def follow_calendar(
    assignment: Assignment,
    before: tuple[Workdays, OfficeSettings],
    after: tuple[Workdays, OfficeSettings],
    now: datetime,
) -> Assignment:
    """Give an assignment the deadline that its grounds have after a change of calendar or settings.

    A day off that is taken back never leaves fewer than `correction` working days. The version is the caller's.
    """
    workdays, settings = after
    grounds = grounds_of(assignment, before[1], before[0])
    moved = rest_on(assignment, grounds, settings, workdays, now)
    if moved.due_on >= assignment.due_on:
        return moved
    least = Ground.of_rule(workdays, now, settings.correction)
    is_sooner = least.means(assignment.period.span, settings.report_due, workdays) <= assignment.due_on
    floor = least if is_sooner else Ground(GroundKind.SET, assignment.due_on)
    return rest_on(assignment, (*grounds, floor), settings, workdays, now)

"""A supervisor accepts, sends back, decides on more time, or takes note of an escalation."""

from __future__ import annotations

from datetime import date, datetime

from domain import deadline, moves
from domain.assignment import Assignment
from domain.moves import Move
from domain.people import Level
from domain.rights import not_allowed
from domain.thai import long_date
from services.assignments.deadlines import check_near
from services.desk import Desk
from services.record import find, reason_of, record


def accept(desk: Desk, assignment_id: str, *, by: str, now: datetime, version: int | None = None) -> Assignment:
    """Accept what was handed in: it counts as done.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
    """
    before = find(desk, assignment_id, Move.ACCEPT, by=by, now=now, version=version)
    after = moves.decided(moves.apply(before, Move.ACCEPT), by=by)
    return record(desk, before, after, Move.ACCEPT, by=by, now=now, facts=_own(after))


def _own(after: Assignment) -> dict[str, object]:
    """What the ledger says where the line has nobody else than who had done it."""
    return {"own": True} if after.waiting is not None and after.waiting.is_own else {}


def confirm(desk: Desk, assignment_id: str, *, by: str, now: datetime, version: int | None = None) -> Assignment:
    """Agree that the step cannot be carried out.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        OwnMatterError: `by` stated it, and somebody else can decide.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
    """
    before = find(desk, assignment_id, Move.CONFIRM, by=by, now=now, version=version)
    after = moves.decided(moves.apply(before, Move.CONFIRM), by=by)
    return record(desk, before, after, Move.CONFIRM, by=by, now=now, facts=_own(after))


def return_(
    desk: Desk, assignment_id: str, *, reason: str, by: str, now: datetime, version: int | None = None
) -> Assignment:
    """Send back with a reason; the division gets the office's days for correction at least.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
        IncompleteError: The reason is empty.
    """
    before = find(desk, assignment_id, Move.RETURN, by=by, now=now, version=version)
    after = moves.return_(
        before, reason=reason_of(reason), by=by, settings=desk.office.settings, now=now, workdays=desk.workdays
    )
    facts = {"reason": after.reason, **_own(after)}
    return record(desk, before, after, Move.RETURN, by=by, now=now, facts=facts, reason=after.reason)


def ask_extension(
    desk: Desk, assignment_id: str, due_on: date, *, reason: str, by: str, now: datetime, version: int | None = None
) -> Assignment:
    """Ask for a later deadline; the supervisor is told.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
        IncompleteError: The reason is empty, or the day is not later than the deadline or far beyond it.
    """
    before = find(desk, assignment_id, Move.ASK_EXTENSION, by=by, now=now, version=version)
    check_near(before, due_on, desk.workdays.local_day(now))
    why = reason_of(reason)
    level = desk.line(before.division, now).highest(by) or Level.OFFICER
    after = deadline.ask_extension(before, due_on, reason=why, by=by, level=level, now=now, workdays=desk.workdays)
    asked = after.extension.due_on if after.extension else due_on
    words = f"ขอขยายเวลาถึง {long_date(asked)}: {why}"
    facts = {"asked_for": asked.isoformat(), "reason": why}
    return record(desk, before, after, Move.ASK_EXTENSION, by=by, now=now, facts=facts, reason=words)


def decide_extension(
    desk: Desk,
    assignment_id: str,
    *,
    granted: bool,
    by: str,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Assignment:
    """Grant more time, or refuse it with a reason; granting re-plans every notice and wants the schedule applied again.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
        IncompleteError: Nobody asked, it is refused without a reason, or the day lies far beyond the year.
    """
    move = Move.GRANT_EXTENSION if granted else Move.REFUSE_EXTENSION
    before = find(desk, assignment_id, move, by=by, now=now, version=version)
    if granted and before.extension is not None:
        check_near(before, before.extension.due_on, desk.workdays.local_day(now))
    why = reason_of(reason)
    after = deadline.decide_extension(
        before, granted=granted, settings=desk.office.settings, now=now, workdays=desk.workdays, reason=why
    )
    words = f"ขยายเวลาถึง {long_date(after.due_on)}" if granted else f"ไม่อนุมัติการขยายเวลา: {why}"
    own = {"own": True} if before.extension is not None and before.extension.by == by else {}
    facts = {"before": before.due_on.isoformat(), **own} | ({} if granted else {"reason": why})
    return record(desk, before, after, move, by=by, now=now, facts=facts, reason=words)


def acknowledge(
    desk: Desk,
    assignment_id: str,
    *,
    by: str,
    now: datetime,
    words: str = "",
    until: date | None = None,
    version: int | None = None,
) -> Assignment:
    """Take note of a lateness: the levels up to one's own, but the officer, are silent; those below get the words.

    Args:
        words: What was ordered; those below read it.
        until: Last day of the silence, local, where it is named.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
        IncompleteError: The deadline has not passed, so there is nothing to take note of.
        AcknowledgedAlreadyError: Nobody above was told since the last time.
    """
    before = find(desk, assignment_id, Move.ACKNOWLEDGE, by=by, now=now, version=version)
    line = desk.line(before.division, now)
    level = line.highest(by)
    if level is None or level is Level.OFFICER:
        raise not_allowed(by, Move.ACKNOWLEDGE, before.division, desk.people, line.day)
    after = moves.acknowledge(
        before,
        by=by,
        level=level,
        is_anybody_above=line.above(level, ()) is not None,
        until=until,
        now=now,
        workdays=desk.workdays,
    )
    said, last = reason_of(words), after.acknowledgments[-1].until
    facts = {"until": last.isoformat(), "level": level.value, **({"words": said} if said else {})}
    ordered = f"{said} (ภายในวันที่ {long_date(last)})" if said else f"รับทราบแล้ว ให้เร่งดำเนินการภายในวันที่ {long_date(last)}"
    return record(desk, before, after, Move.ACKNOWLEDGE, by=by, now=now, facts=facts, reason=ordered)

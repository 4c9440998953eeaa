"""The office's own holidays, and the deadlines that a new one moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.assignment import ACTIONABLE, WAITING, Assignment
from domain.deadline import follow_calendar
from domain.errors import NotFoundError
from domain.ledger import Entry
from domain.moves import Move
from domain.telling import told_of
from domain.thai import long_date
from domain.workdays import HolidayOverride
from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that a changed calendar moves."""

    id: str
    before: date
    after: date


def set_holiday(desk: Desk, override: HolidayOverride, *, by: str, now: datetime) -> list[Moved]:
    """Enter an exception and move the deadlines it touches; rolling the unit of work back makes it a preview.

    Deadlines of the plan are worked out anew; those that people set only leave a day that has become a day off.
    """
    desk.uow.holidays.put(override)
    facts = {"holiday": override.is_holiday, "name": override.name, "source": override.source}
    desk.uow.ledger.note(Entry(now, "holiday.set", by, override.day.isoformat(), facts))
    as_what = "วันหยุด" if override.is_holiday else "วันทำการ"
    why = f"{long_date(override.day)} เป็น{as_what}: {override.name}"
    return move_deadlines(desk, Desk.open(desk.uow), why=why, by=by, now=now)


def drop_holiday(desk: Desk, day: date, *, by: str, now: datetime) -> list[Moved]:
    """Remove an exception and move the deadlines back.

    Raises:
        NotFoundError: The office has no exception on this day.
    """
    if not desk.uow.holidays.drop(day):
        raise NotFoundError(
            what="exception on",
            what_thai="วันที่หน่วยงานกำหนดเอง",
            key=day,
            remedy="`sucharit holiday list` shows the office's own.",
            remedy_thai="อาจมีผู้ยกเลิกไปแล้ว โปรดดูรายการวันหยุดอีกครั้ง",
        )
    desk.uow.ledger.note(Entry(now, "holiday.dropped", by, day.isoformat(), {}))
    why = f"ยกเลิกวันที่หน่วยงานกำหนดเอง {long_date(day)}"
    return move_deadlines(desk, Desk.open(desk.uow), why=why, by=by, now=now)


def move_deadlines(
    before: Desk, after: Desk, *, why: str, by: str, now: datetime, never_before: date | None = None
) -> list[Moved]:
    """Give what is open or waits the deadline that its grounds have after a change of calendar or settings.

    Whoever has to keep a deadline is told of its move as of one that the administrator sets; of what waits for a
    decision nobody is.

    Args:
        why: The change, in Thai: it stands in the history of each assignment and in the letter.
        never_before: A deadline that would be pulled before this day stays where it is.
    """
    moved = []
    was, is_now = (before.workdays, before.office.settings), (after.workdays, after.office.settings)
    for stored in after.plans:
        for assignment in after.uow.assignments.in_states(stored.plan.fiscal_year_be, ACTIONABLE | WAITING):
            follows = follow_calendar(assignment, was, is_now, now)
            is_pulled = never_before is not None and follows.due_on < min(assignment.due_on, never_before)
            if follows.due_on != assignment.due_on and not is_pulled:
                moved.append(_move(after, assignment, follows, why=why, by=by, now=now))
    return moved


def _move(desk: Desk, before: Assignment, follows: Assignment, *, why: str, by: str, now: datetime) -> Moved:
    after = replace(follows, version=before.version + 1)
    desk.uow.assignments.save(after, expected=before.version)
    words = f"เปลี่ยนกำหนดจากวันที่ {long_date(before.due_on)} เป็นวันที่ {long_date(after.due_on)}: {why}"
    facts = {"before": before.due_on.isoformat(), "due_on": after.due_on.isoformat(), "reason": words}
    desk.uow.ledger.note(Entry(now, "assignment.deadline_followed", by, after.id, facts))
    if after.state in ACTIONABLE:
        line = desk.line(after.division, now)
        desk.uow.notices.add(told_of(after, Move.CHANGE_DEADLINE, line, by=by, reason=words), now)
    return Moved(before.id, before.due_on, after.due_on)

"""The administrator sets another deadline: of one assignment, or of every open one of a step in a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain import deadline
from domain.assignment import ACTIONABLE, Assignment, IncompleteError
from domain.escalation import next_telling
from domain.moves import Move
from domain.rights import check_not_own_division
from domain.telling import told_of
from domain.thai import BE_OFFSET, long_date
from services.desk import Desk
from services.record import find, reason_of, record
from services.schedule.schedule import MeasureKey

A_YEAR: Final = timedelta(days=366)


def check_near(assignment: Assignment, day: date, today: date) -> None:
    """Check that a deadline lies within the fiscal year after the assignment's own, or within a year from today.

    Raises:
        IncompleteError: It lies later, by a slip of the pen: a year of the Buddhist era read as the other, say.
    """
    last = max(date(assignment.fiscal_year_be - BE_OFFSET + 1, 9, 30), today + A_YEAR)
    if day > last:
        raise IncompleteError(
            id=assignment.id,
            what="a nearer day",
            what_thai="วันที่ใหม่ที่ไม่ไกลเกินไป",
            remedy=f"Name a day until {last}.",
            remedy_thai=f"โปรดระบุวันไม่เกินวันที่ {long_date(last)}",
        )


@dataclass(frozen=True, slots=True)
class NextNotice:
    """The notice that follows if nobody does anything: its day and the names of those whom it reaches."""

    on: date
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedDeadline:
    """One deadline before and after, with the notice that comes next on either side.

    Attributes:
        recipients: Names of those who are written to about the change itself.
    """

    before: Assignment
    after: Assignment
    next_before: NextNotice | None
    next_after: NextNotice | None
    recipients: tuple[str, ...]


def can_change(
    desk: Desk, key: MeasureKey, *, assignment_id: str = "", step: str = "", period: str = ""
) -> list[Assignment]:
    """Assignments of a measure whose deadline can be changed: one of them, or all of a step in a period.

    Empty where there is none (any more), and without a name of either kind.
    """
    of_measure = desk.uow.assignments.of_measure(key.fiscal_year_be, key.measure)
    wanted = (
        a
        for a in of_measure
        if a.id == assignment_id or (not assignment_id and (a.step_key, a.period.key) == (step, period))
    )
    return [a for a in wanted if a.state in ACTIONABLE]


def change(
    desk: Desk, assignments: Iterable[Assignment], due_on: date, *, reason: str, by: str, now: datetime
) -> list[ChangedDeadline]:
    """Set another deadline; rolling the unit of work back makes it a preview. What stands at the day already stays.

    Whatever is raised, the unit of work must be given up: the assignments before are changed in it.

    Raises:
        NotAllowedError: `by` is no administrator today.
        StaleError: One of the assignments was changed since it was read.
        MoveRefusedError: A division need not act any more, so its deadline stands.
        IncompleteError: The reason is empty, or the day has passed or lies far ahead.
    """
    chosen = list(assignments)
    for assignment in chosen:
        check_near(assignment, due_on, desk.workdays.local_day(now))
    day, why = desk.workdays.on_or_after(due_on), reason_of(reason)
    return [_change(desk, a, day, why, by=by, now=now) for a in chosen if a.due_on != day]


def _change(desk: Desk, seen: Assignment, due_on: date, reason: str, *, by: str, now: datetime) -> ChangedDeadline:
    before = find(desk, seen.id, Move.CHANGE_DEADLINE, by=by, now=now, version=seen.version)
    line = desk.line(before.division, now)
    if due_on > before.due_on:
        check_not_own_division(by, line, desk.people)
    settings = desk.office.settings
    after = deadline.change_deadline(before, due_on, reason=reason, settings=settings, now=now, workdays=desk.workdays)
    facts = {"before": before.due_on.isoformat(), "reason": reason}
    words = f"เปลี่ยนกำหนดจากวันที่ {long_date(before.due_on)} เป็นวันที่ {long_date(due_on)}: {reason}"
    record(desk, before, after, Move.CHANGE_DEADLINE, by=by, now=now, facts=facts, reason=words)
    told = [intent.person for intent in told_of(after, Move.CHANGE_DEADLINE, line, by=by)]
    return ChangedDeadline(
        before,
        after,
        _next(desk, before, now),
        _next(desk, after, now),
        tuple(map(desk.person_name, told)),
    )


def _next(desk: Desk, assignment: Assignment, now: datetime) -> NextNotice | None:
    coming = next_telling(assignment, desk.rules, now)
    if coming is None:
        return None
    return NextNotice(coming.on, tuple(desk.person_name(person) for person, _ in coming.to))

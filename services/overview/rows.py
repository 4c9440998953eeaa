"""What people look at: assignments as rows, with what the clock says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.assignment import ACTIONABLE, Assignment
from domain.errors import NotFoundError
from domain.escalation import next_telling
from domain.people import People
from services.desk import Desk
from services.schedule.schedule import MeasureKey


@dataclass(frozen=True, slots=True)
class Row:
    """One assignment as a list shows it. `clock` is `overdue`, `due soon` or empty."""

    id: str
    division: str
    step: str
    period: str
    due_on: date
    state: str
    clock: str
    version: int
    next_on: date | None
    next_to: str


def division_key(name: str, people: People) -> str:
    """Key of the division that a person calls by its key, its name or another name of it.

    Raises:
        NotFoundError: The office has no such division; those it has are named.
    """
    wanted = name.strip()
    for division in people.divisions:
        if wanted in (division.key, division.name, *division.aliases):
            return division.key
    names = ", ".join(f"{division.name} ({division.key})" for division in people.divisions)
    raise NotFoundError(
        what="division",
        what_thai="ส่วนราชการ",
        key=name,
        remedy=f"The office has: {names}.",
        remedy_thai=f"หน่วยงานมี: {names}",
    )


def rows_of_measure(desk: Desk, key: MeasureKey, now: datetime) -> list[Row]:
    """Assignments of a measure by deadline."""
    return rows(desk, desk.uow.assignments.of_measure(key.fiscal_year_be, key.measure), now)


def rows(desk: Desk, assignments: Iterable[Assignment], now: datetime) -> list[Row]:
    """Assignments as rows, in their order."""
    return [_row(desk, assignment, now) for assignment in assignments]


def _row(desk: Desk, a: Assignment, now: datetime) -> Row:
    wording = desk.wording(a.fiscal_year_be, a.measure_key, a.step_key)
    coming = next_telling(a, desk.rules, now)
    return Row(
        id=a.id,
        division=desk.division_name(a.division),
        step=wording[1].text if wording else a.step_key,
        period=a.period.label,
        due_on=a.due_on,
        state=a.state.value,
        clock=_clock(desk, a, now),
        version=a.version,
        next_on=coming.on if coming else None,
        next_to=", ".join(dict.fromkeys(level for _, level in coming.to)) if coming else "",
    )


def _clock(desk: Desk, assignment: Assignment, now: datetime) -> str:
    if assignment.state not in ACTIONABLE:
        return ""
    if assignment.is_overdue(desk.workdays, now):
        return "overdue"
    return "due soon" if assignment.is_due_soon(desk.workdays, now) else ""

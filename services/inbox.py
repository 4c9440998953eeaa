"""What is asked of divisions: cards by urgency, counts, and the one assignment with all that belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.assignment import ACTIONABLE, MOVES, Assignment, Move, State
from domain.escalation import next_notice
from domain.figures import EvidenceLine
from domain.ledger import LedgerLine
from domain.people import People
from domain.plan import Measure, Step
from services.desk import Desk


class Shelf(StrEnum):
    """Where a card lies: what the clock and the people make of its state."""

    LATE = "late"
    RETURNED = "returned"
    SOON = "soon"
    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    CANNOT = "cannot"
    CANCELLED = "cancelled"


TO_DO: Final = (Shelf.LATE, Shelf.RETURNED, Shelf.SOON, Shelf.OPEN)
"""Shelves of what the division must do, the most urgent first."""

_BY_STATE: Final = {
    State.HANDED_IN: Shelf.WAITING,
    State.ACCEPTED: Shelf.DONE,
    State.CANNOT_DO: Shelf.CANNOT,
    State.CANCELLED: Shelf.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Card:
    """One assignment as a list shows it."""

    id: str
    version: int
    shelf: Shelf
    division: str
    division_name: str
    measure_key: str
    measure_number: int
    measure_title: str
    step: str
    period: str
    quarter: int
    due_on: date
    late_workdays: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """Cards in order of urgency; `counts` are of all, before a shelf or a search narrowed them."""

    fiscal_year_be: int | None
    years: tuple[int, ...]
    cards: tuple[Card, ...]
    counts: dict[Shelf, int]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader wants to see; empty fields mean everything."""

    shelf: Shelf | None = None
    quarter: int | None = None
    words: str = ""


def shelf_of(desk: Desk, assignment: Assignment, now: datetime) -> Shelf:
    """Where an assignment lies at `now`."""
    if assignment.state not in ACTIONABLE:
        return _BY_STATE.get(assignment.state, Shelf.OPEN)
    if assignment.is_overdue(desk.workdays, now):
        return Shelf.LATE
    if assignment.state is State.RETURNED:
        return Shelf.RETURNED
    return Shelf.SOON if assignment.is_due_soon(desk.workdays, now) else Shelf.OPEN


def inbox(desk: Desk, divisions: Iterable[str], now: datetime, wanted: Filter, year: int | None = None) -> Inbox:
    """What is asked of the divisions in a fiscal year, the latest plan in force if none is named."""
    years = tuple(sorted((stored.plan.fiscal_year_be for stored in desk.plans), reverse=True))
    chosen = year if year in years else (years[0] if years else None)
    if chosen is None:
        return Inbox(None, (), (), {})
    cards = [card(desk, a, now) for a in desk.uow.assignments.of_divisions(chosen, divisions)]
    counts = Counter(found.shelf for found in cards)
    order = list(Shelf)
    shown = sorted((c for c in cards if _is_wanted(c, wanted)), key=lambda c: (order.index(c.shelf), c.due_on, c.id))
    return Inbox(chosen, years, tuple(shown), dict(counts))


def _is_wanted(found: Card, wanted: Filter) -> bool:
    shelves = (wanted.shelf,) if wanted.shelf else (*TO_DO, Shelf.WAITING)
    words = wanted.words.casefold().split()
    text = f"{found.step} {found.measure_title} {found.division_name} {found.id}".casefold()
    in_quarter = wanted.quarter in (None, found.quarter)
    return found.shelf in shelves and in_quarter and all(word in text for word in words)


def card(desk: Desk, a: Assignment, now: datetime) -> Card:
    """An assignment as a card."""
    wording = desk.wording(a.fiscal_year_be, a.measure_key, a.step_key)
    return Card(
        id=a.id,
        version=a.version,
        shelf=shelf_of(desk, a, now),
        division=a.division,
        division_name=desk.division_name(a.division),
        measure_key=a.measure_key,
        measure_number=wording[0].number if wording else 0,
        measure_title=wording[0].title if wording else a.measure_key,
        step=wording[1].text if wording else a.step_key,
        period=a.period.label,
        quarter=a.period.quarter,
        due_on=a.due_on,
        late_workdays=a.workdays_late(desk.workdays, now) if a.state in ACTIONABLE else a.late_workdays,
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assignment with the plan's own words, its evidence, what comes next and its history."""

    card: Card
    assignment: Assignment
    measure: Measure | None
    step: Step | None
    evidence: tuple[EvidenceLine, ...]
    next_on: date | None
    next_to: tuple[str, ...]
    history: tuple[LedgerLine, ...]


def sheet(desk: Desk, assignment_id: str, now: datetime) -> Sheet:
    """Everything about one assignment.

    Raises:
        NotFoundError: The office has none of this id.
    """
    found = desk.uow.assignments.get(assignment_id)
    wording = desk.wording(found.fiscal_year_be, found.measure_key, found.step_key)
    coming = next_notice(found, desk.workdays, now)
    return Sheet(
        card=card(desk, found, now),
        assignment=found,
        measure=wording[0] if wording else None,
        step=wording[1] if wording else None,
        evidence=tuple(desk.uow.evidence.of(assignment_id)),
        next_on=coming[0] if coming else None,
        next_to=told_names(desk.people, coming[1].to, found.division, coming[0]) if coming else (),
        history=tuple(desk.uow.ledger.lines(assignment_id)),
    )


def told_names(people: People, levels: Sequence[object], division: str, day: date) -> tuple[str, ...]:
    """Names of those whom a notice to the levels reaches on a day, each once."""
    told = (who.person.name for level in levels for who in people.addressees(level, division, day))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(told))


def to_review(desk: Desk, divisions: Iterable[str], now: datetime) -> list[Card]:
    """What waits for a supervisor of the divisions: handed in, more time asked for, the oldest deadline first."""
    found: list[Assignment] = []
    for stored in desk.plans:
        everything = desk.uow.assignments.of_divisions(stored.plan.fiscal_year_be, divisions)
        found += [a for a in everything if a.state is State.HANDED_IN or a.extension is not None]
    return [card(desk, a, now) for a in found]


def overdue(desk: Desk, divisions: Iterable[str], now: datetime) -> list[Card]:
    """What is late in the divisions, the latest first."""
    found: list[Card] = []
    for stored in desk.plans:
        everything = desk.uow.assignments.of_divisions(stored.plan.fiscal_year_be, divisions)
        found += [card(desk, a, now) for a in everything if a.is_overdue(desk.workdays, now)]
    return sorted(found, key=lambda c: c.due_on)


def possible(assignment: Assignment) -> list[Move]:
    """Moves that the assignment's state allows to people, those about more time only where it is asked for."""
    waiting = assignment.extension is not None
    about_time = {Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION}
    allowed = [move for (state, move) in MOVES if state is assignment.state]
    return [
        move
        for move in allowed
        if not (move in about_time and not waiting) and not (move is Move.ASK_EXTENSION and waiting)
    ]

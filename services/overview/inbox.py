"""What is asked of divisions: cards by urgency, counts, and the one assignment with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from domain.assignment import ACTIONABLE, Assignment
from domain.bucket import TO_DO, Bucket, Today
from domain.escalation import next_telling
from domain.figures import EvidenceLine
from domain.fiscal import FiscalYear
from domain.ledger import LedgerLine
from domain.moves import MOVES, Move
from domain.plan import Measure, Step
from services.assignments.drafts import draft_of
from services.desk import Desk
from storage.lists import Selection, Word
from storage.report_drafts import Draft

__all__ = ["TO_DO", "Bucket"]

PAGE: Final = 30
"""Cards on a page."""

MOST_WORDS: Final = 8
_BEGINNING: Final = 160
"""Characters of a report that a list shows."""
CLOSED: Final = (Bucket.DONE, Bucket.CANNOT)
"""Buckets that only grow: they are shown of one fiscal year, the newest first."""


@dataclass(frozen=True, slots=True)
class Card:
    """One assignment as a list shows it; of a report, whoever handed it in, how much evidence, and how it begins."""

    id: str
    fiscal_year_be: int
    version: int
    bucket: Bucket
    division: str
    division_name: str
    measure_key: str
    measure_number: int
    measure_title: str
    step: str
    period: str
    quarter: int
    is_quarterly: bool
    due_on: date
    late_workdays: int
    reporter: str
    evidence: int
    result: str


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a long list: `number` counts from 1."""

    cards: tuple[Card, ...]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page, 1 also where there is nothing."""
        return max(1, -(-self.total // PAGE))

    @property
    def first_place(self) -> int:
        """Place of the first card in the whole list, counted from 1."""
        return (self.number - 1) * PAGE + 1


@dataclass(frozen=True, slots=True)
class Section:
    """Cards of one measure in one quarter, as they follow each other in a list.

    Attributes:
        urgency: LATE or RETURNED where that is why they stand first, otherwise None.
        begins: Whether its urgency, year or quarter differs from the section before.
    """

    urgency: Bucket | None
    fiscal_year_be: int
    quarter: int
    measure_key: str
    cards: tuple[Card, ...]
    begins: bool

    @property
    def owes_several(self) -> bool:
        """One division owes more than one report of it."""
        owed = [card.division for card in self.cards if card.bucket in TO_DO]
        return len(owed) == len(self.cards) > 1 == len(set(owed))


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of what is asked for; `counts` are of all that the quarter, the measure and the words leave.

    Attributes:
        closed_year: Fiscal year of what is closed, where nobody chose one and there are others; 0 otherwise.
    """

    years: tuple[int, ...]
    closed_year: int
    page: Page
    sections: tuple[Section, ...]
    counts: dict[Bucket, int]

    @property
    def to_do(self) -> int:
        """How many the division must act on."""
        return sum(self.counts.get(bucket, 0) for bucket in TO_DO)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader wants to see; empty fields mean everything, also of other fiscal years: last year's may be late."""

    bucket: Bucket | None = None
    quarter: int | None = None
    words: str = ""
    year: int | None = None
    measure: str | None = None
    page: int = 1


def bucket_of(desk: Desk, assignment: Assignment, now: datetime) -> Bucket:
    """Where an assignment lies at `now`."""
    return Today.of(desk.workdays, now).bucket(assignment)


def years_of(desk: Desk) -> tuple[int, ...]:
    """Fiscal years with a plan in force, the latest first."""
    return tuple(sorted((stored.plan.fiscal_year_be for stored in desk.plans), reverse=True))


def inbox(desk: Desk, divisions: Iterable[str], now: datetime, wanted: Filter) -> Inbox:
    """What the divisions must do, or the bucket that is named."""
    selection = selected(desk, divisions, now, wanted)
    lists, counts = desk.uow.lists, desk.uow.lists.counts(selection)
    closed_year = _closed_year(desk, now) if len(selection.years) > 1 else 0
    if closed_year:
        this_year = replace(selection, years=(closed_year,))
        own = lists.counts(this_year)
        counts |= {bucket: own.get(bucket, 0) for bucket in CLOSED}
        selection = this_year if wanted.bucket in CLOSED else selection
    buckets = (wanted.bucket,) if wanted.bucket else TO_DO
    total = sum(counts.get(bucket, 0) for bucket in buckets)
    number = clamped(wanted.page, total)
    first, is_closed = (number - 1) * PAGE, wanted.bucket in CLOSED
    rows = lists.page(selection, buckets, first=first, most=PAGE, newest_first=is_closed) if total else []
    cards = tuple(card(desk, a, now) for a in rows)
    return Inbox(years_of(desk), closed_year, Page(cards, number, total), tuple(_sections(cards)), counts)


def _closed_year(desk: Desk, now: datetime) -> int:
    """The fiscal year that runs, or the latest there is a plan of."""
    years, running = years_of(desk), FiscalYear.of(desk.workdays.local_day(now)).be
    return running if running in years else max(years)


def selected(desk: Desk, divisions: Iterable[str], now: datetime, wanted: Filter) -> Selection:
    """The filter in the words of the database."""
    years = years_of(desk)
    return Selection(
        years=(wanted.year,) if wanted.year in years and wanted.year is not None else years,
        divisions=tuple(sorted(divisions)),
        today=Today.of(desk.workdays, now),
        quarter=wanted.quarter,
        measure=wanted.measure,
        words=tuple(_word(desk, word) for word in wanted.words.casefold().split()[:MOST_WORDS]),
    )


def clamped(page: int, total: int) -> int:
    """The wanted number of a page, brought within the pages that there are."""
    return min(max(1, page), max(1, -(-total // PAGE)))


def _word(desk: Desk, word: str) -> Word:
    """Where a word stands: the texts are in the plan, which the database does not read."""
    steps = {
        step.key
        for stored in desk.plans
        for measure, step in stored.plan.steps()
        if word in f"{step.text} {measure.title}".casefold()
    }
    named = tuple(d.key for d in desk.people.divisions if word in d.name.casefold())
    return Word(word, tuple(sorted(steps)), named)


def _sections(cards: Iterable[Card]) -> Iterator[Section]:
    before: tuple[object, ...] = ()
    for (urgency, year, quarter, measure), group in groupby(cards, key=_place):
        yield Section(urgency, year, quarter, measure, tuple(group), begins=before != (urgency, year, quarter))
        before = (urgency, year, quarter)


def _place(card: Card) -> tuple[Bucket | None, int, int, str]:
    urgency = card.bucket if card.bucket in (Bucket.LATE, Bucket.RETURNED) else None
    return urgency, card.fiscal_year_be, card.quarter, card.measure_key


def card(desk: Desk, a: Assignment, now: datetime) -> Card:
    """An assignment as a card."""
    wording = desk.wording(a.fiscal_year_be, a.measure_key, a.step_key)
    return Card(
        id=a.id,
        fiscal_year_be=a.fiscal_year_be,
        version=a.version,
        bucket=bucket_of(desk, a, now),
        division=a.division,
        division_name=desk.division_name(a.division),
        measure_key=a.measure_key,
        measure_number=wording[0].number if wording else 0,
        measure_title=wording[0].title if wording else a.measure_key,
        step=wording[1].text if wording else a.step_key,
        period=a.period.label,
        quarter=a.period.quarter,
        is_quarterly=a.period.key.startswith("q"),
        due_on=a.due_on,
        late_workdays=a.workdays_late(desk.workdays, now) if a.state in ACTIONABLE else a.late_workdays,
        reporter=desk.person_name(a.handed_in_by),
        evidence=len(a.submission.evidence) if a.submission else 0,
        result=a.submission.result[:_BEGINNING] if a.submission else "",
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assignment with the plan's own words, its evidence, what comes next and its history."""

    card: Card
    assignment: Assignment
    measure: Measure | None
    step: Step | None
    evidence: tuple[EvidenceLine, ...]
    draft: Draft | None
    next_on: date | None
    next_to: tuple[str, ...]
    history: tuple[LedgerLine, ...]


def sheet(desk: Desk, assignment_id: str, now: datetime, person: str = "") -> Sheet:
    """Everything about one assignment, with the draft that the person, if one is named, has of it.

    Raises:
        NotFoundError: The office has none of this id.
    """
    assignment = desk.uow.assignments.get(assignment_id)
    wording = desk.wording(assignment.fiscal_year_be, assignment.measure_key, assignment.step_key)
    coming = next_telling(assignment, desk.rules, now)
    return Sheet(
        card=card(desk, assignment, now),
        assignment=assignment,
        measure=wording[0] if wording else None,
        step=wording[1] if wording else None,
        evidence=evidence_of(desk, assignment),
        draft=draft_of(desk, assignment, person) if person else None,
        next_on=coming.on if coming else None,
        next_to=tuple(desk.person_name(person) for person, _ in coming.to) if coming else (),
        history=tuple(desk.uow.ledger.lines(assignment_id)),
    )


def evidence_of(desk: Desk, assignment: Assignment) -> tuple[EvidenceLine, ...]:
    """Evidence of the report as it stands, without what an earlier round had and this one left out."""
    named = assignment.submission.evidence if assignment.submission else ()
    return tuple(line for line in desk.uow.evidence.of(assignment.id) if line.sha256 in named)


@dataclass(frozen=True, slots=True)
class Queue:
    """What a supervisor of divisions must look at: decisions that are waited for, and what is late.

    Attributes:
        waiting: Handed in, or more time asked for; the longest waiting first.
        late: By year, quarter, measure and deadline.
        cannot: How many their divisions say they cannot carry out.
    """

    waiting: Page
    late: Page
    cannot: int


def number_waiting(desk: Desk, divisions: Iterable[str], now: datetime) -> int:
    """How many decisions of a supervisor of divisions are waited for."""
    return desk.uow.lists.number_waiting(selected(desk, divisions, now, Filter()))


def longest_waiting(desk: Desk, divisions: Iterable[str], now: datetime, most: int) -> tuple[tuple[Card, ...], int]:
    """The first `most` of what waits for a decision, of every fiscal year, and how many there are."""
    selection, lists = selected(desk, divisions, now, Filter()), desk.uow.lists
    total = lists.number_waiting(selection)
    rows = lists.waiting(selection, first=0, most=most) if total else []
    return tuple(card(desk, a, now) for a in rows), total


def queue(desk: Desk, divisions: Iterable[str], now: datetime, wanted: Filter, late_page: int = 1) -> Queue:
    """The pages of both lists."""
    selection, lists = selected(desk, divisions, now, wanted), desk.uow.lists
    waits, counts = lists.number_waiting(selection), lists.counts(selection)
    late = counts.get(Bucket.LATE, 0)
    number, late_number = clamped(wanted.page, waits), clamped(late_page, late)
    waiting_rows = lists.waiting(selection, first=(number - 1) * PAGE, most=PAGE) if waits else []
    late_rows = lists.page(selection, [Bucket.LATE], first=(late_number - 1) * PAGE, most=PAGE) if late else []
    return Queue(
        Page(tuple(card(desk, a, now) for a in waiting_rows), number, waits),
        Page(tuple(card(desk, a, now) for a in late_rows), late_number, late),
        counts.get(Bucket.CANNOT, 0),
    )


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

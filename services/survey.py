"""What supervisors look over: measures by division, indicators, what is late, what comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.assignment import ACTIONABLE, Assignment, State
from domain.catalogue import catalogue
from domain.fiscal import FiscalYear
from domain.opening import Obligation, assignment_id, divisions_of, obligations, opened
from domain.people import Division
from domain.plan import Measure
from services.desk import Desk
from services.inbox import Card, Shelf, card, shelf_of

PLANNED: Final = "planned"
"""Mark of what the plan asks for and is not open yet; it lies on no shelf."""

COMING: Final = timedelta(days=30)
MEETING_AHEAD: Final = timedelta(days=45)
INDICATORS: Final = range(1, 11)

_URGENCY: Final = (
    Shelf.LATE,
    Shelf.RETURNED,
    Shelf.SOON,
    Shelf.WAITING,
    Shelf.OPEN,
    PLANNED,
    Shelf.CANNOT,
    Shelf.DONE,
    Shelf.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One assignment and where it lies; `opens_on` (a local date) only where it is PLANNED."""

    assignment: Assignment
    mark: str
    opens_on: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What became of some assignments, by mark."""

    counts: Counter[str]

    @property
    def total(self) -> int:
        """What is asked for; what was cancelled is not asked for any more."""
        return self.counts.total() - self.counts[Shelf.CANCELLED]

    @property
    def done(self) -> int:
        """Accepted, in time or late."""
        return self.counts[Shelf.DONE]

    @property
    def late(self) -> int:
        """The division must act and its deadline has passed."""
        return self.counts[Shelf.LATE]

    @property
    def percent_done(self) -> int:
        """Whole per cent, rounded down; 0 of 0 is 0."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def percent_late(self) -> int:
        """Whole per cent, rounded down; 0 of 0 is 0."""
        return 100 * self.late // self.total if self.total else 0

    @property
    def mark(self) -> str:
        """The most urgent mark among them, empty where there is nothing."""
        return next((mark for mark in _URGENCY if self.counts[mark]), "")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure: a share for each division, in the order of the survey's divisions, and all of them together."""

    key: str
    number: int
    title: str
    cells: tuple[Share, ...]
    whole: Share


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """What the measures of an indicator come to; number 0 gathers the measures that name none."""

    number: int
    name: str
    measures: int
    share: Share


@dataclass(frozen=True, slots=True)
class Coming:
    """Something with a deadline ahead; `opens_on` where it is not open yet, and so has no page."""

    card: Card
    opens_on: date | None


@dataclass(frozen=True, slots=True)
class Survey:
    """A fiscal year, or one quarter of it, in some divisions.

    `late`, `coming` and `opening` are of now, whatever year or quarter is looked at; `coming` by deadline.

    Attributes:
        fiscal_year_be: None where no plan is in force; everything else is empty then.
        opening: How many assignments open within the days that `coming` looks ahead.
    """

    fiscal_year_be: int | None
    years: tuple[int, ...]
    quarter: int | None
    divisions: tuple[Division, ...]
    rows: tuple[MeasureRow, ...] = ()
    columns: tuple[Share, ...] = ()
    whole: Share = Share(Counter())
    indicators: tuple[IndicatorRow, ...] = ()
    late: tuple[Card, ...] = ()
    coming: tuple[Coming, ...] = ()
    opening: int = 0


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a division's meeting talks about, each by deadline. `day` and `until` are local dates, both included."""

    day: date
    until: date
    late: tuple[Card, ...]
    coming: tuple[Coming, ...]


def survey(
    desk: Desk, divisions: Sequence[Division], now: datetime, year: int | None = None, quarter: int | None = None
) -> Survey:
    """Look over a fiscal year; the present one, or the latest with a plan in force, if none is named."""
    years = tuple(sorted((stored.plan.fiscal_year_be for stored in desk.plans), reverse=True))
    chosen = _year(desk, years, now, year)
    if chosen is None:
        return Survey(None, (), quarter, tuple(divisions))
    items = _items(desk, divisions, now, chosen)
    shown = [item for item in items if _is_of(item.assignment, chosen, quarter)]
    measures = desk.document(chosen).measures
    return Survey(
        fiscal_year_be=chosen,
        years=years,
        quarter=quarter,
        divisions=tuple(divisions),
        rows=tuple(_rows(measures, divisions, shown)),
        columns=tuple(_share(i for i in shown if i.assignment.division == d.key) for d in divisions),
        whole=_share(shown),
        indicators=tuple(_indicators(measures, shown, chosen)),
        late=_late(desk, items, now),
        coming=_coming(desk, items, now, COMING),
        opening=sum(_opens_within(desk, item, now, COMING) for item in items),
    )


def agenda(desk: Desk, division: Division, now: datetime) -> Agenda:
    """What is late in a division, and what is due within MEETING_AHEAD, of every fiscal year."""
    chosen = _year(desk, tuple(stored.plan.fiscal_year_be for stored in desk.plans), now, None)
    items = _items(desk, [division], now, chosen) if chosen else []
    day = desk.workdays.local_day(now)
    return Agenda(day, day + MEETING_AHEAD, _late(desk, items, now), _coming(desk, items, now, MEETING_AHEAD))


def _year(desk: Desk, years: Sequence[int], now: datetime, wanted: int | None) -> int | None:
    present = FiscalYear.of(desk.workdays.local_day(now)).be
    return next((year for year in (wanted, present) if year in years), max(years, default=None))


def _items(desk: Desk, divisions: Sequence[Division], now: datetime, year: int) -> list[Item]:
    """Everything of the year, what must be acted on of other years, and what the plans will yet ask for."""
    keys = {division.key for division in divisions}
    found = desk.uow.assignments.of_year_or_open(year, keys)
    items = [Item(a, shelf_of(desk, a, now)) for a in found]
    known = {a.id for a in found}
    for stored in desk.plans:
        ahead = _planned(desk, stored.plan.fiscal_year_be, keys, known)
        # What has been done in other years was not read: there, only what cannot be open yet is certainly ahead.
        items += (i for i in ahead if i.assignment.fiscal_year_be == year or _is_ahead(desk, i, now))
    return items


def _planned(desk: Desk, year: int, divisions: set[str], known: set[str]) -> Iterator[Item]:
    plan, settings = desk.plan(year), desk.office.settings
    meant: dict[str, list[Division]] = {}  # whom a step names is looked up once, not for each of its periods
    for asked in obligations(plan, desk.workdays, settings):
        if asked.step.key not in meant:
            meant[asked.step.key] = _meant(desk, asked, divisions)
        for division in meant[asked.step.key]:
            if assignment_id(plan.year, asked.step.key, division.key, asked.period) not in known:
                stored = opened(plan, asked, division, settings, desk.workdays.notice_instant(asked.opens_on))
                yield Item(replace(stored, state=State.PLANNED), PLANNED, asked.opens_on)


def _meant(desk: Desk, asked: Obligation, divisions: set[str]) -> list[Division]:
    found = divisions_of(asked.step.responsible, desk.people, desk.office.settings, asked.step.key)
    return [division for division in found if division.key in divisions]


def _is_ahead(desk: Desk, item: Item, now: datetime) -> bool:
    return item.opens_on is not None and desk.workdays.notice_instant(item.opens_on) > now


def _is_of(assignment: Assignment, year: int, quarter: int | None) -> bool:
    return assignment.fiscal_year_be == year and quarter in (None, assignment.period.quarter)


def _share(items: Iterable[Item]) -> Share:
    return Share(Counter(str(item.mark) for item in items))


def _rows(measures: Sequence[Measure], divisions: Sequence[Division], items: Sequence[Item]) -> Iterator[MeasureRow]:
    """Measures in the plan's order, then those that a later revision dropped and that left assignments behind."""
    by_measure: dict[str, list[Item]] = {}
    for item in items:
        by_measure.setdefault(item.assignment.measure_key, []).append(item)
    for measure in measures:
        yield _row(measure.key, measure.number, measure.title, divisions, by_measure.pop(measure.key, []))
    for key, left in by_measure.items():
        yield _row(key, 0, key, divisions, left)


def _row(key: str, number: int, title: str, divisions: Sequence[Division], items: Sequence[Item]) -> MeasureRow:
    cells = (_share(i for i in items if i.assignment.division == division.key) for division in divisions)
    return MeasureRow(key, number, title, tuple(cells), _share(items))


def _indicators(measures: Sequence[Measure], items: Sequence[Item], year: int) -> Iterator[IndicatorRow]:
    """Every indicator, also those without a measure; a measure of several counts for each of them."""
    for number in INDICATORS:
        named = catalogue().indicator(number, year)
        own = {m.key for m in measures if number in m.indicators}
        yield _indicator(number, named.name if named else "", own, items)
    without = {m.key for m in measures if not m.indicators}
    if without:
        yield _indicator(0, "", without, items)


def _indicator(number: int, name: str, measures: set[str], items: Sequence[Item]) -> IndicatorRow:
    return IndicatorRow(number, name, len(measures), _share(i for i in items if i.assignment.measure_key in measures))


def _late(desk: Desk, items: Sequence[Item], now: datetime) -> tuple[Card, ...]:
    found = sorted((i.assignment for i in items if i.mark == Shelf.LATE), key=lambda a: (a.due_on, a.id))
    return tuple(card(desk, a, now) for a in found)


def _coming(desk: Desk, items: Sequence[Item], now: datetime, ahead: timedelta) -> tuple[Coming, ...]:
    day = desk.workdays.local_day(now)
    found = [i for i in items if _must_act(i) and day <= i.assignment.due_on <= day + ahead]
    found.sort(key=lambda i: (i.assignment.due_on, i.assignment.id))
    return tuple(Coming(card(desk, i.assignment, now), i.opens_on) for i in found)


def _must_act(item: Item) -> bool:
    return item.mark != Shelf.LATE and (item.assignment.state in ACTIONABLE or item.mark == PLANNED)


def _opens_within(desk: Desk, item: Item, now: datetime, ahead: timedelta) -> bool:
    day = desk.workdays.local_day(now)
    return _is_ahead(desk, item, now) and item.opens_on is not None and item.opens_on <= day + ahead

"""What supervisors look over: measures by division, indicators, what is late, what comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import nsmallest
from itertools import repeat
from typing import Final

from domain.assignment import State
from domain.bucket import Bucket, Today
from domain.catalogue import YearOfItems, catalogue
from domain.fiscal import QUARTERS, FiscalYear
from domain.opening import opened
from domain.people import Division
from domain.plan import Measure
from services.desk import Desk
from services.overview.counts import PLANNED, Tally, Unopened, tally
from services.overview.inbox import Card, card, longest_waiting

COMING: Final = timedelta(days=30)
MEETING_AHEAD: Final = timedelta(days=45)
LISTED: Final = 20
"""How many of the late, the coming and the waiting the overview lists; the rest is counted."""

INDICATORS: Final = range(1, 11)

_URGENCY: Final = (
    Bucket.LATE,
    Bucket.RETURNED,
    Bucket.SOON,
    Bucket.WAITING,
    Bucket.OPEN,
    PLANNED,
    Bucket.CANNOT,
    Bucket.DONE,
    Bucket.CANCELLED,
)


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """What became of some assignments, by mark.

    Cells that show the same are one share: a page works out once what it comes to, and how it looks.
    """

    counts: Counter[str]

    @property
    def total(self) -> int:
        """What is asked for; what was cancelled is not asked for any more."""
        return self.counts.total() - self.counts[Bucket.CANCELLED]

    @property
    def done(self) -> int:
        """Accepted, in time or late."""
        return self.counts[Bucket.DONE]

    @property
    def late(self) -> int:
        """The division must act and its deadline has passed."""
        return self.counts[Bucket.LATE]

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
        return next((mark for mark in _URGENCY if self.counts.get(mark)), "")


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure: a share for each division, in the order of the survey's divisions, and all of them together.

    Attributes:
        quarters: A share for each quarter of the year, whatever quarter is looked at.
    """

    key: str
    number: int
    title: str
    cells: tuple[Share, ...]
    whole: Share
    quarters: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """What the measures of an indicator come to; number 0 gathers the measures that name none."""

    number: int
    name: str
    measures: int
    share: Share


@dataclass(frozen=True, slots=True)
class UpcomingCard:
    """Something with a deadline ahead; `opens_on` where it is not open yet, and so has no page."""

    card: Card
    opens_on: date | None


@dataclass(frozen=True, slots=True)
class Pressing:
    """What must be acted on, of every fiscal year: the first of the late and of the coming, and how many in all.

    Each by deadline; `coming` has also what will only open.
    """

    late: tuple[Card, ...] = ()
    late_in_all: int = 0
    coming: tuple[UpcomingCard, ...] = ()
    coming_in_all: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """A fiscal year, or one quarter of it, in some divisions.

    `pressing`, `waiting` and `opening` are of now, whatever year or quarter is looked at.

    Attributes:
        fiscal_year_be: None where no plan is in force; everything else is empty then.
        waiting: What waits for a decision, the longest waiting first; `waiting_in_all` of which it is the first.
        opening: How many assignments open within the days that `pressing` looks ahead.
        items: The assessment's items that the plan and its report answer, where they are known.
    """

    fiscal_year_be: int | None
    years: tuple[int, ...]
    quarter: int | None
    divisions: tuple[Division, ...]
    rows: tuple[MeasureRow, ...] = ()
    columns: tuple[Share, ...] = ()
    whole: Share = Share(Counter())
    indicators: tuple[IndicatorRow, ...] = ()
    pressing: Pressing = Pressing()
    waiting: tuple[Card, ...] = ()
    waiting_in_all: int = 0
    opening: int = 0
    items: YearOfItems | None = None

    @property
    def distinct(self) -> frozenset[Share]:
        """What the cells of the rows show, each once."""
        return frozenset(share for row in self.rows for share in row.cells)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a division's meeting talks about. `day` and `until` are local dates, both included."""

    day: date
    until: date
    pressing: Pressing


def survey(
    desk: Desk, divisions: Sequence[Division], now: datetime, year: int | None = None, quarter: int | None = None
) -> Survey:
    """Look over a fiscal year; the present one, or the latest with a plan in force, if none is named."""
    years = tuple(sorted((stored.plan.fiscal_year_be for stored in desk.plans), reverse=True))
    chosen = year_shown(desk, now, year)
    if chosen is None:
        return Survey(None, (), quarter, tuple(divisions))
    keys = [division.key for division in divisions]
    counted = tally(desk, keys, now, chosen)
    measures = desk.document(chosen).measures
    rows = tuple(measure_rows(measures, keys, counted, quarter))
    columns = tuple(_sum(row.cells[n] for row in rows) for n in range(len(keys)))
    last = desk.workdays.notice_instant(desk.workdays.local_day(now) + COMING)
    waiting, waiting_in_all = longest_waiting(desk, keys, now, LISTED)
    return Survey(
        fiscal_year_be=chosen,
        years=years,
        quarter=quarter,
        divisions=tuple(divisions),
        rows=rows,
        columns=columns,
        whole=_sum(columns),
        indicators=tuple(_indicators(measures, rows, chosen)),
        pressing=_pressing(desk, keys, counted, now, COMING, LISTED),
        waiting=waiting,
        waiting_in_all=waiting_in_all,
        items=catalogue().year(chosen),
        opening=sum(
            len(unopened.divisions)
            for unopened in counted.unopened
            if now < desk.workdays.notice_instant(unopened.asked.opens_on) <= last
        ),
    )


def agenda(desk: Desk, division: Division, now: datetime, most: int) -> Agenda:
    """What is late in a division, and what is due within MEETING_AHEAD, of every fiscal year.

    Args:
        most: How many are listed in all; the rest is counted. Either half may use what the other leaves free.
    """
    chosen = year_shown(desk, now, None)
    counted = tally(desk, [division.key], now, chosen) if chosen else Tally()
    day = desk.workdays.local_day(now)
    pressing = _pressing(desk, [division.key], counted, now, MEETING_AHEAD, most)
    room = max(most - most // 2, most - len(pressing.coming))
    late = pressing.late[:room]
    coming = pressing.coming[: most - len(late)]
    return Agenda(day, day + MEETING_AHEAD, replace(pressing, late=late, coming=coming))


def year_shown(desk: Desk, now: datetime, wanted: int | None) -> int | None:
    """The wanted fiscal year, else the present, else the latest in force; None where no plan is."""
    years = [stored.plan.fiscal_year_be for stored in desk.plans]
    present = FiscalYear.of(desk.workdays.local_day(now)).be
    return next((year for year in (wanted, present) if year in years), max(years, default=None))


def measure_rows(
    measures: Sequence[Measure], divisions: Sequence[str], counted: Tally, quarter: int | None
) -> Iterator[MeasureRow]:
    """Measures in the plan's order, then those that a later revision dropped and that left assignments behind."""
    cells: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    quarters: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for group in counted.groups:
        quarters[group.measure, group.quarter][group.mark] += len(group.divisions)
        if quarter in (None, group.quarter):
            cells[group.measure][group.mark] += group.divisions
    listed = {measure.key for measure in measures}
    left = [key for key in cells if key not in listed]
    shares: dict[tuple[tuple[str, ...], tuple[int, ...]], Share] = {}
    for key, number, title in [*((m.key, m.number, m.title) for m in measures), *((key, 0, key) for key in left)]:
        own = tuple(_cells(cells[key], divisions, shares))
        yield MeasureRow(key, number, title, own, _sum(own), tuple(Share(quarters[key, n]) for n in QUARTERS))


def _cells(
    marks: Mapping[str, Sequence[str]],
    divisions: Sequence[str],
    shares: dict[tuple[tuple[str, ...], tuple[int, ...]], Share],
) -> Iterator[Share]:
    """A share for each division; equal ones are one."""
    names = tuple(marks)
    columns = [[counted.get(division, 0) for division in divisions] for counted in map(Counter, marks.values())]
    for counts in zip(*columns, strict=True) if columns else repeat((), len(divisions)):
        if (names, counts) not in shares:
            present = {name: count for name, count in zip(names, counts, strict=True) if count}
            shares[names, counts] = Share(Counter(present))
        yield shares[names, counts]


def _sum(shares: Iterable[Share]) -> Share:
    counts: dict[str, int] = {}  # of a thousand shares: a Counter's own update looks at each mapping first
    for share in shares:
        for mark, count in share.counts.items():
            counts[mark] = counts.get(mark, 0) + count
    return Share(Counter(counts))


def _indicators(measures: Sequence[Measure], rows: Sequence[MeasureRow], year: int) -> Iterator[IndicatorRow]:
    """Every indicator, also those without a measure; a measure of several counts for each of them."""
    shares = {row.key: row.whole for row in rows}
    for number in INDICATORS:
        named = catalogue().indicator(number, year)
        own = {m.key for m in measures if number in m.indicators}
        yield _indicator(number, named.name if named else "", own, shares)
    without = {m.key for m in measures if not m.indicators}
    if without:
        yield _indicator(0, "", without, shares)


def _indicator(number: int, name: str, measures: set[str], shares: Mapping[str, Share]) -> IndicatorRow:
    return IndicatorRow(number, name, len(measures), _sum(shares[key] for key in measures))


def _pressing(
    desk: Desk, divisions: Sequence[str], counted: Tally, now: datetime, ahead: timedelta, most: int
) -> Pressing:
    day = desk.workdays.local_day(now)
    passed, until = Today.of(desk.workdays, now).late_until, day + ahead
    late, coming = desk.uow.tallies.to_act_on(divisions, passed_on=passed, until=until, most=most)
    planned = [unopened for unopened in counted.unopened if day <= unopened.asked.due_on <= until]
    each = (
        (unopened.asked.due_on, unopened.id_for(division), n)
        for n, unopened in enumerate(planned)
        for division in unopened.divisions
    )
    first = [((a.due_on, a.id), UpcomingCard(card(desk, a, now), None)) for a in coming.first]
    first += [((due, id_), _unopened(desk, planned[n], id_, now)) for due, id_, n in nsmallest(most, each)]
    first.sort(key=lambda entry: entry[0])
    return Pressing(
        late=tuple(card(desk, a, now) for a in late.first),
        late_in_all=late.total,
        coming=tuple(upcoming for _, upcoming in first[:most]),
        coming_in_all=coming.total + sum(len(unopened.divisions) for unopened in planned),
    )


def _unopened(desk: Desk, unopened: Unopened, id_: str, now: datetime) -> UpcomingCard:
    division = next(d for d in desk.people.divisions if d.key in unopened.divisions and unopened.id_for(d.key) == id_)
    opens_at = desk.workdays.notice_instant(unopened.asked.opens_on)
    stored = opened(unopened.plan, unopened.asked, division, desk.office.settings, desk.workdays, opens_at)
    return UpcomingCard(card(desk, replace(stored, state=State.PLANNED), now), unopened.asked.opens_on)

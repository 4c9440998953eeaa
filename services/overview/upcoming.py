"""What comes next for a measure: its moments, and whom each of them would reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.assignment import ACTIONABLE, Assignment
from domain.ladder import Ladder
from domain.moments import MomentKind, days_of, ladder_days
from domain.opening import asked, obligations
from domain.people import Level
from services.desk import Desk
from services.office.posts import told_names
from services.schedule.schedule import MeasureKey, moments_of

_NamesByReason = defaultdict[tuple[datetime, MomentKind, str], dict[str, None]]

_OPENING: Final = (Level.OFFICER,)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a measure's flow runs at a moment.

    Attributes:
        to: Names of those who would be written to, each once; none where everybody has handed in.
    """

    kind: MomentKind
    period: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpcomingMoment:
    """A moment that is still to come."""

    at: datetime
    reasons: tuple[Reason, ...]


def upcoming_moments(desk: Desk, key: MeasureKey, now: datetime) -> list[UpcomingMoment]:
    """Moments of a measure after `now`, with the people who hold, or act for, the posts on those days.

    Raises:
        NotFoundError: No plan of the year is in force.
    """
    # A moment at `now` itself is being run: it is not to come any more.
    moments = [moment for moment in moments_of(desk, key) if moment.at > now]
    reached = _names_by_reason(desk, key)
    return [
        UpcomingMoment(
            moment.at,
            tuple(Reason(kind, period, tuple(reached[moment.at, kind, period])) for kind, period in moment.reasons),
        )
        for moment in moments
    ]


def _names_by_reason(desk: Desk, key: MeasureKey) -> _NamesByReason:
    opened = desk.uow.assignments.of_measure(key.fiscal_year_be, key.measure)
    reached: _NamesByReason = defaultdict(dict)
    for day, kind, period, levels, division in (*_of_open(desk, opened), *_of_planned(desk, key, opened)):
        names = told_names(desk.people, levels, division, day)
        reached[desk.workdays.notice_instant(day), kind, period].update(dict.fromkeys(names))
    return reached


_Line = tuple[date, MomentKind, str, tuple[Level, ...], str]


def _of_open(desk: Desk, opened: Iterable[Assignment]) -> Iterator[_Line]:
    for a in opened:
        for day, kind in days_of(a, desk.workdays, desk.office.settings):
            if a.state in ACTIONABLE or kind is MomentKind.DECISION:
                yield day, kind, a.period.key, _levels(a.ladder, a.due_on, day, desk), a.division


def _of_planned(desk: Desk, key: MeasureKey, opened: Iterable[Assignment]) -> Iterator[_Line]:
    plan, settings = desk.plan(key.fiscal_year_be), desk.office.settings
    existing = {(a.step_key, a.period.key, a.division) for a in opened}
    for planned in obligations(plan, desk.workdays, settings, key.measure):
        for division in asked(planned, desk.people, settings):
            if (planned.step.key, planned.period.key, division.key) not in existing:
                yield planned.opens_on, MomentKind.OPENING, planned.period.key, _OPENING, division.key
                for day, kind in ladder_days(settings.ladder, planned.due_on, desk.workdays):
                    levels = _levels(settings.ladder, planned.due_on, day, desk)
                    yield day, kind, planned.period.key, levels, division.key


def _levels(ladder: Ladder, due_on: date, day: date, desk: Desk) -> tuple[Level, ...]:
    """Levels of the rung of a day; of a summary all that the ladder tells after the deadline."""
    index = ladder.reached_by(due_on, desk.workdays, day)
    if index < len(ladder.rungs) - 1:
        return ladder.rungs[max(index, 0)].to
    return tuple(dict.fromkeys(level for rung in ladder.rungs if rung.is_escalation for level in rung.to))

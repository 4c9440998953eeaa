"""How a fiscal year stands, counted without reading its assignments one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from domain.bucket import Today
from domain.opening import Obligation, PlanInForce, assignment_id, is_asked, known_divisions, obligations
from domain.people import Division
from services.desk import Desk
from storage.tallies import Group

PLANNED: Final = "planned"
"""Mark of what the plan asks for and is not open yet; it lies in no bucket."""


@dataclass(frozen=True, slots=True)
class Unopened:
    """What the plan will yet ask of some divisions: one step in one period."""

    plan: PlanInForce
    asked: Obligation
    divisions: list[str]

    def id_for(self, division: str) -> str:
        """The id that a division's assignment will have."""
        return assignment_id(self.plan.year, self.asked.step.key, division, self.asked.period)


class StatusGroup(NamedTuple):  # as many as there are groups
    """Divisions whose assignments of a measure and quarter lie alike, each as often as it has one."""

    measure: str
    quarter: int
    mark: str
    divisions: list[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """A fiscal year in some divisions, and what is not open yet, of every plan in force."""

    groups: tuple[StatusGroup, ...] = ()
    unopened: tuple[Unopened, ...] = ()


def tally(desk: Desk, divisions: Iterable[str], now: datetime, year: int) -> Tally:
    """Count a fiscal year; what lies ahead is told of every plan in force.

    Of other years only what cannot be open yet is certainly ahead: what was done in them is not counted here.
    """
    keys = frozenset(divisions)
    years = {year} | {
        s.plan.fiscal_year_be for s in desk.plans if s.plan.fiscal_year.end >= desk.workdays.local_day(now)
    }
    today = Today.of(desk.workdays, now)
    groups = desk.uow.tallies.groups(years, keys)
    unopened = tuple(_unopened(desk, groups, keys, year, now))
    opened = [
        StatusGroup(g.measure_key, g.quarter, today.bucket_at(g.state, g.due_on), g.divisions)
        for g in groups
        if g.fiscal_year_be == year
    ]
    planned = [
        StatusGroup(step.asked.measure.key, step.asked.period.quarter, PLANNED, step.divisions)
        for step in unopened
        if step.plan.year.be == year
    ]
    return Tally((*opened, *planned), unopened)


def _unopened(
    desk: Desk, groups: Iterable[Group], keys: Collection[str], year: int, now: datetime
) -> Iterator[Unopened]:
    opened_for: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for group in groups:
        opened_for[group.fiscal_year_be, group.step_key, group.period_key].update(group.divisions)
    for stored in desk.plans:
        plan = desk.plan(stored.plan.fiscal_year_be)
        for asked, meant in _asked(desk, plan, keys):
            # Of other years only what is to come: what should be open already is for the clockwork and the audit.
            if plan.year.be == year or desk.workdays.notice_instant(asked.opens_on) > now:
                there = opened_for[plan.year.be, asked.step.key, asked.period.key]
                if not there.issuperset(meant):
                    yield Unopened(plan, asked, [division for division in meant if division not in there])


def _asked(desk: Desk, plan: PlanInForce, keys: Collection[str]) -> Iterator[tuple[Obligation, list[str]]]:
    """Obligations with the divisions meant; whom a step names is looked up once, not for each of its periods."""
    meant: dict[str, list[Division]] = {}
    for asked in obligations(plan, desk.workdays, desk.office.settings):
        if asked.step.key not in meant:
            named = known_divisions(asked.step.responsible, desk.people, desk.office.settings)
            meant[asked.step.key] = [division for division in named if division.key in keys]
        yield asked, [division.key for division in meant[asked.step.key] if is_asked(division, asked.period)]

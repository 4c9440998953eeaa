"""The moments of a measure: every instant at which something becomes due for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.assignment import ACTIONABLE, FINAL, Assignment
from domain.ladder import Ladder
from domain.office import OfficeSettings
from domain.opening import Obligation, PlanInForce, obligations
from domain.workdays import Workdays

REPEATS_PLANNED: Final = 12
"""Repetitions of the last rung that a schedule holds; later ones are found by the daily sweep."""


class MomentKind(StrEnum):
    """Why an instant is a moment."""

    OPENING = "opening"
    REMINDER = "reminder"
    DEADLINE = "deadline"
    ESCALATION = "escalation"
    ACKNOWLEDGMENT_LAPSES = "acknowledgment_lapses"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant (aware, in the office's zone) at which a measure's flow must run, and what becomes due then.

    Attributes:
        reasons: Kind and period key (`q2`) of everything that falls on the instant, in order, each once.
    """

    at: datetime
    reasons: tuple[tuple[MomentKind, str], ...]


def moments(
    plan: PlanInForce,
    measure_key: str,
    workdays: Workdays,
    settings: OfficeSettings,
    assignments: Iterable[Assignment] = (),
) -> tuple[Moment, ...]:
    """Every moment of a measure, sorted, each instant once, all on working days at the notice hour.

    Args:
        assignments: Those already open: their own deadlines and ladders count instead of the plan's.
    """
    own = [a for a in assignments if (a.measure_key, a.fiscal_year_be) == (measure_key, plan.year.be)]
    reasons: defaultdict[datetime, dict[tuple[MomentKind, str], None]] = defaultdict(dict)
    for day, kind, period in _days(plan, measure_key, workdays, settings, own):
        reasons[workdays.notice_instant(day)][kind, period] = None
    return tuple(Moment(instant, tuple(reasons[instant])) for instant in sorted(reasons))


def _days(
    plan: PlanInForce, measure_key: str, workdays: Workdays, settings: OfficeSettings, existing: list[Assignment]
) -> Iterator[tuple[date, MomentKind, str]]:
    planned = list(obligations(plan, workdays, settings, measure_key))
    for obligation in planned:
        yield obligation.opens_on, MomentKind.OPENING, obligation.period.key
    for period, due_on, ladder in _deadlines(planned, existing, settings):
        for day, kind in ladder_days(ladder, due_on, workdays):
            yield day, kind, period
    for assignment in existing:
        if assignment.acknowledged_until is not None and assignment.state in ACTIONABLE:
            lapses_on = workdays.on_or_after(assignment.acknowledged_until)
            yield lapses_on, MomentKind.ACKNOWLEDGMENT_LAPSES, assignment.period.key


def _deadlines(
    planned: list[Obligation], existing: list[Assignment], settings: OfficeSettings
) -> dict[tuple[str, date, Ladder], None]:
    """Those of the assignments that can still move, also of steps that left the plan; the plan's before opening."""
    opened = {(a.step_key, a.period.key) for a in existing}
    coming = (o for o in planned if (o.step.key, o.period.key) not in opened)
    unopened = {(o.period.key, o.due_on, settings.ladder): None for o in coming}
    return unopened | {(a.period.key, a.due_on, a.ladder): None for a in existing if a.state not in FINAL}


def ladder_days(ladder: Ladder, due_on: date, workdays: Workdays) -> Iterator[tuple[date, MomentKind]]:
    """Days on which the rungs of one deadline fire, up to the planned number of repetitions."""
    repeats = REPEATS_PLANNED if ladder.repeat_every is not None else 0
    for index in range(len(ladder.rungs) + repeats):
        yield ladder.day(index, due_on, workdays), _kind(ladder.offset(index))


def _kind(offset: int) -> MomentKind:
    if offset < 0:
        return MomentKind.REMINDER
    return MomentKind.ESCALATION if offset else MomentKind.DEADLINE

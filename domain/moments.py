"""The moments of a measure: every instant at which something becomes due for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from domain.assignment import ACTIONABLE, FINAL, Assignment
from domain.escalation import summary_days
from domain.ladder import Ladder
from domain.office import OfficeSettings
from domain.opening import PlanInForce, obligations
from domain.workdays import Workdays

SUMMARIES_PLANNED: Final = 12
"""Weekly summaries of one deadline that a schedule holds; later ones are found by the daily sweep."""


class MomentKind(StrEnum):
    """Why an instant is a moment."""

    OPENING = "opening"
    REMINDER = "reminder"
    DEADLINE = "deadline"
    ESCALATION = "escalation"
    ACKNOWLEDGMENT_LAPSES = "acknowledgment_lapses"
    DECISION = "decision"
    """Somebody is reminded of a decision that is waited for."""


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
    opened = {(a.step_key, a.period.key) for a in existing}
    for obligation in planned:
        yield obligation.opens_on, MomentKind.OPENING, obligation.period.key
    for obligation in planned:
        if (obligation.step.key, obligation.period.key) not in opened:
            for day, kind in ladder_days(settings.ladder, obligation.due_on, workdays):
                yield day, kind, obligation.period.key
    for assignment in existing:
        for day, kind in days_of(assignment, workdays, settings):
            yield day, kind, assignment.period.key


def days_of(assignment: Assignment, workdays: Workdays, settings: OfficeSettings) -> Iterator[tuple[date, MomentKind]]:
    """Working days on which something is, or was, said of an assignment, up to the planned number of summaries."""
    if assignment.state not in FINAL:
        # Also while it waits for a decision: whoever sends it back starts the ladder again, and nothing may be missed.
        yield from ladder_days(assignment.ladder, assignment.due_on, workdays)
    if assignment.state in ACTIONABLE:
        for acknowledged in assignment.acknowledgments:
            yield workdays.add(acknowledged.until, 1), MomentKind.ACKNOWLEDGMENT_LAPSES
    for wait in assignment.waits:
        yield workdays.add(wait.since, settings.decide_reminder), MomentKind.DECISION
        above_on = workdays.add(wait.since, settings.decide_above)
        yield above_on, MomentKind.DECISION
        for day in islice(summary_days(workdays, above_on), SUMMARIES_PLANNED):
            yield day, MomentKind.DECISION


def ladder_days(ladder: Ladder, due_on: date, workdays: Workdays) -> Iterator[tuple[date, MomentKind]]:
    """Days on which the rungs of one deadline fire, up to the planned number of weekly summaries."""
    for index, rung in enumerate(ladder.rungs[:-1]):
        yield ladder.day(index, due_on, workdays), _kind(rung.offset)
    last, day = ladder.rungs[-1], ladder.day(len(ladder.rungs) - 1, due_on, workdays)
    if not last.is_escalation:
        yield day, _kind(last.offset)
        return
    for summary in islice(summary_days(workdays, day), SUMMARIES_PLANNED if ladder.is_repeated else 1):
        yield summary, MomentKind.ESCALATION


def _kind(offset: int) -> MomentKind:
    if offset < 0:
        return MomentKind.REMINDER
    return MomentKind.ESCALATION if offset else MomentKind.DEADLINE

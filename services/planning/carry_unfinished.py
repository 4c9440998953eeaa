"""Work that a fiscal year leaves undone, and the steps that it becomes in the next year's plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Final

from domain.assignment import FINAL, WAITING, Assignment, State
from domain.fiscal import FiscalYear
from domain.matching import letters
from domain.opening import UnknownDivisionError, asked, assignment_id, divisions_of, obligations
from domain.plan import Cadence, Measure, Party, Plan, Reporting, Responsible, Scope, Step
from services.desk import Desk

CARRIED_QUARTER: Final = 1
"""Unfinished work is to be done by the end of this quarter of the new year."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An assignment of the source year that was not done in time or at all, with the words of its step."""

    assignment: Assignment
    measure: Measure
    step: Step


@dataclass(frozen=True, slots=True)
class Leftover:
    """What a fiscal year has not finished.

    Attributes:
        unfinished: In the order of the plan's steps; what is handed in is among it only after the year and its own
            deadline.
        handed_in: How many assignments wait to be accepted; those are no unfinished work of a year that runs.
        not_due: How many are open and not due yet.
        not_opened: How many assignments of the year are still to open.
        ends_on: Last day of the year where it is not over yet.
        twins: Unfinished assignments whose step the new plan asks of the same division anyway: id to step there.
    """

    unfinished: tuple[Unfinished, ...]
    handed_in: int
    not_due: int
    not_opened: int
    ends_on: date | None
    twins: Mapping[str, str]

    @property
    def to_carry(self) -> tuple[Unfinished, ...]:
        """Unfinished work that the new plan does not ask for anyway."""
        return tuple(left for left in self.unfinished if left.assignment.id not in self.twins)


def leftover(desk: Desk, source: FiscalYear, plan: Plan, reworded: Callable[[str], str], now: datetime) -> Leftover:
    """What the source year has not finished at `now`, beside what the new plan asks for.

    Args:
        reworded: A text of the source year in the words of the new one.
    """
    unfinished, waits, not_due = _unfinished(desk, source, now)
    return Leftover(
        unfinished=unfinished,
        handed_in=waits,
        not_due=not_due,
        not_opened=_not_opened(desk, source),
        ends_on=source.end if desk.workdays.local_day(now) <= source.end else None,
        twins=_twins(unfinished, plan, reworded, desk),
    )


def without_carried(plan: Plan) -> tuple[Plan, tuple[Step, ...]]:
    """The plan without the steps that were carried into its year, and those steps.

    What was carried into a year was to be done in it; if it was not, it is among the unfinished.
    """
    left_out = tuple(step for _, step in plan.steps() if step.carried_from is not None)
    if not left_out:
        return plan, ()
    measures = (
        m.model_copy(update={"steps": tuple(step for step in m.steps if step.carried_from is None)})
        for m in plan.measures
    )
    return plan.model_copy(update={"measures": tuple(m for m in measures if m.steps)}), left_out


def with_carried(
    plan: Plan, unfinished: Sequence[Unfinished], desk: Desk, target: FiscalYear
) -> tuple[Plan, tuple[Step, ...]]:
    """The plan with a step for each step that is unfinished, for the divisions that have not finished it."""
    steps: dict[str, Unfinished] = {}
    divisions: dict[str, set[str]] = {}
    for left in unfinished:
        steps[left.step.key] = left
        divisions.setdefault(left.step.key, set()).add(left.assignment.division)
    measures = list(plan.measures)
    carried = []
    for key, left in steps.items():
        index = next((n for n, m in enumerate(measures) if m.key == left.measure.key), None)
        home = measures[index] if index is not None else left.measure.model_copy(update={"steps": ()})
        names = tuple(d.name for d in desk.people.divisions if d.key in divisions[key])
        step = _carried(left, names, _free_key(home, left.measure, steps), target)
        carried.append(step)
        grown = home.model_copy(update={"steps": (*home.steps, step)})
        if index is None:
            measures.append(grown)
        else:
            measures[index] = grown
    return plan.model_copy(update={"measures": tuple(measures)}), tuple(carried)


def _unfinished(desk: Desk, year: FiscalYear, now: datetime) -> tuple[tuple[Unfinished, ...], int, int]:
    """What was not done, and how many are handed in and waiting or not due yet.

    In the order of the plan's steps; steps that were dropped as an earlier revision had them. What is handed in counts
    only after the year and its own deadline.
    """
    words: dict[str, tuple[Measure, Step]] = {}
    revisions = (stored.plan for stored in desk.uow.plans.of_year(year.be) if stored.in_force_on is not None)
    for measure, step in chain.from_iterable(plan.steps() for plan in revisions):
        words[step.key] = measure, step
    order = {step.key: n for n, (_, step) in enumerate(words.values())}
    left = [a for a in desk.uow.assignments.all(year.be) if a.state not in FINAL and a.step_key in words]
    left.sort(key=lambda a: (order[a.step_key], a.division, a.due_on))
    is_over = desk.workdays.local_day(now) > year.end
    counted = [a for a in left if _is_unfinished(a, desk, now, is_over=is_over)]
    waits = sum(a.state in WAITING and a not in counted for a in left)
    return (
        tuple(Unfinished(a, *words[a.step_key]) for a in counted),
        waits,
        len(left) - len(counted) - waits,
    )


def _is_unfinished(assignment: Assignment, desk: Desk, now: datetime, *, is_over: bool) -> bool:
    if assignment.state in (State.RETURNED, State.CANNOT_DO):
        return True
    if assignment.state in WAITING:  # it waits for its supervisor until the year and its own day are over
        return is_over and desk.workdays.closing_instant(assignment.due_on) < now
    return assignment.is_overdue(desk.workdays, now)


def _not_opened(desk: Desk, year: FiscalYear) -> int:
    """Every obligation of every division that no assignment stands for yet."""
    plan, existing = desk.plan(year.be), {a.id for a in desk.uow.assignments.all(year.be)}
    return sum(
        assignment_id(year, o.step.key, division.key, o.period) not in existing
        for o in obligations(plan, desk.workdays, desk.office.settings)
        for division in asked(o, desk.people, desk.office.settings)
    )


def _twins(unfinished: Sequence[Unfinished], plan: Plan, reworded: Callable[[str], str], desk: Desk) -> dict[str, str]:
    """Unfinished assignments that the new plan asks of the same division in the same words."""
    asked: dict[tuple[str, str], str] = {}
    for _, step in plan.steps():
        for division in _divisions(step, desk):
            asked.setdefault((letters(step.text), division), step.key)
    pairs = ((left.assignment, asked.get((letters(reworded(left.step.text)), left.assignment.division)))
             for left in unfinished)  # fmt: skip
    return {assignment.id: key for assignment, key in pairs if key is not None}


def _divisions(step: Step, desk: Desk) -> list[str]:
    try:
        divisions = divisions_of(step.responsible, desk.people, desk.office.settings, step.key)
    except UnknownDivisionError:
        return []  # the division is no more; activating the plan asks who it is now
    return [division.key for division in divisions]


def _free_key(home: Measure, before: Measure, carried: Mapping[str, object]) -> str:
    """A key after all those of the measure, so that nothing of either year is called the same."""
    head = f"{home.key}."
    used = {step.key for step in (*home.steps, *before.steps)} | set(carried)
    numbers = [int(tail) for key in used if (tail := key.removeprefix(head)).isdecimal() and key.startswith(head)]
    return f"{head}{max(numbers, default=0) + 1}"


def _carried(left: Unfinished, divisions: tuple[str, ...], key: str, target: FiscalYear) -> Step:
    quarter = target.quarter(CARRIED_QUARTER)
    parties = tuple(Party(unit=name) for name in divisions)
    update = {
        "key": key,
        "responsible": Responsible(scope=Scope.LISTED, parties=parties, raw=left.step.responsible.raw),
        "start": quarter.start,
        "end": quarter.end,
        "reporting": Reporting(cadence=Cadence.SPECIFIED_QUARTERS, quarters_due=(CARRIED_QUARTER,)),
        "recurrence": None,
        "carried_from": left.assignment.fiscal_year_be,
    }
    return left.step.model_copy(update=update)

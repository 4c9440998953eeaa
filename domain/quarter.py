"""A quarter's figures from its assignments: the snapshot a report is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.assignment import ACTIONABLE, Assignment, State
from domain.figures import (
    Answer,
    DivisionFigures,
    DivisionResult,
    EvidenceLine,
    MeasureResult,
    Outcome,
    Signatory,
    Snapshot,
    StepResult,
    Totals,
)
from domain.office import Office
from domain.opening import PlanInForce
from domain.people import Level, People
from domain.plan import Measure, Scope, Step
from domain.workdays import Workdays

_STANDING: Final = frozenset({State.HANDED_IN, State.ACCEPTED})
"""States in which the division's result stands; one that was withdrawn or sent back is kept, not printed."""

_NOT_AGREED: Final = "(ยังไม่ได้รับความเห็นชอบ)"
"""Printed with a statement that it cannot be done, until a supervisor agrees."""


@dataclass(frozen=True, slots=True)
class QuarterInput:
    """All that a quarter's report is computed from.

    Attributes:
        assignments: Those that are reported in the quarter, whatever their state.
        evidence: Evidence line by assignment and SHA-256: two may hand in the same file under other names.
    """

    office: Office
    people: People
    plan: PlanInForce
    plan_title: str
    quarter: int
    assignments: Sequence[Assignment]
    evidence: Mapping[tuple[str, str], EvidenceLine]
    revision: int


def snapshot(inputs: QuarterInput, workdays: Workdays, now: datetime) -> Snapshot:
    """Freeze the quarter as it stands at `now`. Every measure of the plan is in it, also those with nothing due."""
    day = workdays.local_day(now)
    results = {a.id: _division_result(a, inputs, workdays, now) for a in inputs.assignments}
    span = inputs.plan.year.quarter(inputs.quarter)
    mayor = inputs.people.posts_at(Level.MAYOR, None)
    prepared_by = inputs.people.division(inputs.office.settings.prepared_by)
    return Snapshot(
        office_name=inputs.office.name,
        district=inputs.office.district,
        province=inputs.office.province,
        is_demo=inputs.office.is_demo,
        fiscal_year_be=inputs.plan.year.be,
        quarter=inputs.quarter,
        start=span.start,
        end=span.end,
        frozen_on=day,
        revision=inputs.revision,
        plan_title=inputs.plan_title,
        prepared_by=prepared_by.name if prepared_by else inputs.office.name,
        addressee=mayor[0].title if mayor else "",
        signatories=tuple(_signatory(inputs.people, level, now, workdays) for level in (Level.CLERK, Level.MAYOR)),
        totals=totals(result.outcome for result in results.values()),
        divisions=_by_division(inputs, results),
        measures=tuple(_measure_result(measure, inputs, results) for measure in inputs.plan.measures),
        unanswered=tuple(a.id for a in inputs.assignments if not _is_answered(results[a.id])),
    )


def totals(outcomes: Iterable[Outcome]) -> Totals:
    """Counts by outcome."""
    counts = Counter(outcomes)
    return Totals(total=counts.total(), **{outcome.value: counts[outcome] for outcome in Outcome})


def outcome(assignment: Assignment, workdays: Workdays, now: datetime) -> Outcome:
    """How the assignment stands at `now`."""
    if assignment.state is State.ACCEPTED:
        return Outcome.ACCEPTED_LATE if assignment.late_workdays else Outcome.ACCEPTED
    if assignment.state in ACTIONABLE:
        return Outcome.OVERDUE if assignment.is_overdue(workdays, now) else Outcome.OPEN
    return {
        State.HANDED_IN: Outcome.AWAITING_REVIEW,
        State.CANNOT_DO_STATED: Outcome.CANNOT_DO,
        State.CANNOT_DO: Outcome.CANNOT_DO,
        State.CANCELLED: Outcome.CANCELLED,
        State.PLANNED: Outcome.OPEN,
    }[assignment.state]


def _is_answered(result: DivisionResult) -> bool:
    if result.outcome in (Outcome.CANNOT_DO, Outcome.CANCELLED):
        return True
    return bool(result.result) and result.problems.is_answered and result.suggestions.is_answered


def _division_result(a: Assignment, inputs: QuarterInput, workdays: Workdays, now: datetime) -> DivisionResult:
    division = inputs.people.division(a.division)
    how = outcome(a, workdays, now)
    done = a.submission if a.state in _STANDING else None
    # Days late that were booked at an earlier hand-in stay.
    late = max(a.late_workdays, a.workdays_late(workdays, now) if how is Outcome.OVERDUE else 0)
    return DivisionResult(
        ref=a.id,
        division_name=division.name if division else a.division,
        outcome=how,
        due_on=a.due_on,
        handed_in_on=workdays.local_day(a.handed_in_at) if done and a.handed_in_at else None,
        late_workdays=late,
        result=done.result if done else "",
        problems=done.problems if done else Answer(),
        suggestions=done.suggestions if done else Answer(),
        reason=_reason(a),
        evidence=tuple(
            inputs.evidence[a.id, sha] for sha in (done.evidence if done else ()) if (a.id, sha) in inputs.evidence
        ),
    )


def _reason(assignment: Assignment) -> str:
    if assignment.cannot_do is None or assignment.state not in (State.CANNOT_DO, State.CANNOT_DO_STATED):
        return ""
    said = _NOT_AGREED if assignment.state is State.CANNOT_DO_STATED else ""
    return " ".join(part for part in (assignment.cannot_do.label, assignment.reason, said) if part)


def _measure_result(measure: Measure, inputs: QuarterInput, results: Mapping[str, DivisionResult]) -> MeasureResult:
    rank = {division.key: place for place, division in enumerate(inputs.people.divisions)}
    own = sorted(
        (a for a in inputs.assignments if a.measure_key == measure.key), key=lambda a: rank.get(a.division, len(rank))
    )
    return MeasureResult(
        key=measure.key,
        number=measure.number,
        title=measure.title,
        indicators=measure.indicators,
        totals=totals(results[a.id].outcome for a in own),
        steps=tuple(
            _step_result(step, part, results)
            for step in measure.steps
            for part in _by_period([a for a in own if a.step_key == step.key])
        ),
    )


def _by_period(assignments: list[Assignment]) -> list[list[Assignment]]:
    keys = sorted({a.period.key for a in assignments}, key=lambda key: _period_start(assignments, key))
    return [[a for a in assignments if a.period.key == key] for key in keys]


def _period_start(assignments: list[Assignment], key: str) -> tuple[int, str]:
    return min(a.period.span.start.toordinal() for a in assignments if a.period.key == key), key


def _step_result(step: Step, assignments: list[Assignment], results: Mapping[str, DivisionResult]) -> StepResult:
    return StepResult(
        key=step.key,
        text=step.text,
        responsible_label=responsible_label(step),
        period_label=assignments[0].period.label,
        divisions=tuple(results[a.id] for a in assignments),
    )


def responsible_label(step: Step) -> str:
    """Who answers for the step, as a table prints it."""
    if step.responsible.scope is not Scope.LISTED:
        return {
            Scope.ALL_DIVISIONS: "ทุกสำนัก/กอง",
            Scope.ALL_UNITS: "ทุกส่วนราชการ",
            Scope.ALL_DIVISION_HEADS: "ผู้อำนวยการทุกกอง",
        }[step.responsible.scope]
    return ", ".join("/".join(filter(None, (p.unit, p.subunit))) for p in step.responsible.parties)


def _by_division(inputs: QuarterInput, results: Mapping[str, DivisionResult]) -> tuple[DivisionFigures, ...]:
    return tuple(
        DivisionFigures(name=division.name, totals=totals(results[a.id].outcome for a in own))
        for division in inputs.people.divisions
        if (own := [a for a in inputs.assignments if a.division == division.key])
    )


def _signatory(people: People, level: Level, now: datetime, workdays: Workdays) -> Signatory:
    posts = people.posts_at(level, None)
    if not posts:
        return Signatory(title="")
    holders = people.in_charge(posts[0], workdays.local_day(now))
    if not holders:
        return Signatory(title=posts[0].title)
    person, is_acting = holders[0]
    title = f"รักษาราชการแทน{posts[0].title}" if is_acting else posts[0].title
    return Signatory(title=title, name=person.name)

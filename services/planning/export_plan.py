"""A stored plan as a review file without doubts, so that what was taken in can be edited and taken in again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from domain.office import Office
from domain.plan import Measure, Plan, Step
from plans.review.model import (
    Printed,
    Review,
    ReviewMeasure,
    ReviewOrganization,
    ReviewPeriod,
    ReviewReporting,
    ReviewResponsible,
    ReviewRow,
    ReviewStep,
)


def as_review(plan: Plan, office: Office) -> Review:
    """The plan as a review that asks nothing; steps that share all values but their words share a row.

    A review knows no carried work: the mark of a carried step is lost, its words and days are not.
    """
    place = ReviewOrganization(name=office.name, type=office.kind, district=office.district, province=office.province)
    return Review(
        title=plan.title,
        fiscal_year_be=plan.fiscal_year_be,
        organization=place,
        doubts_raised=0,
        doubts=[],
        measures=[_measure(plan, measure) for measure in plan.measures],
    )


def _measure(plan: Plan, measure: Measure) -> ReviewMeasure:
    return ReviewMeasure(
        number=measure.number,
        title=measure.title,
        indicators=list(measure.indicators),
        rows=list(_rows(plan, measure)),
    )


def _rows(plan: Plan, measure: Measure) -> Iterator[ReviewRow]:
    for _, steps in groupby(measure.steps, key=_values):
        yield _row(plan, list(steps))


def _values(step: Step) -> Step:
    return step.model_copy(update={"key": "", "text": "", "sub_steps": (), "recurrence": None, "carried_from": None})


def _row(plan: Plan, steps: list[Step]) -> ReviewRow:
    step = steps[0]
    due = step.reporting.quarters_due or plan.fiscal_year.quarters_touched(step.span)
    reporting = {"cadence": step.reporting.cadence.value, "quarters_due": list(due)}
    parties = [party.model_dump() for party in step.responsible.parties]
    responsible = {"scope": step.responsible.scope.value, "parties": parties}
    return ReviewRow(
        row=step.key,
        steps=[ReviewStep(text=s.text, recurrence=s.recurrence, sub_steps=list(s.sub_steps)) for s in steps],
        responsible=ReviewResponsible.model_validate(responsible),
        period=ReviewPeriod(start=step.start, end=step.end),
        reporting=ReviewReporting.model_validate(reporting),
        publication_channels=list(step.publication_channels),
        monitoring_duties=list(step.monitoring_duties),
        printed=Printed(responsible=step.responsible.raw, period=step.period_raw, monitoring=step.monitoring_raw),
    )

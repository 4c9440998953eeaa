"""How the year stands: figures by measure and division, and what a division's meeting talks about."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from domain.plan import Cadence, Scope
from domain.rights import Right
from services.overview import inbox
from services.overview import progress as survey
from services.overview.inbox import Bucket, Card, Filter
from services.overview.progress import Share
from web.api.door import Reading
from web.api.values import AskedQuarter, AskedYear, Key, Limit, Model
from web.door.rights import check, division_seen, divisions_with

router = APIRouter(tags=["overview"])


class Figures(Model):
    """What became of some assignments; what was cancelled is not counted in `total`."""

    total: int
    done: int
    late: int
    percent_done: int
    by_shelf: dict[str, int] = Field(description="Number by shelf; `planned` is not open yet.")


class MeasureFigures(Model):
    """A measure: the whole of it, and each division's share."""

    measure: str
    number: int
    title: str
    whole: Figures
    divisions: dict[str, Figures] = Field(description="By key of the division.")


class IndicatorFigures(Model):
    """What the measures of an indicator come to; number 0 gathers those that name none."""

    number: int
    name: str
    measures: int
    whole: Figures


class Overview(Model):
    """A fiscal year, or one quarter of it; `fiscal_year` is null where no plan is in force."""

    fiscal_year: int | None
    quarter: int | None
    whole: Figures
    measures: list[MeasureFigures]
    indicators: list[IndicatorFigures]


class Brief(Model):
    """An assignment in a line."""

    id: str
    shelf: Bucket
    step_text: str
    period: str
    due_on: date
    late_workdays: int
    opens_on: date | None = Field(description="Set where it is not open yet.")


class Agenda(Model):
    """What a division's meeting talks about, each by deadline."""

    division: str
    day: date
    until: date
    late: list[Brief]
    late_in_all: int
    coming: list[Brief]
    coming_in_all: int


class StepView(Model):
    """One step of a measure, as the office wrote it."""

    key: str
    text: str
    scope: Scope
    responsible: list[str]
    start: date
    end: date
    cadence: Cadence
    quarters_due: list[int]


class MeasureView(Model):
    """One measure of the plan in force."""

    fiscal_year: int
    key: str
    number: int
    title: str
    indicators: list[int]
    steps: list[StepView]


def _figures(share: Share) -> Figures:
    return Figures(
        total=share.total,
        done=share.done,
        late=share.late,
        percent_done=share.percent_done,
        by_shelf={str(mark): count for mark, count in share.counts.items()},
    )


@router.get("/overview")
def overview(visit: Reading, fiscal_year: AskedYear = None, quarter: AskedQuarter = None) -> Overview:
    """Figures of the divisions that the person supervises or administers."""
    with visit.reading() as desk:
        divisions = divisions_with(desk, check(visit, desk, Right.OVERSEE), Right.OVERSEE_DIVISION)
        figures = survey.survey(desk, divisions, visit.now, fiscal_year, quarter)
    return Overview(
        fiscal_year=figures.fiscal_year_be,
        quarter=figures.quarter,
        whole=_figures(figures.whole),
        measures=[
            MeasureFigures(
                measure=row.key,
                number=row.number,
                title=row.title,
                whole=_figures(row.whole),
                divisions={division.key: _figures(cell) for division, cell in zip(divisions, row.cells, strict=True)},
            )
            for row in figures.rows
        ],
        indicators=[
            IndicatorFigures(number=row.number, name=row.name, measures=row.measures, whole=_figures(row.share))
            for row in figures.indicators
        ],
    )


@router.get("/divisions/{division}/agenda")
def agenda(visit: Reading, division: Key, limit: Limit = 100) -> Agenda:
    """What is late in a division and what comes; for those who work in it or supervise it."""
    with visit.reading() as desk:
        named_division = division_seen(visit, desk, division)
        sheet = survey.agenda(desk, named_division, visit.now, limit)
    return Agenda(
        division=named_division.key,
        day=sheet.day,
        until=sheet.until,
        late=[_brief(card, None) for card in sheet.pressing.late],
        late_in_all=sheet.pressing.late_in_all,
        coming=[_brief(item.card, item.opens_on) for item in sheet.pressing.coming],
        coming_in_all=sheet.pressing.coming_in_all,
    )


def _brief(card: Card, opens_on: date | None) -> Brief:
    return Brief(
        id=card.id,
        shelf=card.bucket,
        step_text=card.step,
        period=card.period,
        due_on=card.due_on,
        late_workdays=card.late_workdays,
        opens_on=opens_on,
    )


class QueueView(Model):
    """A page of what a supervisor must decide on, the longest waiting first."""

    items: list[Brief]
    in_all: int


@router.get("/queue")
def queue(
    visit: Reading,
    division: Annotated[str, Query(max_length=120)] = "",
    measure: Annotated[str, Query(max_length=120)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> QueueView:
    """What waits for the person as a supervisor: reports handed in, more time asked for."""
    with visit.reading() as desk:
        seen = check(visit, desk, Right.REVIEW).supervised
        chosen = [key for key in seen if division in ("", key)]
        wanted = Filter(measure=measure.replace("\0", "") or None, page=page)
        waiting = inbox.queue(desk, chosen, visit.now, wanted).waiting
    return QueueView(items=[_brief(card, None) for card in waiting.cards], in_all=waiting.total)


@router.get("/measures")
def measures(visit: Reading, fiscal_year: AskedYear = None) -> list[MeasureView]:
    """Measures of the plans in force, with their steps."""
    with visit.reading() as desk:
        plans = [stored.plan for stored in desk.plans if fiscal_year in (None, stored.plan.fiscal_year_be)]
    return [
        MeasureView(
            fiscal_year=plan.fiscal_year_be,
            key=measure.key,
            number=measure.number,
            title=measure.title,
            indicators=list(measure.indicators),
            steps=[
                StepView(
                    key=step.key,
                    text=step.text,
                    scope=step.responsible.scope,
                    responsible=[party.unit for party in step.responsible.parties],
                    start=step.start,
                    end=step.end,
                    cadence=step.reporting.cadence,
                    quarters_due=list(step.reporting.quarters_due),
                )
                for step in measure.steps
            ],
        )
        for plan in plans
        for measure in plan.measures
    ]

"""An answered review becomes the domain's plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.fiscal import FiscalYear
from domain.plan import Cadence, Measure, Party, Plan, Reporting, Responsible, Scope, Step
from plans.draft import DoubtKind
from plans.errors import IncompletePlanError, OpenDoubtsError
from plans.review.answers import answers_applied
from plans.review.model import Review, ReviewDoubt, ReviewMeasure, ReviewRow, ReviewStep, open_doubts

_BOTH_ROUNDS: Final = (2, 4)


def to_plan(review: Review, *, proposals: bool = False) -> Plan:
    """The plan of a review, one domain step for each step, keys `m3` and `m3.1` numbered through the rows.

    Args:
        review: The review with its answers.
        proposals: Take the proposal, or else the first choice, for every open doubt; for rehearsing a year, never
            for a plan in force.

    Raises:
        OpenDoubtsError: Doubts have no answer; it names every one.
        IncompletePlanError: A value that every plan must have is missing all the same.
    """
    still_open = [doubt for doubt in open_doubts(review) if not (proposals and doubt.answered(proposals=True))]
    if still_open:
        raise OpenDoubtsError(count=len(still_open), doubts=", ".join(_numbered(review, still_open)))
    answered = answers_applied(review, proposals=proposals)
    _require_complete(answered)
    assert answered.fiscal_year_be is not None
    measures = [_measure(key, measure) for key, measure in _keyed(answered.measures)]
    plan = Plan(fiscal_year_be=answered.fiscal_year_be, title=answered.title, measures=tuple(measures))
    year = _year_meant(answered)
    return plan if year is None else plan.rolled_to(FiscalYear(year))


def _year_meant(review: Review) -> int | None:
    """The year that a plan of another one is to be used for."""
    asked = (doubt for doubt in review.doubts if doubt.kind is DoubtKind.OTHER_YEAR)
    return next((doubt.facts.get(doubt.answer or "") for doubt in asked), None)


def _numbered(review: Review, doubts: list[ReviewDoubt]) -> Iterator[str]:
    """Each question with its number in the file, as its heading there counts: `3 (t0r1.missing_period)`."""
    return (f"{review.doubts.index(doubt) + 1} ({doubt.id})" for doubt in doubts)


def rows_lacking(review: Review) -> list[tuple[ReviewRow, tuple[str, ...]]]:
    """Rows that lack a value every plan must have once the answers have had their effect, with its Thai names."""
    rows = (row for measure in answers_applied(review).measures for row in measure.rows)
    checked = ((row, tuple(thai for _, thai in _missing_of(row))) for row in rows)
    return [(row, lacking) for row, lacking in checked if lacking]


def _require_complete(review: Review) -> None:
    missing = list(_missing(review))
    if missing:
        english, thai = (", ".join(words) for words in zip(*missing, strict=True))
        raise IncompletePlanError(missing=english, missing_thai=thai)


def _missing(review: Review) -> Iterator[tuple[str, str]]:
    if review.fiscal_year_be is None:
        yield "fiscal_year_be", "ปีงบประมาณ (fiscal_year_be)"
    if not review.measures:
        yield "measures", "มาตรการ (measures)"
    for row in (row for measure in review.measures for row in measure.rows):
        for field, thai in _missing_of(row):
            yield f"{field} of row {row.row}", f"{thai} ({field}) ของแถว {row.row}"


def _missing_of(row: ReviewRow) -> Iterator[tuple[str, str]]:
    who = row.responsible
    if not row.steps:
        yield "steps", "ขั้นตอน"
    if who.scope == "missing" or (who.scope == "listed" and not who.parties):
        yield "responsible", "ผู้รับผิดชอบ"
    if row.period.start is None or row.period.end is None:
        yield "period", "ระยะเวลา"
    if row.reporting.cadence == "none_stated" or not row.reporting.quarters_due:
        yield "reporting", "การรายงาน"


def _keyed(measures: list[ReviewMeasure]) -> Iterator[tuple[str, ReviewMeasure]]:
    """Measures with their keys; a number used again gets `m6-2`."""
    seen: dict[int, int] = {}
    for measure in measures:
        seen[measure.number] = seen.get(measure.number, 0) + 1
        again = seen[measure.number]
        yield f"m{measure.number}" if again == 1 else f"m{measure.number}-{again}", measure


def _measure(key: str, measure: ReviewMeasure) -> Measure:
    pairs = [(row, step) for row in measure.rows for step in row.steps]
    steps = tuple(_step(f"{key}.{number}", row, step) for number, (row, step) in enumerate(pairs, 1))
    return Measure(
        key=key, number=measure.number, title=measure.title, indicators=tuple(measure.indicators), steps=steps
    )


def _step(key: str, row: ReviewRow, step: ReviewStep) -> Step:
    assert row.period.start
    assert row.period.end
    return Step(
        key=key,
        text=step.text,
        sub_steps=tuple(step.sub_steps),
        recurrence=step.recurrence or row.period.recurrence,
        responsible=_responsible(row),
        start=row.period.start,
        end=row.period.end,
        period_raw=row.printed.period,
        reporting=_reporting(row),
        publication_channels=tuple(row.publication_channels),
        monitoring_duties=tuple(row.monitoring_duties),
        monitoring_raw=row.printed.monitoring,
    )


def _responsible(row: ReviewRow) -> Responsible:
    who = row.responsible
    parties = tuple(Party(**party.model_dump()) for party in who.parties) if who.scope == "listed" else ()
    return Responsible(scope=Scope(who.scope), parties=parties, raw=row.printed.responsible)


def _reporting(row: ReviewRow) -> Reporting:
    quarters = tuple(sorted(set(row.reporting.quarters_due)))
    cadence = Cadence(row.reporting.cadence)
    if cadence is Cadence.SEMIANNUAL and quarters != _BOTH_ROUNDS:  # one round stated: only that one is due
        cadence = Cadence.SPECIFIED_QUARTERS
    return Reporting(cadence=cadence, quarters_due=quarters, raw=row.printed.monitoring)

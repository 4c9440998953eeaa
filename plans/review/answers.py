"""What the answer to each kind of doubt does to the reviewed plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Final, TypeVar

from domain.fiscal import FiscalYear, Span
from plans.draft import DoubtKind
from plans.layout.values import EVERY_STEP
from plans.review.model import (
    CORRECTED,
    Review,
    ReviewDoubt,
    ReviewMeasure,
    ReviewPeriod,
    ReviewReporting,
    ReviewRow,
    ReviewStep,
    responsible_in_words,
)
from plans.words.periods import read_period, ways_into
from plans.words.reporting import read_reporting

_T = TypeVar("_T")
_Effect = Callable[[Review, ReviewDoubt, str], None]


def answers_applied(review: Review, *, proposals: bool = False) -> Review:
    """A copy of the review in which every answered doubt has had its effect.

    `corrected` changes nothing: the person has. `proposals` takes the proposal for open doubts. Texts and the
    fiscal year come first, then values, then rows; rows parted last take the values their measure then has.
    """
    result = review.model_copy(deep=True)
    for kind, effect in _EFFECTS.items():
        for doubt in reversed([doubt for doubt in result.doubts if doubt.kind is kind]):
            key = doubt.answered(proposals=proposals)
            if key is not None and key != CORRECTED:
                effect(result, doubt, key)
    result.measures = [measure for measure in result.measures if measure.rows]
    for row in (row for measure in result.measures for row in measure.rows):
        if not row.reporting.quarters_due:
            _touch_again(row, _year(result))
    return result


def _row(review: Review, row_id: str | None) -> ReviewRow | None:
    place = review.find(row_id)
    return place[1] if place else None


def _year(review: Review) -> FiscalYear | None:
    return FiscalYear(review.fiscal_year_be) if review.fiscal_year_be else None


def _nothing(review: Review, doubt: ReviewDoubt, key: str) -> None:
    """The draft already holds what is chosen."""


def _letters(review: Review, doubt: ReviewDoubt, key: str) -> None:
    if key != "as_printed":
        return
    rows = [row for row in (_row(review, row_id) for row_id in doubt.facts["rows"]) if row]
    for run in sorted(doubt.facts["runs"], key=lambda run: -len(run["joined"])):
        for row in rows:
            _replace(row, run["joined"], run["printed"])


def _replace(row: ReviewRow, old: str, new: str) -> None:
    for step in row.steps:
        step.text = step.text.replace(old, new)
        step.sub_steps = [text.replace(old, new) for text in step.sub_steps]
    row.monitoring_duties = [text.replace(old, new) for text in row.monitoring_duties]
    row.printed.monitoring = row.printed.monitoring.replace(old, new)


def _fiscal_year(review: Review, _doubt: ReviewDoubt, key: str) -> None:
    read_in_year(review, int(key))


def read_in_year(review: Review, fiscal_year_be: int) -> None:
    """Make it a review of another fiscal year: every printed period is read again, as one of that year."""
    if review.fiscal_year_be == fiscal_year_be:
        return
    review.fiscal_year_be = fiscal_year_be
    year = FiscalYear(fiscal_year_be)
    for row in (row for measure in review.measures for row in measure.rows):
        reading = read_period(row.printed.period, year)
        if reading is None:
            continue
        span = ways_into(reading, year)["proposed_months"]
        row.period.start, row.period.end = span.start, span.end
        if row.reporting.cadence != "none_stated":
            due = read_reporting(row.printed.monitoring.splitlines(), year, span)
            row.reporting = ReviewReporting(cadence=due.cadence, quarters_due=list(due.quarters_due))


def _pairing(review: Review, doubt: ReviewDoubt, key: str) -> None:
    rows = [row for row in (_row(review, row_id) for row_id in doubt.facts["rows"]) if row]
    steps = [step for row in rows for step in row.steps]
    if key == EVERY_STEP:
        for row in rows:
            row.steps = [step.model_copy(deep=True) for step in steps]
        return
    cuts = [int(number) for number in key.removeprefix("after_step_").split("_")]
    for row, (start, end) in zip(rows, pairwise([0, *cuts, len(steps)]), strict=True):
        row.steps = steps[start:end]


def _unit(review: Review, doubt: ReviewDoubt, key: str) -> None:
    """The draft holds the usual name; `keep` puts the printed one back."""
    row = _row(review, doubt.row)
    if row is None or key != "keep":
        return
    printed = {name: unit for unit, name in doubt.facts.get("usual", {}).items()}
    for party in row.responsible.parties:
        party.unit = printed.get(party.unit, party.unit)


def _period(review: Review, doubt: ReviewDoubt, key: str) -> None:
    row, year = _row(review, doubt.row), _year(review)
    if row is None:
        return
    above = _row(review, doubt.facts.get("above"))
    if key == "as_row_above" and above:
        row.period = above.period.model_copy()
    elif key == "whole_year" and year:
        row.period = ReviewPeriod(start=year.start, end=year.end)
    elif way := doubt.facts.get("ways", {}).get(key):
        row.period.start, row.period.end = map(date.fromisoformat, way)
    _touch_again(row, year)


def _touch_again(row: ReviewRow, year: FiscalYear | None) -> None:
    """An open cadence follows the period that was just set."""
    period, reporting = row.period, row.reporting
    if year and period.start and period.end and reporting.cadence in {"quarterly", "monthly"}:
        reporting.quarters_due = list(year.quarters_touched(Span(period.start, period.end)))


def _responsible(review: Review, doubt: ReviewDoubt, key: str) -> None:
    row, above = _row(review, doubt.row), _row(review, doubt.facts.get("above"))
    if row is None:
        return
    if key == "as_row_above" and above:
        row.responsible = above.responsible.model_copy(deep=True)
    elif key in doubt.choices:
        row.responsible.scope, row.responsible.parties = "all_divisions", []
    else:
        row.responsible = responsible_in_words(key)


def _reporting(review: Review, doubt: ReviewDoubt, key: str) -> None:
    row, year = _row(review, doubt.row), _year(review)
    if row is None or year is None or not (row.period.start and row.period.end):
        return
    quarters = year.quarters_touched(Span(row.period.start, row.period.end))
    due = list(quarters) if key == "quarters_touched" else list(quarters[-1:])
    row.reporting = ReviewReporting(cadence="specified_quarters", quarters_due=due)


def _cadence(review: Review, doubt: ReviewDoubt, key: str) -> None:
    row = _row(review, doubt.row)
    if row is not None:
        row.reporting = ReviewReporting.model_validate({"cadence": key, "quarters_due": doubt.facts["options"][key]})


def _unused(review: Review, doubt: ReviewDoubt, key: str) -> None:
    """Words beside the reporting become a duty of every row that has them."""
    for row in filter(None, (_row(review, row_id) for row_id in doubt.facts["rows"] if key == "as_duty")):
        row.monitoring_duties.append(doubt.facts["words"])


def _late_numbers(review: Review, doubt: ReviewDoubt, key: str) -> None:
    place = review.find(doubt.row)
    if place is None or key == "keep_here":
        return
    measure, row = place
    count = doubt.facts["steps"]
    late, row.steps = row.steps[:count], row.steps[count:]
    if key == "measure_before":
        number = int(doubt.facts["measure_before"])
        spill = row.model_copy(deep=True, update={"row": f"{row.row}-spill", "steps": late, "monitoring_duties": []})
        title = f"มาตรการที่ {number} (ไม่พบชื่อในเอกสาร)"
        review.measures.insert(review.measures.index(measure), ReviewMeasure(number=number, title=title, rows=[spill]))
    _drop_if_empty(measure, row)


def _drop_if_empty(measure: ReviewMeasure, row: ReviewRow) -> None:
    if not row.steps:
        measure.rows.remove(row)


def _steps(review: Review, doubt: ReviewDoubt, key: str) -> None:
    above = review.find(doubt.facts.get("above"))
    moved: list[ReviewStep] = []
    if above and key == "same_steps_as_above":
        moved = above[1].steps
    elif above and key == "steps_from_restart":
        moved = _cut(above[1].steps, doubt.facts["restarted"])
        _drop_if_empty(*above)
    for place in [review.find(row_id) for row_id in doubt.facts.get("rows", [doubt.row])]:
        if place is None:
            continue
        measure, row = place
        if key == "leave_out":
            measure.rows.remove(row)
        elif key == "duties_as_steps":
            row.steps, row.monitoring_duties = [ReviewStep(text=text) for text in row.monitoring_duties], []
        else:
            row.steps = [step.model_copy(deep=True) for step in moved]


def _repeated(review: Review, doubt: ReviewDoubt, key: str) -> None:
    place = review.find(doubt.row)
    if place is None or key != "two_measures":
        return
    measure, row = place
    start = measure.rows.index(row)
    again = measure.model_copy(update={"rows": measure.rows[start:]})
    measure.rows = measure.rows[:start]
    review.measures.insert(review.measures.index(measure) + 1, again)


def _renumbered(review: Review, doubt: ReviewDoubt, key: str) -> None:
    """The measure gets a number of its own, or its rows go to the one before it that has the same number."""
    place, before = review.find(doubt.row), review.find(doubt.facts["before"])
    if place is None or key == "as_printed":
        return
    measure = place[0]
    if key == "next_number":
        measure.number = doubt.facts["free"]
    elif before and before[0] is not measure:
        before[0].rows += measure.rows
        measure.rows = []


def _apart(review: Review, doubt: ReviewDoubt, key: str) -> None:
    """Part a joined row again: its steps go to the measure printed beside them, with that measure's values."""
    row = _row(review, doubt.row)
    if key != "keep_apart" or row is None:
        return
    moved = _cut(row.steps, doubt.facts["steps"])
    if seam := doubt.facts["seam"]:
        _reopen_sentence(row, seam[0])
        moved.insert(0, ReviewStep(text=seam[1]))
    duties = _cut(row.monitoring_duties, doubt.facts["duties"])
    measure = _printed_measure(review, doubt)
    model = measure.rows[0] if measure.rows else row
    update = {"row": doubt.facts["row"], "steps": moved, "monitoring_duties": duties}
    if moved:
        measure.rows.insert(0, model.model_copy(deep=True).model_copy(update=update))


def _cut(items: list[_T], count: int) -> list[_T]:
    tail = items[len(items) - count :]
    del items[len(items) - count :]
    return tail


def _reopen_sentence(row: ReviewRow, text: str) -> None:
    last = row.steps[-1]
    if last.sub_steps:
        last.sub_steps[-1] = text
    else:
        last.text = text


def _printed_measure(review: Review, doubt: ReviewDoubt) -> ReviewMeasure:
    place = review.find(doubt.row)
    own = place[0] if place else review.measures[0]
    number = doubt.facts["number"]
    if number is None:
        return own
    for measure in review.measures:
        if measure.number == number:
            return measure
    facts = {key: doubt.facts[key] for key in ("number", "title", "indicators")}
    new = ReviewMeasure(rows=[], **facts)
    review.measures.insert(review.measures.index(own) + 1, new)
    return new


_EFFECTS: Final[Mapping[DoubtKind, _Effect]] = {
    DoubtKind.LETTER_SPACED_TEXT: _letters,
    DoubtKind.FISCAL_YEAR_UNCLEAR: _fiscal_year,
    DoubtKind.OTHER_AUTHORITY: _nothing,
    DoubtKind.OTHER_YEAR: _nothing,  # the whole plan moves, once it is one
    DoubtKind.MEASURES_MISSING: _nothing,
    DoubtKind.MEASURE_NUMBER_MISSING: _nothing,
    DoubtKind.MEASURE_NUMBER_REPEATED: _renumbered,
    DoubtKind.UNKNOWN_UNIT: _unit,
    DoubtKind.VALUES_DO_NOT_PAIR: _pairing,
    DoubtKind.PERIOD_END_BEFORE_START: _period,
    DoubtKind.PERIOD_OUTSIDE_FISCAL_YEAR: _period,
    DoubtKind.MISSING_PERIOD: _period,
    DoubtKind.UNREADABLE_VALUE: _period,
    DoubtKind.MISSING_RESPONSIBLE: _responsible,
    DoubtKind.REPORTING_NOT_STATED: _reporting,
    DoubtKind.REPORTING_AMBIGUOUS: _cadence,
    DoubtKind.UNUSED_TEXT: _unused,
    DoubtKind.STEPS_MISSING: _steps,
    DoubtKind.STEP_NUMBERING_STARTS_LATE: _late_numbers,
    DoubtKind.MEASURE_REPEATED: _repeated,
    DoubtKind.PROBABLE_CONTINUATION: _apart,
}
"""In the order in which answers take effect."""

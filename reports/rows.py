"""Rows of the table of results: measure, step, and the divisions that tell the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from domain.figures import DivisionResult, MeasureResult, Snapshot, StepResult
from domain.thai import short_date, thai_digits
from reports.wording import (
    MERGE_UP,
    answer_words,
    clean,
    evidence_words,
    gap_words,
    official,
    outcome_words,
    result_words,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a division tells of a step; divisions that tell the same share a row."""

    due: str
    outcome: str
    result: str
    problems: str
    suggestions: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; where `told` is missing, `sentence` stands for all columns it would fill."""

    measure: str
    step: str = ""
    responsible: str = ""
    period: str = ""
    sentence: str = ""
    told: Told | None = None


def table_rows(snapshot: Snapshot) -> list[Row]:
    """Rows of every measure in the plan's order; what the row above prints already is marked for merging."""
    unanswered = frozenset(snapshot.unanswered)
    rows = [row for measure in snapshot.measures for row in _measure_rows(measure, snapshot.quarter, unanswered)]
    return rows or [Row("-", sentence="แผนนี้ยังไม่ได้กำหนดมาตรการ")]


def _measure_rows(measure: MeasureResult, quarter: int, unanswered: Collection[str]) -> Iterator[Row]:
    words = _measure_words(measure)
    if not measure.steps:
        sentence = f"แผนไม่ได้กำหนดขั้นตอนของมาตรการนี้ให้รายงานในไตรมาสที่ {thai_digits(quarter)}"
        yield Row(words, sentence=sentence)
    for step in measure.steps:
        for row in _step_rows(words, step, unanswered):
            yield row
            words = MERGE_UP


def _measure_words(measure: MeasureResult) -> str:
    """Return number and title, indicators, and how much is done, a line each."""
    lines = [f"{thai_digits(measure.number)}. {official(measure.title)}"]
    if measure.indicators:
        lines.append(f"(ตัวชี้วัดที่ {thai_digits(', '.join(map(str, measure.indicators)))})")
    if measure.totals.total:
        done, total = thai_digits(measure.totals.done), thai_digits(measure.totals.total)
        lines.append(f"แล้วเสร็จ {done} จาก {total} รายการ")
    return "\n".join(lines)


def _step_rows(measure_words: str, step: StepResult, unanswered: Collection[str]) -> Iterator[Row]:
    """Rows of one step, a row for all divisions that tell the same, in the order of the first of them."""
    step_words, label, plan_period = (
        official(step.text) or "-",
        official(step.responsible_label),
        official(step.period_label),
    )
    groups = _groups(step, unanswered)
    if not groups:
        sentence = "ไตรมาสนี้ไม่ได้มอบหมายให้ส่วนราชการใดรายงานขั้นตอนนี้"
        yield Row(measure_words, step_words, label or "-", plan_period or "-", sentence)
    due_above = ""
    for account, names in groups.items():
        period = f"{plan_period}\nกำหนดส่ง\n{account.due}".strip()
        yield Row(
            measure_words,
            step_words,
            _responsible(label, names, is_first=step_words != MERGE_UP),
            MERGE_UP if account.due == due_above else period,
            told=account,
        )
        measure_words = step_words = MERGE_UP
        due_above = account.due


def _groups(step: StepResult, unanswered: Collection[str]) -> dict[Told, list[str]]:
    groups: dict[Told, list[str]] = {}
    for result in step.divisions:
        groups.setdefault(_told(result, is_unanswered=result.ref in unanswered), []).append(clean(result.division_name))
    return groups


def _told(result: DivisionResult, *, is_unanswered: bool) -> Told:
    gap = gap_words(result, is_unanswered=is_unanswered)
    return Told(
        short_date(result.due_on),
        outcome_words(result),
        result_words(result, gap),
        answer_words(result.problems, gap),
        answer_words(result.suggestions, gap),
        evidence_words(result.evidence, gap),
    )


def _responsible(label: str, names: list[str], *, is_first: bool) -> str:
    """Divisions a line each; above the step's first ones the plan's own words, unless they say just that."""
    names = [official(name) for name in names]
    if not is_first or not label or names == [label]:
        return "\n".join(names)
    return "\n".join([f"{label}:", *names])

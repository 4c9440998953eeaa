"""The form in which a row of a plan is put right, and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from domain.errors import BadInputError, NotFoundError
from domain.fiscal import QUARTERS
from domain.thai import arabic_digits, thai_digits
from plans.review.model import Review, ReviewMeasure, ReviewRow, ReviewStep, responsible_in_words
from services.days import day_of, written
from services.planning import drafts as plan_drafts
from services.planning.drafts import Correction
from services.record import LONGEST, TooLongError, storable
from storage.drafts import StoredDraft
from web.door.visit import Visit
from web.pages.plans import labels
from web.pages.plans.sources import cells_of_row, questions
from web.view.failures import sentence_of
from web.view.render import render

FIELDS: Final = ("number", "title", "indicators", "steps", "responsible", "start", "end", "cadence", "duties")
CADENCES: Final = ("quarterly", "specified_quarters", "monthly", "semiannual", "annual")
OPEN: Final = "none_stated"
"""What a row may go on saying of its reporting where the document does not say it: its question stays open."""

_MOST_INDICATORS: Final = 10
_MOST_MEASURES: Final = 999
_BELOW: Final = re.compile(r"^\s*[-–•]\s*")


def row_page(
    request: Request,
    visit: Visit,
    stored: StoredDraft,
    review: Review,
    row_id: str,
    divisions: list[str],
    *,
    status: int,
    faults: Mapping[str, str],
    typed: Mapping[str, str],
    settled: Sequence[int],
) -> Response:
    """The form, with what was typed or else with what was read.

    Raises:
        NotFoundError: The draft has no such row.
    """
    reading = plan_drafts.reading_in(stored)
    place = review.find(row_id)
    if place is None:
        raise NotFoundError(what="row", what_thai="แถว", key=row_id[:80], remedy="", remedy_thai="")
    measure, row = place
    asked = [
        question for question in questions(review, reading) if _speaks_of(question.doubt.facts, question.row, row_id)
    ]
    return render(
        request,
        "plans/row.html",
        status=status,
        visit=visit,
        stored=stored,
        here=f"/admin/plans/drafts/{stored.id}",
        row=row,
        asked=asked,
        settled=[*settled, *(question.index for question in asked if question.is_corrected)],
        cells=cells_of_row(reading, row_id, row.printed),
        divisions=divisions,
        cadences=_cadences(row),
        quarters=QUARTERS,
        faults=faults,
        typed=dict(typed) or _values(measure, row),
        labels=labels,
    )


def _cadences(row: ReviewRow) -> tuple[str, ...]:
    return (*CADENCES, OPEN) if row.reporting.cadence == OPEN else CADENCES


def _speaks_of(facts: Mapping[str, object], asked: str | None, row_id: str) -> bool:
    rows = facts.get("rows")
    return asked == row_id or (isinstance(rows, list) and row_id in rows)


def _values(measure: ReviewMeasure, row: ReviewRow) -> dict[str, str]:
    values = {
        "number": thai_digits(measure.number),
        "title": measure.title,
        "indicators": ", ".join(thai_digits(number) for number in measure.indicators),
        "steps": "\n".join(line for step in row.steps for line in _lines(step)),
        "responsible": plan_drafts.responsible_words(row.responsible),
        "start": written(row.period.start) if row.period.start else "",
        "end": written(row.period.end) if row.period.end else "",
        "cadence": row.reporting.cadence,
        "duties": "\n".join(row.monitoring_duties),
    }
    ticks = {f"q{quarter}": "yes" for quarter in row.reporting.quarters_due}
    return values | ticks | {f"channel-{name}": "yes" for name in row.publication_channels}


def _lines(step: ReviewStep) -> list[str]:
    """A step as its lines: its text, and each sub-step below it behind a dash."""
    return [" ".join(step.text.split()), *(f"- {' '.join(below.split())}" for below in step.sub_steps)]


def typed_of(form: FormData) -> dict[str, str]:
    """What was typed, field by field."""
    ticks = [*(f"q{quarter}" for quarter in QUARTERS), *(f"channel-{name}" for name in labels.CHANNELS)]
    values = {name: form.get(name, "") for name in (*FIELDS, *ticks)}
    return {name: storable(text) for name, text in values.items() if isinstance(text, str)}


def _too_long(typed: Mapping[str, str], language: str) -> dict[str, str]:
    """What is longer than a text may be, by field."""
    return {
        name: sentence_of(TooLongError.of(len(text), LONGEST, what="This text", what_thai="ข้อความนี้"), language)
        for name, text in typed.items()
        if len(text) > LONGEST
    }


def correction_in(typed: Mapping[str, str], row: ReviewRow, language: str) -> tuple[Correction | None, dict[str, str]]:
    """What the form says of a row, or what is wrong with it by field.

    Args:
        row: As it is; what its document does not say may stay unsaid, as there is a question about it.
    """
    faults = _too_long(typed, language)
    number, indicators, steps = numbers_in(typed["number"]), numbers_in(typed["indicators"]), steps_in(typed["steps"])
    quarters = tuple(quarter for quarter in QUARTERS if typed.get(f"q{quarter}") == "yes")
    if len(number) != 1 or not 1 <= number[0] <= _MOST_MEASURES:
        faults["number"] = "โปรดกรอกเลขลำดับมาตรการ เช่น ๓"
    if not typed["title"]:
        faults["title"] = "โปรดกรอกชื่อมาตรการ"
    if any(not 1 <= number <= _MOST_INDICATORS for number in indicators):
        faults["indicators"] = "ตัวชี้วัดมีเลข ๑ ถึง ๑๐"
    if not steps:
        faults["steps"] = "โปรดกรอกขั้นตอนอย่างน้อยหนึ่งขั้นตอน"
    is_named = responsible_in_words(typed["responsible"]).scope != "missing"
    if not is_named and (typed["responsible"] or row.responsible.scope != "missing"):
        faults["responsible"] = "โปรดกรอกผู้รับผิดชอบ เช่น กองคลัง, กองช่าง หรือ ทุกสำนัก/กอง"
    is_dated = typed["start"] or typed["end"] or row.period.start or row.period.end
    days = {name: _day_in(typed[name], name, language, faults) if is_dated else None for name in ("start", "end")}
    if typed["cadence"] not in _cadences(row):
        faults["cadence"] = "โปรดเลือกความถี่ของการรายงาน"
    if not quarters and typed["cadence"] != OPEN:
        faults["q1"] = "โปรดเลือกไตรมาสที่ต้องรายงานอย่างน้อยหนึ่งไตรมาส"
    if faults:
        return None, faults
    channels = tuple(name for name in labels.CHANNELS if typed.get(f"channel-{name}") == "yes")
    duties = tuple(line.strip() for line in typed["duties"].splitlines() if line.strip())
    return Correction(
        number[0], typed["title"], tuple(dict.fromkeys(indicators)), steps, typed["responsible"], days["start"],
        days["end"], typed["cadence"], quarters, channels, duties,
    ), faults  # fmt: skip


def _day_in(text: str, name: str, language: str, faults: dict[str, str]) -> date | None:
    try:
        return day_of(text)
    except BadInputError as error:
        faults[name] = sentence_of(error, language) if text else "โปรดกรอกวันที่"
        return None


def numbers_in(text: str) -> list[int]:
    """Numbers in a text, in Thai or Arabic digits."""
    return [int(number) for number in re.findall(r"[0-9]{1,6}", arabic_digits(text))]


def steps_in(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Steps of a text with a line for each; a line behind a dash is a sub-step of the step above."""
    steps: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        words = _BELOW.sub("", line).strip()
        if words and _BELOW.match(line) and steps:
            steps[-1][1].append(words)
        elif words:
            steps.append((words, []))
    return tuple((step, tuple(below)) for step, below in steps)

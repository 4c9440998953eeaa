"""Questions about words of a row's cells that became no value, each asked once however many rows say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from domain.fiscal import FiscalYear, Span
from domain.thai import short_date
from plans import doubts
from plans.draft import Doubt, DoubtKind, Measure, Row
from plans.layout.rows import TableRow
from plans.words.channels import unused_in_channels
from plans.words.periods import unused_in_period
from plans.words.reporting import unused_in_reporting
from plans.words.responsible import ResponsibleReading
from plans.words.text import squeezed

_COLUMN: Final = {"responsible": "responsible", "period": "period", "reporting": "monitoring", "channels": "channels"}
_LOOKED_AT: Final = {
    DoubtKind.MISSING_RESPONSIBLE: "responsible",
    DoubtKind.UNKNOWN_UNIT: "responsible",
    DoubtKind.UNREADABLE_VALUE: "period",
    DoubtKind.MISSING_PERIOD: "period",
    DoubtKind.PERIOD_END_BEFORE_START: "period",
    DoubtKind.PERIOD_OUTSIDE_FISCAL_YEAR: "period",
    DoubtKind.REPORTING_NOT_STATED: "reporting",
    DoubtKind.REPORTING_AMBIGUOUS: "reporting",
}
"""Cells that another question has a person look at already."""


def with_unused(row: Row, cells: TableRow, reading: ResponsibleReading, year: FiscalYear | None) -> Row:
    """The draft row with a question for each of its cells of which words were left over."""
    looked_at = {_LOOKED_AT.get(doubt.kind) for doubt in row.doubts}
    questions = [
        doubts.unused_text(row.id, cells.source_of(_COLUMN[field]), field, words, value)
        for field, words, value in _unused(row, cells, reading, year)
        if words and field not in looked_at
    ]
    return row.model_copy(update={"doubts": (*row.doubts, *questions)}) if questions else row


def _unused(
    row: Row, cells: TableRow, reading: ResponsibleReading, year: FiscalYear | None
) -> Iterator[tuple[str, str, str]]:
    """Each value with the words beside it, and as it was read."""
    yield "responsible", reading.unused, _who(row)
    channels = ", ".join(doubts.CHANNEL_WORDS[name] for name in row.publication_channels)
    yield "channels", unused_in_channels(cells.channels), channels or "(ไม่มี)"
    if year is None or row.period.start is None or row.period.end is None:
        return  # first the year and the period, then what stands beside them
    if not row.period.month_marks:
        days = f"{short_date(row.period.start)} - {short_date(row.period.end)}"
        yield "period", unused_in_period(row.period.raw, year), days
    if "monitoring" in cells.sources and row.reporting.cadence != "none_stated":
        span = Span(row.period.start, row.period.end)
        own = [party.unit for party in row.responsible.parties]  # who reports is who is responsible
        yield "reporting", unused_in_reporting(row.reporting.raw.splitlines(), year, span, own), _due(row)


def _who(row: Row) -> str:
    names = [f"{p.unit}/{p.subunit}" if p.subunit else p.unit for p in row.responsible.parties]
    return ", ".join(names) or doubts.SCOPE_WORDS[row.responsible.scope]


def _due(row: Row) -> str:
    return f"{doubts.CADENCE_WORDS[row.reporting.cadence]} (ไตรมาสที่ {doubts.numbers(row.reporting.quarters_due)})"


def asked_once(measures: Sequence[Measure]) -> list[Measure]:
    """The measures with one question for all rows in which the same words of the same column were left over."""
    rows: dict[tuple[str, str], list[str]] = {}
    for row in (row for measure in measures for row in measure.rows):
        for doubt in filter(_is_ours, row.doubts):
            rows.setdefault(_key(doubt), []).append(row.id)
    return [
        measure.model_copy(update={"rows": tuple(_with_shared(row, rows) for row in measure.rows)})
        for measure in measures
    ]


def _is_ours(doubt: Doubt) -> bool:
    return doubt.kind is DoubtKind.UNUSED_TEXT


def _key(doubt: Doubt) -> tuple[str, str]:
    return doubt.facts["field"], squeezed(doubt.facts["words"])


def _with_shared(row: Row, rows: dict[tuple[str, str], list[str]]) -> Row:
    if not any(map(_is_ours, row.doubts)):
        return row
    own = [
        doubts.of_several(doubt, rows[_key(doubt)]) if _is_ours(doubt) else doubt
        for doubt in row.doubts
        if not _is_ours(doubt) or rows[_key(doubt)][0] == row.id
    ]
    return row.model_copy(update={"doubts": tuple(own)})

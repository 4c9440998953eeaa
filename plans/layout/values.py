"""From a joined table row to draft rows: one responsible, one period, one reporting each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from typing import Final

from domain.fiscal import FiscalYear, Span
from domain.thai import thai_digits
from plans import doubts
from plans.draft import Doubt, Period, Reporting, Responsible, Row, Step, Stretch
from plans.layout.rows import TableRow
from plans.layout.unused import with_unused
from plans.words.channels import publication_channels
from plans.words.duties import duties_of
from plans.words.periods import PeriodReading, read_period, split_ranges, ways_into
from plans.words.reporting import ReportingReading, read_reporting
from plans.words.responsible import ResponsibleReading, read_responsible

_MOST_CHOICES: Final = 12
_TIMES: Final = re.compile(r"\s*(?:ครั้ง|รอบ)ที่")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_REPORT_POINT: Final = re.compile(r"(ไตรมาส\s*(?:ที่)?\s*[1-4๑-๔][^ก-๎]*|ทุก\s?ไตรมาส|ไตรมาสละ\s?\S+\s?ครั้ง)")

EVERY_STEP: Final = "every_step_in_each"


@dataclass(frozen=True, slots=True)
class _Values:
    """The texts of one draft row."""

    steps: list[Step]
    responsible: str
    period: str
    monitoring: list[str]


def draft_rows(row: TableRow, year: FiscalYear | None, above: str | None, *, is_report: bool) -> list[Row]:
    """Draft rows of one table row, with their doubts; more than one where a cell holds several periods.

    `above` is the id of the row before in the same measure. Of a report of results only the columns it has are
    asked for.
    """
    parts = _parts(row, year)
    ids = _ids(row.id, len(parts))
    structural = [_about(doubt, ids) for doubt in row.doubts]
    whole_row = [*structural, *_pairing_doubt(row, parts, ids), *_letter_doubt(row, ids)]
    built = []
    for row_id, part in zip(ids, parts, strict=True):
        row_doubts = whole_row if row_id == ids[0] else []
        built.append(_row(row, row_id, part, year, above, row_doubts, is_report=is_report))
        above = row_id
    return built


def _ids(row_id: str, parts: int) -> list[str]:
    """`t3r1`, or `t3r1a`, `t3r1b` … where the row is parted."""
    if parts == 1:
        return [row_id]
    return [f"{row_id}{_LETTERS[index]}" if index < len(_LETTERS) else f"{row_id}p{index}" for index in range(parts)]


def _about(doubt: Doubt, ids: Sequence[str]) -> Doubt:
    """The doubt, pointing at the first part of its row and naming all of them."""
    facts = doubt.facts | {"rows": list(ids)} if len(ids) > 1 else doubt.facts
    return doubt.model_copy(update={"row": ids[0], "facts": facts})


def _parts(row: TableRow, year: FiscalYear | None) -> list[_Values]:
    periods = _period_texts(row.period, year)
    count = len(periods)
    if count <= 1:
        return [_Values(row.steps, "\n".join(row.responsible), " ".join(row.period), row.monitoring)]
    responsible = row.responsible if len(row.responsible) == count else ["\n".join(row.responsible)] * count
    monitoring = _monitoring_parts(row.monitoring, count)
    shares = _shares(row.steps, count)
    return [_Values(*values) for values in zip(shares, responsible, periods, monitoring, strict=True)]


def _period_texts(texts: Sequence[str], year: FiscalYear | None) -> list[str]:
    """Texts of the separate periods: a paragraph each, or ranges in one paragraph that share days."""
    if year is None:
        return [" ".join(texts)] if texts else []
    if (
        len(texts) > 1
        and not any(_TIMES.match(text) for text in texts)
        and all(read_period(text, year) for text in texts)
        and not any(_is_torn(text) for text in texts)
    ):
        return list(texts)
    whole = " ".join(texts)
    reading = read_period(whole, year)
    if reading and any(a.overlaps(b) for a, b in combinations(reading.spans, 2)):
        return split_ranges(whole)
    return [whole] if whole else []


def _is_torn(text: str) -> bool:
    return text.strip().startswith(("-", "–", "ถึง")) or text.strip().endswith(("-", "–", "ถึง"))


def _monitoring_parts(texts: Sequence[str], count: int) -> list[list[str]]:
    if len(texts) == count:
        return [[text] for text in texts]
    whole = " ".join(texts)
    ends = [match.end() for match in _REPORT_POINT.finditer(whole)]
    if len(ends) != count:
        return [list(texts)] * count
    edges = [0, *ends[:-1], len(whole)]
    return [[whole[start:end].strip()] for start, end in pairwise(edges)]


def _default_cuts(steps: int, parts: int) -> tuple[int, ...]:
    """Where to part the steps: one each at the end, the rest to the first."""
    return tuple(steps - parts + index for index in range(1, parts))


def _shares(steps: Sequence[Step], parts: int) -> list[list[Step]]:
    """The proposed steps of each part; every step in each where there are fewer steps than parts."""
    if len(steps) < parts:
        return [list(steps)] * parts
    return [list(steps[start:end]) for start, end in pairwise([0, *_default_cuts(len(steps), parts), len(steps)])]


def _pairing_doubt(row: TableRow, parts: Sequence[_Values], ids: Sequence[str]) -> list[Doubt]:
    count, steps = len(parts), len(row.steps)
    if count in {1, steps} or not steps:
        return []
    cuts = list(islice(combinations(range(1, steps), count - 1), _MOST_CHOICES))
    if steps > count:
        default = _default_cuts(steps, count)
        cuts = [default, *(cut for cut in cuts if cut != default)]
    choices = {_cut_key(cut): _cut_text(cut, steps, parts) for cut in cuts}
    choices[EVERY_STEP] = "ทุกขั้นตอนใช้ทุกช่วงเวลา"
    source = row.source_of("period")
    return [doubts.values_do_not_pair(ids[0], source, steps, count, choices, {"rows": list(ids)})]


def _cut_key(cuts: Sequence[int]) -> str:
    return "after_step_" + "_".join(map(str, cuts))


def _cut_text(cuts: Sequence[int], steps: int, parts: Sequence[_Values]) -> str:
    edges = pairwise([0, *cuts, steps])
    words = []
    for (start, end), part in zip(edges, parts, strict=True):
        name = thai_digits(end) if end - start == 1 else f"{thai_digits(start + 1)}-{thai_digits(end)}"
        words.append(f"ขั้นตอนที่ {name} ใช้ {part.period}")
    return "; ".join(words)


def _row(
    row: TableRow,
    row_id: str,
    part: _Values,
    year: FiscalYear | None,
    above: str | None,
    whole_row: Sequence[Doubt],
    *,
    is_report: bool,
) -> Row:
    responsible = read_responsible(part.responsible, "\n".join(row.support))
    period, period_doubts = _period(row, row_id, part.period, year, above)
    span = Span(period.start, period.end) if period.start and period.end else None
    reporting = _reporting_reading(row, part, year, span, is_report=is_report)
    row_doubts = [
        *whole_row,
        *_responsible_doubts(row, row_id, responsible, above),
        *period_doubts,
        *_reporting_doubts(row, row_id, reporting, year, span),
    ]
    step_texts = [text for step in part.steps for text in (step.text, *(sub.text for sub in step.sub_steps))]
    drafted = Row(
        id=row_id,
        steps=tuple(part.steps),
        responsible=_responsible(row, "\n".join([part.responsible, *row.support]).strip(), responsible),
        period=period,
        reporting=_reporting(row, part, reporting),
        publication_channels=publication_channels([*step_texts, *part.monitoring], row.channels),
        monitoring_duties=duties_of(part.monitoring),
        doubts=tuple(doubt for doubt in row_doubts if not is_report or _is_asked(row, doubt)),
        cells=tuple(row.cells),
        source=row.source,
        **_extras(row.extras),
    )
    return with_unused(drafted, row, responsible, year)


def _extras(extras: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in extras.items() if text}


_COLUMN_OF: Final = {
    "missing_responsible": "responsible",
    "missing_period": "period",
    "reporting_not_stated": "monitoring",
}


def _is_asked(row: TableRow, doubt: Doubt) -> bool:
    return _COLUMN_OF.get(doubt.kind.value, "") in {"", *row.sources}


def _letter_doubt(row: TableRow, ids: Sequence[str]) -> list[Doubt]:
    return [doubts.letter_spaced_text(ids, row.source, row.runs)] if row.runs else []


def _responsible(row: TableRow, raw: str, reading: ResponsibleReading) -> Responsible:
    return Responsible(
        raw=raw,
        scope=reading.scope,
        parties=reading.parties,
        with_audit_unit=reading.with_audit_unit,
        source=row.source_of("responsible"),
    )


def _responsible_doubts(row: TableRow, row_id: str, reading: ResponsibleReading, above: str | None) -> list[Doubt]:
    source = row.source_of("responsible")
    if reading.scope == "missing":
        return [doubts.missing_responsible(row_id, source, above)]
    return [doubts.unknown_unit(row_id, source, reading.unknown, dict(reading.usual))] if reading.unknown else []


def _period(
    row: TableRow, row_id: str, raw: str, year: FiscalYear | None, above: str | None
) -> tuple[Period, list[Doubt]]:
    empty = Period(raw=raw, month_marks=row.months, source=row.source_of("period"))
    if year is None:
        return empty, []
    reading = read_period(f"ภายใน {raw}" if row.is_deadline else raw, year) if raw else None
    if reading is None:
        return empty, [doubts.no_period(row_id, empty.source, above, raw)]
    period = _as_period(empty, reading)
    is_outside = reading.start < year.start or reading.end > year.end
    if not (reading.is_reversed or is_outside):
        return period, []
    ways = ways_into(reading, year)
    best = ways["proposed_months"]
    stretches = () if is_outside else period.stretches
    moved = period.model_copy(update={"start": best.start, "end": best.end, "stretches": stretches})
    return moved, [doubts.period_unfit(row_id, moved, reading, year, ways)]


def _as_period(empty: Period, reading: PeriodReading) -> Period:
    spans = reading.spans if len(reading.spans) > 1 else ()
    return empty.model_copy(
        update={
            "start": reading.start,
            "end": reading.end,
            "start_inferred": reading.start_inferred,
            "occurrences": reading.times,
            "recurrence": reading.recurrence,
            "stretches": tuple(Stretch(start=span.start, end=span.end) for span in spans),
        }
    )


def _reporting_reading(
    row: TableRow, part: _Values, year: FiscalYear | None, span: Span | None, *, is_report: bool
) -> ReportingReading:
    if year is None:
        return ReportingReading("none_stated")
    texts = part.monitoring
    if "monitoring" not in row.sources and not is_report:  # a form without that column says it in the steps
        texts = [step.text for step in part.steps]
    return read_reporting(texts, year, span)


def _reporting(row: TableRow, part: _Values, reading: ReportingReading) -> Reporting:
    return Reporting(
        raw="\n".join(part.monitoring),
        cadence=reading.cadence,
        quarters_due=reading.quarters_due,
        round_months=reading.round_months,
        due_dates=reading.due_dates,
        source=row.source_of("monitoring"),
    )


def _reporting_doubts(
    row: TableRow, row_id: str, reading: ReportingReading, year: FiscalYear | None, span: Span | None
) -> list[Doubt]:
    if year is None:  # first the year, then the quarters
        return []
    source = row.source_of("monitoring")
    touched = year.quarters_touched(span) if span else ()
    if reading.cadence == "none_stated":
        return [doubts.reporting_not_stated(row_id, source, touched)]
    if reading.rivals:
        options: dict[str, tuple[int, ...]] = {reading.cadence: reading.quarters_due, **dict(reading.rivals)}
        return [doubts.reporting_ambiguous(row_id, source, options)]
    return []

"""Every value of a draft beside the cell it was read from."""

from __future__ import annotations

from collections.abc import Iterator

from plans.doubts import CHANNEL_WORDS, numbers
from plans.draft import Draft, Measure, Row, Source
from plans.places import cell_place, place
from plans.show import outcomes, reports, when, who, wrapped

_VALUE = "  "
_SOURCE = "      ← "
_GOES_ON = " " * len(_SOURCE)


def as_explanation(draft: Draft) -> str:
    """Values of a draft in the document's order, each with its place and raw text below, then what was left out."""
    lines = [*_head(draft)]
    for measure in draft.measures:
        lines += ["", *_measure(measure)]
    lines += ["", *_left_out(draft)]
    return "\n".join(lines) + "\n"


def _pair(name: str, value: str, source: Source, raw: str) -> Iterator[str]:
    yield from wrapped(f"{name}: {value}", _VALUE, _VALUE * 3)
    yield from wrapped(f"{cell_place(source)} “{raw}”", _SOURCE, _GOES_ON)


def _head(draft: Draft) -> Iterator[str]:
    office = draft.organization
    source = office.source or draft.source
    yield from wrapped(draft.title)
    yield from wrapped(f"หน่วยงาน: {office.name or '(ไม่พบ)'} ← {place(source)}")
    if draft.column_roles:
        columns = zip(draft.column_headings, draft.column_roles, strict=False)
        yield from wrapped("ช่องของตาราง: " + ", ".join(f"“{heading}” = {role}" for heading, role in columns))


def _measure(measure: Measure) -> Iterator[str]:
    raw = next((cell.raw for row in measure.rows for cell in row.cells if cell.source == measure.source), measure.title)
    indicators = f" (ตัวชี้วัดที่ {numbers(measure.indicators)})" if measure.indicators else ""
    yield from _pair(f"มาตรการที่ {numbers([measure.number or 0])}", f"{measure.title}{indicators}", measure.source, raw)
    for row in measure.rows:
        yield f" [{row.id}]"
        yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    for number, step in enumerate(row.steps, 1):
        below = "".join(f" / {sub.text}" for sub in step.sub_steps)
        yield from _pair(f"ขั้นตอนที่ {numbers([number])}", step.text + below, step.source, _raw_of(row, step.source))
    yield from _pair("ผู้รับผิดชอบ", who(row.responsible), row.responsible.source, row.responsible.raw)
    yield from _pair("ระยะเวลา", when(row), row.period.source, row.period.raw)
    yield from _pair("การรายงาน", reports(row.reporting), row.reporting.source, row.reporting.raw)
    if row.publication_channels:
        yield from wrapped("เผยแพร่: " + ", ".join(CHANNEL_WORDS[name] for name in row.publication_channels), _VALUE)
    for name, value in outcomes(row):
        yield from wrapped(f"{name}: {value}", _VALUE, _VALUE * 3)
    for doubt in row.doubts:
        yield from wrapped(f"? {doubt.message}", _VALUE, _VALUE * 3)


def _raw_of(row: Row, source: Source) -> str:
    return next((cell.raw for cell in row.cells if cell.source == source), "")


def _left_out(draft: Draft) -> Iterator[str]:
    if not draft.left_out:
        return
    yield "ไม่อยู่ในแผน"
    for item in draft.left_out:
        yield from wrapped(f"{item.reason}: “{item.text}” ← {cell_place(item.source)}", _VALUE, _VALUE * 3)

"""Which tables hold the plan, what each of their columns is for, and which rows are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from plans.layout.asides import shared_reporting
from plans.layout.forms import Form, read_form, read_head
from plans.layout.header import Header, Row, header_at, only_cell
from plans.layout.headings import is_column_count
from plans.layout.inference import with_inferred
from plans.layout.plausible import looks_like_plan
from plans.layout.prose import read_prose
from plans.layout.records import as_rows, is_indicator_heading, is_measure_heading, split_label
from plans.raw import Paragraph, RawCell, RawDocument, RawTable
from plans.words.text import clean

_NAMING: Final = frozenset({"measure", "number", "indicator", "issue"})
_NOTE: Final = re.compile(
    r"\(?(?:คำอธิบาย|คำชี้แจง|สัญลักษณ์|แหล่งที่มา|ข้อมูล ณ|ผู้บันทึก|ผู้ประสาน|หมายเหตุ|ที่มา|ลงชื่อ|ลงนาม"
    r"|ผู้จัดทำ|ผู้รายงาน|ผู้เสนอ|ผู้อนุมัติ|ผู้เห็นชอบ"
    r"|ผู้ตรวจสอบ|ตำแหน่ง|รวม(?!ถึง|ทั้ง)|\*)|\((?:นาย|นาง|นางสาว|ว่าที่)"
)
TableLine = tuple[tuple[str, ...], Row]
"""A row with the roles of its columns."""


@dataclass(slots=True)
class PlanTable:
    """Data rows of the document's plan tables, with their columns' roles and what else stood in tables."""

    roles: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: list[TableLine] = field(default_factory=list)
    repeated_headings: list[RawCell] = field(default_factory=list)
    foreign: list[RawCell] = field(default_factory=list)
    titles: list[RawCell] = field(default_factory=list)
    notes: list[RawCell] = field(default_factory=list)
    above: list[RawCell] = field(default_factory=list)
    labels: list[RawCell] = field(default_factory=list)
    used: set[Paragraph] = field(default_factory=set)
    is_form: bool = False
    first: int = 0


def plan_table(document: RawDocument) -> PlanTable:
    """All plan tables of the document as one; forms, and text with headings, where there is no table of columns.

    A table without headings goes on with the columns of the one before if it is as wide and its cells read like
    those columns (research/documents.md, section 6); otherwise it is foreign, and so is what follows a blank row.
    """
    result = PlanTable()
    roles: tuple[str, ...] = ()
    for number, table in enumerate(document.tables):
        if table.left_out_reason is not None:
            continue
        before = len(result.rows)
        result.first = number if not result.rows else result.first
        roles = _take_form(result, table) or _take_table(result, table, roles)
        if len(result.rows) > before:
            result.rows[before:before] = _headings_above(result, document, number)
    if not result.rows:
        prose = read_prose(document.paragraphs)
        shared_reporting(prose.records)
        result.rows += as_rows(prose.records)
        result.used, result.labels, result.is_form = prose.used, [*result.labels, *prose.labels], True
    return result


def _take_form(result: PlanTable, table: RawTable) -> tuple[str, ...]:
    """Take a table of labels and values; the roles of its last row, or none where it has columns."""
    form = read_form(table) if _is_narrow(table) or not _has_header(table) else None
    if not form:
        return ()
    result.is_form = result.is_form or not result.rows
    rows = as_rows(form.records)
    result.rows += rows
    result.labels += form.labels
    result.titles += form.rest
    return rows[-1][0] if rows else ()


def _is_narrow(table: RawTable) -> bool:
    pair = 2
    return all(sum(bool(cell.text.strip()) for cell in row) <= pair for row in table.rows)


def _has_header(table: RawTable) -> bool:
    return any(header_at(table.rows, index) for index in range(len(table.rows)))


def _headings_above(result: PlanTable, document: RawDocument, table: int) -> list[TableLine]:
    """Lines directly above a table that name its measure or indicator, as heading rows of it."""
    above = [p for p in document.paragraphs if p.tables_before == table and p.source.table is None]
    lines: list[TableLine] = []
    for paragraph in above:
        label = split_label(clean(paragraph.text))
        role, text = label or ("", paragraph.text)
        if is_measure_heading(paragraph.text) or is_indicator_heading(paragraph.text):
            role, text = "measure", paragraph.text
        if role in {"measure", "indicator"} and text.strip():
            lines.append((("measure",), [RawCell(text, paragraph.source)]))
            result.used.add(paragraph)
            result.labels.append(RawCell(clean(paragraph.text).removesuffix(clean(text)), paragraph.source))
    return lines


def _take_table(result: PlanTable, table: RawTable, roles: tuple[str, ...]) -> tuple[str, ...]:
    is_first = True
    own: tuple[str, ...] = ()
    start, head = len(result.rows), Form([])
    for block in _blocks(table.rows):
        if not own and (form := read_head(block)):
            head = form
            continue
        block_roles = own or (roles if is_first and _width(block) == len(roles) else ())
        own = _take_block(result, block, block_roles, is_apart=not is_first) or own
        is_first = False
    if len(result.rows) > start:
        _put_head(result, start, head)
    else:
        result.foreign += head.labels + [cell for record in head.records for _, cell in record.cells]
    return own or roles


def _put_head(result: PlanTable, start: int, head: Form) -> None:
    """Put the labelled fields above a table into its rows: the measure as a heading, the rest where a row has none."""
    fields = [pair for record in head.records for pair in record.cells]
    naming = [pair for pair in fields if pair[0] in _NAMING]
    shared = [pair for pair in fields if pair[0] not in _NAMING]
    for index in range(start, len(result.rows)):
        roles, cells = result.rows[index]
        added = [(role, cell) for role, cell in shared if role not in roles]
        result.rows[index] = ((*roles, *(role for role, _ in added)), [*cells, *(cell for _, cell in added)])
    if naming:
        result.rows.insert(start, (tuple(role for role, _ in naming), [cell for _, cell in naming]))
    result.labels += head.labels
    result.titles += head.rest


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Runs of rows between rows without any text or colour."""
    block: list[Row] = []
    for row in rows:
        if any(cell.text.strip() for cell in row):
            block.append(row)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _width(rows: Sequence[Row]) -> int:
    return max((len(row) for row in rows), default=0)


def _take_block(result: PlanTable, block: Sequence[Row], roles: tuple[str, ...], *, is_apart: bool) -> tuple[str, ...]:
    """Take the rows of a block; the roles that held at its end, or none."""
    index, is_below = 0, False
    while index < len(block):
        header = header_at(block, index)
        if header:
            rows = block[index + header.height :]
            header = replace(header, roles=with_inferred(header.roles, rows))
            roles, is_below = header.roles, True
            _keep_headings(result, header, block[index : index + header.height])
            index += header.height
            continue
        end = next((below for below in range(index + 1, len(block)) if header_at(block, below)), len(block))
        _take_rows(result, block[index:end], roles, is_below=is_below, is_apart=is_apart)
        index = end
    return roles


def _take_rows(
    result: PlanTable, rows: Sequence[Row], roles: tuple[str, ...], *, is_below: bool, is_apart: bool
) -> None:
    if not roles:
        for row in rows:
            (result.titles if only_cell(row) and not result.rows else result.foreign).extend(row)
            if not result.rows:
                result.above.extend(row)
        return
    if not is_below and not looks_like_plan(rows, roles, is_apart=is_apart):
        for row in rows:
            (result.notes if is_note(row) else result.foreign).extend(row)
        return
    for row in rows:
        if is_column_count([cell.text for cell in row]):
            result.repeated_headings.extend(row)
        elif is_note(row):
            result.notes.extend(row)
        else:
            result.rows.append((roles, row))
            result.titles += _cells_of_office(roles, row, result.titles)


def _cells_of_office(roles: tuple[str, ...], row: Row, earlier: Sequence[RawCell]) -> list[RawCell]:
    """Cells of columns that name the office or the fiscal year, each text once; the year with that word."""
    pairs = [(role, cell) for role, cell in zip(roles, row, strict=False) if role in {"office", "fiscal_year"}]
    cells = [replace(cell, text=f"ปีงบประมาณ {cell.text}") if role == "fiscal_year" else cell for role, cell in pairs]
    return [cell for cell in cells if cell.text.strip() and cell.text not in {other.text for other in earlier}]


def is_note(row: Row) -> bool:
    """Whether a row only holds a remark, a sum or a signature below the table."""
    filled = [cell for cell in row if cell.text.strip()]
    return bool(filled) and not filled[0].is_merged and bool(_NOTE.match(clean(filled[0].text))) and _is_sparse(filled)


def _is_sparse(filled: Sequence[RawCell]) -> bool:
    few = 2
    return len(filled) <= few


def _keep_headings(result: PlanTable, header: Header, rows: Sequence[Row]) -> None:
    if not result.roles:
        result.roles, result.headings = header.roles, header.headings
    else:
        result.repeated_headings.extend(cell for row in rows for cell in row)

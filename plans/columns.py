"""Which tables hold the plan, what each of their columns is for, and which rows are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from plans.forms import read_form
from plans.fragments import paragraphs
from plans.headings import OTHER, heading_text, is_column_count, is_sub_heading, roles_for, sub_role, wishes
from plans.plausible import looks_like_plan
from plans.prose import prose_records
from plans.raw import Paragraph, RawCell, RawDocument, RawTable
from plans.records import as_rows, is_indicator_heading, is_measure_heading, split_label
from plans.text import clean

_LEAST_ROLES: Final = 2
_LEAST_FILLED: Final = 3
_LEAST_SHARE: Final = 0.6
_MOST_HEADER_ROWS: Final = 4
_LONGEST: Final = 120
_CORE: Final = frozenset({"measure", "steps", "activity"})
_NOTE: Final = re.compile(
    r"\(?(?:คำอธิบาย|คำชี้แจง|สัญลักษณ์|แหล่งที่มา|ข้อมูล ณ|ผู้บันทึก|ผู้ประสาน|หมายเหตุ|ที่มา|ลงชื่อ|ลงนาม"
    r"|ผู้จัดทำ|ผู้รายงาน|ผู้เสนอ|ผู้อนุมัติ|ผู้เห็นชอบ"
    r"|ผู้ตรวจสอบ|ตำแหน่ง|รวม(?!ถึง|ทั้ง)|\*)|\((?:นาย|นาง|นางสาว|ว่าที่)"
)

Row = Sequence[RawCell]
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
    labels: list[RawCell] = field(default_factory=list)
    used: set[Paragraph] = field(default_factory=set)
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Heading rows of a table; `height` of them."""

    roles: tuple[str, ...]
    headings: tuple[str, ...]
    height: int


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
        roles = _take_form(result, table) or _take_table(result, table, roles)
        if len(result.rows) > before:
            result.rows[before:before] = _headings_above(result, document, number)
    if not result.rows:
        records, result.used = prose_records(document.paragraphs)
        result.rows += as_rows(records)
        result.is_form = True
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
    found: list[TableLine] = []
    for paragraph in above:
        label = split_label(clean(paragraph.text))
        role, text = label or ("", paragraph.text)
        if is_measure_heading(paragraph.text) or is_indicator_heading(paragraph.text):
            role, text = "measure", paragraph.text
        if role in {"measure", "indicator"} and text.strip():
            found.append((("measure",), [RawCell(text, paragraph.source)]))
            result.used.add(paragraph)
    return found


def _take_table(result: PlanTable, table: RawTable, roles: tuple[str, ...]) -> tuple[str, ...]:
    is_first = True
    own: tuple[str, ...] = ()
    for block in _blocks(table.rows):
        known = own or (roles if is_first and _width(block) == len(roles) else ())
        own = _take_block(result, block, known, is_apart=not is_first) or own
        is_first = False
    return own or roles


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
            roles, is_below = header.roles, True
            _keep_headings(result, header, block[index : index + header.height])
            index += header.height
            continue
        end = next((at for at in range(index + 1, len(block)) if header_at(block, at)), len(block))
        _take_rows(result, block[index:end], roles, is_below=is_below, is_apart=is_apart)
        index = end
    return roles


def _take_rows(
    result: PlanTable, rows: Sequence[Row], roles: tuple[str, ...], *, is_below: bool, is_apart: bool
) -> None:
    if not roles:
        for row in rows:
            (result.titles if only_cell(row) and not result.rows else result.foreign).extend(row)
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


def only_cell(row: Row) -> RawCell | None:
    """The one cell of a row with text, repeats of merged cells aside."""
    filled = [cell for cell in row if cell.text.strip() and not cell.is_merged]
    return filled[0] if len(filled) == 1 else None


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


def header_at(rows: Sequence[Row], index: int) -> Header | None:
    """The header that begins at a row, with the rows of sub-headings below it; None where the row begins none."""
    height = 1
    while height < _MOST_HEADER_ROWS and index + height < len(rows) and _goes_below(rows, index + height):
        height += 1
    block = rows[index : index + height]
    columns = _columns(block)
    roles = _roles(columns)
    known = [role for role in roles if role != OTHER]
    filled = sum(bool(texts) for texts in columns)
    if len(known) < _LEAST_ROLES or len(known) < _LEAST_SHARE * filled or not _CORE & set(known):
        return None
    if (
        filled < _LEAST_FILLED
        or only_cell(rows[index])
        or any(len(text) > _LONGEST for texts in columns for text in texts)
    ):
        return None
    height += index + height < len(rows) and is_column_count([cell.text for cell in rows[index + height]])
    return Header(tuple(roles), tuple(" ".join(texts) for texts in columns), height)


def roles_of(cells: Row) -> tuple[str, ...] | None:
    """Roles of a heading row by itself, left to right; None if the row is none."""
    header = header_at([cells], 0)
    return header.roles if header else None


def _goes_below(rows: Sequence[Row], at: int) -> bool:
    """Whether a row holds sub-headings: each of its own cells stands below a wider or an empty heading."""
    above, row = rows[at - 1], rows[at]
    own = [(index, cell) for index, cell in enumerate(row) if cell.text.strip() and not cell.is_merged]
    if not own or any(len(clean(cell.text)) > _LONGEST for _, cell in own):
        return False
    if all(is_sub_heading(cell.text, _over(above, index)) for index, cell in own):
        return bool(_covered(above, own) or len(own) > 1)
    is_known = all(wishes(cell.text) or is_sub_heading(cell.text, _over(above, index)) for index, cell in own)
    return is_known and len(_covered(above, own)) == len(own) and len(own) > 1 and bool(_merged_or_blank(row))


def _over(above: Row, index: int) -> str:
    """The heading over a column: its own, or the nearest to the left."""
    texts = (cell.text for cell in reversed(above[: index + 1]) if cell.text.strip())
    return next(texts, "")


def _merged_or_blank(row: Row) -> list[RawCell]:
    return [cell for cell in row if cell.is_merged or not cell.text.strip()]


def _covered(above: Row, own: Sequence[tuple[int, RawCell]]) -> list[int]:
    """Columns whose heading above is empty or wider than the column."""
    return [
        index for index, _ in own if index < len(above) and (not above[index].text.strip() or above[index].columns > 1)
    ]


def _columns(rows: Sequence[Row]) -> list[list[str]]:
    """Texts of the headings over each column, top to bottom; a wide heading stands over all it covers."""
    columns: list[list[str]] = [[] for _ in range(_width(rows))]
    for number, row in enumerate(rows):
        for index, text in enumerate(_spread(row, rows[number + 1] if number + 1 < len(rows) else None)):
            if text and (not columns[index] or columns[index][-1] != text):
                columns[index].append(text)
    return columns


def _spread(row: Row, below: Row | None) -> list[str]:
    """Texts of a heading row, an empty cell taking the heading on its left if a sub-heading stands below it."""
    texts: list[str] = []
    left, covers = "", 0
    has_spans = any(cell.columns > 1 for cell in row)
    for index, cell in enumerate(row):
        text = " ".join(paragraphs(cell.text))
        covers -= 1
        if text:
            left, covers = text, cell.columns
        elif covers > 0 or (not has_spans and below and index < len(below) and _own_text(below[index])):
            text = left
        texts.append("" if cell.is_merged and not text else text)
    return texts


def _own_text(cell: RawCell) -> str:
    return "" if cell.is_merged else cell.text.strip()


def _roles(columns: Sequence[Sequence[str]]) -> list[str]:
    """Role of each column: by its lowest heading where that says enough, else by the one above it."""
    tops = roles_for([texts[0] if texts else "" for texts in columns])
    fixed = [_fixed(texts, tops[index]) for index, texts in enumerate(columns)]
    speaking = [_speaking(texts) if role == OTHER else "" for texts, role in zip(columns, fixed, strict=True)]
    chosen = roles_for(speaking)
    return [role if role != OTHER else chosen[index] for index, role in enumerate(fixed)]


def _fixed(texts: Sequence[str], top: str) -> str:
    if not texts or (len(texts) == 1 and wishes(texts[0])):
        return OTHER
    parents = texts[:-1]
    return sub_role(heading_text(texts[-1]), top if parents else "", " ".join(parents))


def _speaking(texts: Sequence[str]) -> str:
    return next((text for text in reversed(texts) if wishes(text)), texts[-1] if texts else "")

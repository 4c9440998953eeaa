"""Forms: tables whose left column holds labels and whose right column holds the values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from plans.layout.records import Gatherer, Record, is_measure_heading, label_role
from plans.raw import RawCell, RawTable
from plans.words.text import squeezed

_LEAST_LABELS: Final = 3
_LEAST_SHARE: Final = 0.6
_CORE: Final = frozenset({"measure", "steps", "activity", "responsible", "period"})
_LEAST_CORE: Final = 2
_LONGEST_LABEL: Final = 80

_NUMBER_LABEL: Final = re.compile("มาตรการที่|ลำดับ(?:ที่)?|ข้อ(?:ที่)?")
_HEADING: Final = re.compile("รายละเอียด.*|ข้อมูล|เนื้อหา|คำตอบ|คำอธิบาย|ข้อความ")

Row = Sequence[RawCell]


@dataclass(slots=True)
class Form:
    """What a form says: its records, the labels, and the rows that no label of a plan begins."""

    records: list[Record]
    labels: list[RawCell] = field(default_factory=list)
    rest: list[RawCell] = field(default_factory=list)


def read_form(table: RawTable) -> Form | None:
    """The form in a table, or None where the table is none.

    Most of its rows begin with a label, and the labels name at least two things a plan is made of.
    """
    rows = [[cell for cell in row if cell.text.strip()] for row in table.rows]
    rows = [row for row in rows if row]
    labelled = [role for role in (_label(row) for row in rows) if role]
    if len(labelled) < max(_LEAST_LABELS, _LEAST_SHARE * len(rows)) or len(_CORE & set(labelled)) < _LEAST_CORE:
        return None
    gatherer = Gatherer()
    form = Form(gatherer.records)
    for row in rows:
        taken = list(_fields(row, gatherer.role))
        for role, cell in taken:
            gatherer.put(role, cell.text, cell.source)
        values = [cell for _, cell in taken]
        left = [cell for cell in row if cell not in values]
        (form.labels if taken else form.rest).extend(left)
    return form


def read_head(rows: Sequence[Row]) -> Form | None:
    """The form that lines above a table make up, such as its measure and indicator; None where they are none."""
    filled = [[cell for cell in row if cell.text.strip()] for row in rows]
    pair = 2
    if any(len(row) != pair for row in filled):
        return None
    fields = [(_head_role(label), value) for label, value in filled]
    if not {"measure", "indicator"} & {role for role, _ in fields} or not all(role for role, _ in fields):
        return None
    return Form([Record([(role, value) for role, value in fields if role])], [label for label, _ in filled])


def _head_role(label: RawCell) -> str | None:
    return "number" if _NUMBER_LABEL.fullmatch(squeezed(label.text).strip(":.")) else label_role(label.text)


def _label(row: Row) -> str | None:
    """Role of the label a row begins with, a running number before it aside; a heading row has none."""
    cells = _without_number(row)
    if len(cells) > 1 and _HEADING.fullmatch(squeezed(cells[1].text)):
        return None
    if len(cells) < 2 or len(cells[0].text) > _LONGEST_LABEL:  # noqa: PLR2004 -- a label and its value
        return None
    if label_role(cells[1].text) and len(cells) > 2 and not _alternates(cells):  # noqa: PLR2004 -- as above
        return None
    return label_role(cells[0].text)


def _without_number(row: Row) -> Row:
    few = 4
    if len(row) > 2 and len(row[0].text.strip()) <= few and label_role(row[1].text):  # noqa: PLR2004 -- more than these
        return row[1:]
    return row


def _alternates(cells: Row) -> bool:
    """Whether label and value stand twice in one row."""
    return len(cells) % 2 == 0 and all(label_role(cell.text) for cell in cells[::2])


def _fields(row: Row, before: str | None) -> Iterator[tuple[str, RawCell]]:
    cells = _without_number(row)
    role = _label(row)
    if role is None:
        text = cells[0].text
        if is_measure_heading(text):
            yield "measure", cells[0]
        elif before and (len(cells) == 1 or cells[0].is_merged):
            yield before, cells[-1]
        return
    if _alternates(cells):
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            yield label_role(label.text) or role, value
    else:
        for value in cells[1:]:
            yield role, value

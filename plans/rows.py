"""One line of the table, read cell by cell, before rows are joined or parted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from domain.thai import arabic_digits
from plans.draft import Cell, Doubt, LeftOut, Source, Step
from plans.fragments import paragraphs
from plans.letters import SpacedRun, join_spaced_letters
from plans.measure_cell import MeasureHead, named_indicators, read_measure
from plans.raw import RawCell
from plans.steps import read_steps
from plans.text import squeezed

_ONLY_NUMBER: Final = re.compile(r"\s*\(?([1-9]\d?)[.)]?\s*")
_EXTRAS: Final = ("status", "result", "problems", "suggestions")


@dataclass(slots=True)
class TableRow:
    """What one line of the table says; `responsible`, `period` and `monitoring` are paragraphs still."""

    id: str
    source: Source
    head: MeasureHead | None = None
    is_head_merged: bool = False
    steps: list[Step] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    period: list[str] = field(default_factory=list)
    monitoring: list[str] = field(default_factory=list)
    extras: dict[str, str] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    runs: list[SpacedRun] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def source_of(self, role: str) -> Source:
        """Place of the cell with this role; the row's own where the table has no such column."""
        return self.sources.get(role, self.source)

    @property
    def is_bare_heading(self) -> bool:
        """Only the measure cell is filled: a heading for the rows below."""
        rest = (self.steps, self.responsible, self.period, self.monitoring, self.extras)
        return self.head is not None and not any(rest)


def read_row(roles: Sequence[str], cells: Sequence[RawCell]) -> TableRow:
    """Read the cells of a row; cells beyond the headings are kept with the role `other`."""
    source = cells[0].source
    row = TableRow(f"t{source.table}r{source.row}", source.model_copy(update={"column": None}))
    for index, cell in enumerate(cells):
        role = roles[index] if index < len(roles) else "other"
        row.sources[role] = cell.source
        if cell.text.strip():
            row.cells.append(Cell(role=role, raw=cell.text, source=cell.source))
            _read_cell(row, role, cell)
    _complete_head(row)
    return row


def _complete_head(row: TableRow) -> None:
    """Number and indicators from columns of their own, where the measure cell does not print them."""
    if row.head is None:
        return
    texts = {cell.role: arabic_digits(" ".join(paragraphs(cell.raw))) for cell in row.cells}
    number = _ONLY_NUMBER.fullmatch(texts.get("number", ""))
    if row.head.number is None and number:
        row.head = replace(row.head, number=int(number.group(1)))
    if not row.head.indicators and "indicator" in texts:
        row.head = replace(row.head, indicators=named_indicators(texts["indicator"]))


def _read_cell(row: TableRow, role: str, cell: RawCell) -> None:
    texts = _repaired(row, paragraphs(cell.text))
    if role == "measure":
        row.head, row.is_head_merged = read_measure(texts), cell.is_merged
    elif role == "steps":
        row.steps = read_steps(texts, cell.source)
    elif role == "responsible":
        row.responsible = list({squeezed(text): text for text in reversed(texts)}.values())[::-1]
    elif role == "period":
        row.period = texts
    elif role == "monitoring":
        row.monitoring = texts
    elif role in _EXTRAS:
        text = "\n".join(texts)
        row.extras[role] = "none" if squeezed(text) in {"ไม่มี", "-ไม่มี", "-ไม่มี-"} else text


def _repaired(row: TableRow, texts: Sequence[str]) -> list[str]:
    repaired = []
    for text in texts:
        joined, runs = join_spaced_letters(text)
        row.runs.extend(runs)
        repaired.append(joined)
    return repaired

"""One line of the table, read cell by cell, before rows are joined or parted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from domain.thai import arabic_digits
from plans.draft import Cell, Doubt, LeftOut, Source, Step
from plans.layout.marks import is_ticked, months_text, quarters_named, quarters_text, supports, ticked
from plans.raw import RawCell
from plans.words.fragments import paragraphs
from plans.words.letters import SpacedRun, join_spaced_letters
from plans.words.measure_cell import MeasureHead, named_indicators, read_measure
from plans.words.outcomes import chosen, read_outcomes
from plans.words.steps import read_steps
from plans.words.text import squeezed

_ONLY_NUMBER: Final = re.compile(r"\s*\(?([1-9]\d{0,2})[.)]?\s*")
_EXTRAS: Final = ("status", "result", "problems", "suggestions", "problems_suggestions")


@dataclass(slots=True)
class TableRow:
    """What one line of the table says; `responsible`, `period` and `monitoring` are paragraphs still.

    Attributes:
        merged: Roles whose cell repeats the one above, as the file has it.
        is_deadline: The period is only its last day, from a column such as `กำหนดแล้วเสร็จ`.
        months: Numbers of the months ticked in columns of months.
        number: What a column of running numbers says.
    """

    id: str
    source: Source
    head: MeasureHead | None = None
    is_head_merged: bool = False
    steps: list[Step] = field(default_factory=list)
    step_texts: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    period: list[str] = field(default_factory=list)
    months: tuple[int, ...] = ()
    is_deadline: bool = False
    monitoring: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    number: int | None = None
    extras: dict[str, str] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    merged: set[str] = field(default_factory=set)
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
    row = TableRow(
        f"t{source.table or 0}r{source.row if source.row is not None else source.line or 0}", _of_row(source)
    )
    by_role: dict[str, list[RawCell]] = {}
    for index, cell in enumerate(cells):
        by_role.setdefault(roles[index] if index < len(roles) else "other", []).append(cell)
    for role, group in by_role.items():
        row.sources[role] = group[0].source
        row.cells += [Cell(role=role, raw=cell.text, source=cell.source) for cell in group if cell.text.strip()]
        if any(cell.text.strip() for cell in group):
            _read_cells(row, role, group)
    _read_marks(row, by_role)
    _complete_head(row)
    if _has_columns(row, "month:", "quarter:", "period_"):
        row.sources.setdefault("period", _first_source(row, "month:", "quarter:", "period_"))
    if _has_columns(row, "unit:"):
        row.sources.setdefault("responsible", _first_source(row, "unit:"))
    if _has_columns(row, "report_"):
        row.sources.setdefault("monitoring", _first_source(row, "report_"))
    row.extras = read_outcomes(row.extras)
    return row


def _of_row(source: Source) -> Source:
    return source.model_copy(update={"column": None})


def _first_source(row: TableRow, *prefixes: str) -> Source:
    """Place of the first filled cell of a group of columns, or of the first at all."""
    filled = (cell.source for cell in row.cells if cell.role.startswith(prefixes))
    return next(filled, next(source for role, source in row.sources.items() if role.startswith(prefixes)))


def _read_units(row: TableRow, by_role: Mapping[str, Sequence[RawCell]]) -> None:
    """Divisions whose column is ticked; a circle stands for one that supports where another sign leads."""
    marked = [(role.removeprefix("unit:"), group) for role, group in by_role.items() if role.startswith("unit:")]
    marked = [(name, group) for name, group in marked if is_ticked(group)]
    leads = [name for name, group in marked if not supports(group)]
    row.responsible += leads or [name for name, _ in marked]
    row.support += [name for name, _ in marked if leads and name not in leads]


def _has_columns(row: TableRow, *prefixes: str) -> bool:
    return any(role.startswith(prefixes) for role in row.sources)


def _read_marks(row: TableRow, by_role: Mapping[str, Sequence[RawCell]]) -> None:
    """Months or quarters whose cell is ticked, coloured, or lies below a bar; and the states ticked."""
    months = ticked(by_role, "month:")
    quarters = ticked(by_role, "quarter:")
    if months and not row.period:
        row.months = tuple(months)
        row.period = [months_text(months)]
    elif quarters and not row.period:
        row.period = [quarters_text(quarters)]
    marked = [cell for role, group in by_role.items() if role.startswith(("month:", "quarter:")) for cell in group]
    if marked and "period" not in by_role and all(cell.is_merged for cell in marked):
        row.merged.add("period")
    if reports := ticked(by_role, "report_quarter:"):
        row.monitoring = [*row.monitoring, f"รายงานผล{quarters_text(reports)}"]
    elif months := ticked(by_role, "report_month:"):
        row.monitoring = [*row.monitoring, f"รายงานผลใน {months_text(months).replace(' - ', ', ')}"]
    _read_units(row, by_role)
    for role, group in by_role.items():
        if role.startswith("status:") and any(cell.text.strip() for cell in group):
            row.extras.setdefault("status", role.removeprefix("status:"))


def _complete_head(row: TableRow) -> None:
    """Number and indicators from columns of their own, where the measure cell does not print them."""
    texts = {cell.role: arabic_digits(" ".join(chosen(paragraphs(cell.raw)))) for cell in row.cells}
    if number := _ONLY_NUMBER.fullmatch(texts.get("number", "")):
        row.number = int(number.group(1))
    if row.head is None:
        return
    if row.head.number is None and row.number:
        row.head = replace(row.head, number=row.number, is_numbered_apart=True)
    if not row.head.indicators and "indicator" in texts:
        row.head = replace(row.head, indicators=named_indicators(texts["indicator"]))


def _read_cells(row: TableRow, role: str, cells: Sequence[RawCell]) -> None:
    texts = _repaired(row, chosen([text for cell in cells for text in paragraphs(cell.text)]))
    if all(cell.is_merged for cell in cells if cell.text.strip()):
        row.merged.add(role)
    if reader := _READERS.get(role):
        reader(row, texts, cells[0])
    elif role in _EXTRAS:
        row.extras[role] = "\n".join(texts)


def _measure(row: TableRow, texts: list[str], cell: RawCell) -> None:
    row.head, row.is_head_merged = read_measure(texts), cell.is_merged


def _steps(row: TableRow, texts: list[str], cell: RawCell) -> None:
    row.steps, row.step_texts = read_steps(texts, cell.source), texts


def _responsible(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.responsible = list({squeezed(text): text for text in reversed(texts)}.values())[::-1]


def _support(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.support = texts


def _period(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.period = texts


def _start(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.period = [" ".join([*texts, *(["-", *row.period] if row.period else [])])]


def _end(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.is_deadline = not row.period
    row.period = [" ".join([*row.period, *(["-"] if row.period else []), *texts])]


def _monitoring(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.monitoring = [*row.monitoring, *texts]


def _report_quarters(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.monitoring = [*row.monitoring, *(quarters_named(text) for text in texts)]


def _period_quarters(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.period = [quarters_named(text) for text in texts]


def _channels(row: TableRow, texts: list[str], _cell: RawCell) -> None:
    row.channels = texts


_READERS: Final[Mapping[str, Callable[[TableRow, list[str], RawCell], None]]] = {
    "measure": _measure,
    "steps": _steps,
    "responsible": _responsible,
    "responsible_support": _support,
    "period": _period,
    "period_start": _start,
    "period_end": _end,
    "monitoring": _monitoring,
    "report_quarters": _report_quarters,
    "period_quarters": _period_quarters,
    "channels": _channels,
}


def _repaired(row: TableRow, texts: Sequence[str]) -> list[str]:
    repaired = []
    for text in texts:
        joined, runs = join_spaced_letters(text)
        row.runs.extend(runs)
        repaired.append(joined)
    return repaired

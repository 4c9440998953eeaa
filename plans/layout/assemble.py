"""From raw tables to the draft: rows, measures, and the doubts about how they hang together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from domain.fiscal import FiscalYear
from plans import doubts
from plans.draft import Draft, LeftOut, Measure, Row, Source
from plans.errors import NoPlanTableError, TooLargeFileError
from plans.layout.asides import parted_by_asides
from plans.layout.columns import PlanTable, plan_table
from plans.layout.header import only_cell
from plans.layout.joining import join_continuations
from plans.layout.records import is_indicator_heading, is_measure_heading
from plans.layout.rows import TableRow, read_row
from plans.layout.title_page import TitlePage, kind_of, read_title_page
from plans.layout.unused import asked_once
from plans.layout.values import draft_rows
from plans.layout.years import fiscal_year
from plans.raw import Paragraph, RawCell, RawDocument
from plans.words.duties import duties_of
from plans.words.fragments import paragraphs
from plans.words.measure_cell import MeasureHead, named_indicators
from plans.words.steps import first_number, last_number, restart

_MOST_ROWS: Final = 3_000  # the longest plan seen has a hundredth of it
_PUBLISHED: Final = {
    "period_start": "period",
    "period_end": "period",
    "period_quarters": "period",
    "report_quarters": "monitoring",
}


def assemble(document: RawDocument, fiscal_year_be: int | None = None) -> Draft:
    """Draft of a raw document; an explicit fiscal year wins over the printed one.

    Raises:
        TooLargeFileError: More rows than any plan has.
        NoPlanTableError: No table has the headings of a plan, or there is no row below them.
        UnknownFiscalYearError: The explicit fiscal year is impossible.
    """
    table = plan_table(document)
    if len(table.rows) > _MOST_ROWS:
        raise TooLargeFileError(file=document.file, most=f"{_MOST_ROWS} rows", most_thai=f"{_MOST_ROWS} แถว")
    outside = [*_lines(table.titles), *(_placed(p, table) for p in document.paragraphs if p not in table.used)]
    page = read_title_page(outside, document.file, _lines(table.above))
    rows, headings = _heads_carried(
        _told_apart([_read(roles, cells) for roles, cells in table.rows if _is_filled(cells)])
    )
    if not rows:
        raise NoPlanTableError(file=document.file)
    joined = [part for row in join_continuations(rows) for part in parted_by_asides(row)]
    source = Source(file=document.file)
    year, year_doubts = fiscal_year(page.years, _dated(table, joined), fiscal_year_be, source)
    groups = _grouped(joined, _nameless(page, table))
    roles = (role for row in joined for role in row.sources)
    kind = kind_of(page, roles, _named(groups, joined), is_form=table.is_form)
    measures = asked_once(_measures(groups, year, is_report=kind == "report_of_results"))
    gaps = _missing(measures)
    return Draft(
        title=page.title,
        organization=page.organization,
        fiscal_year_be=year.be if year else None,
        document_kind=kind,
        column_roles=None if table.is_form else tuple(_PUBLISHED.get(role, role) for role in table.roles),
        column_headings=table.headings or tuple(cell.text for cell in table.labels),
        measures=tuple(measures),
        doubts=(*year_doubts, *([doubts.measures_missing(source, gaps)] if gaps else [])),
        left_out=(
            *_left_out(document, outside, table, page),
            *headings,
            *(item for row in joined for item in row.left_out),
        ),
        source=source,
    )


def _placed(paragraph: Paragraph, table: PlanTable) -> Paragraph:
    """The paragraph, above the tables if it is above the first one of the plan: a page may begin with another."""
    is_above = 0 < paragraph.tables_before <= table.first and paragraph.source.table is None
    return replace(paragraph, is_before_tables=True) if is_above else paragraph


def _lines(cells: Iterable[RawCell]) -> list[Paragraph]:
    """Lines of cells that stand above the plan."""
    return [Paragraph(line, cell.source, is_before_tables=True) for cell in cells for line in paragraphs(cell.text)]


def _is_filled(cells: Iterable[RawCell]) -> bool:
    return any(cell.text.strip() for cell in cells)


def _read(roles: tuple[str, ...], cells: Sequence[RawCell]) -> TableRow:
    """The row; one with a single wide cell is a heading, whatever column it begins in."""
    alone = only_cell(cells)
    if alone and alone.columns > 1 and not any(cell.is_merged and cell.text.strip() for cell in cells):
        return read_row(("measure",), [alone])
    if alone and alone is cells[0] and (is_measure_heading(alone.text) or is_indicator_heading(alone.text)):
        return read_row(("measure",), [alone])
    return read_row(roles, cells)


def _told_apart(rows: Sequence[TableRow]) -> Sequence[TableRow]:
    """The rows, each with an id of its own: paragraphs of a Word file or a page all stand in the same place."""
    times: Counter[str] = Counter()
    for row in rows:
        times[row.id] += 1
        if times[row.id] > 1:
            row.id = f"{row.id}n{times[row.id]}"
    return rows


def _heads_carried(rows: Sequence[TableRow]) -> tuple[list[TableRow], list[LeftOut]]:
    """Rows without bare headings: such a heading names the measure of the row below.

    Above a row that names its own measure it is the heading of a group: its indicators hold for the group.
    """
    carried: list[TableRow] = []
    left_out: list[LeftOut] = []
    pending: TableRow | None = None
    group: tuple[int, ...] = ()
    for row in rows:
        if row.is_bare_heading:
            if pending and _names_measures(pending, row):
                left_out.append(_heading_left_out(pending))
                pending = None
            pending = _merged_heading(pending, row) if pending else row
            group = pending.head.indicators if pending.head else ()
            continue
        if pending and row.head is None:
            row.head = pending.head
            row.cells = [*pending.cells, *row.cells]
        elif pending:
            left_out.append(_heading_left_out(pending))
        pending = None
        if row.head and not row.head.indicators:
            row.head = replace(row.head, indicators=group)
        carried.append(row)
    return carried, [*left_out, *([_heading_left_out(pending)] if pending else [])]


def _names_measures(*rows: TableRow) -> bool:
    """Whether each of the headings is numbered as a measure is."""
    return all(row.head and row.head.number is not None for row in rows)


def _merged_heading(above: TableRow, row: TableRow) -> TableRow:
    """Two headings in a row: the lower names the measure, the upper its indicator where the lower has none."""
    assert above.head
    assert row.head
    if not row.head.indicators:
        row.head = replace(row.head, indicators=above.head.indicators)
    row.cells = [*above.cells, *row.cells]
    return row


def _heading_left_out(row: TableRow) -> LeftOut:
    return LeftOut(text=" ".join(cell.raw for cell in row.cells), reason="หัวข้อที่ไม่มีรายการข้างใต้", source=row.source)


@dataclass(slots=True)
class _Group:
    head: MeasureHead
    rows: list[TableRow] = field(default_factory=list)


def _nameless(page: TitlePage, table: PlanTable) -> MeasureHead:
    """The measure of rows above the first that names one; a form without that column is about its own title."""
    if "measure" in table.roles or table.is_form:
        return MeasureHead(None, "(ไม่พบชื่อมาตรการ)", (), "")
    return MeasureHead(None, page.title, named_indicators(page.title), "")


def _grouped(rows: Sequence[TableRow], nameless: MeasureHead) -> list[_Group]:
    """Rows by measure; a measure printed again keeps one entry and raises a doubt, unless its cell is merged."""
    groups: list[_Group] = []
    by_name: dict[str | int | None, list[_Group]] = {}
    current: _Group | None = None
    is_flat = _is_flat(rows)
    for row in rows:
        head = row.head or (current.head if current else nameless)
        names = {head.name, head.number} - {None}
        alike = [group for name in names for group in by_name.get(name, ())]
        same = next((group for group in alike if group.head.is_same(head)), None)
        if same is None:
            same = _Group(head)
            groups.append(same)
            for name in names:
                by_name.setdefault(name, []).append(same)
        elif row.head and not row.is_head_merged and not (is_flat and groups[-1] is same):
            doubt = doubts.measure_repeated(row.id, row.source_of("measure"), head.number, head.title, is_joined=False)
            row.doubts.append(doubt)
        same.rows.append(row)
        current = same
    return groups


def _dated(table: PlanTable, rows: Sequence[TableRow]) -> list[str]:
    """Texts that may print a year: the periods, and headings that are months."""
    months = [text for role, text in zip(table.roles, table.headings, strict=False) if role.startswith("month:")]
    return [*(" ".join(row.period) for row in rows), *months]


def _named(groups: Sequence[_Group], rows: Sequence[TableRow]) -> int:
    """How many measures the document names itself."""
    return sum(any(row.head for row in group.rows) for group in groups) if rows else 0


def _is_flat(rows: Sequence[TableRow]) -> bool:
    """Whether every row names its measure, as in a spreadsheet made for filtering, so that repeats mean nothing."""
    heads = [row.head for row in rows]
    again = {a.title for a, b in pairwise(heads) if a and b and a.is_same(b)}
    least = 2
    return all(heads) and len(again) >= least


def _measures(groups: Sequence[_Group], year: FiscalYear | None, *, is_report: bool) -> list[Measure]:
    numbers = {group.head.number for group in groups}
    taken = numbers - {None}
    built: list[Measure] = []
    last = 0
    is_numbered = bool(taken)
    for group in groups:
        number = group.head.number
        if number is None:
            number = _free(last, taken)
            if is_numbered or "measure" not in group.rows[0].sources:
                _ask_number(group, number)
        elif before := next((measure for measure in built[::-1] if measure.number == number), None):
            _ask_which(group, before, _free(number, taken))
        _ask_steps(group, numbers)
        rows: list[Row] = []
        for row in group.rows:
            _point_above(row, rows)
            drafted = draft_rows(row, year, rows[-1].id if rows else None, is_report=is_report)
            rows += [_asked_of(each, number) for each in drafted]
        built.append(_measure(group, number, rows))
        last = number
    return built


def _asked_of(row: Row, number: int) -> Row:
    """The row, its questions named by the measure first: people count those, not the rows of a table."""
    named = [d.model_copy(update={"message": doubts.of_measure(d, number)}) for d in row.doubts]
    return row.model_copy(update={"doubts": tuple(named)})


def _point_above(row: TableRow, built: Sequence[Row]) -> None:
    """Doubts that speak of the row above mean the last of its parts, where it was parted."""
    if built:
        above = {"above": built[-1].id}
        row.doubts = [d.model_copy(update={"facts": d.facts | above}) if "above" in d.facts else d for d in row.doubts]


def _measure(group: _Group, number: int, rows: Sequence[Row]) -> Measure:
    head = group.head
    return Measure(
        number=number,
        title=head.title,
        detail=head.detail,
        indicators=head.indicators,
        rows=tuple(rows),
        source=group.rows[0].source_of("measure"),
    )


def _free(after: int, taken: set[int | None]) -> int:
    """The number that follows, or where a measure has it the first behind all of them; it is taken then."""
    number = after + 1 if after + 1 not in taken else max(filter(None, taken)) + 1
    taken.add(number)
    return number


def _ask_which(group: _Group, before: Measure, free: int) -> None:
    row, number, titles = group.rows[0], before.number, (before.title, group.head.title)
    assert number
    facts = {"number": number, "free": free, "before": before.rows[0].id}
    row.doubts.append(doubts.measure_number_repeated(row.id, row.source_of("measure"), number, titles, facts))


def _ask_number(group: _Group, proposed: int) -> None:
    row = group.rows[0]
    row.doubts.append(doubts.measure_number_missing(row.id, row.source_of("measure"), group.head.title, proposed))


def _ask_steps(group: _Group, numbers: set[int | None]) -> None:
    above: TableRow | None = None
    for row in group.rows:
        first = first_number(row.steps)
        if first is not None and first > 1 and (above is None or last_number(above.steps) != first - 1):
            facts = _late_facts(row, group.head.number, numbers)
            text = next(step.text for step in row.steps if step.number is not None)
            row.doubts.append(doubts.step_numbering_starts_late(row.id, row.source_of("steps"), first, text, facts))
        if not row.steps:
            facts = _missing_facts(above)
            row.doubts.append(doubts.steps_missing(row.id, row.source_of("steps"), _duties(row), facts))
        above = row


def _late_facts(row: TableRow, number: int | None, numbers: set[int | None]) -> dict[str, object]:
    """How many steps of the row belong to the list that starts late."""
    end = restart(row.steps) or len(row.steps)
    numbered = [index for index, step in enumerate(row.steps[:end]) if step.number is not None]
    before = number - 1 if number and number > 1 and number - 1 not in numbers else None
    return {"steps": numbered[-1] + 1, "measure_before": before}


def _missing_facts(above: TableRow | None) -> dict[str, object]:
    if above is None:
        return {"above": None, "restarted": 0}
    again = restart(above.steps)
    return {"above": above.id, "restarted": len(above.steps) - again if again is not None else 0}


def _duties(row: TableRow) -> int:
    return len(duties_of(row.monitoring))


def _missing(measures: Sequence[Measure]) -> list[int]:
    numbers = {measure.number for measure in measures if measure.number}
    return [number for number in range(1, max(numbers, default=0)) if number not in numbers]


def _left_out(document: RawDocument, outside: Sequence[Paragraph], table: PlanTable, page: TitlePage) -> list[LeftOut]:
    words = [(p.text, "ข้อความนอกตาราง", p.source) for p in outside if p not in page.used]
    hidden = [
        (cell.text, other.left_out_reason or "", cell.source)
        for other in document.tables
        if other.left_out_reason is not None
        for row in other.rows
        for cell in row
    ]
    labels = [(cell.text, "ป้ายชื่อช่อง", cell.source) for cell in table.labels if table.headings]
    notes = [(cell.text, "หมายเหตุหรือลายมือชื่อใต้ตาราง", cell.source) for cell in table.notes]
    again = [(cell.text, "หัวตารางที่พิมพ์ซ้ำ", cell.source) for cell in table.repeated_headings]
    foreign = [(cell.text, "ตารางอื่นที่ไม่ใช่ตารางมาตรการ", cell.source) for cell in table.foreign]
    return [
        LeftOut(text=text, reason=reason, source=source)
        for text, reason, source in [*words, *again, *labels, *notes, *foreign, *hidden]
        if text.strip()
    ]

"""From raw tables to the draft: rows, measures, and the doubts about how they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.fiscal import FiscalYear
from plans import doubts
from plans.columns import PlanTable, plan_table
from plans.draft import Doubt, Draft, LeftOut, Measure, Row, Source
from plans.duties import duties_of
from plans.errors import NoPlanTableError
from plans.joining import join_continuations
from plans.measure_cell import MeasureHead, named_indicators
from plans.periods import printed_years
from plans.raw import RawCell, RawDocument
from plans.rows import TableRow, read_row
from plans.steps import first_number, last_number, restart
from plans.title_page import TitlePage, kind_of, read_title_page
from plans.values import draft_rows


def assemble(document: RawDocument, fiscal_year_be: int | None = None) -> Draft:
    """Draft of a raw document; an explicit fiscal year wins over the printed one.

    Raises:
        NoPlanTableError: No table has the headings of a plan, or there is no row below them.
        UnknownFiscalYearError: The explicit fiscal year is impossible.
    """
    table = plan_table(document)
    page = read_title_page(document.paragraphs, document.file)
    rows, headings = _heads_carried([read_row(roles, cells) for roles, cells in table.rows if _is_filled(cells)])
    if not rows:
        raise NoPlanTableError(file=document.file)
    joined = join_continuations(rows)
    source = Source(file=document.file)
    year, year_doubts = _fiscal_year(page, joined, fiscal_year_be, source)
    kind = kind_of(page.title, table.roles)
    measures = _measures(_grouped(joined, _nameless(page, table)), year, is_report=kind == "report_of_results")
    gaps = _missing(measures)
    return Draft(
        title=page.title,
        organization=page.organization,
        fiscal_year_be=year.be if year else None,
        document_kind=kind,
        column_roles=table.roles,
        column_headings=table.headings,
        measures=tuple(measures),
        doubts=(*year_doubts, *([doubts.measures_missing(source, gaps)] if gaps else [])),
        left_out=(*_left_out(document, table, page), *headings, *(item for row in joined for item in row.left_out)),
        source=source,
    )


def _is_filled(cells: Iterable[RawCell]) -> bool:
    return any(cell.text.strip() for cell in cells)


def _heads_carried(rows: Sequence[TableRow]) -> tuple[list[TableRow], list[LeftOut]]:
    """Rows without bare headings: a bare heading names the measure of the row below, or is left out."""
    kept: list[TableRow] = []
    left_out: list[LeftOut] = []
    pending: TableRow | None = None
    for row in rows:
        if pending and row.head is None:
            row.head = pending.head
            row.cells = [*pending.cells, *row.cells]
            pending = None
        elif pending:
            left_out.append(_heading_left_out(pending))
            pending = None
        if row.is_bare_heading:
            pending = row
        else:
            kept.append(row)
    return kept, [*left_out, *([_heading_left_out(pending)] if pending else [])]


def _heading_left_out(row: TableRow) -> LeftOut:
    return LeftOut(text=" ".join(cell.raw for cell in row.cells), reason="หัวข้อที่ไม่มีรายการข้างใต้", source=row.source)


def _fiscal_year(
    page: TitlePage, rows: Sequence[TableRow], explicit: int | None, source: Source
) -> tuple[FiscalYear | None, list[Doubt]]:
    if explicit is not None:
        conflict = [be for be in page.years if be != explicit]
        return FiscalYear(explicit), [doubts.fiscal_year_unclear(source, [explicit, *conflict])] if conflict else []
    if len(page.years) == 1:
        return FiscalYear(page.years[0]), []
    candidates = list(page.years) or _years_of_periods(rows)
    year = FiscalYear(candidates[0]) if candidates else None
    return year, [doubts.fiscal_year_unclear(source, candidates)]


def _years_of_periods(rows: Sequence[TableRow]) -> list[int]:
    years = [year for row in rows for text in row.period for year in printed_years(text)[-1:]]
    return sorted(dict.fromkeys(years), key=lambda year: -years.count(year))


@dataclass(slots=True)
class _Group:
    head: MeasureHead
    rows: list[TableRow] = field(default_factory=list)


def _nameless(page: TitlePage, table: PlanTable) -> MeasureHead:
    """The measure of rows above the first that names one; a form without that column is about its own title."""
    if "measure" in table.roles:
        return MeasureHead(None, "(ไม่พบชื่อมาตรการ)", (), "")
    return MeasureHead(None, page.title, named_indicators(page.title), "")


def _grouped(rows: Sequence[TableRow], nameless: MeasureHead) -> list[_Group]:
    """Rows by measure; a measure printed again keeps one entry and raises a doubt, unless its cell is merged."""
    groups: list[_Group] = []
    current: _Group | None = None
    for row in rows:
        head = row.head or (current.head if current else nameless)
        same = next((group for group in groups if group.head.is_same(head)), None)
        if same is None:
            same = _Group(head)
            groups.append(same)
        elif row.head and not row.is_head_merged:
            doubt = doubts.measure_repeated(row.id, row.source_of("measure"), head.number, head.title, is_joined=False)
            row.doubts.append(doubt)
        same.rows.append(row)
        current = same
    return groups


def _measures(groups: Sequence[_Group], year: FiscalYear | None, *, is_report: bool) -> list[Measure]:
    numbers = {group.head.number for group in groups}
    built: list[Measure] = []
    last = 0
    for group in groups:
        number = group.head.number
        if number is None:
            number = last + 1
            _ask_number(group, number)
        _ask_steps(group, numbers)
        rows: list[Row] = []
        for row in group.rows:
            _point_above(row, rows)
            rows += draft_rows(row, year, rows[-1].id if rows else None, is_report=is_report)
        built.append(_measure(group, number, rows))
        last = number
    return built


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


def _left_out(document: RawDocument, table: PlanTable, page: TitlePage) -> list[LeftOut]:
    words = [(p.text, "ข้อความนอกตาราง", p.source) for p in document.paragraphs if p not in page.used]
    again = [(cell.text, "หัวตารางที่พิมพ์ซ้ำ", cell.source) for cell in table.repeated_headings]
    foreign = [(cell.text, "ตารางอื่นที่ไม่ใช่ตารางมาตรการ", cell.source) for cell in table.foreign]
    return [
        LeftOut(text=text, reason=reason, source=source)
        for text, reason, source in [*words, *again, *foreign]
        if text.strip()
    ]

"""Cells that span columns or rows, laid out so that every row has its cells below the headings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Final

from plans.draft import Source
from plans.errors import TooLargeFileError
from plans.raw import Paragraph, RawCell, RawDocument, RawTable

MOST_CELLS: Final = 150_000
"""Most cells of a document; a plan of the largest office has a few thousand."""

_MOST_TABLES: Final = 2_000
_LEAST_SIDE: Final = 2
_WIDENING: Final = 24  # columns that a merged cell may add; titles are merged to the end of the sheet by mistake
_MOST_MERGED: Final = 1_000_000  # steps of work, as merged ranges may lie over one another

Merge = tuple[int, int, int, int]
"""Merged range of a sheet: top, left, bottom, right, each counted from 0 and included."""


@dataclass(frozen=True, slots=True)
class Span:
    """A cell before its place is known.

    Attributes:
        columns: How many columns of the grid it covers.
        rows: How many rows it covers, itself included (HTML counts them).
        continues: It goes on with the cell above (Word marks each row).
        is_shaded: Its ground is coloured.
    """

    text: str
    columns: int = 1
    rows: int = 1
    continues: bool = False
    is_shaded: bool = False


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of a sheet, with text or colour; `columns` counts those of the sheet."""

    text: str
    is_shaded: bool = False
    is_merged: bool = False
    columns: int = 1


@dataclass(slots=True)
class _Line:
    """One row by column of the grid: the cell that begins there, and whether it repeats the one above."""

    cells: dict[int, tuple[Span, bool]] = field(default_factory=dict)
    width: int = 0

    def put(self, span: Span, *, is_merged: bool) -> None:
        self.cells[self.width] = (span, is_merged)
        self.width += span.columns


def add_table(document: RawDocument, rows: Iterable[Iterable[Span]]) -> None:
    """Lay out a table and add it to the document; one without rows is no table.

    A cell over several rows is repeated and marked as merged; of one over several columns the first has the text.
    Columns of the grid in which no cell begins are dropped: Word splits the grid wherever any border stood once.

    Raises:
        TooLargeFileError: More cells than any plan has, as spans multiply them.
    """
    lines = list(_lines(rows, document.file))
    if not lines:
        return
    number = len(document.tables)
    used = sorted({column for line in lines for column in line.cells})
    check_room(document, len(used) * len(lines))
    document.tables.append(
        RawTable(
            [_row(line, used, Source(file=document.file, table=number, row=row)) for row, line in enumerate(lines)]
        )
    )


def check_room(document: RawDocument, cells: int) -> None:
    """Count one more table of so many cells.

    Raises:
        TooLargeFileError: More cells or tables than any document with a plan has.
    """
    taken = sum(sum(map(len, table.rows)) for table in document.tables[:_MOST_TABLES])
    if taken + cells > MOST_CELLS or len(document.tables) > _MOST_TABLES:
        raise too_many_cells(document.file)


def without_slivers(rows: Sequence[Sequence[Span]], widths: Sequence[int], least: int) -> list[list[Span]]:
    """Rows whose cells fall below their headings although a border was dragged a little in some of them.

    Lines of the grid that are nearer to one another than `least` become one line, unless a cell between them has
    text or colour. Where `widths` do not cover every row, the rows are given back as they are.
    """
    if any(sum(span.columns for span in row) > len(widths) for row in rows):
        return [list(row) for row in rows]
    inside: dict[int, int] = {}  # line where filled cells end: the nearest line where one of them begins
    for row in rows:
        for span, end in zip(row, accumulate(span.columns for span in row), strict=True):
            if span.text.strip() or span.is_shaded:
                inside[end] = max(inside.get(end, 0), end - span.columns)
    lines, count, first = [0], 0, 0
    edges = list(accumulate(widths, initial=0))
    for line in range(1, len(edges)):
        if edges[line] - edges[first] >= least or inside.get(line, -1) >= first:
            count, first = count + 1, line
        lines.append(count)
    return [_along(row, lines) for row in rows]


def _along(row: Sequence[Span], lines: Sequence[int]) -> list[Span]:
    """The cells of a row between the lines that are left; one that has no width any more is dropped."""
    ends = [0, *accumulate(span.columns for span in row)]
    widths = [lines[end] - lines[start] for start, end in pairwise(ends)]
    return [replace(span, columns=width) for span, width in zip(row, widths, strict=True) if width]


def add_outside(document: RawDocument, text: str, source: Source | None = None) -> None:
    """Add each line of a text outside the tables; with a source it stood inside a cell."""
    place = source or Source(file=document.file)
    is_before = source is None and not document.tables
    above = len(document.tables)
    lines = (line.strip() for line in text.split("\n"))
    document.paragraphs.extend(Paragraph(line, place, is_before, above) for line in lines if line)


def _lines(rows: Iterable[Iterable[Span]], file: str) -> Iterator[_Line]:
    above = _Line()
    hanging: dict[int, tuple[int, Span]] = {}
    count = 0
    for spans in rows:
        line = _Line()
        for span in spans:
            _hang(line, hanging)
            _put(line, span, above, hanging)
        _hang(line, hanging)
        count += len(line.cells)
        if count > MOST_CELLS:
            raise too_many_cells(file)
        if line.cells:  # a row whose every cell was swallowed by the rows above has nothing of its own
            yield line
        above = line


def too_many_cells(file: str) -> TooLargeFileError:
    """The error for a table that has more cells than any plan."""
    return TooLargeFileError(file=file, most=f"{MOST_CELLS} cells", most_thai=f"{MOST_CELLS} ช่อง")


def _put(line: _Line, span: Span, above: _Line, hanging: dict[int, tuple[int, Span]]) -> None:
    """Put a cell; what Word hides in a cell that goes on with the one above is still shown, not lost."""
    if span.rows > 1:
        hanging[line.width] = (span.rows - 1, span)
    if span.continues and not span.text.strip() and line.width in above.cells:
        line.put(replace(above.cells[line.width][0], columns=span.columns), is_merged=True)
    else:
        line.put(span, is_merged=False)


def _hang(line: _Line, hanging: dict[int, tuple[int, Span]]) -> None:
    """Repeat the cells that come down from the rows above into the next columns."""
    while line.width in hanging:
        column = line.width
        left, span = hanging.pop(column)
        if left > 1:
            hanging[column] = (left - 1, span)
        line.put(span, is_merged=True)


def _row(line: _Line, used: Sequence[int], source: Source) -> list[RawCell]:
    columns = [column for column in used if column < line.width]
    return [
        _cell(line, column, used, source.model_copy(update={"column": index})) for index, column in enumerate(columns)
    ]


def _cell(line: _Line, column: int, used: Sequence[int], source: Source) -> RawCell:
    span, is_merged = line.cells.get(column, (Span(""), False))
    covered = bisect_left(used, column + span.columns) - bisect_left(used, column)
    return RawCell(span.text, source, is_merged, max(covered, 1), span.is_shaded)


PlacedRows = dict[int, dict[int, PlacedCell]]
"""Cells of a sheet by row and column, both counted from 0."""


def placed_table(rows: PlacedRows, merges: Iterable[Merge], place: Source) -> RawTable:
    """Table of the filled part of a sheet, merged cells laid out as `add_table` does; no rows if there is no text.

    Of several empty rows or columns next to one another the first is kept, as a gap may part two tables.

    Raises:
        TooLargeFileError: More cells than any plan has.
    """
    worded = [row for row, cells in rows.items() if any(cell.text for cell in cells.values())]
    if not worded:
        return RawTable()
    last = max(worded)  # not asked for anew at each row: of five thousand rows that takes a second
    rows = {row: cells for row, cells in rows.items() if row <= last}  # below, only colours
    covered = _lay_out_merges(rows, merges, last, place.file)
    columns, numbers = _with_gaps(covered.union(*rows.values())), _with_gaps(rows)
    if len(columns) * len(numbers) > MOST_CELLS:
        raise too_many_cells(place.file)
    return RawTable([_placed_row(rows.get(row, {}), columns, place, row) for row in numbers])


def _with_gaps(filled: Collection[int]) -> list[int]:
    """The filled numbers, and the first of each gap between them."""
    gaps = {number + 1 for number in filled} - {max(filled) + 1}
    return sorted(gaps.union(filled))


def _lay_out_merges(rows: PlacedRows, merges: Iterable[Merge], last: int, file: str) -> set[int]:
    """Repeat merged cells downwards and let them cover columns; the columns that a text covers."""
    covered: set[int] = set()
    edge = max(column for cells in rows.values() for column in cells)
    work = 0
    for top, left, bottom, right in merges:
        cell = rows.get(top, {}).get(left)
        if cell is None:
            continue
        width = range(left, (right if right <= edge + _WIDENING else edge) + 1)
        height = range(top, min(bottom, last) + 1)
        work += len(height) * len(width)
        if work > _MOST_MERGED:
            raise too_many_cells(file)
        rows[top][left] = replace(cell, columns=len(width))
        covered.update(width if cell.text else ())
        _repeat(rows, rows[top][left], height, width)
    return covered


def _repeat(rows: PlacedRows, cell: PlacedCell, height: range, width: range) -> None:
    """Fill a merged range; text that the program hides below its first cell is still shown, not lost."""
    for row in height:
        cells = rows.setdefault(row, {}) if cell.text else rows.get(row, {})
        if row > height.start and cell.text and not _has_text(cells, width.start):
            cells[width.start] = replace(cell, is_merged=True)
        for column in width[1:] if cell.is_shaded else ():
            if not _has_text(cells, column):
                cells[column] = PlacedCell("", is_shaded=True)


def _has_text(cells: Mapping[int, PlacedCell], column: int) -> bool:
    return column in cells and bool(cells[column].text)


def _placed_row(cells: Mapping[int, PlacedCell], columns: Sequence[int], place: Source, row: int) -> list[RawCell]:
    source = place.model_copy(update={"row": row})
    return [_placed_cell(cells.get(column), column, columns, source) for column in columns]


def _placed_cell(cell: PlacedCell | None, column: int, columns: Sequence[int], source: Source) -> RawCell:
    place = source.model_copy(update={"column": column})
    if cell is None:
        return RawCell("", place)
    covered = bisect_left(columns, column + cell.columns) - bisect_left(columns, column)
    return RawCell(cell.text, place, cell.is_merged, max(covered, 1), cell.is_shaded)


def is_table_of_its_own(rows: int, columns: int) -> bool:
    """Tell whether a table inside a cell is one to read; a smaller one only arranges text."""
    return rows >= _LEAST_SIDE and columns >= _LEAST_SIDE

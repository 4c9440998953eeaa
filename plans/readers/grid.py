"""Cells that span columns or rows, laid out so that every row has its cells below the headings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from plans.draft import Source
from plans.errors import TooLargeFileError
from plans.raw import Paragraph, RawCell, RawDocument, RawTable

_MOST_CELLS: Final = 200_000


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
    if len(used) * len(lines) > _MOST_CELLS:
        raise _too_large(document.file)
    document.tables.append(
        RawTable(
            [_row(line, used, Source(file=document.file, table=number, row=row)) for row, line in enumerate(lines)]
        )
    )


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
        if count > _MOST_CELLS:
            raise _too_large(file)
        if line.cells:  # a row whose every cell was swallowed by the rows above has nothing of its own
            yield line
        above = line


def _too_large(file: str) -> TooLargeFileError:
    return TooLargeFileError(file=file, most=f"{_MOST_CELLS} cells", most_thai=f"{_MOST_CELLS} ช่อง")


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

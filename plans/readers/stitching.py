"""Tables that go on over pages: repeated headings dropped, rows cut by the page's end put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from plans.draft import Source
from plans.layout.header import roles_of
from plans.raw import Paragraph, RawCell, RawDocument, RawTable
from plans.readers.pdf_page import Page, PageCell, PageRow, PageTable
from plans.readers.pdf_text import Line, passage
from plans.words.text import squeezed

_HAIR: Final = 3.0
_MARGIN: Final = 0.15  # of the page's height: where page numbers and running heads stand
_LAST_LINES: Final = 75.0  # points that a page may leave empty when the next line is kept with its neighbours
_OWN: Final = frozenset({"number", "measure", "responsible", "period"})
_PAGE_NUMBER: Final = re.compile(
    r"[-–—(\[]?\s*(?:หน้า(?:ที่)?|[Pp]age)?\s*[0-9๐-๙]{1,4}\s*(?:(?:/|จาก|of)\s*[0-9๐-๙]{1,4})?\s*[-–—)\]]?"
)
_MOST_HEADINGS: Final = 5
_DIGITS: Final = re.compile("[0-9๐-๙]+")


@dataclass(slots=True)
class _Table:
    """A table being put together; `pages` says for each row on which page it begins, `end` where the last page ends.

    `end` is counted like the base of a line.
    """

    edges: tuple[float, ...]
    end: float
    roles: tuple[str, ...] | None
    rows: list[PageRow] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


def document_of(pages: Sequence[Page], file: str) -> RawDocument:
    """One raw document of all pages, in reading order.

    Page numbers and heads printed again on every page are paragraphs that stand before no table.
    """
    document = RawDocument(file)
    repeated = _repeated(pages)
    tables: list[_Table] = []
    above: Page | None = None
    end = max((_bottom(page, repeated) for page in pages), default=0.0)
    for page in pages:
        for stretch, table in _stretches(page, repeated):
            _add_text(document, stretch, page, len(tables))
            if table is None:
                continue
            goes_on = above and table is page.tables[0] and not stretch and _reaches(above, end, repeated)
            _put(tables, table, page, is_continuation=bool(goes_on))
        _add_furniture(document, page, repeated, len(tables))
        above = page
    document.tables = [_raw(table, number, file) for number, table in enumerate(tables)]
    return document


def _repeated(pages: Sequence[Page]) -> frozenset[str]:
    """Heads and feet, without digits, that stand on several pages."""
    count: dict[str, int] = {}
    for page in pages:
        for text in {_key(line) for line in page.lines if _is_in_margin(line, page)}:
            count[text] = count.get(text, 0) + 1
    return frozenset(text for text, times in count.items() if times > 1)


def _key(line: Line) -> str:
    return _DIGITS.sub("", squeezed(line.text))


def _is_in_margin(line: Line, page: Page) -> bool:
    """It stands near the top or the bottom of the sheet, before or after all tables."""
    place = page.height + line.base
    is_high = place < _MARGIN * page.height and all(place <= table.top + _HAIR for table in page.tables)
    return is_high or (
        place > (1 - _MARGIN) * page.height and all(place >= table.bottom - _HAIR for table in page.tables)
    )


def _is_furniture(line: Line, page: Page, repeated: frozenset[str]) -> bool:
    """A page number, or what other pages have in the same margin."""
    return _is_in_margin(line, page) and (bool(_PAGE_NUMBER.fullmatch(line.text)) or _key(line) in repeated)


def _is_new(line: Line, page: Page) -> bool:
    """The first page's head is text like any other: often it is the title."""
    return page.number == 0 and not _PAGE_NUMBER.fullmatch(line.text)


def _body(page: Page, repeated: frozenset[str]) -> list[Line]:
    return [line for line in page.lines if not _is_furniture(line, page, repeated)]


def _stretches(page: Page, repeated: frozenset[str]) -> Iterator[tuple[list[Line], PageTable | None]]:
    """Each table with the lines above it, and at the end the lines below the last."""
    rest = [line for line in page.lines if _is_new(line, page) or not _is_furniture(line, page, repeated)]
    for table in page.tables:
        yield [line for line in rest if page.height + line.base <= table.bottom], table
        rest = [line for line in rest if page.height + line.base > table.bottom]
    yield rest, None


def _bottom(page: Page, repeated: frozenset[str]) -> float:
    lines = (page.height + line.base for line in _body(page, repeated))
    return max([*lines, *(table.bottom for table in page.tables)], default=0.0)


def _reaches(page: Page, end: float, repeated: frozenset[str]) -> bool:
    """The page ends with a table that fills it."""
    if not page.tables:
        return False
    bottom = page.tables[-1].bottom
    return bottom >= _bottom(page, repeated) - _HAIR and bottom >= end - _LAST_LINES


def _add_text(document: RawDocument, lines: Sequence[Line], page: Page, tables: int) -> None:
    is_before = tables == 0
    texts = passage(lines, page.right, page.left).texts
    source = Source(file=document.file, page=page.number)
    document.paragraphs.extend(Paragraph(text, source, is_before, tables) for text in texts)


def _add_furniture(document: RawDocument, page: Page, repeated: frozenset[str], tables: int) -> None:
    source = Source(file=document.file, page=page.number)
    lines = [line for line in page.lines if _is_furniture(line, page, repeated) and not _is_new(line, page)]
    document.paragraphs.extend(
        Paragraph(line.text, source, is_before_tables=False, tables_before=tables) for line in lines
    )


def _put(tables: list[_Table], table: PageTable, page: Page, *, is_continuation: bool) -> None:
    rows, roles = table.rows, _roles(table.rows)
    again = _headings_again(tables[-1].rows, rows) if tables else 0
    if is_continuation and tables and _is_same_grid(tables[-1].edges, table.edges) and (again or not roles):
        whole = tables[-1]
        rows = rows[again:]
        if rows and _is_cut(whole, rows[0]):
            _join(whole.rows[-1], rows[0])
            rows = rows[1:]
    else:
        inherited = tables[-1].roles if tables and len(tables[-1].edges) == len(table.edges) else None
        whole = _Table(table.edges, 0.0, roles or inherited)
        tables.append(whole)
    whole.roles = roles or whole.roles
    whole.rows += rows
    whole.pages += [page.number] * len(rows)
    whole.end = table.bottom - page.height


def _cells(row: PageRow) -> list[RawCell]:
    return [RawCell(cell.passage.text, Source(file="")) for cell in row.cells]


def _is_same_grid(above: Sequence[float], below: Sequence[float]) -> bool:
    return len(above) == len(below) and all(abs(a - b) <= _HAIR for a, b in zip(above, below, strict=True))


def _headings_again(first: Sequence[PageRow], rows: Sequence[PageRow]) -> int:
    """How many rows repeat the headings of the first page, a title in the table above them included.

    A second line of headings hangs from merged cells.
    """
    equal = list(takewhile(lambda pair: _texts(pair[0]) == _texts(pair[1]), zip(first, rows, strict=False)))
    names = [index for index, (row, _) in enumerate(equal[:_MOST_HEADINGS]) if roles_of(_cells(row))]
    if not names:
        return 0
    below = takewhile(lambda pair: any(cell.is_merged for cell in pair[0].cells), equal[names[-1] + 1 :])
    return names[-1] + 1 + sum(1 for _ in below)


def _roles(rows: Sequence[PageRow]) -> tuple[str, ...] | None:
    """Roles of the columns by the headings near the top; None where there are none."""
    return next((roles for row in rows[:_MOST_HEADINGS] if (roles := roles_of(_cells(row)))), None)


def _texts(row: PageRow) -> list[str]:
    return [squeezed(cell.passage.text) for cell in row.cells]


def _is_cut(table: _Table, row: PageRow) -> bool:
    """Tell whether a row at the top of a page is certainly the rest of the last one.

    The file says so by its tags, or the row has neither measure nor responsible nor period of its own: at most the
    rest of a sentence of the last one.
    """
    if not table.rows or not table.roles or roles_of(_cells(table.rows[-1])) or roles_of(_cells(row)):
        return False
    if row.tag is not None and table.rows[-1].tag is not None:
        return row.tag == table.rows[-1].tag
    cells = list(zip(table.roles, table.rows[-1].cells, row.cells, strict=False))
    own = [(above, below) for role, above, below in cells if role in _OWN and below.passage.texts]
    is_told = bool({"responsible", "period"} & set(table.roles))
    return is_told and len(own) < len(cells) and all(_is_mid_sentence(table, *pair) for pair in own)


def _is_mid_sentence(table: _Table, above: PageCell, below: PageCell) -> bool:
    """A cell filled down to the page's end with a sentence that goes on."""
    last = above.passage.last
    return last is not None and table.end - last.base < 2 * last.size and above.passage.goes_on_in(below.passage)


def _join(above: PageRow, row: PageRow) -> None:
    for cell, below in zip(above.cells, row.cells, strict=False):
        cell.passage.add(below.passage)
        cell.is_shaded = cell.is_shaded or below.is_shaded


def _raw(table: _Table, number: int, file: str) -> RawTable:
    rows = zip(table.rows, table.pages, strict=True)
    return RawTable(
        [
            [
                _raw_cell(cell, Source(file=file, page=page, table=number, row=index, column=column))
                for column, cell in enumerate(row.cells)
            ]
            for index, (row, page) in enumerate(rows)
        ]
    )


def _raw_cell(cell: PageCell, source: Source) -> RawCell:
    return RawCell(cell.passage.text, source, cell.is_merged, cell.columns, cell.is_shaded)

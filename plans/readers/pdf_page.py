"""One page of a PDF: its ruled tables as cells with text, and the lines outside them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from plans.readers.pdf_device import SpeltPage, spelt_page
from plans.readers.pdf_tags import Tags
from plans.readers.pdf_text import Glyph, Line, Passage, lines_of, passage, readable
from plans.readers.pdf_unruled import Bounds

_HAIR: Final = 3.0  # points by which borders of one line differ
_MOST_PADDING: Final = 6.0
_LEAST_SHADE: Final = 0.4
_WHITE: Final = ((1,), (1, 1, 1), (0, 0, 0, 0))
_ROUNDING: Final = 0.01
_TURNED_SHARE: Final = 0.8

FindCells = Callable[[Any], Sequence[Sequence[Bounds]]]
"""Cells of each table of a page of pdfplumber."""


@dataclass(slots=True)
class PageCell:
    """A cell of a page's table; see `RawCell` for the flags."""

    passage: Passage = field(default_factory=Passage)
    is_merged: bool = False
    columns: int = 1
    is_shaded: bool = False


@dataclass(slots=True)
class PageRow:
    """Cells left to right; `tag` is the row that the file itself names for it, where it is tagged."""

    cells: list[PageCell]
    tag: int | None = None


@dataclass(slots=True)
class PageTable:
    """Rows top to bottom, the left edges of the columns, and where it stands (points from the top)."""

    rows: list[PageRow]
    edges: tuple[float, ...]
    top: float
    bottom: float


@dataclass(slots=True)
class Page:
    """What one page has; lines outside the tables are top to bottom, `left` and `right` bound its text."""

    number: int
    height: float
    tables: list[PageTable] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0


@dataclass(slots=True)
class _Box:
    """A cell before its text is known, in columns and rows of its table."""

    x0: float
    top: float
    x1: float
    bottom: float
    upright: list[Glyph] = field(default_factory=list)
    sideways: list[Glyph] = field(default_factory=list)
    is_shaded: bool = False


@dataclass(slots=True)
class _Grid:
    """Boxes by row and column; one over several stands in each."""

    columns: list[float]
    rows: list[float]
    boxes: list[list[_Box | None]]
    bounds: Bounds

    def box_at(self, x: float, y: float) -> _Box | None:
        """The box around a point, or None."""
        row, column = bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1
        box = self.boxes[row][column] if row >= 0 and column >= 0 else None
        return box if box and y < box.bottom + _HAIR and x < box.x1 + _HAIR else None


def read_page(page: SpeltPage, number: int, tags: Tags, find_cells: FindCells) -> Page:
    """Tables and lines of a page; `number` counts from 0."""
    page = _upright(page)
    grids = _grids(find_cells(page))
    outside: list[Glyph] = []
    aside: list[Glyph] = []
    for char, glyph in _glyphs(page, tags):
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        box = next((box for grid in grids if (box := grid.box_at(x, y))), None)
        if char["upright"]:
            (box.upright if box else outside).append(glyph)
        else:
            (box.sideways if box else aside).append(glyph)
    _shade(page, grids)
    lines = [*lines_of(outside), *lines_of(aside)]
    result = Page(number, float(page.height), [_table(grid, tags) for grid in grids], lines)
    result.left = min([line.x0 for line in lines] + [grid.bounds[0] for grid in grids], default=0.0)
    result.right = max([float(page.width) - result.left, *(grid.bounds[2] for grid in grids)])
    return result


def _upright(page: SpeltPage) -> SpeltPage:
    """The page, turned if nearly all its text runs up, down or backwards: a sheet put sideways into the file."""
    ways = Counter(_turn(*char["matrix"][:2]) for char in page.chars)
    turn, count = max(ways.items(), key=lambda way: way[1], default=(0, 0))
    return spelt_page(page, page.spellings, turn) if turn and count > _TURNED_SHARE * len(page.chars) else page


def _turn(along: float, up: float) -> int:
    """Degrees to the right that set a sign upright; `along` and `up` say where its line runs."""
    if abs(up) > abs(along):
        return 90 if up > 0 else 270
    return 0 if along > 0 else 180


def _glyphs(page: SpeltPage, tags: Tags) -> Iterator[tuple[dict[str, Any], Glyph]]:
    """Signs in the order drawn; one whose text belongs to the sign before it only widens that."""
    last: tuple[dict[str, Any], Glyph] | None = None
    for char in page.chars:
        piece = char["mcid"] if char["tag"] != "Artifact" else None
        block = tags.paragraph(int(str(page.page_obj.pageid)), piece) if piece is not None else None
        text = readable(char["text"])
        if text:
            if last:
                yield last
            last = (char, _glyph(char, text, block))
        elif last:
            rest = _glyph(char, text, block)
            last = (last[0], replace(last[1], x1=max(last[1].x1, rest.x1)))
    if last:
        yield last


def _glyph(char: dict[str, Any], text: str, block: int | None) -> Glyph:
    _, up, _, _, x, y = char["matrix"]
    if char["upright"]:
        return Glyph(text, char["x0"], char["x1"], -y, char["size"], block)
    start, end, base = (-char["bottom"], -char["top"], x) if up > 0 else (char["top"], char["bottom"], -x)
    return Glyph(text, start, end, base, char["width"], block)


def ruled_cells(page: Any) -> list[list[Bounds]]:
    """Cells by the lines drawn around them."""
    return [table.cells for table in page.filter(_may_rule).find_tables()]


def _grids(tables: Sequence[Sequence[Bounds]]) -> list[_Grid]:
    """Tables from the top; a frame around the whole page is none, nor is a table in a cell."""
    grids = [_grid(cells) for cells in tables if cells]
    real = [grid for grid in grids if len(grid.columns) > 1 or len(grid.rows) > 1]
    real = [grid for grid in real if not any(_is_inside(grid, other) for other in real if other is not grid)]
    return sorted(real, key=lambda grid: (grid.bounds[1], grid.bounds[0]))


def _may_rule(thing: dict[str, Any]) -> bool:
    """Everything but coloured grounds: those of a chart of months would part its cells."""
    is_ground = thing["object_type"] == "rect" and thing["fill"] and not thing["stroke"]
    return not (is_ground and min(thing["width"], thing["height"]) > _HAIR)


def _is_inside(grid: _Grid, other: _Grid) -> bool:
    (x0, top, x1, bottom), (left, above, right, below) = grid.bounds, other.bounds
    return (left, above) <= (x0, top) and left <= x0 and above <= top and x1 <= right and bottom <= below


def _grid(cells: Sequence[Bounds]) -> _Grid:
    columns, rows = _edges(cell[0] for cell in cells), _edges(cell[1] for cell in cells)
    boxes: list[list[_Box | None]] = [[None] * len(columns) for _ in rows]
    for cell in cells:
        box = _Box(*cell)
        for row in _covered(rows, box.top, box.bottom):
            for column in _covered(columns, box.x0, box.x1):
                boxes[row][column] = box
    bounds = (columns[0], rows[0], max(cell[2] for cell in cells), max(cell[3] for cell in cells))
    return _Grid(columns, rows, boxes, bounds)


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _HAIR:
            edges.append(place)
    return edges


def _covered(edges: Sequence[float], start: float, end: float) -> range:
    first = max(bisect_right(edges, start + _ROUNDING) - 1, 0)
    return range(first, max(bisect_right(edges, end - _HAIR), first + 1))


def _shade(page: Any, grids: Sequence[_Grid]) -> None:
    for rect in page.rects:
        if not rect["fill"] or min(rect["width"], rect["height"]) <= _HAIR or _is_white(rect["non_stroking_color"]):
            continue
        for grid in grids:
            for box in {id(box): box for row in grid.boxes for box in row if box}.values():
                box.is_shaded = box.is_shaded or _covers(rect, box)


def _is_white(color: Any) -> bool:
    return color is None or tuple(color) in _WHITE


def _covers(rect: dict[str, Any], box: _Box) -> bool:
    """The ground covers a good part of the cell, as a bar in a chart of months does."""
    width = min(rect["x1"], box.x1) - max(rect["x0"], box.x0)
    height = min(rect["bottom"], box.bottom) - max(rect["top"], box.top)
    if width <= 0 or height <= 0:
        return False
    return bool(width * height >= _LEAST_SHADE * (box.x1 - box.x0) * min(box.bottom - box.top, rect["height"] * 2))


def _table(grid: _Grid, tags: Tags) -> PageTable:
    boxes = {id(box): box for row in grid.boxes for box in row if box}
    lines = {key: lines_of(box.upright) for key, box in boxes.items()}
    rights = {key: _right(box, lines, boxes) for key, box in boxes.items()}
    cells = {key: _passage(box, lines[key], rights[key]) for key, box in boxes.items()}
    rows = [_row(grid, index, cells, tags) for index in range(len(grid.rows))]
    return PageTable(rows, tuple(grid.columns), grid.bounds[1], grid.bounds[3])


def _right(box: _Box, lines: Mapping[int, Sequence[Line]], boxes: Mapping[int, _Box]) -> float:
    """Where the lines of a cell wrap, judged by all cells of its column."""
    column = [
        line
        for key, other in boxes.items()
        if abs(other.x0 - box.x0) < _HAIR and abs(other.x1 - box.x1) < _HAIR
        for line in lines[key]
    ]
    padding = min([line.x0 - box.x0 for line in column] + [_MOST_PADDING])
    return max([line.x1 for line in column] + [box.x1 - max(padding, 0.0)])


def _passage(box: _Box, lines: Sequence[Line], right: float) -> Passage:
    result = passage(lines, right)
    aside = lines_of(box.sideways)
    result.add(passage(aside, max((line.x1 for line in aside), default=0.0)))
    return result


def _row(grid: _Grid, index: int, cells: Mapping[int, Passage], tags: Tags) -> PageRow:
    row: list[PageCell] = []
    rows_named: list[int] = []
    for column, box in enumerate(grid.boxes[index]):
        if box is None or (column and grid.boxes[index][column - 1] is box):
            row.append(PageCell())
            continue
        is_merged = index > 0 and grid.boxes[index - 1][column] is box
        covered = sum(other is box for other in grid.boxes[index])
        passage = cells[id(box)]
        row.append(PageCell(passage if not is_merged else _copy(passage), is_merged, covered, box.is_shaded))
        if not is_merged and passage.first and passage.first.first_block is not None:
            rows_named += [tags.rows[passage.first.first_block]] if passage.first.first_block in tags.rows else []
    return PageRow(row, rows_named[0] if len(set(rows_named)) == 1 else None)


def _copy(passage: Passage) -> Passage:
    return Passage(list(passage.texts), passage.right, passage.first, passage.last)

"""Tables without ruling lines, or with lines between the rows only: columns by the white between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from plans.words.fragments import begins_item

Bounds = tuple[float, float, float, float]
"""Left, top, right and bottom of a cell in points."""

_LEAST_COLUMNS: Final = 3
_LEAST_ROWS: Final = 2
_WORD_GAP: Final = 0.8  # of the letter's size: wider than any space
_COLUMN_GAP: Final = 0.3
_SAME_LINE: Final = 0.5
_HALF: Final = 0.5
_HAIR: Final = 3.0
_MARGIN: Final = 2.0
_FOOT: Final = re.compile(r"[-–—]?\s*(?:หน้า)?\s*[0-9๐-๙]{1,4}\s*[-–—]?")

_Word = dict[str, Any]


def unruled_cells(page: Any) -> list[list[Bounds]]:
    """Cells of the one table of a page, by its words; none where they do not stand in three columns or more."""
    words = page.extract_words(keep_blank_chars=True, x_tolerance_ratio=_WORD_GAP, extra_attrs=["size"])
    lines = [line for line in _lines(words) if not (len(line) == 1 and _FOOT.fullmatch(line[0]["text"].strip()))]
    start = next((index for index, line in enumerate(lines) if len(line) >= _LEAST_COLUMNS), len(lines))
    table = lines[start:]
    columns = _columns(word for line in table for word in line)
    if len(columns) < _LEAST_COLUMNS or len(table) < _LEAST_ROWS:
        return []
    sides = _sides(columns)
    ends = _ruled_rows(page, table) or _rows(table, sides)
    return [[(left, top, right, bottom) for top, bottom in pairwise(ends) for left, right in pairwise(sides)]]


def _lines(words: Iterable[_Word]) -> list[list[_Word]]:
    lines: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if lines and word["bottom"] - lines[-1][0]["bottom"] < _SAME_LINE * word["size"]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _columns(words: Iterable[_Word]) -> list[tuple[float, float]]:
    """Stretches from left to right over which some word stands."""
    columns: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda word: word["x0"]):
        if columns and word["x0"] - columns[-1][1] < _COLUMN_GAP * word["size"]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], word["x1"]))
        else:
            columns.append((word["x0"], word["x1"]))
    return columns


def _sides(columns: Sequence[tuple[float, float]]) -> list[float]:
    """Where each column begins: directly left of its text, as cells are mostly set to the left; and the last end."""
    return [left - _MARGIN for left, _ in columns] + [columns[-1][1] + _MARGIN]


def _ruled_rows(page: Any, table: Sequence[Sequence[_Word]]) -> list[float]:
    """Lines across the table, if there are any inside it, and its ends."""
    top, bottom = table[0][0]["top"] - _MARGIN, table[-1][-1]["bottom"] + _MARGIN
    width = max(word["x1"] for line in table for word in line) - min(word["x0"] for line in table for word in line)
    drawn: dict[int, float] = {}
    for edge in page.horizontal_edges:
        if _middle(table[0][0]) < edge["top"] < _middle(table[-1][-1]):
            drawn[round(edge["top"] / _HAIR)] = drawn.get(round(edge["top"] / _HAIR), 0.0) + edge["width"]
    inside = sorted(place * _HAIR for place, length in drawn.items() if length > _HALF * width)
    return [top, *_apart(inside), bottom] if inside else []


def _middle(word: _Word) -> float:
    return float(word["top"] + word["bottom"]) / 2


def _apart(places: Iterable[float]) -> Iterator[float]:
    last = float("-inf")
    for place in places:
        if place - last > 2 * _HAIR:
            yield place
        last = place


def _rows(table: Sequence[Sequence[_Word]], sides: Sequence[float]) -> list[float]:
    """Tops of the rows: a line begins one if it fills half of the columns, or a number begins in the first."""
    tops = [table[0][0]["top"] - _MARGIN]
    for line in table[1:]:
        is_numbered = line[0]["x0"] < sides[1] and begins_item(line[0]["text"].strip())
        if is_numbered or len(line) > _HALF * (len(sides) - 1):
            tops.append(min(word["top"] for word in line) - _MARGIN)
    return [*tops, table[-1][-1]["bottom"] + _MARGIN]

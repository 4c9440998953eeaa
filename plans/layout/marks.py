"""Ticks in columns of months or quarters, in every way offices draw them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from domain.thai import SHORT_MONTHS, thai_digits
from plans.raw import RawCell
from plans.words.text import plain

_NO_MARK: Final = re.compile(r"[\s\-–—.0๐☐□]*|ไม่มี")
_SUPPORT: Final = re.compile(r"\s*(?:[○◯△▲◇◎oOSsส]|สนับสนุน|ร่วม|รอง)\s*")
_BARE: Final = re.compile(r"[\s1-4,\-/]+(?:(?:และ|ถึง)[\s1-4,\-/]+)*")
_FISCAL: Final = (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9)


def ticked(by_role: Mapping[str, Sequence[RawCell]], prefix: str) -> list[int]:
    """Numbers of the columns that are ticked, in the order of the columns.

    A cell counts by its text, or, where no cell of the row has any, by its colour. A cell that covers several columns
    is a bar over all of them.
    """
    columns = [(int(role.removeprefix(prefix)), group) for role, group in by_role.items() if role.startswith(prefix)]
    marked: list[int] = []
    left = 0
    for number, group in columns:
        left = max(left - 1, *(cell.columns if _is_mark(cell) else 0 for cell in group))
        if left > 0:
            marked.append(number)
    return marked or _coloured(columns)


def is_ticked(cells: Sequence[RawCell]) -> bool:
    """Whether one of the cells holds a tick."""
    return any(_is_mark(cell) for cell in cells)


def _is_mark(cell: RawCell) -> bool:
    return not _NO_MARK.fullmatch(cell.text)


def _coloured(columns: Sequence[tuple[int, Sequence[RawCell]]]) -> list[int]:
    """Columns with a coloured cell; none where all are coloured, as then the whole row is."""
    coloured: list[int] = []
    left = 0
    for number, group in columns:
        left = max(left - 1, *(cell.columns if cell.is_shaded else 0 for cell in group))
        if left > 0:
            coloured.append(number)
    return coloured


def supports(cells: Sequence[RawCell]) -> bool:
    """Whether the tick is one that stands for support: an empty circle or triangle, or the word."""
    return any(_SUPPORT.fullmatch(cell.text) for cell in cells)


def quarters_named(text: str) -> str:
    """A text of bare numbers below a heading of quarters, with that word before it."""
    return f"ไตรมาสที่ {text}" if _BARE.fullmatch(plain(text)) else text


def months_text(months: Sequence[int]) -> str:
    """The months as a period is written: `ต.ค. - ธ.ค., มี.ค.`."""
    runs: list[list[int]] = []
    for month in sorted(months, key=_FISCAL.index):
        if runs and _FISCAL.index(month) == _FISCAL.index(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    names = ([SHORT_MONTHS[run[0] - 1], SHORT_MONTHS[run[-1] - 1]] for run in runs)
    return ", ".join(" - ".join(dict.fromkeys(pair)) for pair in names)


def quarters_text(quarters: Sequence[int]) -> str:
    """The quarters as a period is written: `ไตรมาสที่ ๑, ๓`."""
    return f"ไตรมาสที่ {', '.join(thai_digits(number) for number in sorted(quarters))}"

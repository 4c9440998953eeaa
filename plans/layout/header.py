"""Heading rows of a table, also several of them: which role each column has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from plans.layout.headings import OTHER, heading_text, is_column_count, is_sub_heading, roles_for, sub_role, wishes
from plans.raw import RawCell
from plans.words.fragments import paragraphs
from plans.words.text import clean, plain

_LEAST_ROLES: Final = 2
_LEAST_FILLED: Final = 3
_LEAST_SHARE: Final = 0.6
_MOST_HEADER_ROWS: Final = 4
_LONGEST: Final = 120
_CORE: Final = frozenset({"measure", "steps", "activity"})
_VALUE: Final = re.compile(r"\(?\d{1,2}[.)]\s*\S|.*\(\s*ตัวชี้วัด\s?ที่\s*\d|[-•]\s*\S")

Row = Sequence[RawCell]


@dataclass(frozen=True, slots=True)
class Header:
    """Heading rows of a table; `height` of them."""

    roles: tuple[str, ...]
    headings: tuple[str, ...]
    height: int


def only_cell(row: Row) -> RawCell | None:
    """The one cell of a row with text, repeats of merged cells aside."""
    filled = [cell for cell in row if cell.text.strip() and not cell.is_merged]
    return filled[0] if len(filled) == 1 else None


def header_at(rows: Sequence[Row], index: int) -> Header | None:
    """The header that begins at a row, with the rows of sub-headings below it; None where the row begins none."""
    if not _are_headings([[cell.text] for cell in rows[index]]):
        return None
    height = 1
    while height < _MOST_HEADER_ROWS and index + height < len(rows) and _goes_below(rows, index + height):
        height += 1
    block = rows[index : index + height]
    columns = _columns(block)
    roles = _roles(columns)
    if only_cell(rows[index]) or not _are_headings(columns) or not _name_a_plan(columns, roles):
        return None
    height += index + height < len(rows) and is_column_count([cell.text for cell in rows[index + height]])
    return Header(tuple(roles), tuple(" ".join(texts) for texts in columns), height)


def _are_headings(columns: Sequence[Sequence[str]]) -> bool:
    """Whether no text over a column reads like a value: too long, numbered, dashed, or naming an indicator."""
    texts = [text for column in columns for text in column]
    return not any(len(text) > _LONGEST or _VALUE.match(plain(text)) for text in texts)


def _name_a_plan(columns: Sequence[Sequence[str]], roles: Sequence[str]) -> bool:
    named = [role for role in roles if role != OTHER]
    filled = sum(bool(texts) for texts in columns)
    is_enough = filled >= _LEAST_FILLED and len(named) >= max(_LEAST_ROLES, _LEAST_SHARE * filled)
    return is_enough and bool(_CORE & set(named))


def roles_of(cells: Row) -> tuple[str, ...] | None:
    """Roles of a heading row by itself, left to right; None if the row is none."""
    header = header_at([cells], 0)
    return header.roles if header else None


def _goes_below(rows: Sequence[Row], number: int) -> bool:
    """Whether a row holds sub-headings: each of its own cells stands below a wider or an empty heading."""
    above, row = rows[number - 1], rows[number]
    own = [(index, cell) for index, cell in enumerate(row) if cell.text.strip() and not cell.is_merged]
    if not own or any(len(clean(cell.text)) > _LONGEST for _, cell in own):
        return False
    if all(is_sub_heading(cell.text, _over(above, index)) for index, cell in own):
        return bool(_covered(above, own) or len(own) > 1)
    is_known = all(wishes(cell.text) or is_sub_heading(cell.text, _over(above, index)) for index, cell in own)
    return is_known and len(_covered(above, own)) == len(own) and len(own) > 1 and bool(_merged_or_blank(row))


def _over(above: Row, index: int) -> str:
    """The heading over a column: its own, or the nearest to the left."""
    texts = (cell.text for cell in reversed(above[: index + 1]) if cell.text.strip())
    return next(texts, "")


def _merged_or_blank(row: Row) -> list[RawCell]:
    return [cell for cell in row if cell.is_merged or not cell.text.strip()]


def _covered(above: Row, own: Sequence[tuple[int, RawCell]]) -> list[int]:
    """Columns whose heading above is empty or wider than the column."""
    return [
        index for index, _ in own if index < len(above) and (not above[index].text.strip() or above[index].columns > 1)
    ]


def _columns(rows: Sequence[Row]) -> list[list[str]]:
    """Texts of the headings over each column, top to bottom; a wide heading stands over all it covers."""
    columns: list[list[str]] = [[] for _ in range(max(map(len, rows)))]
    for number, row in enumerate(rows):
        for index, text in enumerate(_spread(row, rows[number + 1] if number + 1 < len(rows) else None)):
            if text and (not columns[index] or columns[index][-1] != text):
                columns[index].append(text)
    return columns


def _spread(row: Row, below: Row | None) -> list[str]:
    """Texts of a heading row, an empty cell taking the heading on its left if a sub-heading stands below it."""
    texts: list[str] = []
    left, covers = "", 0
    has_spans = any(cell.columns > 1 for cell in row)
    for index, cell in enumerate(row):
        text = " ".join(paragraphs(cell.text))
        covers -= 1
        if text:
            left, covers = text, cell.columns
        elif covers > 0 or (not has_spans and below and index < len(below) and _own_text(below[index])):
            text = left
        texts.append("" if cell.is_merged and not text else text)
    return texts


def _own_text(cell: RawCell) -> str:
    return "" if cell.is_merged else cell.text.strip()


def _roles(columns: Sequence[Sequence[str]]) -> list[str]:
    """Role of each column: by its lowest heading where that says enough, else by the one above it."""
    fixed = [_fixed(texts) for texts in columns]
    speaking = [_speaking(texts) if role == OTHER else "" for texts, role in zip(columns, fixed, strict=True)]
    chosen = roles_for(speaking)
    return [role if role != OTHER else chosen[index] for index, role in enumerate(fixed)]


def _fixed(texts: Sequence[str]) -> str:
    if not texts or (len(texts) == 1 and wishes(texts[0])):
        return OTHER
    return sub_role(heading_text(texts[-1]), " ".join(texts[:-1]))


def _speaking(texts: Sequence[str]) -> str:
    return next((text for text in reversed(texts) if wishes(text)), texts[-1] if texts else "")

"""A question beside the cell of the document that raised it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from plans.draft import OF_OFFICE, Cell, Doubt, DoubtKind, Draft, Source
from plans.places import cell_place, place
from plans.review import CORRECTED, Review, ReviewDoubt
from plans.review.model import Printed
from services.planning.drafts import is_about_the_file
from web.pages.plans import labels

_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_BLANKS: Final = re.compile(r"[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as the page shows it: `heading` is a word of ours (`is_ours`) or the document's own."""

    heading: str
    is_ours: bool
    text: str
    place: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its place in the review, where it stands in the document, and the cells to look at."""

    index: int
    doubt: ReviewDoubt
    where: str
    cells: tuple[Shown, ...]

    @property
    def name(self) -> str:
        """Of its field."""
        return f"a{self.index}"

    @property
    def kind(self) -> str:
        """What sort of question it is, in Thai."""
        return labels.KINDS[self.doubt.kind]

    @property
    def row(self) -> str | None:
        """The row on whose page its value is put right; None for the head of the document."""
        return None if is_about_the_file(self.doubt) else self.doubt.row

    @property
    def is_corrected(self) -> bool:
        """Somebody has put the value right instead of choosing."""
        return self.doubt.answer == CORRECTED

    @property
    def is_correctable(self) -> bool:
        """There is a form for its value; whose plan it is has none."""
        return self.doubt.kind is not DoubtKind.OTHER_AUTHORITY

    @property
    def chosen(self) -> str:
        """Key of the choice that holds, `corrected`, words that name who is responsible, or nothing."""
        return self.doubt.answered() or ""


def questions(review: Review, reading: Draft | None) -> list[Question]:
    """Every question in order, with its cells where the document was read here."""
    asked = {doubt.id: doubt for doubt in reading.all_doubts()} if reading else {}
    return [_question(n, doubt, review, reading, asked.get(doubt.id)) for n, doubt in enumerate(review.doubts)]


def _question(index: int, doubt: ReviewDoubt, review: Review, reading: Draft | None, asked: Doubt | None) -> Question:
    if doubt.kind in OF_OFFICE and reading is not None:
        return Question(index, doubt, "", tuple(_of_head(reading)))
    if reading is None or asked is None:
        pair = review.find(doubt.row)
        printed = pair[1].printed if pair else Printed()
        return Question(index, doubt, printed.place, tuple(of_printed(printed)))
    if asked.source.row is None:
        return Question(index, doubt, "", ())
    near = [cell for cell in _cells(reading) if _is_of_row(cell.source, asked.source)]
    shown = [_shown(cell, reading, is_asked=cell.source == asked.source) for cell in near]
    return Question(index, doubt, place(asked.source), tuple(sorted(shown, key=lambda cell: not cell.is_asked)))


def _of_head(reading: Draft) -> Iterator[Shown]:
    """The lines of the document that name its authority and its year."""
    office = reading.organization
    if office.raw:
        where = cell_place(office.source) if office.source else ""
        yield Shown(labels.HEAD, is_ours=True, text=readable(office.raw), place=where, is_asked=True)


def _cells(reading: Draft) -> Iterator[Cell]:
    """Every cell once, though rows may share it."""
    seen = set()
    for _, row in reading.rows():
        for cell in row.cells:
            if cell.source not in seen:
                seen.add(cell.source)
                yield cell


def _is_of_row(cell: Source, asked: Source) -> bool:
    return (cell.sheet, cell.page, cell.table, cell.row) == (asked.sheet, asked.page, asked.table, asked.row)


def _shown(cell: Cell, reading: Draft, *, is_asked: bool) -> Shown:
    column, headings = cell.source.column, reading.column_headings
    printed = headings[column] if column is not None and column < len(headings) else ""
    heading = printed or labels.ROLES.get(cell.role, labels.OTHER)
    return Shown(heading, not printed, readable(cell.raw), cell_place(cell.source), is_asked)


def cells_of_row(reading: Draft | None, row_id: str, printed: Printed) -> list[Shown]:
    """Everything the document says of a row."""
    row = next((row for _, row in reading.rows() if row.id == row_id), None) if reading else None
    if reading is None or row is None:
        return list(of_printed(printed))
    return [_shown(cell, reading, is_asked=False) for cell in row.cells]


def of_printed(printed: Printed) -> Iterator[Shown]:
    """What a review without its document says was printed."""
    for role in ("responsible", "period", "monitoring"):
        text = getattr(printed, role)
        if text:
            yield Shown(labels.ROLES[role], is_ours=True, text=readable(text), place=printed.place, is_asked=False)


def readable(raw: str) -> str:
    """A cell's text with the tags of its markup as ends of lines; everything else as the document has it."""
    return _BLANKS.sub("\n", _MARKUP.sub("\n", raw)).strip()

"""A document before anything is understood: paragraphs and tables of cells, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.draft import Source


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text outside the tables."""

    text: str
    source: Source
    is_before_tables: bool


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the file has it; `is_merged` marks the repeat of a cell that spans several rows."""

    text: str
    source: Source
    is_merged: bool = False


@dataclass(slots=True)
class RawTable:
    """Rows of cells, top to bottom and left to right."""

    rows: list[list[RawCell]] = field(default_factory=list)


@dataclass(slots=True)
class RawDocument:
    """What every reader of a format yields."""

    file: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[RawTable] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """No text at all, in tables or outside."""
        cells = (cell for table in self.tables for row in table.rows for cell in row)
        return not self.paragraphs and not any(cell.text.strip() for cell in cells)

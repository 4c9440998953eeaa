"""A document before anything is understood: paragraphs and tables of cells, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.draft import Source


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text outside the tables; `tables_before` of them stand above it."""

    text: str
    source: Source
    is_before_tables: bool
    tables_before: int = 0


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the file has it.

    Attributes:
        is_merged: It is the repeat of a cell that spans several rows.
        columns: How many columns of the table it covers; the ones it covers beyond its own are there, empty.
        is_shaded: Its ground is coloured, as in a chart of months where colour stands for a tick.
    """

    text: str
    source: Source
    is_merged: bool = False
    columns: int = 1
    is_shaded: bool = False


@dataclass(slots=True)
class RawTable:
    """Rows of cells, top to bottom and left to right.

    `left_out_reason` says in Thai why a table is none of the plan's, where the file itself tells (a hidden sheet).
    """

    rows: list[list[RawCell]] = field(default_factory=list)
    left_out_reason: str | None = None


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

"""Writes raw tables in one line a row: `ก | ข<2 | | ~`, where <2 covers two columns and ~ repeats the cell above."""

from __future__ import annotations

from plans.draft import Source
from plans.raw import Paragraph, RawCell, RawDocument, RawTable


def make_rows(*lines: str) -> list[list[RawCell]]:
    rows: list[list[RawCell]] = []
    for number, line in enumerate(lines):
        texts = [text.strip() for text in line.split("|")]
        rows.append([_cell(text, number, column, rows) for column, text in enumerate(texts)])
    return rows


def _cell(text: str, row: int, column: int, above: list[list[RawCell]]) -> RawCell:
    source = Source(file="plan.docx", table=0, row=row, column=column)
    if text == "~":
        return RawCell(above[-1][column].text, source, is_merged=True, columns=above[-1][column].columns)
    words, _, columns = text.partition("<")
    is_shaded = words.endswith("#")
    return RawCell(words.removesuffix("#").replace("\\n", "\n"), source, columns=int(columns or 1), is_shaded=is_shaded)


def make_document(*lines: str, outside: tuple[str, ...] = ("แผน ปีงบประมาณ ๒๕๖๖",)) -> RawDocument:
    document = RawDocument("plan.docx")
    source = Source(file="plan.docx")
    document.paragraphs += [Paragraph(line, source, is_before_tables=True) for line in outside]
    if lines:
        document.tables.append(RawTable(make_rows(*lines)))
    return document

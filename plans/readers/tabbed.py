"""Text whose tables are lines with tabs, as scanners and copying from Word give it."""

from __future__ import annotations

import re
from typing import Final

from plans.draft import Source
from plans.errors import EmptyFileError
from plans.raw import Paragraph, RawCell, RawDocument, RawTable
from plans.readers import comma
from plans.readers.decoding import decoded

_QUOTED_BREAK: Final = re.compile(r'(?:^|\t)"[^"\t\r\n]*[\r\n][^"\t]*"(?:\t|[\r\n]|$)', re.MULTILINE)
"""A cell in quotation marks over several lines, as spreadsheets save text with tabs."""
_RULE: Final = re.compile(r"[|+][\s:|+=-]*[|+]")
_LEAST_PIPES: Final = 3


def read(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of a text file.

    Lines with tabs are rows, and so are lines between pipes. An empty line or another one ends the table, except that
    a line directly below a row goes on with its last cell.

    Raises:
        UndecodableFileError: The bytes are no Thai text.
        EmptyFileError: Nothing is left after decoding.
    """
    text = decoded(content, file)
    if not text.strip():
        raise EmptyFileError(file=file)
    if _QUOTED_BREAK.search(text):
        return comma.read(content, file)
    document = RawDocument(file)
    is_open = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text)):
        if _is_rule(line.strip()):
            continue  # draws the line below the headings of a table of pipes
        if "\t" in line or _is_piped(line.strip()):
            _add_row(document, line, number, starts_table=not is_open)
            is_open = True
        elif is_open and line.strip():
            _add_to_last_cell(document, line)
        else:
            is_open = False
            _add_paragraph(document, line, number)
    return document


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line) is not None


def _is_piped(line: str) -> bool:
    return line.startswith("|") and line.endswith("|") and line.count("|") >= _LEAST_PIPES


def _add_row(document: RawDocument, line: str, number: int, *, starts_table: bool) -> None:
    if starts_table:
        document.tables.append(RawTable())
    table = len(document.tables) - 1
    row = len(document.tables[table].rows)
    cells = [
        RawCell(text, Source(file=document.file, table=table, row=row, column=column, line=number))
        for column, text in enumerate(_fields(line))
    ]
    document.tables[table].rows.append(cells)


def _fields(line: str) -> list[str]:
    """Cells of a row by tabs, or between pipes."""
    if "\t" in line:
        return line.split("\t")
    return [text.strip() for text in line.strip()[1:-1].split("|")]


def _add_to_last_cell(document: RawDocument, line: str) -> None:
    row = document.tables[-1].rows[-1]
    row[-1] = RawCell(f"{row[-1].text}\n{line}", row[-1].source)


def _add_paragraph(document: RawDocument, line: str, number: int) -> None:
    if line.strip():
        source = Source(file=document.file, line=number)
        document.paragraphs.append(Paragraph(line.strip(), source, not document.tables, len(document.tables)))

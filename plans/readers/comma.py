"""Comma-separated text, as spreadsheets save it: any of three delimiters, quoted line breaks."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from plans.draft import Source
from plans.errors import DamagedFileError, EmptyFileError
from plans.raw import Paragraph, RawCell, RawDocument, RawTable
from plans.readers.decoding import decoded

_KIND: Final = {"kind": "a CSV file", "kind_thai": "ไฟล์ CSV"}
_DELIMITERS: Final = (",", ";", "\t")
_END: Final = "\x1d"  # the sign that separates groups; it ends the last row to see whether a quotation is open


@dataclass(frozen=True, slots=True)
class _Record:
    """Fields of one row and the line of the file on which it begins, from 0."""

    fields: Sequence[str]
    line: int

    @property
    def filled(self) -> list[str]:
        return [text for text in self.fields if text.strip()]


def read(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of a CSV file.

    A line without a delimiter is text outside and ends the table, as in text with tabs; so is a row with one filled
    field above the first table, which is how a spreadsheet saves a title.

    Raises:
        UndecodableFileError: The bytes are no Thai text.
        DamagedFileError: A quotation mark is never closed and swallows the file.
        EmptyFileError: No field has text.
    """
    document = RawDocument(file)
    is_open = False
    for record in _records(decoded(content, file), file):
        if len(record.fields) > 1 and (document.tables or len(record.filled) > 1):
            _add_row(document, record, starts_table=not is_open)
            is_open = True
        else:
            is_open = False
            _add_paragraphs(document, record)
    if document.is_empty:
        raise EmptyFileError(file=file)
    return document


def _records(text: str, file: str) -> list[_Record]:
    """Rows by the delimiter that gives the most rows of one width: commas in Thai sentences are irregular."""
    try:
        readings = [list(_parsed(f"{text}\n{_END}", delimiter)) for delimiter in _DELIMITERS]
    except csv.Error as error:
        raise DamagedFileError(file=file, **_KIND) from error
    best = max(readings, key=_regularity)
    if not _is_closed(best):
        raise DamagedFileError(file=file, **_KIND)
    return best[:-1]


def _is_closed(records: Sequence[_Record]) -> bool:
    """Whether the mark put at the end stands alone; a quotation mark left open swallows rows and the mark."""
    return list(records[-1].fields) == [_END]


def _parsed(text: str, delimiter: str) -> Iterator[_Record]:
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = 0
    for fields in rows:
        yield _Record(fields, line)
        line = rows.line_num


def _regularity(records: Sequence[_Record]) -> tuple[bool, int, int]:
    widths = Counter(len(record.fields) for record in records if len(record.fields) > 1)
    count, width = max(((count, width) for width, count in widths.items()), default=(0, 0))
    return count > 0 and _is_closed(records), count, width


def _add_row(document: RawDocument, record: _Record, *, starts_table: bool) -> None:
    if starts_table:
        document.tables.append(RawTable())
    number, table = len(document.tables) - 1, document.tables[-1]
    place = Source(file=document.file, table=number, row=len(table.rows), line=record.line)
    table.rows.append(
        [
            RawCell(_lines(text), place.model_copy(update={"column": column}))
            for column, text in enumerate(record.fields)
        ]
    )


def _add_paragraphs(document: RawDocument, record: _Record) -> None:
    source = Source(file=document.file, line=record.line)
    lines = [line.strip() for text in record.filled for line in _lines(text).split("\n")]
    document.paragraphs.extend(
        Paragraph(line, source, not document.tables, len(document.tables)) for line in lines if line
    )


def _lines(text: str) -> str:
    """Line breaks inside quotes are those of the program that saved the file."""
    return text.replace("\r\n", "\n").replace("\r", "\n")

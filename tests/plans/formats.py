"""Writes documents in the formats that offices save, and compares what is read from them."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import strategies as st

from plans.draft import Draft
from plans.errors import NoPlanTableError, PlanFileError
from plans.layout.assemble import assemble
from plans.raw import RawCell, RawDocument, RawTable
from plans.read import read_plan
from plans.readers import tabbed
from tests.plans.factories import HEADINGS, SEED, make_row

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ROOTS = {"header": "hdr", "footer": "ftr"}
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TITLE = "แผน ประจำปีงบประมาณ พ.ศ. ๒๕๖๖"
_INLINE_STRING = re.compile('t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
CELLS = st.text(
    alphabet=st.characters(exclude_characters="\ufffe\uffff\x85", exclude_categories=["Cs", "Cc"])
    | st.sampled_from("\n\t<>&\",;'|"),
    max_size=30,
)
PLAUSIBLE = st.sampled_from(
    [*make_row(), "", "๒. ก", "<p>๑. ก</p><p>- ข</p>", "ทุกสำนัก/กอง", "มี.ค.-ก.ย. ๒๕๖๖", "เ ท ศ บ า ล", "๔.ต่อ", "-"]
)
TABLES = st.lists(st.lists(CELLS | PLAUSIBLE, min_size=5, max_size=6), min_size=1, max_size=6)


def seed_raw() -> RawDocument:
    return unlined(tabbed.read(SEED.read_bytes(), "plan"))


def unlined(document: RawDocument) -> RawDocument:
    """The document without line numbers, which doubts print and only text files have."""
    tables = [RawTable([[_unlined_cell(cell) for cell in row] for row in table.rows]) for table in document.tables]
    return RawDocument(document.file, document.paragraphs, tables)


def _unlined_cell(cell: RawCell) -> RawCell:
    return replace(cell, source=cell.source.model_copy(update={"line": None}))


def texts(document: RawDocument) -> tuple[list[str], list[list[list[str]]], list[str]]:
    """Lines before the tables, tables as rows of texts, lines after the first table."""
    before = [paragraph.text for paragraph in document.paragraphs if paragraph.is_before_tables]
    after = [paragraph.text for paragraph in document.paragraphs if not paragraph.is_before_tables]
    return before, [[[cell.text for cell in row] for row in table.rows] for table in document.tables], after


def without_sources(draft: Draft) -> Any:
    return _bare(draft.model_dump(mode="json"))


_PLACE = re.compile("แผ่นงาน “[^”]*”|ตารางที่ [๐-๙]+")


def _bare(value: Any) -> Any:
    if isinstance(value, str):
        return _PLACE.sub("ตาราง", value)
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key not in {"source", "file"}}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def docx_paragraphs(text: str) -> str:
    runs = (
        '</w:t><w:tab/><w:t xml:space="preserve">'.join(escape(part) for part in line.split("\t"))
        for line in text.split("\n")
    )
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{run}</w:t></w:r></w:p>' for run in runs)


def docx_cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{docx_paragraphs(text)}</w:tc>"


def docx_table(rows: Iterable[Sequence[str]]) -> str:
    lines = ("".join(docx_cell(cell) for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def docx_file(body: str, **parts: str) -> bytes:
    """A Word file; parts beside the text, such as numbering, by the name of their relation."""
    packed = BytesIO()
    names = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}" xmlns:w14="{WORD_2010}"'
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _content_types(parts))
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>")
        relations = (f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in parts)
        whole = f'<Relationships xmlns="{PACKAGE}">{"".join(relations)}</Relationships>'
        archive.writestr("word/_rels/document.xml.rels", whole)
        for name, content in parts.items():
            root = ROOTS.get(name, name)
            archive.writestr(f"word/{name}.xml", f"<w:{root} {names}>{content}</w:{root}>")
    return packed.getvalue()


def _content_types(parts: Iterable[str]) -> str:
    kinds = {"document": "document.main"} | {name: name for name in parts}
    overrides = (
        f'<Override PartName="/word/{name}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{PACKAGE.replace("relationships", "content-types")}">{default}{"".join(overrides)}</Types>'


def xlsx_file(*tables: Iterable[Sequence[str]]) -> bytes:
    """A workbook with a sheet per table; whatever a text looks like, it is no formula."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(tables):
        sheet = book.create_sheet(f"แผ่น {number}")
        for row, texts in enumerate(rows, 1):
            for column, text in enumerate(texts, 1):
                sheet.cell(row, column, text).data_type = "s"
    packed = BytesIO()
    book.save(packed)
    return _with_shared_strings(packed.getvalue())


def _with_shared_strings(content: bytes) -> bytes:
    """The workbook with its texts in one list, as Excel saves them; openpyxl writes each into its cell."""
    strings: list[str] = []

    def shared(match: re.Match[str]) -> str:
        strings.append(match.group(1))
        return f't="s"><v>{len(strings) - 1}</v></c>'

    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets = {name: _INLINE_STRING.sub(shared, archive.read(name).decode()) for name in names}
    table = f'<sst xmlns="{SHEET}">{"".join(f"<si>{text}</si>" for text in strings)}</sst>'
    relation = f'<Relationship Id="strings" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    changes: dict[str, tuple[str | None, str | None]] = {name: (None, sheet) for name, sheet in sheets.items()}
    changes["xl/sharedStrings.xml"] = (None, table)
    return changed_parts(content, changes | {"xl/_rels/workbook.xml.rels": ("</Relationships>", relation)})


def changed_parts(content: bytes, changes: Mapping[str, tuple[str | None, str | None]]) -> bytes:
    """An archive in which a text of a part is replaced once; None replaces all of it, by None it is left out."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            before, after = changes.get(name, ("", ""))
            text = old.read(name).decode() if name in old.namelist() else ""
            assert before is None or before in text
            if after is not None:
                new.writestr(name, after if before is None else text.replace(before, after, 1))
    return packed.getvalue()


def html_cell(text: str) -> str:
    """Text of a cell as markup; what the page would collapse is written as references."""
    return escape(text).replace("\n", "<br>").replace("\t", "&#9;")


def html_table(rows: Iterable[Sequence[str]]) -> str:
    lines = ("".join(f"<td>{html_cell(cell)}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def html_file(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}</body></html>".encode()


def csv_text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    written = StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


def lost_cells(read: RawDocument, rows: Iterable[Iterable[str]]) -> list[str]:
    """Cells of which a character is in no value, raw text or left-out text of the draft; spaces do not count."""
    try:
        draft = assemble(read)
    except NoPlanTableError:  # every row looked like headings, or was a heading with nothing below
        return []
    kept = [cell.raw for _, row in draft.rows() for cell in row.cells] + [item.text for item in draft.left_out]
    kept += [draft.title, *draft.column_headings]
    bare = ["".join(text.split()) for text in kept]
    wanted = ["".join(cell.split()) for row in rows for cell in row]
    return [cell for cell in wanted if not any(cell in text for text in bare)]


def with_headings(rows: list[list[str]]) -> list[Sequence[str]]:
    return [HEADINGS, *rows]


def check_refused(path: Path, content: bytes, error: type[PlanFileError]) -> None:
    """The file is refused in one sentence that names it and says what to do."""
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_plan(path)
    assert path.name in str(caught.value)
    assert "โปรด" in caught.value.in_thai()

"""Whatever the layout: every text of a document is in the draft, as a value, as raw text or as left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.draft import Draft, Source
from plans.errors import NoPlanTableError
from plans.layout.assemble import assemble
from plans.raw import Paragraph, RawCell, RawDocument, RawTable
from plans.readers import READERS, read_raw
from plans.words.fragments import paragraphs
from plans.words.text import squeezed

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(path for path in CORPUS.iterdir() if path.suffix in READERS and path.suffix != ".doc")
WORDS = st.sampled_from(
    [
        *("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "การติดตาม", "หมายเหตุ", "ต.ค.", "พ.ย.", "ไตรมาส ๑", "หลัก"),
        *("๑. ทดสอบ (ตัวชี้วัดที่ ๑)", "๒. ต่อ", "- ย่อย", "ก. หนึ่ง", "กองคลัง", "ทุกสำนัก/กอง", "ต.ค. ๖๕ - ก.ย. ๖๖", "✓", "/"),
        *("รายงานทุกไตรมาส", "ไม่มี", "ลงชื่อ ......", "มาตรการที่ ๒ อีกอย่าง", "ผู้รับผิดชอบ: กองช่าง", "รวม", "", "", "-"),
        *("ดำเนินการแล้วเสร็จ", "☑ ใช่ ☐ ไม่ใช่", "แผน ปีงบประมาณ ๒๕๖๖", "เทศบาลตำบลทดสอบ อำเภอเมือง", "(๑)", "(๒)", "(๓)"),
    ]
)
CELL = st.tuples(WORDS, st.booleans(), st.integers(1, 3), st.booleans())
TABLE = st.lists(st.lists(CELL, min_size=1, max_size=6), min_size=1, max_size=7)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def said(draft: Draft) -> str:
    """All texts of the draft without spaces; the doubts do not count, they only quote."""
    kept = draft.model_dump(exclude={"doubts": True, "measures": {"__all__": {"rows": {"__all__": {"doubts"}}}}})
    return "\n".join(squeezed(" ".join(paragraphs(text))) for text in strings(kept))


def lost(document: RawDocument, draft: Draft) -> list[str]:
    whole = said(draft)
    cells = (cell.text for table in document.tables for row in table.rows for cell in row if not cell.is_merged)
    texts = [*cells, *(paragraph.text for paragraph in document.paragraphs)]
    lines = (squeezed(line) for text in texts for line in paragraphs(text))
    return [line for line in lines if line not in whole and not is_in_two(line, whole)]


def is_in_two(line: str, whole: str) -> bool:
    """A label and its value."""
    return any(line[:cut] in whole and line[cut:] in whole for cut in range(3, min(len(line), 60)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_of_a_plan_is_in_its_draft(path: Path) -> None:
    document = read_raw(path)
    assert lost(document, assemble(document)) == []


def as_document(tables: list[list[list[tuple[str, bool, int, bool]]]], lines: list[str]) -> RawDocument:
    document = RawDocument("plan.docx")
    for number, table in enumerate(tables):
        rows = [
            [
                RawCell(text, Source(file="plan.docx", table=number, row=row, column=column), is_merged, wide, shaded)
                for column, (text, is_merged, wide, shaded) in enumerate(cells)
            ]
            for row, cells in enumerate(table)
        ]
        document.tables.append(RawTable(rows))
    source = Source(file="plan.docx")
    document.paragraphs += [
        Paragraph(line, source, index % 2 == 0, index % 3) for index, line in enumerate(lines) if line
    ]
    return document


@given(st.lists(TABLE, max_size=3), st.lists(WORDS, max_size=6))
def test_no_text_of_any_table_is_lost(tables: list[list[list[tuple[str, bool, int, bool]]]], lines: list[str]) -> None:
    document = as_document(tables, lines)
    try:
        draft = assemble(document)
    except NoPlanTableError:
        return
    assert lost(document, draft) == []

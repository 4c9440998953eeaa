"""Word files: the same plan as from text, merged cells in their place, damaged files refused."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given

from plans.assemble import assemble
from plans.errors import DamagedFileError, EmptyFileError, PlanFileError, ProtectedFileError, TooLargeFileError
from plans.read import read_plan
from plans.readers.docx import read
from tests.plans.factories import HEADINGS, make_row
from tests.plans.formats import (
    RELATIONS,
    TABLES,
    TITLE,
    docx_cell,
    docx_file,
    docx_paragraphs,
    docx_table,
    lost_cells,
    seed_raw,
    texts,
    with_headings,
    without_sources,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def seed_as_docx() -> bytes:
    before, tables, after = texts(seed_raw())
    body = [docx_paragraphs("\n".join(before)), *(docx_table(table) + "<w:p/>" for table in tables)]
    return docx_file("".join([*body, docx_paragraphs("\n".join(after))]))


def test_the_seed_as_a_word_file_gives_the_same_draft(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(seed_as_docx())
    assert without_sources(read_plan(path)) == without_sources(assemble(seed_raw()))


def test_a_merged_measure_holds_for_all_its_rows_without_a_doubt() -> None:
    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=3, cols=5)
    for row, values in enumerate([HEADINGS, make_row(), make_row("", "๒. ต่อ")]):
        for cell, value in zip(table.rows[row].cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 2).merge(table.cell(2, 2)).text = "กองคลัง"
    packed = BytesIO()
    document.save(packed)
    draft = assemble(read(packed.getvalue(), "plan.docx"))
    assert [[row.responsible.raw for row in measure.rows] for measure in draft.measures] == [["กองคลัง", "กองคลัง"]]
    assert list(draft.all_doubts()) == []


def test_a_cell_over_two_columns_leaves_the_next_ones_in_their_place() -> None:
    wide = docx_cell("กว้าง", '<w:gridSpan w:val="2"/>')
    rows = docx_table([("ก", "ข", "ค")]).replace("</w:tbl>", f"<w:tr>{wide}{docx_cell('ท้าย')}</w:tr></w:tbl>")
    assert texts(read(docx_file(rows), "a.docx"))[1] == [[["ก", "ข", "ค"], ["กว้าง", "", "ท้าย"]]]


def test_columns_of_the_grid_that_no_cell_begins_in_are_dropped() -> None:
    row = docx_cell("ก", '<w:gridSpan w:val="3"/>') + docx_cell("ข")
    assert texts(read(docx_file(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"), "a.docx"))[1] == [[["ก", "ข"]]]


def test_text_hidden_below_a_merged_cell_is_not_lost() -> None:
    first, second = docx_cell("บน", '<w:vMerge w:val="restart"/>'), docx_cell("ล่าง", "<w:vMerge/>")
    table = f"<w:tbl><w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>"
    assert texts(read(docx_file(table), "a.docx"))[1] == [[["บน"], ["ล่าง"]]]


def test_a_table_in_a_cell_is_text_outside() -> None:
    inner = docx_table([("ใน", "สุด")])
    body = f"<w:tbl><w:tr><w:tc>{inner}{docx_paragraphs('นอก')}</w:tc></w:tr></w:tbl>"
    assert texts(read(docx_file(body), "a.docx")) == ([], [[["นอก"]]], ["ใน", "สุด"])


def test_content_controls_and_text_boxes_are_read_and_deleted_text_is_not() -> None:
    box = f"<w:p><w:r><w:txbxContent>{docx_paragraphs('กล่อง')}</w:txbxContent></w:r></w:p>"
    control = f"<w:sdt><w:sdtContent>{docx_paragraphs('ควบคุม')}</w:sdtContent></w:sdt>"
    gone = "<w:p><w:del><w:r><w:t>ลบ</w:t></w:r></w:del><w:r><w:t>อยู่</w:t><w:br/><w:t>ต่อ</w:t></w:r></w:p>"
    assert texts(read(docx_file(box + control + gone), "a.docx"))[0] == ["กล่อง", "ควบคุม", "อยู่", "ต่อ"]


def test_tables_nested_beyond_reason_are_text_or_refused() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 60 + docx_paragraphs("ลึก") + "</w:tc></w:tr></w:tbl>" * 60
    assert texts(read(docx_file(body), "a.docx"))[2] == ["ลึก"]
    deep = "<w:tbl><w:tr><w:tc>" * 3000 + docx_paragraphs("ลึก") + "</w:tc></w:tr></w:tbl>" * 3000
    with pytest.raises(DamagedFileError):
        read(docx_file(deep), "a.docx")


@given(TABLES)
def test_nothing_in_a_table_is_lost(rows: list[list[str]]) -> None:
    content = docx_file(docx_paragraphs(TITLE) + docx_table(with_headings(rows)))
    assert lost_cells(read(content, "a.docx"), rows) == []


def zipped(**parts: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr({"relations": "_rels/.rels", "main": "word/document.xml"}.get(name, name), content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (seed_as_docx()[:-200], DamagedFileError),
        (seed_as_docx()[:400], DamagedFileError),
        (b"\xff\x00\x80" * 100, DamagedFileError),
        ("แผน\tข้อความ".encode(), DamagedFileError),
        (zipped(other=b"x"), DamagedFileError),
        (zipped(relations=b"<a/>"), DamagedFileError),
        (zipped(relations=RELATIONS.encode()), DamagedFileError),
        (zipped(relations=RELATIONS.encode(), main=b"<workbook/>"), DamagedFileError),
        (zipped(relations=RELATIONS.encode(), main=b"<document>"), DamagedFileError),
        (zipped(relations=RELATIONS.encode(), main=b" " * 60_000_000), TooLargeFileError),
        (OLE, DamagedFileError),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ProtectedFileError),
        (b"", EmptyFileError),
        (docx_file("<w:p/>"), EmptyFileError),
    ],
)
def test_a_file_that_is_no_whole_word_file_is_refused(
    tmp_path: Path, content: bytes, error: type[PlanFileError]
) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_plan(path)
    assert "plan.docx" in str(caught.value)
    assert "โปรด" in caught.value.in_thai()


@pytest.mark.parametrize("at", range(0, 2000, 37))
def test_a_flipped_byte_never_crashes(at: int) -> None:
    content = bytearray(docx_file(docx_table([HEADINGS, make_row()])))
    content[at % len(content)] ^= 0xFF
    with suppress(PlanFileError):
        read(bytes(content), "a.docx")

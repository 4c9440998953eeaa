"""Excel workbooks: the same plan as from text, cells as a person sees them, what is no workbook refused."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.styles import GradientFill, PatternFill
from openpyxl.styles.colors import Color

from plans.errors import (
    DamagedFileError,
    EmptyFileError,
    OldOfficeFileError,
    PlanFileError,
    ProtectedFileError,
    TooLargeFileError,
)
from plans.layout.assemble import assemble
from plans.raw import RawCell, RawDocument
from plans.read import read_plan
from plans.readers.xlsx import read
from tests.plans.factories import HEADINGS, make_row
from tests.plans.formats import (
    OFFICE,
    PACKAGE,
    SHEET,
    TABLES,
    TITLE,
    changed_parts,
    check_refused,
    docx_file,
    docx_paragraphs,
    lost_cells,
    seed_raw,
    texts,
    with_headings,
    without_sources,
    xlsx_file,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def saved(book: openpyxl.Workbook) -> bytes:
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def read_book(book: openpyxl.Workbook) -> RawDocument:
    return read(saved(book), "a.xlsx")


def cells(document: RawDocument) -> list[list[RawCell]]:
    return document.tables[0].rows


def shown(value: Any, number_format: str = "General") -> str:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "x", value
    book.active["B1"].number_format = number_format
    row = cells(read_book(book))[0]
    return row[1].text if len(row) > 1 else ""


def seed_as_xlsx() -> bytes:
    """The plan as a sheet per table, and its title in a row above the first."""
    _, tables, _ = texts(seed_raw())
    return xlsx_file(*tables)


def test_the_seed_as_a_workbook_gives_the_same_draft(tmp_path: Path) -> None:
    path = tmp_path / "plan"
    path.with_suffix(".xlsx").write_bytes(seed_as_xlsx())
    text = seed_raw()
    text.paragraphs.clear()  # a workbook has no words outside its sheets
    text.file = "plan.xlsx"
    draft, expected = read_plan(path.with_suffix(".xlsx"), fiscal_year_be=2566), assemble(text, 2566)
    assert without_sources(draft) == without_sources(expected)


def test_every_sheet_is_a_table_and_says_where_its_cells_are() -> None:
    book = openpyxl.Workbook()
    book.active.title = "ปก"
    sheet = book.create_sheet("แผน ๒๕๖๖")
    sheet["C4"], sheet["D5"] = "ก", "ข"
    document = read_book(book)
    assert texts(document)[1] == [[["ก", ""], ["", "ข"]]]
    last = cells(document)[1][1].source
    assert (last.sheet, last.table, last.row, last.column) == ("แผน ๒๕๖๖", 0, 4, 3)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_given_with_the_reason_why_it_is_left_out(state: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "เห็น"
    book.create_sheet("เก่า")["A1"] = "ซ่อน"
    book["เก่า"].sheet_state = state
    document = read_book(book)
    assert texts(document)[1] == [[["เห็น"]], [["ซ่อน"]]]
    assert [table.left_out_reason for table in document.tables] == [None, "แผ่นงานที่ซ่อนไว้"]


def test_hidden_rows_and_columns_are_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["ก", "ข"])
    book.active.append(["ค", "ง"])
    book.active.row_dimensions[2].hidden = book.active.column_dimensions["B"].hidden = True
    assert texts(read_book(book))[1] == [[["ก", "ข"], ["ค", "ง"]]]


def test_a_cell_over_rows_is_repeated_and_one_over_columns_says_how_many() -> None:
    book = openpyxl.Workbook()
    for row in (["กว้าง", None, "ก"], ["สูง", "ข", "ค"], [None, "ง", "จ"]):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("A2:A3")
    rows = cells(read_book(book))
    assert [[cell.text for cell in row] for row in rows] == [["กว้าง", "", "ก"], ["สูง", "ข", "ค"], ["สูง", "ง", "จ"]]
    assert [[cell.columns for cell in row] for row in rows] == [[2, 1, 1], [1, 1, 1], [1, 1, 1]]
    assert [row[0].is_merged for row in rows] == [False, False, True]


def test_a_merged_measure_holds_for_all_its_rows_without_a_doubt() -> None:
    book = openpyxl.Workbook()
    for row in (HEADINGS, make_row(), make_row("", "๒. ต่อ", "")):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("C2:C3")
    draft = assemble(read_book(book), 2566)
    assert [[row.responsible.raw for row in measure.rows] for measure in draft.measures] == [["กองคลัง", "กองคลัง"]]
    assert list(draft.all_doubts()) == []


def test_text_hidden_below_a_merged_cell_is_not_lost() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    content = changed_parts(
        xlsx_file([["ก", "ข"], ["ค", "ง"]]), {"xl/worksheets/sheet1.xml": ("<pageMargins", merged + "<pageMargins")}
    )
    assert texts(read(content, "a.xlsx"))[1] == [[["ก", "ข"], ["ค", "ง"]]]


def test_a_title_merged_to_the_end_of_the_sheet_adds_no_columns() -> None:
    book = openpyxl.Workbook()
    book.active.append([TITLE])
    book.active.append(HEADINGS)
    book.active.merge_cells("A1:XFD1")
    rows = cells(read_book(book))
    assert [len(row) for row in rows] == [5, 5]
    assert rows[0][0].columns == 5


@pytest.mark.parametrize(
    ("fill", "is_shaded"),
    [
        (PatternFill("solid", fgColor="FFFFFF00"), True),
        (PatternFill("solid", fgColor="FFFFFFFF"), False),
        (PatternFill("solid", fgColor=Color(theme=4, tint=0.4)), True),
        (PatternFill("solid", fgColor=Color(theme=0)), False),
        (PatternFill("solid", fgColor=Color(theme=0, tint=-0.15)), True),
        (PatternFill("solid", fgColor=Color(indexed=5)), True),
        (PatternFill("solid", fgColor=Color(indexed=9)), False),
        (PatternFill("darkUp", fgColor="FF000000"), True),
        (GradientFill(stop=["FF0000", "00FF00"]), True),
        (PatternFill(), False),
    ],
)
def test_a_coloured_ground_is_seen(fill: Any, *, is_shaded: bool) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "ก"
    book.active["A1"].fill = book.active["B1"].fill = fill
    book.active["C1"] = "ข"
    assert [cell.is_shaded for cell in cells(read_book(book))[0]] == [is_shaded, is_shaded, False]


def test_a_bar_of_merged_cells_is_coloured_all_along() -> None:
    book = openpyxl.Workbook()
    book.active.append(["ก", None, None, "ข"])
    book.active["B1"].fill = PatternFill("solid", fgColor="FF00FF00")
    book.active.merge_cells("B1:C1")
    assert [cell.is_shaded for cell in cells(read_book(book))[0]] == [False, True, True, False]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1, "General", "1"),
        (1.0, "General", "1"),
        (0.1 + 0.2, "General", "0.3"),
        (0.5, "0%", "50%"),
        (0.1255, "0.0%", "12.6%"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (3, '0"."', "3."),
        (3, "[$-D000000]0", "๓"),
        (7, "000", "007"),
        (1234567890123, "0-0000-00000-00-0", "1-2345-67890-12-3"),
        (True, "General", "TRUE"),
        ("#REF!", "General", "#REF!"),
        ("=1+1", "General", ""),
        ("ก\nข", "General", "ก\nข"),
        ("ก_x000D_\nข", "General", "ก\nข"),
        ("ก", '"- "@', "- ก"),
        (date(2022, 10, 1), "d/m/yyyy", "1/10/2022"),
        (date(2022, 10, 1), "[$-107041E]d mmm yy;@", "1/10/2565"),
        (date(2022, 10, 1), "[$-D07041E]d mmmm yyyy", "๑/๑๐/๒๕๖๕"),
        (date(2022, 10, 1), "[$-th-TH,107]d/m/yyyy", "1/10/2565"),
        (date(2022, 10, 1), "[$-41E]B2d mmm yy", "1/10/2565"),
        (date(2022, 10, 1), "[$-41E]d mmm bbbb", "1/10/2565"),
        (date(2022, 10, 1), "[$-41E]d mmm yyyy", "1/10/2022"),
        (date(2565, 10, 1), "d/m/yyyy", "1/10/2565"),
        (date(2022, 10, 1), "mmm-yy", "ต.ค. 2022"),
        (date(2022, 10, 1), "d-mmm", "1 ต.ค."),
        (datetime(2022, 10, 1, 8, 30), "d/m/yyyy h:mm", "1/10/2022 8:30"),  # noqa: DTZ001 -- Excel knows no zone
        (time(8, 30), "h:mm", "8:30"),
        (1e300, "0.00", "1e+300"),
    ],
)
def test_a_value_stands_as_a_person_sees_it(value: Any, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@given(
    st.floats() | st.integers(-(10**20), 10**20).map(float),
    st.text(alphabet='0#?.,%;"\\_*[]@$-41DEdmyhsb/+(Genral) tก', max_size=30) | st.sampled_from(["General", "0" * 200]),
)
def test_no_format_however_odd_stops_the_reading(number: float, code: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "ก", 1
    book.active["B1"].number_format = "0.000"
    codes = f'<numFmts><numFmt numFmtId="164" formatCode={quoteattr(code)}/></numFmts>'
    styles = f'{codes}<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    sheet = ("<v>1</v>", f"<v>{number!r}</v>")
    content = changed_parts(saved(book), {"xl/worksheets/sheet1.xml": sheet})
    content = changed_parts(content, {"xl/styles.xml": (None, f'<styleSheet xmlns="{SHEET}">{styles}</styleSheet>')})
    assert cells(read(content, "a.xlsx"))[0][0].text == "ก"


def test_dates_counted_from_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = date(2022, 10, 1)
    book.active["A1"].number_format = "d/m/yyyy"
    assert cells(read_book(book))[0][0].text == "1/10/2022"


def test_formatted_parts_of_a_text_are_one_text() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = CellRichText(["มาตรการ", TextBlock(InlineFont(b=True), " ที่ ๑\n"), "ต่อ"])
    assert cells(read_book(book))[0][0].text == "มาตรการ ที่ ๑\nต่อ"


def test_text_boxes_are_text_outside() -> None:
    drawing = (
        '<xdr:wsDr xmlns:xdr="x" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>แผน'
        "</a:t></a:r><a:r><a:t> ๒๕๖๖</a:t></a:r></a:p></xdr:wsDr>"
    )
    book = openpyxl.Workbook()
    book.active["A1"] = "ก"
    book.active.add_chart(BarChart(), "C3")
    content = changed_parts(saved(book), {"xl/drawings/drawing1.xml": (None, drawing)})
    assert texts(read(content, "a.xlsx"))[0] == ["แผน ๒๕๖๖"]


def test_rows_and_cells_that_do_not_say_their_place_follow_one_another() -> None:
    content = xlsx_file([["ก", "ข"], ["ค", "ง"]])
    for place in ("A1", "B1", "A2", "B2", "1", "2"):
        content = changed_parts(content, {"xl/worksheets/sheet1.xml": (f' r="{place}"', "")})
    assert texts(read(content, "a.xlsx"))[1] == [[["ก", "ข"], ["ค", "ง"]]]


def test_empty_rows_that_only_have_formats_cost_nothing() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" s="0"/></row>' for row in range(10, 250_000))
    sheet = ("</sheetData>", f"{rows}</sheetData>")
    content = changed_parts(xlsx_file([["ก", "ข"]]), {"xl/worksheets/sheet1.xml": sheet})
    assert texts(read(content, "a.xlsx"))[1] == [[["ก", "ข"]]]


def test_a_gap_is_one_row_or_column_however_wide() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["Z900000"] = "ก", "ข"
    assert texts(read_book(book))[1] == [[["ก", "", ""], ["", "", ""], ["", "", "ข"]]]


def test_a_locked_sheet_and_a_workbook_with_macros_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADINGS, make_row()):
        book.active.append(row)
    book.active.protection.set_password("x")
    path = tmp_path / "plan.xlsm"
    path.write_bytes(changed_parts(saved(book), {"xl/vbaProject.bin": (None, "macro")}))
    assert len(read_plan(path, fiscal_year_be=2566).measures) == 1


@given(TABLES)
def test_nothing_in_a_table_is_lost(rows: list[list[str]]) -> None:
    assert lost_cells(read(xlsx_file(with_headings(rows)), "a.xlsx"), rows) == []


def chart_only() -> bytes:
    book = openpyxl.Workbook()
    book.create_chartsheet("กราฟ").add_chart(BarChart())
    book.remove(book.worksheets[0])
    return saved(book)


def bomb() -> bytes:
    return changed_parts(seed_as_xlsx(), {"xl/sharedStrings.xml": (None, "<sst>" + " " * 60_000_000)})


def endless_row() -> bytes:
    row = f"<row>{'<c/>' * 1_500_000}</row></sheetData>"
    return changed_parts(xlsx_file([["ก"]]), {"xl/worksheets/sheet1.xml": ("</sheetData>", row)})


def the_same_sheet_often() -> bytes:
    sheet = '<sheet name="{0}" r:id="r{0}"/>'
    relation = f'<Relationship Id="r{{0}}" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    sheets = "".join(map(sheet.format, range(40)))
    book = f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    strings = f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    relations = f'<Relationships xmlns="{PACKAGE}">{strings}{"".join(map(relation.format, range(40)))}</Relationships>'
    rows = "<row><c><v>1</v></c></row>" * 5000
    changes = {"xl/workbook.xml": (None, book), "xl/_rels/workbook.xml.rels": (None, relations)}
    return changed_parts(xlsx_file([["ก"]]), changes | {"xl/worksheets/sheet1.xml": ('<row r="1">', f"{rows}<row>")})


def wide() -> bytes:
    row = f"<row>{'<c><v>1</v></c>' * 250_000}</row></sheetData>"
    return changed_parts(xlsx_file([["ก"]]), {"xl/worksheets/sheet1.xml": ("</sheetData>", row)})


ENTITY = '<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (seed_as_xlsx()[:-200], DamagedFileError),
        (seed_as_xlsx()[:400], DamagedFileError),
        (b"\xff\x00\x80" * 100, DamagedFileError),
        (docx_file(docx_paragraphs("แผน")), DamagedFileError),
        (changed_parts(seed_as_xlsx(), {"xl/workbook.xml": (None, "<workbook>" * 3000)}), DamagedFileError),
        (changed_parts(seed_as_xlsx(), {"xl/worksheets/sheet1.xml": (None, "<a>" * 3000)}), DamagedFileError),
        (changed_parts(seed_as_xlsx(), {"xl/sharedStrings.xml": (None, ENTITY)}), DamagedFileError),
        (changed_parts(seed_as_xlsx(), {"xl/sharedStrings.xml": (None, None)}), DamagedFileError),
        (bomb(), TooLargeFileError),
        (wide(), TooLargeFileError),
        (endless_row(), TooLargeFileError),
        (the_same_sheet_often(), TooLargeFileError),
        (OLE, OldOfficeFileError),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ProtectedFileError),
        (b"", EmptyFileError),
        (xlsx_file([]), EmptyFileError),
        (chart_only(), EmptyFileError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "file",
)
def test_a_file_that_is_no_whole_workbook_is_refused(
    tmp_path: Path, content: bytes, error: type[PlanFileError]
) -> None:
    check_refused(tmp_path / "plan.xlsx", content, error)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(seed_as_xlsx())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        part = archive.getinfo("xl/sharedStrings.xml")
    for at in (content.find(b"PK\x01\x02"), *[i for i in range(len(content)) if content.startswith(b"PK\x01\x02", i)]):
        if content[at + 24 : at + 28] == part.file_size.to_bytes(4, "little"):
            content[at + 24 : at + 28] = (part.file_size // 2).to_bytes(4, "little")
    with pytest.raises(DamagedFileError):
        read(bytes(content), "a.xlsx")


@pytest.mark.parametrize("at", range(0, 6000, 97))
def test_a_flipped_byte_never_crashes(at: int) -> None:
    content = bytearray(xlsx_file([HEADINGS, make_row()]))
    content[at % len(content)] ^= 0xFF
    with suppress(PlanFileError):
        read(bytes(content), "a.xlsx")

"""PDF files: the same plan as from text, wrapped lines and cut rows put together, bad files refused."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped] # it has none
import pytest

from plans.draft import Doubt, DoubtKind, Draft, Measure, Row
from plans.errors import (
    DamagedFileError,
    EmptyFileError,
    NoPlanTableError,
    PlanFileError,
    ProtectedFileError,
    ScannedFileError,
    TooLargeFileError,
)
from plans.layout.assemble import assemble
from plans.raw import RawDocument
from plans.read import read_plan
from plans.readers.pdf import read
from tests.plans.factories import HEADINGS, make_row
from tests.plans.formats import TITLE, check_refused, seed_raw, texts
from tests.plans.pdf_files import Sheet, bare_pdf, pdf_of, stream

FILES = Path(__file__).parent / "files"
TAGGED = FILES / "plan-2566-tagged.pdf"
UNTAGGED = FILES / "plan-2566.pdf"
MONTHS = FILES / "months.pdf"


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def facts(draft: Draft) -> list[object]:
    """What a draft says, without places and spaces."""
    whole = [bare(draft.title), draft.organization.model_dump(exclude={"source"}), draft.fiscal_year_be]
    return [*whole, draft.document_kind, draft.column_roles, kinds(draft.doubts), *map(row_facts, draft.rows())]


def kinds(doubts: tuple[Doubt, ...]) -> list[DoubtKind]:
    return [doubt.kind for doubt in doubts]


def row_facts(pair: tuple[Measure, Row]) -> tuple[object, ...]:
    measure, row = pair
    steps = [(s.number, bare(s.text), s.recurrence, [bare(sub.text) for sub in s.sub_steps]) for s in row.steps]
    parties = [(party.unit, party.subunit, party.role) for party in row.responsible.parties]
    return (
        (measure.number, bare(measure.title), bare(measure.detail), measure.indicators),
        steps,
        (row.responsible.scope, row.responsible.with_audit_unit, parties),
        (row.period.start, row.period.end, row.period.occurrences),
        (row.reporting.cadence, row.reporting.quarters_due, row.publication_channels),
        [bare(duty) for duty in row.monitoring_duties],
        kinds(row.doubts),
    )


def without_steps(draft: Draft) -> list[object]:
    """The facts with the steps of a row as one text."""
    rows = [tuple(f for index, f in enumerate(row_facts(pair)) if index != 1) for pair in draft.rows()]
    words = [
        "".join(bare(s.text + "".join(sub.text for sub in s.sub_steps)) for s in row.steps) for _, row in draft.rows()
    ]
    return [*rows, *words]


def letters(document: RawDocument) -> Counter[str]:
    """Every letter of the tables' texts, headings once, markup left out."""
    rows = {tuple(bare(cell.text) for cell in row) for table in document.tables for row in table.rows}
    return Counter(re.sub("<[^>]*>", "", "".join("".join(row) for row in rows)))


class TestSeed:
    def test_a_tagged_file_gives_the_same_draft_as_the_text(self) -> None:
        assert facts(read_plan(TAGGED)) == facts(assemble(seed_raw()))

    def test_a_file_without_tags_gives_the_same_but_for_one_line_that_is_full_to_its_end(self) -> None:
        draft, truth = read_plan(UNTAGGED), assemble(seed_raw())
        assert without_steps(draft) == without_steps(truth)
        lost = [len(b.steps) - len(a.steps) for (_, a), (_, b) in zip(draft.rows(), truth.rows(), strict=True)]
        assert lost == [1, *[0] * (len(lost) - 1)]

    @pytest.mark.parametrize("path", [TAGGED, UNTAGGED])
    def test_no_letter_is_lost_or_doubled(self, path: Path) -> None:
        assert letters(read(path.read_bytes(), path.name)) == letters(seed_raw())

    def test_every_value_names_its_page_and_file(self) -> None:
        draft = read_plan(UNTAGGED)
        pages = [row.source.page for _, row in draft.rows()]
        assert pages == sorted(pages, key=lambda page: page or 0)
        assert {page for page in pages if page is not None} >= {0, 1, 2, 3, 5, 6}
        assert {row.source.file for _, row in draft.rows()} == {UNTAGGED.name}

    def test_page_numbers_are_no_title_but_listed(self) -> None:
        _, _, after = texts(read(UNTAGGED.read_bytes(), "a.pdf"))
        assert after == [f"- {number} -" for number in range(1, 10)]


def test_merged_headings_and_coloured_cells_are_kept() -> None:
    table = read(MONTHS.read_bytes(), "a.pdf").tables[0].rows
    assert [(cell.text, cell.columns) for cell in table[0][:4]] == [
        ("มาตรการ", 1), ("ขั้นตอน", 1), ("ผู้รับผิดชอบ", 1), ("ระยะเวลาดำเนินการ", 12),
    ]  # fmt: skip
    assert [cell.is_merged for cell in table[1][:4]] == [True, True, True, False]
    assert ["".join("#" if cell.is_shaded else "." for cell in row[3:]) for row in table[2:]] == [
        "###.........", "...####.....", "......######",
    ]  # fmt: skip


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_sheet_put_sideways_into_the_file_is_turned(angle: int) -> None:
    assert texts(read(turned(angle), "a.pdf")) == texts(read(MONTHS.read_bytes(), "a.pdf"))


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_shown_rotated_is_read_as_shown(angle: int) -> None:
    document = pypdfium2.PdfDocument(turned(angle))
    document[0].set_rotation(angle)
    packed = BytesIO()
    document.save(packed)
    assert texts(read(packed.getvalue(), "a.pdf")) == texts(read(MONTHS.read_bytes(), "a.pdf"))


def turned(angle: int) -> bytes:
    """The chart of months drawn turned to the left on an unturned sheet."""
    source, target = pypdfium2.PdfDocument(MONTHS), pypdfium2.PdfDocument.new()
    width, height = source[0].get_size()
    drawing = source.page_as_xobject(0, target).as_pageobject()
    matrices = {90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, width)}
    page = target.new_page(*((width, height) if angle == 180 else (height, width)))
    drawing.set_matrix(pypdfium2.PdfMatrix(*matrices[angle]))
    page.insert_obj(drawing)
    page.gen_content()
    packed = BytesIO()
    target.save(packed)
    return packed.getvalue()


class TestTables:
    def test_a_ruled_table_is_read_with_the_text_around_it(self) -> None:
        sheet = Sheet().text(40, 40, TITLE).table(60, [HEADINGS, make_row()]).text(40, 180, "ลงชื่อ")
        assert texts(read(pdf_of(sheet), "a.pdf")) == ([TITLE], [[list(HEADINGS), list(make_row())]], ["ลงชื่อ"])

    def test_a_row_cut_by_the_pages_end_is_one_row_from_its_first_page(self) -> None:
        first = Sheet().table(60, [HEADINGS, make_row(steps="๑. ประชุม")], heights=[30, 460])
        second = Sheet().table(40, [HEADINGS, ("", "๒. ทำต่อ", "", "", "")])
        rows = read(pdf_of(first, second), "a.pdf").tables[0].rows
        assert [[cell.text for cell in row][1] for row in rows] == ["ขั้นตอน", "๑. ประชุม\n๒. ทำต่อ"]
        assert rows[1][1].source.page == 0

    def test_a_row_with_its_own_period_is_not_joined(self) -> None:
        first = Sheet().table(60, [HEADINGS, make_row()], heights=[30, 460])
        second = Sheet().table(40, [HEADINGS, ("", "๒. ทำต่อ", "", "มี.ค. ๒๕๖๖", "")])
        rows = read(pdf_of(first, second), "a.pdf").tables[0].rows
        assert [row[3].text for row in rows] == ["ระยะเวลา", make_row()[3], "มี.ค. ๒๕๖๖"]
        assert rows[2][0].source.page == 1

    def test_a_table_that_ends_before_the_page_does_is_not_gone_on_with(self) -> None:
        first = Sheet().table(60, [HEADINGS, make_row()]).text(40, 500, "ท้ายตาราง")
        second = Sheet().table(40, [HEADINGS, ("", "๒. ทำต่อ", "", "", "")])
        assert len(read(pdf_of(first, second), "a.pdf").tables) == 2

    def test_a_heading_typed_otherwise_begins_a_table(self) -> None:
        first = Sheet().table(60, [HEADINGS, make_row()], heights=[30, 460])
        second = Sheet().table(40, [("มาตรการ/แนวทาง", *HEADINGS[1:]), make_row()])
        tables = read(pdf_of(first, second), "a.pdf").tables
        assert [table.rows[0][0].text for table in tables] == ["มาตรการ", "มาตรการ/แนวทาง"]

    def test_a_measure_cut_in_the_middle_of_its_sentence_goes_on(self) -> None:
        first = Sheet().table(60, [HEADINGS, make_row("๑. การใช้อำนาจ (ตัวชี้วัดที่", "๑. ประชุม")], heights=[30, 40])
        second = Sheet().table(40, [HEADINGS, ("๓)", "๒. ทำต่อ", "", "", "")])
        rows = read(pdf_of(first, second), "a.pdf").tables[0].rows
        assert [row[0].text for row in rows] == ["มาตรการ", "๑. การใช้อำนาจ (ตัวชี้วัดที่ ๓)"]
        assert rows[1][1].text == "๑. ประชุม\n๒. ทำต่อ"

    def test_a_row_that_names_a_measure_of_its_own_is_left_for_a_person(self) -> None:
        first = Sheet().table(60, [HEADINGS, make_row()], heights=[30, 460])
        second = Sheet().table(40, [HEADINGS, ("๒. อื่น", "๒. ทำต่อ", "", "", "")])
        rows = read(pdf_of(first, second), "a.pdf").tables[0].rows
        assert [row[0].text for row in rows] == ["มาตรการ", make_row()[0], "๒. อื่น"]

    def test_a_row_over_three_pages_is_one(self) -> None:
        cut = [("", f"๒.{number} ทำ", "", "", "") for number in (1, 2)]
        sheets = [
            Sheet().table(60, [HEADINGS, make_row()], heights=[30, 460]),
            Sheet().table(60, [HEADINGS, cut[0]], heights=[30, 460]),
            Sheet().table(60, [HEADINGS, cut[1]]),
        ]
        rows = read(pdf_of(*sheets), "a.pdf").tables[0].rows
        assert [row[1].text for row in rows] == ["ขั้นตอน", "๑. ทำ\n๒.1 ทำ\n๒.2 ทำ"]

    def test_heads_and_feet_do_not_part_a_table(self) -> None:
        parts = [("๑. ประชุม", 460), ("๒. ทำต่อ", 460)]
        sheets = [
            Sheet().text(40, 30, "เทศบาลตำบลทดสอบ").table(60, [HEADINGS, make_row(steps=s)], heights=[30, height])
            .text(400, 580, f"หน้า {number}")
            for number, (s, height) in enumerate(parts, 1)
        ]  # fmt: skip
        before, tables, after = texts(read(pdf_of(*sheets), "a.pdf"))
        assert (before, len(tables), len(tables[0])) == (["เทศบาลตำบลทดสอบ"], 1, 3)
        assert after == ["หน้า 1", "เทศบาลตำบลทดสอบ", "หน้า 2"]

    def test_a_table_without_lines_is_read_by_the_white_between_its_columns(self) -> None:
        sheet = Sheet().text(40, 40, TITLE).table(60, [HEADINGS, make_row(), make_row("๒. อื่น")], is_ruled=False)
        before, tables, _ = texts(read(pdf_of(sheet), "a.pdf"))
        assert (before, tables) == ([TITLE], [[list(HEADINGS), list(make_row()), list(make_row("๒. อื่น"))]])

    def test_words_in_columns_by_chance_are_no_table(self) -> None:
        rows = [("ก", "ข", "ค", "ง", "จ"), ("ฉ", "ช", "ซ", "ญ", "ด")]
        assert read(pdf_of(Sheet().table(60, rows, is_ruled=False)), "a.pdf").tables == []

    def test_a_frame_around_the_page_is_no_table(self) -> None:
        sheet = Sheet().box(20, 20, 800, 550).table(60, [HEADINGS, make_row()])
        assert texts(read(pdf_of(sheet), "a.pdf"))[1] == [[list(HEADINGS), list(make_row())]]


GOOD = pdf_of(Sheet().table(60, [HEADINGS, make_row()]))
PASSWORD = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({'x' * 32})/U({'y' * 32})>>/ID[(a)(a)]"
BOMB = zlib.compress(zlib.compress(b" " * 80_000_000))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFileError),
        ("แผน\tข้อความ".encode(), DamagedFileError),
        (b"%PDF-1.4\n%%EOF", DamagedFileError),
        (b"%PDF-1.4\n" + bytes(range(256)) * 20 + b"%%EOF", DamagedFileError),
        (TAGGED.read_bytes()[:60_000], DamagedFileError),
        (TAGGED.read_bytes()[:-3000], DamagedFileError),
        (bare_pdf(pages=0), DamagedFileError),
        (bare_pdf(pages=3), ScannedFileError),
        (bare_pdf(pages=1000), TooLargeFileError),
        (bare_pdf(content=stream(BOMB, "/Filter[/FlateDecode/FlateDecode]")), TooLargeFileError),
        (bare_pdf(content=stream(zlib.compress(b" " * 80_000_000), "/Filter/FlateDecode")), TooLargeFileError),
        (bare_pdf(content=stream(b"0 0 m 9 9 l S " * 21_000)), TooLargeFileError),
        (bare_pdf(content=stream(zlib.compress(b"9 9 9 9 re f " * 60_000), "/Filter/FlateDecode")), TooLargeFileError),
        (bare_pdf(trailer=PASSWORD), ProtectedFileError),
        (bare_pdf(trailer="/Encrypt<</Filter/Other>>/ID[(a)(a)]"), ProtectedFileError),
        (pdf_of(Sheet().text(40, 40, "สวัสดี")), NoPlanTableError),
        (pdf_of(Sheet().text(40, 40, "สวัสดี"), catalog="/OpenAction<</S/JavaScript/JS(while(1){})>>"), NoPlanTableError),
        (pdf_of(Sheet().text(40, 40, "สวัสดี")).replace(b"/Count 1", b"/Count 999999999"), NoPlanTableError),
    ],
)  # fmt: skip
def test_a_file_that_is_no_whole_pdf_with_a_plan_is_refused(
    tmp_path: Path, content: bytes, error: type[PlanFileError]
) -> None:
    check_refused(tmp_path / "plan.pdf", content, error)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_damaged_stream_is_refused_and_not_read_in_part(share: float) -> None:
    packed = zlib.compress(
        Sheet().table(60, [HEADINGS, make_row()]).content(dict.fromkeys("".join(HEADINGS + make_row()), 1))
    )
    at = int(len(packed) * share)
    broken = packed[:at] + bytes(8) + packed[at + 8 :]
    with pytest.raises(DamagedFileError):
        read(bare_pdf(content=stream(broken, "/Filter/FlateDecode")), "a.pdf")


@pytest.mark.parametrize("at", range(0, len(GOOD), 97))
def test_a_flipped_byte_never_crashes(at: int) -> None:
    content = bytearray(GOOD)
    content[at] ^= 0xFF
    try:
        read(bytes(content), "a.pdf")
    except PlanFileError as error:
        assert "a.pdf" in str(error)  # noqa: PT017 -- both endings are right, a crash is not

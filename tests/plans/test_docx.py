"""Word files: the same plan as from text, merged cells in their place, damaged files refused."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given

from plans.errors import (
    DamagedFileError,
    EmptyFileError,
    OldOfficeFileError,
    PlanFileError,
    ProtectedFileError,
    TooLargeFileError,
)
from plans.layout.assemble import assemble
from plans.read import read_plan
from plans.readers.docx import read
from tests.plans.factories import HEADINGS, make_row
from tests.plans.formats import (
    RELATIONS,
    TABLES,
    TITLE,
    check_refused,
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


def in_list(text: str, level: int = 0, number: int = 1, style: str = "") -> str:
    """A numbered paragraph; with a style, the style says the list."""
    own = (
        f'<w:pStyle w:val="{style}"/>'
        if style
        else f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )
    return f"<w:p><w:pPr>{own}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def level(index: int, number_format: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, more: str = "") -> str:
    model = f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
    return f'{model}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'


def lines(body: str, **parts: str) -> list[str]:
    return texts(read(docx_file(body, **parts), "a.docx"))[0]


def test_automatic_numbers_stand_before_the_text_as_word_shows_them() -> None:
    lists = numbering(level(0, "thaiNumbers", "%1."), level(1, "decimal", "%1.%2"), level(2, "bullet", "\uf0b7"))
    levels = [0, 1, 1, 2, 0, 1]
    body = "".join(in_list("ก", index) for index in levels)
    assert lines(body, numbering=lists) == ["๑. ก", "๑.1 ก", "๑.2 ก", "- ก", "๒. ก", "๒.1 ก"]


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("decimal", "3) ก"),
        ("thaiNumbers", "๓) ก"),
        ("thaiLetters", "ค) ก"),
        ("lowerLetter", "c) ก"),
        ("upperRoman", "III) ก"),
        ("decimalZero", "03) ก"),
        ("none", ") ก"),
        ("bullet", "- ก"),
    ],
)
def test_numbers_have_the_format_of_their_level(number_format: str, expected: str) -> None:
    assert lines(in_list("ก") * 3, numbering=numbering(level(0, number_format, "%1)")))[-1] == expected


def test_a_list_goes_on_in_the_next_cell_and_begins_again_where_word_says() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    numbers = [1, 1, 2, 3, 3]
    cells = "".join(f"<w:tc>{in_list('ก', number=number)}</w:tc>" for number in numbers)
    content = docx_file(
        f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", numbering=numbering(level(0, "decimal", "%1."), more=again)
    )
    assert texts(read(content, "a.docx"))[1] == [[["1. ก", "2. ก", "3. ก", "5. ก", "6. ก"]]]


def test_a_list_begins_where_it_says_and_a_level_may_go_on_or_be_plain_digits() -> None:
    lists = numbering(
        level(0, "thaiNumbers", "%1.", start=4),
        level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>'),
        level(2, "decimal", "%1.%3", "<w:isLgl/>"),
    )
    body = "".join(in_list("ก", index) for index in (0, 1, 0, 1, 2))
    assert lines(body, numbering=lists) == ["๔. ก", "1) ก", "๕. ก", "2) ก", "5.1 ก"]


def test_a_level_that_was_skipped_counts_as_if_it_stood_there() -> None:
    lists = numbering(level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "decimal", "%1.%2.%3"))
    body = "".join(in_list("ก", index) for index in (0, 2, 1))
    assert lines(body, numbering=lists) == ["1. ก", "1.1.1 ก", "1.2 ก"]


def test_a_list_in_a_style_of_lists_is_found() -> None:
    styles = '<w:style w:styleId="S"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    more = (
        '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="S"/></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
    )
    lists = numbering(level(0, "thaiNumbers", "%1)"), more=more)
    assert lines(in_list("ก", number=7), numbering=lists, styles=styles) == ["๑) ก"]


def test_numbers_count_on_through_deleted_text_and_boxes_printed_twice() -> None:
    twice = f"<w:p><w:r><w:Choice>{in_list('ข')}</w:Choice><w:Fallback>{in_list('ข')}</w:Fallback></w:r></w:p>"
    body = f"<w:del>{in_list('ก')}</w:del>{twice}{in_list('ค')}"
    assert lines(body, numbering=numbering(level(0, "decimal", "%1."))) == ["1. ข", "2. ค"]


def test_a_table_in_a_text_box_is_a_table() -> None:
    box = f"<w:p><w:r><w:t>ก่อน</w:t><w:txbxContent>{docx_table([HEADINGS, make_row()])}</w:txbxContent></w:r></w:p>"
    assert texts(read(docx_file(box), "a.docx")) == (["ก่อน"], [[list(HEADINGS), list(make_row())]], [])


def test_more_tables_than_any_plan_has_are_refused() -> None:
    with pytest.raises(TooLargeFileError):
        read(docx_file(docx_table([("ก",)]) * 2100), "a.docx")


def test_a_style_brings_its_list_also_through_the_style_it_is_based_on() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:basedOn w:val="A"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="D"><w:basedOn w:val="A"/>'
        '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    )
    lists = numbering(level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"))
    body = "".join(in_list("ก", style=style) for style in "ABCD")
    assert lines(body, numbering=lists, styles=styles) == ["1. ก", "2. ก", "2.1 ก", "ก"]


def test_an_empty_numbered_paragraph_counts_only_where_it_is_alone_in_its_cell() -> None:
    empty = in_list("")
    rows = [f"<w:tr><w:tc>{empty}</w:tc><w:tc>{in_list('ก', number=2)}{in_list('', number=2)}</w:tc></w:tr>"] * 2
    more = (
        f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1)")}</w:abstractNum>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    content = docx_file(f"<w:tbl>{''.join(rows)}</w:tbl>", numbering=numbering(level(0, "decimal", "%1."), more=more))
    assert texts(read(content, "a.docx"))[1] == [[["1.", "1) ก"], ["2.", "3) ก"]]]


def test_header_and_footer_come_first_without_page_numbers_and_notes_last() -> None:
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>'
    pages = (
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>NUMPAGES</w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>9</w:t><w:fldChar w:fldCharType="end"/></w:r>'
    )
    section = '<w:sectPr><w:headerReference r:id="header"/><w:footerReference r:id="footer"/></w:sectPr>'
    document = read(
        docx_file(
            docx_paragraphs("แผน") + docx_table([("ก", "ข")]) + section,
            header=docx_paragraphs("เทศบาลตำบลทดสอบ\nแผน"),
            footer=f"<w:p><w:r><w:t>หน้า </w:t></w:r>{page}<w:r><w:t> จาก </w:t></w:r>{pages}</w:p>"
            + docx_paragraphs("ท้าย"),
            footnotes=f'<w:footnote w:type="separator">{docx_paragraphs("x")}</w:footnote>'
            f"<w:footnote>{docx_paragraphs('เชิงอรรถ')}</w:footnote>",
        ),
        "a.docx",
    )
    assert texts(document) == (["เทศบาลตำบลทดสอบ", "ท้าย", "แผน"], [[["ก", "ข"]]], ["เชิงอรรถ"])


@pytest.mark.parametrize(
    ("shading", "is_shaded"),
    [
        ('w:val="clear" w:color="auto" w:fill="FFFF00"', True),
        ('w:val="clear" w:color="auto" w:fill="FFFFFF"', False),
        ('w:val="clear" w:color="auto" w:fill="auto"', False),
        ('w:val="pct25" w:color="auto" w:fill="auto"', True),
        ('w:val="solid" w:color="000000" w:fill="FFFFFF"', True),
    ],
)
def test_a_coloured_ground_is_seen(shading: str, *, is_shaded: bool) -> None:
    row = docx_cell("ก") + docx_cell("", f"<w:shd {shading}/>")
    document = read(docx_file(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"), "a.docx")
    assert [cell.is_shaded for cell in document.tables[0].rows[0]] == [False, is_shaded]


@pytest.mark.parametrize(
    ("drawn", "sign"),
    [
        ('<w:sym w:font="Wingdings" w:char="F0FC"/>', "✓"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/>', "✓"),
        ('<w:sym w:font="Wingdings 2" w:char="F050"/>', "✓"),
        ('<w:sym w:font="Wingdings" w:char="F0A8"/>', "☐"),
        ('<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>ü</w:t>', "✓"),
        ('<w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>P</w:t>', "✓"),
        ('<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0fc</w:t>', "✓"),
        ('<w:rPr><w:rFonts w:ascii="TH SarabunPSK"/></w:rPr><w:t>P</w:t>', "P"),
        ("<w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar>", "☑"),
        ('<w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData></w:fldChar>', "☐"),
    ],
)
def test_ticks_and_boxes_are_signs(drawn: str, sign: str) -> None:
    assert lines(f"<w:p><w:r>{drawn}</w:r></w:p>") == [sign]


@pytest.mark.parametrize(("state", "sign"), [("1", "☑"), ("0", "☐")])
def test_the_check_box_of_a_content_control_shows_its_state(state: str, sign: str) -> None:
    box = (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox></w:sdtPr><w:sdtContent>'
        "<w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>"
    )
    assert lines(f"<w:p>{box}<w:r><w:t> ทำแล้ว</w:t></w:r></w:p>") == [f"{sign} ทำแล้ว"]


def test_a_plan_in_a_table_that_only_arranges_the_page_is_read_as_the_plan() -> None:
    inner = docx_paragraphs(TITLE) + docx_table([HEADINGS, make_row()]) + docx_paragraphs("ท้าย")
    body = f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>"
    document = read(docx_file(body), "a.docx")
    assert texts(document) == ([TITLE], [[list(HEADINGS), list(make_row())]], ["ท้าย"])
    assert list(assemble(document).all_doubts()) == []


def test_a_table_in_a_cell_of_the_plan_follows_it() -> None:
    inner = docx_table([("ใน", "สุด"), ("๑", "๒")])
    row = f"<w:tr><w:tc>{inner}{docx_paragraphs('นอก')}</w:tc>{docx_cell('ข')}</w:tr>"
    body = f"<w:tbl>{row}<w:tr>{docx_cell('ค')}{docx_cell('ง')}</w:tr></w:tbl>"
    assert texts(read(docx_file(body), "a.docx"))[1] == [[["นอก", "ข"], ["ค", "ง"]], [["ใน", "สุด"], ["๑", "๒"]]]


def dragged(sliver: str = "") -> bytes:
    """Two rows of three cells; in the second, the first border was dragged by 20 twentieths of a point."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (2000, 20, 2000, 2000))
    wide = '<w:gridSpan w:val="2"/>'
    first = docx_cell("ก") + (docx_cell(sliver) + docx_cell("ข") if sliver else docx_cell("ข", wide)) + docx_cell("ค")
    second = docx_cell("ง", wide) + docx_cell("จ") + docx_cell("ฉ")
    return docx_file(f"<w:tbl><w:tblGrid>{grid}</w:tblGrid><w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>")


def test_cells_whose_borders_were_dragged_a_little_stay_below_their_headings() -> None:
    assert texts(read(dragged(), "a.docx"))[1] == [[["ก", "ข", "ค"], ["ง", "จ", "ฉ"]]]


def test_a_narrow_cell_with_text_is_not_lost() -> None:
    assert texts(read(dragged("x"), "a.docx"))[1] == [[["ก", "x", "ข", "ค"], ["ง", "", "จ", "ฉ"]]]


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
        (OLE, OldOfficeFileError),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ProtectedFileError),
        (b"", EmptyFileError),
        (docx_file("<w:p/>"), EmptyFileError),
    ],
)
def test_a_file_that_is_no_whole_word_file_is_refused(
    tmp_path: Path, content: bytes, error: type[PlanFileError]
) -> None:
    check_refused(tmp_path / "plan.docx", content, error)


@pytest.mark.parametrize("at", range(0, 2000, 37))
def test_a_flipped_byte_never_crashes(at: int) -> None:
    content = bytearray(docx_file(docx_table([HEADINGS, make_row()])))
    content[at % len(content)] ^= 0xFF
    with suppress(PlanFileError):
        read(bytes(content), "a.docx")

"""The produced Word file says all that the snapshot holds, as official paper says it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.figures import Answer, EvidenceLine, Outcome, Signatory, Snapshot
from domain.thai import thai_digits
from reports.quarter import render_quarter
from reports.wording import MERGE_UP, NONE, NOT_ANSWERED, NOT_TO_REPORT, clean, official
from tests.reports.factories import DIVISIONS, make_measure, make_result, make_snapshot, make_step
from tests.reports.real_plan import make_real_quarter

HEADINGS = ["มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "ผลการดำเนินการ", "ปัญหา อุปสรรค", "ข้อเสนอแนะ", "หลักฐาน"]
BREAKS = {qn("w:br"): "\n", qn("w:tab"): "\t"}
MEASURE, STEP, RESPONSIBLE, PERIOD, RESULT, PROBLEMS, SUGGESTIONS, EVIDENCE = range(8)


def opened(snapshot: Snapshot) -> Any:
    return Document(io.BytesIO(render_quarter(snapshot)))


def text_of(element: Any) -> str:
    """Text as printed: breaks are line ends, tabs are tabs, and paragraphs stand on lines of their own."""
    lines = []
    for paragraph in element.iter(qn("w:p")):
        pieces = paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab"))
        lines.append("".join(BREAKS.get(piece.tag, piece.text or "") for piece in pieces))
    return "\n".join(lines)


def memo_text(document: Any) -> str:
    above = document.element.body.findall(qn("w:tbl"))[-1].itersiblings(preceding=True)
    return "\n".join(text_of(element) for element in reversed(list(above)))


def results(document: Any) -> list[list[Any]]:
    """Rows of cells of the table of results, below its head."""
    rows = document.element.body.findall(qn("w:tbl"))[-1].findall(qn("w:tr"))
    return [row.findall(qn("w:tc")) for row in rows[1:]]


def cells(snapshot: Snapshot) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in results(opened(snapshot))]


def only_row(snapshot: Snapshot) -> list[str]:
    (row,) = cells(snapshot)
    return row


def of_one(**changed: Any) -> Snapshot:
    return make_snapshot(make_measure(make_step(make_result(**changed))))


def merge_of(cell: Any) -> str | None:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return None if merge is None else merge.get(qn("w:val"))


def all_text(document: Any) -> str:
    section = document.sections[0]
    return "\n".join(
        text_of(part) for part in (document.element, section.header.part.element, section.footer.part.element)
    )


def test_the_table_keeps_all_eight_headings() -> None:
    head = opened(make_snapshot()).element.body.findall(qn("w:tbl"))[-1].find(qn("w:tr"))
    assert [text_of(cell) for cell in head.findall(qn("w:tc"))] == HEADINGS


def test_the_head_of_the_table_repeats_on_every_page() -> None:
    head = opened(make_snapshot()).element.body.findall(qn("w:tbl"))[-1].find(qn("w:tr"))
    assert head.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


def test_rows_of_results_may_break_over_pages() -> None:
    row = opened(make_snapshot()).element.body.findall(qn("w:tbl"))[-1].findall(qn("w:tr"))[1]
    assert row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None


def test_every_measure_is_printed_also_without_a_step() -> None:
    text = all_text(opened(make_real_quarter()))
    assert all(official(measure.title) in text for measure in make_real_quarter().measures)


def test_a_measure_without_a_step_says_so() -> None:
    assert only_row(make_snapshot(make_measure()))[1] == "แผนไม่ได้กำหนดขั้นตอนของมาตรการนี้ให้รายงานในไตรมาสที่ ๒"


def test_a_step_without_a_division_says_so() -> None:
    row = only_row(make_snapshot(make_measure(make_step())))
    assert row[RESULT] == "ไตรมาสนี้ไม่ได้มอบหมายให้ส่วนราชการใดรายงานขั้นตอนนี้"


def test_a_plan_without_measures_says_so() -> None:
    assert only_row(make_snapshot().model_copy(update={"measures": ()}))[1] == "แผนนี้ยังไม่ได้กำหนดมาตรการ"


def test_none_is_printed_where_a_person_confirmed_it() -> None:
    row = only_row(of_one(problems=Answer(is_none_confirmed=True), suggestions=Answer(text="ควรเพิ่มช่องทาง")))
    assert (row[PROBLEMS], row[SUGGESTIONS]) == (NONE, "ควรเพิ่มช่องทาง")


def test_none_is_printed_nowhere_else() -> None:
    silent = of_one(problems=Answer(), suggestions=Answer(), evidence=())
    assert NONE not in all_text(opened(silent))


def test_none_typed_but_not_confirmed_is_marked() -> None:
    assert only_row(of_one(problems=Answer(text=" ไม่มี ")))[PROBLEMS] == "ไม่มี (ยังไม่ได้ยืนยัน)"


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.OVERDUE, Outcome.AWAITING_REVIEW, Outcome.ACCEPTED])
def test_an_unanswered_heading_is_visible(outcome: Outcome) -> None:
    row = only_row(of_one(outcome=outcome, result="", problems=Answer(), suggestions=Answer()))
    assert row[RESULT].endswith(NOT_ANSWERED)
    assert [row[PROBLEMS], row[SUGGESTIONS]] == [NOT_ANSWERED] * 2


def test_of_a_cancelled_assignment_no_answer_is_expected() -> None:
    row = only_row(of_one(outcome=Outcome.CANCELLED, result="", problems=Answer(), suggestions=Answer()))
    assert [row[RESULT], row[PROBLEMS]] == [f"ยกเลิก\n{NOT_TO_REPORT}", NOT_TO_REPORT]


@pytest.mark.parametrize(
    "snapshot", [make_real_quarter(), make_real_quarter(is_draft=False), make_snapshot(make_measure())]
)
def test_no_cell_is_empty_unless_it_belongs_to_the_one_above(snapshot: Snapshot) -> None:
    rows = results(opened(snapshot))
    assert all(text_of(cell).strip() for row in rows for cell in row if merge_of(cell) != "continue")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"outcome": Outcome.ACCEPTED}, "ดำเนินการแล้วเสร็จ"),
        ({"outcome": Outcome.ACCEPTED_LATE, "late_workdays": 12}, "ดำเนินการแล้วเสร็จ (ส่งหลังกำหนด ๑๒ วันทำการ)"),
        ({"outcome": Outcome.AWAITING_REVIEW}, "รอผู้บังคับบัญชาตรวจ"),
        ({"outcome": Outcome.OPEN}, "อยู่ระหว่างดำเนินการ"),
        ({"outcome": Outcome.OVERDUE, "late_workdays": 3}, "เกินกำหนด ๓ วันทำการ"),
        ({"outcome": Outcome.CANCELLED}, "ยกเลิก"),
    ],
)
def test_outcomes_are_said_in_the_words_of_the_glossary(facts: dict[str, Any], words: str) -> None:
    assert only_row(of_one(**facts))[RESULT].splitlines()[0] == words


def test_what_could_not_be_done_gives_its_reason() -> None:
    row = only_row(of_one(outcome=Outcome.CANNOT_DO, result="", reason="ไม่ได้รับงบประมาณ"))
    assert row[RESULT] == "ไม่สามารถดำเนินการได้\nเหตุผล: ไม่ได้รับงบประมาณ"


def test_a_draft_is_marked_on_the_memo_and_in_the_header() -> None:
    document = opened(make_snapshot(unanswered=("66-3.1-ปลัด-ต2",)))
    assert "ฉบับร่าง" in memo_text(document).splitlines()
    assert "ฉบับร่าง" in document.sections[0].header.paragraphs[0].text


def test_a_draft_names_what_is_unanswered_by_step_and_divisions() -> None:
    results = [make_result(name) for name in ("สำนักปลัด", "กองคลัง", "กองช่าง")]
    measure = make_measure(make_step(*results, text="จัดอบรม 2 ครั้ง"))
    words = all_text(opened(make_snapshot(measure, unanswered=(results[0].ref, results[2].ref))))
    assert "มาตรการที่ ๓ จัดอบรม ๒ ครั้ง (สำนักปลัด, กองช่าง)" in words
    assert results[0].ref not in words


def test_a_final_report_bears_no_mark() -> None:
    document = opened(make_snapshot())
    assert "ฉบับร่าง" not in all_text(document)
    assert document.sections[0].header.paragraphs[0].text == ""


def test_a_demo_office_is_marked_in_the_header_of_both_sections() -> None:
    document = opened(make_snapshot(is_demo=True))
    assert [section.header.paragraphs[0].text for section in document.sections] == ["ตัวอย่าง", "ตัวอย่าง"]


def test_cells_of_one_measure_and_of_one_step_are_merged() -> None:
    steps = [make_step(*(make_result(name, result=name) for name in DIVISIONS[:2]), text=text) for text in ("ก", "ข")]
    rows = results(opened(make_snapshot(make_measure(*steps), make_measure(make_step(make_result()), number=4))))
    merges = [(merge_of(row[MEASURE]), merge_of(row[STEP])) for row in rows]
    assert merges == [
        ("restart", "restart"),
        ("continue", "continue"),
        ("continue", "restart"),
        ("continue", "continue"),
        (None, None),
    ]


def test_no_merge_mark_is_left_in_the_document() -> None:
    assert MERGE_UP not in all_text(opened(make_real_quarter()))


def test_divisions_that_tell_the_same_share_a_row() -> None:
    step = make_step(*(make_result(name, result="แล้ว") for name in DIVISIONS), responsible_label="")
    assert only_row(make_snapshot(make_measure(step)))[RESPONSIBLE].splitlines() == list(DIVISIONS)


@pytest.mark.parametrize(
    "other",
    [
        {"result": "อื่น"},
        {"problems": Answer(text="มีปัญหา")},
        {"suggestions": Answer(text="ควรแก้")},
        {"evidence": ()},
        {"outcome": Outcome.ACCEPTED_LATE},
        {"due_on": "2023-04-05"},
    ],
)
def test_divisions_that_differ_in_anything_have_rows_of_their_own(other: dict[str, Any]) -> None:
    step = make_step(make_result("กองคลัง", result="แล้ว"), make_result("กองช่าง", **({"result": "แล้ว"} | other)))
    assert len(cells(make_snapshot(make_measure(step)))) == 2


def test_the_words_of_the_plan_stand_above_the_divisions() -> None:
    assert only_row(make_snapshot())[RESPONSIBLE] == "ทุกสำนัก/กอง:\nสำนักปลัด"


def test_evidence_shows_the_file_and_the_start_of_its_hash() -> None:
    files = (
        EvidenceLine(name="ภาพ 1.jpg", sha256="0123456789abcdef" * 4),
        EvidenceLine(name="ข่าว", sha256="", url="https://a.th/1"),
    )
    assert only_row(of_one(evidence=files))[EVIDENCE] == "- ภาพ 1.jpg (01234567)\n- ข่าว https://a.th/1"


def test_visible_text_has_thai_digits_only() -> None:
    text = all_text(opened(make_real_quarter()))
    kept = r"https?://\S+|\S+\.(?:jpg|pdf|xlsx)|14 ก\.พ\. |\([0-9a-f]{8}\)|66-[\d.]+-[^\s,]+-ต2|SHA-256"
    assert re.findall(r"[^\n]{0,20}[0-9][^\n]{0,20}", re.sub(kept, "", text)) == []


def test_pages_are_numbered_in_thai_digits() -> None:
    document = opened(make_snapshot())
    formats = [part.find(qn("w:pgNumType")).get(qn("w:fmt")) for part in document.element.iter(qn("w:sectPr"))]
    assert formats == ["thaiNumbers", "thaiNumbers"]
    first = document.sections[0].footer.part.element.find(qn("w:p"))
    assert first.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"


def test_the_memo_is_portrait_and_the_table_landscape() -> None:
    memo, table = opened(make_snapshot()).sections
    assert [
        round(length.cm, 1) for length in (memo.left_margin, memo.right_margin, memo.top_margin, memo.bottom_margin)
    ] == [3, 2, 2.5, 2]
    assert (round(memo.page_width.cm, 1), round(memo.page_height.cm, 1)) == (21.0, 29.7)
    assert (round(table.page_width.cm, 1), round(table.page_height.cm, 1)) == (29.7, 21.0)


@pytest.mark.parametrize(
    "words",
    [
        "บันทึกข้อความ",
        "(ครุฑ)",
        "สำนักปลัด เทศบาลตำบลท่าช้างคลอง อำเภอผาขาว จังหวัดเลย",
        "๑๐ เมษายน ๒๕๖๖",
        "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
        "ไตรมาสที่ ๒ ปีงบประมาณ พ.ศ. ๒๕๖๖",
        "เรียน  นายกเทศมนตรีตำบลท่าช้างคลอง",
        "(นางสาวกานดา ใจซื่อ)",
        "รับทราบ",
    ],
)
def test_the_memo_has_the_parts_of_the_official_form(words: str) -> None:
    assert words in memo_text(opened(make_snapshot())).splitlines()


def test_a_vacant_post_gets_dots_to_sign_on() -> None:
    lines = memo_text(opened(make_snapshot(signatories=(Signatory(title="ปลัดเทศบาล"),)))).splitlines()
    assert re.fullmatch(r"\(\.{20,}\)", lines[lines.index("ปลัดเทศบาล") - 1])


def test_clerk_and_mayor_sign_one_below_the_other_in_the_right_half() -> None:
    rows = opened(make_snapshot()).tables[3].rows
    assert [row.cells[0].text.strip() for row in rows] == ["", ""]
    assert [row.cells[1].text.splitlines()[0] for row in rows] == ["รับทราบ", "รับทราบ"]


def test_with_a_third_signer_those_who_acknowledge_share_a_line() -> None:
    first, second = opened(make_real_quarter()).tables[3].rows
    assert first.cells[1].text.splitlines() == ["(นายสมชาย มั่นคง)", "หัวหน้าสำนักปลัด"]
    assert [cell.text.splitlines()[0] for cell in second.cells] == ["รับทราบ", "รับทราบ"]


def test_a_memo_without_signatories_has_a_line_to_sign_on() -> None:
    assert re.search(r"\(\.{20,}\)", memo_text(opened(make_snapshot(signatories=()))))


def test_the_memo_totals_each_division_and_all() -> None:
    document = opened(make_real_quarter())
    totals = document.tables[2]
    assert [row.cells[0].text for row in totals.rows[1:]] == [*DIVISIONS, "รวม"]
    assert [cell.text for cell in totals.rows[-1].cells[1:]] == ["๒๖", "๑๘", "๑", "๓", "๐", "๒", "๑", "๑", "๗๖"]


def test_the_revision_stands_in_the_footer() -> None:
    footer = opened(make_snapshot(revision=12)).sections[0].footer
    assert footer.paragraphs[1].text.endswith("ฉบับที่ ๑๒")


def test_marks_and_tags_in_answers_survive() -> None:
    odd = "ก & ข <แนบ> {{ row }} {% if %} {_{ }_} \"'"
    assert only_row(of_one(result=odd))[RESULT].splitlines()[1] == odd


def test_a_very_long_result_survives() -> None:
    long = "จัดประชุมชี้แจง " * 312 + "จบตรงนี้"
    assert only_row(of_one(result=long))[RESULT].splitlines()[1] == long


@settings(max_examples=60, deadline=None)
@example(result="\x00\x0b{_{", problems="a\r\nb\tc\a\f", title=MERGE_UP)
@example(result="]]>", problems="&amp;", title="\ud800")
@given(result=st.text(min_size=1), problems=st.text(min_size=1), title=st.text(min_size=1))
def test_any_text_renders_and_comes_back(result: str, problems: str, title: str) -> None:
    snapshot = make_snapshot(
        make_measure(make_step(make_result(result=result, problems=Answer(text=problems))), title=title)
    )
    row = only_row(snapshot)
    assert thai_digits(row[RESULT]) == thai_digits(f"ดำเนินการแล้วเสร็จ\n{clean(result) or NOT_ANSWERED}")
    if clean(problems) != NONE:
        assert thai_digits(row[PROBLEMS]) == thai_digits(clean(problems) or NOT_ANSWERED)
    assert thai_digits(clean(title)) in thai_digits(row[MEASURE])


@given(st.text())
def test_official_text_differs_from_the_clean_one_in_digits_only(text: str) -> None:
    assert thai_digits(official(text)) == thai_digits(clean(text))


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        ("คำสั่งที่ 12/2566", "คำสั่งที่ ๑๒/๒๕๖๖"),
        ("ดู https://a.go.th/2566/1", "ดู https://a.go.th/2566/1"),
        ("แฟ้ม plan2566.pdf (3 หน้า)", "แฟ้ม plan2566.pdf (๓ หน้า)"),
        ("ข้อ O12 ปี 2566(ITA)", "ข้อ O12 ปี ๒๕๖๖(ITA)"),
    ],
)
def test_digits_become_thai_save_in_latin_names(told: str, printed: str) -> None:
    assert official(told) == printed


def test_bold_and_size_hold_for_thai_letters_too() -> None:
    styles = opened(make_snapshot()).styles.element.iterchildren(qn("w:style"))
    for style in styles:
        assert len(list(style.iter(qn("w:b")))) == len(list(style.iter(qn("w:bCs"))))
        sizes, thai_sizes = ([size.get(qn("w:val")) for size in style.iter(qn(tag))] for tag in ("w:sz", "w:szCs"))
        assert sizes == thai_sizes


def test_font_and_language_are_set_for_thai_letters() -> None:
    defaults = opened(make_snapshot()).styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults.find(qn("w:rFonts")).get(qn("w:cs")) == "TH SarabunPSK"
    assert defaults.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    assert defaults.find(qn("w:szCs")).get(qn("w:val")) == "32"

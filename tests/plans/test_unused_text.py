"""Words of a cell that no rule used are asked about beside it, once, and words that say nothing are not."""

from __future__ import annotations

import pytest

from domain.fiscal import FiscalYear
from plans.draft import Doubt, DoubtKind, Draft
from plans.read import read_plan
from plans.review import Review, read_review, review_of, write_review
from plans.review.carry import carry
from plans.review.to_plan import to_plan
from plans.words.channels import unused_in_channels
from plans.words.periods import unused_in_period
from plans.words.reporting import unused_in_reporting
from plans.words.responsible import read_responsible
from tests.plans.factories import HEADINGS, SEED, make_draft, make_row

YEAR = FiscalYear(2567)


def asked(draft: Draft) -> list[Doubt]:
    return [doubt for doubt in draft.all_doubts() if doubt.kind is DoubtKind.UNUSED_TEXT]


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("ตั้งแต่ ม.ค. ๒๕๖๗", "ตั้งแต่"),
        ("หลังวันที่ ๓๑ มี.ค. ๖๗", "หลังวันที่"),
        ("ภายใน ๓๑ มี.ค. ๖๗ และภายใน ๓๐ ก.ย. ๖๗", "ภายใน … ภายใน"),
        ("ต.ค. ๖๖ - ก.ย. ๖๗ หรือตามที่ผู้บริหารกำหนด", "หรือตามที่ผู้บริหารกำหนด"),
        ("ตลอดปีงบประมาณ (ทบทวน ม.ค. ๖๗)", "ตลอดปีงบประมาณ (ทบทวน"),
        ("ไตรมาสที่ ๑ และรอบ ๑๒ เดือน", "รอบ 12 เดือน"),
        ("เดือนละ ๑ ครั้ง ภายในวันที่ ๕", "5"),
        ("ภายใน ๖ เดือนหลังจากได้รับแจ้ง", "จากได้รับแจ้ง"),
    ],
)
def test_what_a_period_says_besides_is_left_over(text: str, unused: str) -> None:
    assert unused_in_period(text, YEAR) == unused


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ต.ค. ๖๖ - ก.ย. ๖๗",
            "๑) ธันวาคม ๒๕๖๖",
            "ไตรมาสที่ ๑ (ต.ค. - ธ.ค. ๒๕๖๖)",
            "ทุกเดือน (ต.ค. ๖๖ – ก.ย. ๖๗)",
            "ทุกวันจันทร์",
        ),
        *(
            "ตั้งแต่เดือน ม.ค. ๒๕๖๗ เป็นต้นไป",
            "ตั้งแต่ ม.ค. ถึง มี.ค. ๒๕๖๗",
            "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๗",
            "ปีละ ๒ ครั้ง (มี.ค. และ ก.ย. ๖๗)",
        ),
        *("ภายในเดือนธันวาคม ๒๕๖๖", "ครั้งที่ ๑ ธันวาคม ๒๕๖๖ ครั้งที่ ๒ มิถุนายน ๒๕๖๗", "ไตรมาส ๒ - ๔", "เร็ว ๆ นี้", "", "-"),
        "ระหว่างเดือนเมษายน - พฤษภาคม ๒๕๖๗ (ดำเนินการต่อเนื่อง)",
    ],
)
def test_a_period_used_whole_or_not_read_at_all_leaves_nothing(text: str) -> None:
    assert unused_in_period(text, YEAR) == ""


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("รายงานผลทุกไตรมาส ภายในวันที่ ๕ ของเดือนถัดจากสิ้นไตรมาส", "วันที่ 5 ของเดือนถัดจากสิ้นไตรมาส"),
        ("รายงานผลทุกไตรมาส ยกเว้นไตรมาส ๓", "ยกเว้น"),
        ("รายงานไตรมาส ๒ ภายในวันที่ ๑๐ เม.ย. ๖๗", "วันที่ 10 เม.ย. 67"),
        ("รายงานทุกไตรมาส และส่งสำเนาให้ ป.ป.ช. จังหวัด", "สำเนาให้ ป.ป.ช. จังหวัด"),
    ],
)
def test_what_a_report_is_asked_for_besides_is_left_over(text: str, unused: str) -> None:
    assert unused_in_reporting([text], YEAR, YEAR.span) == unused


@pytest.mark.parametrize(
    "texts",
    [
        ["ตรวจสอบความครบถ้วน ของการดำเนินการตามขั้นตอน/วิธีการ และรายงานผลไตรมาส ๒ - ๔ -เผยแพร่ในเว็บไซต์เทศบาล และกลุ่มไลน์"],
        ["รายงานผลปีละ ๒ ครั้ง รอบ ๖ เดือน และรอบ ๑๒ เดือน"],
        ["สรุปผลเสนอที่ประชุมหัวหน้าส่วนราชการเป็นประจำทุกเดือน"],
        ["รายงานผลภายใน ๓๑ มี.ค. ๖๗"],
        ["รายงานผลทุกไตรมาส", "- จัดทำทะเบียนผู้เข้าอบรมส่งให้งานการเจ้าหน้าที่ทุกครั้งที่จัด"],
        ["รายงานผลไตรมาสที่ ๓", "จึงประกาศให้ทราบโดยทั่วกัน"],
    ],
)
def test_words_of_reporting_publishing_and_duties_are_not_left_over(texts: list[str]) -> None:
    assert unused_in_reporting(texts, YEAR, YEAR.span) == ""


@pytest.mark.parametrize(
    ("text", "units", "unused"),
    [
        ("กองคลัง (นางสาวพิมพ์ใจ ดี)", ["กองคลัง"], "(นางสาวพิมพ์ใจดี)"),
        ("สำนักปลัด โทร. ๐๕๔-๗๗๗๑๒๓", ["สำนักปลัด"], "โทร. ๐๕๔-๗๗๗๑๒๓"),
        ("กองช่าง โดยมีปลัดเทศบาลเป็นผู้กำกับ", ["กองช่าง"], "โดยมีปลัดเทศบาลเป็นผู้กำกับ"),
        ("กองคลัง (งานพัสดุ), กองช่าง (สนับสนุน)", ["กองคลัง", "กองช่าง"], ""),
        ("นายกเทศมนตรี และนายช่างโยธา", ["นายกเทศมนตรี", "นายช่างโยธา"], ""),
    ],
)
def test_what_stands_behind_a_name_is_left_over_and_no_part_of_it(text: str, units: list[str], unused: str) -> None:
    reading = read_responsible(text)
    assert ([party.unit for party in reading.parties], reading.unused) == (units, unused)


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("ทุกสำนัก/กอง ยกเว้นหน่วยตรวจสอบภายใน", "ยกเว้นหน่วยตรวจสอบภายใน"),
        ("ทุกกองในสังกัดเทศบาล ยกเว้นกองช่าง", "ยกเว้นกองช่าง"),
        ("ทุกสำนัก/กอง โดยมีสำนักปลัดเป็นหน่วยงานหลัก", "โดยมีสำนักปลัด"),
        ("ทุกสำนัก/กอง และหน่วยตรวจสอบภายใน", ""),
        ("ทุกส่วนราชการในสังกัดเทศบาลตำบลบ้านใหม่", ""),
    ],
)
def test_what_is_said_beside_all_divisions_is_left_over(text: str, unused: str) -> None:
    assert read_responsible(text).unused == unused


def test_all_divisions_but_the_audit_unit_are_without_it() -> None:
    assert not read_responsible("ทุกสำนัก/กอง ยกเว้นหน่วยตรวจสอบภายใน").with_audit_unit


@pytest.mark.parametrize(
    ("text", "unused"),
    [("เว็บไซต์ และจุลสารเทศบาล", "จุลสารเทศบาล"), ("วิทยุชุมชน", "วิทยุชุมชน"), ("เว็บไซต์ www.a.go.th, เสียงตามสาย, ประชุม", "")],
)
def test_a_channel_of_no_kind_is_left_over(text: str, unused: str) -> None:
    assert unused_in_channels([text]) == unused


def test_it_is_asked_beside_its_cell() -> None:
    [doubt] = asked(make_draft(make_row(responsible="กองคลัง โทร. ๐๕๔-๗๗๗๑๒๓")))
    assert (doubt.id, doubt.source.column) == ("t0r1.unused_text.responsible", 2)
    assert "“กองคลัง”" in doubt.message
    assert "“โทร. ๐๕๔-๗๗๗๑๒๓”" in doubt.message


def test_the_same_words_in_several_rows_are_asked_about_once() -> None:
    late = "รายงานผลทุกไตรมาส ภายในวันที่ ๕ ของเดือนถัดจากสิ้นไตรมาส"
    rows = [make_row(measure=f"{n}. เรื่องที่ {n}", monitoring=late) for n in range(1, 5)]
    [doubt] = asked(make_draft(*rows))
    assert doubt.facts["rows"] == ["t0r1", "t0r2", "t0r3", "t0r4"]
    assert "๔ แถว" in doubt.message


def test_a_cell_that_another_question_is_about_is_not_asked_about_twice() -> None:
    draft = make_draft(make_row(period="มิ.ย.-ก.พ. ๒๕๖๖ หรือตามที่กำหนด", monitoring="ตรวจสอบโดยคณะทำงาน ITA"))
    assert {doubt.kind.value for doubt in draft.all_doubts()} == {"period_end_before_start", "reporting_not_stated"}


def test_the_plan_we_have_leaves_nothing_over() -> None:
    assert asked(read_plan(SEED)) == []


REPORT = make_row(measure="๑. เรื่องหนึ่ง", monitoring="รายงานผลทุกไตรมาส ส่งสำเนาให้สำนักงาน ป.ป.ช.")
SAME = make_row(measure="๒. เรื่องสอง", monitoring="รายงานผลทุกไตรมาส ส่งสำเนาให้สำนักงาน ป.ป.ช.")


def review(*rows: tuple[str, ...], answer: str | None = None) -> Review:
    made = review_of(make_draft(*rows))
    made.doubts[0].answer = answer
    return made


@pytest.mark.parametrize(("answer", "duties"), [("keep", ()), ("accept", ()), ("as_duty", ("สำเนาให้สำนักงาน ป.ป.ช",))])
def test_each_answer_does_what_it_says_in_every_row(answer: str, duties: tuple[str, ...]) -> None:
    plan = to_plan(read_review(write_review(review(REPORT, SAME, answer=answer))))
    assert [step.monitoring_duties for _, step in plan.steps()] == [duties, duties]


@pytest.mark.parametrize("answer", ["keep", "as_duty"])
def test_the_answer_holds_when_the_file_is_read_again(answer: str) -> None:
    carried = carry(review(REPORT, SAME, answer=answer), review(REPORT, SAME))
    assert [doubt.answer for doubt in carried.review.doubts] == [answer]


def test_a_value_corrected_because_of_it_comes_along_in_every_row() -> None:
    earlier = review(REPORT, SAME, answer="corrected")
    for measure in earlier.measures:
        measure.rows[0].reporting.quarters_due = [1, 2, 3]
        measure.rows[0].monitoring_duties = ["ส่งสำเนา"]
    carried = carry(earlier, review(REPORT, SAME))
    assert carried.differing == ()
    rows = [measure.rows[0] for measure in carried.review.measures]
    assert [row.reporting.quarters_due for row in rows] == [[1, 2, 3]] * 2
    assert [row.monitoring_duties for row in rows] == [["ส่งสำเนา"]] * 2


def test_other_words_in_the_cell_are_asked_about_anew() -> None:
    other = make_row(measure="๑. เรื่องหนึ่ง", monitoring="รายงานผลทุกไตรมาส ส่งสำเนาให้อำเภอ")
    carried = carry(review(REPORT, answer="keep"), review(other))
    assert [doubt.answer for doubt in carried.review.doubts] == [None]


def test_a_column_of_channels_asks_about_what_it_does_not_know() -> None:
    draft = make_draft((*make_row(), "จุลสาร อบต."), headings=(*HEADINGS, "ช่องทางการเผยแพร่"))
    assert [doubt.id for doubt in asked(draft)] == ["t0r1.unused_text.channels"]

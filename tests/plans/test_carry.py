"""Answers of an earlier review hold for the same plan read again, and only for what has not changed."""

from __future__ import annotations

from datetime import date

import pytest

from plans.draft import DoubtKind, Draft
from plans.examples import plan_2566
from plans.read import read_plan
from plans.review import ACCEPT, CORRECTED, Review, open_doubts, read_review, review_of, write_review
from plans.review.carry import Carried, carry, in_lines
from plans.review.model import ReviewDoubt, ReviewParty, ReviewRow, ReviewStep
from plans.review.to_plan import to_plan
from tests.plans.factories import SEED, make_draft, make_row

FIRST = make_row(measure="๑. การใช้งบประมาณ (ตัวชี้วัดที่ ๒)", steps="๑. จัดทำแผนการจัดซื้อจัดจ้างประจำปี")
NO_PERIOD = make_row(measure="๒. การใช้อำนาจ (ตัวชี้วัดที่ ๓)", steps="๑. ประเมินผลการปฏิบัติงานของบุคลากร", period="")
NO_PEOPLE = make_row(
    measure="๓. การเปิดเผยข้อมูล (ตัวชี้วัดที่ ๙)", steps="๑. เผยแพร่ข้อมูลบนเว็บไซต์", responsible="", monitoring="ติดตามผล"
)


def _review(*rows: tuple[str, ...], **answers: str) -> Review:
    """The review of a table, with the answers by kind."""
    review = review_of(make_draft(*rows))
    for doubt in review.doubts:
        doubt.answer = answers.get(doubt.kind.value)
    return review


def _doubt(review: Review, kind: DoubtKind) -> ReviewDoubt:
    (found,) = [doubt for doubt in review.doubts if doubt.kind is kind]
    return found


def _row(review: Review, kind: DoubtKind) -> ReviewRow:
    found = review.find(_doubt(review, kind).row)
    assert found
    return found[1]


def _carried(earlier: Review, *rows: tuple[str, ...]) -> Carried:
    return carry(earlier, review_of(make_draft(*rows)))


@pytest.fixture(scope="module")
def seed() -> Draft:
    return read_plan(SEED)


def test_every_answer_holds_for_the_same_file(seed: Draft) -> None:
    earlier = read_review(plan_2566().review.read_text("utf-8"))
    carried = carry(earlier, review_of(seed))
    assert carried.asked == ()
    assert len(carried.answered) == len(earlier.doubts)
    again, before = to_plan(read_review(write_review(carried.review))), to_plan(earlier)
    assert [(key.key, step.key, step.span, step.text) for key, step in again.steps()] == [
        (key.key, step.key, step.span, step.text) for key, step in before.steps()
    ]


def test_who_was_named_in_words_is_named_again() -> None:
    carried = _carried(_review(FIRST, NO_PEOPLE, missing_responsible="กองช่าง"), FIRST, NO_PEOPLE)
    assert _doubt(carried.review, DoubtKind.MISSING_RESPONSIBLE).answer == "กองช่าง"


def test_the_new_review_is_not_the_one_given() -> None:
    new = review_of(make_draft(FIRST, NO_PERIOD))
    carry(_review(FIRST, NO_PERIOD, missing_period="whole_year"), new)
    assert all(doubt.answer is None for doubt in new.doubts)


def test_an_answer_follows_its_row_to_another_place() -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period="whole_year")
    before = _doubt(earlier, DoubtKind.MISSING_PERIOD).row
    more = make_row(measure="๑. การใช้ทรัพย์สินของราชการ (ตัวชี้วัดที่ ๔)", steps="๑. จัดทำทะเบียนการยืมทรัพย์สิน")
    carried = _carried(earlier, FIRST, more, FIRST, NO_PERIOD)
    found = _doubt(carried.review, DoubtKind.MISSING_PERIOD)
    assert found.row != before
    assert found.answer == "whole_year"


def test_a_mended_word_of_the_step_keeps_the_answer() -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period="whole_year")
    mended = (NO_PERIOD[0], NO_PERIOD[1] + "ประจำปี", *NO_PERIOD[2:])
    assert _doubt(_carried(earlier, FIRST, mended).review, DoubtKind.MISSING_PERIOD).answer == "whole_year"


@pytest.mark.parametrize(("place", "text"), [(0, "๒. คุณภาพการดำเนินงาน (ตัวชี้วัดที่ ๖)"), (1, "๑. จัดทำคู่มือการให้บริการประชาชน")])
def test_another_measure_or_step_is_asked_anew(place: int, text: str) -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period="whole_year")
    other = tuple(text if n == place else cell for n, cell in enumerate(NO_PERIOD))
    carried = _carried(earlier, FIRST, other)
    (asked,) = [(doubt, why) for doubt, why in carried.asked if doubt.endswith("missing_period")]
    assert asked[1] == "it is new or has changed"
    assert _doubt(carried.review, DoubtKind.MISSING_PERIOD).answer is None


def test_an_answer_taken_from_the_row_above_holds_only_while_that_row_says_the_same() -> None:
    below = ("", *NO_PERIOD[1:])
    earlier = _review(FIRST, below, missing_period="as_row_above")
    other = (*FIRST[:3], "ม.ค. - มี.ค. ๒๕๖๖", FIRST[4])
    assert _doubt(_carried(earlier, FIRST, below).review, DoubtKind.MISSING_PERIOD).answer == "as_row_above"
    assert _doubt(_carried(earlier, other, below).review, DoubtKind.MISSING_PERIOD).answer is None


def test_accept_stays_accept_where_the_proposal_is_the_same() -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period=ACCEPT)
    assert _doubt(_carried(earlier, FIRST, NO_PERIOD).review, DoubtKind.MISSING_PERIOD).answer == ACCEPT


def test_a_question_without_answer_stays_open() -> None:
    carried = _carried(_review(FIRST, NO_PERIOD), FIRST, NO_PERIOD)
    assert {why for _, why in carried.asked} == {"it had no answer"}
    assert len(open_doubts(carried.review)) == len(carried.asked) > 0


def test_a_corrected_period_comes_along() -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period=CORRECTED)
    period = _row(earlier, DoubtKind.MISSING_PERIOD).period
    period.start, period.end = date(2023, 2, 1), date(2023, 3, 31)
    carried = _carried(earlier, FIRST, NO_PERIOD)
    assert _doubt(carried.review, DoubtKind.MISSING_PERIOD).answer == CORRECTED
    assert _row(carried.review, DoubtKind.MISSING_PERIOD).period == period


def test_a_corrected_period_of_another_fiscal_year_does_not() -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period=CORRECTED)
    earlier.fiscal_year_be = 2565
    carried = _carried(earlier, FIRST, NO_PERIOD)
    assert "the dates were those of another fiscal year" in {why for _, why in carried.asked}


def test_a_corrected_cell_printed_otherwise_now_is_asked_anew() -> None:
    unclear = (*FIRST[:3], "เมื่อพร้อม", FIRST[4])
    earlier = _review(unclear, unreadable_value=CORRECTED)
    _row(earlier, DoubtKind.UNREADABLE_VALUE).period.start = date(2022, 11, 1)
    assert _doubt(_carried(earlier, unclear).review, DoubtKind.UNREADABLE_VALUE).answer == CORRECTED
    printed = (*FIRST[:3], "เมื่อสะดวก", FIRST[4])
    carried = _carried(earlier, printed)
    assert _doubt(carried.review, DoubtKind.UNREADABLE_VALUE).answer is None
    assert _row(carried.review, DoubtKind.UNREADABLE_VALUE).period.start is None


def test_corrected_people_and_reporting_come_along() -> None:
    earlier = _review(NO_PEOPLE, missing_responsible=CORRECTED, reporting_not_stated=CORRECTED)
    row = _row(earlier, DoubtKind.MISSING_RESPONSIBLE)
    row.responsible.scope, row.responsible.parties = "listed", [ReviewParty(unit="กองช่าง")]
    row.reporting.cadence, row.reporting.quarters_due = "annual", [4]
    carried = _carried(earlier, FIRST, NO_PEOPLE)
    after = _row(carried.review, DoubtKind.MISSING_RESPONSIBLE)
    assert (after.responsible, after.reporting) == (row.responsible, row.reporting)
    assert carried.differing == ()


def test_steps_written_by_hand_come_along_where_none_are_printed() -> None:
    bare = make_row(measure="๒. การใช้อำนาจ (ตัวชี้วัดที่ ๓)", steps="")
    earlier = _review(FIRST, bare, steps_missing=CORRECTED)
    _row(earlier, DoubtKind.STEPS_MISSING).steps = [ReviewStep(text="จัดทำประกาศ")]
    carried = _carried(earlier, FIRST, bare)
    assert [step.text for step in _row(carried.review, DoubtKind.STEPS_MISSING).steps] == ["จัดทำประกาศ"]


TORN = make_row(measure="๒. การเปิดเผยข้อมูล (ตัวชี้วัดที่ ๙)", steps="๑. เผยแพร่ผ่าน เ ว ็ บ ไ ช ต ์ เ ท ศ บ า ล ทุกเดือน")


def test_words_corrected_in_torn_text_come_along() -> None:
    earlier = _review(TORN, letter_spaced_text=CORRECTED)
    step = _row(earlier, DoubtKind.LETTER_SPACED_TEXT).steps[0]
    step.text = "เผยแพร่ผ่านเว็บไซต์เทศบาล ทุกเดือน"
    carried = _carried(earlier, FIRST, TORN)
    assert _row(carried.review, DoubtKind.LETTER_SPACED_TEXT).steps[0].text == step.text
    assert _doubt(carried.review, DoubtKind.LETTER_SPACED_TEXT).answer == CORRECTED


def test_words_corrected_in_torn_text_that_was_edited_meanwhile_are_asked_anew() -> None:
    earlier = _review(TORN, letter_spaced_text=CORRECTED)
    _row(earlier, DoubtKind.LETTER_SPACED_TEXT).steps[0].text = "เผยแพร่ผ่านเว็บไซต์เทศบาล ทุกเดือน"
    edited = (TORN[0], TORN[1].replace("ทุกเดือน", "ทุกสัปดาห์"), *TORN[2:])
    carried = _carried(earlier, edited)
    assert _doubt(carried.review, DoubtKind.LETTER_SPACED_TEXT).answer is None
    assert "เว็บไซต์" not in _row(carried.review, DoubtKind.LETTER_SPACED_TEXT).steps[0].text


def test_one_answer_is_not_given_to_two_questions() -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period="whole_year")
    doubts = _carried(earlier, FIRST, NO_PERIOD, NO_PERIOD).review.doubts
    assert [doubt.answer for doubt in doubts if doubt.kind is DoubtKind.MISSING_PERIOD] == ["whole_year", None]


def test_a_value_changed_without_a_question_is_told_and_not_carried() -> None:
    earlier = _review(FIRST)
    earlier.organization.name = "เทศบาลตำบลบ้านใหม่"
    earlier.measures[0].rows[0].responsible.parties = [ReviewParty(unit="กองช่าง")]
    carried = _carried(earlier, FIRST)
    assert carried.differing == (("organization", "name"), (carried.review.measures[0].rows[0].row, "responsible"))
    assert carried.review.measures[0].rows[0].responsible.parties == [ReviewParty(unit="กองคลัง")]


def test_the_lines_say_how_many_and_which_not() -> None:
    earlier = _review(FIRST, NO_PERIOD, missing_period="whole_year")
    lines = list(in_lines(_carried(earlier, FIRST, NO_PERIOD, NO_PEOPLE), "old.yaml"))
    assert lines[0].endswith("questions are answered from old.yaml.")
    assert lines[0].startswith("1 of ")
    assert all("asked anew: " in line for line in lines[1:])

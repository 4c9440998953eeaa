"""Two measures with one number are two measures, and a person says which number is right."""

from __future__ import annotations

import pytest

from plans.draft import Doubt, DoubtKind, Draft
from plans.review import read_review, review_of, write_review
from plans.review.carry import carry
from plans.review.to_plan import to_plan
from tests.plans.factories import make_draft, make_row

FIRST, SECOND = "๒. การใช้งบประมาณ (ตัวชี้วัดที่ ๒)", "๒. การเปิดเผยข้อมูลต่อสาธารณะ (ตัวชี้วัดที่ ๙)"


def make_plan(*measures: str) -> Draft:
    rows = (make_row(name, f"๑. ทำเรื่องที่ {n}") for n, name in enumerate(measures, 1))
    return make_draft(*rows)


def asked(draft: Draft) -> list[Doubt]:
    return [doubt for doubt in draft.all_doubts() if doubt.kind is DoubtKind.MEASURE_NUMBER_REPEATED]


def test_two_titles_under_one_number_are_two_measures_and_asked_about() -> None:
    draft = make_plan("๑. การปฏิบัติหน้าที่", FIRST, SECOND)
    assert [(m.number, m.title, len(m.rows)) for m in draft.measures] == [
        (1, "การปฏิบัติหน้าที่", 1),
        (2, "การใช้งบประมาณ", 1),
        (2, "การเปิดเผยข้อมูลต่อสาธารณะ", 1),
    ]
    [doubt] = asked(draft)
    assert (doubt.row, doubt.proposal) == ("t0r3", None)
    assert "การใช้งบประมาณ" in doubt.message
    assert "การเปิดเผยข้อมูลต่อสาธารณะ" in doubt.message


def test_a_column_of_numbers_that_repeats_one_is_asked_about_too() -> None:
    rows = [("๑", "การใช้งบประมาณ", "ทำ"), ("๑", "การใช้อำนาจ", "ทำ")]
    headings = ("ที่", "มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "การติดตาม")
    rest = make_row()[2:]
    draft = make_draft(*((*row, *rest) for row in rows), headings=headings)
    assert [(measure.number, measure.title) for measure in draft.measures] == [(1, "การใช้งบประมาณ"), (1, "การใช้อำนาจ")]
    assert len(asked(draft)) == 1


@pytest.mark.parametrize(
    "again", ["๒. การใช้งบประมาณ", "๒. การใช้งบ", "๒. (ต่อ)", "๒. การใช้งบประมาน (ตัวชี้วัดที่ ๒)", "๓. อีกเรื่อง"]
)
def test_the_same_measure_again_or_another_number_is_not_asked_about(again: str) -> None:
    assert asked(make_plan(FIRST, again)) == []


@pytest.mark.parametrize(
    ("answer", "numbers", "keys"),
    [
        ("next_number", [1, 2, 3], ["m1", "m2", "m3"]),
        ("as_printed", [1, 2, 2], ["m1", "m2", "m2-2"]),
        ("one_measure", [1, 2], ["m1", "m2"]),
        ("corrected", [1, 2, 2], ["m1", "m2", "m2-2"]),
    ],
)
def test_each_answer_makes_the_plan_it_says(answer: str, numbers: list[int], keys: list[str]) -> None:
    review = read_review(write_review(make_plan("๑. การปฏิบัติหน้าที่", FIRST, SECOND)))
    review.doubts[0].answer = answer
    plan = to_plan(read_review(write_review(review)))
    assert [measure.number for measure in plan.measures] == numbers
    assert [measure.key for measure in plan.measures] == keys
    assert [step.text for _, step in plan.steps()] == ["ทำเรื่องที่ 1", "ทำเรื่องที่ 2", "ทำเรื่องที่ 3"]


def test_the_number_given_instead_is_one_that_no_measure_has() -> None:
    draft = make_plan("๑. การปฏิบัติหน้าที่", "๑. การใช้งบประมาณ", "๒. การใช้อำนาจ", "๒. การใช้ทรัพย์สินของราชการ")
    assert [doubt.facts["free"] for doubt in asked(draft)] == [3, 4]


def test_a_measure_without_a_number_is_proposed_one_that_no_other_has() -> None:
    draft = make_plan("๑. การปฏิบัติหน้าที่", "การใช้งบประมาณ", "๒. การใช้อำนาจ")
    assert [measure.number for measure in draft.measures] == [1, 3, 2]


def test_the_answer_holds_when_the_file_is_read_again() -> None:
    earlier = review_of(make_plan("๑. การปฏิบัติหน้าที่", FIRST, SECOND))
    earlier.doubts[0].answer = "next_number"
    carried = carry(earlier, review_of(make_plan("๑. การปฏิบัติหน้าที่", FIRST, SECOND)))
    assert [doubt.answer for doubt in carried.review.doubts] == ["next_number"]

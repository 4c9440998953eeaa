"""Answers take effect, and an answered review becomes a plan without gaps."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan import Cadence, Plan, Scope, Step
from plans.draft import Draft
from plans.errors import IncompletePlanError, OpenDoubtsError, ReviewError
from plans.examples import plan_2566
from plans.read import read_plan
from plans.review import ACCEPT, CORRECTED, Review, open_doubts, read_review, review_of, write_review
from plans.review.to_plan import to_plan
from tests.plans.factories import SEED, make_draft, make_row


@pytest.fixture(scope="module")
def draft() -> Draft:
    return read_plan(SEED)


def answered(draft: Draft, **answers: str) -> Review:
    """Every doubt accepted, but for those answered by kind, or by id with `__` for the point."""
    review = review_of(draft)
    for doubt in review.doubts:
        doubt.answer = answers.get(doubt.id.replace(".", "__"), answers.get(doubt.kind.value, ACCEPT))
    return read_review(write_review(review))


def plan(draft: Draft, **answers: str) -> Plan:
    return to_plan(answered(draft, **answers))


def steps(plan: Plan, key: str) -> list[Step]:
    measure = plan.measure(key)
    assert measure
    return list(measure.steps)


def texts(found: list[Step]) -> list[str]:
    return [step.text[:12] for step in found]


class TestReviewedPlan:
    def test_open_doubts_are_all_named(self, draft: Draft) -> None:
        with pytest.raises(OpenDoubtsError) as caught:
            to_plan(review_of(draft))
        assert all(f"{n} ({doubt.id})" in str(caught.value) for n, doubt in enumerate(draft.all_doubts(), 1))

    def test_the_proposals_are_enough_for_a_rehearsal(self, draft: Draft) -> None:
        assert to_plan(review_of(draft), proposals=True) == plan(draft)

    def test_every_step_can_be_scheduled(self, draft: Draft) -> None:
        for _, step in plan(draft).steps():
            assert step.reporting.quarters_due
            assert step.start <= step.end
            assert step.responsible.parties or step.responsible.scope is not Scope.LISTED

    def test_keys_are_numbered_through_the_rows_of_a_measure(self, draft: Draft) -> None:
        found = plan(draft)
        assert [measure.key for measure in found.measures] == ["m3", "m4", "m5", "m6", "m7"]
        assert [step.key for step in steps(found, "m7")] == ["m7.1", "m7.2", "m7.3"]

    def test_a_step_has_the_values_of_its_row(self, draft: Draft) -> None:
        last = steps(plan(draft), "m7")[-1]
        assert (str(last.start), str(last.end), last.period_raw) == ("2023-02-01", "2023-03-31", "ก.พ. - มี.ค. ๒๕๖๖")
        assert last.reporting.cadence is Cadence.SPECIFIED_QUARTERS
        assert last.reporting.quarters_due == (2,)

    def test_the_review_is_left_as_it_was(self, draft: Draft) -> None:
        review = answered(draft)
        before = review.model_copy(deep=True)
        to_plan(review)
        assert review == before

    def test_every_unit_becomes_its_own_scope(self) -> None:
        found = plan(make_draft(make_row(responsible="ทุกส่วนราชการ")))
        assert steps(found, "m1")[0].responsible.scope is Scope.ALL_UNITS

    @pytest.mark.parametrize(
        ("monitoring", "cadence", "quarters"),
        [
            ("รายงานรอบ ๖ เดือน และ ๑๒ เดือน", Cadence.SEMIANNUAL, (2, 4)),
            ("รายงานรอบ ๖ เดือน", Cadence.SPECIFIED_QUARTERS, (2,)),
            ("รายงานรอบ ๑๒ เดือน", Cadence.ANNUAL, (4,)),
        ],
    )
    def test_only_the_rounds_stated_are_due(self, monitoring: str, cadence: Cadence, quarters: tuple[int, ...]) -> None:
        reporting = steps(plan(make_draft(make_row(monitoring=monitoring))), "m1")[0].reporting
        assert (reporting.cadence, reporting.quarters_due) == (cadence, quarters)

    def test_a_measure_number_used_twice_gives_two_keys(self) -> None:
        found = plan(make_draft(make_row(), make_row(steps="๑. อีก")), measure_repeated="two_measures")
        assert [measure.key for measure in found.measures] == ["m1", "m1-2"]

    def test_an_emptied_value_is_named_with_its_row(self, draft: Draft) -> None:
        review = answered(draft)
        review.measures[1].rows[0].reporting.quarters_due = []
        review.measures[1].rows[0].reporting.cadence = "specified_quarters"
        with pytest.raises(IncompletePlanError, match="reporting of row t1r1"):
            to_plan(review)

    def test_corrected_without_a_correction_is_found(self, draft: Draft) -> None:
        with pytest.raises(IncompletePlanError, match="steps of row t0r2"):
            plan(draft, steps_missing=CORRECTED)


class TestAnswers:
    def test_restarted_steps_move_to_the_row_without_steps(self, draft: Draft) -> None:
        found = steps(plan(draft, steps_missing="steps_from_restart"), "m3")
        assert [step.responsible.scope.value for step in found] == ["all_divisions"] * 2 + ["listed"] * 3

    def test_duties_become_steps(self, draft: Draft) -> None:
        found = steps(plan(draft, steps_missing="duties_as_steps"), "m3")
        assert len(found) == 10
        assert found[5].text.startswith("จัดทำคำสั่ง")

    def test_the_same_steps_can_hold_for_both_rows(self, draft: Draft) -> None:
        found = steps(plan(draft, steps_missing="same_steps_as_above"), "m3")
        assert texts(found[:5]) == texts(found[5:])

    def test_a_row_can_be_left_out(self, draft: Draft) -> None:
        assert len(steps(plan(draft, steps_missing="leave_out"), "m3")) == 5

    @pytest.mark.parametrize(("key", "count"), [("same_steps_as_above", 3), ("leave_out", 1), ("duties_as_steps", 3)])
    def test_a_row_of_two_periods_without_steps_is_answered_once(self, key: str, count: int) -> None:
        periods = "<p>ต.ค. - ธ.ค. ๒๕๖๕</p><p>ม.ค. - มี.ค. ๒๕๖๖</p>"
        monitoring = "<p>-ตรวจสอบ รายงานไตรมาส ๑</p><p>-ติดตาม รายงานไตรมาส ๒</p>"
        draft = make_draft(make_row(), make_row("", "", period=periods, monitoring=monitoring))
        assert len(steps(plan(draft, steps_missing=key), "m1")) == count

    def test_a_step_of_a_lost_page_can_be_left_out(self, draft: Draft) -> None:
        found = steps(plan(draft, step_numbering_starts_late="leave_out", steps_missing="leave_out"), "m3")
        assert found[0].text == "ประชุมประจำเดือน"

    def test_a_step_of_a_lost_page_can_be_given_its_own_measure(self, draft: Draft) -> None:
        found = plan(draft, step_numbering_starts_late="measure_before")
        assert [measure.number for measure in found.measures] == [2, 3, 4, 5, 6, 7]
        assert len(steps(found, "m2")) == 1

    def test_a_joined_row_can_be_kept_apart(self, draft: Draft) -> None:
        found = plan(draft, probable_continuation="keep_apart")
        assert len(steps(found, "m5")) == 3
        apart = steps(found, "m6")
        assert texts(apart[:3]) == texts_of_the_page_break(draft)
        assert {str(step.end) for step in apart} == {"2023-03-31"}
        assert steps(found, "m5")[-1].text.endswith("รับฟังความคิดเห็น")

    @pytest.mark.parametrize(
        ("key", "ends"),
        [
            ("after_step_1", ["2023-09-30", "2023-03-31", "2023-03-31"]),
            ("after_step_2", ["2023-09-30", "2023-09-30", "2023-03-31"]),
            ("every_step_in_each", ["2023-09-30"] * 3 + ["2023-03-31"] * 3),
        ],
    )
    def test_the_pairing_chosen_holds(self, draft: Draft, key: str, ends: list[str]) -> None:
        assert [str(step.end) for step in steps(plan(draft, values_do_not_pair=key), "m7")] == ends

    @pytest.mark.parametrize(("key", "quarters"), [("quarters_touched", (2, 3, 4)), ("once_at_end", (4,))])
    def test_reports_are_due_as_chosen(self, draft: Draft, key: str, quarters: tuple[int, ...]) -> None:
        reporting = steps(plan(draft, reporting_not_stated=key), "m5")[0].reporting
        assert (reporting.cadence, reporting.quarters_due) == (Cadence.SPECIFIED_QUARTERS, quarters)

    def test_torn_letters_can_stay_as_printed(self, draft: Draft) -> None:
        assert "เ ร ็ บ ไ ช ต ์" in steps(plan(draft, letter_spaced_text="as_printed"), "m6")[2].text
        assert "เร็บไชต์" in steps(plan(draft), "m6")[2].text

    @pytest.mark.parametrize(
        ("row", "answers", "start", "end"),
        [
            (make_row(period=""), {"missing_period": "whole_year"}, "2022-10-01", "2023-09-30"),
            (make_row(period="เมื่อพร้อม"), {"unreadable_value": "whole_year"}, "2022-10-01", "2023-09-30"),
            (make_row(period="ก.ย. - ก.พ. ๒๕๖๖"), {}, "2023-02-01", "2023-09-30"),
            (make_row(period="ต.ค. ๒๕๖๗ - ก.ย. ๒๕๖๘"), {}, "2022-10-01", "2023-09-30"),
            (make_row(period="ม.ค. ๒๕๖๘"), {}, "2023-01-01", "2023-01-31"),
            (make_row(period="ก.ย. ๒๕๖๕ - มี.ค. ๒๕๖๖"), {}, "2022-10-01", "2023-03-31"),
            (make_row(period="ก.ย. - ต.ค. ๒๕๖๕"), {}, "2022-10-01", "2023-09-30"),
            (
                make_row(period="ก.ย. - ต.ค. ๒๕๖๕"),
                {"period_end_before_start": "inside_year"},
                "2022-10-01",
                "2022-10-31",
            ),
            (
                make_row(period="ก.ย. ๒๕๖๕ - มี.ค. ๒๕๖๖"),
                {"period_outside_fiscal_year": "same_months"},
                "2023-03-01",
                "2023-09-30",
            ),
        ],
    )
    def test_a_period_is_as_chosen(self, row: tuple[str, ...], answers: dict[str, str], start: str, end: str) -> None:
        step = steps(plan(make_draft(row), **answers), "m1")[0]
        assert (str(step.start), str(step.end)) == (start, end)

    def test_nobody_is_proposed_where_nobody_is_named(self) -> None:
        review = review_of(make_draft(make_row(responsible="")))
        assert [doubt.proposal for doubt in review.doubts] == [None]
        assert to_plan(review, proposals=True).measures[0].steps[0].responsible.scope is Scope.ALL_DIVISIONS

    @pytest.mark.parametrize(
        ("answer", "scope", "units"),
        [
            ("สำนักปลัด", Scope.LISTED, ["สำนักปลัด"]),
            ("กองคลัง, กองช่าง", Scope.LISTED, ["กองคลัง", "กองช่าง"]),
            ("ทุกส่วนราชการ", Scope.ALL_UNITS, []),
            ("all_divisions", Scope.ALL_DIVISIONS, []),
        ],
    )
    def test_who_is_responsible_can_be_answered_by_name(self, answer: str, scope: Scope, units: list[str]) -> None:
        found = steps(plan(make_draft(make_row(responsible="")), missing_responsible=answer), "m1")[0].responsible
        assert (found.scope, [party.unit for party in found.parties]) == (scope, units)

    def test_values_can_come_from_the_row_above(self) -> None:
        draft = make_draft(make_row(period="ม.ค. - มี.ค. ๒๕๖๖"), make_row("", "๒. ต่อ", "", "ม.ค. - มี.ค. ๒๕๖๖"))
        found = steps(plan(draft, missing_responsible="as_row_above"), "m1")
        assert [step.responsible.parties[0].unit for step in found] == ["กองคลัง", "กองคลัง"]

    def test_quarters_follow_a_period_chosen_later(self) -> None:
        found = steps(plan(make_draft(make_row(period="")), missing_period="whole_year"), "m1")
        assert found[0].reporting.quarters_due == (1, 2, 3, 4)

    def test_another_fiscal_year_dates_the_plan_again(self) -> None:
        draft = make_draft(make_row(period="ม.ค. - มี.ค."), title="แผนปีงบประมาณ ๒๕๖๖\nแผนปีงบประมาณ ๒๕๖๗")
        found = plan(draft, fiscal_year_unclear="2567")
        assert (found.fiscal_year_be, str(steps(found, "m1")[0].start)) == (2567, "2024-01-01")

    def test_another_cadence_can_be_chosen(self) -> None:
        draft = make_draft(make_row(monitoring="รายงานผลทุกเดือน และรายงานสรุปทุกไตรมาส"))
        found = plan(draft, reporting_ambiguous="monthly")
        assert steps(found, "m1")[0].reporting.cadence is Cadence.MONTHLY

    def test_every_choice_of_every_doubt_gives_a_plan(self, draft: Draft) -> None:
        for doubt in draft.all_doubts():
            for choice in doubt.choices:
                assert plan(draft, **{doubt.id.replace(".", "__"): choice.key}).measures


def texts_of_the_page_break(draft: Draft) -> list[str]:
    return ["คิดเห็นบนหน้", *(step.text[:12] for step in draft.measures[2].rows[0].steps[3:])]


VALUES = st.sampled_from(
    [
        "",
        *make_row(),
        "๒. ก",
        "๔.ต่อ",
        "ทุกสำนัก/กอง",
        "ภายใน มี.ค. ๒๕๖๖",
        "<p>ม.ค. ๒๕๖๖</p><p>มี.ค. ๒๕๖๖</p>",
        "เ ท ศ บ า ล",
        "๑. ก ๒. ข ๓. ค",
    ]
)


@given(st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES, VALUES), min_size=1, max_size=5), st.data())
def test_any_answers_give_a_plan_or_name_what_is_missing(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    draft = make_draft(make_row(), *rows)
    review = review_of(draft)
    for doubt in review.doubts:
        doubt.answer = data.draw(st.sampled_from([*doubt.choices, *([ACCEPT] if doubt.proposal else []), CORRECTED]))
    try:
        found = to_plan(read_review(write_review(review)))
    except IncompletePlanError:
        return
    except ReviewError as error:
        if "still missing" not in str(error):  # `corrected` without a correction
            raise
        return
    keys = [step.key for _, step in found.steps()]
    assert len(keys) == len(set(keys))
    assert all(step.reporting.quarters_due for _, step in found.steps())


class TestExample:
    def test_its_doubts_are_those_of_its_plan_all_answered(self, draft: Draft) -> None:
        review = read_review(plan_2566().review.read_text(encoding="utf-8"))
        assert [doubt.id for doubt in review.doubts] == [doubt.id for doubt in draft.all_doubts()]
        assert open_doubts(review) == []

    def test_it_gives_a_plan(self) -> None:
        found = to_plan(read_review(plan_2566().review.read_text(encoding="utf-8")))
        assert (found.fiscal_year_be, len(found.measures), len(list(found.steps()))) == (2566, 5, 20)
        assert not re.search("[ก-ฮ] [ก-ฮ] [ก-ฮ] ", found.model_dump_json())

    def test_it_is_written_as_the_program_writes_it(self) -> None:
        text = plan_2566().review.read_text(encoding="utf-8")
        assert write_review(read_review(text)) == text

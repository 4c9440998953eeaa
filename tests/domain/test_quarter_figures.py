from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment import Assignment, State
from domain.figures import Answer, DivisionResult, EvidenceLine, Outcome, Snapshot, Totals
from domain.people import Holding
from domain.plan import Party, Responsible, Scope
from domain.quarter import QuarterInput, outcome, responsible_label, snapshot, totals
from domain.submission import CannotDoReason
from tests.factories import (
    FY2566,
    at,
    make_assignment,
    make_measure,
    make_office,
    make_people,
    make_period,
    make_plan_in_force,
    make_responsible,
    make_step,
    make_submission,
    make_workdays,
)

WORKDAYS = make_workdays()
NOW = "2023-04-24 10:00"
ACCEPTED = make_assignment(
    state=State.ACCEPTED, submission=make_submission(), handed_in_at=at("2023-04-07 10:00"), handed_in_by="somsri"
)


def frozen(*assignments: Assignment, now: str = NOW, **override: object) -> Snapshot:
    given = {
        "office": make_office(),
        "people": make_people(),
        "plan": make_plan_in_force(),
        "plan_title": "มาตรการส่งเสริมคุณธรรมและความโปร่งใส",
        "quarter": 2,
        "assignments": assignments,
        "evidence": {},
        "revision": 1,
    }
    return snapshot(QuarterInput(**given | override), WORKDAYS, at(now))  # type: ignore[arg-type]


def line(assignment: Assignment, now: str = NOW, **override: object) -> DivisionResult:
    ((result,),) = [step.divisions for step in frozen(assignment, now=now, **override).measures[0].steps]
    return result


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        (make_assignment(state=State.ACCEPTED), Outcome.ACCEPTED),
        (make_assignment(state=State.ACCEPTED, late_workdays=1), Outcome.ACCEPTED_LATE),
        (make_assignment(state=State.HANDED_IN), Outcome.AWAITING_REVIEW),
        (make_assignment(state=State.CANNOT_DO_STATED), Outcome.CANNOT_DO),
        (make_assignment(state=State.CANNOT_DO), Outcome.CANNOT_DO),
        (make_assignment(state=State.CANCELLED), Outcome.CANCELLED),
        (make_assignment(state=State.PLANNED), Outcome.OPEN),
        (make_assignment(due_on=date(2023, 4, 24)), Outcome.OPEN),
        (make_assignment(), Outcome.OVERDUE),
        (make_assignment(state=State.RETURNED, due_on=date(2023, 4, 25)), Outcome.OPEN),
        (make_assignment(state=State.RETURNED), Outcome.OVERDUE),
    ],
)
def test_every_state_has_its_outcome(assignment: Assignment, expected: Outcome) -> None:
    assert outcome(assignment, WORKDAYS, at(NOW)) is expected


def test_the_totals_count_each_outcome() -> None:
    assert totals([*Outcome, Outcome.OPEN]) == Totals(
        total=8, accepted=1, accepted_late=1, awaiting_review=1, cannot_do=1, open=2, overdue=1, cancelled=1
    )


@given(st.lists(st.sampled_from(Outcome)))
def test_the_totals_lose_nothing(outcomes: list[Outcome]) -> None:
    found = totals(outcomes)
    assert {how: getattr(found, how) for how in Outcome} == {how: Counter(outcomes)[how] for how in Outcome}
    assert found.total == len(outcomes)


@pytest.mark.parametrize(
    ("counts", "percent"),
    [
        (Totals(), 0),
        (Totals(total=4, accepted=2, accepted_late=1, overdue=1), 75),
        (Totals(total=4, accepted=2, cancelled=2), 100),
        (Totals(total=2, accepted=1, cannot_do=1), 50),
        (Totals(total=3, cancelled=3), 0),
    ],
)
def test_the_share_done_leaves_out_what_was_cancelled(counts: Totals, percent: int) -> None:
    assert counts.percent_done == percent


@pytest.mark.parametrize(
    ("answer", "is_answered"),
    [
        (Answer(), False),
        (Answer(text=" \n"), False),
        (Answer(text="ล่าช้า"), True),
        (Answer(is_none_confirmed=True), True),
    ],
)
def test_none_counts_as_an_answer_only_when_somebody_confirmed_it(answer: Answer, *, is_answered: bool) -> None:
    assert answer.is_answered is is_answered


def test_a_result_is_printed_with_its_answers_and_the_day_it_came() -> None:
    result = line(ACCEPTED)
    assert (result.outcome, result.result, result.problems, result.handed_in_on) == (
        Outcome.ACCEPTED,
        "จัดทำประกาศเจตนารมณ์แล้ว",
        Answer(is_none_confirmed=True),
        date(2023, 4, 7),
    )


def test_a_report_with_every_heading_answered_is_final() -> None:
    found = frozen(ACCEPTED)
    assert (found.unanswered, found.is_final) == ((), True)


@pytest.mark.parametrize("heading", ["problems", "suggestions"])
def test_one_heading_without_an_answer_keeps_the_report_a_draft(heading: str) -> None:
    half = make_assignment(state=State.HANDED_IN, submission=make_submission(**{heading: Answer()}))
    assert frozen(half).unanswered == (half.id,)


@pytest.mark.parametrize("state", [State.OPEN, State.RETURNED])
def test_an_assignment_the_division_still_has_keeps_the_report_a_draft(state: State) -> None:
    assert not frozen(make_assignment(state=state)).is_final


@pytest.mark.parametrize("state", [State.OPEN, State.RETURNED])
def test_a_result_that_was_withdrawn_or_sent_back_keeps_the_report_a_draft(state: State) -> None:
    back = make_assignment(state=state, submission=make_submission(), handed_in_at=at("2023-04-07 10:00"))
    assert frozen(back).unanswered == (back.id,)


@pytest.mark.parametrize("state", sorted(set(State) - {State.HANDED_IN, State.ACCEPTED}))
def test_a_result_that_does_not_stand_is_not_printed(state: State) -> None:
    back = make_assignment(state=state, submission=make_submission(), handed_in_at=at("2023-04-07 10:00"))
    result = line(back)
    assert (result.result, result.problems, result.handed_in_on) == ("", Answer(), None)


@pytest.mark.parametrize("state", [State.CANNOT_DO, State.CANCELLED])
def test_what_cannot_be_done_or_was_cancelled_needs_no_answers(state: State) -> None:
    assert frozen(make_assignment(state=state)).is_final


def test_an_inability_is_printed_with_its_official_reason_and_the_explanation() -> None:
    given = make_assignment(state=State.CANNOT_DO, cannot_do=CannotDoReason.NO_BUDGET, reason="ถูกตัดงบกลางปี")
    assert line(given).reason == "ไม่ได้รับงบประมาณ ถูกตัดงบกลางปี"


def test_an_inability_that_nobody_agreed_to_yet_is_printed_as_such() -> None:
    given = make_assignment(state=State.CANNOT_DO_STATED, cannot_do=CannotDoReason.NO_BUDGET, reason="ถูกตัดงบ")
    assert line(given).reason == "ไม่ได้รับงบประมาณ ถูกตัดงบ (ยังไม่ได้รับความเห็นชอบ)"


def test_the_reason_of_a_return_is_not_printed() -> None:
    assert line(make_assignment(state=State.RETURNED, reason="แนบภาพ")).reason == ""


def test_the_reason_is_not_printed_any_more_when_it_was_cancelled_after_all() -> None:
    given = make_assignment(state=State.CANCELLED, cannot_do=CannotDoReason.NO_BUDGET, reason="ถูกตัดงบ")
    assert line(given).reason == ""


@pytest.mark.parametrize(
    ("now", "late"),
    [("2023-04-10 16:30", 0), ("2023-04-10 16:31", 1), ("2023-04-15 10:00", 3), ("2023-04-24 10:00", 7)],
)
def test_what_is_overdue_is_printed_with_the_working_days_it_is_late(now: str, late: int) -> None:
    assert line(make_assignment(), now).late_workdays == late


def test_days_late_that_were_booked_are_printed_also_while_it_is_overdue_again() -> None:
    again = make_assignment(state=State.RETURNED, due_on=date(2023, 4, 21), late_workdays=3)
    assert line(again).late_workdays >= 3


def test_what_was_accepted_late_keeps_its_days() -> None:
    late = make_assignment(state=State.ACCEPTED, submission=make_submission(), late_workdays=3)
    assert line(late).late_workdays == 3


def test_evidence_is_printed_in_the_order_it_was_given() -> None:
    given = make_assignment(state=State.ACCEPTED, submission=make_submission(evidence=("c", "a")))
    known = {(given.id, sha): EvidenceLine(name=f"{sha}.pdf", sha256=sha) for sha in ("a", "b", "c")}
    assert [proof.name for proof in line(given, evidence=known).evidence] == ["c.pdf", "a.pdf"]


def test_a_measure_with_nothing_due_in_the_quarter_is_printed_all_the_same() -> None:
    plan = make_plan_in_force(measures=(make_measure(), make_measure(key="m2", number=2, title="มาตรการที่สอง")))
    found = frozen(ACCEPTED, plan=plan).measures[1]
    assert (found.title, found.totals, found.steps) == ("มาตรการที่สอง", Totals(), ())


def test_a_quarter_in_which_nothing_is_due_still_has_every_measure() -> None:
    assert [measure.key for measure in frozen().measures] == ["m1"]


def test_months_of_a_quarter_are_printed_in_order_of_time() -> None:
    months = [
        make_assignment(id=key, period=make_period(key=key, label=key, span=FY2566.month(month)))
        for key, month in (("m03", 3), ("m01", 1), ("m02", 2))
    ]
    assert [step.period_label for step in frozen(*months).measures[0].steps] == ["m01", "m02", "m03"]


def test_divisions_are_counted_in_the_offices_order_and_only_those_that_had_work() -> None:
    both = make_assignment(), make_assignment(id="2566-m1.1-palad-q2", division="palad")
    assert [division.name for division in frozen(*both).divisions] == ["สำนักปลัด", "กองช่าง"]


def test_the_sums_of_measures_and_of_divisions_are_the_sum_of_all() -> None:
    some = (
        ACCEPTED,
        make_assignment(id="a", division="palad"),
        make_assignment(id="b", division="khlang", state=State.CANCELLED),
    )
    found = frozen(*some)
    assert sum(m.totals.total for m in found.measures) == sum(d.totals.total for d in found.divisions) == 3
    assert found.totals == Totals(total=3, accepted=1, overdue=1, cancelled=1)


def test_the_report_carries_period_year_and_day_of_freezing() -> None:
    found = frozen(now="2023-04-24 23:30")
    assert (found.fiscal_year_be, found.quarter, found.start, found.end, found.frozen_on) == (
        2566,
        2,
        date(2023, 1, 1),
        date(2023, 3, 31),
        date(2023, 4, 24),
    )


def test_clerk_and_mayor_sign_and_the_mayor_is_addressed() -> None:
    found = frozen()
    assert ([s.title for s in found.signatories], found.addressee, found.prepared_by) == (
        ["ปลัดเทศบาล", "นายกเทศมนตรี"],
        "นายกเทศมนตรี",
        "สำนักปลัด",
    )


def test_the_acting_clerk_signs_as_acting() -> None:
    acting = Holding("clerk", "the-palad-head", date(2023, 4, 1), is_acting=True)
    signs = frozen(people=make_people(also=[acting])).signatories[0]
    assert (signs.title, signs.name) == ("รักษาราชการแทนปลัดเทศบาล", "ผู้ดำรงตำแหน่งหัวหน้าสำนักปลัด")


def test_a_vacant_mayor_leaves_the_name_to_be_written() -> None:
    signs = frozen(people=make_people(vacant=["mayor"])).signatories[1]
    assert (signs.title, signs.name) == ("นายกเทศมนตรี", "")


@pytest.mark.parametrize(
    ("responsible", "label"),
    [
        (make_responsible(units=("กองคลัง", "กองช่าง")), "กองคลัง, กองช่าง"),
        (make_responsible(scope=Scope.ALL_DIVISIONS), "ทุกสำนัก/กอง"),
        (make_responsible(scope=Scope.ALL_UNITS), "ทุกส่วนราชการ"),
        (make_responsible(scope=Scope.ALL_DIVISION_HEADS), "ผู้อำนวยการทุกกอง"),
        (
            Responsible(scope=Scope.LISTED, parties=(Party(unit="สำนักปลัด", subunit="งานนิติการ"),)),
            "สำนักปลัด/งานนิติการ",
        ),
    ],
)
def test_the_responsible_are_printed_as_the_table_names_them(responsible: Responsible, label: str) -> None:
    assert responsible_label(make_step(responsible=responsible)) == label


def test_the_same_input_gives_the_same_snapshot() -> None:
    assert frozen(ACCEPTED).model_dump_json() == frozen(ACCEPTED).model_dump_json()


def test_a_snapshot_read_back_from_its_document_is_the_same() -> None:
    found = frozen(ACCEPTED)
    assert Snapshot.model_validate_json(found.model_dump_json()) == found


def test_the_same_file_handed_in_elsewhere_keeps_its_own_name() -> None:
    given = make_assignment(state=State.ACCEPTED, submission=make_submission(evidence=("a",)))
    known = {
        (given.id, "a"): EvidenceLine(name="ours.pdf", sha256="a"),
        ("another", "a"): EvidenceLine(name="theirs.pdf", sha256="a"),
    }
    assert [proof.name for proof in line(given, evidence=known).evidence] == ["ours.pdf"]


def test_divisions_stand_in_the_offices_order_within_a_step() -> None:
    both = make_assignment(), make_assignment(id="2566-m1.1-palad-q2", division="palad")
    (step,) = frozen(*both).measures[0].steps
    assert [result.division_name for result in step.divisions] == ["สำนักปลัด", "กองช่าง"]

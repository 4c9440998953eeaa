from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.assignment import ACTIONABLE, WAITING, Assignment, IncompleteError, State
from domain.deadline import ask_extension, decide_extension
from domain.figures import Answer
from domain.moves import MOVES, Move, MoveRefusedError, apply, hand_in, return_, state_cannot_do
from domain.office import OfficeSettings
from domain.people import Level
from domain.submission import CannotDoReason, ExtensionRequest
from domain.waiting import Wait
from domain.workdays import Workdays
from tests.factories import HOLIDAYS, at, make_assignment, make_submission, make_wait, make_workdays

WORKDAYS = make_workdays()
SETTINGS = OfficeSettings()
STATES_PAGE = Path(__file__).parents[2] / "docs" / "states.md"
ARROW = re.compile(r"^ {4}(\w+) --> (\w+): (\w+)$", re.MULTILINE)
UNKNOWN = [pair for pair in product(State, Move) if pair not in MOVES]


def handed_in(moment: str, **override: object) -> Assignment:
    return hand_in_of(make_assignment(**override), moment)


def hand_in_of(assignment: Assignment, moment: str, **result: object) -> Assignment:
    what = make_submission(**result)
    return hand_in(assignment, what, by="somsri", level=Level.OFFICER, now=at(moment), workdays=WORKDAYS)


def returned(moment: str, **override: object) -> Assignment:
    return return_of(make_assignment(**{"state": State.HANDED_IN} | override), moment)


def return_of(assignment: Assignment, moment: str, reason: str = "แนบภาพกิจกรรม") -> Assignment:
    return return_(assignment, reason=reason, by="head", settings=SETTINGS, now=at(moment), workdays=WORKDAYS)


def asked(day: date, moment: str = "2023-04-07 10:00", reason: str = "รอผลสอบราคา", **override: object) -> Assignment:
    return ask_extension(
        make_assignment(**override),
        day,
        reason=reason,
        by="somsri",
        level=Level.OFFICER,
        now=at(moment),
        workdays=WORKDAYS,
    )


def decided(
    assignment: Assignment,
    moment: str = "2023-04-12 10:00",
    *,
    granted: bool = True,
    reason: str = "",
    workdays: Workdays = WORKDAYS,
) -> Assignment:
    return decide_extension(
        assignment, granted=granted, settings=SETTINGS, now=at(moment), workdays=workdays, reason=reason
    )


def stated(kind: CannotDoReason, reason: str, moment: str = "2023-04-07 10:00", **override: object) -> Assignment:
    return state_of(make_assignment(**override), kind, reason, moment)


def state_of(assignment: Assignment, kind: CannotDoReason, reason: str, moment: str = "2023-04-07 10:00") -> Assignment:
    return state_cannot_do(
        assignment, kind, reason=reason, by="somsri", level=Level.OFFICER, now=at(moment), workdays=WORKDAYS
    )


@pytest.mark.parametrize(("state", "move"), UNKNOWN)
def test_a_move_that_is_not_in_the_table_is_refused(state: State, move: Move) -> None:
    with pytest.raises(MoveRefusedError) as refused:
        apply(make_assignment(state=state), move)
    assert (refused.value.facts["state"], refused.value.facts["move"]) == (state, move)


def test_a_refused_move_is_explained_in_thai_words() -> None:
    with pytest.raises(MoveRefusedError) as refused:
        apply(make_assignment(state=State.ACCEPTED), Move.HAND_IN)
    assert "“ดำเนินการแล้วเสร็จ” จึงทำรายการ “รายงานผล” ไม่ได้" in refused.value.in_thai()


@pytest.mark.parametrize("name", [*State, *Move])
def test_every_state_and_move_has_a_thai_name(name: State | Move) -> None:
    assert not re.search("[A-Za-z]", name.label)
    assert name.label


@pytest.mark.parametrize("state", State)
def test_the_page_of_states_names_them_as_the_screen_does(state: State) -> None:
    assert f"| {state} | {state.label} |" in STATES_PAGE.read_text("utf-8")


def test_what_is_missing_is_said_without_english_remedies_in_thai() -> None:
    with pytest.raises(IncompleteError) as refused:
        asked(date(2023, 4, 7))
    assert refused.value.in_thai() == "ยังขาดวันที่ใหม่ โปรดระบุวันหลังวันที่ ๑๐ เมษายน ๒๕๖๖"


@pytest.mark.parametrize(("state", "move"), MOVES)
def test_a_move_of_the_table_leads_to_its_state_and_the_next_version(state: State, move: Move) -> None:
    moved = apply(make_assignment(state=state, version=7), move)
    assert (moved.state, moved.version) == (MOVES[state, move], 8)


def test_the_drawn_state_graph_is_the_table() -> None:
    drawn = [((State(a), Move(move)), State(b)) for a, b, move in ARROW.findall(STATES_PAGE.read_text("utf-8"))]
    assert sorted(drawn) == sorted(MOVES.items())


def test_the_page_of_states_draws_no_other_arrows() -> None:
    text = STATES_PAGE.read_text("utf-8")
    begun, ended = text.count("[*] --> planned"), text.count("--> [*]")
    assert text.count("-->") == len(ARROW.findall(text)) + begun + ended


@pytest.mark.parametrize("state", [State.ACCEPTED, State.CANCELLED])
def test_no_person_leads_out_of_a_final_state(state: State) -> None:
    assert not [move for (before, move) in MOVES if before is state and move is not Move.OPEN]


@pytest.mark.parametrize("state", State)
def test_the_division_may_hand_in_exactly_where_it_must_act(state: State) -> None:
    assert (state in ACTIONABLE) == ((state, Move.HAND_IN) in MOVES)


@pytest.mark.parametrize("state", State)
def test_the_clock_speaks_exactly_where_somebody_must_act_or_decide(state: State) -> None:
    assert (state in ACTIONABLE | WAITING) == ((state, Move.ESCALATE) in MOVES)


@pytest.mark.parametrize("state", State)
def test_what_waits_may_be_taken_back_and_nothing_else(state: State) -> None:
    assert (state in WAITING) == ((state, Move.WITHDRAW) in MOVES)


def test_a_result_is_kept_with_who_handed_it_in_and_when() -> None:
    moved = handed_in("2023-04-07 10:00")
    assert (moved.submission, moved.handed_in_by, moved.handed_in_at) == (
        make_submission(),
        "somsri",
        at("2023-04-07 10:00"),
    )


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        ("2023-04-07 10:00", 0),
        ("2023-04-10 16:30", 0),
        ("2023-04-10 16:31", 1),
        ("2023-04-11 16:30", 1),
        ("2023-04-12 16:31", 3),  # after closing on the eve of Songkran: counts for 18 April
        ("2023-04-15 12:00", 3),
        ("2023-04-18 16:30", 3),
    ],
)
def test_lateness_is_counted_in_working_days_from_the_closing_minute(moment: str, late: int) -> None:
    assert handed_in(moment).late_workdays == late


@pytest.mark.parametrize("moment", ["2023-04-28 16:31", "2023-04-29 09:00", "2023-04-30 23:59", "2023-05-01 16:30"])
def test_a_friday_deadline_missed_over_the_weekend_is_one_working_day_late(moment: str) -> None:
    assert handed_in(moment, due_on=date(2023, 4, 28)).late_workdays == 1


@given(st.integers(min_value=-20_000, max_value=60_000), st.sampled_from([date(2023, 4, 10), date(2023, 4, 28)]))
@example(8 * 60, date(2023, 4, 28))
@example(8 * 60 + 1, date(2023, 4, 28))
def test_work_is_late_exactly_when_it_was_overdue(minutes: int, due_on: date) -> None:
    now = at(f"{due_on} 08:30") + timedelta(minutes=minutes)
    assignment = make_assignment(due_on=due_on)
    assert (assignment.workdays_late(WORKDAYS, now) > 0) == assignment.is_overdue(WORKDAYS, now)


@pytest.mark.parametrize("moment", ["2023-04-10 10:00", "2023-04-10 16:30"])
def test_a_deadline_whose_day_became_a_holiday_is_not_missed_before_its_closing_hour(moment: str) -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 10): "วันหยุดพิเศษ"})
    assert make_assignment().workdays_late(workdays, at(moment)) == 0


def test_the_worst_lateness_of_several_rounds_is_kept() -> None:
    first = handed_in("2023-04-18 10:00")
    again = return_of(first, "2023-04-18 11:00")
    assert hand_in_of(again, "2023-04-19 10:00").late_workdays == 3


def test_a_blank_result_cannot_be_handed_in() -> None:
    with pytest.raises(IncompleteError, match="result"):
        hand_in_of(make_assignment(), "2023-04-07 10:00", result=" \n")


@pytest.mark.parametrize(("heading", "name"), [("problems", "ปัญหา อุปสรรค"), ("suggestions", "ข้อเสนอแนะ")])
def test_a_heading_that_nobody_answered_cannot_be_handed_in(heading: str, name: str) -> None:
    with pytest.raises(IncompleteError, match=heading) as refused:
        hand_in_of(make_assignment(), "2023-04-07 10:00", **{heading: Answer()})
    assert refused.value.in_thai().startswith(f"ยังขาด{name} ")


def test_handing_in_clears_what_waited() -> None:
    waiting = ExtensionRequest(date(2023, 4, 20), "รอผล", "somsri", make_wait())
    moved = handed_in("2023-04-11 10:00", extension=waiting, reason="แก้ไข")
    assert (moved.extension, moved.reason) == (None, "")


@pytest.mark.parametrize(
    ("moment", "since"),
    [
        ("2023-04-07 16:29", date(2023, 4, 7)),
        ("2023-04-07 16:30", date(2023, 4, 10)),
        ("2023-04-08 10:00", date(2023, 4, 10)),
        ("2023-04-12 16:30", date(2023, 4, 18)),
    ],
)
def test_a_result_waits_from_the_working_day_on_which_the_deciders_letter_can_leave(moment: str, since: date) -> None:
    assert handed_in(moment).waiting == Wait("somsri", Level.OFFICER, since, at(moment))


def test_what_was_sent_back_keeps_its_reason_while_the_next_report_waits() -> None:
    assert handed_in("2023-04-11 10:00", state=State.RETURNED, reason="แนบภาพ").returned_reason == "แนบภาพ"


def test_what_was_never_sent_back_has_no_reason_of_a_return() -> None:
    assert handed_in("2023-04-11 10:00", reason="ขอขยายแล้ว").returned_reason == ""


def test_a_return_gives_the_correction_days() -> None:
    assert returned("2023-04-12 16:00").due_on == date(2023, 4, 20)  # 18, 19, 20: after Songkran


def test_a_return_long_before_the_deadline_leaves_it() -> None:
    moved = returned("2023-03-20 10:00")
    assert (moved.due_on, moved.deadline_version) == (date(2023, 4, 10), 1)


def test_a_return_that_moves_the_deadline_starts_its_notices_anew() -> None:
    moved = returned("2023-04-12 16:00", rung=3)
    assert (moved.deadline_version, moved.rung) == (2, 0)  # seven days before 20 April lie behind, one day before ahead


def test_every_return_is_a_new_round_with_its_reason() -> None:
    moved = returned("2023-04-12 16:00", round=2)
    assert (moved.round, moved.reason) == (3, "แนบภาพกิจกรรม")


def test_a_return_without_a_reason_is_refused() -> None:
    with pytest.raises(IncompleteError, match="reason"):
        return_of(make_assignment(state=State.HANDED_IN), "2023-04-12 10:00", reason=" ")


def test_a_return_notes_who_decided_what_waited() -> None:
    waiting = returned("2023-04-12 10:00", waiting=make_wait()).waiting
    assert waiting == make_wait(decided_by="head")


@pytest.mark.parametrize("state", [State.CANNOT_DO_STATED, State.CANNOT_DO])
def test_an_inability_stated_or_agreed_can_be_sent_back(state: State) -> None:
    moved = returned("2023-04-12 10:00", state=state, cannot_do=CannotDoReason.NO_STAFF)
    assert (moved.state, moved.cannot_do) == (State.RETURNED, None)


@pytest.mark.parametrize("kind", [CannotDoReason.NO_BUDGET, CannotDoReason.POLICY_CHANGED, CannotDoReason.NO_STAFF])
def test_an_official_reason_needs_no_words(kind: CannotDoReason) -> None:
    assert stated(kind, "").cannot_do is kind


def test_another_reason_needs_words() -> None:
    with pytest.raises(IncompleteError, match="explanation"):
        stated(CannotDoReason.OTHER, "  ")


def test_a_stated_inability_waits_for_a_supervisor() -> None:
    moved = stated(CannotDoReason.NO_BUDGET, "", "2023-04-07 16:30")
    since, began_at = date(2023, 4, 10), at("2023-04-07 16:30")
    assert (moved.state, moved.waiting) == (
        State.CANNOT_DO_STATED,
        Wait("somsri", Level.OFFICER, since, began_at),
    )


def test_a_stated_inability_ends_the_request_for_time() -> None:
    asked_before = ExtensionRequest(date(2023, 4, 20), "รอผล", "somsri", make_wait())
    assert stated(CannotDoReason.NO_BUDGET, "", extension=asked_before).extension is None


def test_a_stated_inability_books_the_days_it_is_late() -> None:
    assert stated(CannotDoReason.NO_BUDGET, "", "2023-04-12 10:00").late_workdays == 2


def test_the_words_of_a_stated_inability_do_not_hide_why_it_was_sent_back() -> None:
    sent_back = make_assignment(state=State.RETURNED, reason="แนบภาพ")
    moved = state_of(sent_back, CannotDoReason.OTHER, "ผู้รับจ้างทิ้งงาน")
    assert (moved.reason, moved.returned_reason) == ("ผู้รับจ้างทิ้งงาน", "แนบภาพ")


def test_the_four_reasons_are_worded_as_the_form_words_them() -> None:
    assert [reason.label for reason in CannotDoReason] == [
        "ไม่ได้รับงบประมาณ",
        "นโยบายผู้บริหารเปลี่ยนแปลง",
        "บุคลากรไม่เพียงพอ",
        "อื่น ๆ",
    ]


@pytest.mark.parametrize(("state", "waits"), [(state, state in WAITING) for state in State])
def test_a_result_waits_only_while_it_is_handed_in_or_stated(state: State, *, waits: bool) -> None:
    assert make_assignment(state=state, waiting=make_wait()).waits == ((make_wait(),) if waits else ())


@pytest.mark.parametrize(("state", "waits"), [(state, state in ACTIONABLE) for state in State])
def test_a_request_waits_only_while_the_division_must_act(state: State, *, waits: bool) -> None:
    request = ExtensionRequest(date(2023, 4, 20), "รอผล", "somsri", make_wait())
    assert make_assignment(state=state, extension=request).waits == ((make_wait(),) if waits else ())


def test_what_was_decided_waits_no_more() -> None:
    assert make_assignment(state=State.HANDED_IN, waiting=make_wait(decided_by="the-chang-head")).waits == ()


@pytest.mark.parametrize(("moment", "is_overdue"), [("2023-04-10 16:30", False), ("2023-04-10 16:31", True)])
def test_an_open_assignment_is_overdue_after_the_closing_hour(moment: str, *, is_overdue: bool) -> None:
    assert make_assignment().is_overdue(WORKDAYS, at(moment)) is is_overdue


@pytest.mark.parametrize("state", sorted(set(State) - ACTIONABLE))
def test_what_waits_for_nobody_in_the_division_is_never_overdue(state: State) -> None:
    assert not make_assignment(state=state).is_overdue(WORKDAYS, at("2023-12-01 10:00"))


@pytest.mark.parametrize(
    ("moment", "is_soon"),
    [("2023-03-31 16:29", False), ("2023-03-31 16:30", True), ("2023-04-10 16:30", True), ("2023-04-10 16:31", False)],
)
def test_due_soon_begins_ten_days_before_and_ends_at_the_deadline(moment: str, *, is_soon: bool) -> None:
    assert make_assignment().is_due_soon(WORKDAYS, at(moment)) is is_soon

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.assignment import ACTIONABLE, Assignment, IncompleteError, State
from domain.deadline import ask_extension, decide_extension
from domain.figures import Answer
from domain.ladder import NO_RUNG
from domain.moves import MOVES, Move, MoveRefusedError, acknowledge, apply, hand_in, return_, state_cannot_do
from domain.submission import CannotDoReason, ExtensionRequest
from tests.factories import HOLIDAYS, at, make_assignment, make_submission, make_workdays

WORKDAYS = make_workdays()
STATES_PAGE = Path(__file__).parents[2] / "docs" / "states.md"
ARROW = re.compile(r"^ {4}(\w+) --> (\w+): (\w+)$", re.MULTILINE)
UNKNOWN = [pair for pair in product(State, Move) if pair not in MOVES]


def handed_in(moment: str, **override: object) -> Assignment:
    return hand_in(make_assignment(**override), make_submission(), by="somsri", now=at(moment), workdays=WORKDAYS)


def returned(moment: str, **override: object) -> Assignment:
    given = make_assignment(**{"state": State.HANDED_IN} | override)
    return return_(given, reason="แนบภาพกิจกรรม", now=at(moment), workdays=WORKDAYS, correction=3)


def asked(day: date, **override: object) -> Assignment:
    return ask_extension(make_assignment(**override), day, reason="รอผลสอบราคา", by="somsri", workdays=WORKDAYS)


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
def test_the_ladder_runs_exactly_where_the_division_may_hand_in(state: State) -> None:
    assert (state in ACTIONABLE) == ((state, Move.HAND_IN) in MOVES) == ((state, Move.ESCALATE) in MOVES)


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
    again = return_(first, reason="แก้ไข", now=at("2023-04-18 11:00"), workdays=WORKDAYS, correction=3)
    moved = hand_in(again, make_submission(), by="somsri", now=at("2023-04-19 10:00"), workdays=WORKDAYS)
    assert moved.late_workdays == 3


def test_a_blank_result_cannot_be_handed_in() -> None:
    with pytest.raises(IncompleteError, match="result"):
        hand_in(make_assignment(), make_submission(result=" \n"), by="x", now=at("2023-04-07 10:00"), workdays=WORKDAYS)


@pytest.mark.parametrize(("heading", "name"), [("problems", "ปัญหา อุปสรรค"), ("suggestions", "ข้อเสนอแนะ")])
def test_a_heading_that_nobody_answered_cannot_be_handed_in(heading: str, name: str) -> None:
    half = make_submission(**{heading: Answer()})
    with pytest.raises(IncompleteError, match=heading) as refused:
        hand_in(make_assignment(), half, by="x", now=at("2023-04-07 10:00"), workdays=WORKDAYS)
    assert refused.value.in_thai().startswith(f"ยังขาด{name} ")


def test_handing_in_clears_what_waited() -> None:
    waiting = ExtensionRequest(date(2023, 4, 20), "รอผล", "somsri")
    moved = handed_in("2023-04-11 10:00", extension=waiting, acknowledged_until=date(2023, 4, 20), reason="แก้ไข")
    assert (moved.extension, moved.acknowledged_until, moved.reason) == (None, None, "")


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
        return_(
            make_assignment(state=State.HANDED_IN), reason=" ", now=at("2023-04-12"), workdays=WORKDAYS, correction=3
        )


def test_a_stated_inability_can_be_sent_back() -> None:
    moved = returned("2023-04-12 10:00", state=State.CANNOT_DO, cannot_do=CannotDoReason.NO_STAFF)
    assert (moved.state, moved.cannot_do) == (State.RETURNED, None)


@pytest.mark.parametrize("kind", [CannotDoReason.NO_BUDGET, CannotDoReason.POLICY_CHANGED, CannotDoReason.NO_STAFF])
def test_an_official_reason_needs_no_words(kind: CannotDoReason) -> None:
    assert state_cannot_do(make_assignment(), kind, reason="").cannot_do is kind


def test_another_reason_needs_words() -> None:
    with pytest.raises(IncompleteError, match="explanation"):
        state_cannot_do(make_assignment(), CannotDoReason.OTHER, reason="  ")


def test_the_four_reasons_are_worded_as_the_form_words_them() -> None:
    assert [reason.label for reason in CannotDoReason] == [
        "ไม่ได้รับงบประมาณ",
        "นโยบายผู้บริหารเปลี่ยนแปลง",
        "บุคลากรไม่เพียงพอ",
        "อื่น ๆ",
    ]


def test_a_request_for_more_time_changes_no_deadline() -> None:
    moved = asked(date(2023, 4, 20))
    assert (moved.due_on, moved.extension) == (
        date(2023, 4, 10),
        ExtensionRequest(date(2023, 4, 20), "รอผลสอบราคา", "somsri"),
    )


def test_a_day_off_asked_for_becomes_the_next_working_day() -> None:
    extension = asked(date(2023, 4, 13)).extension
    assert extension is not None
    assert extension.due_on == date(2023, 4, 18)


@pytest.mark.parametrize("day", [date(2023, 4, 7), date(2023, 4, 10)])
def test_a_day_that_is_not_later_cannot_be_asked_for(day: date) -> None:
    with pytest.raises(IncompleteError, match="later day"):
        asked(day)


def test_a_request_without_a_reason_is_refused() -> None:
    with pytest.raises(IncompleteError, match="reason"):
        ask_extension(make_assignment(), date(2023, 4, 20), reason="", by="x", workdays=WORKDAYS)


def test_a_granted_extension_moves_the_deadline_and_starts_its_notices_anew() -> None:
    moved = decide_extension(
        asked(date(2023, 5, 31), rung=3), granted=True, now=at("2023-04-12 10:00"), workdays=WORKDAYS
    )
    assert (moved.due_on, moved.deadline_version, moved.rung, moved.extension) == (date(2023, 5, 31), 2, NO_RUNG, None)


def test_a_granted_extension_ends_the_acknowledgment_of_the_old_deadline() -> None:
    waiting = asked(date(2023, 5, 31), acknowledged_until=date(2023, 4, 20))
    moved = decide_extension(waiting, granted=True, now=at("2023-04-12 10:00"), workdays=WORKDAYS)
    assert moved.acknowledged_until is None


def test_a_refused_extension_leaves_the_deadline() -> None:
    then, waiting = at("2023-04-12 10:00"), asked(date(2023, 5, 31))
    with pytest.raises(IncompleteError, match="Say why no more time is granted"):
        decide_extension(waiting, granted=False, now=then, workdays=WORKDAYS, reason=" ")
    moved = decide_extension(waiting, granted=False, now=then, workdays=WORKDAYS, reason="งานเร่งด่วน")
    assert (moved.due_on, moved.deadline_version, moved.extension) == (date(2023, 4, 10), 1, None)


@pytest.mark.parametrize("granted", [True, False])
def test_nothing_can_be_decided_where_nobody_asked(*, granted: bool) -> None:
    with pytest.raises(IncompleteError, match="a request"):
        decide_extension(make_assignment(), granted=granted, now=at("2023-04-12 10:00"), workdays=WORKDAYS)


def test_granting_never_takes_away_days_that_a_new_holiday_gave() -> None:
    waiting = make_assignment(due_on=date(2023, 4, 21), extension=ExtensionRequest(date(2023, 4, 20), "รอผล", "somsri"))
    moved = decide_extension(waiting, granted=True, now=at("2023-04-12 10:00"), workdays=WORKDAYS)
    assert (moved.due_on, moved.deadline_version) == (date(2023, 4, 21), 1)


def test_granting_a_day_that_became_a_holiday_moves_to_the_next_working_day() -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 20): "วันหยุดพิเศษ"})
    moved = decide_extension(asked(date(2023, 4, 20)), granted=True, now=at("2023-04-12 10:00"), workdays=workdays)
    assert moved.due_on == date(2023, 4, 21)


def test_an_acknowledgment_lasts_five_working_days() -> None:
    moved = acknowledge(make_assignment(), by="clerk", now=at("2023-04-12 10:00"), workdays=WORKDAYS)
    assert (moved.acknowledged_until, moved.acknowledged_by) == (date(2023, 4, 24), "clerk")  # 18, 19, 20, 21, 24


@pytest.mark.parametrize(("moment", "is_silent"), [("2023-04-24 08:29", True), ("2023-04-24 08:30", False)])
def test_an_acknowledgment_lapses_exactly_at_the_notice_hour_of_its_day(moment: str, *, is_silent: bool) -> None:
    assignment = make_assignment(acknowledged_until=date(2023, 4, 24))
    assert assignment.is_acknowledged(WORKDAYS, at(moment)) is is_silent


def test_an_acknowledgment_does_not_lapse_on_a_day_that_became_a_holiday() -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 24): "วันหยุดพิเศษ"})
    assert make_assignment(acknowledged_until=date(2023, 4, 24)).is_acknowledged(workdays, at("2023-04-24 09:00"))


def test_there_is_nothing_to_acknowledge_before_the_deadline_has_passed() -> None:
    with pytest.raises(IncompleteError, match="an escalation"):
        acknowledge(make_assignment(), by="clerk", now=at("2023-04-10 16:30"), workdays=WORKDAYS)


def test_what_is_handed_in_cannot_be_acknowledged() -> None:
    given = make_assignment(state=State.HANDED_IN)
    with pytest.raises(MoveRefusedError, match="acknowledge"):
        acknowledge(given, by="clerk", now=at("2023-04-12 10:00"), workdays=WORKDAYS)


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

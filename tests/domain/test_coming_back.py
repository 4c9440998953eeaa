from __future__ import annotations

from datetime import date

import pytest

from domain.assignment import Assignment, State
from domain.grounds import BY_PLAN, Ground, GroundKind
from domain.ladder import NO_RUNG
from domain.moves import MoveRefusedError, hand_in, open_again, return_, withdraw
from domain.office import OfficeSettings
from domain.people import Level
from domain.submission import CannotDoReason
from tests.factories import HOLIDAYS, at, make_assignment, make_submission, make_wait, make_workdays

WORKDAYS = make_workdays()
SETTINGS = OfficeSettings()
WAITS = [State.HANDED_IN, State.CANNOT_DO_STATED]


def waiting(**override: object) -> Assignment:
    return make_assignment(**{"state": State.HANDED_IN, "grounds": (BY_PLAN,), "waiting": make_wait()} | override)


def withdrawn(moment: str, **override: object) -> Assignment:
    return take_back(waiting(**override), moment)


def take_back(assignment: Assignment, moment: str) -> Assignment:
    return withdraw(assignment, settings=SETTINGS, now=at(moment), workdays=WORKDAYS)


def send_back(assignment: Assignment, moment: str) -> Assignment:
    return return_(assignment, reason="แนบภาพ", by="head", settings=SETTINGS, now=at(moment), workdays=WORKDAYS)


def hand_over(assignment: Assignment, moment: str) -> Assignment:
    return hand_in(assignment, make_submission(), by="somsri", level=Level.OFFICER, now=at(moment), workdays=WORKDAYS)


@pytest.mark.parametrize("state", WAITS)
def test_what_is_taken_back_is_open_again(state: State) -> None:
    moved = withdrawn("2023-04-11 10:00", state=state, cannot_do=CannotDoReason.NO_STAFF)
    assert (moved.state, moved.cannot_do) == (State.OPEN, None)


@pytest.mark.parametrize("state", WAITS)
def test_what_had_been_sent_back_is_sent_back_again_with_its_reason(state: State) -> None:
    moved = withdrawn("2023-04-11 10:00", state=state, reason="ถูกตัดงบ", returned_reason="แนบภาพ")
    assert (moved.state, moved.reason, moved.returned_reason) == (State.RETURNED, "แนบภาพ", "")


@pytest.mark.parametrize("state", sorted(set(State) - set(WAITS)))
def test_what_waits_for_nobody_cannot_be_taken_back(state: State) -> None:
    with pytest.raises(MoveRefusedError, match="withdraw"):
        withdrawn("2023-04-11 10:00", state=state)


@pytest.mark.parametrize(
    ("moment", "due_on"),
    [
        ("2023-03-20 10:00", date(2023, 4, 10)),  # long before: the plan's day
        ("2023-04-10 16:29", date(2023, 4, 18)),  # 11, 12, then Songkran, 18
        ("2023-04-10 16:30", date(2023, 4, 19)),  # the letter leaves on the 11th
        ("2023-04-15 10:00", date(2023, 4, 21)),  # a Saturday within Songkran: from Tuesday 18, then 19, 20, 21
    ],
)
def test_the_first_withdrawal_gives_the_correction_days_from_the_letters_day(moment: str, due_on: date) -> None:
    assert withdrawn(moment).due_on == due_on


def test_a_second_withdrawal_of_a_round_gives_no_days() -> None:
    again = hand_over(withdrawn("2023-04-10 10:00"), "2023-04-18 15:00")
    assert take_back(again, "2023-04-18 15:30").due_on == date(2023, 4, 18)


def test_a_first_withdrawal_of_a_new_round_gives_days_again() -> None:
    sent_back = send_back(hand_over(withdrawn("2023-04-10 10:00"), "2023-04-11 10:00"), "2023-04-11 11:00")
    again = hand_over(sent_back, "2023-04-19 10:00")
    assert take_back(again, "2023-04-20 10:00").due_on == date(2023, 4, 25)  # 21, 24, 25


def test_a_later_day_that_a_person_granted_is_kept_when_it_comes_back() -> None:
    granted = (BY_PLAN, Ground(GroundKind.SET, date(2023, 5, 31)))
    moved = withdrawn("2023-04-11 10:00", due_on=date(2023, 5, 31), grounds=granted)
    assert (moved.due_on, moved.deadline_version) == (date(2023, 5, 31), 1)


def test_the_plans_day_counts_again_when_what_was_pulled_forward_comes_back() -> None:
    pulled = (Ground(GroundKind.SET, date(2023, 3, 24)),)
    moved = withdrawn("2023-03-16 10:00", due_on=date(2023, 3, 24), grounds=pulled)
    assert moved.due_on == date(2023, 4, 10)


def test_the_plans_day_is_that_of_todays_calendar() -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 10): "วันหยุดพิเศษ"})
    moved = withdraw(waiting(), settings=SETTINGS, now=at("2023-03-20 10:00"), workdays=workdays)
    assert moved.due_on == date(2023, 4, 11)


def test_days_late_that_were_booked_stay_when_it_comes_back() -> None:
    assert withdrawn("2023-04-19 10:00", late_workdays=3).late_workdays == 3


def test_the_ladder_starts_anew_and_what_lies_behind_is_silent() -> None:
    moved = withdrawn("2023-03-30 10:00", rung=NO_RUNG)
    assert (moved.deadline_version, moved.rung, moved.ladder_from) == (1, 0, at("2023-03-30 10:00"))


def test_where_the_deadline_moves_the_rungs_are_counted_from_the_new_one() -> None:
    moved = withdrawn("2023-04-12 10:00", rung=3)
    assert (moved.due_on, moved.rung) == (date(2023, 4, 20), 0)


def test_what_is_asked_again_after_a_cancellation_is_as_new() -> None:
    dropped = make_assignment(
        state=State.CANCELLED, withdrawals=1, returned_reason="แนบภาพ", reason="ก", waiting=make_wait()
    )
    again = open_again(dropped, now=at("2023-04-11 10:00"))
    assert (again.withdrawals, again.returned_reason, again.reason, again.waiting) == (0, "", "", None)


def test_every_stored_change_of_a_withdrawal_is_one_version() -> None:
    assert withdrawn("2023-04-11 10:00", version=4).version == 5

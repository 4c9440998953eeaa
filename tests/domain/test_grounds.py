from __future__ import annotations

from datetime import date

import pytest

from domain.assignment import Assignment, IncompleteError, State, grounds_of
from domain.deadline import change_deadline, follow_calendar
from domain.grounds import BY_PLAN, Ground, GroundKind, latest
from domain.office import OfficeSettings
from domain.submission import ExtensionRequest
from domain.workdays import Workdays
from tests.factories import FY2566, HOLIDAYS, at, make_assignment, make_wait, make_workdays

WORKDAYS = make_workdays()
SETTINGS = OfficeSettings()
Q2 = FY2566.quarter(2)
SET_ON_21 = Ground(GroundKind.SET, date(2023, 4, 21))


def off(*days: date) -> Workdays:
    return make_workdays(holidays={**HOLIDAYS, **dict.fromkeys(days, "วันหยุดพิเศษ")})


def follow(
    assignment: Assignment, before: Workdays, after: Workdays, moment: str, settings: OfficeSettings = SETTINGS
) -> Assignment:
    return follow_calendar(assignment, (before, SETTINGS), (after, settings), at(moment))


def changed(day: date, moment: str = "2023-03-20 10:00", **override: object) -> Assignment:
    return change_deadline(
        make_assignment(**override),
        day,
        reason="เลื่อนประชุมสภา",
        settings=SETTINGS,
        now=at(moment),
        workdays=WORKDAYS,
    )


@pytest.mark.parametrize(
    ("ground", "day"),
    [
        (BY_PLAN, date(2023, 4, 10)),  # 3, 4, 5, 7, 10 April
        (Ground(GroundKind.DAYS, date(2023, 4, 12), 3), date(2023, 4, 20)),  # 18, 19, 20
        (SET_ON_21, date(2023, 4, 21)),
    ],
)
def test_every_ground_gives_a_working_day(ground: Ground, day: date) -> None:
    assert ground.means(Q2, 5, WORKDAYS) == day


@pytest.mark.parametrize(
    ("ground", "day"),
    [
        (BY_PLAN, date(2023, 4, 11)),  # 3, 4, 5, 10, 11 April
        (Ground(GroundKind.DAYS, date(2023, 4, 5), 3), date(2023, 4, 12)),  # 10, 11, 12
        (Ground(GroundKind.SET, date(2023, 4, 7)), date(2023, 4, 10)),
        (Ground(GroundKind.SET, date(2023, 4, 10)), date(2023, 4, 10)),  # a person's day moves only if it is off itself
    ],
)
def test_a_day_off_that_is_entered_is_counted_as_each_ground_counts(ground: Ground, day: date) -> None:
    assert ground.means(Q2, 5, off(date(2023, 4, 7))) == day


@pytest.mark.parametrize(
    ("moment", "since"),
    [
        ("2023-04-07 16:29", date(2023, 4, 7)),
        ("2023-04-07 16:30", date(2023, 4, 10)),
        ("2023-04-13 10:00", date(2023, 4, 18)),
    ],
)
def test_days_of_a_rule_are_counted_from_the_day_on_which_the_letter_can_leave(moment: str, since: date) -> None:
    assert Ground.of_rule(WORKDAYS, at(moment), 3) == Ground(GroundKind.DAYS, since, 3)


def test_the_latest_ground_gives_the_deadline() -> None:
    grounds = (SET_ON_21, BY_PLAN, Ground(GroundKind.DAYS, date(2023, 4, 12), 3))
    assert latest(grounds, Q2, 5, WORKDAYS) == date(2023, 4, 21)


@pytest.mark.parametrize(
    ("due_on", "grounds"),
    [
        (date(2023, 4, 10), (BY_PLAN,)),
        (date(2023, 4, 21), (SET_ON_21,)),
    ],
)
def test_what_was_stored_without_grounds_rests_on_the_plan_or_a_person_by_its_day(
    due_on: date, grounds: tuple[Ground, ...]
) -> None:
    assert grounds_of(make_assignment(due_on=due_on), SETTINGS, WORKDAYS) == grounds


def test_grounds_that_were_kept_are_the_grounds() -> None:
    assert grounds_of(make_assignment(grounds=(SET_ON_21,)), SETTINGS, WORKDAYS) == (SET_ON_21,)


@pytest.mark.parametrize(
    "state", [State.OPEN, State.RETURNED, State.HANDED_IN, State.CANNOT_DO_STATED, State.CANNOT_DO]
)
def test_a_day_off_that_is_entered_moves_every_deadline_alike(state: State) -> None:
    moved = follow(make_assignment(state=state), WORKDAYS, off(date(2023, 4, 7)), "2023-03-20 10:00")
    assert (moved.due_on, moved.deadline_version) == (date(2023, 4, 11), 2)


def test_a_day_off_that_touches_no_ground_changes_nothing() -> None:
    kept = make_assignment(grounds=(SET_ON_21,), due_on=date(2023, 4, 21))
    assert follow(kept, WORKDAYS, off(date(2023, 4, 7)), "2023-03-20 10:00") == kept


def test_a_day_off_taken_back_in_time_gives_the_plans_day_again() -> None:
    moved = follow(make_assignment(due_on=date(2023, 4, 11)), off(date(2023, 4, 7)), WORKDAYS, "2023-03-20 10:00")
    assert moved.due_on == date(2023, 4, 10)


@pytest.mark.parametrize(
    ("moment", "due_on"),
    [
        ("2023-04-04 10:00", date(2023, 4, 10)),  # three working days are 5, 7, 10
        ("2023-04-04 16:30", date(2023, 4, 11)),  # 7, 10, 11
        ("2023-04-10 10:00", date(2023, 4, 11)),  # three are 18 April, and nothing becomes later
    ],
)
def test_a_day_off_taken_back_leaves_the_correction_days_and_makes_nothing_later(moment: str, due_on: date) -> None:
    moved = follow(make_assignment(due_on=date(2023, 4, 11)), off(date(2023, 4, 7)), WORKDAYS, moment)
    assert moved.due_on == due_on


def test_fewer_days_of_the_office_to_report_in_leave_the_correction_days() -> None:
    shorter = OfficeSettings(report_due=1)
    moved = follow(make_assignment(), WORKDAYS, WORKDAYS, "2023-03-31 10:00", shorter)
    assert moved.due_on == date(2023, 4, 5)  # 3, 4, 5, and not 3 April


def test_a_deadline_that_is_set_rests_on_the_person_alone() -> None:
    moved = changed(date(2023, 4, 21), grounds=(BY_PLAN,))
    assert (moved.due_on, moved.grounds) == (date(2023, 4, 21), (SET_ON_21,))


def test_a_deadline_that_is_set_on_a_day_off_is_the_next_working_day() -> None:
    assert changed(date(2023, 4, 13)).due_on == date(2023, 4, 18)


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        ("2023-03-28 16:29", date(2023, 3, 31)),  # 29, 30, 31
        ("2023-03-28 16:30", date(2023, 4, 3)),
    ],
)
def test_a_deadline_pulled_forward_leaves_the_correction_days_or_is_refused(moment: str, first: date) -> None:
    assert changed(first, moment).due_on == first
    with pytest.raises(IncompleteError, match=f"{first} or later"):
        changed(WORKDAYS.add(first, -1), moment)


def test_a_later_deadline_needs_to_leave_no_days() -> None:
    assert changed(date(2023, 4, 11), "2023-04-10 10:00").due_on == date(2023, 4, 11)


@pytest.mark.parametrize("day", [date(2023, 4, 10), date(2023, 3, 17)])
def test_the_deadline_in_force_and_a_day_that_has_passed_cannot_be_set(day: date) -> None:
    with pytest.raises(IncompleteError, match="another day"):
        changed(day)


@pytest.mark.parametrize(("day", "waits"), [(date(2023, 4, 20), True), (date(2023, 4, 21), False)])
def test_a_request_that_the_new_day_grants_is_answered_and_one_for_a_later_day_waits_on(
    day: date, *, waits: bool
) -> None:
    asked = ExtensionRequest(date(2023, 4, 21), "รอผล", "somsri", make_wait())
    assert changed(day, extension=asked).extension == (asked if waits else None)

from __future__ import annotations

from datetime import date

import pytest

from domain.assignment import Assignment, IncompleteError, State
from domain.moves import AcknowledgedAlreadyError, MoveRefusedError, acknowledge
from domain.people import Level
from domain.waiting import Acknowledgment, Told
from tests.factories import at, make_assignment, make_workdays

WORKDAYS = make_workdays()
CLERKS = Acknowledgment("the-clerk", Level.CLERK, date(2023, 4, 12), date(2023, 4, 24))


def acknowledged(
    moment: str = "2023-04-12 10:00",
    *,
    by: str = "the-clerk",
    level: Level = Level.CLERK,
    is_anybody_above: bool = True,
    until: date | None = None,
    **override: object,
) -> Assignment:
    return acknowledge(
        make_assignment(**override),
        by=by,
        level=level,
        is_anybody_above=is_anybody_above,
        now=at(moment),
        workdays=WORKDAYS,
        until=until,
    )


def told(*posts: tuple[Level, date]) -> Told:
    return Told(posts=posts)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2023-04-12 16:29", date(2023, 4, 24)),  # 18, 19, 20, 21, 24: after Songkran
        ("2023-04-12 16:30", date(2023, 4, 25)),
        ("2023-04-22 10:00", date(2023, 5, 1)),  # a Saturday: from Monday 24, then 25, 26, 27, 28, 1
        ("2023-04-24 08:30", date(2023, 5, 1)),
    ],
)
def test_an_acknowledgment_lasts_through_the_fifth_working_day(moment: str, until: date) -> None:
    assert acknowledged(moment).acknowledgments[-1].until == until


def test_an_acknowledgment_says_who_made_it_at_which_level_and_when() -> None:
    assert acknowledged().acknowledgments == (CLERKS,)


def test_who_acknowledges_counts_as_told() -> None:
    assert acknowledged(told=Told(persons=("the-chang-head",))).told.persons == ("the-chang-head", "the-clerk")


@pytest.mark.parametrize(
    ("named", "until"), [(date(2023, 4, 19), date(2023, 4, 19)), (date(2023, 5, 31), CLERKS.until)]
)
def test_a_day_named_in_its_words_ends_it_earlier_and_never_later(named: date, until: date) -> None:
    assert acknowledged(until=named).acknowledgments[-1].until == until


def test_an_acknowledgment_may_end_on_the_day_itself() -> None:
    assert acknowledged(until=date(2023, 4, 12)).acknowledgments[-1].until == date(2023, 4, 12)


def test_a_day_that_has_passed_cannot_be_named() -> None:
    with pytest.raises(IncompleteError, match="a day to come"):
        acknowledged(until=date(2023, 4, 11))


@pytest.mark.parametrize(
    ("level", "silenced"),
    [
        (Level.HEAD, [Level.HEAD]),
        (Level.CLERK, [Level.HEAD, Level.CLERK]),
        (Level.MAYOR, [Level.HEAD, Level.CLERK, Level.MAYOR]),
    ],
)
def test_it_silences_the_levels_up_to_its_own_but_never_the_officer(level: Level, silenced: list[Level]) -> None:
    moved = acknowledged(level=level)
    assert [each for each in Level if moved.is_silenced(each, date(2023, 4, 18))] == silenced


@pytest.mark.parametrize(("day", "is_silent"), [(date(2023, 4, 24), True), (date(2023, 4, 25), False)])
def test_it_lapses_at_the_end_of_its_last_day(day: date, *, is_silent: bool) -> None:
    assert make_assignment(acknowledgments=(CLERKS,)).is_silenced(Level.CLERK, day) is is_silent


def test_there_is_nothing_to_acknowledge_before_the_deadline_has_passed() -> None:
    with pytest.raises(IncompleteError, match="an escalation"):
        acknowledged("2023-04-10 16:30")


@pytest.mark.parametrize("state", [State.HANDED_IN, State.CANNOT_DO_STATED, State.CANNOT_DO])
def test_what_the_division_need_not_do_cannot_be_acknowledged(state: State) -> None:
    with pytest.raises(MoveRefusedError, match="acknowledge"):
        acknowledged(state=state)


@pytest.mark.parametrize(
    "posts",
    [
        (),
        ((Level.HEAD, date(2023, 4, 24)), (Level.CLERK, date(2023, 4, 24))),
        ((Level.MAYOR, date(2023, 4, 12)),),  # on the very day of the first one, not after it
    ],
)
def test_a_level_cannot_renew_until_somebody_above_was_told_since(posts: tuple[tuple[Level, date], ...]) -> None:
    with pytest.raises(AcknowledgedAlreadyError):
        acknowledged("2023-04-25 10:00", acknowledgments=(CLERKS,), told=told(*posts))


def test_a_level_may_renew_once_somebody_above_was_told() -> None:
    moved = acknowledged("2023-04-25 10:00", acknowledgments=(CLERKS,), told=told((Level.MAYOR, date(2023, 4, 24))))
    assert [each.until for each in moved.acknowledgments] == [
        date(2023, 4, 24),
        date(2023, 5, 2),
    ]  # 26, 27, 28 April, 1, 2 May


def test_another_level_may_acknowledge_what_one_below_did() -> None:
    moved = acknowledged("2023-04-12 11:00", by="the-mayor", level=Level.MAYOR, acknowledgments=(CLERKS,))
    assert [each.level for each in moved.acknowledgments] == [Level.CLERK, Level.MAYOR]


def test_the_same_level_in_another_persons_hands_is_the_same_level() -> None:
    with pytest.raises(AcknowledgedAlreadyError):
        acknowledged("2023-04-18 10:00", by="the-khlang-head", acknowledgments=(CLERKS,))


def test_where_nobody_is_above_a_level_may_renew_once_it_was_told_again() -> None:
    again = told((Level.CLERK, date(2023, 4, 24)))
    moved = acknowledged("2023-04-25 10:00", is_anybody_above=False, acknowledgments=(CLERKS,), told=again)
    assert len(moved.acknowledgments) == 2


def test_where_nobody_is_above_a_level_cannot_renew_before_it_was_told_again() -> None:
    before = told((Level.CLERK, date(2023, 4, 12)))
    with pytest.raises(AcknowledgedAlreadyError):
        acknowledged("2023-04-25 10:00", is_anybody_above=False, acknowledgments=(CLERKS,), told=before)

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.line import LINE, Line, Seat, line_of
from domain.people import Holding, Level, People
from tests.factories import FY2566, make_people

DAY: Final = date(2023, 4, 11)
OFFICER, HEAD, CLERK, MAYOR, ADMINISTRATOR = Level
OF_CHANG: Final = {
    OFFICER: "the-chang-officer",
    HEAD: "the-chang-head",
    CLERK: "the-clerk",
    MAYOR: "the-mayor",
    ADMINISTRATOR: "the-admin",
}


def line(
    *,
    vacant: Collection[str] = (),
    acting: Mapping[str, str] | None = None,
    also: tuple[Holding, ...] = (),
    division: str = "chang",
) -> Line:
    return line_of(make_people(vacant=vacant, acting=acting, also=also), division, DAY)


def held(post: str, person: str, end_on: date | None = None) -> Holding:
    return Holding(post, person, FY2566.start, end_on)


def seat(level: Level, *persons: str) -> Seat:
    return Seat(level, persons or (OF_CHANG[level],))


# Who is reached


@pytest.mark.parametrize("level", LINE)
def test_a_word_to_a_filled_level_reaches_who_is_there(level: Level) -> None:
    assert line().reached(level) == seat(level)


@pytest.mark.parametrize(
    ("vacant", "level", "reached"),
    [
        (("chang-officer",), OFFICER, HEAD),
        (("chang-head",), HEAD, CLERK),
        (("chang-officer", "chang-head"), OFFICER, CLERK),
        (("chang-officer", "chang-head", "clerk"), OFFICER, MAYOR),
        (("chang-head", "clerk", "mayor"), HEAD, ADMINISTRATOR),
        (("chang-officer", "chang-head", "clerk", "mayor"), OFFICER, ADMINISTRATOR),
    ],
)
def test_a_word_to_a_vacant_level_reaches_the_next_filled_one_above(
    vacant: tuple[str, ...], level: Level, reached: Level
) -> None:
    assert line(vacant=vacant).reached(level) == seat(reached)


def test_where_only_the_posts_above_are_vacant_the_ladder_ends_below() -> None:
    assert line(vacant=("mayor",)).reached(MAYOR) == Seat(MAYOR, ())


def test_a_post_that_the_office_does_not_have_is_vacant() -> None:
    assert line(division="truatsop").reached(HEAD) == seat(CLERK)


def test_everybody_who_holds_a_post_of_the_level_is_there() -> None:
    assert line(also=(held("chang-head", "the-khlang-head"),)).at(HEAD) == ("the-chang-head", "the-khlang-head")


def test_who_acts_is_there_in_the_holders_place() -> None:
    assert line(acting={"chang-head": "the-khlang-head"}).reached(HEAD) == seat(HEAD, "the-khlang-head")


def test_a_vacant_post_for_which_somebody_acts_is_filled() -> None:
    filled = line(vacant=("chang-head",), acting={"chang-head": "the-khlang-head"})
    assert filled.reached(HEAD) == seat(HEAD, "the-khlang-head")


@pytest.mark.parametrize(("end_on", "reached"), [(DAY, HEAD), (date(2023, 4, 10), CLERK)])
def test_the_last_day_in_a_post_is_a_day_in_it(end_on: date, reached: Level) -> None:
    left = line(vacant=("chang-head",), also=(held("chang-head", "the-chang-head", end_on),))
    assert left.reached(HEAD) == seat(reached)


def test_an_office_without_anybody_reaches_nobody() -> None:
    assert line_of(People(), "chang", DAY).reached(OFFICER) == Seat(ADMINISTRATOR, ())


@pytest.mark.parametrize(
    ("vacant", "top"),
    [
        ((), MAYOR),
        (("mayor",), CLERK),
        (("mayor", "clerk"), HEAD),
        (("mayor", "clerk", "chang-head"), None),  # an officer is no top
    ],
)
def test_the_top_is_the_highest_filled_supervisor(vacant: tuple[str, ...], top: Level | None) -> None:
    assert line(vacant=vacant).top is top


# Somebody's highest level


def test_who_holds_two_posts_of_a_line_has_the_higher_level() -> None:
    assert line(also=(held("chang-officer", "the-chang-head"),)).highest("the-chang-head") is HEAD


def test_a_head_who_acts_for_the_clerk_has_the_clerks_level() -> None:
    assert line(acting={"clerk": "the-chang-head"}).highest("the-chang-head") is CLERK


def test_who_is_displaced_by_an_acting_person_keeps_their_level() -> None:
    assert line(acting={"clerk": "the-chang-head"}).highest("the-clerk") is CLERK


@pytest.mark.parametrize("person", ["the-khlang-head", "the-admin", "nobody"])
def test_who_has_no_post_in_the_line_has_no_level(person: str) -> None:
    assert line().highest(person) is None


# With whom a decision lies


@pytest.mark.parametrize(
    ("doer", "level", "decides"),
    [
        ("the-chang-officer", OFFICER, HEAD),
        ("the-chang-head", HEAD, CLERK),
        ("the-clerk", CLERK, MAYOR),
        ("the-admin", OFFICER, HEAD),
        ("the-chang-officer", CLERK, CLERK),  # acted for the clerk when it was done
    ],
)
def test_it_lies_with_the_lowest_level_that_is_not_below_the_doers_and_has_another_person(
    doer: str, level: Level, decides: Level
) -> None:
    assert line().deciders(doer, level) == seat(decides)


@pytest.mark.parametrize(
    ("vacant", "decides"),
    [
        (("chang-head",), CLERK),
        (("chang-head", "clerk"), MAYOR),
        (("chang-head", "clerk", "mayor"), ADMINISTRATOR),
    ],
)
def test_in_place_of_a_vacant_post_the_next_one_decides(vacant: tuple[str, ...], decides: Level) -> None:
    assert line(vacant=vacant).deciders("the-chang-officer", OFFICER) == seat(decides)


def test_one_person_in_two_posts_does_not_decide_their_own_act_in_the_higher_one() -> None:
    both = line(also=(held("chang-officer", "the-chang-head"),))
    assert both.deciders("the-chang-head", HEAD) == seat(CLERK)


def test_an_officer_who_came_to_be_head_meanwhile_leaves_it_to_the_clerk() -> None:
    risen = line(vacant=("chang-head",), also=(held("chang-head", "the-chang-officer"),))
    assert risen.deciders("the-chang-officer", OFFICER) == seat(CLERK)


def test_of_two_persons_of_a_level_the_other_decides() -> None:
    two = line(also=(held("chang-head", "the-khlang-head"),))
    assert two.deciders("the-chang-head", HEAD) == seat(HEAD, "the-khlang-head")


def test_where_a_head_acts_for_the_clerk_the_mayor_decides_what_the_head_did() -> None:
    acting = line(acting={"clerk": "the-chang-head"})
    assert acting.deciders("the-chang-head", HEAD) == seat(MAYOR)


@pytest.mark.parametrize(
    ("doer", "level", "vacant"),
    [
        ("the-mayor", MAYOR, ()),
        ("the-clerk", CLERK, ("mayor",)),
        ("the-chang-head", HEAD, ("clerk", "mayor")),
    ],
)
def test_where_the_line_has_nobody_else_the_doer_decides(doer: str, level: Level, vacant: tuple[str, ...]) -> None:
    assert line(vacant=vacant).deciders(doer, level) == Seat(level, (doer,))


def test_where_the_doer_has_left_and_nobody_is_at_their_level_the_administrator_decides() -> None:
    assert line(vacant=("mayor", "clerk")).deciders("somebody-who-left", CLERK) == seat(ADMINISTRATOR)


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("the-chang-officer", False),
        ("the-chang-head", True),
        ("the-clerk", True),
        ("the-mayor", True),
        ("the-admin", False),
        ("the-khlang-head", False),
    ],
)
def test_with_whom_it_lies_and_who_is_above_them_may_decide(person: str, *, may: bool) -> None:
    assert line().may_decide(person, "the-chang-officer", OFFICER) is may


def test_a_head_may_not_decide_what_lies_with_the_clerk() -> None:
    assert not line().may_decide("the-chang-head", "the-chang-officer", CLERK)


@pytest.mark.parametrize("acting", [{}, {"mayor": "the-clerk"}, {"clerk": "the-chang-head"}])
def test_who_did_it_may_not_decide_it_in_any_post(acting: dict[str, str]) -> None:
    assert not line(acting=acting).may_decide("the-chang-head", "the-chang-head", HEAD)


def test_the_next_filled_level_above_is_the_one_above_with_somebody_else() -> None:
    assert line(vacant=("clerk",)).above(HEAD, ()) == seat(MAYOR)


def test_who_is_left_out_is_passed_over_on_the_way_up() -> None:
    assert line(acting={"clerk": "the-chang-head"}).above(HEAD, ("the-chang-head",)) == seat(MAYOR)


@pytest.mark.parametrize("level", [MAYOR, ADMINISTRATOR])
def test_nobody_is_above_the_top(level: Level) -> None:
    assert line().above(level, ()) is None


POSTS: Final = ("chang-officer", "chang-head", "clerk", "mayor", "admin")
HOLDERS: Final = tuple(f"the-{post}" for post in POSTS)


@given(
    vacant=st.sets(st.sampled_from(POSTS)),
    acting=st.dictionaries(st.sampled_from(POSTS), st.sampled_from(HOLDERS)),
    doer=st.sampled_from(HOLDERS),
    level=st.sampled_from(LINE),
)
@example(vacant={"chang-head", "clerk", "mayor"}, acting={}, doer="the-admin", level=OFFICER)
@example(vacant=set(), acting={"mayor": "the-clerk"}, doer="the-clerk", level=CLERK)
def test_a_decision_lies_with_the_doer_only_where_nobody_else_is_at_or_above_their_level(
    vacant: set[str], acting: dict[str, str], doer: str, level: Level
) -> None:
    found = line(vacant=vacant, acting=acting)
    deciders = found.deciders(doer, level)
    lowest = max(level.rank, HEAD.rank, (found.highest(doer) or OFFICER).rank)
    others = {each for rank in LINE[lowest:] for each in found.at(rank)} - {doer}
    assert deciders.level.rank >= lowest
    assert set(deciders.persons) <= others if others else deciders.level is ADMINISTRATOR or deciders.persons == (doer,)

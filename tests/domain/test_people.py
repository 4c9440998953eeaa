from __future__ import annotations

from datetime import date

import pytest

from domain.people import Addressee, Holding, Level, People, Post
from tests.factories import make_people

DAY = date(2023, 4, 11)


def told(people: People, level: Level, division: str = "chang", day: date = DAY) -> list[str]:
    return [addressee.person.key for addressee in people.addressees(level, division, day)]


def only(people: People, level: Level, division: str = "chang") -> Addressee:
    (addressee,) = people.addressees(level, division, DAY)
    return addressee


@pytest.mark.parametrize(
    ("level", "person"),
    [
        (Level.OFFICER, "the-chang-officer"),
        (Level.HEAD, "the-chang-head"),
        (Level.CLERK, "the-clerk"),
        (Level.MAYOR, "the-mayor"),
        (Level.ADMINISTRATOR, "the-admin"),
    ],
)
def test_every_level_of_a_division_has_its_own_person(level: Level, person: str) -> None:
    assert told(make_people(), level) == [person]


def test_a_notice_to_a_vacant_head_goes_to_the_clerk() -> None:
    assert told(make_people(vacant=["chang-head"]), Level.HEAD) == ["the-clerk"]


def test_the_clerk_reads_for_which_vacant_post_the_notice_came_up() -> None:
    assert only(make_people(vacant=["chang-head"]), Level.HEAD).stands_in_for == ("ผู้อำนวยการกองช่าง",)


def test_two_vacant_posts_in_a_row_are_both_passed_over() -> None:
    assert told(make_people(vacant=["chang-head", "clerk"]), Level.HEAD) == ["the-mayor"]


def test_a_notice_to_a_division_without_officers_goes_to_its_head() -> None:
    assert told(make_people(vacant=["chang-officer"]), Level.OFFICER) == ["the-chang-head"]


def test_a_vacancy_in_another_division_changes_nothing() -> None:
    assert told(make_people(vacant=["khlang-head"]), Level.HEAD) == ["the-chang-head"]


def test_the_acting_holder_of_a_vacant_post_is_told() -> None:
    people = make_people(vacant=["chang-head"], acting={"chang-head": "the-palad-head"})
    assert told(people, Level.HEAD) == ["the-palad-head"]


def test_the_acting_holder_displaces_the_holder_on_leave() -> None:
    assert told(make_people(acting={"clerk": "the-palad-head"}), Level.CLERK) == ["the-palad-head"]


def test_an_acting_post_is_marked_as_official_paper_writes_it() -> None:
    people = make_people(acting={"clerk": "the-palad-head"})
    assert only(people, Level.CLERK).posts == ("รักษาราชการแทนปลัดเทศบาล",)


def test_somebody_who_acts_until_a_day_is_told_on_that_day_and_not_after() -> None:
    people = make_people(also=[Holding("clerk", "the-palad-head", DAY, DAY, is_acting=True)])
    assert [told(people, Level.CLERK, day=DAY), told(people, Level.CLERK, day=date(2023, 4, 12))] == [
        ["the-palad-head"],
        ["the-clerk"],
    ]


def test_somebody_who_holds_two_posts_of_a_level_is_told_once_with_both_titles() -> None:
    twin = Post("chang-officer-2", "นายช่างโยธา", Level.OFFICER, "chang")
    usual = make_people(also=[Holding(twin.key, "the-chang-officer", date(2022, 10, 1))])
    people = People(usual.divisions, (*usual.posts, twin), usual.persons, usual.holdings)
    assert only(people, Level.OFFICER).posts == ("เจ้าหน้าที่กองช่าง", "นายช่างโยธา")


def test_a_holding_entered_twice_names_the_post_once() -> None:
    people = make_people(also=[Holding("clerk", "the-clerk", date(2023, 1, 1))])
    assert only(people, Level.CLERK).posts == ("ปลัดเทศบาล",)


def test_everybody_who_holds_a_post_of_the_level_is_told() -> None:
    people = make_people(also=[Holding("chang-officer", "the-khlang-officer", date(2022, 10, 1))])
    assert told(people, Level.OFFICER) == ["the-chang-officer", "the-khlang-officer"]


def test_the_audit_units_notices_to_its_head_go_to_the_clerk() -> None:
    assert told(make_people(), Level.HEAD, "truatsop") == ["the-clerk"]


def test_the_clerk_stands_in_for_nobody_where_the_audit_unit_has_no_head() -> None:
    assert only(make_people(), Level.HEAD, "truatsop").stands_in_for == ()


def test_a_notice_to_a_vacant_mayor_comes_down_to_the_clerk() -> None:
    assert told(make_people(vacant=["mayor"]), Level.MAYOR) == ["the-clerk"]


def test_without_mayor_and_clerk_the_head_is_the_highest_who_can_be_told() -> None:
    assert told(make_people(vacant=["mayor", "clerk"]), Level.MAYOR) == ["the-chang-head"]


def test_an_escalation_never_comes_down_to_the_officers() -> None:
    people = make_people(vacant=["mayor", "clerk", "chang-head"])
    assert told(people, Level.CLERK) == ["the-admin"]


def test_the_administrator_is_told_when_nobody_else_is_left() -> None:
    people = make_people(vacant=["mayor", "clerk", "chang-head", "chang-officer"])
    assert told(people, Level.OFFICER) == ["the-admin"]


def test_an_office_without_anybody_tells_nobody() -> None:
    assert People().addressees(Level.OFFICER, "chang", DAY) == []


def test_a_post_nobody_holds_yet_is_vacant_before_its_first_day() -> None:
    assert told(make_people(), Level.OFFICER, day=date(2022, 9, 30)) == []


def test_the_levels_of_a_head_are_their_own_divisions_only() -> None:
    people = make_people()
    assert [people.levels_of("the-chang-head", division, DAY) for division in ("chang", "khlang")] == [[Level.HEAD], []]


def test_the_clerk_answers_for_every_division() -> None:
    assert make_people().levels_of("the-clerk", "truatsop", DAY) == [Level.CLERK]


def test_somebody_who_acts_for_the_clerk_has_both_levels() -> None:
    people = make_people(vacant=["clerk"], acting={"clerk": "the-chang-head"})
    assert people.levels_of("the-chang-head", "chang", DAY) == [Level.HEAD, Level.CLERK]


def test_a_division_or_person_that_does_not_exist_is_none() -> None:
    assert (make_people().division("khlang2"), make_people().person("nobody")) == (None, None)

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.assignment import Assignment, State
from domain.line import Line, line_of
from domain.moves import Move
from domain.people import Holding, Level
from domain.rights import MAY as RIGHTS
from domain.rights import (
    NotAllowedError,
    OwnMatterError,
    check,
    check_four_eyes,
    check_not_own_division,
    in_place_of,
    moves_of,
)
from domain.submission import ExtensionRequest
from tests.factories import FY2566, make_assignment, make_people, make_wait

DAY: Final = date(2023, 4, 11)
OWN_WORK: Final = {"the-chang-officer", "the-chang-head", "the-admin"}
DECISION: Final = {"the-chang-head", "the-clerk", "the-mayor"}
MAY: Final = {
    Move.OPEN: set[str](),
    Move.HAND_IN: OWN_WORK,
    Move.WITHDRAW: OWN_WORK,
    Move.RETURN: DECISION,
    Move.ACCEPT: DECISION,
    Move.CONFIRM: DECISION,
    Move.CANNOT_DO: OWN_WORK,
    Move.CANCEL: {"the-admin", "the-clerk", "the-mayor"},
    Move.ASK_EXTENSION: OWN_WORK,
    Move.GRANT_EXTENSION: DECISION,
    Move.REFUSE_EXTENSION: DECISION,
    Move.ACKNOWLEDGE: DECISION,
    Move.CHANGE_DEADLINE: {"the-admin"},
    Move.ESCALATE: set[str](),
}
"""Who may do what to an assignment of กองช่าง."""

PERSONS: Final = ["the-khlang-officer", "the-khlang-head", *sorted(OWN_WORK | DECISION)]


def may(person: str, move: Move, division: str = "chang", **people: object) -> bool:
    try:
        check(person, move, division, make_people(**people), DAY)  # type: ignore[arg-type]
    except NotAllowedError:
        return False
    return True


def test_the_table_of_rights_says_something_of_every_move() -> None:
    assert set(MAY) == set(Move)


@pytest.mark.parametrize(("move", "person"), list(product(Move, PERSONS)))
def test_everybody_may_do_what_the_table_says_and_nothing_else(move: Move, person: str) -> None:
    assert may(person, move) == (person in MAY[move])


def test_the_acting_head_may_accept() -> None:
    assert may("the-khlang-head", Move.ACCEPT, acting={"chang-head": "the-khlang-head"})


def test_a_head_displaced_by_an_acting_one_may_not_accept() -> None:
    assert not may("the-chang-head", Move.ACCEPT, acting={"chang-head": "the-khlang-head"})


def test_what_the_audit_unit_hands_in_is_accepted_by_the_clerk() -> None:
    assert may("the-clerk", Move.ACCEPT, "truatsop")


def test_somebody_the_office_does_not_know_may_do_nothing() -> None:
    assert not any(may("nobody", move) for move in Move)


def test_a_refusal_names_those_who_may() -> None:
    with pytest.raises(NotAllowedError) as refused:
        check("the-chang-officer", Move.ACCEPT, "chang", make_people(), DAY)
    assert [key in str(refused.value) for key in ("the-chang-head", "the-clerk", "the-mayor", "the-admin")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_refusal_says_so_when_nobody_may() -> None:
    with pytest.raises(NotAllowedError, match="nobody yet") as refused:
        check("the-chang-officer", Move.OPEN, "chang", make_people(), DAY)
    assert refused.value.in_thai().endswith("ณ วันที่ ๑๑ เมษายน ๒๕๖๖ ผู้มีสิทธิคือ ยังไม่มีผู้ดำรงตำแหน่ง")


POSTS: Final = sorted(post.key for post in make_people().posts)
EVERYBODY: Final = [f"the-{post}" for post in POSTS]


@given(vacant=st.sets(st.sampled_from(POSTS)), division=st.sampled_from(["chang", "truatsop"]))
@example(vacant=set(POSTS), division="chang")
@example(vacant=set(POSTS) - {"admin"}, division="chang")
@example(vacant={"chang-officer", "chang-head"}, division="chang")
def test_whoever_is_told_of_a_levels_work_may_do_it_and_nobody_else(vacant: set[str], division: str) -> None:
    people = make_people(vacant=vacant)
    for level in Level:
        told = {who.person.key for who in people.addressees(level, division, DAY)}
        may_as_level = {move for move, levels in RIGHTS.items() if level in levels}
        for person in told:
            assert may_as_level <= moves_of(person, division, people, DAY)
    for person in EVERYBODY:
        reached = {
            level for level in Level if person in {w.person.key for w in people.addressees(level, division, DAY)}
        }
        assert moves_of(person, division, people, DAY) == {m for m, levels in RIGHTS.items() if levels & reached}


def test_with_officer_and_head_vacant_the_clerk_reports_and_the_mayor_reviews() -> None:
    vacant = ("chang-officer", "chang-head")
    assert may("the-clerk", Move.HAND_IN, vacant=vacant)
    assert may("the-mayor", Move.ACCEPT, vacant=vacant)
    assert not may("the-mayor", Move.HAND_IN, vacant=vacant)
    assert not may("the-khlang-head", Move.HAND_IN, vacant=vacant)


def test_with_officer_head_and_clerk_vacant_the_mayor_reports() -> None:
    assert may("the-mayor", Move.HAND_IN, vacant=("chang-officer", "chang-head", "clerk"))


def test_who_is_there_keeps_the_right_to_themselves() -> None:
    assert not may("the-clerk", Move.HAND_IN)
    assert not may("the-clerk", Move.HAND_IN, vacant=("khlang-officer", "khlang-head"))


def test_a_post_somebody_acts_for_is_not_vacant() -> None:
    vacant, acting = ("chang-officer", "chang-head"), {"chang-head": "the-khlang-head"}
    assert may("the-khlang-head", Move.HAND_IN, vacant=vacant, acting=acting)
    assert not may("the-clerk", Move.HAND_IN, vacant=vacant, acting=acting)


def test_without_any_supervisor_the_administrator_decides() -> None:
    vacant = ("chang-head", "clerk", "mayor")
    assert may("the-admin", Move.ACCEPT, vacant=vacant)
    assert not may("the-chang-officer", Move.ACCEPT, vacant=vacant)


@pytest.mark.parametrize(
    ("person", "move", "vacant", "level"),
    [
        ("the-clerk", Move.HAND_IN, ("chang-officer", "chang-head"), Level.OFFICER),
        ("the-clerk", Move.HAND_IN, ("chang-head",), Level.HEAD),
        ("the-chang-head", Move.HAND_IN, ("chang-officer",), None),
        ("the-clerk", Move.ACCEPT, ("chang-head",), None),
        ("the-admin", Move.ACCEPT, ("chang-head", "clerk", "mayor"), Level.HEAD),
        ("the-admin", Move.HAND_IN, ("chang-officer", "chang-head", "clerk", "mayor"), None),
        ("clock", Move.ESCALATE, (), None),
    ],
)
def test_a_right_that_only_a_vacancy_gives_is_known(
    person: str, move: Move, vacant: tuple[str, ...], level: Level | None
) -> None:
    assert in_place_of(person, move, "chang", make_people(vacant=vacant), DAY) is level


def test_a_refusal_names_who_stands_in() -> None:
    with pytest.raises(NotAllowedError) as refused:
        check("the-mayor", Move.HAND_IN, "chang", make_people(vacant=("chang-officer", "chang-head")), DAY)
    assert "the-clerk" in str(refused.value)


DECIDES_RESULT: Final = [Move.ACCEPT, Move.RETURN, Move.CONFIRM]
DECIDES_REQUEST: Final = [Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION]
BOTH_POSTS: Final = Holding("chang-officer", "the-chang-head", FY2566.start)


def of_chang(**people: object) -> Line:
    return line_of(make_people(**people), "chang", DAY)  # type: ignore[arg-type]


def is_own(person: str, move: Move, assignment: Assignment, line: Line) -> bool:
    try:
        check_four_eyes(person, move, assignment, line, line.people)
    except OwnMatterError:
        return True
    return False


def done_by(person: str, level: Level) -> Assignment:
    return make_assignment(state=State.HANDED_IN, waiting=make_wait(by=person, level=level))


def asked_by(person: str, level: Level) -> Assignment:
    wait = make_wait(by=person, level=level)
    return make_assignment(extension=ExtensionRequest(date(2023, 4, 20), "รอผล", person, wait))


@pytest.mark.parametrize("move", DECIDES_RESULT)
def test_who_handed_in_or_stated_does_not_decide_it_in_a_higher_post(move: Move) -> None:
    line = of_chang(also=(BOTH_POSTS,))
    assert is_own("the-chang-head", move, done_by("the-chang-head", Level.HEAD), line)
    assert not is_own("the-clerk", move, done_by("the-chang-head", Level.HEAD), line)


@pytest.mark.parametrize("move", DECIDES_REQUEST)
def test_who_asked_for_time_does_not_decide_it_in_a_higher_post(move: Move) -> None:
    line = of_chang(also=(BOTH_POSTS,))
    assert is_own("the-chang-head", move, asked_by("the-chang-head", Level.HEAD), line)
    assert not is_own("the-clerk", move, asked_by("the-chang-head", Level.HEAD), line)


def test_who_asked_for_time_may_decide_on_somebody_elses_result() -> None:
    asked = make_assignment(extension=ExtensionRequest(date(2023, 4, 20), "รอผล", "the-chang-head", make_wait()))
    assert not is_own("the-chang-head", Move.RETURN, asked, of_chang())


def test_one_does_not_decide_in_a_post_below_what_one_did_in_a_higher_one() -> None:
    assert is_own("the-chang-head", Move.ACCEPT, done_by("the-clerk", Level.CLERK), of_chang())


def test_where_the_line_has_nobody_else_the_doer_decides() -> None:
    alone = of_chang(vacant=("clerk", "mayor"))
    assert not is_own("the-chang-head", Move.ACCEPT, done_by("the-chang-head", Level.HEAD), alone)


@pytest.mark.parametrize("move", sorted(set(Move) - {*DECIDES_RESULT, *DECIDES_REQUEST}))
def test_what_decides_nothing_is_nobodys_own_matter(move: Move) -> None:
    assert not is_own("the-chang-officer", move, done_by("the-chang-officer", Level.OFFICER), of_chang())


def test_what_was_stored_before_waits_were_is_decided_by_whoever_may() -> None:
    assert not is_own("the-chang-head", Move.ACCEPT, make_assignment(state=State.HANDED_IN), of_chang())


def test_who_may_not_decide_their_own_act_reads_who_does() -> None:
    with pytest.raises(OwnMatterError, match=r"It lies with ผู้ดำรงตำแหน่งปลัดเทศบาล\.") as refused:
        check_four_eyes("the-chang-head", Move.ACCEPT, done_by("the-chang-head", Level.HEAD), of_chang(), make_people())
    assert refused.value.in_thai().endswith("ผู้พิจารณาคือ ผู้ดำรงตำแหน่งปลัดเทศบาล")


@pytest.mark.parametrize("post", ["chang-officer", "chang-head"])
def test_an_administrator_who_works_in_the_division_does_not_put_off_its_work(post: str) -> None:
    line = of_chang(also=(Holding(post, "the-admin", FY2566.start),))
    with pytest.raises(OwnMatterError):
        check_not_own_division("the-admin", line, line.people)


@pytest.mark.parametrize("post", ["khlang-officer", "khlang-head", "clerk"])
def test_an_administrator_who_works_elsewhere_may_put_off_a_divisions_work(post: str) -> None:
    line = of_chang(also=(Holding(post, "the-admin", FY2566.start),))
    check_not_own_division("the-admin", line, line.people)

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from domain.assignment import Assignment, State
from domain.line import Line, line_of
from domain.moves import Move
from domain.notice import NoticeIntent, NoticeKind
from domain.people import Holding, Level
from domain.submission import ExtensionRequest
from domain.telling import told_of
from domain.waiting import Acknowledgment
from tests.factories import FY2566, make_assignment, make_people, make_wait

DAY: Final = date(2023, 4, 11)
OFFICER, HEAD, CLERK, MAYOR, ADMINISTRATOR = Level
THE_OFFICER: Final = "the-chang-officer"
THE_HEAD: Final = "the-chang-head"
DECISIONS: Final = [Move.RETURN, Move.ACCEPT, Move.CONFIRM, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION]


def line(**people: object) -> Line:
    return line_of(make_people(**people), "chang", DAY)  # type: ignore[arg-type]


def done(by: str = THE_OFFICER, level: Level = OFFICER, **override: object) -> Assignment:
    """Something that waits for a decision, in either way."""
    wait = make_wait(by=by, level=level)
    asked = ExtensionRequest(date(2023, 4, 28), "รอผล", by, wait)
    return make_assignment(**{"waiting": wait, "extension": asked} | override)


def acknowledged(level: Level) -> Assignment:
    return make_assignment(acknowledgments=(Acknowledgment(f"the-{level}", level, DAY, date(2023, 4, 19)),))


def to(notices: tuple[NoticeIntent, ...]) -> list[tuple[str, Level]]:
    return [(notice.person, notice.level) for notice in notices]


@pytest.mark.parametrize(
    ("move", "person", "level", "kind"),
    [
        (Move.OPEN, THE_OFFICER, OFFICER, NoticeKind.OPENED),
        (Move.HAND_IN, THE_HEAD, HEAD, NoticeKind.HANDED_IN),
        (Move.RETURN, THE_OFFICER, OFFICER, NoticeKind.RETURNED),
        (Move.ACCEPT, THE_OFFICER, OFFICER, NoticeKind.ACCEPTED),
        (Move.CANNOT_DO, THE_HEAD, HEAD, NoticeKind.CANNOT_DO),
        (Move.CONFIRM, THE_OFFICER, OFFICER, NoticeKind.CONFIRMED),
        (Move.ASK_EXTENSION, THE_HEAD, HEAD, NoticeKind.EXTENSION_ASKED),
        (Move.GRANT_EXTENSION, THE_OFFICER, OFFICER, NoticeKind.EXTENSION_DECIDED),
        (Move.REFUSE_EXTENSION, THE_OFFICER, OFFICER, NoticeKind.EXTENSION_DECIDED),
        (Move.CHANGE_DEADLINE, THE_OFFICER, OFFICER, NoticeKind.DEADLINE_CHANGED),
    ],
)
def test_whoever_must_act_next_is_told_of_a_move(move: Move, person: str, level: Level, kind: NoticeKind) -> None:
    (notice,) = told_of(done(), move, line(), by="somebody", reason="รอผล")
    assert (notice.person, notice.level, notice.kind, notice.by, notice.reason, notice.rung_offset) == (
        person,
        level,
        kind,
        "somebody",
        "รอผล",
        None,
    )


def test_nobody_is_written_to_of_what_the_clock_said() -> None:
    assert told_of(done(), Move.ESCALATE, line(), heard=[THE_OFFICER]) == ()


@pytest.mark.parametrize("move", DECISIONS)
def test_a_decision_goes_to_the_officers_and_to_who_did_or_asked(move: Move) -> None:
    notices = told_of(done(), move, line(), by="the-clerk", doer=THE_HEAD)
    assert to(notices) == [(THE_HEAD, HEAD), (THE_OFFICER, OFFICER)]


def test_who_did_and_is_an_officer_is_told_of_the_decision_once() -> None:
    assert to(told_of(done(), Move.ACCEPT, line(), by=THE_HEAD, doer=THE_OFFICER)) == [(THE_OFFICER, OFFICER)]


@pytest.mark.parametrize("move", sorted(set(Move) - {Move.ESCALATE}))
def test_nobody_is_written_to_about_what_they_just_did(move: Move) -> None:
    moved = replace(done(), acknowledgments=acknowledged(MAYOR).acknowledgments)
    everybody = [THE_OFFICER, THE_HEAD, "the-clerk"]
    for by in everybody:
        notices = told_of(moved, move, line(), by=by, doer=by, heard=everybody)
        assert by not in {notice.person for notice in notices}


@pytest.mark.parametrize("move", [Move.HAND_IN, Move.CANNOT_DO, Move.ASK_EXTENSION])
def test_what_a_head_did_is_told_to_the_clerk_who_decides_it(move: Move) -> None:
    assert to(told_of(done(THE_HEAD, HEAD), move, line(), by=THE_HEAD)) == [("the-clerk", CLERK)]


@pytest.mark.parametrize("move", [Move.HAND_IN, Move.CANNOT_DO, Move.ASK_EXTENSION])
def test_what_the_doer_decides_themselves_is_written_to_nobody(move: Move) -> None:
    alone = line(vacant=("clerk", "mayor"))
    assert told_of(done(THE_HEAD, HEAD), move, alone, by=THE_HEAD) == ()


@pytest.mark.parametrize("move", [Move.WITHDRAW, Move.CANCEL])
def test_of_what_is_undone_or_ended_those_are_told_who_had_heard_of_it(move: Move) -> None:
    notices = told_of(done(), move, line(), by=THE_OFFICER, heard=[THE_HEAD, "the-clerk", THE_OFFICER])
    assert to(notices) == [(THE_HEAD, HEAD), ("the-clerk", CLERK)]


@pytest.mark.parametrize("move", [Move.WITHDRAW, Move.CANCEL])
def test_of_what_nobody_had_heard_nothing_is_written_when_it_is_undone(move: Move) -> None:
    assert told_of(done(), move, line(), by=THE_OFFICER) == ()


@pytest.mark.parametrize(
    ("level", "below"),
    [
        (HEAD, [(THE_OFFICER, OFFICER)]),
        (CLERK, [(THE_OFFICER, OFFICER), (THE_HEAD, HEAD)]),
        (MAYOR, [(THE_OFFICER, OFFICER), (THE_HEAD, HEAD), ("the-clerk", CLERK)]),
    ],
)
def test_the_words_of_an_acknowledgment_go_to_everybody_below(level: Level, below: list[tuple[str, Level]]) -> None:
    notices = told_of(acknowledged(level), Move.ACKNOWLEDGE, line(), by=f"the-{level}", reason="ส่งภายในวันศุกร์")
    assert to(notices) == below
    assert {(notice.kind, notice.reason) for notice in notices} == {(NoticeKind.ORDERED, "ส่งภายในวันศุกร์")}


def test_one_person_in_two_posts_gets_the_words_of_an_acknowledgment_once() -> None:
    both = line(vacant=("chang-officer",), also=(Holding("chang-officer", THE_HEAD, FY2566.start),))
    assert to(told_of(acknowledged(CLERK), Move.ACKNOWLEDGE, both, by="the-clerk")) == [(THE_HEAD, HEAD)]


def test_an_opening_for_a_division_without_officers_is_told_to_the_head_in_their_place() -> None:
    (notice,) = told_of(make_assignment(), Move.OPEN, line(vacant=("chang-officer",)))
    assert (notice.person, notice.level, notice.aimed) == (THE_HEAD, HEAD, OFFICER)


def test_without_any_supervisor_what_waits_is_told_to_the_administrator() -> None:
    notices = told_of(done(), Move.HAND_IN, line(vacant=("chang-head", "clerk", "mayor")), by=THE_OFFICER)
    assert to(notices) == [("the-admin", ADMINISTRATOR)]


def test_a_move_of_a_second_round_is_told_anew() -> None:
    first, second = (told_of(done(version=version), Move.HAND_IN, line(), by=THE_OFFICER) for version in (2, 4))
    assert not {notice.key for notice in first} & {notice.key for notice in second}


def test_the_key_of_a_move_names_move_version_and_person() -> None:
    (notice,) = told_of(done(version=4, state=State.HANDED_IN), Move.HAND_IN, line(), by=THE_OFFICER)
    assert notice.key == "2566-m1.1-chang-q2/hand_in/4/the-chang-head"

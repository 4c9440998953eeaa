from __future__ import annotations

from datetime import date
from itertools import product
from typing import Final

import pytest

from domain.assignment import Move
from domain.rights import NotAllowedError, check
from tests.factories import make_people

DAY: Final = date(2023, 4, 11)
OWN_WORK: Final = {"the-chang-officer", "the-chang-head", "the-admin"}
DECISION: Final = {"the-chang-head", "the-clerk", "the-mayor"}
MAY: Final = {
    Move.OPEN: set[str](),
    Move.HAND_IN: OWN_WORK,
    Move.WITHDRAW: OWN_WORK,
    Move.RETURN: DECISION,
    Move.ACCEPT: DECISION,
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

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from domain.assignment import ACTIONABLE, FINAL, Assignment, State
from domain.escalation import ESCALATION_KINDS, Escalated, decide, told_of
from domain.moves import MOVES, Move
from domain.notice import WANTED_IN, NoticeIntent, NoticeKind, deadline_version_of
from domain.people import Level
from domain.submission import ExtensionRequest
from tests.factories import at, make_assignment, make_workdays

NEWS = {NoticeKind.ACCEPTED, NoticeKind.EXTENSION_DECIDED}
"""What nobody is asked to act on."""

LADDER = {*ESCALATION_KINDS.values(), NoticeKind.REMINDER}
REQUEST = ExtensionRequest(date(2023, 4, 28), "รอผล", "somsri")


def notice(kind: NoticeKind, rung_offset: int | None = None, deadline_version: int | None = None) -> NoticeIntent:
    assignment = make_assignment()
    plain = NoticeIntent("k", kind, assignment.id, assignment.division, Level.OFFICER)
    return replace(plain, rung_offset=rung_offset, deadline_version=deadline_version)


def after(state: State, move: Move) -> Assignment:
    return make_assignment(state=MOVES[state, move], extension=REQUEST if move is Move.ASK_EXTENSION else None)


def test_every_kind_says_where_it_has_a_point() -> None:
    assert set(WANTED_IN) == set(NoticeKind)


@pytest.mark.parametrize(("state", "move"), [*MOVES])
def test_what_a_move_tells_has_a_point_right_after_it(state: State, move: Move) -> None:
    moved = after(state, move)
    assert all(intent.has_a_point(moved) for intent in told_of(moved, move))


@pytest.mark.parametrize(("kind", "state"), [*product(sorted(set(NoticeKind) - NEWS), sorted(FINAL))])
def test_nobody_is_asked_to_act_on_what_is_over(kind: NoticeKind, state: State) -> None:
    assert not notice(kind).has_a_point(make_assignment(state=state))


@pytest.mark.parametrize("kind", sorted(NEWS))
def test_news_has_a_point_for_ever(kind: NoticeKind) -> None:
    assert all(notice(kind).has_a_point(make_assignment(state=state)) for state in State)


@pytest.mark.parametrize(("kind", "state"), [*product(sorted(LADDER), State)])
def test_the_ladder_speaks_only_while_the_division_must_act(kind: NoticeKind, state: State) -> None:
    rung = notice(kind, rung_offset=3, deadline_version=1)
    assert rung.has_a_point(make_assignment(state=state)) == (state in ACTIONABLE)


def test_a_rung_of_a_deadline_that_has_moved_has_no_point() -> None:
    rung = notice(NoticeKind.OVERDUE, rung_offset=1, deadline_version=1)
    assert not rung.has_a_point(make_assignment(deadline_version=2))


@pytest.mark.parametrize("waits", [True, False])
def test_a_request_for_more_time_has_a_point_while_it_waits(*, waits: bool) -> None:
    asked = make_assignment(extension=REQUEST if waits else None)
    assert notice(NoticeKind.EXTENSION_ASKED).has_a_point(asked) == waits


def test_a_notice_of_the_ladder_carries_the_version_of_its_deadline_in_field_and_key() -> None:
    decided = decide(make_assignment(round=2, deadline_version=13), make_workdays(), at("2023-04-11 08:30"))
    assert isinstance(decided, Escalated)
    assert {(n.deadline_version, deadline_version_of(n.key)) for n in decided.notices} == {(13, 13)}


@pytest.mark.parametrize("key", ["2566-m1.1-chang-q2/hand_in/4", "a/d7/hand_in/4", "k1"])
def test_a_key_of_a_move_names_no_deadline(key: str) -> None:
    assert deadline_version_of(key) is None

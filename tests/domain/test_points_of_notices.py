from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from domain.assignment import ACTIONABLE, FINAL, WAITING, Assignment, State
from domain.escalation import ESCALATION_KINDS, due_now
from domain.line import line_of
from domain.moves import MOVES, Move
from domain.notice import WANTED_IN, NoticeIntent, NoticeKind, deadline_version_of
from domain.people import Level
from domain.submission import ExtensionRequest
from domain.telling import told_of
from domain.waiting import Acknowledgment
from tests.factories import at, make_assignment, make_people, make_rules, make_wait

NEWS = {NoticeKind.ACCEPTED, NoticeKind.CONFIRMED, NoticeKind.EXTENSION_DECIDED}
"""What nobody is asked to act on."""

DECISIONS = NEWS - {NoticeKind.ACCEPTED}
"""What a cancellation undoes."""

FOR_WHO_MENDS = NoticeKind.UNDELIVERED
"""A letter that was given up is the administrator's, whatever became of the work."""

LAST_LINE = NoticeKind.CANCELLED
"""What is said of an end."""

LADDER = {*ESCALATION_KINDS.values(), NoticeKind.REMINDER}
DAY = date(2023, 4, 11)
LINE = line_of(make_people(), "chang", DAY)
WAIT = make_wait()
REQUEST = ExtensionRequest(date(2023, 4, 28), "รอผล", WAIT.by, WAIT)
NOTED = Acknowledgment("the-clerk", Level.CLERK, DAY, date(2023, 4, 19))


def notice(kind: NoticeKind, rung_offset: int | None = None, deadline_version: int | None = None) -> NoticeIntent:
    assignment = make_assignment()
    plain = NoticeIntent("k", kind, assignment.id, assignment.division, Level.OFFICER)
    return replace(plain, rung_offset=rung_offset, deadline_version=deadline_version)


def after(state: State, move: Move) -> Assignment:
    return make_assignment(
        state=MOVES[state, move],
        waiting=WAIT,
        extension=REQUEST if move is Move.ASK_EXTENSION else None,
        acknowledgments=(NOTED,),
    )


def test_every_kind_says_where_it_has_a_point() -> None:
    assert set(WANTED_IN) == set(NoticeKind)


@pytest.mark.parametrize(("state", "move"), [*MOVES])
def test_what_a_move_tells_has_a_point_right_after_it(state: State, move: Move) -> None:
    moved = after(state, move)
    by = WAIT.by if move in {Move.HAND_IN, Move.CANNOT_DO, Move.ASK_EXTENSION} else ""
    intents = told_of(moved, move, LINE, by=by, doer=WAIT.by, heard=["the-chang-head"])
    assert all(intent.has_a_point(moved) for intent in intents)
    assert bool(intents) == (move is not Move.ESCALATE)


@pytest.mark.parametrize(
    ("kind", "state"), [*product(sorted(set(NoticeKind) - NEWS - {LAST_LINE, FOR_WHO_MENDS}), sorted(FINAL))]
)
def test_nobody_is_asked_to_act_on_what_is_over(kind: NoticeKind, state: State) -> None:
    assert not notice(kind).has_a_point(make_assignment(state=state))


@pytest.mark.parametrize("state", State)
def test_the_last_line_of_an_end_has_a_point_while_it_is_cancelled(state: State) -> None:
    assert notice(LAST_LINE).has_a_point(make_assignment(state=state)) == (state is State.CANCELLED)


@pytest.mark.parametrize("kind", sorted(NEWS | {FOR_WHO_MENDS}))
def test_news_has_a_point_for_ever_but_a_decision_not_after_a_cancellation(kind: NoticeKind) -> None:
    without = {state for state in State if not notice(kind).has_a_point(make_assignment(state=state))}
    assert without == ({State.CANCELLED} if kind in DECISIONS else set())


@pytest.mark.parametrize(("kind", "state"), [*product(sorted(LADDER), State)])
def test_the_ladder_speaks_only_while_the_division_must_act(kind: NoticeKind, state: State) -> None:
    rung = notice(kind, rung_offset=3, deadline_version=1)
    assert rung.has_a_point(make_assignment(state=state)) == (state in ACTIONABLE)


def test_a_rung_of_a_deadline_that_has_moved_has_no_point() -> None:
    rung = notice(NoticeKind.OVERDUE, rung_offset=1, deadline_version=1)
    assert not rung.has_a_point(make_assignment(deadline_version=2))


OF_A_REQUEST = [NoticeKind.EXTENSION_ASKED, NoticeKind.DECIDE_REMINDER, NoticeKind.DECIDE_ABOVE]


@pytest.mark.parametrize(("kind", "waits"), [*product(OF_A_REQUEST, [True, False])])
def test_a_request_for_more_time_has_a_point_while_it_waits(kind: NoticeKind, *, waits: bool) -> None:
    asked = make_assignment(extension=REQUEST if waits else None)
    assert replace(notice(kind), by=WAIT.by).has_a_point(asked) == waits


OF_A_RESULT = [NoticeKind.HANDED_IN, NoticeKind.DECIDE_REMINDER, NoticeKind.DECIDE_ABOVE]


@pytest.mark.parametrize(("kind", "state"), [*product(OF_A_RESULT, State)])
def test_a_result_asks_for_a_decision_while_it_waits(kind: NoticeKind, state: State) -> None:
    moved = make_assignment(state=state, waiting=WAIT)
    waits = state is State.HANDED_IN if kind is NoticeKind.HANDED_IN else state in WAITING
    assert replace(notice(kind), by=WAIT.by).has_a_point(moved) == waits


@pytest.mark.parametrize("kind", OF_A_RESULT)
def test_a_result_that_was_decided_asks_for_no_decision(kind: NoticeKind) -> None:
    decided = make_assignment(state=State.HANDED_IN, waiting=make_wait(decided_by="the-chang-head"))
    assert not replace(notice(kind), by=WAIT.by).has_a_point(decided)


@pytest.mark.parametrize(("moment", "has_a_point"), [("2023-04-07 09:59", False), ("2023-04-07 10:00", True)])
def test_what_was_taken_back_is_not_written_for_what_was_handed_in_since(moment: str, *, has_a_point: bool) -> None:
    again = make_assignment(state=State.HANDED_IN, waiting=make_wait(began_at=at("2023-04-07 10:00")))
    arose = replace(notice(NoticeKind.HANDED_IN), by=WAIT.by, arose_at=at(moment))
    assert arose.has_a_point(again) is has_a_point


def test_a_result_that_somebody_else_handed_in_since_is_another() -> None:
    again = make_assignment(state=State.HANDED_IN, waiting=make_wait(by="the-chang-head"))
    assert not replace(notice(NoticeKind.HANDED_IN), by=WAIT.by).has_a_point(again)


def test_a_notice_of_the_ladder_carries_the_version_of_its_deadline_in_field_and_key() -> None:
    telling = due_now(make_assignment(round=2, deadline_version=13), make_rules(), at("2023-04-11 08:30"))
    assert telling is not None
    assert {(n.deadline_version, deadline_version_of(n.key)) for n in telling.notices} == {(13, 13)}


@pytest.mark.parametrize("day", ["2023-04-07", "2023-04-11", "2023-04-24"])
def test_a_notice_of_the_ladder_has_a_point_right_after_it_arose(day: str) -> None:
    telling = due_now(make_assignment(), make_rules(), at(f"{day} 08:30"))
    assert telling is not None
    assert all(intent.has_a_point(telling.assignment) for intent in telling.notices)


@pytest.mark.parametrize("key", ["2566-m1.1-chang-q2/hand_in/4", "a/d7/hand_in/4", "k1"])
def test_a_key_of_a_move_names_no_deadline(key: str) -> None:
    assert deadline_version_of(key) is None

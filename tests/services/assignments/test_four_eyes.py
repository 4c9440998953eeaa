"""Nobody decides what they did themselves, in whatever post, where the line has another person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest

from domain.assignment import Assignment, State
from domain.moves import MoveRefusedError
from domain.notice import NoticeKind
from domain.people import Holding
from domain.rights import NotAllowedError, OwnMatterError
from domain.submission import CannotDoReason
from services.assignments.hand_in import hand_in, state_cannot_do, withdraw
from services.assignments.review import accept, ask_extension, confirm, decide_extension, return_
from tests.factories import at, make_people
from tests.services.assignments.test_moves import CLERK, HEAD, ID, OFFICER, RESULT
from tests.services.live_office import OPENED_IN_TIME, LiveOffice

Found = Callable[..., LiveOffice]
NOW: Final = at("2023-01-05 10:00")
SINCE: Final = date(2022, 10, 1)


@pytest.fixture
def live(office: Found) -> LiveOffice:
    found = office()
    found.mornings(*OPENED_IN_TIME)
    found.compose(NOW)
    return found


def do(live: LiveOffice, move: Callable[..., Assignment], by: str, **facts: object) -> Assignment:
    with live.desk() as desk:
        return move(desk, assignment_id=ID, by=by, now=NOW, **facts)


def stated(live: LiveOffice, by: str = OFFICER) -> Assignment:
    return do(live, state_cannot_do, by, kind=CannotDoReason.NO_BUDGET, reason="ถูกตัด")


def told(live: LiveOffice) -> list[tuple[NoticeKind, str]]:
    with live.reading() as desk:
        return [(n.kind, n.person) for n in desk.uow.notices.waiting()]


def test_what_a_head_hands_in_the_clerk_decides(live: LiveOffice) -> None:
    do(live, hand_in, HEAD, result=RESULT)
    assert told(live) == [(NoticeKind.HANDED_IN, CLERK)]
    with pytest.raises(OwnMatterError, match="ผู้ดำรงตำแหน่งปลัดเทศบาล"):
        do(live, accept, HEAD)
    assert do(live, accept, CLERK).state is State.ACCEPTED
    assert "own" not in live.ledger("assignment.accept")[0].entry.data


def test_what_a_head_asks_for_the_clerk_grants(live: LiveOffice) -> None:
    do(live, ask_extension, HEAD, due_on=date(2023, 1, 31), reason="น้ำท่วม")
    with pytest.raises(OwnMatterError):
        do(live, decide_extension, HEAD, granted=True)
    assert do(live, decide_extension, CLERK, granted=True).due_on == date(2023, 1, 31)


def test_an_officer_who_acts_as_clerk_does_not_decide_their_own_report_nor_does_the_head(office: Found) -> None:
    live = office(people=make_people(also=(Holding("clerk", OFFICER, SINCE, is_acting=True),)))
    live.mornings(*OPENED_IN_TIME)
    do(live, hand_in, OFFICER, result=RESULT)
    for person in (OFFICER, HEAD):
        with pytest.raises(OwnMatterError, match="ผู้ดำรงตำแหน่งนายกเทศมนตรี"):
            do(live, accept, person)
    assert do(live, accept, "the-mayor").state is State.ACCEPTED


def test_where_the_line_has_nobody_else_the_doer_decides_and_the_ledger_says_so(office: Found) -> None:
    one = tuple(Holding(post, HEAD, SINCE) for post in ("chang-officer", "clerk", "mayor"))
    live = office(people=make_people(vacant=("chang-officer", "clerk", "mayor"), also=one))
    live.mornings(*OPENED_IN_TIME)
    do(live, hand_in, HEAD, result=RESULT)
    after = do(live, accept, HEAD)
    assert after.waiting is not None
    assert (after.state, after.waiting.is_own) == (State.ACCEPTED, True)
    assert live.ledger("assignment.accept")[0].entry.data["own"] is True


def test_a_supervisor_agrees_that_it_cannot_be_done_and_who_said_so_is_told(live: LiveOffice) -> None:
    stated(live)
    live.compose(NOW)
    assert do(live, confirm, HEAD).state is State.CANNOT_DO
    assert told(live) == [(NoticeKind.CONFIRMED, OFFICER)]
    assert live.ledger("assignment.confirm")[0].entry.data["from"] == "cannot_do_stated"


def test_nobody_agrees_to_their_own_statement(live: LiveOffice) -> None:
    stated(live, HEAD)
    with pytest.raises(OwnMatterError):
        do(live, confirm, HEAD)
    assert live.get(ID).state is State.CANNOT_DO_STATED


def test_an_officer_does_not_agree_that_it_cannot_be_done(live: LiveOffice) -> None:
    stated(live)
    with pytest.raises(NotAllowedError):
        do(live, confirm, OFFICER)


def test_the_division_takes_back_what_it_stated_and_is_asked_again(live: LiveOffice) -> None:
    stated(live)
    after = do(live, withdraw, OFFICER)
    assert (after.state, after.cannot_do, after.reason, after.withdrawals) == (State.OPEN, None, "", 1)
    assert after.due_on == date(2023, 1, 10)  # three days from the 5th are the 6th, 9th and 10th, the plan's own day


def test_after_it_is_agreed_only_the_line_sends_it_back(live: LiveOffice) -> None:
    stated(live)
    do(live, confirm, HEAD)
    with pytest.raises(MoveRefusedError):
        do(live, withdraw, OFFICER)
    assert do(live, return_, HEAD, reason="ทำได้").state is State.RETURNED


def test_what_was_sent_back_is_so_again_with_its_reason_when_the_statement_is_taken_back(live: LiveOffice) -> None:
    do(live, hand_in, OFFICER, result=RESULT)
    do(live, return_, HEAD, reason="แนบภาพ")
    stated(live)
    after = do(live, withdraw, OFFICER)
    assert (after.state, after.reason) == (State.RETURNED, "แนบภาพ")

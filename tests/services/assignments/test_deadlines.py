from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest

from domain.assignment import IncompleteError
from domain.people import Holding
from domain.rights import NotAllowedError, OwnMatterError
from services.assignments.deadlines import can_change, change
from services.assignments.review import ask_extension
from services.schedule.schedule import MeasureKey, moments_of
from tests.factories import at, make_people
from tests.services.live_office import ADMIN, OPENED_IN_TIME, LiveOffice

NOW: Final = at("2023-01-05 10:00")
Q1: Final = "2566-m1.1-chang-q1"
"""Due on Tuesday 10 January 2023."""


@pytest.fixture
def live(office: Callable[..., LiveOffice]) -> LiveOffice:
    found = office()
    found.mornings(*OPENED_IN_TIME)
    return found


def changed(live: LiveOffice, day: date, *, by: str = ADMIN, reason: str = "เลื่อนประชุม") -> int:
    with live.desk() as desk:
        found = can_change(desk, MeasureKey(2566, live.key, "m1"), assignment_id=Q1)
        return len(change(desk, found, day, reason=reason, by=by, now=NOW))


def test_notices_are_counted_from_the_new_deadline_and_the_audit_agrees(live: LiveOffice) -> None:
    assert changed(live, date(2023, 1, 20)) == 1
    assert live.advance(at("2023-01-10 08:30")).escalated == 0  # the day it was due before
    assert live.advance(at("2023-01-11 08:30")).escalated == 1  # seven working days before the new one
    live.compose(at("2023-01-11 08:31"))
    assert [found for found in live.audit(at("2023-01-11 08:40")).findings if Q1 in found.sentence] == []
    with live.reading() as desk:
        instants = [moment.at for moment in moments_of(desk, MeasureKey(2566, live.key, "m1"))]
    assert at("2023-01-20 08:30") in instants


def test_a_deadline_can_come_earlier_and_old_notices_lose_their_point(live: LiveOffice) -> None:
    assert changed(live, date(2023, 1, 20)) == 1
    assert changed(live, date(2023, 1, 12)) == 1
    after = live.get(Q1)
    assert (after.due_on, after.deadline_version) == (date(2023, 1, 12), 3)
    assert live.advance(at("2023-01-11 08:30")).escalated == 1


def test_an_earlier_deadline_leaves_the_days_for_correction(live: LiveOffice) -> None:
    assert changed(live, date(2023, 1, 20)) == 1
    with pytest.raises(IncompleteError, match="3 working days at least: 2023-01-10"):
        changed(live, date(2023, 1, 9))  # 6, 9, 10 January are three
    assert changed(live, date(2023, 1, 10)) == 1


def test_a_request_that_the_new_day_grants_is_answered_and_a_later_one_waits(live: LiveOffice) -> None:
    with live.desk() as desk:
        ask_extension(desk, Q1, date(2023, 1, 31), reason="รอผล", by="the-chang-officer", now=NOW)
    changed(live, date(2023, 1, 20))
    assert live.get(Q1).extension is not None
    changed(live, date(2023, 2, 1))
    assert live.get(Q1).extension is None


def test_what_stands_at_the_day_already_stays(live: LiveOffice) -> None:
    assert changed(live, date(2023, 1, 10)) == 0
    assert live.ledger("assignment.change_deadline") == []


@pytest.mark.parametrize("day", [date(2023, 1, 4), date(2022, 12, 28)])
def test_a_day_that_has_passed_is_refused(live: LiveOffice, day: date) -> None:
    with pytest.raises(IncompleteError, match="still to come"):
        changed(live, day)


def test_a_change_without_a_reason_is_refused(live: LiveOffice) -> None:
    with pytest.raises(IncompleteError, match="reason"):
        changed(live, date(2023, 1, 20), reason=" ")


def test_only_an_administrator_changes_it(live: LiveOffice) -> None:
    with pytest.raises(NotAllowedError):
        changed(live, date(2023, 1, 20), by="the-clerk")
    assert live.get(Q1).due_on == date(2023, 1, 10)


def test_an_administrator_who_is_head_of_the_division_puts_off_nothing_of_it(office: Callable[..., LiveOffice]) -> None:
    live = office(people=make_people(vacant=("admin",), also=(Holding("admin", "the-chang-head", date(2022, 10, 1)),)))
    live.mornings(*OPENED_IN_TIME)
    with pytest.raises(OwnMatterError):
        changed(live, date(2023, 1, 20), by="the-chang-head")
    assert live.get(Q1).due_on == date(2023, 1, 10)


@pytest.mark.parametrize("day", [date(2024, 10, 1), date.max])
def test_no_day_is_beyond_the_end_of_the_next_fiscal_year(live: LiveOffice, day: date) -> None:
    with pytest.raises(IncompleteError, match="Name a day until 2024-09-30"):
        changed(live, day)
    with live.desk() as desk, pytest.raises(IncompleteError, match="Name a day until 2024-09-30"):
        ask_extension(desk, Q1, day, reason="รอผล", by="the-chang-officer", now=NOW)

"""A division asks for a later deadline, and somebody above decides."""

from __future__ import annotations

from datetime import date

import pytest

from domain.assignment import IncompleteError
from domain.deadline import AskedAlreadyError
from domain.ladder import NO_RUNG
from domain.people import Level
from domain.submission import ExtensionRequest
from domain.waiting import Acknowledgment, Told
from tests.domain.test_assignment import asked, decided
from tests.factories import HOLIDAYS, at, make_assignment, make_wait, make_workdays


def test_a_request_for_more_time_changes_no_deadline() -> None:
    moved = asked(date(2023, 4, 20))
    assert (moved.due_on, moved.extension) == (
        date(2023, 4, 10),
        ExtensionRequest(
            date(2023, 4, 20),
            "รอผลสอบราคา",
            "somsri",
            make_wait(by="somsri"),
        ),
    )


def test_a_day_off_asked_for_becomes_the_next_working_day() -> None:
    extension = asked(date(2023, 4, 13)).extension
    assert extension is not None
    assert extension.due_on == date(2023, 4, 18)


@pytest.mark.parametrize("day", [date(2023, 4, 7), date(2023, 4, 10)])
def test_a_day_that_is_not_later_cannot_be_asked_for(day: date) -> None:
    with pytest.raises(IncompleteError, match="later day"):
        asked(day)


def test_a_request_without_a_reason_is_refused() -> None:
    with pytest.raises(IncompleteError, match="reason"):
        asked(date(2023, 4, 20), reason="")


def test_a_request_made_again_has_the_new_day_and_begins_no_days() -> None:
    first = asked(date(2023, 4, 20))
    again = asked(date(2023, 4, 28), "2023-04-10 10:00", extension=first.extension)
    assert again.extension == ExtensionRequest(date(2023, 4, 28), "รอผลสอบราคา", "somsri", make_wait(by="somsri"))


def test_a_request_beside_somebody_elses_is_refused_with_the_day_they_asked_for() -> None:
    theirs = ExtensionRequest(date(2023, 4, 20), "รอผล", "somchai", make_wait(by="somchai"))
    with pytest.raises(AskedAlreadyError, match="2023-04-20") as refused:
        asked(date(2023, 4, 28), extension=theirs)
    assert "๒๐ เมษายน ๒๕๖๖" in refused.value.in_thai()


def test_a_request_stored_before_waits_were_begins_to_wait_when_it_is_made_again() -> None:
    old = ExtensionRequest(date(2023, 4, 20), "รอผล", "somsri")
    extension = asked(date(2023, 4, 28), extension=old).extension
    assert extension is not None
    assert extension.wait == make_wait(by="somsri")


def test_a_granted_extension_moves_the_deadline_and_starts_its_notices_anew() -> None:
    moved = decided(asked(date(2023, 5, 31), rung=3))
    assert (moved.due_on, moved.deadline_version, moved.rung, moved.extension) == (date(2023, 5, 31), 2, NO_RUNG, None)


def test_another_deadline_is_another_lateness_that_nobody_was_told_of_or_acknowledged() -> None:
    heard = Told((Level.HEAD,), ("the-chang-head",), ((Level.HEAD, date(2023, 4, 11)),))
    noted = Acknowledgment("the-clerk", Level.CLERK, date(2023, 4, 12), date(2023, 4, 24))
    moved = decided(asked(date(2023, 5, 31), told=heard, acknowledgments=(noted,)))
    assert (moved.told, moved.acknowledgments, moved.ladder_from) == (Told(), (), at("2023-04-12 10:00"))


def test_a_refused_extension_leaves_the_deadline() -> None:
    waiting = asked(date(2023, 5, 31))
    with pytest.raises(IncompleteError, match="Say why no more time is granted"):
        decided(waiting, granted=False, reason=" ")
    moved = decided(waiting, granted=False, reason="งานเร่งด่วน")
    assert (moved.due_on, moved.deadline_version, moved.extension) == (date(2023, 4, 10), 1, None)


@pytest.mark.parametrize("granted", [True, False])
def test_nothing_can_be_decided_where_nobody_asked(*, granted: bool) -> None:
    with pytest.raises(IncompleteError, match="a request"):
        decided(make_assignment(), granted=granted)


@pytest.mark.parametrize(
    ("moment", "due_on"),
    [
        ("2023-04-12 10:00", date(2023, 4, 20)),  # in time, three working days are 18, 19, 20
        ("2023-04-18 16:29", date(2023, 4, 21)),  # 20 April comes sooner than three working days
        ("2023-04-18 16:30", date(2023, 4, 24)),  # the letter leaves on the 19th
        ("2023-04-25 10:00", date(2023, 4, 28)),  # 20 April has passed
    ],
)
def test_a_granted_day_that_passed_or_comes_too_soon_becomes_the_correction_days(moment: str, due_on: date) -> None:
    assert decided(asked(date(2023, 4, 20)), moment).due_on == due_on


def test_granting_never_takes_away_days_that_a_new_holiday_gave() -> None:
    request = ExtensionRequest(date(2023, 4, 20), "รอผล", "somsri", make_wait())
    moved = decided(make_assignment(due_on=date(2023, 4, 21), extension=request))
    assert (moved.due_on, moved.deadline_version) == (date(2023, 4, 21), 1)


def test_granting_a_day_that_became_a_holiday_moves_to_the_next_working_day() -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 20): "วันหยุดพิเศษ"})
    assert decided(asked(date(2023, 4, 20)), workdays=workdays).due_on == date(2023, 4, 21)

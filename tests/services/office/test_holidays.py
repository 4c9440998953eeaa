from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from domain.errors import NotFoundError
from domain.notice import NoticeKind
from domain.people import Level
from domain.workdays import HolidayOverride
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import ask_extension, decide_extension
from services.calendar import official_holidays
from services.desk import Desk
from services.office.holidays import Moved, drop_holiday, set_holiday
from services.schedule.schedule import MeasureKey, moments_of
from tests.factories import HOLIDAYS, NONE_CONFIRMED, at, make_measure, make_plan, make_responsible, make_step
from tests.services.live_office import ADMIN, OPENED_IN_TIME, LiveOffice

Found = Callable[..., LiveOffice]

NOW: Final = at("2023-01-05 10:00")
Q1: Final = "2566-m1.1-chang-q1"
"""Due on Tuesday 10 January 2023: 4, 5, 6, 9, 10 January."""

OFF: Final = HolidayOverride(date(2023, 1, 9), is_holiday=True, name="วันหยุดพิเศษ", source="มติ ครม.")


@pytest.fixture
def live(office: Found) -> LiveOffice:
    found = office()
    found.mornings(*OPENED_IN_TIME)
    return found


def test_the_official_calendar_is_the_one_of_the_tests() -> None:
    known = official_holidays(2022, 2023)
    week_days = {day for day in known if day.weekday() < 5 and date(2022, 10, 1) <= day}
    assert week_days == {day for day in HOLIDAYS if day.weekday() < 5}


def test_a_holiday_moves_the_deadlines_behind_it(live: LiveOffice) -> None:
    with live.desk() as desk:
        moved = set_holiday(desk, OFF, by=ADMIN, now=NOW)
    assert moved == [Moved(Q1, date(2023, 1, 10), date(2023, 1, 11))]
    after = live.get(Q1)
    assert (after.due_on, after.deadline_version) == (date(2023, 1, 11), 2)
    (line,) = live.ledger("assignment.deadline_followed")
    assert (line.entry.data["before"], line.entry.data["due_on"]) == ("2023-01-10", "2023-01-11")
    assert line.entry.data["reason"] == (
        "เปลี่ยนกำหนดจากวันที่ ๑๐ มกราคม ๒๕๖๖ เป็นวันที่ ๑๑ มกราคม ๒๕๖๖: ๙ มกราคม ๒๕๖๖ เป็นวันหยุด: วันหยุดพิเศษ"
    )
    assert live.ledger("holiday.set")[0].entry.data["source"] == "มติ ครม."


def test_a_preview_that_is_rolled_back_leaves_nothing(live: LiveOffice) -> None:
    before = (live.assignments(), len(live.ledger()))
    with live.store.unit_of_work(live.key) as uow:
        assert len(set_holiday(Desk.open(uow), OFF, by=ADMIN, now=NOW)) == 1
    assert (live.assignments(), len(live.ledger())) == before
    with live.reading() as desk:
        assert desk.workdays.is_workday(OFF.day)


def test_whoever_keeps_the_deadline_is_told_of_its_move_and_why(live: LiveOffice) -> None:
    with live.desk() as desk:
        set_holiday(desk, OFF, by=ADMIN, now=NOW)
    with live.reading() as desk:
        (told,) = [one for one in desk.uow.notices.waiting() if one.kind is NoticeKind.DEADLINE_CHANGED]
    assert (told.assignment, told.level, told.by) == (Q1, Level.OFFICER, ADMIN)
    assert "๑๑ มกราคม ๒๕๖๖" in told.reason
    assert "วันหยุดพิเศษ" in told.reason


def test_notices_are_planned_from_the_new_deadline(live: LiveOffice) -> None:
    with live.desk() as desk:
        set_holiday(desk, OFF, by=ADMIN, now=NOW)
    assert live.advance(at("2023-01-09 08:30")).escalated == 0  # one before the old deadline, now a day off
    assert live.advance(at("2023-01-10 08:30")).escalated == 1  # one before the new
    with live.reading() as desk:
        assert f"{Q1}/v1/d2/r1/officer/the-chang-officer" in desk.uow.notices.keys()  # noqa: SIM118 -- a method, no mapping
        instants = [moment.at for moment in moments_of(desk, MeasureKey(2566, live.key, "m1"))]
    assert at("2023-01-11 08:30") in instants
    assert at("2023-01-09 08:30") not in instants


def test_what_was_said_of_the_old_deadline_is_not_said_again(live: LiveOffice) -> None:
    live.advance(at("2023-01-09 08:30"))  # one before
    with live.desk() as desk:
        set_holiday(desk, replace(OFF, day=date(2023, 1, 10)), by=ADMIN, now=at("2023-01-09 10:00"))
    assert live.get(Q1).due_on == date(2023, 1, 11)
    assert live.advance(at("2023-01-09 11:00")).escalated == 0
    assert live.advance(at("2023-01-11 08:30")).escalated == 1


def test_dropping_it_moves_the_deadlines_back(live: LiveOffice) -> None:
    with live.desk() as desk:
        set_holiday(desk, OFF, by=ADMIN, now=NOW)
    with live.desk() as desk:
        assert drop_holiday(desk, OFF.day, by=ADMIN, now=NOW) == [Moved(Q1, date(2023, 1, 11), date(2023, 1, 10))]
    assert live.get(Q1).due_on == date(2023, 1, 10)
    with live.desk() as desk, pytest.raises(NotFoundError, match="exception on “2023-01-09”"):
        drop_holiday(desk, OFF.day, by=ADMIN, now=NOW)


def test_a_day_that_is_worked_brings_deadlines_forward(live: LiveOffice) -> None:
    worked = HolidayOverride(date(2023, 1, 7), is_holiday=False, name="ทำงานชดเชย")
    with live.desk() as desk:
        moved = set_holiday(desk, worked, by=ADMIN, now=NOW)
    assert moved == [Moved(Q1, date(2023, 1, 10), date(2023, 1, 9))]  # 4, 5, 6, Saturday 7, 9 January


def test_a_deadline_that_people_set_only_leaves_a_day_off(live: LiveOffice) -> None:
    with live.desk() as desk:
        ask_extension(desk, Q1, date(2023, 1, 20), reason="น้ำท่วม", by="the-chang-officer", now=NOW)
        decide_extension(desk, Q1, granted=True, by="the-chang-head", now=NOW)
    with live.desk() as desk:
        assert set_holiday(desk, OFF, by=ADMIN, now=NOW) == []
    with live.desk() as desk:
        moved = set_holiday(desk, replace(OFF, day=date(2023, 1, 20)), by=ADMIN, now=NOW)
    assert moved == [Moved(Q1, date(2023, 1, 20), date(2023, 1, 23))]


def test_the_deadline_of_what_waits_moves_as_any_other(live: LiveOffice) -> None:
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, Q1, result, by="the-chang-officer", now=NOW)
    with live.desk() as desk:
        assert set_holiday(desk, OFF, by=ADMIN, now=NOW) == [Moved(Q1, date(2023, 1, 10), date(2023, 1, 11))]
    assert live.get(Q1).due_on == date(2023, 1, 11)


def test_only_the_office_that_sets_it_is_moved(office: Found) -> None:
    one, two = office(), office(key="ban-kao")
    for live in (one, two):
        live.mornings(*OPENED_IN_TIME)
    with one.desk() as desk:
        set_holiday(desk, OFF, by=ADMIN, now=NOW)
    assert (one.get(Q1).due_on, two.get(Q1).due_on) == (date(2023, 1, 11), date(2023, 1, 10))


def test_every_division_of_a_step_is_moved(office: Found) -> None:
    units = make_responsible(units=("กองช่าง", "กองคลัง"))
    live = office(plan=make_plan(measures=(make_measure(steps=(make_step(responsible=units),)),)))
    live.mornings(*OPENED_IN_TIME)
    with live.desk() as desk:
        assert {m.id for m in set_holiday(desk, OFF, by=ADMIN, now=NOW)} == {Q1, "2566-m1.1-khlang-q1"}

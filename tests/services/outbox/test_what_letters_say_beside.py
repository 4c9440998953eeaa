"""What stands beside the items of letters: who was not reached, what was ordered, what waits; unknown names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

import pytest

from domain.moves import AcknowledgedAlreadyError
from domain.outbox import Letter
from domain.people import DivisionKind
from domain.plan import Plan, Scope
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import acknowledge, ask_extension
from services.office.structure import add_division
from services.planning.plans import import_plan
from tests.factories import NONE_CONFIRMED, at, make_measure, make_plan, make_responsible, make_step
from tests.services.live_office import ADMIN, OPENED_IN_TIME, LiveOffice

Found = Callable[..., LiveOffice]

ID: Final = "2566-m1.1-chang-q1"
LATE: Final = ("2023-01-11", "2023-01-13")
"""The head is told, then the clerk: one and three working days after 10 January."""


def late(live: LiveOffice, *days: str, refused: tuple[str, ...] = ()) -> None:
    for day in days:
        live.mornings(day)
        live.compose(at(f"{day} 08:30"), refused=refused)


def of(live: LiveOffice, person: str, now: datetime) -> Letter:
    (letter,) = [each for each in live.letters() if (each.person, each.created_at) == (person, now)]
    return letter


def test_the_letter_above_says_who_below_was_not_reached(office: Found) -> None:
    live = office()
    late(live, *OPENED_IN_TIME, "2023-01-09", "2023-01-10")
    late(live, LATE[0], refused=("the-chang-head",))
    late(live, LATE[1])
    with live.reading() as desk:
        head = desk.person_name("the-chang-head")
    assert f"แจ้ง{head}ทางอีเมลไม่สำเร็จ" in of(live, "the-clerk", at(f"{LATE[1]} 08:30")).text


def test_a_letter_above_names_nobody_where_all_below_were_reached(office: Found) -> None:
    live = office()
    late(live, *OPENED_IN_TIME, "2023-01-09", "2023-01-10", *LATE)
    assert "ไม่สำเร็จ" not in of(live, "the-clerk", at(f"{LATE[1]} 08:30")).text


def test_those_below_read_what_was_ordered_and_until_when(office: Found) -> None:
    live = office()
    late(live, *OPENED_IN_TIME, "2023-01-09", "2023-01-10", *LATE)
    now = at("2023-01-13 10:00")
    with live.desk() as desk:
        acknowledge(desk, ID, by="the-clerk", words="ประชุมเร่งรัดวันจันทร์", now=now)
    live.compose(now)
    for person in ("the-chang-officer", "the-chang-head"):
        # 16, 17, 18, 19, 20 January: five working days, through the end of the last.
        assert "ประชุมเร่งรัดวันจันทร์ (ภายในวันที่ ๒๐ มกราคม ๒๕๖๖)" in of(live, person, now).text


def test_an_acknowledgment_is_not_renewed_before_somebody_above_was_told(office: Found) -> None:
    live = office()
    late(live, *OPENED_IN_TIME, "2023-01-09", "2023-01-10", LATE[0])
    with live.desk() as desk:
        acknowledge(desk, ID, by="the-chang-head", now=at("2023-01-11 10:00"))
    with live.desk() as desk, pytest.raises(AcknowledgedAlreadyError):
        acknowledge(desk, ID, by="the-chang-head", now=at("2023-01-12 10:00"))
    late(live, LATE[1])
    with live.desk() as desk:
        again = acknowledge(desk, ID, by="the-chang-head", now=at("2023-01-13 10:00"))
    assert len(again.acknowledgments) == 2


def test_the_level_above_a_decider_reads_what_waits_since_when_and_with_whom(office: Found) -> None:
    live = office()
    live.mornings(*OPENED_IN_TIME)
    with live.desk() as desk:
        none = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, ID, none, by="the-chang-officer", now=at("2023-01-04 10:00"))
        head = desk.person_name("the-chang-head")
    late(live, "2023-01-06", "2023-01-11")  # 5, 6 January: two working days; 9, 10, 11: five
    text = of(live, "the-clerk", at("2023-01-11 08:30")).text
    assert f"รายงานผล รอ{head}พิจารณาตั้งแต่วันที่ ๔ มกราคม ๒๕๖๖" in text


def test_a_request_for_time_is_named_in_every_letter_above(office: Found) -> None:
    live = office()
    late(live, *OPENED_IN_TIME, "2023-01-09", "2023-01-10")
    with live.desk() as desk:
        ask_extension(desk, ID, date(2023, 2, 1), reason="น้ำท่วม", by="the-chang-officer", now=at("2023-01-10 10:00"))
    late(live, LATE[0])
    assert "ขอขยายเวลาถึงวันที่ ๑ กุมภาพันธ์ ๒๕๖๖" in of(live, "the-chang-head", at(f"{LATE[0]} 08:30")).text


def named(*units: str) -> Plan:
    step = make_step(responsible=make_responsible(units=units))
    return make_plan(measures=(make_measure(steps=(step,)),))


def test_one_unknown_name_stops_itself_and_the_administrator_is_written_to_once(office: Found) -> None:
    live = office()
    with live.desk() as desk:
        # A plan that named a division which was there then, and was renamed in the office since.
        stored = import_plan(desk, named("กองช่าง", "กองผังเมือง"), by=ADMIN, now=at("2022-09-20 09:00")).stored
        desk.uow.plans.activate(2566, stored.revision, date(2022, 10, 1))
    done = live.advance(at("2022-10-03 08:30"))
    live.compose(at("2022-10-03 08:30"))
    assert done.opened == 1
    assert "กองผังเมือง" in done.faults[0]
    assert "กองผังเมือง" in of(live, ADMIN, at("2022-10-03 08:30")).text
    live.advance(at("2022-10-04 08:30"))
    live.compose(at("2022-10-04 08:30"))
    assert [letter.person for letter in live.letters() if letter.created_at == at("2022-10-04 08:30")] == []


def test_a_name_put_right_opens_all_periods_with_days_to_act(office: Found) -> None:
    live = office()
    with live.desk() as desk:
        stored = import_plan(desk, named("กองช่าง", "กองผังเมือง"), by=ADMIN, now=at("2022-09-20 09:00")).stored
        desk.uow.plans.activate(2566, stored.revision, date(2022, 10, 1))
    live.mornings("2022-10-03")
    with live.desk() as desk:
        added = add_division(
            desk, "phangmueang", "กองผังเมือง", DivisionKind.DIVISION, by=ADMIN, now=at("2023-04-18 09:00")
        )
    assert added.founded_on is None  # the plan in force names it: it only was not known here
    live.advance(at("2023-04-18 10:00"))
    with live.reading() as desk:
        opened = {a.period.key: a.due_on for a in desk.uow.assignments.all() if a.division == "phangmueang"}
    # 19, 20, 21, 24, 25 April: five working days, for what is long over as for what has just ended.
    assert (opened["q1"], opened["q2"]) == (date(2023, 4, 25), date(2023, 4, 25))


def test_a_division_founded_in_mid_year_is_not_asked_for_what_ended_before(office: Found) -> None:
    live = office()
    with live.desk() as desk:
        step = make_step(responsible=make_responsible(scope=Scope.ALL_DIVISIONS))
        everybody = make_plan(measures=(make_measure(steps=(step,)),))
        stored = import_plan(desk, everybody, by=ADMIN, now=at("2022-09-20 09:00")).stored
        desk.uow.plans.activate(2566, stored.revision, date(2022, 10, 1))
    live.mornings("2022-10-03")
    with live.desk() as desk:
        added = add_division(
            desk, "phangmueang", "กองผังเมือง", DivisionKind.DIVISION, by=ADMIN, now=at("2023-06-07 09:00")
        )
    assert added.founded_on == date(2023, 6, 7)
    live.advance(at("2023-06-07 10:00"))
    with live.reading() as desk:
        assert [a.period.key for a in desk.uow.assignments.all() if a.division == "phangmueang"] == ["q3"]

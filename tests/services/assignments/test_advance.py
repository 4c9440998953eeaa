from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from domain.assignment import State
from domain.errors import NotFoundError
from domain.notice import NoticeKind
from domain.people import Level
from domain.plan import Plan, Responsible, Scope
from services.assignments.advance import Advanced
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import acknowledge, return_
from services.desk import Desk
from tests.factories import (
    DIVISIONS,
    NONE_CONFIRMED,
    at,
    make_measure,
    make_people,
    make_plan,
    make_responsible,
    make_step,
)
from tests.services.live_office import OPENED_IN_TIME, LiveOffice
from tests.services.run_measure import run_measure

Found = Callable[..., LiveOffice]

Q1 = "2566-m1.1-chang-q1"
BEFORE = at("2022-10-03 08:29")
OPENS = at("2022-10-03 08:30")
"""1 and 2 October 2022 are a week-end."""


def test_nothing_opens_a_minute_early(office: Found) -> None:
    live = office()
    assert live.advance(BEFORE) == Advanced()
    assert live.assignments() == []


def test_a_step_opens_for_every_division_it_means(office: Found) -> None:
    live = office(plan=_plan(make_responsible(scope=Scope.ALL_DIVISIONS)))
    assert live.advance(OPENS).opened == 6
    assert {a.division for a in live.assignments()} == {d.key for d in DIVISIONS} - {"truatsop"}
    assert all(a.opened_at == OPENS for a in live.assignments())


def _plan(responsible: Responsible) -> Plan:
    return make_plan(measures=(make_measure(steps=(make_step(responsible=responsible),)),))


def test_running_again_changes_nothing(office: Found) -> None:
    live = office()
    live.mornings(*OPENED_IN_TIME)
    first = live.advance(at("2023-01-11 08:30"))
    before = (live.assignments(), len(live.ledger()), _keys(live))
    again = live.advance(at("2023-01-11 08:30"))
    assert first.did_something
    assert not again.did_something
    assert again.overdue == first.overdue == 1
    assert (live.assignments(), len(live.ledger()), _keys(live)) == before


def _keys(live: LiveOffice) -> set[str]:
    with live.reading() as desk:
        return desk.uow.notices.keys()


def test_what_was_opened_late_has_five_days_and_hears_of_no_rung_that_lies_behind(office: Found) -> None:
    live = office()
    done = live.advance(at("2023-01-20 08:30"))
    with live.desk() as desk:
        told = [(n.kind, n.person) for n in desk.uow.notices.waiting() if "-q1" in n.assignment]
    assert done.opened == 2
    assert live.get(Q1).due_on == date(2023, 1, 27)  # 23, 24, 25, 26, 27 January
    assert told == [(NoticeKind.OPENED, "the-chang-officer")]  # seven before it were the 18th


def test_each_escalation_is_a_ledger_line(office: Found) -> None:
    live = office()
    live.mornings(*OPENED_IN_TIME)
    before = len(live.ledger("assignment.escalate"))
    live.advance(at("2023-01-11 08:30"))
    (line,) = live.ledger("assignment.escalate")[before:]
    assert (line.entry.actor, line.entry.subject, line.entry.data["rung"]) == ("clock", Q1, 3)
    assert line.entry.data["to"] == {"overdue": ["the-chang-officer"], "escalation_head": ["the-chang-head"]}


def test_a_step_of_an_unknown_division_stops_no_other(office: Found) -> None:
    """The division was there when the plan came into force, and left the office's file since."""
    steps = (make_step(), make_step(key="m1.2", responsible=make_responsible(units=("กองคลัง",))))
    live = office(plan=make_plan(measures=(make_measure(steps=steps),)))
    with live.desk() as desk:
        left = tuple(d for d in DIVISIONS if d.key != "khlang")
        desk.uow.people.save(make_people(divisions=left))
    done = live.advance(OPENS)
    assert done.opened == 1
    (fault,) = done.faults
    assert "“กองคลัง” (step m1.2)" in fault
    assert "กองช่าง" in fault


def test_a_measure_the_plan_does_not_have_does_nothing(office: Found) -> None:
    live = office()
    assert live.advance(OPENS, "m99") == Advanced()


def test_a_year_without_a_plan_is_said(office: Found) -> None:
    live = office()
    with live.desk() as desk, pytest.raises(NotFoundError, match="plan in force for fiscal year “2567”"):
        desk.plan(2567)


def test_an_acknowledgment_of_the_head_does_not_silence_the_clerk(office: Found) -> None:
    live = _late_and_acknowledged(office, by="the-chang-head")
    live.advance(at("2023-01-13 08:30"))  # three after: 11, 12, 13 January
    assert _told_on(live, "2023-01-13") == {"the-clerk"}


def test_what_the_clerk_acknowledged_is_silent_but_for_the_officer_until_its_last_day(office: Found) -> None:
    live = _late_and_acknowledged(office, by="the-clerk")
    live.mornings("2023-01-13", "2023-01-16", "2023-01-18", "2023-01-19", "2023-01-23")
    assert [_told_on(live, f"2023-01-{day}") for day in (13, 16, 18, 19)] == [set()] * 4
    assert _told_on(live, "2023-01-23") == {"the-chang-officer", "the-chang-head", "the-clerk", "the-mayor"}


def _late_and_acknowledged(office: Found, *, by: str) -> LiveOffice:
    """The first quarter, acknowledged on Wednesday 11 January 2023, so until the 18th: 12, 13, 16, 17, 18."""
    live = office()
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    with live.desk() as desk:
        acknowledge(desk, Q1, by=by, now=at("2023-01-11 10:00"))
    return live


def _told_on(live: LiveOffice, day: str) -> set[str]:
    """Who was told of the first quarter by the run of a morning."""
    with live.reading() as desk:
        notices = desk.uow.notices.waiting()
    return {n.person for n in notices if n.arose_at == at(f"{day} 08:30") and n.assignment == Q1}


def test_the_ladder_of_an_open_assignment_is_the_one_it_opened_with(office: Found) -> None:
    live = office()
    live.advance(OPENS)
    with live.desk() as desk:
        settings = desk.office.settings
        ladder = settings.ladder.model_copy(update={"rungs": settings.ladder.rungs[-1:]})
        changed = settings.model_copy(update={"ladder": ladder})
        desk.uow.offices.save(replace(desk.office, settings=changed))
    live.advance(at("2023-01-04 08:30"))
    one, two = live.assignments()
    assert len(one.ladder.rungs) == 6
    assert len(two.ladder.rungs) == 1


@pytest.mark.parametrize(("begun", "when"), [((), "2022-10-03 08:30"), (("2022-10-03 08:30",), "2023-01-11 08:30")])
def test_workers_at_once_open_and_escalate_once(office: Found, begun: tuple[str, ...], when: str) -> None:
    live = office(plan=_plan(make_responsible(scope=Scope.ALL_UNITS)))
    start, done = threading.Barrier(4), [live.advance(at(first)) for first in begun]

    def run() -> None:
        start.wait()
        done.append(live.advance(at(when)))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 4 + len(begun)
    assert any(one.escalated for one in done) == bool(begun)
    _assert_once(live, opened=sum(d.opened for d in done), escalated=sum(d.escalated for d in done))


def test_two_processes_at_once_open_and_escalate_once(office: Found, database_url: str) -> None:
    live = office(plan=_plan(make_responsible(scope=Scope.ALL_UNITS)))
    first = live.advance(OPENS)
    spawn = multiprocessing.get_context("spawn")
    barrier, answers = spawn.Barrier(2, timeout=60), spawn.SimpleQueue()
    arguments = (database_url, live.key, at("2023-01-11 08:30"), barrier, answers)
    workers = [spawn.Process(target=run_measure, args=arguments) for _ in range(2)]
    for worker in workers:
        worker.start()
    done = [first, *(answers.get() for _ in workers)]
    for worker in workers:
        worker.join()
    _assert_once(live, opened=sum(d.opened for d in done), escalated=sum(d.escalated for d in done))


def _assert_once(live: LiveOffice, *, opened: int, escalated: int) -> None:
    assert opened == len(live.assignments()) == len(live.ledger("assignment.open"))
    assert escalated == len(live.ledger("assignment.escalate"))
    subjects = [line.entry.subject for line in live.ledger("assignment.")]
    assert all(subjects.count(subject) <= 2 for subject in subjects)
    assert live.audit(at("2022-10-03 08:30")).is_clean


def test_a_returned_assignment_starts_a_ladder_of_its_own(office: Found) -> None:
    live = office()
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
    with live.desk() as desk:
        hand_in(desk, Q1, result, by="the-chang-officer", now=at("2023-01-11 09:00"))
    with live.desk() as desk:
        return_(desk, Q1, reason="แก้ไข", by="the-chang-head", now=at("2023-01-11 10:00"))
    back = live.get(Q1)
    assert (back.state, back.round, str(back.due_on)) == (State.RETURNED, 2, "2023-01-16")
    assert live.advance(at("2023-01-13 08:30")).escalated == 1
    with live.desk() as desk:
        last = [n for n in desk.uow.notices.waiting() if "/v2/" in n.key]
    assert [(n.kind, n.level, n.rung_offset) for n in last] == [(NoticeKind.REMINDER, Level.OFFICER, -1)]


def test_an_hour_of_clock_skew_between_workers_takes_nothing_back(office: Found) -> None:
    live = office()
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    before = live.assignments()
    live.advance(at("2023-01-11 07:30"))
    live.advance(at("2023-01-10 08:30"))
    assert live.assignments() == before


def test_a_desk_serves_another_unit_of_work_without_reading_again(office: Found) -> None:
    live = office()
    with live.reading() as known, live.store.unit_of_work(live.key) as uow:
        desk: Desk = known.at(uow)
        assert desk.uow is uow
        assert desk.people is known.people

"""Two assignments that nobody hands in, from opening to the mayor, through a real mail server.

Every date below was worked out by hand from the calendar of 2023. Days off in that time: Thursday 6 April (Chakri),
Thursday 13, Friday 14 and Monday 17 April (Songkran and its substitute), Thursday 4 May (Coronation), Friday 5 May
(by resolution of the cabinet), Wednesday 17 May (Royal Ploughing). Monday 1 May is Labour Day, on which government
offices work.

    m1.1 กองช่าง: second quarter, ends Friday 31 March; five working days later (3, 4, 5, 7, 10) is Monday 10 April.
    m2.1 กองคลัง: once, ends Tuesday 25 April; five working days later (26, 27, 28 April, 1, 2 May) is Tuesday 2 May.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from domain.opening import PlanInForce
from domain.outbox import LetterState
from domain.people import Holding, People
from domain.plan import Cadence, Plan
from domain.thai import BANGKOK
from notifications.mailbox import read_mailbox
from tests.factories import at, make_measure, make_people, make_plan, make_reporting, make_responsible, make_step
from tests.services.day_worker import run_once, work, work_in_a_process
from tests.services.live_office import LiveOffice
from tests.services.mail import mailbox

OPENED = "เริ่มดำเนินการ"
REMINDED = "แจ้งเตือน"
OVERDUE = "โปรดรายงานผล"
TO_HEAD = "โปรดกำกับติดตาม"
TO_CLERK = "เพื่อโปรดสั่งการ"
TO_MAYOR = "เพื่อโปรดทราบและพิจารณา"
SEVERAL = "สรุปงาน"


class Told(NamedTuple):
    """A mail as the test expects it: the day in Bangkok, to whom, and with which words the subject begins."""

    day: str
    to: str
    subject: str


def _everybody(day: str, officer: str, head: str, *above: str) -> tuple[Told, ...]:
    """A weekly summary: everybody on the ladder, each as what they are."""
    subjects = {"clerk": TO_CLERK, "mayor": TO_MAYOR}
    return (
        Told(day, officer, OVERDUE),
        Told(day, head, TO_HEAD),
        *(Told(day, each, subjects[each]) for each in above),
    )


CHANG: Final = (
    Told("2023-01-04", "chang-officer", OPENED),  # 1 to 3 January are days off
    Told("2023-03-29", "chang-officer", REMINDED),  # 7 before: 7, 5, 4, 3 April, 31, 30, 29 March
    Told("2023-04-07", "chang-officer", REMINDED),  # 1 before
    Told("2023-04-10", "chang-officer", REMINDED),  # the day itself
    Told("2023-04-11", "chang-officer", OVERDUE),  # 1 after
    Told("2023-04-11", "sueksa-head", TO_HEAD),  # the same, acting for the head from this day on
    Told("2023-04-18", "mayor", TO_MAYOR),  # 3 after: 11, 12, 18; the clerk's post is vacant, and the week begins today
    *_everybody("2023-04-24", "chang-officer", "sueksa-head", "mayor"),  # 7 after: 19, 20, 21, 24; a Monday
    *_everybody("2023-05-01", "chang-officer", "sueksa-head", "mayor"),
    Told("2023-05-08", "chang-officer", OVERDUE),
    Told("2023-05-08", "sueksa-head", SEVERAL),  # the week's word, and กองคลัง, which is handed over today
    Told("2023-05-08", "clerk", TO_CLERK),  # in office since today
    Told("2023-05-08", "mayor", TO_MAYOR),
    *_everybody("2023-05-15", "chang-officer", "sueksa-head", "clerk", "mayor"),
    *_everybody("2023-05-22", "chang-officer", "sueksa-head", "clerk", "mayor"),
)
KHLANG: Final = (
    Told("2023-04-03", "khlang-officer", OPENED),
    Told("2023-04-21", "khlang-officer", REMINDED),  # 7 before: 1 May, 28, 27, 26, 25, 24, 21 April
    Told("2023-05-01", "khlang-officer", REMINDED),
    Told("2023-05-02", "khlang-officer", REMINDED),
    Told("2023-05-03", "khlang-officer", OVERDUE),
    Told("2023-05-03", "khlang-head", TO_HEAD),  # somebody acts for this head only from 8 May on
    Told("2023-05-09", "clerk", TO_CLERK),  # 3 after: 3, 8, 9; the clerk took office on 8 May
    *_everybody("2023-05-15", "khlang-officer", "sueksa-head", "clerk", "mayor"),  # 7 after: 10, 11, 12, 15; a Monday
    *_everybody("2023-05-22", "khlang-officer", "sueksa-head", "clerk", "mayor"),
)
LAST: Final = date(2023, 5, 23)


def _plan() -> Plan:
    quarter = make_step(reporting=make_reporting(cadence=Cadence.SPECIFIED_QUARTERS, quarters_due=(2,)))
    once = make_step(
        key="m2.1",
        responsible=make_responsible(units=("กองคลัง",)),
        start=date(2023, 4, 3),
        end=date(2023, 4, 25),
        reporting=make_reporting(cadence=Cadence.ONCE),
    )
    return make_plan(
        measures=(make_measure(steps=(quarter,)), make_measure(key="m2", number=2, steps=(once,))),
    )


def _people() -> People:
    return make_people(
        vacant=("clerk",),
        also=(
            Holding("chang-head", "the-sueksa-head", date(2023, 4, 11), is_acting=True),
            Holding("khlang-head", "the-sueksa-head", date(2023, 5, 8), is_acting=True),
            Holding("clerk", "the-clerk", date(2023, 5, 8)),
        ),
    )


@pytest.fixture
def live(office: Callable[..., LiveOffice]) -> LiveOffice:
    return office(plan=_plan(), people=_people())


class Box(NamedTuple):
    """The mailbox that everybody's mail goes to."""

    port: int
    folder: Path

    def told(self) -> list[Told]:
        """What arrived, by day, recipient and subject."""
        return sorted(self._told())

    def _told(self) -> Iterator[Told]:
        for mail in read_mailbox(self.folder):
            assert mail.date is not None
            day = mail.date.astimezone(BANGKOK).date().isoformat()
            words = [words for words in _SUBJECTS if mail.subject.startswith(words)]
            yield Told(day, mail.to.removesuffix("@example.test"), words[0] if words else mail.subject)


_SUBJECTS: Final = (OPENED, REMINDED, OVERDUE, TO_HEAD, TO_CLERK, TO_MAYOR, SEVERAL)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    with mailbox(tmp_path / "mail") as port:
        yield Box(port, tmp_path / "mail")


def _mornings(first: str = "2023-03-27", last: date = LAST) -> list[datetime]:
    """The opening, then 08:30 of every day of the calendar, days off too: a run that finds nothing says nothing."""
    start = at(f"{first} 08:30")
    days = (last - start.date()).days
    return [at("2023-01-04 08:30"), *(start + timedelta(days=n) for n in range(days + 1))]


def _expected(*parts: Sequence[Told]) -> list[Told]:
    """Everything of the parts; what one person is told of both on one day is one mail."""
    return sorted({told for part in parts for told in part})


def test_every_post_is_told_on_the_very_day(live: LiveOffice, box: Box) -> None:
    for now in _mornings():
        run_once(live.store, live.key, box.port, now)
    assert box.told() == _expected(CHANG, KHLANG)
    assert live.audit(at("2023-05-23 12:00")).is_clean


def test_a_morning_a_minute_early_says_nothing_yet(live: LiveOffice, box: Box) -> None:
    for now in _mornings(last=date(2023, 4, 10)):
        run_once(live.store, live.key, box.port, now)
    before = box.told()
    run_once(live.store, live.key, box.port, at("2023-04-11 08:29"))
    assert box.told() == before
    run_once(live.store, live.key, box.port, at("2023-04-11 08:30"))
    assert len(box.told()) == len(before) + 2


def test_running_everything_twice_doubles_nothing(live: LiveOffice, box: Box) -> None:
    for now in _mornings():
        run_once(live.store, live.key, box.port, now)
        run_once(live.store, live.key, box.port, now + timedelta(hours=3))
    assert box.told() == _expected(CHANG, KHLANG)


def test_two_workers_at_once_double_nothing(live: LiveOffice, box: Box, database_url: str) -> None:
    run = _two_threads if database_url.startswith("sqlite") else _two_processes
    run(live, box, database_url, _mornings())
    assert box.told() == _expected(CHANG, KHLANG)
    assert live.letters(LetterState.WAITING) == []
    assert live.audit(at("2023-05-23 12:00")).is_clean


def _two_threads(live: LiveOffice, box: Box, _url: str, mornings: list[datetime]) -> None:
    barrier, faults = threading.Barrier(2, timeout=60), list[Exception]()

    def guarded(owner: str) -> None:
        try:
            work(live.store, live.key, box.port, mornings, owner, barrier)
        except Exception as fault:  # noqa: BLE001 -- a thread's fault must reach the test
            faults.append(fault)
            barrier.abort()

    threads = [threading.Thread(target=guarded, args=(f"w{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def _two_processes(live: LiveOffice, box: Box, url: str, mornings: list[datetime]) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2, timeout=60)
    arguments = [(url, live.key, box.port, mornings, f"w{n}", barrier) for n in range(2)]
    workers = [spawn.Process(target=work_in_a_process, args=given) for given in arguments]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]


def test_after_a_week_without_runs_everybody_who_was_passed_over_is_told_once(live: LiveOffice, box: Box) -> None:
    """The day itself, 1 and 3 working days after passed while nothing ran, and so did the summary of the 18th."""
    for now in _mornings(last=date(2023, 4, 9)):
        run_once(live.store, live.key, box.port, now)
    before = box.told()
    run_once(live.store, live.key, box.port, at("2023-04-19 08:30"))
    new = [told for told in box.told() if told not in before]
    assert new == sorted(_everybody("2023-04-19", "chang-officer", "sueksa-head", "mayor"))
    for now in _mornings("2023-04-20", date(2023, 4, 25))[1:]:
        run_once(live.store, live.key, box.port, now)
    after = [told for told in box.told() if told.day > "2023-04-19" and told.to != "khlang-officer"]
    assert after == sorted(_everybody("2023-04-24", "chang-officer", "sueksa-head", "mayor"))


def test_the_audit_names_the_rung_while_nothing_runs(live: LiveOffice, box: Box) -> None:
    for now in _mornings(last=date(2023, 4, 10)):
        run_once(live.store, live.key, box.port, now)
    assert live.audit(at("2023-04-11 09:00")).is_clean
    (finding,) = live.audit(at("2023-04-11 09:31")).findings
    names = "ผู้ดำรงตำแหน่งเจ้าหน้าที่กองช่าง, ผู้ดำรงตำแหน่งผู้อำนวยการกองการศึกษา"
    assert finding.sentence == f"2566-m1.1-chang-q2: {names} should have been told by now."


def test_the_mayor_reads_for_whom_the_letter_came_up(live: LiveOffice, box: Box) -> None:
    for now in _mornings(last=date(2023, 4, 18)):
        run_once(live.store, live.key, box.port, now)
    mail = read_mailbox(box.folder)[-1]
    assert mail.to == "mayor@example.test"
    assert "ปลัดเทศบาล" in mail.text
    assert "กองช่าง" in mail.text


def test_the_plan_is_the_one_the_dates_were_worked_out_for(live: LiveOffice) -> None:
    with live.reading() as desk:
        plan: PlanInForce = desk.plan(2566)
        assert plan.in_force_on == date(2022, 10, 1)
    live.mornings("2023-01-04", "2023-04-03", measure="m1")
    live.mornings("2023-04-03", measure="m2")
    assert [(a.id, a.due_on) for a in live.assignments()] == [
        ("2566-m1.1-chang-q2", date(2023, 4, 10)),
        ("2566-m2.1-khlang-once", date(2023, 5, 2)),
    ]

"""A large office for the benchmark of the pages: 40 divisions, 300 persons, a year's 10,000 assignments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.assignment import Assignment, State
from domain.figures import Answer
from domain.fiscal import FiscalYear
from domain.ledger import Entry
from domain.office import Office, OfficeKind
from domain.opening import obligations, opened
from domain.people import Division, Holding, Level, People, Person, Post
from domain.plan import Cadence, Measure, Plan, Reporting, Responsible, Scope, Step
from domain.submission import Submission
from services.access.accounts import fingerprint
from services.desk import Desk
from services.office.offices import create
from services.planning.plans import activate, import_plan
from storage.accounts import Account, SignedInAt
from storage.store import Store

OFFICE: Final = "large"
DIVISIONS: Final = 40
USERS: Final = 300
MEASURES: Final = 21
STEPS: Final = 3
LINES: Final = 30_000

NONE: Final = Answer(is_none_confirmed=True)
STATES: Final = (State.OPEN, State.ACCEPTED, State.HANDED_IN, State.ACCEPTED, State.RETURNED, State.ACCEPTED)


def found(store: Store, now: datetime) -> list[str]:
    """Fill an empty store; persons come back, the officers first, each signed in with their key as the token."""
    year = FiscalYear.of(now.date())
    with store.unit_of_work(OFFICE) as uow:
        create(uow, Office(OFFICE, "เทศบาลนครทดสอบ", OfficeKind.CITY_MUNICIPALITY), _people(year), by="admin", now=now)
        desk = Desk.open(uow)
        plan = import_plan(desk, _plan(year), by="admin", now=now).stored
        activate(desk, plan, by="admin", now=now, on=year.start)
        uow.notices.write()
        uow.commit()
    with store.unit_of_work(OFFICE) as uow:
        desk = Desk.open(uow)
        made = _assignments(desk, year, now)
        uow.assignments.add(made)
        _write_ledger(desk, made, now)
        keys = [person.key for person in desk.people.persons]
        for key in keys:
            uow.accounts.add(Account(OFFICE, key, f"{key}@office.example", now))
            uow.accounts.add_session(SignedInAt(OFFICE, fingerprint(key), key, now, now, now + timedelta(hours=8)))
        uow.commit()
    return keys


def _people(year: FiscalYear) -> People:
    divisions = tuple(Division(f"d{n:02}", f"กองที่ {n}") for n in range(1, DIVISIONS + 1))
    posts = [Post(f"{d.key}-officer", f"เจ้าหน้าที่{d.name}", Level.OFFICER, d.key) for d in divisions]
    posts += [Post(f"{d.key}-head", f"ผู้อำนวยการ{d.name}", Level.HEAD, d.key) for d in divisions]
    posts += [
        Post("clerk", "ปลัดเทศบาล", Level.CLERK),
        Post("mayor", "นายกเทศมนตรี", Level.MAYOR),
        Post("admin", "ผู้ดูแลระบบ", Level.ADMINISTRATOR),
    ]
    extra = [f"{divisions[n % DIVISIONS].key}-officer-{n}" for n in range(USERS - len(posts))]
    keys = [*extra, *(post.key for post in posts)]
    persons = tuple(Person(key, f"ผู้ใช้ {key}", f"{key}@office.example") for key in keys)
    holdings = [Holding(post.key, post.key, year.start) for post in posts]
    holdings += [Holding(f"{key[:3]}-officer", key, year.start) for key in extra]
    return People(divisions, tuple(posts), persons, tuple(holdings))


def _plan(year: FiscalYear) -> Plan:
    everybody = Responsible(scope=Scope.ALL_DIVISIONS, raw="ทุกสำนัก/กอง")
    quarterly = Reporting(cadence=Cadence.QUARTERLY)

    def measure(number: int) -> Measure:
        steps = (
            Step(
                key=f"m{number}.{n}", text=f"จัดประชุมชี้แจงและประชาสัมพันธ์ข้อมูลให้ประชาชนทราบ ขั้นตอนที่ {n}",
                responsible=everybody, start=year.start, end=year.end, reporting=quarterly,
            )
            for n in range(1, STEPS + 1)
        )  # fmt: skip
        return Measure(
            key=f"m{number}", number=number, title=f"มาตรการส่งเสริมความโปร่งใสที่ {number}",
            indicators=(1 + number % 10,), steps=tuple(steps),
        )  # fmt: skip

    return Plan(fiscal_year_be=year.be, title="แผน", measures=tuple(measure(n) for n in range(1, MEASURES + 1)))


def _assignments(desk: Desk, year: FiscalYear, now: datetime) -> list[Assignment]:
    asked = obligations(desk.plan(year.be), desk.workdays, desk.office.settings)
    plan, settings = desk.plan(year.be), desk.office.settings
    made = [
        opened(plan, obligation, division, settings, desk.workdays, now)
        for obligation in asked
        for division in desk.people.divisions
    ]
    return [_moved(assignment, STATES[n % len(STATES)], now) for n, assignment in enumerate(made)]


def _moved(assignment: Assignment, state: State, now: datetime) -> Assignment:
    if state is State.OPEN:
        return assignment
    submission = Submission("ดำเนินการแล้วตามแผน มีผู้เข้าร่วมประชุม ๓๕ คน " * 8, NONE, NONE, now.date())
    return replace(
        assignment, state=state, version=3, submission=submission, handed_in_at=now, handed_in_by="d01-officer"
    )


def _write_ledger(desk: Desk, made: Sequence[Assignment], now: datetime) -> None:
    for n in range(LINES):
        assignment = made[n % len(made)]
        kind = ("assignment.open", "assignment.hand_in", "assignment.accept")[n // len(made) % 3]
        facts = {
            "state": assignment.state.value,
            "version": n // len(made) + 1,
            "due_on": assignment.due_on.isoformat(),
        }
        desk.uow.ledger.note(Entry(now, kind, f"{assignment.division}-officer", assignment.id, facts))

"""Counting in the database comes to the same as reading everything and looking at each."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.assignment import ACTIONABLE, Assignment, State
from domain.bucket import BY_STATE, Bucket
from domain.opening import assignment_id, divisions_of, obligations, opened
from domain.plan import Cadence, Plan, Scope
from services.desk import Desk
from services.overview.counts import PLANNED, tally
from services.overview.progress import survey
from tests.factories import (
    DIVISIONS,
    at,
    make_measure,
    make_people,
    make_plan,
    make_reporting,
    make_responsible,
    make_step,
)
from tests.services.live_office import LiveOffice

Found = Callable[..., LiveOffice]
KEYS = [division.key for division in DIVISIONS]
STORED = [state for state in State if state is not State.PLANNED]


def plan_of_all() -> Plan:
    """Steps of everybody and of one division, told monthly, quarterly and once."""
    everybody, one = make_responsible(scope=Scope.ALL_UNITS), make_responsible()
    cadences = (Cadence.MONTHLY, Cadence.QUARTERLY, Cadence.ONCE)
    return make_plan(
        measures=tuple(
            make_measure(
                key=f"m{n}",
                number=n,
                steps=(
                    make_step(key=f"m{n}.1", responsible=everybody, reporting=make_reporting(cadence=cadence)),
                    make_step(key=f"m{n}.2", responsible=one),
                ),
            )
            for n, cadence in enumerate(cadences, start=1)
        )
    )


def fill(desk: Desk, chance: random.Random) -> None:
    """Open a random part of the year, in any state, with deadlines near and far."""
    plan, made = desk.plan(2566), list[Assignment]()
    for asked in obligations(plan, desk.workdays, desk.office.settings):
        for division in divisions_of(asked.step.responsible, desk.people, desk.office.settings, asked.step.key):
            one = opened(plan, asked, division, desk.office.settings, desk.workdays, at("2023-01-04 09:00"))
            if chance.random() < 0.7:
                due_on = chance.choice([one.due_on, date(2023, 4, 10) + timedelta(chance.randint(-15, 45))])
                made.append(replace(one, state=chance.choice(STORED), due_on=due_on))
    desk.uow.assignments.add(made)


def looked_at(desk: Desk, a: Assignment, now: datetime) -> str:
    """Where an assignment lies, by its own clock."""
    if a.state not in ACTIONABLE:
        return str(BY_STATE[a.state])
    if a.is_overdue(desk.workdays, now):
        return Bucket.LATE
    if a.state is State.RETURNED:
        return Bucket.RETURNED
    return Bucket.SOON if a.is_due_soon(desk.workdays, now) else Bucket.OPEN


def read_one_by_one(desk: Desk, divisions: list[str], now: datetime) -> Counter[tuple[str, str, int, str]]:
    """The slow way: every assignment is read and looked at, every obligation compared with what is there."""
    stored = desk.uow.assignments.all(2566)
    counts = Counter(
        (a.measure_key, a.division, a.period.quarter, looked_at(desk, a, now))
        for a in stored
        if a.division in divisions
    )
    plan, known = desk.plan(2566), {a.id for a in stored}
    for asked in obligations(plan, desk.workdays, desk.office.settings):
        for division in divisions_of(asked.step.responsible, desk.people, desk.office.settings, asked.step.key):
            is_there = assignment_id(plan.year, asked.step.key, division.key, asked.period) in known
            if division.key in divisions and not is_there:
                counts[asked.measure.key, division.key, asked.period.quarter, PLANNED] += 1
    return counts


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("divisions", [KEYS, ["chang"], ["chang", "truatsop"]], ids=["all", "one", "two"])
def test_the_quick_count_is_that_of_the_slow_way(office: Found, seed: int, divisions: list[str]) -> None:
    live, chance = office(plan=plan_of_all()), random.Random(seed)
    now = at("2023-04-10 09:00") + timedelta(hours=chance.randint(-200, 200))
    with live.desk() as desk:
        fill(desk, chance)
    with live.reading() as desk:
        slow = read_one_by_one(desk, divisions, now)
        quick = Counter[tuple[str, str, int, str]]()
        for one in tally(desk, divisions, now, 2566).groups:
            quick.update((one.measure, division, one.quarter, str(one.mark)) for division in one.divisions)
        found = survey(desk, [d for d in DIVISIONS if d.key in divisions], now)
        stored = [a for a in desk.uow.assignments.all() if a.division in divisions and a.state in ACTIONABLE]
        late = [a.id for a in stored if a.is_overdue(desk.workdays, now)]
    assert quick == slow
    assert found.whole.counts == sum((Counter({key[3]: n}) for key, n in slow.items()), Counter[str]())
    assert [one.id for one in found.pressing.late] == late[:20]
    assert found.pressing.late_in_all == len(late)


def test_a_step_of_an_unknown_division_is_asked_of_nobody(office: Found) -> None:
    live = office()
    with live.desk() as desk:
        desk.uow.people.save(make_people(divisions=tuple(d for d in DIVISIONS if d.key != "chang")))
    with live.reading() as desk:
        assert tally(desk, KEYS, at("2023-01-04 09:00"), 2566).unopened == ()


def test_the_first_to_act_on_are_cut_and_the_rest_is_counted(office: Found) -> None:
    live = office(plan=plan_of_all())
    for measure in ("m1", "m2", "m3"):
        live.advance(at("2023-01-04 09:00"), measure)
    with live.reading() as desk:
        found = survey(desk, DIVISIONS, at("2023-02-01 09:00")).pressing
    assert len(found.late) == 20
    assert found.late_in_all > 20
    assert {one.bucket for one in found.late} == {Bucket.LATE}

"""Advancing day by day, at the moments only, and once after silence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from domain.assignment import Assignment
from domain.escalation import Rules, due_now
from domain.moments import SUMMARIES_PLANNED, moments
from domain.opening import PlanInForce, due
from domain.people import Level
from domain.plan import Step
from domain.workdays import Workdays
from tests.domain.test_moments import HOLIDAY_SETS, IN_FORCE, LAST, SETTINGS, plan_of, steps
from tests.factories import (
    FY2566,
    HOLIDAYS,
    at,
    days_between,
    make_assignment,
    make_people,
    make_step,
)


@dataclass
class Run:
    """What a run of the flow would keep, without a database."""

    plan: PlanInForce
    workdays: Workdays
    kept: dict[str, Assignment]
    said: list[str]

    def advance(self, now: datetime) -> None:
        self.open(now)
        self.tell(now)

    def open(self, now: datetime) -> None:
        for new in due(self.plan, "m1", self.kept, make_people(), self.workdays, SETTINGS, now):
            self.kept[new.id] = new

    def tell(self, now: datetime) -> None:
        own = self.workdays.summary_day(now.date())
        left = own if own is not None and own < now.date() else None
        rules = Rules(PEOPLE, self.workdays, SETTINGS, left)
        for key, assignment in self.kept.items():
            telling = due_now(assignment, rules, now)
            if telling is not None:
                self.kept[key] = telling.assignment
                self.said += [notice.key for notice in telling.notices]

    @property
    def facts(self) -> dict[str, tuple[object, ...]]:
        return {
            key: (
                a.state,
                a.rung,
                a.due_on,
                a.deadline_version,
                a.round,
                set(a.told.levels),
                set(a.told.persons),
                a.told.summary_on,
            )
            for key, a in self.kept.items()
        }


PEOPLE: Final = make_people()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    both=st.tuples(steps("m1.1"), steps("m1.2")),
    in_force_on=IN_FORCE,
    holidays=HOLIDAY_SETS,
    end=st.dates(min_value=date(2022, 10, 1), max_value=date(2024, 1, 31)),
)
@example(
    both=(make_step(), make_step(key="m1.2")),
    in_force_on=FY2566.start,
    holidays=frozenset(HOLIDAYS),
    end=date(2023, 4, 25),
)
def test_speaking_every_day_and_speaking_again_after_silence_come_to_the_same_with_the_next_summary(
    both: tuple[Step, Step], in_force_on: date, holidays: frozenset[date], end: date
) -> None:
    assume(in_force_on <= end)
    plan, workdays = plan_of(*both, in_force_on=in_force_on), Workdays(dict.fromkeys(holidays, "หยุด"))
    daily, late = (Run(plan, workdays, {}, []) for _ in range(2))
    summary = next(day for day in days_between(end, end + timedelta(days=90)) if workdays.summary_day(day) == day)
    for day in days_between(in_force_on, summary):
        now = at(f"{day} 08:30")
        daily.advance(now)
        late.open(now)
        if day >= end:
            late.tell(now)
    assert daily.facts == late.facts
    assert len(set(daily.said)) == len(daily.said)


@settings(deadline=None, max_examples=40)
@given(
    due_on=st.dates(min_value=date(2023, 1, 4), max_value=date(2023, 9, 30)),
    holidays=HOLIDAY_SETS,
    passed=st.integers(min_value=1, max_value=60),
)
@example(due_on=date(2023, 4, 10), holidays=frozenset(HOLIDAYS), passed=7)
def test_after_silence_one_run_tells_everybody_who_was_passed_over_once_and_from_below(
    due_on: date, holidays: frozenset[date], passed: int
) -> None:
    workdays = Workdays(dict.fromkeys(holidays, "หยุด"))
    due_on = workdays.on_or_after(due_on)
    now = workdays.notice_instant(workdays.add(due_on, passed))
    telling = due_now(make_assignment(due_on=due_on), Rules(PEOPLE, workdays, SETTINGS), now)
    assert telling is not None
    # No summary has left yet, so this week's leaves as soon as it can, and the top is told on any working day.
    expected = [Level.OFFICER, Level.HEAD]
    expected += [Level.CLERK] if passed >= 3 else []
    expected += [Level.MAYOR] if passed >= LAST else []
    assert [notice.level for notice in telling.notices] == expected


def within_the_schedule(said: list[str]) -> list[str]:
    """Leave out the weekly summaries that only the daily sweep finds: those after the twelfth of an assignment."""
    kept: list[str] = []
    weeks: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for key in said:
        assignment, _, _, word, *_ = key.split("/")
        if word.startswith("w"):
            weeks[assignment][word] = None
        if len(weeks[assignment]) <= SUMMARIES_PLANNED:
            kept.append(key)
    return kept


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(step=steps(), in_force_on=IN_FORCE, holidays=HOLIDAY_SETS)
def test_running_only_at_the_moments_says_what_running_every_day_says(
    step: Step, in_force_on: date, holidays: frozenset[date]
) -> None:
    plan, workdays = plan_of(step, in_force_on=in_force_on), Workdays(dict.fromkeys(holidays, "หยุด"))
    daily, scheduled = (Run(plan, workdays, {}, []) for _ in range(2))
    for day in days_between(in_force_on, date(2023, 12, 31)):
        daily.advance(at(f"{day} 08:30"))
    for moment in moments(plan, "m1", workdays, SETTINGS):
        if moment.at.date() <= date(2023, 12, 31):
            scheduled.advance(moment.at)
    assert within_the_schedule(scheduled.said) == within_the_schedule(daily.said)

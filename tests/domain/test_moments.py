from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.assignment import Assignment, State
from domain.ladder import DEFAULT_LADDER, Ladder, Rung
from domain.moments import SUMMARIES_PLANNED, MomentKind, moments
from domain.office import OfficeSettings
from domain.opening import PlanInForce
from domain.people import Level
from domain.plan import Cadence, Step
from domain.thai import BANGKOK
from domain.waiting import Acknowledgment
from domain.workdays import Workdays
from tests.factories import (
    FY2566,
    HOLIDAYS,
    days_between,
    make_assignment,
    make_measure,
    make_plan_in_force,
    make_reporting,
    make_responsible,
    make_step,
    make_wait,
    make_workdays,
)

SETTINGS = OfficeSettings()
ONE_RUNG = Ladder(rungs=(Rung(offset=2, to=(Level.HEAD,)),), repeat_every=None)


def plan_of(*steps: Step, **override: object) -> PlanInForce:
    return make_plan_in_force(measures=(make_measure(steps=steps),), **override)


def days_of(plan: PlanInForce, *assignments: Assignment, workdays: Workdays | None = None) -> dict[date, set[str]]:
    found = moments(plan, "m1", workdays or make_workdays(), SETTINGS, assignments)
    return {moment.at.date(): {f"{kind} {period}" for kind, period in moment.reasons} for moment in found}


def silent_until(day: date) -> tuple[Acknowledgment, ...]:
    return (Acknowledgment("the-clerk", Level.CLERK, date(2023, 4, 12), day),)


def test_a_single_event_has_an_opening_a_deadline_and_every_rung() -> None:
    step = make_step(start=date(2023, 4, 1), end=date(2023, 4, 21), reporting=make_reporting(cadence=Cadence.ONCE))
    found = sorted(days_of(plan_of(step)).items())[:8]
    assert found == [
        (date(2023, 4, 3), {"opening once"}),
        (date(2023, 4, 19), {"reminder once"}),
        (date(2023, 4, 27), {"reminder once"}),
        (date(2023, 4, 28), {"deadline once"}),
        (date(2023, 5, 1), {"escalation once"}),
        (date(2023, 5, 3), {"escalation once"}),
        (date(2023, 5, 15), {"escalation once"}),  # the summary after Thursday 11 May
        (date(2023, 5, 22), {"escalation once"}),
    ]


def test_what_falls_on_one_instant_is_one_moment_with_all_reasons() -> None:
    # 10 April: quarter 2 is due, and quarter 1 is in its twelfth weekly summary.
    assert days_of(plan_of(make_step()))[date(2023, 4, 10)] == {"deadline q2", "escalation q1"}


def test_an_extended_deadline_takes_the_place_of_the_plans() -> None:
    found = days_of(plan_of(make_step()), make_assignment(due_on=date(2023, 4, 28)))
    assert [day for day, why in found.items() if "deadline q2" in why] == [date(2023, 4, 28)]


def test_the_deadlines_of_two_divisions_are_both_there() -> None:
    both = make_assignment(due_on=date(2023, 4, 28)), make_assignment(division="khlang", id="2566-m1.1-khlang-q2")
    found = days_of(plan_of(make_step()), *both)
    assert [day for day, why in found.items() if "deadline q2" in why] == [date(2023, 4, 10), date(2023, 4, 28)]


def test_the_ladder_an_assignment_opened_with_counts_and_not_the_offices_of_today() -> None:
    found = days_of(plan_of(make_step()), make_assignment(ladder=ONE_RUNG))
    assert [day for day, why in found.items() if why & {"reminder q2", "deadline q2", "escalation q2"}] == [
        date(2023, 4, 18)  # the summary after Wednesday 12 April
    ]


def test_the_working_day_after_an_acknowledgment_is_a_moment() -> None:
    found = days_of(plan_of(make_step()), make_assignment(acknowledgments=silent_until(date(2023, 4, 24))))
    assert found[date(2023, 4, 25)] == {"acknowledgment_lapses q2"}


def test_an_acknowledgment_of_what_is_handed_in_is_none() -> None:
    given = make_assignment(acknowledgments=silent_until(date(2023, 4, 24)), state=State.HANDED_IN)
    assert date(2023, 4, 25) not in days_of(plan_of(make_step()), given)


def test_an_acknowledgment_that_would_lapse_on_a_new_holiday_lapses_on_the_next_working_day() -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 25): "วันหยุดพิเศษ"})
    given = make_assignment(acknowledgments=silent_until(date(2023, 4, 24)))
    found = days_of(plan_of(make_step()), given, workdays=workdays)
    assert [day for day, why in found.items() if "acknowledgment_lapses q2" in why] == [date(2023, 4, 26)]


def test_a_decision_that_is_waited_for_has_its_reminders_and_then_every_summary() -> None:
    given = make_assignment(state=State.HANDED_IN, waiting=make_wait(since=date(2023, 4, 7)))
    found = days_of(plan_of(make_step()), given)
    assert [day for day, why in found.items() if "decision q2" in why][:4] == [
        date(2023, 4, 11),
        date(2023, 4, 19),
        date(2023, 4, 24),
        date(2023, 5, 1),
    ]


def test_what_was_decided_has_no_reminders_of_a_decision() -> None:
    given = make_assignment(state=State.CANNOT_DO, waiting=make_wait(decided_by="the-chang-head"))
    assert not [why for why in days_of(plan_of(make_step()), given).values() if "decision q2" in why]


def test_an_open_assignment_of_a_step_that_left_the_plan_keeps_its_moments() -> None:
    left = make_assignment(step_key="m1.9", period=make_assignment().period, due_on=date(2023, 4, 28))
    found = days_of(plan_of(make_step(end=date(2022, 12, 31))), left)
    assert [day for day, why in found.items() if "deadline q2" in why] == [date(2023, 4, 28)]


def test_assignments_of_other_measures_and_years_add_nothing() -> None:
    strangers = (
        make_assignment(measure_key="m2", due_on=date(2023, 4, 28), acknowledgments=silent_until(date(2023, 4, 25))),
        make_assignment(fiscal_year_be=2565, due_on=date(2022, 4, 28), acknowledgments=silent_until(date(2022, 4, 25))),
    )
    assert days_of(plan_of(make_step()), *strangers) == days_of(plan_of(make_step()))


# --- the same answer, computed slowly and without the code under test ---

QUARTERS: Final = {
    "q1": (date(2022, 10, 1), date(2022, 12, 31)),
    "q2": (date(2023, 1, 1), date(2023, 3, 31)),
    "q3": (date(2023, 4, 1), date(2023, 6, 30)),
    "q4": (date(2023, 7, 1), date(2023, 9, 30)),
}
MONTHS: Final = {
    f"m{m:02d}": (date(y, m, 1), date(y, m, monthrange(y, m)[1]))
    for y, m in [(2022, 10), (2022, 11), (2022, 12), *((2023, n) for n in range(1, 10))]
}
HALVES: Final = {"h1": (date(2022, 10, 1), date(2023, 3, 31)), "h2": (date(2023, 4, 1), date(2023, 9, 30))}
TABLE: Final = {
    Cadence.MONTHLY: MONTHS,
    Cadence.QUARTERLY: QUARTERS,
    Cadence.SPECIFIED_QUARTERS: QUARTERS,
    Cadence.SEMIANNUAL: HALVES,
}
OFFSETS: Final = (-7, -1, 0, 1, 3)
LAST: Final = 7
EVERY_DAY: Final = days_between(date(2022, 1, 1), date(2026, 12, 31))


@dataclass(frozen=True)
class Open:
    """The days an office is open, as a plain list."""

    days: list[date]

    def nth(self, day: date, count: int) -> date:
        if count == 0:
            return self.days[bisect_left(self.days, day)]
        return (
            self.days[bisect_right(self.days, day) + count - 1]
            if count > 0
            else self.days[bisect_left(self.days, day) + count]
        )

    def summaries(self, day: date) -> list[date]:
        """First open days of weeks, from `day` on, as many as are planned."""
        first_of_week: dict[tuple[int, int], date] = {}
        for each in self.days:
            first_of_week.setdefault(each.isocalendar()[:2], each)
        return [each for each in first_of_week.values() if each >= day][:SUMMARIES_PLANNED]


def slowly(step: Step, in_force_on: date, office: Open) -> dict[date, set[tuple[str, str]]]:
    found: defaultdict[date, set[tuple[str, str]]] = defaultdict(set)
    for key, (first, last) in periods_of(step).items():
        begin = max(step.start, first) if step.start <= last else first
        opens_on = office.nth(max(begin, in_force_on), 0)
        found[opens_on].add(("opening", key))
        due_on = max(office.nth(last, 5), office.nth(opens_on, 5))
        for offset in OFFSETS:
            kind = "reminder" if offset < 0 else "escalation" if offset else "deadline"
            found[office.nth(due_on, offset)].add((kind, key))
        for summary in office.summaries(office.nth(due_on, LAST)):
            found[summary].add(("escalation", key))
    return found


def periods_of(step: Step) -> dict[str, tuple[date, date]]:
    cadence = step.reporting.cadence
    if cadence is Cadence.ONCE:
        return {"once": (step.start, step.end)}
    if cadence is Cadence.ANNUAL:
        return {"y": (FY2566.start, FY2566.end)}
    if step.reporting.quarters_due:
        return {f"q{number}": QUARTERS[f"q{number}"] for number in step.reporting.quarters_due}
    return {key: (a, b) for key, (a, b) in TABLE[cadence].items() if a <= step.end and step.start <= b}


YEAR_DAYS = st.dates(min_value=FY2566.start, max_value=FY2566.end)
SINGLE_DAYS = st.frozensets(st.dates(min_value=date(2022, 9, 1), max_value=date(2024, 3, 31)), max_size=80)
CLOSURES = st.builds(
    lambda first, length: frozenset(first + timedelta(days=n) for n in range(length)),
    st.dates(min_value=date(2022, 9, 1), max_value=date(2024, 1, 31)),
    st.integers(min_value=0, max_value=60),
)
HOLIDAY_SETS = st.one_of(SINGLE_DAYS, CLOSURES, st.just(frozenset(HOLIDAYS)))
IN_FORCE = st.just(FY2566.start) | st.dates(min_value=date(2022, 8, 1), max_value=date(2023, 9, 30))


@st.composite
def steps(draw: st.DrawFn, key: str = "m1.1") -> Step:
    start, end = sorted((draw(YEAR_DAYS), draw(YEAR_DAYS)))
    cadence = draw(st.sampled_from(Cadence))
    quarters = st.lists(st.integers(1, 4), min_size=1, unique=True).map(tuple)
    named = draw(quarters) if cadence is Cadence.SPECIFIED_QUARTERS else ()
    units = draw(st.sampled_from([("กองช่าง",), ("กองคลัง", "หน่วยตรวจสอบภายใน")]))
    reporting = make_reporting(cadence=cadence, quarters_due=named)
    return make_step(key=key, start=start, end=end, reporting=reporting, responsible=make_responsible(units=units))


@settings(deadline=None)
@given(step=steps(), in_force_on=IN_FORCE, holidays=HOLIDAY_SETS)
@example(step=make_step(), in_force_on=FY2566.start, holidays=frozenset(HOLIDAYS))
@example(step=make_step(), in_force_on=date(2023, 4, 14), holidays=frozenset(HOLIDAYS))
def test_for_any_holidays_the_moments_are_what_a_patient_clerk_would_count(
    step: Step, in_force_on: date, holidays: frozenset[date]
) -> None:
    office = Open([day for day in EVERY_DAY if day.weekday() < 5 and day not in holidays])
    found = moments(plan_of(step, in_force_on=in_force_on), "m1", Workdays(dict.fromkeys(holidays, "หยุด")), SETTINGS)
    expected = slowly(step, in_force_on, office)
    assert {moment.at: {(str(kind), key) for kind, key in moment.reasons} for moment in found} == {
        datetime(day.year, day.month, day.day, 8, 30, tzinfo=BANGKOK): why for day, why in expected.items()
    }


@settings(deadline=None)
@given(
    step=steps(),
    holidays=HOLIDAY_SETS,
    due_on=YEAR_DAYS,
    until=st.none() | YEAR_DAYS,
    state=st.sampled_from([State.OPEN, State.RETURNED, State.HANDED_IN, State.ACCEPTED]),
)
def test_for_any_holidays_moments_are_sorted_unique_and_on_working_days(
    step: Step, holidays: frozenset[date], due_on: date, until: date | None, state: State
) -> None:
    workdays = Workdays(dict.fromkeys(holidays, "หยุด"))
    noted = silent_until(until) if until else ()
    existing = make_assignment(due_on=due_on, acknowledgments=noted, state=state, waiting=make_wait(since=due_on))
    found = moments(plan_of(step), "m1", workdays, SETTINGS, [existing])
    assert all(a.at < b.at for a, b in pairwise(found))
    assert all(
        workdays.is_workday(moment.at.date()) and moment.at == workdays.notice_instant(moment.at.date())
        for moment in found
    )
    assert all(len(set(moment.reasons)) == len(moment.reasons) > 0 for moment in found)


# --- advancing day by day and advancing once ---


def test_the_default_ladder_is_the_one_the_slow_count_uses() -> None:
    assert tuple(rung.offset for rung in DEFAULT_LADDER.rungs) == (*OFFSETS, LAST)


def test_every_kind_of_moment_can_happen() -> None:
    noted = make_assignment(acknowledgments=silent_until(date(2023, 4, 25)))
    waiting = make_assignment(state=State.HANDED_IN, waiting=make_wait())
    found = moments(plan_of(make_step()), "m1", make_workdays(), SETTINGS, [noted, waiting])
    assert {kind for moment in found for kind, _ in moment.reasons} == set(MomentKind)

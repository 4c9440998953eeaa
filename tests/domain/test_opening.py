from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment import Assignment, State
from domain.ladder import NO_RUNG
from domain.office import OfficeSettings
from domain.opening import (
    PlanInForce,
    UnknownDivisionError,
    divisions_of,
    due,
    obligations,
    periods,
    unknown_units,
)
from domain.people import Division
from domain.plan import Cadence, Party, Responsible, Scope, Step
from tests.factories import (
    FY2566,
    at,
    make_measure,
    make_people,
    make_plan_in_force,
    make_reporting,
    make_responsible,
    make_step,
    make_workdays,
)

WORKDAYS = make_workdays()
SETTINGS = OfficeSettings()
ALL_SIX = ["palad", "khlang", "chang", "sueksa", "satharanasuk", "sawatdikan"]


def step_of(cadence: Cadence, *quarters: int, **override: object) -> Step:
    return make_step(reporting=make_reporting(cadence=cadence, quarters_due=quarters), **override)


def plan_of(*steps: Step, **override: object) -> PlanInForce:
    return make_plan_in_force(measures=(make_measure(steps=steps),), **override)


def dates(plan: PlanInForce) -> dict[str, tuple[date, date]]:
    return {o.period.key: (o.opens_on, o.due_on) for o in obligations(plan, WORKDAYS, SETTINGS)}


def keys(responsible: Responsible, **settings: bool) -> list[str]:
    found = divisions_of(responsible, make_people(), OfficeSettings.model_validate(settings), "m1.1")
    return [division.key for division in found]


def opened(plan: PlanInForce, now: datetime, existing: Collection[str] = ()) -> list[Assignment]:
    return due(plan, "m1", existing, make_people(), WORKDAYS, SETTINGS, now)


def test_quarters_open_on_their_first_working_day_and_are_due_five_working_days_after_their_last() -> None:
    assert dates(plan_of(step_of(Cadence.QUARTERLY))) == {
        "q1": (date(2022, 10, 3), date(2023, 1, 10)),  # 4, 5, 6, 9, 10 January: 2 and 3 are off
        "q2": (date(2023, 1, 4), date(2023, 4, 10)),  # 3, 4, 5, 7, 10 April: 6 is Chakri day
        "q3": (date(2023, 4, 3), date(2023, 7, 7)),
        "q4": (date(2023, 7, 3), date(2023, 10, 6)),
    }


def test_months_are_due_five_working_days_after_their_last_day() -> None:
    step = step_of(Cadence.MONTHLY, start=date(2023, 3, 1), end=date(2023, 5, 15))
    assert dates(plan_of(step)) == {
        "m03": (date(2023, 3, 1), date(2023, 4, 10)),
        "m04": (date(2023, 4, 3), date(2023, 5, 9)),  # 1, 2, 3, 8, 9 May: 4 and 5 are off
        "m05": (date(2023, 5, 1), date(2023, 6, 8)),  # 1, 2, 6, 7, 8 June: 5 is off
    }


def test_halves_are_due_after_march_and_september() -> None:
    assert dates(plan_of(step_of(Cadence.SEMIANNUAL))) == {
        "h1": (date(2022, 10, 3), date(2023, 4, 10)),
        "h2": (date(2023, 4, 3), date(2023, 10, 6)),
    }


def test_a_year_is_due_after_september() -> None:
    assert dates(plan_of(step_of(Cadence.ANNUAL))) == {"y": (date(2022, 10, 3), date(2023, 10, 6))}


def test_a_single_event_is_due_five_working_days_after_its_last_day() -> None:
    step = step_of(Cadence.ONCE, start=date(2023, 4, 1), end=date(2023, 4, 21))
    assert dates(plan_of(step)) == {"once": (date(2023, 4, 3), date(2023, 4, 28))}


def test_named_quarters_are_reported_once_each_and_in_order() -> None:
    step = step_of(Cadence.SPECIFIED_QUARTERS, 4, 2, 4)
    assert [period.key for period in periods(step, FY2566)] == ["q2", "q4"]


def test_quarters_that_are_not_named_are_those_the_step_touches() -> None:
    step = step_of(Cadence.QUARTERLY, start=date(2023, 2, 1), end=date(2023, 4, 1))
    assert [period.key for period in periods(step, FY2566)] == ["q2", "q3"]


def test_the_second_half_alone_is_reported_by_a_step_that_begins_in_april() -> None:
    step = step_of(Cadence.SEMIANNUAL, start=date(2023, 4, 1))
    assert [period.key for period in periods(step, FY2566)] == ["h2"]


@pytest.mark.parametrize(
    ("cadence", "quarters"),
    [
        (Cadence.MONTHLY, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]),
        (Cadence.QUARTERLY, [1, 2, 3, 4]),
        (Cadence.SEMIANNUAL, [2, 4]),
        (Cadence.ANNUAL, [4]),
        (Cadence.ONCE, [4]),
    ],
)
def test_every_period_is_printed_in_the_quarter_in_which_it_ends(cadence: Cadence, quarters: list[int]) -> None:
    assert [period.quarter for period in periods(step_of(cadence), FY2566)] == quarters


def test_a_single_event_is_printed_in_the_quarter_of_its_last_day() -> None:
    (period,) = periods(step_of(Cadence.ONCE, end=date(2023, 1, 31)), FY2566)
    assert period.quarter == 2


def test_periods_are_labelled_as_the_office_names_them() -> None:
    labels = [periods(step_of(cadence), FY2566)[0].label for cadence in (Cadence.QUARTERLY, Cadence.MONTHLY)]
    assert labels == ["ไตรมาสที่ ๑ ปีงบประมาณ พ.ศ. ๒๕๖๖", "เดือนตุลาคม ๒๕๖๕"]


def test_a_step_that_begins_inside_its_quarter_opens_when_it_begins() -> None:
    step = step_of(Cadence.QUARTERLY, start=date(2023, 2, 1), end=date(2023, 3, 31))
    assert dates(plan_of(step))["q2"] == (date(2023, 2, 1), date(2023, 4, 10))


def test_a_quarter_before_the_steps_own_period_opens_with_the_quarter() -> None:
    step = step_of(Cadence.SPECIFIED_QUARTERS, 1, start=date(2023, 2, 1))
    assert dates(plan_of(step))["q1"] == (date(2022, 10, 3), date(2023, 1, 10))


def test_a_plan_that_comes_into_force_in_june_leaves_five_working_days_for_what_is_past() -> None:
    assert dates(plan_of(make_step(), in_force_on=date(2023, 6, 12))) == {
        "q1": (date(2023, 6, 12), date(2023, 6, 19)),
        "q2": (date(2023, 6, 12), date(2023, 6, 19)),
        "q3": (date(2023, 6, 12), date(2023, 7, 7)),
        "q4": (date(2023, 7, 3), date(2023, 10, 6)),
    }


def test_a_plan_that_comes_into_force_on_a_day_off_opens_on_the_next_working_day() -> None:
    plan = plan_of(make_step(), in_force_on=date(2023, 4, 14))
    assert dates(plan)["q2"] == (date(2023, 4, 18), date(2023, 4, 25))  # 19, 20, 21, 24, 25


@given(
    st.dates(min_value=date(2022, 7, 1), max_value=date(2023, 11, 30)),
    st.sampled_from(Cadence),
    st.tuples(*[st.dates(min_value=FY2566.start, max_value=FY2566.end)] * 2).map(sorted),
)
def test_nothing_opens_before_the_plan_is_in_force_or_after_it_is_due(
    in_force_on: date, cadence: Cadence, span: list[date]
) -> None:
    plan = plan_of(step_of(cadence, start=span[0], end=span[1]), in_force_on=in_force_on)
    found = list(obligations(plan, WORKDAYS, SETTINGS))
    assert found
    assert all(in_force_on <= o.opens_on < o.due_on for o in found)
    assert all(WORKDAYS.between(o.opens_on, o.due_on) >= SETTINGS.least_to_act for o in found)


def test_every_division_means_each_division_and_not_the_audit_unit() -> None:
    assert keys(make_responsible(scope=Scope.ALL_DIVISIONS)) == ALL_SIX


def test_an_office_may_decide_that_every_division_means_the_audit_unit_too() -> None:
    assert keys(make_responsible(scope=Scope.ALL_DIVISIONS), audit_unit_is_meant=True) == [*ALL_SIX, "truatsop"]


def test_every_unit_means_the_audit_unit_too() -> None:
    assert keys(make_responsible(scope=Scope.ALL_UNITS)) == [*ALL_SIX, "truatsop"]


@pytest.mark.parametrize("audit_unit_is_meant", [True, False])
def test_the_heads_of_all_divisions_are_never_the_audit_unit_which_has_none(*, audit_unit_is_meant: bool) -> None:
    found = keys(make_responsible(scope=Scope.ALL_DIVISION_HEADS), audit_unit_is_meant=audit_unit_is_meant)
    assert found == ALL_SIX


def test_a_listed_audit_unit_is_meant() -> None:
    assert keys(make_responsible(units=("หน่วยตรวจสอบภายใน",))) == ["truatsop"]


@pytest.mark.parametrize("name", ["กองสาธารณสุขและสิ่งแวดล้อม", "กองสาธารณสุขฯ", "กองสาธารณสุข ฯ", "satharanasuk"])
def test_a_division_is_found_by_name_alias_or_key_however_it_is_spaced(name: str) -> None:
    assert keys(make_responsible(units=(name,))) == ["satharanasuk"]


def test_two_sections_of_one_division_make_one_assignment() -> None:
    assert keys(make_responsible(units=("กองช่าง", "กองคลัง", "กองช่าง"))) == ["khlang", "chang"]


def test_a_division_the_office_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(UnknownDivisionError, match=r"กองการประปา.*m1.1.*กองคลัง, กองช่าง"):
        keys(make_responsible(units=("กองการประปา",)))


def test_nothing_is_open_a_minute_before_the_notice_hour() -> None:
    assert opened(plan_of(make_step()), at("2022-10-03 08:29")) == []


def test_the_first_quarter_opens_exactly_at_the_notice_hour() -> None:
    found = opened(plan_of(make_step()), at("2022-10-03 08:30"))
    assert [assignment.id for assignment in found] == ["2566-m1.1-chang-q1"]


@pytest.mark.parametrize(
    ("moment", "due_on"),
    [
        ("2023-01-04 08:30", date(2023, 4, 10)),
        ("2023-04-10 16:29", date(2023, 4, 20)),  # 11, 12, 18, 19, 20
        ("2023-04-10 16:30", date(2023, 4, 21)),  # the letter leaves on the 11th
        ("2023-04-14 10:00", date(2023, 4, 25)),  # within Songkran: from Tuesday 18
    ],
)
def test_whatever_made_an_opening_late_it_gives_five_working_days(moment: str, due_on: date) -> None:
    found = opened(plan_of(make_step()), at(moment), {"2566-m1.1-chang-q1", "2566-m1.1-chang-q3"})
    assert [assignment.due_on for assignment in found] == [due_on]


def test_rungs_that_lie_behind_a_late_opening_are_silent() -> None:
    found = opened(plan_of(make_step()), at("2023-04-10 10:00"), {"2566-m1.1-chang-q1", "2566-m1.1-chang-q3"})
    assert [(a.rung, a.ladder_from) for a in found] == [(0, None)]  # seven working days before 20 April


def test_an_unknown_name_stops_itself_and_no_neighbour() -> None:
    step = make_step(responsible=make_responsible(units=("กองการประปา", "กองช่าง")))
    assert [a.division for a in opened(plan_of(step), at("2022-10-03 08:30"))] == ["chang"]


def test_every_unknown_name_is_named_as_the_plan_writes_it() -> None:
    named = make_responsible(units=("กองการประปา", "กองช่าง", "กองป่าไม้"))
    assert unknown_units(named, make_people()) == ["กองการประปา", "กองป่าไม้"]


def test_every_division_names_nobody_unknown() -> None:
    assert unknown_units(make_responsible(scope=Scope.ALL_DIVISIONS), make_people()) == []


@pytest.mark.parametrize(
    ("founded_on", "asked_for"),
    [
        (None, ["q1", "q2"]),
        (date(2022, 12, 31), ["q1", "q2"]),  # on the last day of a period: asked for it
        (date(2023, 1, 1), ["q2"]),
        (date(2023, 3, 31), ["q2"]),
    ],
)
def test_a_division_founded_later_is_asked_from_the_period_of_its_founding_on(
    founded_on: date | None, asked_for: list[str]
) -> None:
    people = make_people(divisions=(Division("chang", "กองช่าง", founded_on=founded_on),))
    found = due(plan_of(make_step()), "m1", (), people, WORKDAYS, SETTINGS, at("2023-03-31 16:00"))
    assert [assignment.period.key for assignment in found] == asked_for


def test_a_division_founded_later_is_not_asked_for_a_month_that_had_ended() -> None:
    people = make_people(divisions=(Division("chang", "กองช่าง", founded_on=date(2022, 12, 12)),))
    plan = plan_of(step_of(Cadence.MONTHLY))
    found = due(plan, "m1", (), people, WORKDAYS, SETTINGS, at("2023-01-04 08:30"))
    assert [assignment.period.key for assignment in found] == ["m12", "m01"]


def test_an_assignment_opens_with_its_deadline_and_a_copy_of_the_ladder() -> None:
    (assignment,) = opened(plan_of(make_step(), revision=3), at("2022-10-03 08:30"))
    assert (assignment.state, assignment.due_on, assignment.ladder, assignment.rung, assignment.plan_revision) == (
        State.OPEN,
        date(2023, 1, 10),
        SETTINGS.ladder,
        NO_RUNG,
        3,
    )


def test_every_division_gets_its_own_assignment() -> None:
    step = make_step(responsible=make_responsible(scope=Scope.ALL_DIVISIONS))
    assert [assignment.division for assignment in opened(plan_of(step), at("2022-10-03 08:30"))] == ALL_SIX


def test_what_exists_is_not_opened_again() -> None:
    assert opened(plan_of(make_step()), at("2022-10-03 08:30"), {"2566-m1.1-chang-q1"}) == []


def test_a_division_added_later_gets_what_the_others_already_have() -> None:
    step = make_step(responsible=make_responsible(scope=Scope.ALL_DIVISIONS))
    existing = {f"2566-m1.1-{division}-q1" for division in ALL_SIX if division != "sawatdikan"}
    found = opened(plan_of(step), at("2022-11-01 08:30"), existing)
    assert [assignment.id for assignment in found] == ["2566-m1.1-sawatdikan-q1"]


def test_after_downtime_everything_that_should_be_open_opens_at_once() -> None:
    found = opened(plan_of(make_step()), at("2023-04-03 08:30"))
    assert [assignment.period.key for assignment in found] == ["q1", "q2", "q3"]


def test_another_measure_is_left_alone() -> None:
    plan = make_plan_in_force(measures=(make_measure(), make_measure(key="m2", steps=(make_step(key="m2.1"),))))
    assert [assignment.step_key for assignment in opened(plan, at("2022-10-03 08:30"))] == ["m1.1"]


def test_one_step_of_a_measure_can_be_opened_alone() -> None:
    plan = plan_of(make_step(), make_step(key="m1.2"))
    found = due(plan, "m1", (), make_people(), WORKDAYS, SETTINGS, at("2022-10-03 08:30"), "m1.2")
    assert [assignment.step_key for assignment in found] == ["m1.2"]


def test_who_only_supports_owes_no_report() -> None:
    parties = (Party(unit="กองคลัง"), Party(unit="กองช่าง", role="support"), Party(unit="ทุกกอง", role="support"))
    named = divisions_of(Responsible(scope=Scope.LISTED, parties=parties), make_people(), SETTINGS, "m1.1")
    assert [division.key for division in named] == ["khlang"]


def test_where_nobody_leads_those_who_support_act() -> None:
    parties = (Party(unit="กองคลัง", role="support"), Party(unit="กองช่าง", role="support"))
    named = divisions_of(Responsible(scope=Scope.LISTED, parties=parties), make_people(), SETTINGS, "m1.1")
    assert [division.key for division in named] == ["khlang", "chang"]

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from domain.assignment import ACTIONABLE, Assignment, State
from domain.deadline import decide_extension
from domain.escalation import ESCALATION_KINDS, Rules, Telling, due_now
from domain.ladder import Ladder, Rung
from domain.moves import hand_in, return_
from domain.notice import NoticeIntent, NoticeKind
from domain.people import Level
from domain.submission import ExtensionRequest as Request
from domain.waiting import Acknowledgment
from tests.factories import (
    at,
    days_between,
    make_assignment,
    make_people,
    make_rules,
    make_submission,
    make_wait,
    make_workdays,
)

WORKDAYS = make_workdays()
OFFICER, HEAD, CLERK, MAYOR, ADMINISTRATOR = Level
EVERYBODY = [OFFICER, HEAD, CLERK, MAYOR]
MAY_DUE = date(2023, 4, 28)


def said(assignment: Assignment, moment: str, **rules: object) -> Telling:
    telling = due_now(assignment, make_rules(**rules), at(moment))
    assert telling is not None
    return telling


def is_silent(assignment: Assignment, moment: str, **rules: object) -> bool:
    telling = due_now(assignment, make_rules(**rules), at(moment))
    return telling is None or not telling.notices


@dataclass
class Lived:
    """Some days of an office: what they left, and what was said."""

    assignment: Assignment
    rules: Rules
    said: list[tuple[date, Telling]] = field(default_factory=list)


def run_daily(assignment: Assignment, start: date, end: date, rules: Rules) -> Lived:
    """Run at every notice hour of the days, as the office does."""
    days = Lived(assignment, rules)
    for day in days_between(start, end):
        telling = due_now(days.assignment, days.rules, rules.workdays.notice_instant(day))
        if days.rules.is_summary(day):
            days.rules = replace(days.rules, summary_left_on=day)
        if telling is not None:
            days.assignment = telling.assignment
            days.said += [(day, telling)] if telling.notices else []
    return days


def told_by_day(assignment: Assignment, end: date, **rules: object) -> dict[date, list[Level]]:
    """Levels reached on every day until `end`, from before the day on which the first rung could fire."""
    found = run_daily(assignment, date(2023, 3, 20), end, make_rules(**rules)).said
    return {day: levels(telling) for day, telling in found}


def lived(end: date, **override: object) -> Assignment:
    """An assignment as running every day until `end` leaves it."""
    return run_daily(make_assignment(**override), date(2023, 3, 20), end, make_rules()).assignment


def levels(telling: Telling) -> list[Level]:
    return [notice.level for notice in telling.notices]


def persons(telling: Telling) -> list[str]:
    return [notice.person for notice in telling.notices]


def keys(notices: tuple[NoticeIntent, ...]) -> list[str]:
    return [notice.key for notice in notices]


def acknowledged(level: Level, until: date = date(2023, 4, 24)) -> Acknowledgment:
    return Acknowledgment(f"the-{level}", level, date(2023, 4, 12), until)


def test_a_silent_division_is_told_of_by_one_level_more_at_a_time_and_then_everybody_every_week() -> None:
    assert told_by_day(make_assignment(), date(2023, 5, 10)) == {
        date(2023, 3, 29): [OFFICER],
        date(2023, 4, 7): [OFFICER],
        date(2023, 4, 10): [OFFICER],
        date(2023, 4, 11): [OFFICER, HEAD],
        date(2023, 4, 18): [CLERK],
        date(2023, 4, 24): EVERYBODY,
        date(2023, 5, 1): EVERYBODY,
        date(2023, 5, 8): EVERYBODY,
    }


def test_the_top_is_told_with_the_first_summary_at_or_after_the_last_rungs_day() -> None:
    # Seven working days after 28 April is Thursday 11 May.
    days = [
        day for day, told in told_by_day(make_assignment(due_on=MAY_DUE), date(2023, 5, 31)).items() if MAYOR in told
    ]
    assert days == [date(2023, 5, 15), date(2023, 5, 22), date(2023, 5, 29)]


def test_a_summary_in_a_week_whose_monday_is_off_is_said_on_the_next_working_day() -> None:
    assert date(2023, 6, 6) in told_by_day(make_assignment(), date(2023, 6, 9))


def test_a_summary_that_could_not_leave_on_its_day_leaves_as_soon_as_it_can() -> None:
    before = lived(date(2023, 4, 21))
    assert levels(said(before, "2023-04-26 11:00", summary_left_on=date(2023, 4, 18))) == EVERYBODY


def test_what_arises_after_the_summary_left_waits_for_the_next() -> None:
    # Due on Friday 21 April: seven working days after it is Tuesday 2 May, and the summary left on Monday.
    before = lived(date(2023, 4, 28), due_on=date(2023, 4, 21))
    assert is_silent(before, "2023-05-02 08:30", summary_left_on=date(2023, 5, 1))


def test_who_was_missed_by_a_summary_that_left_is_told_with_the_next_run() -> None:
    told = said(lived(date(2023, 4, 21)), "2023-04-26 11:00", summary_left_on=date(2023, 4, 24))
    assert levels(told) == EVERYBODY


def test_a_summary_is_said_once_a_week() -> None:
    after = said(lived(date(2023, 4, 21)), "2023-04-24 08:30").assignment
    assert is_silent(after, "2023-04-24 12:00", summary_left_on=date(2023, 4, 24))


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        ("2023-04-10", [NoticeKind.REMINDER]),
        ("2023-04-11", [NoticeKind.OVERDUE, NoticeKind.ESCALATION_HEAD]),
        (
            "2023-04-24",
            [
                NoticeKind.OVERDUE,
                NoticeKind.ESCALATION_HEAD,
                NoticeKind.ESCALATION_CLERK,
                NoticeKind.ESCALATION_MAYOR,
            ],
        ),
    ],
)
def test_every_level_is_told_in_its_own_words(day: str, kinds: list[NoticeKind]) -> None:
    assert [notice.kind for notice in said(make_assignment(), f"{day} 08:30").notices] == kinds


@pytest.mark.parametrize(
    ("moment", "is_told"),
    [
        ("2023-04-11 08:29", False),
        ("2023-04-11 08:30", True),
        ("2023-04-11 16:29", True),
        ("2023-04-11 16:30", False),
        ("2023-04-15 10:00", False),  # a Saturday
        ("2023-04-13 10:00", False),  # Songkran
    ],
)
def test_people_are_told_within_hours_only(moment: str, *, is_told: bool) -> None:
    assert is_silent(make_assignment(rung=2), moment) is not is_told


def test_a_rung_is_said_once() -> None:
    assert is_silent(said(make_assignment(), "2023-04-11 08:30").assignment, "2023-04-12 16:00")


def test_after_downtime_everybody_who_was_passed_over_is_told_once_from_below() -> None:
    assert levels(said(make_assignment(), "2023-04-19 11:00")) == [OFFICER, HEAD, CLERK]


def test_after_downtime_before_the_deadline_only_the_last_reminder_is_said() -> None:
    assert [notice.rung_offset for notice in said(make_assignment(), "2023-04-10 11:00").notices] == [0]


def test_a_level_that_heard_before_the_downtime_is_not_told_again() -> None:
    assert levels(said(lived(date(2023, 4, 12)), "2023-04-19 11:00", summary_left_on=date(2023, 4, 18))) == [CLERK]


def test_saying_a_rung_changes_no_decision_of_a_person() -> None:
    before = make_assignment(state=State.RETURNED, version=4, reason="แนบภาพ")
    after = said(before, "2023-04-11 08:30").assignment
    assert after == replace(before, version=5, rung=3, told=after.told)


def test_what_was_said_is_remembered_with_whom_it_was_meant_for_and_who_heard() -> None:
    told = said(make_assignment(), "2023-04-11 08:30").assignment.told
    day = date(2023, 4, 11)
    assert (told.levels, told.persons, told.posts, told.summary_on) == (
        (OFFICER, HEAD),
        ("the-chang-officer", "the-chang-head"),
        ((OFFICER, day), (HEAD, day)),
        None,
    )


@pytest.mark.parametrize("state", sorted(set(State) - ACTIONABLE))
def test_the_ladder_rests_where_the_division_need_not_act(state: State) -> None:
    assert due_now(make_assignment(state=state), make_rules(), at("2023-06-30 08:30")) is None


def test_the_ladder_goes_on_beside_a_request_for_time() -> None:
    asked = make_assignment(extension=Request(date(2023, 4, 28), "รอผล", "x", make_wait(since=date(2023, 4, 11))))
    assert levels(said(asked, "2023-04-11 08:30")) == [OFFICER, HEAD]


# Posts without anybody


def test_the_audit_units_clerk_hears_in_the_heads_place_and_not_again_on_the_clerks_day() -> None:
    audit = make_assignment(division="truatsop")
    found = told_by_day(audit, date(2023, 4, 24))
    assert [found.get(date(2023, 4, day)) for day in (11, 18, 24)] == [[OFFICER, CLERK], None, [OFFICER, CLERK, MAYOR]]


def test_who_is_reached_in_place_of_others_is_told_for_the_lowest_level_it_was_meant_for() -> None:
    telling = said(make_assignment(), "2023-04-11 08:30", people=make_people(vacant=("chang-head",)))
    assert [(notice.aimed, notice.level) for notice in telling.notices] == [(OFFICER, OFFICER), (HEAD, CLERK)]


def test_what_comes_up_to_the_top_from_vacant_posts_waits_for_the_summary() -> None:
    found = told_by_day(make_assignment(), date(2023, 4, 21), people=make_people(vacant=("chang-head", "clerk")))
    assert {day: told for day, told in found.items() if day > date(2023, 4, 10)} == {
        date(2023, 4, 11): [OFFICER],
        date(2023, 4, 18): [MAYOR],  # Tuesday: Monday is off
    }


def test_above_a_vacant_mayor_the_clerk_is_the_top() -> None:
    # Three working days after 28 April is Wednesday 3 May; the next summary leaves on Monday 8 May.
    found = told_by_day(make_assignment(due_on=MAY_DUE), date(2023, 5, 12), people=make_people(vacant=("mayor",)))
    assert [day for day, told in found.items() if CLERK in told] == [date(2023, 5, 8)]


def test_without_any_supervisor_the_administrator_is_told_on_the_rungs_days() -> None:
    found = told_by_day(
        make_assignment(), date(2023, 4, 12), people=make_people(vacant=("chang-head", "clerk", "mayor"))
    )
    assert found[date(2023, 4, 11)] == [OFFICER, ADMINISTRATOR]


def test_a_head_who_acts_for_the_clerk_is_told_once_as_the_higher() -> None:
    telling = said(make_assignment(), "2023-04-24 08:30", people=make_people(acting={"clerk": "the-chang-head"}))
    assert [(notice.person, notice.level) for notice in telling.notices if notice.person == "the-chang-head"] == [
        ("the-chang-head", CLERK)
    ]


def test_every_person_of_a_level_is_told() -> None:
    two = make_people(acting={"clerk": "the-khlang-head"})
    assert "the-khlang-head" in persons(said(make_assignment(), "2023-04-18 08:30", people=two))


def test_a_reminder_to_officers_and_the_top_reaches_the_officers_on_its_day() -> None:
    ladder = Ladder(rungs=(Rung(offset=-1, to=(OFFICER, MAYOR)), Rung(offset=1, to=(HEAD,))))
    assert levels(said(make_assignment(ladder=ladder), "2023-04-07 08:30", summary_left_on=date(2023, 4, 3))) == [
        OFFICER
    ]


# Acknowledged


def test_an_acknowledgment_silences_the_levels_up_to_its_own_but_the_officer() -> None:
    noted = replace(lived(date(2023, 4, 12)), acknowledgments=(acknowledged(CLERK),))
    assert levels(said(noted, "2023-04-24 08:30")) == [OFFICER, MAYOR]


def test_an_acknowledgment_of_the_head_does_not_keep_the_clerk_from_being_told() -> None:
    noted = replace(lived(date(2023, 4, 12)), acknowledgments=(acknowledged(HEAD),))
    assert levels(said(noted, "2023-04-18 08:30")) == [CLERK]


def test_a_first_word_kept_silent_is_said_on_the_next_working_day_and_a_repetition_with_the_next_week() -> None:
    noted = replace(lived(date(2023, 4, 12)), acknowledgments=(acknowledged(MAYOR),))
    assert told_by_day(noted, date(2023, 5, 1)) == {
        date(2023, 4, 24): [OFFICER],
        date(2023, 4, 25): [CLERK],
        date(2023, 5, 1): EVERYBODY,
    }


def test_an_acknowledgment_silences_no_reminder() -> None:
    noted = make_assignment(acknowledgments=(acknowledged(MAYOR),))
    assert [notice.kind for notice in said(noted, "2023-04-07 08:30").notices] == [NoticeKind.REMINDER]


# Keys


def test_the_key_of_a_word_names_round_deadline_day_level_and_person() -> None:
    assert keys(said(make_assignment(round=2, deadline_version=3), "2023-04-11 08:30").notices) == [
        "2566-m1.1-chang-q2/v2/d3/e2023-04-11/officer/the-chang-officer",
        "2566-m1.1-chang-q2/v2/d3/e2023-04-11/head/the-chang-head",
    ]


def test_the_key_of_a_reminder_names_its_rung() -> None:
    (notice,) = said(make_assignment(), "2023-04-07 08:30").notices
    assert notice.key == "2566-m1.1-chang-q2/v1/d1/r1/officer/the-chang-officer"


def test_the_key_of_a_summary_names_its_day() -> None:
    assert keys(said(make_assignment(), "2023-04-24 08:30").notices)[-1] == (
        "2566-m1.1-chang-q2/v1/d1/w2023-04-24/mayor/the-mayor"
    )


def test_after_a_changed_deadline_everybody_is_told_anew_under_other_keys() -> None:
    first = said(make_assignment(), "2023-04-11 08:30")
    asked = replace(first.assignment, extension=Request(date(2023, 4, 28), "รอผล", "somsri", make_wait()))
    later = decide_extension(
        asked, granted=True, settings=make_rules().settings, now=at("2023-04-12 10:00"), workdays=WORKDAYS
    )
    again = said(later, "2023-05-01 08:30")
    assert levels(again) == [OFFICER, HEAD]
    assert not set(keys(first.notices)) & set(keys(again.notices))


def test_after_a_return_the_same_levels_are_told_under_other_keys() -> None:
    first = said(make_assignment(), "2023-04-11 08:30").assignment
    handed = hand_in(first, make_submission(), by="x", level=OFFICER, now=at("2023-04-11 10:00"), workdays=WORKDAYS)
    back = return_(
        handed,
        reason="แก้ไข",
        by="y",
        settings=make_rules().settings,
        now=at("2023-04-12 10:00"),
        workdays=WORKDAYS,
    )
    assert keys(said(back, "2023-04-21 08:30").notices) == [
        "2566-m1.1-chang-q2/v2/d2/e2023-04-21/officer/the-chang-officer",
        "2566-m1.1-chang-q2/v2/d2/e2023-04-21/head/the-chang-head",
    ]


def test_every_level_has_a_kind_of_escalation() -> None:
    assert set(ESCALATION_KINDS) == set(Level)


# What comes back


def test_what_came_back_on_a_summarys_day_after_it_left_waits_for_the_next() -> None:
    back = make_assignment(ladder_from=at("2023-04-24 10:00"), rung=5)
    assert is_silent(back, "2023-04-24 11:00")


def test_rungs_that_lay_behind_when_it_came_back_are_silent() -> None:
    back = make_assignment(ladder_from=at("2023-04-18 10:00"), rung=4)
    assert is_silent(back, "2023-04-19 08:30")


# What comes next

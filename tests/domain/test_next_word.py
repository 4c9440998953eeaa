"""What comes next if nobody does anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from domain.assignment import State
from domain.escalation import next_telling
from domain.ladder import DEFAULT_LADDER
from domain.notice import NoticeKind
from domain.people import Level
from domain.submission import ExtensionRequest as Request
from tests.domain.test_escalation import (
    CLERK,
    EVERYBODY,
    HEAD,
    MAYOR,
    acknowledged,
    lived,
    run_daily,
)
from tests.factories import (
    HOLIDAYS,
    at,
    make_assignment,
    make_people,
    make_rules,
    make_wait,
    make_workdays,
)


def test_the_next_word_is_the_next_rung() -> None:
    coming = next_telling(lived(date(2023, 4, 11)), make_rules(), at("2023-04-11 08:30"))
    assert coming is not None
    assert (coming.on, coming.to, coming.kinds) == (
        date(2023, 4, 18),
        (("the-clerk", CLERK),),
        (NoticeKind.ESCALATION_CLERK,),
    )


def test_after_the_last_rung_the_next_word_is_the_next_weeks_summary() -> None:
    left = make_rules(summary_left_on=date(2023, 4, 24))
    coming = next_telling(lived(date(2023, 4, 24)), left, at("2023-04-24 08:30"))
    assert coming is not None
    assert (coming.on, [level for _, level in coming.to]) == (date(2023, 5, 1), EVERYBODY)


def test_a_last_rung_on_a_tuesday_comes_next_with_the_summary_of_the_week_after() -> None:
    # Due on Friday 21 April: the clerk is told on Wednesday 26, seven working days after it is Tuesday 2 May.
    left = make_rules(summary_left_on=date(2023, 4, 24))
    assignment = lived(date(2023, 4, 26), due_on=date(2023, 4, 21))
    coming = next_telling(assignment, left, at("2023-04-26 08:30"))
    assert coming is not None
    assert coming.on == date(2023, 5, 8)


def test_no_word_comes_where_the_ladder_rests_or_has_ended() -> None:
    ended = lived(date(2023, 4, 24), ladder=DEFAULT_LADDER.model_copy(update={"repeat_every": None}))
    resting = make_assignment(state=State.CANNOT_DO)
    left = make_rules(summary_left_on=date(2023, 4, 24))
    assert [next_telling(a, left, at("2023-04-24 09:00")) for a in (ended, resting)] == [None, None]


def test_the_clerks_word_kept_silent_is_next_when_the_silence_ends() -> None:
    noted = replace(lived(date(2023, 4, 12)), acknowledgments=(acknowledged(MAYOR, date(2023, 4, 19)),))
    coming = next_telling(noted, make_rules(summary_left_on=date(2023, 4, 18)), at("2023-04-18 12:00"))
    assert coming is not None
    assert (coming.on, coming.to) == (date(2023, 4, 20), (("the-clerk", CLERK),))


def test_a_silence_that_ends_before_a_new_holiday_ends_on_the_working_day_after_it() -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 20): "วันหยุดพิเศษ"})
    noted = replace(lived(date(2023, 4, 12)), acknowledgments=(acknowledged(MAYOR, date(2023, 4, 19)),))
    rules = make_rules(workdays=workdays, summary_left_on=date(2023, 4, 18))
    coming = next_telling(noted, rules, at("2023-04-19 12:00"))
    assert coming is not None
    assert coming.on == date(2023, 4, 21)


def test_the_next_word_is_the_earlier_of_the_ladders_and_the_deciders() -> None:
    asked = Request(date(2023, 4, 28), "รอผล", "the-chang-officer", make_wait(since=date(2023, 4, 11)))
    waiting = replace(lived(date(2023, 4, 11)), extension=asked)
    coming = next_telling(waiting, make_rules(), at("2023-04-11 09:00"))
    assert coming is not None
    assert (coming.on, coming.kinds) == (date(2023, 4, 18), (NoticeKind.ESCALATION_CLERK, NoticeKind.DECIDE_REMINDER))


@given(
    start=st.dates(min_value=date(2023, 3, 20), max_value=date(2023, 5, 31)),
    hour=st.sampled_from([8, 9, 17]),
    noted=st.none()
    | st.tuples(
        st.sampled_from([HEAD, CLERK, MAYOR]), st.dates(min_value=date(2023, 4, 12), max_value=date(2023, 6, 9))
    ),
    due_on=st.sampled_from([date(2023, 4, 10), date(2023, 4, 21), date(2023, 4, 28)]),
    vacant=st.sets(st.sampled_from(["chang-officer", "chang-head", "clerk", "mayor"]), max_size=2),
)
@example(start=date(2023, 4, 12), hour=9, noted=(CLERK, date(2023, 4, 24)), due_on=date(2023, 4, 10), vacant=set())
def test_the_next_word_is_what_a_silent_division_then_sees(
    start: date, hour: int, noted: tuple[Level, date] | None, due_on: date, vacant: set[str]
) -> None:
    assignment = make_assignment(due_on=due_on, acknowledgments=(acknowledged(*noted),) if noted else ())
    before = start - timedelta(days=hour == 8)
    until_now = run_daily(assignment, date(2023, 3, 1), before, make_rules(people=make_people(vacant=vacant)))
    assignment, rules = until_now.assignment, until_now.rules
    later = run_daily(assignment, before + timedelta(days=1), before + timedelta(days=60), rules)
    day, telling = later.said[0]
    expected = [(notice.person, notice.level) for notice in telling.notices]
    coming = next_telling(assignment, rules, at(f"{start} {hour:02d}:29"))
    assert coming is not None
    assert (coming.on, list(coming.to)) == (day, expected)

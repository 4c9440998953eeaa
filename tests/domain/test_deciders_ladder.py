from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from domain.assignment import Assignment, State
from domain.deadline import ask_extension
from domain.escalation import Rules, due_now, next_telling
from domain.notice import NoticeKind
from domain.office import OfficeSettings
from domain.people import Level
from domain.submission import ExtensionRequest
from domain.waiting import Acknowledgment
from tests.factories import at, days_between, make_assignment, make_people, make_rules, make_wait

REMINDER, ABOVE = NoticeKind.DECIDE_REMINDER, NoticeKind.DECIDE_ABOVE
HEAD, CLERK, MAYOR, ADMIN = "the-chang-head", "the-clerk", "the-mayor", "the-admin"
Words = dict[date, list[tuple[NoticeKind, str]]]

# Handed in on Friday 7 April. Two working days after it are 10, 11; five are 10, 11, 12, 18, 19: Songkran is between.
# The next summaries leave on Monday 24 April and 1 May.
TWO: Final = date(2023, 4, 11)
FIVE: Final = date(2023, 4, 19)


def handed_in(**override: object) -> Assignment:
    return make_assignment(**{"state": State.HANDED_IN, "waiting": make_wait()} | override)


def asked(**override: object) -> Assignment:
    request = ExtensionRequest(date(2023, 6, 15), "รอผล", "the-chang-officer", make_wait(**override))
    return make_assignment(extension=request, due_on=date(2023, 5, 31))


def run(assignment: Assignment, days: list[date], rules: Rules) -> tuple[Assignment, Words]:
    """Run at the notice hour of the days, as the office does, and say what was said."""
    words: Words = {}
    for day in days:
        telling = due_now(assignment, rules, rules.workdays.notice_instant(day))
        rules = replace(rules, summary_left_on=day) if rules.is_summary(day) else rules
        if telling is not None:
            assignment = telling.assignment
            words[day] = [(notice.kind, notice.person) for notice in telling.notices]
    return assignment, words


def said(assignment: Assignment, end: date = date(2023, 5, 1), **rules: object) -> Words:
    return run(assignment, days_between(date(2023, 4, 8), end), make_rules(**rules))[1]


@pytest.mark.parametrize("state", [State.HANDED_IN, State.CANNOT_DO_STATED])
def test_who_decides_is_reminded_then_the_level_above_as_well_then_both_in_every_summary(state: State) -> None:
    assert said(handed_in(state=state)) == {
        TWO: [(REMINDER, HEAD)],
        FIVE: [(REMINDER, HEAD), (ABOVE, CLERK)],
        date(2023, 4, 24): [(REMINDER, HEAD), (ABOVE, CLERK)],
        date(2023, 5, 1): [(REMINDER, HEAD), (ABOVE, CLERK)],
    }


def test_a_request_for_time_has_the_same_ladder() -> None:
    assert said(asked(), date(2023, 4, 24)) == said(handed_in(), date(2023, 4, 24))


@pytest.mark.parametrize(
    "gone",
    [
        {"state": State.OPEN},
        {"state": State.ACCEPTED},
        {"state": State.CANNOT_DO},
        {"state": State.CANCELLED},
        {"waiting": make_wait(decided_by=HEAD)},
        {"waiting": None},
    ],
)
def test_nobody_is_reminded_of_what_does_not_wait(gone: dict[str, object]) -> None:
    assert said(handed_in(**{"due_on": date(2023, 9, 29)} | gone)) == {}


def test_where_the_level_above_is_vacant_the_next_filled_one_hears() -> None:
    # The mayor is the top: what another delays is said to them with the summary.
    found = said(handed_in(), date(2023, 4, 24), people=make_people(vacant=("clerk",)))
    assert (found[FIVE], found[date(2023, 4, 24)]) == ([(REMINDER, HEAD)], [(REMINDER, HEAD), (ABOVE, MAYOR)])


def test_in_place_of_a_vacant_head_the_clerk_is_reminded() -> None:
    assert said(handed_in(), TWO, people=make_people(vacant=("chang-head",))) == {TWO: [(REMINDER, CLERK)]}


def test_the_tops_own_decision_is_reminded_on_its_days_and_has_nobody_above() -> None:
    by_clerk = handed_in(waiting=make_wait(by=CLERK, level=Level.CLERK))
    assert said(by_clerk) == {day: [(REMINDER, MAYOR)] for day in (TWO, FIVE, date(2023, 4, 24), date(2023, 5, 1))}


def test_without_any_supervisor_the_administrator_is_reminded() -> None:
    people = make_people(vacant=("chang-head", "clerk", "mayor"))
    assert said(handed_in(), FIVE, people=people) == {TWO: [(REMINDER, ADMIN)], FIVE: [(REMINDER, ADMIN)]}


def test_who_did_it_is_not_the_one_above() -> None:
    both = make_people(acting={"clerk": "the-chang-officer"})
    found = said(handed_in(waiting=make_wait(level=Level.OFFICER)), date(2023, 4, 24), people=both)
    assert {person for words in found.values() for _, person in words} == {MAYOR}


def test_no_acknowledgment_silences_it() -> None:
    noted = Acknowledgment(MAYOR, Level.MAYOR, date(2023, 4, 7), date(2023, 4, 30))
    assert said(replace(asked(), acknowledgments=(noted,)), FIVE) == said(asked(), FIVE)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2023, 4, 12), [(REMINDER, HEAD)]),
        (date(2023, 4, 20), [(REMINDER, HEAD), (ABOVE, CLERK)]),
    ],
)
def test_after_downtime_everybody_passed_over_is_told_once(day: date, words: list[tuple[NoticeKind, str]]) -> None:
    rules = make_rules(summary_left_on=date(2023, 4, 18))
    after, found = run(handed_in(), [day], rules)
    assert found == {day: words}
    assert due_now(after, rules, at(f"{day} 12:00")) is None


def test_nobody_is_reminded_out_of_hours() -> None:
    instants = [at("2023-04-11 08:29"), at("2023-04-11 16:30"), at("2023-04-15 10:00")]
    assert [due_now(handed_in(), make_rules(), now) for now in instants] == [None, None, None]


def test_an_office_may_wait_longer_for_a_decision() -> None:
    patient = OfficeSettings(decide_reminder=3, decide_above=6)
    assert list(said(handed_in(), date(2023, 4, 21), settings=patient)) == [date(2023, 4, 12), date(2023, 4, 20)]


def test_a_repeated_request_does_not_begin_the_days_anew() -> None:
    rules = make_rules()
    before, _ = run(asked(), days_between(date(2023, 4, 8), date(2023, 4, 12)), rules)
    again = ask_extension(
        before,
        date(2023, 6, 20),
        reason="รอผล",
        by="the-chang-officer",
        level=Level.OFFICER,
        now=at("2023-04-12 10:00"),
        workdays=rules.workdays,
    )
    assert run(again, days_between(date(2023, 4, 13), FIVE), rules)[1] == {FIVE: [(REMINDER, HEAD), (ABOVE, CLERK)]}


def test_a_new_hand_in_begins_the_days_anew() -> None:
    again = handed_in(waiting=make_wait(since=date(2023, 4, 12), began_at=at("2023-04-12 10:00")))
    assert list(said(again, date(2023, 4, 21))) == [date(2023, 4, 19)]


def test_every_reminder_has_a_key_of_its_own() -> None:
    rules, assignment, keys = make_rules(), handed_in(), []
    for day in days_between(date(2023, 4, 8), date(2023, 5, 8)):
        telling = due_now(assignment, rules, rules.workdays.notice_instant(day))
        if telling is not None:
            assignment = telling.assignment
            keys += [notice.key for notice in telling.notices]
    assert len(set(keys)) == len(keys) > 0


def test_a_result_and_a_request_are_reminded_of_as_what_they_are() -> None:
    (of_result,) = due_now(handed_in(), make_rules(), at("2023-04-11 08:30")).notices  # type: ignore[union-attr]
    (of_request,) = due_now(asked(), make_rules(), at("2023-04-11 08:30")).notices  # type: ignore[union-attr]
    assert (of_result.key, of_request.key) == (
        "2566-m1.1-chang-q2/2/decide/decide_reminder/the-chang-head",
        "2566-m1.1-chang-q2/2/ask/decide_reminder/the-chang-head",
    )


@pytest.mark.parametrize(
    ("moment", "on", "persons"),
    [
        ("2023-04-07 11:00", TWO, [HEAD]),
        ("2023-04-11 08:29", TWO, [HEAD]),
        ("2023-04-11 08:31", FIVE, [HEAD, CLERK]),
        ("2023-04-19 08:31", date(2023, 4, 24), [HEAD, CLERK]),
    ],
)
def test_the_next_word_of_what_waits_is_the_deciders(moment: str, on: date, persons: list[str]) -> None:
    now = at(moment)
    days = [
        day
        for day in days_between(date(2023, 4, 8), date(2023, 4, 19))
        if make_rules().workdays.notice_instant(day) < now
    ]
    assignment, _ = run(handed_in(), days, make_rules())
    coming = next_telling(assignment, make_rules(summary_left_on=date(2023, 4, 18)), now)
    assert coming is not None
    assert (coming.on, [person for person, _ in coming.to]) == (on, persons)

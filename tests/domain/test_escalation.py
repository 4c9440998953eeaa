from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.assignment import ACTIONABLE, Assignment, State
from domain.deadline import decide_extension
from domain.escalation import ESCALATION_KINDS, Escalated, Skipped, decide, next_notice, told_of
from domain.ladder import DEFAULT_LADDER
from domain.moves import Move, acknowledge, hand_in, return_
from domain.notice import NoticeIntent, NoticeKind
from domain.people import Level
from domain.submission import ExtensionRequest as Request
from tests.factories import HOLIDAYS, at, make_assignment, make_submission, make_workdays

WORKDAYS = make_workdays()


def said(assignment: Assignment, moment: str) -> Escalated:
    decided = decide(assignment, WORKDAYS, at(moment))
    assert isinstance(decided, Escalated)
    return decided


def why_not(assignment: Assignment, moment: str) -> str:
    decided = decide(assignment, WORKDAYS, at(moment))
    assert isinstance(decided, Skipped)
    return decided.why


def keys(notices: tuple[NoticeIntent, ...]) -> list[str]:
    return [notice.key for notice in notices]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2023-03-29 08:30", [(Level.OFFICER, NoticeKind.REMINDER)]),
        ("2023-04-07 08:30", [(Level.OFFICER, NoticeKind.REMINDER)]),
        ("2023-04-10 08:30", [(Level.OFFICER, NoticeKind.REMINDER)]),
        ("2023-04-11 08:30", [(Level.OFFICER, NoticeKind.OVERDUE), (Level.HEAD, NoticeKind.ESCALATION_HEAD)]),
        ("2023-04-18 08:30", [(Level.CLERK, NoticeKind.ESCALATION_CLERK)]),
        ("2023-04-24 08:30", [(Level.MAYOR, NoticeKind.ESCALATION_MAYOR)]),
        ("2023-05-01 08:30", [(Level.MAYOR, NoticeKind.ESCALATION_MAYOR)]),
        ("2023-05-10 08:30", [(Level.MAYOR, NoticeKind.ESCALATION_MAYOR)]),
    ],
)
def test_every_rung_tells_its_levels_on_its_day(moment: str, told: list[tuple[Level, NoticeKind]]) -> None:
    assert [(notice.level, notice.kind) for notice in said(make_assignment(), moment).notices] == told


def test_nothing_is_said_a_minute_before_a_rung() -> None:
    assert why_not(make_assignment(rung=2), "2023-04-11 08:29") == "no new rung has been reached"


def test_a_rung_is_said_once() -> None:
    once = said(make_assignment(), "2023-04-11 08:30").assignment
    assert why_not(once, "2023-04-12 16:00") == "no new rung has been reached"


def test_after_downtime_the_one_rung_reached_is_said_and_not_the_backlog() -> None:
    decided = said(make_assignment(), "2023-04-25 11:00")
    assert ([notice.rung_offset for notice in decided.notices], decided.assignment.rung) == ([7], 5)


def test_saying_a_rung_changes_nothing_but_rung_and_version() -> None:
    before = make_assignment(state=State.RETURNED, version=4)
    assert said(before, "2023-04-11 08:30").assignment == make_assignment(state=State.RETURNED, version=5, rung=3)


@pytest.mark.parametrize("state", sorted(set(State) - ACTIONABLE))
def test_the_ladder_rests_where_the_division_need_not_act(state: State) -> None:
    assert why_not(make_assignment(state=state), "2023-06-30 08:30") == f"it is {state}"


def test_an_acknowledged_escalation_is_silent() -> None:
    assignment = make_assignment(rung=3, acknowledged_until=date(2023, 4, 24))
    assert why_not(assignment, "2023-04-24 08:29") == "acknowledged until 2023-04-24"


def test_when_an_acknowledgment_lapses_the_rung_reached_meanwhile_is_said() -> None:
    assignment = make_assignment(rung=3, acknowledged_until=date(2023, 4, 24))
    assert [notice.level for notice in said(assignment, "2023-04-24 08:30").notices] == [Level.MAYOR]


def test_an_acknowledgment_silences_no_reminder() -> None:
    assignment = make_assignment(acknowledged_until=date(2023, 4, 24))
    assert [notice.kind for notice in said(assignment, "2023-04-07 08:30").notices] == [NoticeKind.REMINDER]


def test_a_rungs_key_names_round_deadline_rung_and_level() -> None:
    assignment = make_assignment(round=2, deadline_version=3)
    assert keys(said(assignment, "2023-04-11 08:30").notices) == [
        "2566-m1.1-chang-q2/v2/d3/r3/officer",
        "2566-m1.1-chang-q2/v2/d3/r3/head",
    ]


def test_after_a_changed_deadline_the_same_rung_is_said_under_another_key() -> None:
    first = said(make_assignment(), "2023-04-11 08:30")
    asked = make_assignment(rung=3, extension=Request(date(2023, 4, 28), "รอผล", "somsri"))
    later = decide_extension(asked, granted=True, now=at("2023-04-12 10:00"), workdays=WORKDAYS)
    assert not set(keys(first.notices)) & set(keys(said(later, "2023-05-01 08:30").notices))


def test_after_a_return_the_same_rung_is_said_under_another_key() -> None:
    first = said(make_assignment(), "2023-04-11 08:30")
    handed = hand_in(first.assignment, make_submission(), by="x", now=at("2023-04-11 10:00"), workdays=WORKDAYS)
    back = return_(handed, reason="แก้ไข", now=at("2023-04-12 10:00"), workdays=WORKDAYS, correction=3)
    assert keys(said(back, "2023-04-21 08:30").notices) == [
        "2566-m1.1-chang-q2/v2/d2/r3/officer",
        "2566-m1.1-chang-q2/v2/d2/r3/head",
    ]


def test_a_deadline_moved_twice_is_told_under_three_keys() -> None:
    versions = [make_assignment(deadline_version=version) for version in (1, 2, 3)]
    assert len({key for a in versions for key in keys(said(a, "2023-04-18 08:30").notices)}) == 3


def test_every_level_has_a_kind_of_escalation() -> None:
    assert set(ESCALATION_KINDS) == set(Level)


@pytest.mark.parametrize(
    ("move", "level", "kind"),
    [
        (Move.OPEN, Level.OFFICER, NoticeKind.OPENED),
        (Move.HAND_IN, Level.HEAD, NoticeKind.HANDED_IN),
        (Move.RETURN, Level.OFFICER, NoticeKind.RETURNED),
        (Move.ACCEPT, Level.OFFICER, NoticeKind.ACCEPTED),
        (Move.CANNOT_DO, Level.HEAD, NoticeKind.CANNOT_DO),
        (Move.ASK_EXTENSION, Level.HEAD, NoticeKind.EXTENSION_ASKED),
        (Move.GRANT_EXTENSION, Level.OFFICER, NoticeKind.EXTENSION_DECIDED),
        (Move.REFUSE_EXTENSION, Level.OFFICER, NoticeKind.EXTENSION_DECIDED),
        (Move.CHANGE_DEADLINE, Level.OFFICER, NoticeKind.DEADLINE_CHANGED),
    ],
)
def test_whoever_must_act_next_is_told_of_a_move(move: Move, level: Level, kind: NoticeKind) -> None:
    (notice,) = told_of(make_assignment(), move, by="somsri", reason="รอผล")
    assert (notice.level, notice.kind, notice.by, notice.reason, notice.rung_offset) == (
        level,
        kind,
        "somsri",
        "รอผล",
        None,
    )


@pytest.mark.parametrize("move", [Move.WITHDRAW, Move.CANCEL, Move.ACKNOWLEDGE, Move.ESCALATE])
def test_nobody_is_written_to_because_of_the_other_moves(move: Move) -> None:
    assert told_of(make_assignment(), move) == ()


def test_a_move_of_a_second_round_is_told_anew() -> None:
    first, second = (told_of(make_assignment(version=version), Move.HAND_IN) for version in (2, 4))
    assert keys(first) != keys(second)


def test_the_next_notice_is_the_next_rung() -> None:
    found = next_notice(make_assignment(rung=3), WORKDAYS, at("2023-04-11 08:30"))
    assert found == (date(2023, 4, 18), DEFAULT_LADDER.rung(4))


def test_after_the_last_rung_the_next_notice_is_a_repetition() -> None:
    found = next_notice(make_assignment(rung=5), WORKDAYS, at("2023-04-24 08:30"))
    assert found == (date(2023, 5, 1), DEFAULT_LADDER.rung(6))


def test_no_notice_comes_where_the_ladder_rests_or_has_ended() -> None:
    ended = make_assignment(rung=5, ladder=DEFAULT_LADDER.model_copy(update={"repeat_every": None}))
    resting = make_assignment(state=State.HANDED_IN)
    assert [next_notice(a, WORKDAYS, at("2023-04-24 09:00")) for a in (ended, resting)] == [None, None]


def test_an_acknowledgment_puts_the_next_notice_off_to_the_rung_reached_when_it_lapses() -> None:
    silent = acknowledge(make_assignment(rung=3), by="clerk", now=at("2023-04-12 10:00"), workdays=WORKDAYS)
    assert next_notice(silent, WORKDAYS, at("2023-04-12 10:00")) == (date(2023, 4, 24), DEFAULT_LADDER.rung(5))


def test_the_clerks_rung_passed_over_in_silence_is_next_when_the_silence_ends() -> None:
    silent = make_assignment(rung=3, acknowledged_until=date(2023, 4, 19))
    assert next_notice(silent, WORKDAYS, at("2023-04-18 12:00")) == (date(2023, 4, 19), DEFAULT_LADDER.rung(4))


def test_an_acknowledgment_that_lapses_on_a_new_holiday_speaks_on_the_next_working_day() -> None:
    workdays = make_workdays(holidays={**HOLIDAYS, date(2023, 4, 19): "วันหยุดพิเศษ"})
    silent = make_assignment(rung=3, acknowledged_until=date(2023, 4, 19))
    found = next_notice(silent, workdays, at("2023-04-18 12:00"))
    assert found == (date(2023, 4, 20), DEFAULT_LADDER.rung(4))


@given(
    start=st.dates(min_value=date(2023, 3, 20), max_value=date(2023, 5, 31)),
    hour=st.sampled_from([8, 9, 17]),
    until=st.none() | st.dates(min_value=date(2023, 4, 12), max_value=date(2023, 6, 9)),
)
@example(start=date(2023, 4, 12), hour=9, until=date(2023, 4, 24))
def test_the_next_notice_is_what_a_silent_division_then_sees(start: date, hour: int, until: date | None) -> None:
    now = at(f"{start} {hour:02d}:30")
    decided = decide(make_assignment(acknowledged_until=until), WORKDAYS, now)
    assignment = decided.assignment if isinstance(decided, Escalated) else make_assignment(acknowledged_until=until)
    expected = next_notice(assignment, WORKDAYS, now)
    day = start
    while isinstance(later := decide(assignment, WORKDAYS, max(now, at(f"{day} 08:30"))), Skipped):
        day += timedelta(days=1)
    rung = assignment.ladder.rung(later.assignment.rung)
    assert expected == (day, rung)

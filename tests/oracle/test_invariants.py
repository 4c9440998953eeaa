"""Each invariant finds what is wrong in a year that is made up for it, and nothing in a good one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tests.oracle.invariants import (
    every_wait_has_a_next_notice,
    faults_of,
    no_notice_is_about_what_its_reader_cannot_act_on,
    nobody_above_is_told_before_those_below,
    nobody_decides_alone_where_another_can,
    the_top_hears_of_the_ladder_once_a_week,
)
from tests.oracle.office import Level
from tests.oracle.world import Acknowledgment, Decision, Notice, Probe, Record

DUE = date(2023, 4, 10)
MONDAY = date(2023, 4, 24)
TUESDAY = date(2023, 4, 25)


def escalation(day: date, level: Level, *, is_top: bool = False) -> Notice:
    return Notice(
        day,
        level.name,
        f"escalation_{level.name.lower()}",
        "m1.1/chang/q2",
        due=DUE,
        aimed=(level,),
        post=level,
        is_top=is_top,
        state="open",
        may=frozenset({"order"}),
    )


def overdue(day: date, *, state: str = "open", may: frozenset[str] = frozenset({"do"})) -> Notice:
    return Notice(
        day, "o", "overdue", "m1.1/chang/q2", due=DUE, aimed=(Level.OFFICER,), post=Level.OFFICER, state=state, may=may
    )


def test_a_clerk_told_before_the_head_is_a_fault() -> None:
    record = Record(notices=[overdue(MONDAY), escalation(MONDAY, Level.CLERK), escalation(TUESDAY, Level.HEAD)])
    assert len(nobody_above_is_told_before_those_below(record)) == 1


def test_a_head_who_acknowledged_counts_as_told() -> None:
    words = Acknowledgment("m1.1/chang/q2", DUE, "h", Level.HEAD, datetime.fromisoformat("2023-04-24T09:00"), TUESDAY)
    record = Record(notices=[overdue(MONDAY), escalation(TUESDAY, Level.CLERK)], acknowledgments=[words])
    assert not nobody_above_is_told_before_those_below(record)


def test_a_head_told_of_an_earlier_lateness_does_not_count_as_told() -> None:
    earlier = replace(escalation(MONDAY, Level.HEAD), due=date(2023, 4, 3), aimed=(Level.OFFICER, Level.HEAD))
    record = Record(notices=[earlier, overdue(MONDAY), escalation(TUESDAY, Level.CLERK)])
    assert len(nobody_above_is_told_before_those_below(record)) == 1


def test_a_notice_to_a_reader_without_any_right_is_a_fault() -> None:
    record = Record(notices=[overdue(MONDAY, may=frozenset())])
    assert len(no_notice_is_about_what_its_reader_cannot_act_on(record)) == 1


def test_a_notice_of_lateness_about_an_accepted_result_is_a_fault() -> None:
    record = Record(notices=[overdue(MONDAY, state="accepted")])
    assert len(no_notice_is_about_what_its_reader_cannot_act_on(record)) == 1


def test_a_result_to_review_that_was_taken_back_is_a_fault() -> None:
    notice = Notice(MONDAY, "h", "handed_in", "m1.1/chang/q2", state="open", may=frozenset({"decide"}))
    assert len(no_notice_is_about_what_its_reader_cannot_act_on(Record(notices=[notice]))) == 1


def test_a_wait_without_a_next_notice_is_a_fault() -> None:
    assert len(every_wait_has_a_next_notice(Record(probes=[Probe(MONDAY, "m1.1/chang/q2", ())]))) == 1


def test_a_next_notice_without_a_name_is_a_fault() -> None:
    probe = Probe(MONDAY, "m1.1/chang/q2", ((TUESDAY, "", "overdue"),))
    assert len(every_wait_has_a_next_notice(Record(probes=[probe]))) == 1


def test_two_next_days_are_a_fault() -> None:
    probe = Probe(MONDAY, "m1.1/chang/q2", ((TUESDAY, "o", "overdue"), (date(2023, 4, 26), "h", "escalation_head")))
    assert len(every_wait_has_a_next_notice(Record(probes=[probe]))) == 1


def test_deciding_alone_beside_another_is_a_fault() -> None:
    alone = Decision("m1.1/chang/q2", datetime.fromisoformat("2023-04-24T09:00"), "c", "c", ("m",))
    assert len(nobody_decides_alone_where_another_can(Record(decisions=[alone]))) == 1


def test_deciding_alone_where_nobody_else_is_there_is_none() -> None:
    alone = Decision("m1.1/chang/q2", datetime.fromisoformat("2023-04-24T09:00"), "c", "c")
    assert not nobody_decides_alone_where_another_can(Record(decisions=[alone]))


def test_a_top_told_on_two_days_of_a_week_is_a_fault() -> None:
    days = [MONDAY, TUESDAY]
    record = Record(notices=[escalation(day, Level.MAYOR, is_top=True) for day in days])
    assert len(the_top_hears_of_the_ladder_once_a_week(record)) == 1


def test_a_good_year_has_no_fault() -> None:
    levels = [Level.HEAD, Level.CLERK]
    record = Record(notices=[overdue(MONDAY), *(escalation(MONDAY, level) for level in levels)])
    assert not faults_of(record)

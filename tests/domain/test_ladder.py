from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from domain.ladder import DEFAULT_LADDER, NO_RUNG, Ladder, Rung
from domain.moments import ladder_days
from domain.people import Level
from tests.factories import at, make_workdays

# Worked out with a wall calendar, not by the code. Quarter 2 of 2566 ends on Friday 31 March 2023. Of the days after
# it, 6 April (Chakri), 13, 14 and 17 April (Songkran), 4 May (Coronation), 5 May (cabinet) and all weekends are off.
# Five working days after the period: 3, 4, 5, 7, 10 April.
Q2_DUE = date(2023, 4, 10)
Q2_RUNGS = [
    (-7, date(2023, 3, 29)),  # 7, 5, 4, 3 April, 31, 30, 29 March
    (-1, date(2023, 4, 7)),
    (0, date(2023, 4, 10)),
    (1, date(2023, 4, 11)),
    (3, date(2023, 4, 18)),  # 11, 12, then Songkran, 18
    (7, date(2023, 4, 24)),  # 19, 20, 21, 24
]
# Its weekly summaries: 24 April is a Monday. Labour Day is a working day of offices; 5 June (Visakha Bucha) is off.
Q2_SUMMARIES = [
    date(2023, 4, 24),
    date(2023, 5, 1),
    date(2023, 5, 8),
    date(2023, 5, 15),
    date(2023, 5, 22),
    date(2023, 5, 29),
    date(2023, 6, 6),
]
# A step that ends on Friday 21 April: five working days later is Friday 28 April; its ladder crosses 5 May.
MAY_DUE = date(2023, 4, 28)
MAY_RUNGS = [
    (-7, date(2023, 4, 19)),  # 27, 26, 25, 24, 21, 20, 19
    (-1, date(2023, 4, 27)),
    (0, date(2023, 4, 28)),
    (1, date(2023, 5, 1)),
    (3, date(2023, 5, 3)),
    (7, date(2023, 5, 11)),  # 8, 9, 10, 11: a Thursday, so the mayor is told with the summary of Monday 15 May
]
MAY_SUMMARIES = [date(2023, 5, 15), date(2023, 5, 22), date(2023, 5, 29), date(2023, 6, 6)]
CASES = [(Q2_DUE, n, *rung) for n, rung in enumerate(Q2_RUNGS)] + [
    (MAY_DUE, n, *rung) for n, rung in enumerate(MAY_RUNGS)
]


@pytest.mark.parametrize(("due_on", "index", "offset", "day"), CASES)
def test_every_rung_of_two_real_deadlines_falls_on_the_day_a_clerk_would_count(
    due_on: date, index: int, offset: int, day: date
) -> None:
    assert DEFAULT_LADDER.rungs[index].offset == offset
    assert DEFAULT_LADDER.day(index, due_on, make_workdays()) == day


def test_the_default_ladder_tells_officers_then_head_then_clerk_then_mayor() -> None:
    officer, head, clerk, mayor = Level.OFFICER, Level.HEAD, Level.CLERK, Level.MAYOR
    assert [(rung.offset, rung.to) for rung in DEFAULT_LADDER.rungs] == [
        (-7, (officer,)),
        (-1, (officer,)),
        (0, (officer,)),
        (1, (officer, head)),
        (3, (clerk,)),
        (7, (mayor,)),
    ]


@pytest.mark.parametrize(("due_on", "summaries"), [(Q2_DUE, Q2_SUMMARIES), (MAY_DUE, MAY_SUMMARIES)])
def test_the_last_rung_and_its_repetitions_fall_on_the_summary_days_from_the_seventh_working_day_on(
    due_on: date, summaries: list[date]
) -> None:
    days = [day for day, _ in ladder_days(DEFAULT_LADDER, due_on, make_workdays())]
    assert days[5 : 5 + len(summaries)] == summaries


def test_the_default_ladder_repeats_and_is_silenced_for_five_working_days() -> None:
    assert (DEFAULT_LADDER.repeat_every, DEFAULT_LADDER.acknowledgment_lasts) == (5, 5)


def test_a_ladder_without_repetition_says_its_last_rung_once() -> None:
    ladder = DEFAULT_LADDER.model_copy(update={"repeat_every": None})
    assert [day for day, _ in ladder_days(ladder, MAY_DUE, make_workdays())][4:] == [
        date(2023, 5, 3),
        date(2023, 5, 15),
    ]


@pytest.mark.parametrize(("repeat_every", "is_repeated"), [(None, False), (1, True), (5, True)])
def test_any_number_of_days_means_every_week(repeat_every: int | None, *, is_repeated: bool) -> None:
    assert DEFAULT_LADDER.model_copy(update={"repeat_every": repeat_every}).is_repeated is is_repeated


def test_no_rung_is_reached_a_second_before_the_first() -> None:
    before = at("2023-03-29 08:30") - timedelta(seconds=1)
    assert DEFAULT_LADDER.reached(Q2_DUE, make_workdays(), before) == NO_RUNG


@pytest.mark.parametrize(("index", "day"), [(n, day) for n, (_, day) in enumerate(Q2_RUNGS)])
def test_a_rung_is_reached_exactly_at_the_notice_hour_of_its_day(index: int, day: date) -> None:
    instant = at(f"{day} 08:30")
    reached = [
        DEFAULT_LADDER.reached(Q2_DUE, make_workdays(), now) for now in (instant - timedelta(seconds=1), instant)
    ]
    assert reached == [index - 1, index]


def test_no_rung_is_reached_beyond_the_last() -> None:
    assert DEFAULT_LADDER.reached(Q2_DUE, make_workdays(), at("2024-01-31 12:00")) == 5


def test_rungs_out_of_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="order of time"):
        Ladder(rungs=(Rung(offset=3, to=(Level.CLERK,)), Rung(offset=1, to=(Level.HEAD,))))


def test_two_rungs_on_one_day_are_refused() -> None:
    with pytest.raises(ValidationError, match="each offset once"):
        Ladder(rungs=(Rung(offset=1, to=(Level.HEAD,)), Rung(offset=1, to=(Level.CLERK,))))


def test_a_rung_that_tells_nobody_is_refused() -> None:
    with pytest.raises(ValidationError, match="to"):
        Rung(offset=1, to=())


@pytest.mark.parametrize(("offset", "is_escalation"), [(-1, False), (0, False), (1, True)])
def test_a_rung_is_an_escalation_only_after_the_deadlines_day(offset: int, *, is_escalation: bool) -> None:
    assert Rung(offset=offset, to=(Level.OFFICER,)).is_escalation is is_escalation


def test_a_ladder_read_back_from_its_document_is_the_same() -> None:
    assert Ladder.model_validate_json(DEFAULT_LADDER.model_dump_json()) == DEFAULT_LADDER

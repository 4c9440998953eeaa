from __future__ import annotations

from datetime import UTC, date, datetime, time

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.workdays import HolidayOverride, Workdays
from tests.factories import HOLIDAYS, at, days_between, make_workdays

DAYS = st.dates(min_value=date(2022, 10, 1), max_value=date(2023, 12, 31))
CALENDARS = st.frozensets(DAYS, max_size=60).map(lambda days: Workdays(dict.fromkeys(days, "หยุด")))


def test_the_table_of_the_factories_is_what_the_holidays_library_says() -> None:
    official = holidays.country_holidays("TH", years=(2022, 2023), categories=("public", "government"), language="th")
    others = ("แรงงาน", "เด็ก")
    expected = {
        day for day, name in official.items() if day >= date(2022, 10, 1) and not any(w in name for w in others)
    }
    assert set(HOLIDAYS) == expected


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 4, 13),
        date(2023, 4, 14),
        date(2023, 4, 15),
        date(2023, 4, 16),
        date(2023, 4, 17),
        date(2023, 5, 4),
        date(2023, 5, 5),
        date(2023, 6, 5),
    ],
)
def test_the_office_is_closed_on_songkran_and_the_days_the_cabinet_gave(day: date) -> None:
    assert not make_workdays().is_workday(day)


def test_the_office_is_open_on_labour_day() -> None:
    assert make_workdays().is_workday(date(2023, 5, 1))


def test_one_working_day_after_the_eve_of_songkran_is_six_days_later() -> None:
    assert make_workdays().add(date(2023, 4, 12), 1) == date(2023, 4, 18)


def test_one_working_day_before_the_end_of_songkran_is_its_eve() -> None:
    assert make_workdays().add(date(2023, 4, 18), -1) == date(2023, 4, 12)


def test_counting_may_start_on_a_day_off() -> None:
    assert make_workdays().add(date(2023, 4, 15), 1) == date(2023, 4, 18)


def test_adding_nothing_to_a_day_off_gives_the_next_working_day() -> None:
    assert make_workdays().add(date(2023, 5, 4), 0) == date(2023, 5, 8)


def test_between_counts_the_last_day_but_not_the_first() -> None:
    assert make_workdays().between(date(2023, 4, 12), date(2023, 4, 19)) == 2


def test_between_is_negative_when_the_second_day_is_earlier() -> None:
    assert make_workdays().between(date(2023, 5, 8), date(2023, 5, 3)) == -1


def test_the_offices_own_day_off_wins_over_the_official_list() -> None:
    fair = HolidayOverride(date(2023, 5, 3), is_holiday=True, name="งานประจำปี")
    assert make_workdays(overrides=[fair]).on_or_after(date(2023, 5, 3)) == date(2023, 5, 8)


def test_the_office_may_work_on_an_official_day_off() -> None:
    open_day = HolidayOverride(date(2023, 5, 5), is_holiday=False, name="เปิดทำการ")
    assert make_workdays(overrides=[open_day]).on_or_after(date(2023, 5, 4)) == date(2023, 5, 5)


def test_the_office_may_work_on_a_saturday_to_make_up_for_a_day_off() -> None:
    saturday = date(2023, 5, 20)
    override = HolidayOverride(saturday, is_holiday=False, name="วันทำงานชดเชย")

    assert Workdays.build({}, [override]).is_workday(saturday)
    assert not Workdays.build({}).is_workday(saturday)


def test_a_later_override_of_the_same_day_wins() -> None:
    day = date(2023, 5, 3)
    both = [HolidayOverride(day, is_holiday=True, name="งาน"), HolidayOverride(day, is_holiday=False, name="ยกเลิก")]
    assert make_workdays(overrides=both).is_workday(day)


def test_overrides_leave_the_official_list_as_it_was() -> None:
    official = {date(2023, 5, 5): "วันหยุดพิเศษ"}
    Workdays.build(official, [HolidayOverride(date(2023, 5, 5), is_holiday=False, name="เปิดทำการ")])
    assert date(2023, 5, 5) in official


def test_notices_leave_and_deadlines_fall_at_the_offices_hours() -> None:
    workdays = make_workdays(notify_at=time(9), close_at=time(15))
    day = date(2023, 5, 3)
    assert (workdays.notice_instant(day), workdays.closing_instant(day)) == (
        at("2023-05-03 09:00"),
        at("2023-05-03 15:00"),
    )


def test_the_local_day_of_a_late_utc_instant_is_the_next_one() -> None:
    assert make_workdays().local_day(datetime(2023, 5, 2, 17, 0, tzinfo=UTC)) == date(2023, 5, 3)


@given(CALENDARS, DAYS, st.integers(min_value=1, max_value=30))
def test_so_many_working_days_later_lie_so_many_working_days_between(workdays: Workdays, day: date, count: int) -> None:
    assert workdays.between(day, workdays.add(day, count)) == count


@given(CALENDARS, DAYS, st.integers(min_value=-30, max_value=30))
def test_counting_ends_on_a_working_day(workdays: Workdays, day: date, count: int) -> None:
    assert workdays.is_workday(workdays.add(day, count))


@given(CALENDARS, DAYS, st.integers(min_value=1, max_value=30))
def test_counting_forth_and_back_returns_to_a_working_day(workdays: Workdays, day: date, count: int) -> None:
    start = workdays.on_or_after(day)
    assert workdays.add(workdays.add(start, count), -count) == start


@given(CALENDARS, DAYS, DAYS)
def test_between_is_a_plain_count_of_open_days(workdays: Workdays, start: date, end: date) -> None:
    first, last = sorted((start, end))
    count = sum(workdays.is_workday(day) for day in days_between(first, last)[1:])
    assert workdays.between(start, end) == (count if start <= end else -count)


@pytest.mark.parametrize(
    ("moment", "is_in_hours"),
    [
        ("2023-04-07 08:29:59", False),
        ("2023-04-07 08:30", True),
        ("2023-04-07 16:29:59", True),
        ("2023-04-07 16:30", False),
        ("2023-04-08 10:00", False),  # a Saturday
        ("2023-04-13 10:00", False),  # Songkran
    ],
)
def test_people_are_told_from_the_notice_hour_until_the_closing_hour_of_a_working_day(
    moment: str, *, is_in_hours: bool
) -> None:
    assert make_workdays().is_in_hours(at(moment)) is is_in_hours


def test_hours_are_those_of_the_offices_zone() -> None:
    assert make_workdays().is_in_hours(datetime(2023, 4, 7, 2, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "summary"),
    [
        (date(2023, 4, 24), date(2023, 4, 24)),  # a Monday
        (date(2023, 4, 28), date(2023, 4, 24)),
        (date(2023, 4, 30), date(2023, 4, 24)),  # the Sunday that ends its week
        (date(2023, 4, 17), date(2023, 4, 18)),  # Monday off
        (date(2023, 8, 4), date(2023, 8, 3)),  # Monday, Tuesday and Wednesday off
    ],
)
def test_the_weekly_summary_leaves_on_the_first_working_day_of_the_week(day: date, summary: date) -> None:
    assert make_workdays().summary_day(day) == summary


def test_a_week_without_a_working_day_has_no_summary() -> None:
    closed = Workdays(dict.fromkeys(days_between(date(2023, 4, 10), date(2023, 4, 14)), "ปิดทำการ"))
    assert [closed.summary_day(date(2023, 4, day)) for day in (7, 10, 16, 17)] == [
        date(2023, 4, 3),
        None,
        None,
        date(2023, 4, 17),
    ]


def test_the_summary_of_a_week_may_leave_on_a_saturday_on_which_the_office_works() -> None:
    closed = dict.fromkeys(days_between(date(2023, 4, 10), date(2023, 4, 14)), "ปิดทำการ")
    workdays = Workdays.build(closed, [HolidayOverride(date(2023, 4, 15), is_holiday=False, name="ทำงานชดเชย")])
    assert workdays.summary_day(date(2023, 4, 10)) == date(2023, 4, 15)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2023-04-07 00:00", date(2023, 4, 7)),
        ("2023-04-07 16:29:59", date(2023, 4, 7)),
        ("2023-04-07 16:30", date(2023, 4, 10)),  # Friday evening: Monday
        ("2023-04-12 16:30", date(2023, 4, 18)),
        ("2023-04-16 23:59", date(2023, 4, 18)),
    ],
)
def test_a_letter_leaves_on_its_working_day_until_the_closing_hour_and_then_on_the_next(moment: str, day: date) -> None:
    assert make_workdays().letter_day(at(moment)) == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2023-04-10 16:29", date(2023, 4, 18)),  # 11, 12, 18
        ("2023-04-10 16:30", date(2023, 4, 19)),
        ("2023-04-14 10:00", date(2023, 4, 21)),  # from Tuesday 18: 19, 20, 21
    ],
)
def test_days_of_a_rule_are_counted_after_the_day_on_which_the_letter_leaves(moment: str, day: date) -> None:
    assert make_workdays().days_given(at(moment), 3) == day


@given(CALENDARS, DAYS, st.times(), st.integers(1, 20))
def test_days_of_a_rule_are_full_working_days_after_the_one_on_which_they_are_given(
    workdays: Workdays, day: date, hour: time, count: int
) -> None:
    now = datetime.combine(day, hour, workdays.zone)
    assert workdays.between(workdays.local_day(now), workdays.days_given(now, count)) >= count

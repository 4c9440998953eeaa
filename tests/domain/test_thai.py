from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.thai import (
    MONTHS,
    SHORT_MONTHS,
    arabic_digits,
    be_year,
    date_time,
    gregorian_year,
    long_date,
    month_range,
    short_date,
    thai_digits,
    weekday_date,
)


def test_official_paper_writes_the_day_without_a_leading_zero_and_the_buddhist_year() -> None:
    assert long_date(date(2023, 5, 5)) == "๕ พฤษภาคม ๒๕๖๖"


def test_tables_write_the_short_month_and_the_last_two_digits_of_the_year() -> None:
    assert short_date(date(2023, 5, 5)) == "๕ พ.ค. ๖๖"


def test_a_short_year_below_ten_keeps_its_zero() -> None:
    assert short_date(date(2060, 1, 31)) == "๓๑ ม.ค. ๐๓"


def test_a_letter_names_the_weekday() -> None:
    assert weekday_date(date(2023, 5, 5)) == "วันศุกร์ที่ ๕ พฤษภาคม ๒๕๖๖"


def test_an_instant_before_midnight_in_utc_is_the_next_morning_in_bangkok() -> None:
    assert date_time(datetime(2023, 5, 4, 23, 5, tzinfo=UTC)) == "๕ พ.ค. ๖๖ เวลา ๐๖.๐๕ น."


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2023, 2, 1), date(2023, 9, 30), "ก.พ. - ก.ย. ๒๕๖๖"),
        (date(2022, 10, 1), date(2023, 9, 30), "ต.ค. ๒๕๖๕ - ก.ย. ๒๕๖๖"),
        (date(2023, 4, 3), date(2023, 4, 28), "เม.ย. ๒๕๖๖"),
        (date(2022, 4, 1), date(2023, 4, 30), "เม.ย. ๒๕๖๕ - เม.ย. ๒๕๖๖"),
    ],
)
def test_a_range_prints_the_first_year_only_when_it_differs(start: date, end: date, text: str) -> None:
    assert month_range(start, end) == text


def test_there_are_twelve_months_of_each_length() -> None:
    assert (len(set(MONTHS)), len(set(SHORT_MONTHS))) == (12, 12)


@given(st.integers(min_value=0))
def test_thai_digits_read_back_as_the_number_written(number: int) -> None:
    assert int(arabic_digits(thai_digits(number))) == number


@given(st.text())
def test_arabic_digits_leave_everything_else_as_it_is(text: str) -> None:
    assert arabic_digits(thai_digits(text)) == arabic_digits(text)


@given(st.integers(min_value=1941, max_value=2200))
def test_a_year_goes_to_the_buddhist_era_and_back(year: int) -> None:
    assert gregorian_year(be_year(year)) == year


@given(st.dates(min_value=date(1941, 1, 1), max_value=date(2200, 12, 31)))
def test_a_long_date_can_be_read_back_by_hand(day: date) -> None:
    number, month, year = arabic_digits(long_date(day)).split()
    assert date(int(year) - 543, MONTHS.index(month) + 1, int(number)) == day


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2200, 12, 31)))
def test_the_same_weekday_returns_after_seven_days(day: date) -> None:
    name = weekday_date(day).partition("ที่")[0]
    assert weekday_date(day + timedelta(days=7)).startswith(f"{name}ที่")

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.fiscal import FiscalYear, Span, UnknownFiscalYearError

YEARS = st.integers(min_value=2541, max_value=2639).map(FiscalYear)
DAYS = st.dates(min_value=date(1998, 1, 1), max_value=date(2090, 12, 31))


def test_fiscal_year_2566_begins_in_october_2022() -> None:
    assert FiscalYear(2566).span == Span(date(2022, 10, 1), date(2023, 9, 30))


@pytest.mark.parametrize(
    ("day", "year"), [(date(2022, 9, 30), 2565), (date(2022, 10, 1), 2566), (date(2023, 9, 30), 2566)]
)
def test_a_day_belongs_to_the_year_that_ends_after_it(day: date, year: int) -> None:
    assert FiscalYear.of(day) == FiscalYear(year)


@pytest.mark.parametrize("year", [2023, 66, 2539, 2641])
def test_a_gregorian_or_two_digit_year_is_refused(year: int) -> None:
    with pytest.raises(UnknownFiscalYearError, match=str(year)):
        FiscalYear(year)


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (1, date(2022, 10, 1), date(2022, 12, 31)),
        (2, date(2023, 1, 1), date(2023, 3, 31)),
        (3, date(2023, 4, 1), date(2023, 6, 30)),
        (4, date(2023, 7, 1), date(2023, 9, 30)),
    ],
)
def test_the_four_quarters_of_2566(number: int, first: date, last: date) -> None:
    assert FiscalYear(2566).quarter(number) == Span(first, last)


def test_february_of_a_leap_year_has_29_days() -> None:
    assert FiscalYear(2567).month(2) == Span(date(2024, 2, 1), date(2024, 2, 29))


def test_the_months_come_in_fiscal_order() -> None:
    assert list(FiscalYear(2566).months()) == [10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_29_february_becomes_the_28th_in_a_common_year() -> None:
    assert FiscalYear(2567).shifted(date(2024, 2, 29), FiscalYear(2568)) == date(2025, 2, 28)


def test_october_stays_in_the_calendar_year_before_the_fiscal_one() -> None:
    assert FiscalYear(2566).shifted(date(2022, 10, 1), FiscalYear(2570)) == date(2026, 10, 1)


def test_a_period_that_touches_one_day_of_a_quarter_touches_the_quarter() -> None:
    touched = FiscalYear(2566).quarters_touched(Span(date(2022, 12, 31), date(2023, 4, 1)))
    assert touched == (1, 2, 3)


def test_spans_that_share_only_their_edge_overlap() -> None:
    assert Span(date(2023, 1, 1), date(2023, 1, 5)).overlaps(Span(date(2023, 1, 5), date(2023, 1, 9)))


def test_a_year_prints_as_official_paper_names_it() -> None:
    assert str(FiscalYear(2566)) == "ปีงบประมาณ พ.ศ. ๒๕๖๖"


@given(DAYS)
@example(date(2024, 2, 29))
@example(date(2022, 9, 30))
def test_every_day_lies_in_exactly_one_quarter_of_its_year(day: date) -> None:
    year = FiscalYear.of(day)
    assert [number for number in (1, 2, 3, 4) if day in year.quarter(number)] == [year.quarter_of(day)]


@given(YEARS)
def test_months_and_quarters_tile_the_year_without_gap(year: FiscalYear) -> None:
    for parts in ([year.month(m) for m in year.months()], [year.quarter(q) for q in (1, 2, 3, 4)]):
        assert (parts[0].start, parts[-1].end) == (year.start, year.end)
        assert all(a.end + timedelta(days=1) == b.start for a, b in pairwise(parts))


@given(DAYS, YEARS)
@example(date(2024, 2, 29), FiscalYear(2566))
def test_a_shifted_day_lies_in_the_year_it_was_shifted_to(day: date, to: FiscalYear) -> None:
    assert FiscalYear.of(FiscalYear.of(day).shifted(day, to)) == to

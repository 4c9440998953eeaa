"""Periods as people write them, as days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.fiscal import FiscalYear
from domain.thai import MONTHS, SHORT_MONTHS, be_year, gregorian_year, long_date, thai_digits
from plans.words.periods import printed_years, read_period, split_ranges, ways_into

YEAR = FiscalYear(2567)
MONTH_NUMBERS = st.integers(1, 12)
YEARS = st.integers(2560, 2580).map(FiscalYear)


def days(text: str, year: FiscalYear = YEAR) -> tuple[str, str] | None:
    reading = read_period(text, year)
    return (str(reading.start), str(reading.end)) if reading else None


@pytest.mark.parametrize(
    "text",
    [
        "ต.ค. - ก.ย. ๒๕๖๗",
        "ต.ค.- ก.ย. ๒๕๖๗",
        "ต.ค. -ก.ย. 2567",
        "ต.ค.–ก.ย.๖๗",
        "ต.ค. ๒๕๖๖ - ก.ย. ๒๕๖๗",
        "ตุลาคม 2566 ถึง กันยายน ๒๕๖๗",
        "ตค. ๖๖ - กย ๖๗",
        "ต.ค - ก.ย",
        "๑ ตุลาคม พ.ศ. ๒๕๖๖ - ๓๐ กันยายน พ.ศ. ๒๕๖๗",
        "1/10/2566 - 30/9/2567",
        "๑ ต.ค. 2023 - ๓๐ ก.ย. 2024",
        "ตลอดปีงบประมาณ",
        "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๗",
        "ปีงบประมาณ ๒๕๖๗",
        "ทั้งปี",
        "ทุกไตรมาส",
        "ไตรมาสละ ๑ ครั้ง",
        "ทุกเดือน",
        "ไตรมาสที่ ๑ - ๔",
        "ไตรมาสที่ ๑ - ไตรมาสที่ ๔",
        "รอบ ๑๒ เดือน",
    ],
)
def test_the_whole_year_in_every_way_it_is_written(text: str) -> None:
    assert days(text) == ("2023-10-01", "2024-09-30")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("มี.ค.-ก.ย. ๒๕๖๗", "2024-03-01", "2024-09-30"),
        ("ก.พ. -มี.ค. ๒๕๖๗", "2024-02-01", "2024-03-31"),
        ("ต.ค. - ธ.ค. ๒๕๖๖", "2023-10-01", "2023-12-31"),
        ("ต.ค. - ธ.ค. ๒๕๖๗", "2023-10-01", "2023-12-31"),
        ("ธ.ค. ๖๖ - ม.ค. ๖๗", "2023-12-01", "2024-01-31"),
        ("ต.ค. ๒๕๖๖ - ก.พ.", "2023-10-01", "2024-02-29"),
        ("๑ - ๑๕ มกราคม ๒๕๖๗", "2024-01-01", "2024-01-15"),
        ("มีค. ๖๗", "2024-03-01", "2024-03-31"),
        ("เดือนพฤษภาคม", "2024-05-01", "2024-05-31"),
        ("๑๕ ม.ค. ๖๗", "2024-01-15", "2024-01-15"),
        ("ไตรมาสที่ ๒", "2024-01-01", "2024-03-31"),
        ("ไตรมาส ๒ - ๔", "2024-01-01", "2024-09-30"),
        ("รอบ ๖ เดือน", "2023-10-01", "2024-03-31"),
        ("๖ เดือนหลัง", "2024-04-01", "2024-09-30"),
        ("ตั้งแต่ ม.ค. ๒๕๖๗ เป็นต้นไป", "2024-01-01", "2024-09-30"),
    ],
)
def test_a_part_of_the_year(text: str, start: str, end: str) -> None:
    assert days(text) == (start, end)


@pytest.mark.parametrize(
    "text", ["ภายใน ๓๐ เม.ย. ๖๗", "ภายในวันที่ ๓๐ เมษายน ๒๕๖๗", "ภายในเดือนเมษายน ๒๕๖๗", "ภายในเม.ย. ๒๕๖๗"]
)
def test_within_starts_with_the_fiscal_year_and_says_so(text: str) -> None:
    reading = read_period(text, YEAR)
    assert reading
    assert (reading.start, reading.end, reading.start_inferred) == (date(2023, 10, 1), date(2024, 4, 30), True)


def test_within_a_quarter_ends_with_it() -> None:
    reading = read_period("ภายในไตรมาสที่ ๒", YEAR)
    assert reading
    assert (reading.start, reading.end, reading.start_inferred) == (date(2023, 10, 1), date(2024, 3, 31), True)


def test_months_with_gaps_keep_their_gaps() -> None:
    reading = read_period("ม.ค., เม.ย., ก.ค. ๒๕๖๗", YEAR)
    assert reading
    assert [(span.start.month, span.end.month) for span in reading.spans] == [(1, 1), (4, 4), (7, 7)]


def test_quarters_with_gaps_keep_their_gaps() -> None:
    reading = read_period("ไตรมาส ๑,๓", YEAR)
    assert reading
    assert len(reading.spans) == 2


@pytest.mark.parametrize("text", ["ก.ย. - ก.พ. ๒๕๖๗", "ก.ย. ๒๕๖๗ - ก.พ. ๒๕๖๗", "ต.ค. ๒๕๖๗ - ก.ย. ๒๕๖๗"])
def test_an_end_before_the_start_is_told(text: str) -> None:
    reading = read_period(text, YEAR)
    assert reading
    assert reading.is_reversed
    assert reading.start <= reading.end


@pytest.mark.parametrize(
    "text",
    [
        "",
        "มีความพร้อม",
        "๓๑ ก.พ. ๒๕๖๗",
        "ดำเนินการแล้ว",
        "ก.พ. - ก.ย. ๒๕๖๗ ยกเว้น เม.ย.",
        "๙๙/๙๙/๒๕๖๗",
        "ภายในระยะเวลา ๖ เดือน",
    ],
)
def test_what_no_rule_reads_is_not_guessed(text: str) -> None:
    assert read_period(text, YEAR) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [("ทุกเดือน", "monthly"), ("ทุกไตรมาส", "quarterly"), ("ปีละ ๒ ครั้ง", "semiannual"), ("ต.ค. - ก.ย.", None)],
)
def test_a_period_tells_how_often(text: str, word: str | None) -> None:
    reading = read_period(text, YEAR)
    assert reading
    assert reading.recurrence == word


def test_ranges_in_one_line_can_be_parted() -> None:
    assert split_ranges("ก.พ. - ก.ย. ๒๕๖๖ ก.พ. - มี.ค. ๒๕๖๖") == ["ก.พ. - ก.ย. 2566", "ก.พ. - มี.ค. 2566"]


def test_the_printed_years_are_found_also_with_two_digits() -> None:
    assert printed_years("ต.ค. ๖๕ - ก.ย. ๒๕๖๖") == [2565, 2566]


@given(
    YEARS,
    MONTH_NUMBERS,
    MONTH_NUMBERS,
    st.sampled_from(["-", " - ", "- ", " -", "–", " ถึง "]),
    st.sampled_from([MONTHS, SHORT_MONTHS]),
    st.sampled_from([str, thai_digits]),
)
@example(
    FiscalYear(2566), 10, 9, "- ", SHORT_MONTHS, thai_digits
)  # seed, line 12: one year printed, October is the year before
def test_a_range_with_one_year_lies_in_that_fiscal_year(
    year: FiscalYear, first: int, last: int, joint: str, names: tuple[str, ...], digits: Callable[[object], str]
) -> None:
    order = list(year.months())
    if order.index(first) > order.index(last):
        first, last = last, first
    text = f"{names[first - 1]}{joint}{names[last - 1]} {digits(year.be)}"
    if first == last:
        return
    reading = read_period(text, year)
    assert reading
    assert (reading.start, reading.end) == (year.month(first).start, year.month(last).end)


@given(
    YEARS,
    st.integers(0, 364),
    st.integers(0, 364),
    st.sampled_from([long_date, lambda day: f"{day.day}/{day.month}/{be_year(day.year) % 100:02d}"]),
)
def test_long_dates_come_back_as_the_days_they_are(
    year: FiscalYear, a: int, b: int, written: Callable[[date], str]
) -> None:
    start, end = (year.start + timedelta(days=n) for n in sorted((a, b)))
    reading = read_period(f"{written(start)} - {written(end)}", year)
    assert reading
    assert (reading.start, reading.end) == (start, end)


@given(st.text(alphabet="มี.คกพยเตสธ-– ๐๑๒๓๔๕๖๗๘๙0123456789/ภายในไตรมาสที่ถึงพ.ศ.,", max_size=60), YEARS)
@example("ต.ค. ๐๐๐๐ - ก.ย. ๙๙๙๙", YEAR)
@example("0/0/00", YEAR)
def test_no_text_crashes_the_reader_and_every_period_is_in_order(text: str, year: FiscalYear) -> None:
    reading = read_period(text, year)
    assert reading is None or reading.start <= reading.end
    assert all(be_year(gregorian_year(be)) == be for be in printed_years(text))
    split_ranges(text)


@given(
    st.integers(1, 12), st.integers(1, 12), YEARS, st.sampled_from(["{a} {y} - {b} {y}", "{a} - {b} {y}", "{b} {y}"])
)
@example(9, 10, YEAR, "{a} - {b} {y}")
def test_what_is_proposed_for_a_period_never_leaves_the_fiscal_year(
    first: int, last: int, printed: FiscalYear, form: str
) -> None:
    text = form.format(a=SHORT_MONTHS[first - 1], b=SHORT_MONTHS[last - 1], y=printed.be)
    reading = read_period(text, YEAR)
    assert reading
    assert all(YEAR.start <= span.start <= span.end <= YEAR.end for span in ways_into(reading, YEAR).values())

"""Periods of a plan as days: ranges of months, days, quarters, rounds and whole years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from domain.fiscal import EARLIEST, LATEST, FiscalYear, Span
from domain.thai import BE_OFFSET, gregorian_year
from plans.words.months import MONTH, month_number
from plans.words.quarters import QUARTERS, named_quarters
from plans.words.recurrence import RECURRING, recurrence_of
from plans.words.rests import in_one, rests, without, without_all
from plans.words.text import plain

_YEAR: Final = r"(?:\s*(?:ปี)?\s*(?:พ\s?\.?\s?ศ\s?\.?)?\s*(?P<year>\d{4}|\d{2})(?!\d))?"
_POINT: Final = re.compile(
    rf"(?:(?<!\d)(?P<first>\d{{1,2}})\s*(?:-|ถึง)\s*(?=\d{{1,2}}\s*(?:เดือน)?\s*{MONTH}))?"
    rf"(?:(?<!\d)(?P<day>\d{{1,2}})\s*(?:เดือน)?\s*)?(?P<month>{MONTH}){_YEAR}"
    r"|(?<!\d)(?P<nday>\d{1,2})/(?P<nmonth>\d{1,2})/(?P<nyear>\d{4}|\d{2})(?!\d)"
    r"|(?<!\d)(?P<iyear>\d{4})-(?P<imonth>\d{2})-(?P<iday>\d{2})(?!\d)"
)
_RANGE_GAP: Final = re.compile(r"\s*(?:-|ถึง|จนถึง)\s*(?:วันที่|เดือน|สิ้นเดือน|สิ้น)?\s*")
_WITHIN: Final = re.compile(r"ภายใน|ไม่เกิน|ก่อน(?!ที่)")
_ONWARD: Final = re.compile(r"เป็นต้นไป")
_ROUND: Final = re.compile(
    r"รอบ\s*(?:ที่\s*[12]\s*)?\(?\s*(?P<round>6|12)\s*เดือน(?:\s*(?P<half>แรก|หลัง))?|(?<!\d)6\s*เดือน\s*(?P<half2>แรก|หลัง)|ครึ่งปี\s*(?P<half3>แรก|หลัง)"
)
_BOTH_ROUNDS: Final = re.compile(r"(?<!\d)6\D{0,14}(?<!\d)12\s*เดือน")
_EXCEPT: Final = re.compile(r"ยกเว้น|เว้นแต่")
_TIMES: Final = re.compile(
    r"(?<!ละ)(?<!ละ )(?<![\d.])(\d{1,2})\s*ครั้ง(?!\s*(?:/|ต่อ)\s*(?:เดือน|ไตรมาส|สัปดาห์))|ปีละ\s*(\d{1,2})\s*ครั้ง"
)
_NTH: Final = re.compile(r"(?:ครั้ง|รอบ|ระยะ)\s?ที่\s*\d{1,2}(?!\d)(?=\s*(?:[:.)(]|วันที่|เดือน|\d|[ก-ฮ]))\s*[:.)]?")
_YEAR_ALONE: Final = re.compile(r"ปี(?:งบประมาณ|งบ)?\s*(?:พ\s?\.?\s?ศ\s?\.?)?\s*(\d{4}|\d{2})(?!\d)")
_WHOLE_YEAR: Final = re.compile(
    r"ตลอด|ทั้งปี|ปีงบประมาณ|ต่อเนื่อง|ทุกเดือน|ทุกไตรมาส|ไตรมาสละ|ทุกวัน(?!ที่)|ทุกสัปดาห์|ประจำปี|ทั้ง\s?4\s?ไตรมาส|(?<!\d)1\s?ปี|ปีละ|เดือนละ|สัปดาห์ละ|ทุก\s?ๆ?\s?[36]\s?เดือน|ทุกวันที่.*ของ(?:ทุก)?เดือน|(?<![\d.])\d{1,2}\s*ครั้ง|^ปี\s*\d{2,4}$|ทั้งปี"
)
_SINCE: Final = re.compile(r"ตั้งแต่")
_FILLER: Final = re.compile(
    r"(?:ใน)?(?:ช่วง|ห้วง|ระยะ)(?:ระยะ)?(?:เวลา)?|ระหว่าง|(?:การ)?(?:ให้)?ดำเนิน(?:การ|งาน)|(?:ให้)?(?:แล้ว)?เสร็จ(?:สิ้น)?|ตลอด(?=เดือน|ช่วง|ระยะ)"
    r"|สิ้นเดือน|สิ้น|เดือน|วันที่|ปีงบประมาณ|งบประมาณ|ปี|พศ|และ|กับ|โดย|ใน|ของ|คือ|ได้แก่|จำนวน|รวม|เป็น|ประจำ|อย่าง|(?:ต่อ)?เนื่อง|(?:ครั้ง|รอบ|ระยะ)ที่[0-9]{1,2}|ครั้ง|ให้|จน|ถึง|วัน(?:จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์)|(?:จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์)"
)
_LEAST: Final = 2
_CENTURY: Final = 2500
_TWO_DIGITS: Final = 100
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class PeriodReading:
    """What a period cell says.

    Attributes:
        spans: Stretches in the order of the text; several where the period has gaps.
        start_inferred: The text gives only an end (`ภายใน …`).
        is_reversed: As written it ends before it starts; `spans` hold the best order, inside the year asked for.
        as_written: Days of a reversed range by the calendar, where its one year can be read so.
        times: The n of `n ครั้ง`, unless a span of time follows (`เดือนละ n ครั้ง`).
    """

    spans: tuple[Span, ...]
    start_inferred: bool = False
    is_reversed: bool = False
    as_written: Span | None = None
    recurrence: str | None = None
    times: int | None = None

    @property
    def start(self) -> date:
        """First day of all stretches."""
        return min(span.start for span in self.spans)

    @property
    def end(self) -> date:
        """Last day of all stretches."""
        return max(span.end for span in self.spans)


@dataclass(frozen=True, slots=True)
class _Point:
    month: int
    day: int | None = None
    year: int | None = None
    first_day: int | None = None


def read_period(text: str, year: FiscalYear) -> PeriodReading | None:
    """Days that a period cell means in `year`, or None where no rule reads it.

    A range printed with one year belongs to that fiscal year: `ต.ค.- ก.ย. ๒๕๖๖` starts on 1 October 2565
    (research/thai-domain.md, section 0, point 2). `ภายใน X` starts with the fiscal year.
    """
    text = _NTH.sub(" ", plain(text))
    if _EXCEPT.search(text):
        return None
    try:
        reading = _from_points(text, year) or _from_words(text, year)
    except (ValueError, OverflowError):  # 31 February, year 0: the text is wrong, a person must look
        return None
    return reading and replace(reading, recurrence=recurrence_of(text), times=_times(text))


def unused_in_period(text: str, year: FiscalYear) -> str:
    """Words of a period cell that had no part in what `read_period` makes of it; none where it makes nothing.

    What only says the same again is no rest: `ไตรมาสที่ ๑ (ต.ค. - ธ.ค.)`.
    """
    text = _NTH.sub(" ", plain(text))
    reading = read_period(text, year)
    if reading is None:
        return ""
    own = [match.span() for match in _YEAR_ALONE.finditer(text) if _be(int(match.group(1))) == year.be]
    rest = without_all(_without_used(text), *RECURRING, _TIMES)
    pieces = rests(without(rest, own), _FILLER, least=_LEAST)
    return in_one(piece for piece in pieces if not _says_again(piece, reading, year))


def _says_again(piece: str, reading: PeriodReading, year: FiscalYear) -> bool:
    again = read_period(piece, year)
    return again is not None and (again.start, again.end) == (reading.start, reading.end)


def _without_used(text: str) -> str:
    """The text without the words that the rule which read it looks at, and no others.

    So `ตลอดปีงบประมาณ (ม.ค. ๒๕๖๗)`, read as January, leaves the year, and `ตั้งแต่ ม.ค. ๒๕๖๗` leaves `ตั้งแต่`.
    """
    points = list(_POINT.finditer(text))
    if points:
        return _without_points(text, points)
    if named_quarters(text):
        return without_all(text, QUARTERS, _YEAR_ALONE, _WITHIN)
    if _BOTH_ROUNDS.search(text):
        return without_all(text, _ROUND, _BOTH_ROUNDS, _YEAR_ALONE)
    if _ROUND.search(text):
        return without_all(text, _ROUND, _YEAR_ALONE, _WITHIN)
    return without_all(text, _WHOLE_YEAR, _YEAR_ALONE, _WITHIN)


def _without_points(text: str, points: list[re.Match[str]]) -> str:
    pairs = list(_pair_indexes(text, points))
    rest = without(text, [(points[first].start(), points[last].end()) for first, last in pairs])
    if len(points) == 1:
        is_within = bool(_WITHIN.search(text[: points[0].start()]))
        return without_all(rest, _WITHIN if is_within else _ONWARD, *([_SINCE] if _ONWARD.search(text) else []))
    return without_all(rest, _SINCE) if any(first != last for first, last in pairs) else rest


def _times(text: str) -> int | None:
    match = _TIMES.search(text)
    return int(match.group(1) or match.group(2)) if match else None


def split_ranges(text: str) -> list[str]:
    """Pieces of a period text, one for each range or single date in it; the whole text if it holds fewer than two."""
    text = plain(text)
    matches = list(_POINT.finditer(text))
    heads = [matches[index].start() for index, _ in _pair_indexes(text, matches)][1:]
    edges = [0, *heads, len(text)]
    return [text[start:end].strip(" ,;") for start, end in pairwise(edges)]


def printed_years(text: str) -> list[int]:
    """Buddhist-era years that a period cell prints, in order."""
    text = plain(text)
    years = [match["year"] or match["nyear"] or match["iyear"] for match in _POINT.finditer(text)]
    years += _YEAR_ALONE.findall(text)
    return [be for be in (_be(int(year)) for year in years if year) if EARLIEST <= be <= LATEST]


def _be(year: int) -> int:
    if year < _TWO_DIGITS:
        return _CENTURY + year
    return year + BE_OFFSET if year < EARLIEST - BE_OFFSET + _TWO_DIGITS else year


def _from_points(text: str, year: FiscalYear) -> PeriodReading | None:
    matches = list(_POINT.finditer(text))
    if not matches:
        return None
    pairs = list(_pairs(text, matches))
    readings = [_resolve(first, last, year) for first, last in pairs]
    spans = tuple(reading.spans[0] for reading in readings)
    before = text[: matches[0].start()]
    if len(matches) == 1 and _WITHIN.search(before):
        return PeriodReading((Span(min(year.start, spans[0].end), spans[0].end),), start_inferred=True)
    if len(matches) == 1 and _ONWARD.search(text):
        return PeriodReading((Span(spans[0].start, max(year.end, spans[0].start)),))
    written = next((reading.as_written for reading in readings if reading.as_written), None)
    return PeriodReading(spans, is_reversed=any(reading.is_reversed for reading in readings), as_written=written)


def _pairs(text: str, matches: list[re.Match[str]]) -> Iterator[tuple[_Point, _Point]]:
    points = [_point(match) for match in matches]
    return ((points[first], points[last]) for first, last in _pair_indexes(text, matches))


def _pair_indexes(text: str, matches: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    index = 0
    while index < len(matches):
        last = index
        if last + 1 < len(matches) and _RANGE_GAP.fullmatch(text[matches[last].end() : matches[last + 1].start()]):
            last += 1
        yield index, last
        index = last + 1


def _point(match: re.Match[str]) -> _Point:
    if match["imonth"]:
        return _Point(int(match["imonth"]), int(match["iday"]), _be(int(match["iyear"])))
    if match["nmonth"]:
        return _Point(int(match["nmonth"]), int(match["nday"]), _be(int(match["nyear"])))
    number = {key: int(match[key]) if match[key] else None for key in ("day", "year", "first")}
    year = number["year"]
    return _Point(month_number(match["month"]), number["day"], year and _be(year), number["first"])


def _resolve(first: _Point, last: _Point, year: FiscalYear) -> PeriodReading:
    if first is last:
        month = _month(first, year)
        return _ordered(_day(month.start, first.first_day or first.day), _day(month.end, first.day), year)
    if first.year is None and last.year is not None:
        return _one_year(first, last, year)
    start, end = _month(first, year), _month(last, year)
    if first.year is not None and last.year is None:
        calendar = first.year + (last.month < first.month)
        end = _calendar_month(last.month, calendar)
    return _ordered(_day(start.start, first.day), _day(end.end, last.day), year)


def _one_year(first: _Point, last: _Point, year: FiscalYear) -> PeriodReading:
    assert last.year is not None
    end = _calendar_month(last.month, last.year)
    start = _calendar_month(first.month, last.year - (first.month > last.month))
    written = Span(_day(start.start, first.day), _day(end.end, last.day))
    if start.start in year.span and end.end in year.span:
        return _ordered(written.start, written.end, year)
    named = FiscalYear(last.year)
    reading = _ordered(
        _day(named.month(first.month).start, first.day), _day(named.month(last.month).end, last.day), year
    )
    return replace(reading, as_written=written) if reading.is_reversed and written.start <= written.end else reading


def _ordered(start: date, end: date, year: FiscalYear) -> PeriodReading:
    if start <= end:
        return PeriodReading((Span(start, end),))
    return PeriodReading((_same_months(start, end, year),), is_reversed=True)


def _same_months(start: date, end: date, year: FiscalYear) -> Span:
    """From the month of one day to that of the other within the year, whichever comes first in it."""
    first, last = sorted((year.month(start.month), year.month(end.month)))
    return Span(first.start, last.end)


def ways_into(reading: PeriodReading, year: FiscalYear) -> dict[str, Span]:
    """What a period that does not fit the year may mean: the best under `proposed_months`, others that differ.

    `same_months` are its months in the year, `inside_year` the part of it that lies there. None leaves the year.
    """
    whole = Span(reading.start, reading.end)
    inside = _inside(reading.as_written or whole, year)
    same = _same_months(reading.start, reading.end, year)
    best = (_inside(whole, year) if reading.is_reversed else inside) or same
    ways = {"proposed_months": best, "same_months": same}
    if inside is not None:
        ways["inside_year"] = inside
    return {key: span for key, span in ways.items() if key == "proposed_months" or span != best}


def _inside(span: Span, year: FiscalYear) -> Span | None:
    return Span(max(span.start, year.start), min(span.end, year.end)) if span.overlaps(year.span) else None


def _month(point: _Point, year: FiscalYear) -> Span:
    return year.month(point.month) if point.year is None else _calendar_month(point.month, point.year)


def _calendar_month(month: int, be: int) -> Span:
    if not 1 <= month <= _DECEMBER:
        raise ValueError(month)
    if not EARLIEST <= be <= LATEST - 1:
        raise ValueError(be)
    return FiscalYear.of(date(gregorian_year(be), month, 1)).month(month)


def _day(edge: date, day: int | None) -> date:
    return edge if day is None else edge.replace(day=day)


def _from_words(text: str, year: FiscalYear) -> PeriodReading | None:
    if quarters := named_quarters(text):
        return _from_quarters(quarters, text, _named_year(text, year))
    if _BOTH_ROUNDS.search(text):
        return PeriodReading((_named_year(text, year).span,))
    if match := _ROUND.search(text):
        return PeriodReading((_half(match, _named_year(text, year)),))
    if _WHOLE_YEAR.search(text):
        return PeriodReading((_named_year(text, year).span,), start_inferred=bool(_WITHIN.search(text)))
    return None


def _named_year(text: str, year: FiscalYear) -> FiscalYear:
    match = _YEAR_ALONE.search(text)
    be = _be(int(match.group(1))) if match else year.be
    if not EARLIEST <= be <= LATEST:
        raise ValueError(be)
    return FiscalYear(be)


def _from_quarters(quarters: tuple[int, ...], text: str, year: FiscalYear) -> PeriodReading:
    if _WITHIN.search(text):
        return PeriodReading((Span(year.start, year.quarter(quarters[-1]).end),), start_inferred=True)
    spans: list[Span] = []
    for span in map(year.quarter, quarters):
        if spans and (span.start - spans[-1].end).days == 1:
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return PeriodReading(tuple(spans))


def _half(match: re.Match[str], year: FiscalYear) -> Span:
    half = match["half"] or match["half2"] or match["half3"]
    if match["round"] == "12":
        return year.span
    if half == "หลัง":
        return Span(year.quarter(3).start, year.end)
    return Span(year.start, year.quarter(2).end)

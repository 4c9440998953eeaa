"""When the monitoring cell asks for a report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.fiscal import FiscalYear, Span
from plans.draft import Cadence
from plans.periods import read_period
from plans.quarters import named_quarters
from plans.text import plain

_REPORT: Final = re.compile(r"รายงาน")
_QUARTERLY: Final = re.compile(
    r"ทุก\s?ไตรมาส|ไตรมาสละ|ราย\s?ไตรมาส|ทุก\s?ๆ?\s?3\s?เดือน|รอบ\s?3\s?เดือน|ประจำไตรมาส|ครั้ง\s?(?:/|ต่อ)\s?ไตรมาส"
)
_TWICE_A_YEAR: Final = re.compile(r"ทุก\s?ๆ?\s?6\s?เดือน|ปีละ\s?2\s?ครั้ง|ราย\s?6\s?เดือน|(?<!\d)2\s?ครั้ง\s?(?:/|ต่อ)\s?ปี")
_ROUND: Final = re.compile(r"(?:รอบ|ระยะ)\s?(?:ที่\s?\d\s?)?\(?\s?(6|12)\s?(?:เดือน|(?:,|-|และ|/)\s?(12)\s?เดือน)")
_ROUND_12: Final = re.compile(r"(?<!\d)12\s?เดือน")
_YEARLY: Final = re.compile(r"ปีละ\s?(?:1|หนึ่ง)?\s?ครั้ง|สิ้นปีงบประมาณ|รายปี|ทุก(?:สิ้น)?ปี|(?<!\d)1\s?ครั้ง\s?(?:/|ต่อ)\s?ปี")
_MONTHLY_REPORT: Final = re.compile(
    r"รายงาน[^\n]{0,60}(?:(?<!ประชุมประจำเดือน)ทุก\s?เดือน|ราย\s?เดือน|เดือนละ|ครั้ง\s?(?:/|ต่อ)\s?เดือน)"
)
_ONLY_MONTHLY: Final = re.compile(r"(?:เป็นประจำ)?(?:ทุก\s?เดือน|ราย\s?เดือน|เดือนละ\s?1\s?ครั้ง)")
_DATE: Final = re.compile(r"ภายใน(?:วันที่|เดือน)?\s*[^,;]{4,40}")
_HALF: Final = 6


@dataclass(frozen=True, slots=True)
class ReportingReading:
    """What a monitoring cell asks for; `rivals` are other cadences it states as well, with their quarters."""

    cadence: Cadence
    quarters_due: tuple[int, ...] = ()
    round_months: tuple[int, ...] = ()
    due_dates: tuple[date, ...] = ()
    rivals: tuple[tuple[Cadence, tuple[int, ...]], ...] = ()


def read_reporting(paragraphs: Iterable[str], year: FiscalYear, span: Span | None) -> ReportingReading:
    """Cadence and quarters of a report; an open cadence gives the quarters that the period touches.

    A monthly meeting is no monthly report: `ทุกเดือน` counts only where the same sentence speaks of reporting
    (seed, lines 15 and 16). The plain `ประจำปี` names a document, not a cadence (seed, line 20).
    """
    texts = [plain(paragraph) for paragraph in paragraphs]
    touched = year.quarters_touched(span) if span else ()
    found = _stated(texts, year, touched)
    if not found:
        return ReportingReading("none_stated")
    first = found[0]
    rivals = tuple((other.cadence, other.quarters_due) for other in found[1:])
    return ReportingReading(first.cadence, first.quarters_due, first.round_months, first.due_dates, rivals)


def _stated(texts: list[str], year: FiscalYear, touched: tuple[int, ...]) -> list[ReportingReading]:
    whole = "\n".join(texts)
    readings: list[ReportingReading] = []
    if quarters := named_quarters(whole):
        readings.append(ReportingReading("specified_quarters", quarters))
    if _QUARTERLY.search(whole):
        readings.append(ReportingReading("quarterly", touched))
    if rounds := _rounds(whole):
        readings.append(_by_rounds(rounds))
    if any(_YEARLY.search(text) for text in texts):
        readings.append(ReportingReading("annual", (4,)))
    if any(_says_monthly_report(text) for text in texts):
        readings.append(ReportingReading("monthly", touched))
    return readings or _by_dates(texts, year)


def _rounds(text: str) -> tuple[int, ...]:
    if _TWICE_A_YEAR.search(text):
        return (6, 12)
    numbers = {int(number) for match in _ROUND.findall(text) for number in match if number}
    if numbers and _ROUND_12.search(text):
        numbers.add(12)
    return tuple(sorted(numbers))


def _by_rounds(rounds: tuple[int, ...]) -> ReportingReading:
    if _HALF not in rounds:
        return ReportingReading("annual", (4,), rounds)
    return ReportingReading("semiannual", tuple(months // 3 for months in rounds), rounds)


def _says_monthly_report(text: str) -> bool:
    if _ONLY_MONTHLY.fullmatch(text.strip()):
        return True
    return bool(_MONTHLY_REPORT.search(text))


def _by_dates(texts: list[str], year: FiscalYear) -> list[ReportingReading]:
    dates: list[date] = []
    for text in texts:
        if not _REPORT.search(text):
            continue
        periods = (read_period(match, year) for match in _DATE.findall(text))
        dates += [period.end for period in periods if period and period.end in year.span]
    if not dates:
        return []
    quarters = tuple(sorted({year.quarter_of(day) for day in dates}))
    return [ReportingReading("specified_quarters", quarters, due_dates=tuple(sorted(dates)))]

"""Where the report of each quarter stands: what is still to come in, and the revisions there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.bucket import Bucket
from domain.errors import NotFoundError
from domain.fiscal import QUARTERS
from domain.report_period import ReportPeriod, quarterly
from services.desk import Desk
from services.overview.counts import tally
from storage.records import Headline

_CLOSED = frozenset({Bucket.DONE, Bucket.CANNOT, Bucket.CANCELLED})


class Stage(StrEnum):
    """How far a quarter's report has come."""

    RUNNING = "running"
    """The quarter has not ended."""
    WAITING = "waiting"
    """It has ended and nothing is frozen."""
    PRELIMINARY = "preliminary"
    """What is frozen has headings without an answer."""
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a plan in force; `start` and `end` are local dates, `revisions` have the newest first.

    Attributes:
        to_come: Assignments without an accepted result, those not open yet included.
    """

    fiscal_year_be: int
    quarter: int
    start: date
    end: date
    has_begun: bool
    has_ended: bool
    in_all: int
    to_come: int
    revisions: tuple[Headline, ...]

    @property
    def stage(self) -> Stage:
        """How far the report has come."""
        if self.revisions:
            return Stage.FINAL if self.revisions[0].is_final else Stage.PRELIMINARY
        return Stage.WAITING if self.has_ended else Stage.RUNNING


def quarters(desk: Desk, now: datetime) -> list[Quarter]:
    """Every quarter of the plans in force, the latest year first."""
    headlines = desk.uow.reports.headlines()
    years = sorted({stored.plan.fiscal_year_be for stored in desk.plans}, reverse=True)
    return [quarter for year in years for quarter in _of_year(desk, year, now, headlines)]


def _of_year(desk: Desk, year: int, now: datetime, headlines: list[Headline]) -> Iterator[Quarter]:
    today = desk.workdays.local_day(now)
    counts: dict[int, Counter[bool]] = {number: Counter() for number in QUARTERS}
    for group in tally(desk, [division.key for division in desk.people.divisions], now, year).groups:
        counts[group.quarter][group.mark in _CLOSED] += len(group.divisions)
    for number in QUARTERS:
        span = desk.plan(year).year.quarter(number)
        own = [report for report in headlines if report.period == quarterly(year, number)]
        total = counts[number].total()
        begun, ended = span.start <= today, span.end < today
        to_come, revisions = counts[number][False], tuple(reversed(own))
        yield Quarter(year, number, span.start, span.end, begun, ended, total, to_come, revisions)


def headline(desk: Desk, period: ReportPeriod, revision: int) -> Headline:
    """One revision of a report.

    Raises:
        NotFoundError: There is none, or its document is not written yet.
    """
    for report in desk.uow.reports.headlines():
        if (report.period, report.revision) == (period, revision) and report.file_sha256:
            return report
    remedy, thai = "The page of reports lists those there are.", "โปรดเลือกจากหน้ารายงาน"
    key = f"{period.key}-r{revision}"
    raise NotFoundError(what="report", what_thai="รายงาน", key=key, remedy=remedy, remedy_thai=thai)

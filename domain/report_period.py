"""What a report is of: its kind, the fiscal year, and which part of it. The one place that knows how kinds differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.errors import NotFoundError
from domain.fiscal import QUARTERS, FiscalYear, Span
from domain.thai import thai_digits


class ReportKind(StrEnum):
    """Which report: each has a row in `FORMS`, figures (`services.reporting.figures`) and a document of its own."""

    QUARTERLY = "quarterly"


UNNAMED: Final = ReportKind.QUARTERLY
"""What an address, a command or a call means that names no kind: those that were given out before there were kinds."""


@dataclass(frozen=True, slots=True)
class KindForm:
    """How the periods of a kind are numbered and called.

    Attributes:
        mark: Stands in keys, file names and addresses before the number: `2570-q1`. Given out, so never changed.
        numbers: Those of a fiscal year, in order.
    """

    mark: str
    numbers: tuple[int, ...]
    english: str
    thai: str


FORMS: Final[Mapping[ReportKind, KindForm]] = {
    ReportKind.QUARTERLY: KindForm("q", QUARTERS, "Quarter {n}", "ไตรมาสที่ {n}"),
}


@dataclass(frozen=True, slots=True, order=True)
class ReportPeriod:
    """The period of one report: for a quarterly one `number` is the quarter, 1 to 4."""

    kind: ReportKind
    fiscal_year_be: int
    number: int

    @property
    def key(self) -> str:
        """Its name in the ledger, in addresses and file names: `2570-q1`."""
        return f"{self.fiscal_year_be}-{FORMS[self.kind].mark}{self.number}"

    @property
    def span(self) -> Span:
        """The days it reports, both ends included."""
        return FiscalYear(self.fiscal_year_be).quarter(self.number)

    @property
    def short(self) -> str:
        """`Q1`, for tables on the command line."""
        return f"{FORMS[self.kind].mark}{self.number}".upper()

    @property
    def english(self) -> str:
        """`Quarter 1`."""
        return FORMS[self.kind].english.format(n=self.number)

    @property
    def thai(self) -> str:
        """`ไตรมาสที่ ๑`."""
        return FORMS[self.kind].thai.format(n=thai_digits(self.number))


def quarterly(fiscal_year_be: int, quarter: int) -> ReportPeriod:
    """The period of a quarterly report."""
    return ReportPeriod(ReportKind.QUARTERLY, fiscal_year_be, quarter)


def periods_of_year(fiscal_year_be: int) -> Iterator[ReportPeriod]:
    """Every period that a fiscal year has a report of, kind by kind, in order."""
    return (ReportPeriod(kind, fiscal_year_be, number) for kind, form in FORMS.items() for number in form.numbers)


def period_of_key(key: str) -> ReportPeriod:
    """The period that a key names.

    Raises:
        NotFoundError: It names none.
    """
    match = re.fullmatch(r"([0-9]{4})-([a-z]+)([0-9]+)", key)
    for kind, form in FORMS.items():
        if match and match[2] == form.mark and int(match[3]) in form.numbers:
            return ReportPeriod(kind, int(match[1]), int(match[3]))
    raise NotFoundError(what="report", what_thai="รายงาน", key=key, remedy="", remedy_thai="")

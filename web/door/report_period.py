"""The report that an address names: `/reports/2570/1/2`, of another kind with `?kind=…`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path

from domain.report_period import UNNAMED, ReportKind, ReportPeriod

Year = Annotated[int, Path(ge=2500, le=2700)]
Quarter = Annotated[int, Path(ge=1, le=4)]


def report_period(year: Year, quarter: Quarter, kind: ReportKind = UNNAMED) -> ReportPeriod:
    """The period of an address; those without a kind were given out for quarterly reports."""
    return ReportPeriod(kind, year, quarter)


Period = Annotated[ReportPeriod, Depends(report_period)]

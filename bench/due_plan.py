"""A plan of which half is due today: a step that runs and one that opens, for every division."""

from __future__ import annotations

from datetime import date

from domain.fiscal import FiscalYear
from domain.plan import Cadence, Measure, Plan, Reporting, Responsible, Scope, Step


def due_plan(year: FiscalYear, today: date, measures: int) -> Plan:
    """So many measures of a fiscal year, each with one step of the present quarter and one that begins `today`."""
    quarter = year.quarter_of(today)
    everybody = Responsible(scope=Scope.ALL_DIVISIONS)

    def measure(number: int) -> Measure:
        running = Step(
            key=f"m{number}.1", text=f"งานที่ดำเนินอยู่ {number}", responsible=everybody, start=year.start, end=year.end,
            reporting=Reporting(cadence=Cadence.SPECIFIED_QUARTERS, quarters_due=(quarter,)),
        )  # fmt: skip
        opening = Step(
            key=f"m{number}.2", text=f"งานที่เริ่มวันนี้ {number}", responsible=everybody, start=today, end=year.end,
            reporting=Reporting(cadence=Cadence.ONCE),
        )  # fmt: skip
        return Measure(key=f"m{number}", number=number, title=f"มาตรการ {number}", steps=(running, opening))

    return Plan(fiscal_year_be=year.be, title="due today", measures=tuple(measure(n) for n in range(1, measures + 1)))

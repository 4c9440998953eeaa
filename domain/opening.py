"""When an assignment opens and for whom: periods of a step, and the fan-out of “every division”."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from domain.assignment import Assignment, Period
from domain.errors import SucharitError
from domain.fiscal import QUARTERS, FiscalYear, Span
from domain.grounds import BY_PLAN, Ground, latest
from domain.matching import match_unit
from domain.office import OfficeSettings
from domain.people import Division, DivisionKind, People
from domain.plan import Cadence, Measure, Responsible, Scope, Step
from domain.thai import MONTHS, be_year, thai_digits
from domain.workdays import Workdays


class UnknownDivisionError(SucharitError):
    """The plan names a division the office does not have."""

    english = "The plan names “{unit}” (step {step}), and the office has no such division. {remedy}"
    thai = "แผนระบุ “{unit}” (ขั้นตอน {step}) แต่หน่วยงานไม่มีส่วนราชการนี้ {remedy}"


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A revision of a plan with the day it came into force (a local date) and the office's settings then."""

    revision: int
    year: FiscalYear
    measures: tuple[Measure, ...]
    in_force_on: date


@dataclass(frozen=True, slots=True)
class Obligation:
    """One step in one period, before the divisions are known: when it opens and when it is due."""

    measure: Measure
    step: Step
    period: Period
    opens_on: date
    due_on: date


def periods(step: Step, year: FiscalYear) -> list[Period]:
    """Periods in which a step is reported, in order of time."""
    return _BY_CADENCE[step.reporting.cadence](step, year)


@lru_cache(maxsize=128)  # every step of a plan is told in the same four
def _quarter(number: int, year: FiscalYear) -> Period:
    label = f"ไตรมาสที่ {thai_digits(number)} ปีงบประมาณ พ.ศ. {thai_digits(year.be)}"
    return Period(f"q{number}", label, year.quarter(number), number)


def _quarters(step: Step, year: FiscalYear) -> list[Period]:
    numbers = step.reporting.quarters_due or year.quarters_touched(step.span)
    return [_quarter(number, year) for number in sorted(set(numbers))]


def _months(step: Step, year: FiscalYear) -> list[Period]:
    spans = ((month, year.month(month)) for month in year.months())
    return [
        Period(f"m{month:02d}", _month_label(month, span), span, year.quarter_of(span.start))
        for month, span in spans
        if span.overlaps(step.span)
    ]


def _month_label(month: int, span: Span) -> str:
    return f"เดือน{MONTHS[month - 1]} {thai_digits(be_year(span.start.year))}"


def _halves(step: Step, year: FiscalYear) -> list[Period]:
    first = Span(year.start, year.quarter(2).end)
    second = Span(year.quarter(3).start, year.end)
    both = [Period("h1", "รอบ ๖ เดือน", first, 2), Period("h2", "รอบ ๑๒ เดือน", second, 4)]
    named = step.reporting.quarters_due
    return [period for period in both if (period.quarter in named if named else period.span.overlaps(step.span))]


def _year(_step: Step, year: FiscalYear) -> list[Period]:
    return [Period("y", "รอบ ๑๒ เดือน", year.span, QUARTERS[-1])]


def _once(step: Step, year: FiscalYear) -> list[Period]:
    quarter = year.quarter_of(step.end) if step.end in year.span else QUARTERS[-1]
    return [Period("once", "ครั้งเดียว", step.span, quarter)]


_BY_CADENCE: Final[Mapping[Cadence, Callable[[Step, FiscalYear], list[Period]]]] = {
    Cadence.MONTHLY: _months,
    Cadence.QUARTERLY: _quarters,
    Cadence.SPECIFIED_QUARTERS: _quarters,
    Cadence.SEMIANNUAL: _halves,
    Cadence.ANNUAL: _year,
    Cadence.ONCE: _once,
}


def obligations(
    plan: PlanInForce,
    workdays: Workdays,
    settings: OfficeSettings,
    measure_key: str | None = None,
    step_key: str | None = None,
) -> Iterator[Obligation]:
    """Every step × period of the plan (of one measure or step, if named), with opening day and deadline.

    A step opens on the first working day of the part of its own period that lies in the reporting period. The
    deadline is that of an opening on its day (`opened`).
    """
    steps = ((measure, step) for measure in plan.measures for step in measure.steps)
    for measure, step in steps:
        if measure_key in (None, measure.key) and step_key in (None, step.key):
            for period in periods(step, plan.year):
                opens_on = workdays.on_or_after(max(_opens_on(step, period), plan.in_force_on))
                grounds = _grounds(workdays, settings, workdays.notice_instant(opens_on))
                due_on = latest(grounds, period.span, settings.report_due, workdays)
                yield Obligation(measure, step, period, opens_on, due_on)


def _grounds(workdays: Workdays, settings: OfficeSettings, now: datetime) -> tuple[Ground, ...]:
    """What gives an opening at `now` its deadline: the plan's day, but never less than `least_to_act` working days."""
    return BY_PLAN, Ground.of_rule(workdays, now, settings.least_to_act)


def _opens_on(step: Step, period: Period) -> date:
    start = max(step.start, period.span.start)
    return start if start in period.span else period.span.start


def divisions_of(responsible: Responsible, people: People, settings: OfficeSettings, step_key: str) -> list[Division]:
    """Divisions of the office that a responsible cell means, each once, in the office's order.

    Raises:
        UnknownDivisionError: A listed party is none of the office's divisions.
    """
    for unit in unknown_units(responsible, people):
        raise unknown_division(unit, people, step_key)
    return known_divisions(responsible, people, settings)


def known_divisions(responsible: Responsible, people: People, settings: OfficeSettings) -> list[Division]:
    """As `divisions_of`, without the parties that nobody knows: one unknown name stops itself and no neighbour."""
    if responsible.scope is Scope.LISTED:
        matches = (match_unit(party.unit, people) for party in responsible.acting)
        named = [division for match in matches if match.is_certain for division in match.divisions]
        return [division for division in people.divisions if division in named]
    scope = responsible.scope
    everybody = scope is Scope.ALL_UNITS or (scope is Scope.ALL_DIVISIONS and settings.audit_unit_is_meant)
    return [d for d in people.divisions if everybody or d.kind is not DivisionKind.AUDIT_UNIT]


def unknown_units(responsible: Responsible, people: People) -> list[str]:
    """Listed parties that are none of the office's divisions, as the plan writes them."""
    if responsible.scope is not Scope.LISTED:
        return []
    return [party.unit for party in responsible.acting if not match_unit(party.unit, people).is_certain]


def asked(obligation: Obligation, people: People, settings: OfficeSettings) -> list[Division]:
    """Divisions that are asked for a step in a period: those that were founded by its last day."""
    divisions = known_divisions(obligation.step.responsible, people, settings)
    return [division for division in divisions if is_asked(division, obligation.period)]


def is_asked(division: Division, period: Period) -> bool:
    """Tell whether a period ended before the division was founded, and so is not asked of it."""
    return division.founded_on is None or division.founded_on <= period.span.end


def unknown_division(unit: str, people: People, step_key: str) -> UnknownDivisionError:
    """The error of a party that nobody knows, with the names that the office has."""
    names = ", ".join(division.name for division in people.divisions)
    return UnknownDivisionError(
        unit=unit,
        step=step_key,
        remedy=f"Add it, add an alias, or correct the plan. The office has: {names}.",
        remedy_thai=f"โปรดเพิ่มส่วนราชการหรือชื่อเรียกอื่น หรือแก้ไขแผน หน่วยงานมี: {names}",
    )


def assignment_id(year: FiscalYear, step_key: str, division: str, period: Period) -> str:
    """Name of an assignment: `2570-m3.1-chang-q1`."""
    return f"{year.be}-{step_key}-{division}-{period.key}"


def due(
    plan: PlanInForce,
    measure_key: str,
    existing: Collection[str],
    people: People,
    workdays: Workdays,
    settings: OfficeSettings,
    now: datetime,
    step_key: str | None = None,
) -> list[Assignment]:
    """Assignments of a measure (of one step, if named) that should be open at `now` and are not `existing`.

    Parties that nobody knows are left out; `unknown_units` names them.
    """
    return [
        opened(plan, obligation, division, settings, workdays, now)
        for obligation in obligations(plan, workdays, settings, measure_key, step_key)
        if workdays.notice_instant(obligation.opens_on) <= now
        for division in asked(obligation, people, settings)
        if assignment_id(plan.year, obligation.step.key, division.key, obligation.period) not in existing
    ]


def opened(
    plan: PlanInForce,
    obligation: Obligation,
    division: Division,
    settings: OfficeSettings,
    workdays: Workdays,
    now: datetime,
) -> Assignment:
    """The assignment of one division for an obligation, opened at `now`, in time or late.

    Whatever made it late, the division has `least_to_act` working days, and rungs that lie behind stay silent.
    """
    grounds = _grounds(workdays, settings, now)
    due_on = latest(grounds, obligation.period.span, settings.report_due, workdays)
    return Assignment(
        id=assignment_id(plan.year, obligation.step.key, division.key, obligation.period),
        fiscal_year_be=plan.year.be,
        measure_key=obligation.measure.key,
        step_key=obligation.step.key,
        division=division.key,
        period=obligation.period,
        due_on=due_on,
        ladder=settings.ladder,
        plan_revision=plan.revision,
        rung=settings.ladder.reached(due_on, workdays, now),
        opened_at=now,
        grounds=grounds,
    )

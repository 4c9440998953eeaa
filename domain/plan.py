"""What the office wrote: plan, measures, steps, who answers for them, when, and when they report."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from domain.fiscal import FiscalYear, Span
from domain.thai import thai_digits
from domain.values import Value

Quarter = Annotated[int, Field(ge=1, le=4)]
Month = Annotated[int, Field(ge=1, le=12)]


class Scope(StrEnum):
    """Whom a responsible cell means."""

    LISTED = "listed"
    """The parties it names."""
    ALL_DIVISIONS = "all_divisions"
    """`ทุกสำนัก/กอง`: every สำนัก and กอง; whether the audit unit is meant too is a setting of the office."""
    ALL_UNITS = "all_units"
    """`ทุกส่วนราชการ`: every division, the audit unit included."""
    ALL_DIVISION_HEADS = "all_division_heads"
    """The heads of all divisions, each for their own."""


class Cadence(StrEnum):
    """How often the plan asks for a report."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SPECIFIED_QUARTERS = "specified_quarters"
    SEMIANNUAL = "semiannual"
    ANNUAL = "annual"
    ONCE = "once"


class Party(Value):
    """A division, or a section of it, that the plan names."""

    unit: str
    subunit: str | None = None
    role: Literal["lead", "support"] = "lead"


class Responsible(Value):
    """Who must act; `parties` is empty unless the scope is LISTED."""

    scope: Scope
    parties: tuple[Party, ...] = ()
    raw: str = ""

    @property
    def acting(self) -> tuple[Party, ...]:
        """The parties that must act: the leading ones, or all where none leads. Those that support owe no report."""
        return tuple(party for party in self.parties if party.role == "lead") or self.parties


class Reporting(Value):
    """When a step is reported: the quarters, or for ONCE the day after which it is due."""

    cadence: Cadence
    quarters_due: tuple[Quarter, ...] = ()
    raw: str = ""


class Step(Value):
    """One step of a measure, with the responsible parties, period and reporting of its row in the table.

    Attributes:
        carried_from: Fiscal year whose unfinished work it is; None for a step of the plan's own.
    """

    key: str
    text: str
    sub_steps: tuple[str, ...] = ()
    recurrence: str | None = None
    responsible: Responsible
    start: date
    end: date
    period_raw: str = ""
    reporting: Reporting
    publication_channels: tuple[str, ...] = ()
    monitoring_duties: tuple[str, ...] = ()
    monitoring_raw: str = ""
    carried_from: int | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not_said(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A plan without carried steps has the hash it had before there were any."""
        written: dict[str, Any] = handler(self)
        if self.carried_from is None:
            del written["carried_from"]
        return written

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Step:
        if self.end < self.start:
            raise ValueError(f"step {self.key} ends before it starts")
        return self

    @property
    def span(self) -> Span:
        """Days in which the step is to be carried out."""
        return Span(self.start, self.end)


class Measure(Value):
    """One measure of the plan; its key, like those of its steps, is stable over revisions and years."""

    key: str
    number: int
    title: str
    indicators: tuple[Annotated[int, Field(ge=1, le=10)], ...] = ()
    steps: tuple[Step, ...]


class Plan(Value):
    """A reviewed plan of one fiscal year, without doubts; immutable once in force.

    Attributes:
        restores: Number of the revision whose content this one brings back; None for every other plan.
    """

    fiscal_year_be: int
    title: str
    measures: tuple[Measure, ...]
    restores: int | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not_said(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A plan that brings nothing back has the hash it had before any could."""
        written: dict[str, Any] = handler(self)
        if self.restores is None:
            del written["restores"]
        return written

    @property
    def fiscal_year(self) -> FiscalYear:
        """The year the plan belongs to."""
        return FiscalYear(self.fiscal_year_be)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the plan as canonical JSON: the same plan, the same hash."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def measure(self, key: str) -> Measure | None:
        """Measure with this key, if the plan has it."""
        return next((measure for measure in self.measures if measure.key == key), None)

    def steps(self) -> Iterator[tuple[Measure, Step]]:
        """Every step with its measure, in the plan's order."""
        return ((measure, step) for measure in self.measures for step in measure.steps)

    def has_content_of(self, other: Plan) -> bool:
        """Tell whether both say the same, whatever their keys and wherever they come from."""
        return self._without_keys() == other._without_keys()

    def _without_keys(self) -> Plan:
        def bare(measure: Measure) -> Measure:
            steps = tuple(step.model_copy(update={"key": ""}) for step in measure.steps)
            return measure.model_copy(update={"key": "", "steps": steps})

        return self.model_copy(update={"measures": tuple(bare(measure) for measure in self.measures), "restores": None})

    def rolled_to(self, year: FiscalYear) -> Plan:
        """The same plan in another fiscal year: every period moves by whole years, the year in the title with them.

        An end that is the last day of its month stays so, also in February.
        """
        own = self.fiscal_year

        def moved(step: Step) -> Step:
            start, end = own.shifted(step.start, year), own.shifted(step.end, year)
            if step.start < step.end and _ends_month(step.end):
                end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
            return step.model_copy(update={"start": start, "end": end})

        measures = (m.model_copy(update={"steps": tuple(moved(s) for s in m.steps)}) for m in self.measures)
        title = self.title.replace(str(own.be), str(year.be)).replace(thai_digits(own.be), thai_digits(year.be))
        update = {"fiscal_year_be": year.be, "title": title, "measures": tuple(measures), "restores": None}
        return self.model_copy(update=update)


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]

"""The desk: one office as the use cases see it, inside one unit of work."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.errors import NotFoundError
from domain.escalation import Rules
from domain.fiscal import FiscalYear
from domain.line import Line, line_of
from domain.office import Office
from domain.opening import PlanInForce
from domain.people import People
from domain.plan import Measure, Plan, Step
from domain.workdays import Workdays
from services.calendar import workdays_of
from storage.offices import PlanRevision
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Desk:
    """Office, people, calendar and plans in force, read once; `uow` is where changes go.

    The calendar knows the Gregorian years of every plan in force and one around them.
    """

    uow: UnitOfWork
    office: Office
    people: People
    workdays: Workdays
    plans: tuple[PlanRevision, ...]
    summary_left_on: date | None = None
    _wordings: dict[int, dict[tuple[str, str], tuple[Measure, Step]]] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, uow: UnitOfWork) -> Desk:
        """Read the office of a unit of work.

        Raises:
            NotFoundError: There is no such office.
        """
        office, around = uow.surroundings()
        plans = tuple(uow.plans.in_force())
        years = [plan.plan.fiscal_year for plan in plans] or [FiscalYear(2566)]
        workdays = workdays_of(
            office.settings, around.holidays, min(y.start.year for y in years), max(y.end.year for y in years) + 1
        )
        return cls(uow, office, around.people, workdays, plans, around.summary_left_on)

    def at(self, uow: UnitOfWork) -> Desk:
        """The same office in another unit of work, without reading it again; for a rehearsal, where nothing changes."""
        return replace(self, uow=uow)

    @property
    def rules(self) -> Rules:
        """What the ladders go by."""
        return Rules(self.people, self.workdays, self.office.settings, self.summary_left_on)

    def line(self, division: str, now: datetime) -> Line:
        """Who is in a division's line on the local day of `now`."""
        return line_of(self.people, division, self.workdays.local_day(now))

    def plan(self, fiscal_year_be: int) -> PlanInForce:
        """Plan in force for a fiscal year.

        Raises:
            NotFoundError: No plan of the year is in force.
        """
        stored = self._stored(fiscal_year_be)
        in_force_on = stored.in_force_on or stored.plan.fiscal_year.start
        return PlanInForce(stored.revision, stored.plan.fiscal_year, stored.plan.measures, in_force_on)

    def document(self, fiscal_year_be: int) -> Plan:
        """The plan's whole document."""
        return self._stored(fiscal_year_be).plan

    def _stored(self, fiscal_year_be: int) -> PlanRevision:
        for stored in self.plans:
            if stored.plan.fiscal_year_be == fiscal_year_be:
                return stored
        raise NotFoundError(
            what="plan in force for fiscal year",
            what_thai="แผนที่ใช้บังคับของปีงบประมาณ",
            key=fiscal_year_be,
            remedy="`sucharit plan activate` puts one into force.",
            remedy_thai="โปรดเริ่มใช้แผนของปีนั้นก่อน",
        )

    def wording(self, fiscal_year_be: int, measure_key: str, step_key: str) -> tuple[Measure, Step] | None:
        """Measure and step of an assignment in the plan in force; None when a later revision dropped them."""
        if fiscal_year_be not in self._wordings:
            steps = self.document(fiscal_year_be).steps()
            self._wordings[fiscal_year_be] = {(measure.key, step.key): (measure, step) for measure, step in steps}
        return self._wordings[fiscal_year_be].get((measure_key, step_key))

    def person_name(self, key: str) -> str:
        """Name of a person, or the key where nobody has it."""
        person = self.people.person(key)
        return person.name if person else key

    def division_name(self, key: str) -> str:
        """Name of a division, or the key where none has it."""
        division = self.people.division(key)
        return division.name if division else key

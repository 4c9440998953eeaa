"""Stored plans as the commands speak of them: where they are kept, which one is meant, what to type next."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import BadInputError, NotFoundError
from domain.fiscal import FiscalYear
from services.desk import Desk
from services.wiring import system
from storage.offices import PlanRevision


def to_activate(stored: PlanRevision, key: str) -> str:
    """The command that puts a revision of an office into force, or since when it is."""
    if stored.in_force_on is not None:
        return f"Revision {stored.revision} has been in force since {stored.in_force_on}."
    office = f" --office {key}" if len(system().store.offices()) > 1 else ""
    year = stored.plan.fiscal_year_be
    return f"Put it into force: sucharit plan activate --fiscal-year {year} --revision {stored.revision}{office}"


def stored_plan(desk: Desk, year: FiscalYear, revision: int | None) -> PlanRevision:
    """The revision named, or the newest where no more than one waits to come into force.

    Raises:
        BadInputError: Several wait and none is named.
        NotFoundError: There is no such revision.
    """
    from services.planning.plans import waiting  # noqa: PLC0415 -- only this command needs it

    revisions = desk.uow.plans.of_year(year.be)
    never = waiting(revisions)
    if revision is None and len(never) > 1:
        raise BadInputError(
            problem="Several revisions were never in force:\n" + "\n".join(f"  {_described(p, desk)}" for p in never),
            remedy="Name one with --revision.",
        )
    return of_number(revisions, revision or len(revisions), year)


def of_number(revisions: Sequence[PlanRevision], revision: int, year: FiscalYear) -> PlanRevision:
    """The revision of this number among those of a year.

    Raises:
        NotFoundError: The year has no revision of this number.
    """
    if not revisions:
        raise NotFoundError(
            what="plan of fiscal year",
            what_thai="แผนของปีงบประมาณ",
            key=year.be,
            remedy="`sucharit plan import FILE` stores one.",
            remedy_thai="นำเข้าได้ด้วย `sucharit plan import FILE`",
        )
    for stored in revisions:
        if stored.revision == revision:
            return stored
    there = ", ".join(str(stored.revision) for stored in revisions)
    raise NotFoundError(
        what=f"revision of fiscal year {year.be} with number",
        what_thai=f"แผนปีงบประมาณ {year.be} ฉบับที่",
        key=revision,
        remedy=f"There is: {there}.",
        remedy_thai=f"มีฉบับที่: {there}",
    )


def _described(stored: PlanRevision, desk: Desk) -> str:
    steps = sum(1 for _ in stored.plan.steps())
    return (
        f"revision {stored.revision}: imported {imported_at(stored, desk)} by {desk.person_name(stored.imported_by)}, "
        f"{len(stored.plan.measures)} measures, {steps} steps"
    )


def imported_at(stored: PlanRevision, desk: Desk) -> str:
    """When a revision was taken in, in the office's zone, to the minute."""
    return f"{stored.imported_at.astimezone(desk.workdays.zone):%Y-%m-%d %H:%M}"

"""Take a reviewed plan in, put it into force, and carry it into another year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.assignment import MOVES, Move, apply
from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.ledger import Entry
from domain.opening import UnknownDivisionError, divisions_of
from domain.people import People
from domain.plan import Plan
from services.desk import Desk
from services.record import record
from storage.offices import PlanRevision


class CannotActivateError(BadInputError):
    """The plan names somebody the office does not have; every such place is listed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A stored revision; `is_new` is False when the same content was there already."""

    stored: PlanRevision
    is_new: bool


def import_plan(desk: Desk, plan: Plan, *, by: str, at: datetime) -> Imported:
    """Store a reviewed plan as a new revision, not yet in force. The same content twice is one revision."""
    desk.uow.offices.hold()  # two imports at once must not both call the revision theirs
    before = len(desk.uow.plans.of_year(plan.fiscal_year_be))
    stored = desk.uow.plans.add(plan, by=by, at=at)
    is_new = stored.revision > before
    if is_new:
        facts = {"revision": stored.revision, "sha256": plan.content_hash}
        desk.uow.ledger.note(Entry(at, "plan.imported", by, str(plan.fiscal_year_be), facts))
    return Imported(stored, is_new)


def activate(desk: Desk, stored: PlanRevision, *, by: str, at: datetime, on: date | None = None) -> None:
    """Put a revision into force from today; before the year begins, from its first day.

    Args:
        on: Another day from which it is in force, for a plan that was decided earlier than it came in here.

    Raises:
        CannotActivateError: A step names a division the office does not have; all are named together.
        BadInputError: A later revision is in force, or `on` lies after the year.
    """
    plan = stored.plan
    check_divisions(plan, desk.people, desk)
    if on is not None and on > plan.fiscal_year.end:
        raise BadInputError(
            problem=f"{on} is after the end of fiscal year {plan.fiscal_year_be}.",
            remedy=f"Name a day up to {plan.fiscal_year.end}.",
        )
    today = desk.workdays.local_day(at)
    earlier = [found for found in desk.uow.plans.of_year(plan.fiscal_year_be) if found.in_force_on is not None]
    if earlier and earlier[-1].revision > stored.revision:
        raise BadInputError(
            problem=f"Revision {earlier[-1].revision} has come into force since revision {stored.revision}.",
            remedy="To go back, import the earlier plan with a title that says so: it becomes a new revision.",
        )
    # A later revision keeps the day of the first one: deadlines must not move because a word was corrected.
    since = min(
        [found.in_force_on for found in earlier if found.in_force_on] or [max(on or today, plan.fiscal_year.start)]
    )
    desk.uow.plans.activate(plan.fiscal_year_be, stored.revision, since)
    facts = {"revision": stored.revision, "sha256": plan.content_hash, "in_force_on": since.isoformat()}
    desk.uow.ledger.note(Entry(at, "plan.activated", by, str(plan.fiscal_year_be), facts))
    _cancel_dropped(desk, plan, by=by, at=at)


def _cancel_dropped(desk: Desk, plan: Plan, *, by: str, at: datetime) -> None:
    """What a later revision no longer holds, or asks of another division, asks nothing of anybody any more."""
    kept = {
        (step.key, division.key)
        for _, step in plan.steps()
        for division in divisions_of(step.responsible, desk.people, desk.office.settings, step.key)
    }
    for before in desk.uow.assignments.all(plan.fiscal_year_be):
        if (before.step_key, before.division) not in kept and (before.state, Move.CANCEL) in MOVES:
            facts = {"reason": "the plan no longer asks this of the division"}
            record(desk, before, apply(before, Move.CANCEL), Move.CANCEL, by=by, at=at, facts=facts)


def check_divisions(plan: Plan, people: People, desk: Desk) -> None:
    """Check that every party of the plan is a division of the office.

    Raises:
        CannotActivateError: Some are not; all are named together.
    """
    faults = []
    for _, step in plan.steps():
        for party in step.responsible.parties:
            try:
                alone = step.responsible.model_copy(update={"parties": (party,)})
                divisions_of(alone, people, desk.office.settings, step.key)
            except UnknownDivisionError as fault:
                faults.append(f"“{fault.facts['unit']}” (step {fault.facts['step']})")
    if faults:
        known = ", ".join(division.name for division in people.divisions)
        raise CannotActivateError(
            problem=f"The plan names divisions the office does not have: {', '.join(faults)}.",
            remedy=f"Add them (or an alias) to the office's file, or correct the plan. The office has: {known}.",
        )


def roll_over(desk: Desk, source: FiscalYear, target: FiscalYear, *, by: str, at: datetime) -> Imported:
    """Carry the plan in force into another fiscal year as a revision that is not yet in force.

    Raises:
        NotFoundError: No plan of the source year is in force.
    """
    return import_plan(desk, desk.document(source.be).rolled_to(target), by=by, at=at)

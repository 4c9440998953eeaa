"""Do for one measure everything that should have happened by now and has not: open, remind, escalate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain import opening
from domain.assignment import Assignment
from domain.errors import SucharitError
from domain.escalation import Escalated, decide, told_of
from domain.moves import Move
from domain.opening import PlanInForce
from domain.plan import Measure
from services.desk import Desk
from services.record import CLOCK, note


@dataclass(frozen=True, slots=True)
class Advanced:
    """What one run did. A fault of one step or assignment is counted here and never stops the others.

    Attributes:
        overdue: Assignments of the measure that are overdue at `now`.
        faults: One sentence each.
    """

    opened: int = 0
    escalated: int = 0
    notices: int = 0
    overdue: int = 0
    faults: tuple[str, ...] = field(default=())

    @property
    def did_something(self) -> bool:
        """Tell whether anything became due."""
        return bool(self.opened or self.escalated)


def advance(desk: Desk, fiscal_year_be: int, measure_key: str, now: datetime) -> Advanced:
    """Advance one measure to `now`. Doing it again, or after any pause, is harmless.

    Raises:
        NotFoundError: No plan of the year is in force.
        StaleError: Somebody moved an assignment while this looked; give the unit of work up and run again.
    """
    plan = desk.plan(fiscal_year_be)
    opened, faults = _open(desk, plan, measure_key, now)
    notices = desk.uow.notices.add((intent for a in opened for intent in told_of(a, Move.OPEN)), now)
    acting = desk.uow.assignments.to_act_on(fiscal_year_be, measure_key)
    reached = [decision for a in acting if isinstance(decision := decide(a, desk.workdays, now), Escalated)]
    desk.uow.assignments.save_each([decision.assignment for decision in reached])
    for decision in reached:
        after = decision.assignment
        note(desk, after, Move.ESCALATE, by=CLOCK, now=now, facts={"rung": after.rung})
    notices += desk.uow.notices.add((intent for decision in reached for intent in decision.notices), now)
    overdue = sum(a.is_overdue(desk.workdays, now) for a in acting)
    return Advanced(len(opened), len(reached), notices, overdue, tuple(faults))


def _open(desk: Desk, plan: PlanInForce, measure_key: str, now: datetime) -> tuple[list[Assignment], list[str]]:
    existing = desk.uow.assignments.ids_of_measure(plan.year.be, measure_key)
    due: list[Assignment] = []
    faults: list[str] = []
    for step in _measure(plan, measure_key).steps:
        try:
            due += opening.due(
                plan, measure_key, existing, desk.people, desk.workdays, desk.office.settings, now, step.key
            )
        except SucharitError as fault:
            faults.append(str(fault))
    opened = desk.uow.assignments.add(due)
    for assignment in opened:
        note(desk, assignment, Move.OPEN, by=CLOCK, now=now)
    return opened, faults


def _measure(plan: PlanInForce, measure_key: str) -> Measure:
    return next(
        (m for m in plan.measures if m.key == measure_key), Measure(key=measure_key, number=0, title="", steps=())
    )

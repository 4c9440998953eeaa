"""Do for one measure everything that should have happened by now and has not: open, remind, escalate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain import opening
from domain.assignment import Assignment
from domain.escalation import Telling, due_now
from domain.moves import Move
from domain.opening import PlanInForce
from domain.plan import Measure
from domain.telling import told_of
from services.assignments.hand_over import hand_over
from services.assignments.names_unknown import names_unknown
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
    plan, rules, today = desk.plan(fiscal_year_be), desk.rules, desk.workdays.local_day(now)
    is_in_hours = desk.workdays.is_in_hours(now)
    # Held before the office, which a hand-over asks for: in the other order a move of a person would wait for us, and
    # we for it.
    running = desk.uow.assignments.running(fiscal_year_be, measure_key)
    handed_over = hand_over(desk, now) if is_in_hours else 0
    opened, faults = _open(desk, plan, measure_key, now)
    intents = [intent for a in opened for intent in told_of(a, Move.OPEN, desk.line(a.division, now))]
    notices = handed_over + desk.uow.notices.add(intents, now)
    if opened or handed_over:
        running = desk.uow.assignments.running(fiscal_year_be, measure_key)
    told = [telling for a in running if (telling := due_now(a, rules, now)) is not None]
    desk.uow.assignments.save_each([telling.assignment for telling in told])
    for telling in told:
        note(desk, telling.assignment, Move.ESCALATE, by=CLOCK, now=now, facts=_facts(telling))
    notices += desk.uow.notices.add((intent for telling in told for intent in telling.notices), now)
    if is_in_hours and rules.is_summary(today) and rules.summary_left_on != today:
        desk.uow.offices.summary_left(today)
    overdue = sum(a.is_overdue(desk.workdays, now) for a in running)
    return Advanced(len(opened), len(told), notices, overdue, tuple(faults))


def _facts(telling: Telling) -> dict[str, object]:
    """What the ledger keeps of a word of the ladders: the rung, and who was told as what."""
    to: dict[str, list[str]] = {notice.kind.value: [] for notice in telling.notices}
    for notice in telling.notices:
        to[notice.kind.value].append(notice.person)
    return {"rung": telling.assignment.rung, "to": to}


def _open(desk: Desk, plan: PlanInForce, measure_key: str, now: datetime) -> tuple[list[Assignment], list[str]]:
    existing = desk.uow.assignments.ids_of_measure(plan.year.be, measure_key)
    due: list[Assignment] = []
    faults: list[str] = []
    for step in _measure(plan, measure_key).steps:
        due += opening.due(plan, measure_key, existing, desk.people, desk.workdays, desk.office.settings, now, step.key)
        unknown = opening.unknown_units(step.responsible, desk.people)
        faults += [str(opening.unknown_division(unit, desk.people, step.key)) for unit in unknown]
        desk.uow.notices.add(names_unknown(desk, plan, measure_key, step, unknown, now), now)
    opened = desk.uow.assignments.add(due)
    for assignment in opened:
        note(desk, assignment, Move.OPEN, by=CLOCK, now=now)
    return opened, faults


def _measure(plan: PlanInForce, measure_key: str) -> Measure:
    return next(
        (m for m in plan.measures if m.key == measure_key), Measure(key=measure_key, number=0, title="", steps=())
    )

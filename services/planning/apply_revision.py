"""What a revision does to assignments: worked out before it is applied, and applied as it was shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain.assignment import ACTIONABLE, Assignment, State, replan
from domain.grounds import BY_PLAN, Ground, GroundKind, latest
from domain.ledger import Entry
from domain.moves import Move, apply, open_again
from domain.opening import Obligation, PlanInForce, asked, obligations, opened, unknown_division, unknown_units
from domain.people import Division
from domain.telling import told_of
from services.desk import Desk
from services.record import note, record

_Key = tuple[str, str, str]

_DROPPED: Final = "แผนฉบับปรับปรุงไม่ได้ระบุงานนี้ของส่วนราชการแล้ว"
"""What those read who had been told of work that a revision drops."""


@dataclass(frozen=True, slots=True)
class Replanned:
    """An open assignment whose deadline follows the plan's."""

    before: Assignment
    due_on: date


@dataclass(frozen=True, slots=True)
class Opening:
    """An assignment that the revision newly asks for.

    Attributes:
        opens_on: Day of its opening; the day of the revision where it should have opened earlier.
        is_due_now: Whether it opens with the revision, not by the clock.
    """

    assignment: Assignment
    opens_on: date
    is_due_now: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """Everything a revision does to the assignments of its year, each list by deadline and id.

    Attributes:
        cancelled: The division must act now and need not any more.
        staying: Handed in, accepted or stated impossible, and no longer asked for: what was done stays.
        reopened: Cancelled by an earlier revision, asked for again; with their new deadline.
        never_opening: Ids the revision before had planned and this one does not ask for.
        rehomed: Their step stands in another measure now.
    """

    cancelled: tuple[Assignment, ...] = ()
    staying: tuple[Assignment, ...] = ()
    replanned: tuple[Replanned, ...] = ()
    opening: tuple[Opening, ...] = ()
    reopened: tuple[Replanned, ...] = ()
    never_opening: tuple[str, ...] = ()
    rehomed: tuple[Assignment, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether no assignment is touched."""
        touched = (self.cancelled, self.staying, self.replanned, self.opening, self.reopened, self.never_opening)
        return not any((*touched, self.rehomed))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One obligation of one division."""

    obligation: Obligation
    division: Division


def effect(desk: Desk, new: PlanInForce, now: datetime) -> Effect:
    """What putting `new` into force at `now` does, beside the plan of its year that is in force now.

    A division gets at least `least_to_act` working days for what opens late or is due earlier than before
    (docs/decisions/0005). Deadlines that people set are left as they are. Empty for the first plan of a year.

    Raises:
        UnknownDivisionError: A step names a division the office does not have.
    """
    if all(stored.plan.fiscal_year_be != new.year.be for stored in desk.plans):
        return Effect()
    wanted = dict(_asked(desk, new))
    before = dict(_asked(desk, desk.plan(new.year.be), is_past=True))
    earliest = desk.workdays.days_given(now, desk.office.settings.least_to_act)
    existing = desk.uow.assignments.all(new.year.be)
    existing_keys = {_key(assignment) for assignment in existing}
    unasked = [a for a in existing if _key(a) not in wanted]
    still = [(a, wanted[_key(a)].obligation) for a in existing if _key(a) in wanted]
    return Effect(
        cancelled=tuple(a for a in unasked if a.state in ACTIONABLE),
        staying=tuple(a for a in unasked if a.state not in ACTIONABLE and a.state is not State.CANCELLED),
        replanned=tuple(
            Replanned(a, due_on)
            for a, obligation in still
            if (due_on := _new_deadline(a, obligation, before.get(_key(a)), earliest)) is not None
        ),
        opening=tuple(_openings(desk, new, wanted, before, existing_keys, now)),
        reopened=tuple(Replanned(a, max(o.due_on, earliest)) for a, o in still if a.state is State.CANCELLED),
        never_opening=tuple(
            f"{new.year.be}-{'-'.join(key)}" for key in before if key not in wanted and key not in existing_keys
        ),
        rehomed=tuple(a for a, obligation in still if a.measure_key != obligation.measure.key),
    )


def _key(assignment: Assignment) -> _Key:
    return assignment.step_key, assignment.division, assignment.period.key


def _asked(desk: Desk, plan: PlanInForce, *, is_past: bool = False) -> Iterator[tuple[_Key, _Asked]]:
    """Everything a plan asks of a division; of a past one without what names divisions that are no more."""
    for obligation in obligations(plan, desk.workdays, desk.office.settings):
        step = obligation.step
        for unit in () if is_past else unknown_units(step.responsible, desk.people):
            raise unknown_division(unit, desk.people, step.key)
        for division in asked(obligation, desk.people, desk.office.settings):
            yield (step.key, division.key, obligation.period.key), _Asked(obligation, division)


def _new_deadline(assignment: Assignment, now: Obligation, before: _Asked | None, earliest: date) -> date | None:
    is_the_plans = before is not None and assignment.due_on == before.obligation.due_on
    if assignment.state not in ACTIONABLE or not is_the_plans or now.due_on == assignment.due_on:
        return None
    due_on = now.due_on if now.due_on > assignment.due_on else max(now.due_on, min(earliest, assignment.due_on))
    return due_on if due_on != assignment.due_on else None


def _openings(
    desk: Desk,
    new: PlanInForce,
    wanted: dict[_Key, _Asked],
    before: dict[_Key, _Asked],
    existing_keys: set[_Key],
    now: datetime,
) -> Iterator[Opening]:
    for key, what in wanted.items():
        if key in existing_keys or (key in before and _days(before[key]) == _days(what)):
            continue
        assignment = opened(new, what.obligation, what.division, desk.office.settings, desk.workdays, now)
        opens_on = what.obligation.opens_on
        # At its instant as after it: the clockwork, which opens at the instant, may have passed it under the old plan.
        is_due_now = desk.workdays.notice_instant(opens_on) <= now
        if is_due_now:
            opens_on = desk.workdays.local_day(now)
        yield Opening(assignment, opens_on, is_due_now)


def _days(what: _Asked) -> tuple[date, date]:
    return what.obligation.opens_on, what.obligation.due_on


def put_into_effect(desk: Desk, new: PlanInForce, done: Effect, *, by: str, now: datetime) -> None:
    """Apply what `effect` told, with a ledger line for each; what opens later is left to the clock.

    Raises:
        StaleError: Somebody moved one of the assignments meanwhile; the unit of work must be given up.
    """
    for before in done.cancelled:
        facts = {"reason": "the plan no longer asks this of the division"}
        record(desk, before, apply(before, Move.CANCEL), Move.CANCEL, by=by, now=now, facts=facts, reason=_DROPPED)
    homes = {step.key: measure.key for measure in new.measures for step in measure.steps}
    spans = {(o.step.key, o.period.key): o.period for o in obligations(new, desk.workdays, desk.office.settings)}
    reopened = {change.before.id: change for change in done.reopened}
    replanned = {change.before.id: change for change in done.replanned}
    touched = {change.before.id: change.before for change in (*done.reopened, *done.replanned)}
    for before in (touched | {a.id: a for a in done.rehomed}).values():
        after = replace(before, measure_key=homes[before.step_key])
        change = reopened.get(before.id) or replanned.get(before.id)
        if change is not None:
            after = replace(after, period=spans[before.step_key, before.period.key])
            after = _due(after, change.due_on, desk, now)
        if before.id in reopened:
            _reopen(desk, before, after, by=by, now=now)
        else:
            _save(desk, before, after, by=by, now=now)
    _open(desk, [opening.assignment for opening in done.opening if opening.is_due_now], by=by, now=now)


def _due(assignment: Assignment, due_on: date, desk: Desk, now: datetime) -> Assignment:
    """Give it the revision's deadline: the plan's day, or the days that a rule gives where that leaves too few."""
    settings = desk.office.settings
    given = (BY_PLAN, Ground.of_rule(desk.workdays, now, settings.least_to_act))
    by_rule = latest(given, assignment.period.span, settings.report_due, desk.workdays)
    grounds = (BY_PLAN,) if due_on < by_rule else given
    moved = replan(replace(assignment, grounds=grounds), due_on, desk.workdays, now)
    means = latest(grounds, moved.period.span, settings.report_due, desk.workdays)
    return moved if means == due_on else replace(moved, grounds=(*grounds, Ground(GroundKind.SET, due_on)))


def _save(desk: Desk, before: Assignment, after: Assignment, *, by: str, now: datetime) -> None:
    desk.uow.assignments.save(replace(after, version=before.version + 1), expected=before.version)
    facts = {"measure": after.measure_key, "before": before.due_on.isoformat(), "due_on": after.due_on.isoformat()}
    desk.uow.ledger.note(Entry(now, "assignment.replanned", by, after.id, facts))


def _reopen(desk: Desk, before: Assignment, after: Assignment, *, by: str, now: datetime) -> None:
    """The plan takes its own cancelling back: the assignment is open as if it were new."""
    fresh = open_again(replace(after, version=before.version), now=now)
    desk.uow.assignments.save(fresh, expected=before.version)
    note(desk, fresh, Move.OPEN, by=by, now=now, facts={"from": before.state.value, "reason": "the plan asks it again"})
    desk.uow.notices.add(told_of(fresh, Move.OPEN, desk.line(fresh.division, now), by=by), now)


def _open(desk: Desk, due: list[Assignment], *, by: str, now: datetime) -> None:
    for assignment in desk.uow.assignments.add(due):
        note(desk, assignment, Move.OPEN, by=by, now=now)
        line = desk.line(assignment.division, now)
        desk.uow.notices.add(told_of(assignment, Move.OPEN, line, by=by), now)

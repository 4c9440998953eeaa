"""Take a reviewed plan in, tell what it would change, and put it into force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.assignment import Assignment
from domain.errors import BadInputError
from domain.fiscal import QUARTERS, FiscalYear
from domain.ledger import Entry
from domain.opening import PlanInForce, UnknownDivisionError, asked, divisions_of, obligations, opened
from domain.people import Level, People
from domain.plan import Plan
from domain.revision import Difference, difference, rekeyed
from domain.thai import long_date, thai_digits
from services.desk import Desk
from services.planning.apply_revision import Effect, effect, put_into_effect
from storage.offices import PlanRevision


class CannotActivateError(BadInputError):
    """The plan names somebody the office does not have; every such place is listed."""


class PastQuartersError(BadInputError):
    """A plan comes into force when quarters of its year are over, and nobody has said that this is meant."""

    english = (
        "{over}: {opens} assignments of {divisions} divisions would open at once, and {letters} letters would go to as "
        "many people, now or on the next working day. Nothing is changed. If it is meant, say so: `--yes` on the "
        "command line, `accept_past: true` from programs."
    )
    thai = (
        "{over} งาน {opens} รายการของ {divisions} กองจะเปิดทันทีหรือในวันทำการถัดไป และส่งจดหมายถึง {letters} คน "
        "ยังไม่มีการเปลี่ยนแปลงใด หากต้องการเช่นนั้น ให้ระบุ `--yes` ในคำสั่ง หรือ `accept_past: true` จากโปรแกรม"
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """A stored revision; `is_new` is False when the same content was there already."""

    stored: PlanRevision
    is_new: bool


def import_plan(desk: Desk, plan: Plan, *, by: str, now: datetime) -> Imported:
    """Store a reviewed plan as a new revision, not yet in force. The same content twice is one revision.

    Steps and measures that an earlier revision of the year has keep its keys, however they are numbered now.
    """
    desk.uow.offices.hold()  # two imports at once must not both call the revision theirs
    revisions = desk.uow.plans.of_year(plan.fiscal_year_be)
    # The newest of the same content: a restored revision stands for the one it brought back.
    same = next((stored for stored in reversed(revisions) if stored.plan.has_content_of(plan)), None)
    if same is not None:
        return Imported(same, is_new=False)
    return Imported(_add(desk, _keyed(plan, revisions), by=by, now=now), is_new=True)


def _add(desk: Desk, plan: Plan, *, by: str, now: datetime) -> PlanRevision:
    stored = desk.uow.plans.add(plan, by=by, now=now)
    facts = {"revision": stored.revision, "sha256": stored.plan.content_hash}
    desk.uow.ledger.note(Entry(now, "plan.imported", by, str(plan.fiscal_year_be), facts))
    return stored


def renewed(desk: Desk, stored: PlanRevision, *, by: str, now: datetime) -> PlanRevision:
    """The revision that can be activated for `stored`: itself, or its content again as the newest revision.

    The newest activated revision holds, so one that never was in force is stored again where a later one is. Its
    keys are matched with the revision that holds, so that work done under that one still counts.
    """
    desk.uow.offices.hold()
    revisions = desk.uow.plans.of_year(stored.plan.fiscal_year_be)
    base = base_of(revisions)
    is_passed = base is not None and base.in_force_on is not None and base.revision > stored.revision
    if not is_passed or stored.in_force_on is not None:
        return stored
    again = stored.plan.model_copy(update={"restores": stored.revision})
    return _add(desk, _keyed(again, revisions), by=by, now=now)


def waiting(revisions: Sequence[PlanRevision]) -> list[PlanRevision]:
    """Revisions of one year that never were in force, without those whose content a later one brought back."""
    restored = {stored.plan.restores for stored in revisions}
    return [stored for stored in revisions if stored.in_force_on is None and stored.revision not in restored]


def _keyed(plan: Plan, revisions: Sequence[PlanRevision]) -> Plan:
    base = base_of(revisions)
    if base is None:
        return plan
    # Only what was in force has assignments, so only that gives its keys back; all keys are taken.
    history = [stored.plan for stored in reversed(revisions) if stored.in_force_on and stored.revision < base.revision]
    taken = {key for stored in revisions for measure, step in stored.plan.steps() for key in (measure.key, step.key)}
    return rekeyed(plan, base.plan, history, taken)


def base_of(revisions: Sequence[PlanRevision]) -> PlanRevision | None:
    """The revision that a new one is compared with: the one in force, else the newest; None where there is none."""
    candidates = [stored for stored in revisions if stored.in_force_on is not None] or revisions
    return candidates[-1] if candidates else None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would change.

    Attributes:
        base: The revision it is compared with; None for the first plan of its year.
        difference: Empty where there is no base.
    """

    plan: Plan
    base: PlanRevision | None
    difference: Difference
    effect: Effect


def preview(desk: Desk, plan: Plan, now: datetime) -> Preview:
    """What storing and activating a reviewed plan at `now` would change; nothing is stored.

    Raises:
        CannotActivateError: A step names a division the office does not have; all are named together.
    """
    revisions = desk.uow.plans.of_year(plan.fiscal_year_be)
    base = base_of(revisions)
    if base is None:
        return Preview(plan, None, Difference(), Effect())
    stored = next((revision.plan for revision in reversed(revisions) if revision.plan.has_content_of(plan)), None)
    keyed = stored or _keyed(plan, revisions)
    check_divisions(keyed, desk.people, desk)
    in_force = PlanInForce(base.revision + 1, keyed.fiscal_year, keyed.measures, _since(desk, keyed, now))
    return Preview(keyed, base, difference(base.plan, keyed), effect(desk, in_force, now))


def activate(desk: Desk, stored: PlanRevision, *, by: str, now: datetime, on: date | None = None) -> Effect:
    """Put a revision into force from today; before the year begins, from its first day. Tell what it did.

    What is in force since that day and has everything it asks for is left alone.

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
            problem_thai=f"{long_date(on)} อยู่หลังสิ้นปีงบประมาณ {thai_digits(plan.fiscal_year_be)}",
            remedy=f"Name a day up to {plan.fiscal_year.end}.",
            remedy_thai=f"โปรดระบุวันไม่เกิน {long_date(plan.fiscal_year.end)}",
        )
    later = base_of(desk.uow.plans.of_year(plan.fiscal_year_be))
    if later is not None and later.in_force_on is not None and later.revision > stored.revision:
        raise BadInputError(
            problem=f"Revision {later.revision} has come into force since revision {stored.revision}.",
            problem_thai=f"มีฉบับที่ {thai_digits(later.revision)} ใช้บังคับหลังฉบับที่ {thai_digits(stored.revision)} แล้ว",
            remedy="To go back: `sucharit plan export` it, import it with a title that says so, and activate that.",
            remedy_thai="หากต้องการกลับไปใช้ฉบับเดิม โปรดดาวน์โหลดฉบับนั้น แก้ชื่อแผนให้ต่างไป แล้วนำเข้าใหม่",
        )
    since = _since(desk, plan, now, on)
    in_force = PlanInForce(stored.revision, plan.fiscal_year, plan.measures, since)
    done = effect(desk, in_force, now)
    if stored.in_force_on == since and done.is_empty:
        return done
    desk.uow.plans.activate(plan.fiscal_year_be, stored.revision, since)
    facts = {"revision": stored.revision, "sha256": plan.content_hash, "in_force_on": since.isoformat()}
    desk.uow.ledger.note(Entry(now, "plan.activated", by, str(plan.fiscal_year_be), facts))
    put_into_effect(desk, in_force, done, by=by, now=now)
    return done


def _since(desk: Desk, plan: Plan, now: datetime, on: date | None = None) -> date:
    """A later revision keeps the day of the first one: deadlines must not move because a word was corrected."""
    revisions = desk.uow.plans.of_year(plan.fiscal_year_be)
    earlier = [stored.in_force_on for stored in revisions if stored.in_force_on is not None]
    return min(earlier or [max(on or desk.workdays.local_day(now), plan.fiscal_year.start)])


def check_divisions(plan: Plan, people: People, desk: Desk) -> None:
    """Check that every party of the plan is a division of the office.

    Raises:
        CannotActivateError: The office does not have some of them; all are named together.
    """
    faults = []
    for _, step in plan.steps():
        for party in step.responsible.acting:
            try:
                alone = step.responsible.model_copy(update={"parties": (party,)})
                divisions_of(alone, people, desk.office.settings, step.key)
            except UnknownDivisionError as fault:
                faults.append(f"“{fault.facts['unit']}” (step {fault.facts['step']})")
    if faults:
        names = ", ".join(division.name for division in people.divisions)
        raise CannotActivateError(
            problem=f"The plan names divisions the office does not have: {', '.join(faults)}.",
            problem_thai=f"แผนระบุส่วนราชการที่หน่วยงานไม่มี: {', '.join(faults).replace('(step ', '(ขั้นตอน ')}",
            remedy=f"Add them (or an alias) to the office's file, or correct the plan. The office has: {names}.",
            remedy_thai=f"โปรดเพิ่มส่วนราชการหรือชื่ออื่นของส่วนราชการ หรือแก้แผน หน่วยงานมี: {names}",
        )


@dataclass(frozen=True, slots=True)
class UpcomingWork:
    """What a plan just put into force opens.

    Attributes:
        at_once: What opens with it, or with the next run of the clockwork.
        opens_at: When the first of the others open; None where there are none.
        first: Those that open then.
        catching_up: What opens at once, and what would but for the hour or the day off: on the next working day.
        past_quarters: Quarters of the year that were over on the day of activation, or will be when it takes effect.
    """

    at_once: tuple[Assignment, ...]
    opens_at: datetime | None
    first: tuple[Assignment, ...]
    catching_up: tuple[Assignment, ...]
    past_quarters: tuple[int, ...]

    @property
    def is_late(self) -> bool:
        """Tell whether the plan comes so late that a person has to say that this is meant."""
        return bool(self.past_quarters and self.catching_up)

    @property
    def is_year_over(self) -> bool:
        """Tell whether every quarter of the year was over."""
        return self.past_quarters == QUARTERS


def upcoming_work(desk: Desk, year: FiscalYear, done: Effect, now: datetime) -> UpcomingWork:
    """What opens at once and next, after `activate` told what it did.

    Args:
        desk: Opened after the activation, so that its calendar knows the year.
    """
    planned = sorted(_planned(desk, year, now), key=lambda pair: pair[0])
    # What opens exactly at `now` opens at once: the clockwork would find it due at its first run.
    later = [(opens_at, assignment) for opens_at, assignment in planned if opens_at > now]
    first_at = later[0][0] if later else None
    own = (*(o.assignment for o in done.opening if o.is_due_now), *(r.before for r in done.reopened))
    day = max(desk.workdays.local_day(now), desk.plan(year.be).in_force_on)
    # Not `now`: what is late opens at 08:30 of a working day, and who activates it at night has to know of it too.
    soon = desk.workdays.notice_instant(desk.workdays.on_or_after(day))
    return UpcomingWork(
        (*own, *(assignment for opens_at, assignment in planned if opens_at <= now)),
        first_at,
        tuple(assignment for opens_at, assignment in later if opens_at == first_at),
        (*own, *(assignment for opens_at, assignment in planned if opens_at <= max(now, soon))),
        tuple(number for number in QUARTERS if year.quarter(number).end < day),
    )


@dataclass(frozen=True, slots=True)
class InForce:
    """What putting a plan into force did.

    Attributes:
        stored: The revision that holds now: the one that was wanted, or its content stored again.
        desk: The office as it is with it; its calendar knows the year.
    """

    stored: PlanRevision
    effect: Effect
    upcoming: UpcomingWork
    desk: Desk


def put_into_force(
    desk: Desk, wanted: PlanRevision, *, by: str, now: datetime, on: date | None = None, accepts_past: bool = False
) -> InForce:
    """Activate a revision, or its content again where a later one holds, and tell what opens; for every door.

    Args:
        accepts_past: A person was told which quarters are over and what that opens, and wants it.

    Raises:
        PastQuartersError: Quarters of the year are over and nobody accepted it; the unit of work must be given up.
        CannotActivateError: A step names a division the office does not have; all are named together.
        BadInputError: A later revision is in force, or `on` lies after the year.
    """
    stored = renewed(desk, wanted, by=by, now=now)
    done = activate(desk, stored, by=by, now=now, on=on)
    after, year = Desk.open(desk.uow), stored.plan.fiscal_year
    opens = upcoming_work(after, year, done, now)
    if opens.is_late and not accepts_past:
        raise PastQuartersError(
            over=_over(opens, year),
            over_thai=_over_thai(opens, year),
            opens=len(opens.catching_up),
            divisions=len({assignment.division for assignment in opens.catching_up}),
            letters=len(told_at_once(after, opens.catching_up, now)),
        )
    return InForce(stored, done, opens, after)


def _over(opens: UpcomingWork, year: FiscalYear) -> str:
    quarters = ", ".join(map(str, opens.past_quarters))
    ended = f"ended on {year.end}" if opens.is_year_over else f"has quarters that are over ({quarters})"
    return f"Fiscal year {year.be} {ended}"


def _over_thai(opens: UpcomingWork, year: FiscalYear) -> str:
    if opens.is_year_over:
        return f"{year} สิ้นสุดไปแล้วเมื่อ {long_date(year.end)}"
    return f"ไตรมาสที่ {thai_digits(', '.join(map(str, opens.past_quarters)))} ของ{year} ผ่านไปแล้ว"


def _planned(desk: Desk, year: FiscalYear, now: datetime) -> Iterator[tuple[datetime, Assignment]]:
    plan, existing = desk.plan(year.be), {a.id for a in desk.uow.assignments.all(year.be)}
    for what in obligations(plan, desk.workdays, desk.office.settings):
        for division in asked(what, desk.people, desk.office.settings):
            assignment = opened(plan, what, division, desk.office.settings, desk.workdays, now)
            if assignment.id not in existing:
                yield desk.workdays.notice_instant(what.opens_on), assignment


def told_at_once(desk: Desk, assignments: Sequence[Assignment], now: datetime) -> set[str]:
    """Keys of the persons who get a letter because these assignments open; a letter tells a person of all of them."""
    divisions = {assignment.division for assignment in assignments}
    return {person for division in divisions for person in desk.line(division, now).reached(Level.OFFICER).persons}

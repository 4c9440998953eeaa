"""Schedules of measures: what comes and what ran; pause, resume, run; another deadline."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from domain.assignment import StaleError
from services.assignments import deadlines
from services.assignments.deadlines import ChangedDeadline
from services.desk import Desk
from services.schedule.schedule import Act, MeasureKey, check_in_force, moments_of, note_act
from services.schedule.wake import SCHEDULER_ERRORS
from services.scheduler import DeploymentView, RunView
from web.api.assignments import AssignmentId
from web.api.door import Administering
from web.api.values import Day, Flag, Key, Model, PathYear, Seen, Words
from web.changes import commit_and_replan
from web.door.visit import Visit

router = APIRouter(tags=["schedule"])

MOMENTS_SHOWN: Final = 10


class Run(Model):
    """One run of a measure's flow."""

    id: str
    state: str = Field(examples=["COMPLETED"])
    message: str
    expected_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class FlowView(Model):
    """What the clockwork knows of a measure."""

    is_paused: bool
    next_runs: list[datetime]
    last_runs: list[Run]


class MeasureSchedule(Model):
    """A measure in force; `flow` is null while the clockwork does not answer or does not know it."""

    fiscal_year: int
    measure: str
    title: str
    moments: list[datetime] = Field(description="The next instants at which something becomes due.")
    flow: FlowView | None


class Queued(Model):
    """A run that was asked for; it happens when a worker is free."""

    run: str


class NewDeadline(Model):
    """Another deadline for one assignment; a day off moves to the next working day."""

    version: Seen
    due_on: Day
    reason: Annotated[Words, Field(min_length=1, pattern=r"\S")]
    preview: Flag = Field(default=False, description="Only tell what would change; nothing is stored.")


class DeadlineView(Model):
    """A deadline before and after, and the notice that comes next on either side."""

    assignment: str
    is_done: bool
    before: date
    after: date
    next_notice_before: date | None
    next_notice_after: date | None


@router.get("/schedule")
def schedule(visit: Administering) -> list[MeasureSchedule]:
    """Every measure in force."""
    views = _views(visit)
    with visit.reading() as desk:
        keys = [
            (MeasureKey(stored.plan.fiscal_year_be, visit.office, measure.key), measure.title)
            for stored in desk.plans
            for measure in stored.plan.measures
        ]
        return [_of_measure(desk, key, title, visit.now, views.get(key.deployment)) for key, title in keys]


def _views(visit: Visit) -> dict[str, DeploymentView]:
    try:
        return {view.name: view for view in visit.system.scheduler.show()}
    except SCHEDULER_ERRORS:
        return {}


def _of_measure(desk: Desk, key: MeasureKey, title: str, now: datetime, view: DeploymentView | None) -> MeasureSchedule:
    coming = (moment.at for moment in moments_of(desk, key) if moment.at > now)
    flow = view and FlowView(
        is_paused=view.paused, next_runs=list(view.next_runs), last_runs=[_run(run) for run in view.last_runs]
    )
    return MeasureSchedule(
        fiscal_year=key.fiscal_year_be,
        measure=key.measure,
        title=title,
        moments=list(islice(coming, MOMENTS_SHOWN)),
        flow=flow,
    )


def _run(run: RunView) -> Run:
    return Run(
        id=run.id,
        state=run.state_type,
        message=run.message,
        expected_at=run.expected_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
    )


@router.post("/schedule/{fiscal_year}/{measure}/pause", status_code=204)
def pause(visit: Administering, fiscal_year: PathYear, measure: Key) -> None:
    """Stop a measure's flow; the daily sweep still repairs what it misses."""
    key = _key(visit, fiscal_year, measure)
    visit.system.scheduler.pause(key.deployment)
    _note(visit, key, Act.PAUSED)


@router.post("/schedule/{fiscal_year}/{measure}/resume", status_code=204)
def resume(visit: Administering, fiscal_year: PathYear, measure: Key) -> None:
    """Let a measure's flow run at its moments again."""
    key = _key(visit, fiscal_year, measure)
    visit.system.scheduler.resume(key.deployment)
    _note(visit, key, Act.RESUMED)


@router.post("/schedule/{fiscal_year}/{measure}/run", status_code=202)
def run_now(visit: Administering, fiscal_year: PathYear, measure: Key) -> Queued:
    """Run a measure's flow at once."""
    key = _key(visit, fiscal_year, measure)
    run = visit.system.scheduler.run_now(key.deployment)
    _note(visit, key, Act.RUN)
    return Queued(run=str(run))


def _key(visit: Visit, year: int, measure: str) -> MeasureKey:
    with visit.reading() as desk:
        return check_in_force(desk, MeasureKey(year, visit.office, measure))


def _note(visit: Visit, key: MeasureKey, act: Act) -> None:
    """The clockwork has agreed: the ledger says who wanted it."""
    with visit.changing() as desk:
        note_act(desk, key, act, by=visit.person, now=visit.now)
        desk.uow.commit()


@router.post("/assignments/{assignment_id}/deadline")
def change_deadline(visit: Administering, assignment_id: AssignmentId, body: NewDeadline) -> DeadlineView:
    """Set another deadline; whoever must know is told."""
    with visit.changing() as desk:
        before = desk.uow.assignments.get(assignment_id)
        if before.version != body.version:
            raise StaleError(id=assignment_id)
        done = deadlines.change(desk, [before], body.due_on, reason=body.reason, by=visit.person, now=visit.now)
        if done and not body.preview:
            commit_and_replan(visit, desk, MeasureKey(before.fiscal_year_be, visit.office, before.measure_key))
    if not done:
        day = before.due_on
        return DeadlineView(
            assignment=assignment_id, is_done=False, before=day, after=day, next_notice_before=None,
            next_notice_after=None,
        )  # fmt: skip
    return _view(done[0], is_done=not body.preview)


def _view(change: ChangedDeadline, *, is_done: bool) -> DeadlineView:
    return DeadlineView(
        assignment=change.before.id,
        is_done=is_done,
        before=change.before.due_on,
        after=change.after.due_on,
        next_notice_before=change.next_before.on if change.next_before else None,
        next_notice_after=change.next_after.on if change.next_after else None,
    )

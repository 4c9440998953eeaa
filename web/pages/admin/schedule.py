"""กำหนดการของมาตรการ: each measure's moments, runs and assignments, and the hand on its flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.assignment import ACTIONABLE, Assignment
from domain.ledger import Entry
from domain.moments import Moment
from domain.plan import Measure
from services.desk import Desk
from services.overview.inbox import Card, card
from services.overview.upcoming import upcoming_moments
from services.schedule.schedule import Act, MeasureKey, check_in_force, moments_of, note_act
from services.schedule.wake import SCHEDULER_ERRORS, apply_schedules
from services.scheduler import DeploymentView
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.admin import runs
from web.view import labels
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/schedule")

MOMENTS_SHOWN: Final = 3
SOON_SHOWN: Final = 12
"""Moments of one measure that stand open on its page; the later ones are folded."""
SETTLES: Final = timedelta(minutes=10)
"""Within it the clockwork has the times of a plan that came into force."""
PATIENCE_S: Final = 5
"""How long a page waits for a run started by hand, so that it is usually there with its result."""

Short = Annotated[str, Form(max_length=20)]


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in force: its next moments, and what the clockwork knows of it, if it answers and does.

    Attributes:
        is_new: Its plan came into force so lately that the clockwork may still be setting its times.
    """

    key: MeasureKey
    measure: Measure
    coming: tuple[Moment, ...]
    view: DeploymentView | None = None
    is_new: bool = False

    @property
    def mark(self) -> str:
        """Its name on the page."""
        return _mark(self.key)

    def is_planned(self, instant: datetime) -> bool:
        """The clockwork will run at the instant."""
        planned = self.view.next_runs if self.view else ()
        return instant.timestamp() in {moment.timestamp() for moment in planned}

    @property
    def unasked(self) -> list[datetime]:
        """Runs that the clockwork plans between the moments shown, and no moment asks for."""
        asked = {moment.at.timestamp() for moment in self.coming}
        runs = self.view.next_runs if self.view else ()
        return [
            instant
            for instant in runs
            if asked and instant.timestamp() < max(asked) and instant.timestamp() not in asked
        ]


@dataclass(frozen=True, slots=True)
class Group:
    """Assignments of one step in one period, with how many of them the divisions must still act on."""

    step: str
    text: str
    period: str
    label: str
    cards: tuple[Card, ...]
    changeable: frozenset[str]


def _mark(key: MeasureKey) -> str:
    return f"y{key.fiscal_year_be}-{key.measure}"


@router.get("")
def schedule(
    request: Request,
    visit: Looking,
    done: Annotated[str, Query(max_length=10)] = "",
    to: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Every measure in force; what the clockwork says is left out while it does not answer."""
    views, scheduler_error = _views(visit, language_of(request))
    with visit.reading() as desk:
        rows = _rows(desk, visit.now, views)
    return render(
        request, "admin/schedule.html", visit=visit, rows=rows, done=done, to=to,
        scheduler_error=scheduler_error, labels=labels, runs=runs, runs_shown=MOMENTS_SHOWN,
    )  # fmt: skip


def _rows(desk: Desk, now: datetime, views: dict[str, DeploymentView]) -> list[Row]:
    rows = []
    for stored in sorted(desk.plans, key=lambda revision: -revision.plan.fiscal_year_be):
        is_new = _is_new(desk, stored.plan.fiscal_year_be, now)
        for measure in stored.plan.measures:
            key = MeasureKey(stored.plan.fiscal_year_be, desk.office.key, measure.key)
            next_ones = (moment for moment in moments_of(desk, key) if moment.at > now)
            coming_ones = tuple(islice(next_ones, MOMENTS_SHOWN))
            rows.append(Row(key, measure, coming_ones, views.get(key.deployment), is_new))
    return rows


def _is_new(desk: Desk, year: int, now: datetime) -> bool:
    """Whether the year's plan was put into force a moment ago."""
    lines = desk.uow.ledger.lines(str(year))
    return any(line.entry.kind == "plan.activated" and now - line.entry.at < SETTLES for line in lines)


def _views(visit: Visit, language: str, prefix: str = "") -> tuple[dict[str, DeploymentView], str]:
    """Deployments by name, and the sentence that says why there are none."""
    try:
        return {view.name: view for view in visit.system.scheduler.show(prefix)}, ""
    except SCHEDULER_ERRORS as error:
        return {}, sentence_of(error, language)


@router.get("/{year}/{measure}")
def show(
    request: Request,
    visit: Looking,
    year: int,
    measure: str,
    done: Annotated[str, Query(max_length=10)] = "",
    changed: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """One measure: what comes and whom it reaches, what ran, what is asked of whom."""
    key = _key(visit, year, measure)
    views, scheduler_error = _views(visit, language_of(request), key.deployment)
    with visit.reading() as desk:
        own_measure = next(m for m in desk.document(year).measures if m.key == measure)
        comes = upcoming_moments(desk, key, visit.now)
        row = Row(key, own_measure, (), views.get(key.deployment), _is_new(desk, year, visit.now))
        groups = _groups(desk, desk.uow.assignments.of_measure(year, measure), visit.now)
    return render(
        request, "admin/measure.html", visit=visit, row=row,
        soon=comes[:SOON_SHOWN], later=comes[SOON_SHOWN:], groups=groups, done=done, changed=changed,
        scheduler_error=scheduler_error, labels=labels, runs=runs,
    )  # fmt: skip


def _groups(desk: Desk, assignments: list[Assignment], now: datetime) -> list[Group]:
    """By step in the plan's order, then by time."""
    by_step: dict[tuple[str, str], list[Assignment]] = {}
    for assignment in sorted(assignments, key=lambda a: (a.period.span.start, a.step_key)):
        by_step.setdefault((assignment.step_key, assignment.period.key), []).append(assignment)
    groups = []
    for (step, period), own in by_step.items():
        cards = tuple(card(desk, assignment, now) for assignment in own)
        open_ones = frozenset(assignment.id for assignment in own if assignment.state in ACTIONABLE)
        groups.append(Group(step, cards[0].step, period, cards[0].period, cards, open_ones))
    return groups


@router.post("/apply")
def apply(visit: Acting) -> Response:
    """Make the clockwork's schedules equal to the plan's moments once more."""
    run = apply_schedules(visit.system.scheduler, visit.office, visit.now)
    done = visit.system.scheduler.wait(run, PATIENCE_S)
    with visit.changing() as desk:
        desk.uow.ledger.note(Entry(visit.now, "schedule.applied", visit.person, visit.office, {}))
        desk.uow.commit()
    return RedirectResponse(f"/admin/schedule?done={'applied' if done.is_final else 'queued'}", status_code=303)


@router.post("/{year}/{measure}/pause")
def pause(visit: Acting, year: int, measure: str, back: Short = "") -> Response:
    """Stop a measure's flow; the daily sweep still repairs what it misses."""
    key = _key(visit, year, measure)
    visit.system.scheduler.pause(key.deployment)
    _note(visit, key, Act.PAUSED)
    return _back_to(key, "paused", back)


@router.post("/{year}/{measure}/resume")
def resume(visit: Acting, year: int, measure: str, back: Short = "") -> Response:
    """Let a measure's flow run at its moments again."""
    key = _key(visit, year, measure)
    visit.system.scheduler.resume(key.deployment)
    _note(visit, key, Act.RESUMED)
    return _back_to(key, "resumed", back)


@router.post("/{year}/{measure}/run")
def run_now(visit: Acting, year: int, measure: str, back: Short = "") -> Response:
    """Run a measure's flow at once."""
    key = _key(visit, year, measure)
    scheduler = visit.system.scheduler
    queued = scheduler.run_now(key.deployment)
    _note(visit, key, Act.RUN)
    run = scheduler.wait(queued, PATIENCE_S)
    return _back_to(key, "run" if run.is_final else "queued", back)


def _note(visit: Visit, key: MeasureKey, act: Act) -> None:
    """The clockwork has agreed: the ledger says who wanted it."""
    with visit.changing() as desk:
        note_act(desk, key, act, by=visit.person, now=visit.now)
        desk.uow.commit()


def _key(visit: Visit, year: int, measure: str) -> MeasureKey:
    """A measure of the visitor's own office, whatever the address says."""
    with visit.reading() as desk:
        return check_in_force(desk, MeasureKey(year, visit.office, measure))


def _back_to(key: MeasureKey, done: str, back: str) -> Response:
    mark = quote(_mark(key))
    own = f"/admin/schedule/{key.fiscal_year_be}/{quote(key.measure)}?done={done}"
    every = f"/admin/schedule?done={done}&to={mark}#{mark}"
    return RedirectResponse(own if back == "own" else every, status_code=303)

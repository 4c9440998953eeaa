"""A stored plan: what it says, what it would change, and putting it into force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError, NotFoundError, SucharitError
from plans.review import write_review
from services.days import day_of
from services.desk import Desk
from services.planning.apply_revision import Effect
from services.planning.export_plan import as_review
from services.planning.plans import (
    PastQuartersError,
    Preview,
    UpcomingWork,
    preview,
    put_into_force,
    told_at_once,
    waiting,
)
from services.schedule.schedule import MeasureKey
from services.schedule.wake import SCHEDULER_ERRORS
from storage.offices import PlanRevision
from web.changes import changing_alone, commit_and_replan
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.plans import labels
from web.pages.plans.changes import Group, differing, groups
from web.pages.plans.review import yaml_file
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/plans/{year:few}/{revision:few}")

Short = Annotated[str, Form(max_length=80)]

_NOTHING: Final[Mapping[str, str]] = {}


def revision_of(desk: Desk, year: int, revision: int) -> PlanRevision:
    """The stored plan.

    Raises:
        NotFoundError: The office has none of this year and number.
    """
    for stored in desk.uow.plans.of_year(year):
        if stored.revision == revision:
            return stored
    raise NotFoundError(what="plan", what_thai="แผน", key=f"{year}/{revision}", remedy="", remedy_thai="")


@router.get("")
def show(
    request: Request, visit: Looking, year: int, revision: int, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """The plan's measures and steps, what it would change, and what can be done with it."""
    scheduled, scheduler_error = _scheduled(visit, language_of(request))
    with visit.reading() as desk:
        stored = revision_of(desk, year, revision)
        holds = any((p.plan.fiscal_year_be, p.revision) == (year, revision) for p in desk.plans)
        is_waiting = stored.revision in {other.revision for other in waiting(desk.uow.plans.of_year(year))}
        seen, fault = _seen(desk, stored, visit, language_of(request)) if is_waiting else (None, "")
        drafts = desk.uow.plan_drafts.of(year, revision)
        names = {
            measure.key: MeasureKey(year, visit.office, measure.key).deployment for measure in stored.plan.measures
        }
        return render(
            request,
            "plans/revision.html",
            visit=visit,
            stored=stored,
            here=f"/admin/plans/{year}/{revision}",
            holds=holds,
            is_waiting=is_waiting,
            base=seen.base if seen else None,
            differing=differing(seen, desk) if seen else [],
            groups=groups(seen.effect, desk) if seen else [],
            fault=fault,
            draft=drafts[0] if drafts else None,
            by=desk.person_name(stored.imported_by),
            scheduled={key for key, name in names.items() if name in scheduled},
            scheduler_error=scheduler_error,
            done=done,
            labels=labels,
        )


def _seen(desk: Desk, stored: PlanRevision, visit: Visit, language: str) -> tuple[Preview | None, str]:
    """What the plan would change, or why it cannot be put into force."""
    try:
        return preview(desk, stored.plan, visit.now), ""
    except SucharitError as error:
        return None, sentence_of(error, language)


def _scheduled(visit: Visit, language: str) -> tuple[set[str], str]:
    try:
        return {view.name for view in visit.system.scheduler.show()}, ""
    except SCHEDULER_ERRORS as error:
        return set(), sentence_of(error, language)


@router.get("/review.yaml")
def download(visit: Looking, year: int, revision: int) -> Response:
    """The plan as a review file without questions, to be edited and given back."""
    with visit.reading() as desk:
        stored = revision_of(desk, year, revision)
        text = write_review(as_review(stored.plan, desk.office))
    return yaml_file(text, f"plan-{year}-{revision}.yaml")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What putting a plan into force does: to assignments, and whom it tells at once.

    Attributes:
        late_letters: Persons told of what opens at once or on the next working day, because quarters are over.
        again: Number under which it is stored again, because a later one is in force; 0 where it is not.
        mark: Of all of it, so that nothing else is done than what was seen.
    """

    groups: tuple[Group, ...]
    coming: UpcomingWork
    letters: int
    divisions: int
    late_letters: int
    again: int
    mark: str


def _activated(
    desk: Desk, stored: PlanRevision, visit: Visit, on: date | None, *, accepts_past: bool = True
) -> Outlook:
    """Put it into force in this unit of work, which the door commits, or not."""
    done = put_into_force(desk, stored, by=visit.person, now=visit.now, on=on, accepts_past=accepts_past)
    changes, opens = tuple(groups(done.effect, desk)), done.upcoming
    letters, late_letters = (
        len(told_at_once(done.desk, opening, visit.now)) for opening in (opens.at_once, opens.catching_up)
    )
    divisions = len({opening.division for opening in opens.at_once})
    number = 0 if done.stored.revision == stored.revision else done.stored.revision
    return Outlook(changes, opens, letters, divisions, late_letters, number, _mark(done.effect, opens, on))


def _mark(done: Effect, opens: UpcomingWork, on: date | None) -> str:
    seen = sorted(item.id for item in (*opens.at_once, *opens.first, *done.cancelled, *done.staying, *done.rehomed))
    seen += sorted(f"{change.before.id} {change.due_on}" for change in (*done.replanned, *done.reopened))
    return hashlib.sha256("\n".join([str(on), *seen]).encode()).hexdigest()


@router.get("/activate")
def confirm(
    request: Request, visit: Looking, year: int, revision: int, since: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """What would open at once and next; nothing is stored."""
    return _confirm(request, visit, year, revision, since)


def _confirm(
    request: Request,
    visit: Visit,
    year: int,
    revision: int,
    since: str,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
) -> Response:
    outlook, held = None, {**faults}
    with visit.system.desk(visit.office) as desk:  # never committed: it is only a look
        stored = revision_of(desk, year, revision)
        base = next((p for p in desk.plans if p.plan.fiscal_year_be == year), None)
        try:
            outlook = _activated(desk, stored, visit, day_of(since) if since.strip() else None)
        except BadInputError as error:
            held, status = {"since": sentence_of(error, language_of(request))}, 422
    return render(
        request, "plans/activate.html", status=status, visit=visit, stored=stored, outlook=outlook, base=base,
        here=f"/admin/plans/{year}/{revision}", since=since, faults=held, labels=labels,
    )  # fmt: skip


@router.post("/activate")
def confirmed(
    request: Request, visit: Acting, year: int, revision: int, since: Short = "", seen: Short = "", late: Short = ""
) -> Response:
    """Put the plan into force as it was shown, then have its measures scheduled."""
    faults: dict[str, str] = {}
    try:
        with changing_alone(visit) as desk:
            stored = revision_of(desk, year, revision)
            on = day_of(since) if since.strip() else None
            outlook = _activated(desk, stored, visit, on, accepts_past=late == "yes")
            if outlook.mark != seen:
                faults["seen"] = "มีการเปลี่ยนแปลงระหว่างนั้น โปรดดูผลใหม่แล้วยืนยันอีกครั้ง ยังไม่ได้เริ่มใช้"
            if not faults:
                commit_and_replan(visit, desk)
    except PastQuartersError:
        faults["late"] = "โปรดยืนยันว่าเข้าใจว่างานของไตรมาสที่ผ่านมาจะเปิดทันที"
    except BadInputError as error:
        faults["since"] = sentence_of(error, language_of(request))
    if faults:
        status = 409 if "seen" in faults else 422
        return _confirm(request, visit, year, revision, since, status=status, faults=faults)
    number = outlook.again or revision
    return RedirectResponse(f"/admin/plans/{year}/{number}?done=activated", status_code=303)

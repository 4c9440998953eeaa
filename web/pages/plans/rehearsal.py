"""The rehearsal of a stored plan: every letter, the load of each person, what if a division or a decider is idle."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError, SucharitError
from services.calendar import workdays_of
from services.desk import Desk
from services.planning.plans import check_divisions
from services.rehearsal.rehearse_apart import EscalationToPerson, Job, Played, mark_of, rehearse_apart
from storage.drafts import Trial
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.plans import labels
from web.pages.plans.calendar import STEPS, WEEKDAYS, months
from web.pages.plans.review import Fields, texts_of
from web.pages.plans.revision import revision_of
from web.view.failures import sentence_of, status_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/plans/{year:few}/{revision:few}/rehearsal")

Mark = Annotated[str, Query(max_length=64)]

KEPT: Final = 6
"""Results of one plan that are kept, the newest."""


@router.get("")
def show(request: Request, visit: Looking, year: int, revision: int, trial: Mark = "") -> Response:
    """The rehearsal asked for, or the newest; the form for another one."""
    return _page(request, visit, year, revision, trial=trial)


def _page(
    request: Request, visit: Visit, year: int, revision: int, *, trial: str = "", status: int = 200, fault: str = ""
) -> Response:
    with visit.reading() as desk:
        stored = revision_of(desk, year, revision)
        trials = desk.uow.plan_trials.of(year, revision)
        shown = _chosen(trials, trial)
        played = Played.model_validate_json(shown.result) if shown else None
        span = stored.plan.fiscal_year
        workdays = workdays_of(desk.office.settings, desk.uow.holidays.all(), span.start.year, span.end.year + 1)
        return render(
            request,
            "plans/rehearsal.html",
            status=status,
            visit=visit,
            stored=stored,
            here=f"/admin/plans/{year}/{revision}",
            trials=[(trial, _idle(desk, Played.model_validate_json(trial.result))) for trial in trials],
            shown=shown,
            played=played,
            idle=_idle(desk, played) if played else ([], []),
            months=months(played, workdays) if played else [],
            weekdays=WEEKDAYS,
            shades=range(1, STEPS + 1),
            divisions=desk.people.divisions,
            fault=fault,
            labels=labels,
        )


def _chosen(trials: list[Trial], mark: str) -> Trial | None:
    if mark and mark not in {trial.silent for trial in trials}:
        raise NotFoundError(what="rehearsal", what_thai="ผลการซ้อม", key=mark[:12], remedy="", remedy_thai="")
    return next((trial for trial in trials if not mark or trial.silent == mark), None)


def _idle(desk: Desk, played: Played) -> tuple[list[str], list[str]]:
    """Names of the divisions that were silent, and of those on whose results nobody decided."""
    silent, undecided = ([*map(desk.division_name, keys)] for keys in (played.silent, played.undecided))
    return silent, undecided


@router.get("/{table}.csv")
def download(visit: Looking, year: int, revision: int, table: str, trial: Mark = "") -> Response:
    """A table of the rehearsal for a spreadsheet: `days`, `load`, `escalations` or `reminders-to-decide`."""
    with visit.reading() as desk:
        revision_of(desk, year, revision)
        shown = _chosen(desk.uow.plan_trials.of(year, revision), trial)
    if shown is None or table not in _TABLES:
        raise NotFoundError(what="table", what_thai="ตาราง", key=table[:40], remedy="", remedy_thai="")
    head, rows = _TABLES[table]
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows(Played.model_validate_json(shown.result))])
    headers = {"content-disposition": f'attachment; filename="rehearsal-{year}-{revision}-{table}.csv"'}
    content = "\ufeff" + text.getvalue()  # the mark lets Excel read Thai
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _plain(text: str) -> str:
    """Words that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _told(told: Iterable[EscalationToPerson]) -> Iterator[tuple[object, ...]]:
    return ((each.on, _plain(each.person), _plain(each.division), each.assignments) for each in told)


_TOLD_HEAD: Final = ("on", "person", "division", "assignments")
_TABLES: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Played], Iterable[tuple[object, ...]]]]]] = {
    "days": (("on", "letters"), lambda played: ((day.on, day.letters) for day in played.days)),
    "load": (
        ("person", "letters", "most_a_day", "fullest_day"),
        lambda played: ((_plain(o.person), o.letters, o.most_a_day, o.fullest_day) for o in played.loads),
    ),
    "escalations": (_TOLD_HEAD, lambda played: _told(played.escalations)),
    "reminders-to-decide": (_TOLD_HEAD, lambda played: _told(played.reminders_to_decide)),
}
"""By name: the head, with the names the command line gives its columns, and the rows."""


@router.post("")
def rehearse(request: Request, visit: Acting, year: int, revision: int, form: Fields) -> Response:
    """Play the year outside any transaction, then keep what came of it."""
    with visit.reading() as desk:
        plan = revision_of(desk, year, revision).plan
        keys = {division.key for division in desk.people.divisions}
        silent, undecided = ([key for key in texts_of(form, name) if key in keys] for name in ("silent", "undecided"))
        job = Job.of(plan, desk.office, desk.people, desk.uow.holidays.all(), silent, undecided)
        fault = _obstacle(desk, job, language_of(request))
    if fault:
        return _page(request, visit, year, revision, status=422, fault=fault)
    try:
        played = rehearse_apart(job)
    except SucharitError as error:
        sentence = sentence_of(error, language_of(request))
        return _page(request, visit, year, revision, status=status_of(error), fault=sentence)
    mark = mark_of(silent, undecided)
    trial = Trial(year, revision, mark, played.model_dump_json(by_alias=True), visit.now, visit.person)
    with visit.changing() as desk:
        desk.uow.plan_trials.put(trial, most=KEPT)
        desk.uow.commit()
    return RedirectResponse(f"/admin/plans/{year}/{revision}/rehearsal?trial={trial.silent}", status_code=303)


def _obstacle(desk: Desk, job: Job, language: str) -> str:
    try:
        check_divisions(job.plan, desk.people, desk)
    except SucharitError as error:
        return sentence_of(error, language)
    return ""

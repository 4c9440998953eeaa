"""ดูแลระบบ: health, schedules, outbox and ledger, for whoever holds the administrator's post."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError, SucharitError
from domain.moments import Moment
from domain.outbox import Letter, LetterState
from domain.plan import Measure
from services import resend
from services.audit import examine_ledger
from services.desk import Desk
from services.doctor import examine
from services.record import CLOCK
from services.schedule import MeasureKey, check_in_force, moments_of
from services.scheduler import DeploymentView
from services.wake import DEAF
from web.door import Posting, Visit, Visiting
from web.failures import sentence_of
from web.pages import administration_words as words
from web.pages.people import check_administrator
from web.render import language_of, render

router = APIRouter(prefix="/admin")

MOMENTS_SHOWN: Final = 3
LETTERS_SHOWN: Final = 200
LINES_SHOWN: Final = 200
PATIENCE_S: Final = 5
"""How long a page waits for a run started by hand, so that it is usually there with its result."""

_KEY_IN_ADDRESS: Final = re.compile(r"(/link/)[^\s<>\"]+")


def _refuse_others(visit: Visit) -> Visit:
    with visit.reading() as desk:
        check_administrator(visit, desk)
    return visit


def administrator(visit: Visiting) -> Visit:
    """The visit of an administrator.

    Raises:
        NotForYouError: The visitor does not hold the post today.
    """
    return _refuse_others(visit)


def administrator_acting(visit: Posting) -> Visit:
    """The visit of an administrator who sent one of our forms.

    Raises:
        NotForYouError: The visitor does not hold the post today.
    """
    return _refuse_others(visit)


Looking = Annotated[Visit, Depends(administrator)]
Acting = Annotated[Visit, Depends(administrator_acting)]


@router.get("")
def overview(request: Request, visit: Looking) -> Response:
    """Health and the outbox at a glance."""
    checks = list(examine(visit.system, visit.office))
    with visit.reading() as desk:
        counts = desk.uow.letters.counts()
    return render(request, "admin_overview.html", visit=visit, checks=checks, counts=counts, words=words)


@dataclass(frozen=True, slots=True)
class Row:
    """A measure in force: its next moments, and what the clockwork knows of it, if it answers and does."""

    key: MeasureKey
    measure: Measure
    coming: tuple[Moment, ...]
    view: DeploymentView | None = None

    @property
    def mark(self) -> str:
        """Its name on the page."""
        return _mark(self.key)

    def is_planned(self, moment: Moment) -> bool:
        """The clockwork will run at the moment."""
        planned = self.view.next_runs if self.view else ()
        return moment.at.timestamp() in {at.timestamp() for at in planned}


def _mark(key: MeasureKey) -> str:
    return f"y{key.fiscal_year_be}-{key.measure}"


@router.get("/schedule")
def schedule(
    request: Request,
    visit: Looking,
    done: Annotated[str, Query(max_length=10)] = "",
    to: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Every measure in force; what the clockwork says is left out while it does not answer."""
    views, deaf = _views(visit, language_of(request))
    with visit.reading() as desk:
        rows = _rows(desk, visit.now, views)
    return render(
        request, "admin_schedule.html", visit=visit, rows=rows, deaf=deaf, done=done, to=to, words=words,
        runs_shown=MOMENTS_SHOWN,
    )  # fmt: skip


def _rows(desk: Desk, now: datetime, views: dict[str, DeploymentView]) -> list[Row]:
    found = []
    for stored in desk.plans:
        for measure in stored.plan.measures:
            key = MeasureKey(stored.plan.fiscal_year_be, desk.office.key, measure.key)
            coming = (moment for moment in moments_of(desk, key) if moment.at > now)
            found.append(Row(key, measure, tuple(islice(coming, MOMENTS_SHOWN)), views.get(key.deployment)))
    return found


def _views(visit: Visit, language: str) -> tuple[dict[str, DeploymentView], str]:
    """Deployments by name, and the sentence that says why there are none."""
    try:
        return {view.name: view for view in visit.system.scheduler.show()}, ""
    except DEAF as deaf:
        return {}, sentence_of(deaf, language)


@router.post("/schedule/{year}/{measure}/pause")
def pause(visit: Acting, year: int, measure: str) -> Response:
    """Stop a measure's flow; the daily sweep still repairs what it misses."""
    key = _key(visit, year, measure)
    visit.system.scheduler.pause(key.deployment)
    return _back_to(key, "paused")


@router.post("/schedule/{year}/{measure}/resume")
def resume(visit: Acting, year: int, measure: str) -> Response:
    """Let a measure's flow run at its moments again."""
    key = _key(visit, year, measure)
    visit.system.scheduler.resume(key.deployment)
    return _back_to(key, "resumed")


@router.post("/schedule/{year}/{measure}/run")
def run_now(visit: Acting, year: int, measure: str) -> Response:
    """Run a measure's flow at once."""
    key = _key(visit, year, measure)
    scheduler = visit.system.scheduler
    run = scheduler.wait(scheduler.run_now(key.deployment), PATIENCE_S)
    return _back_to(key, "run" if run.is_final else "queued")


def _key(visit: Visit, year: int, measure: str) -> MeasureKey:
    """A measure of the visitor's own office, whatever the address says."""
    with visit.reading() as desk:
        return check_in_force(desk, MeasureKey(year, visit.office, measure))


def _back_to(key: MeasureKey, done: str) -> Response:
    mark = quote(_mark(key))
    return RedirectResponse(f"/admin/schedule?done={done}&to={mark}#{mark}", status_code=303)


@router.get("/outbox")
def outbox(
    request: Request,
    visit: Looking,
    state: Annotated[str, Query(max_length=20)] = "",
    again: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Letters in one state, newest first; without one, all that are not sent yet."""
    wanted = LetterState(state) if state in set(LetterState) else None
    with visit.reading() as desk:
        found = [one for one in desk.uow.letters.all(wanted) if wanted or one.state is not LetterState.SENT]
        names = {one.person: desk.person_name(one.person) for one in found}
        counts = desk.uow.letters.counts()
    return render(
        request, "admin_outbox.html", visit=visit, letters=found[::-1][:LETTERS_SHOWN], total=len(found), names=names,
        counts=counts, wanted=wanted, again=again, words=words,
    )  # fmt: skip


@router.get("/outbox/{letter_id}")
def letter(request: Request, visit: Looking, letter_id: str) -> Response:
    """One letter as it was written, without what would let its reader act for its recipient."""
    with visit.reading() as desk:
        found = _letter(desk, letter_id)
        name = desk.person_name(found.person)
    text = _KEY_IN_ADDRESS.sub(r"\1…", found.text)
    return render(
        request, "admin_letter.html", visit=visit, letter=found, name=name, text=text,
        is_hidden=text != found.text, words=words,
    )  # fmt: skip


def _letter(desk: Desk, letter_id: str) -> Letter:
    found = next((one for one in desk.uow.letters.all() if one.id == letter_id), None)
    if found is None:
        raise NotFoundError(what="letter", what_thai="จดหมาย", key=letter_id[:80], remedy="", remedy_thai="")
    return found


@router.post("/outbox/{letter_id}/resend")
def send_again(visit: Acting, letter_id: str) -> Response:
    """Put a parked letter, or `all` of them, back into the queue."""
    with visit.changing() as desk:
        again = resend.send_again(desk, letter_id, visit.now)
        desk.uow.commit()
    return RedirectResponse(f"/admin/outbox?again={again}", status_code=303)


@router.get("/ledger")
def ledger(request: Request, visit: Looking) -> Response:
    """The newest lines."""
    return _ledger(request, visit)


@router.post("/ledger/verify")
def verify(request: Request, visit: Acting) -> Response:
    """Compute the whole chain again and say what came of it."""
    with visit.reading() as desk:
        count, broken = examine_ledger(desk.uow)
        last = desk.uow.ledger.head()[1]
    return _ledger(request, visit, verified=(count, last), broken=broken)


def _ledger(
    request: Request, visit: Visit, *, verified: tuple[int, str] | None = None, broken: SucharitError | None = None
) -> Response:
    with visit.reading() as desk:
        lines = list(deque(desk.uow.ledger.lines(), LINES_SHOWN))[::-1]
        names = {line.entry.actor: desk.person_name(line.entry.actor) for line in lines}
    fault = sentence_of(broken, language_of(request)) if broken else ""
    return render(
        request, "admin_ledger.html", visit=visit, lines=lines, names=names, verified=verified, fault=fault,
        clock=CLOCK, words=words,
    )  # fmt: skip

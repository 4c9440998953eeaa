"""สมุดบันทึก: every line of what happened, and the check of the whole chain."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.errors import NotFoundError, SucharitError
from domain.ledger import LedgerLine
from domain.thai import thai_digits
from services.desk import Desk
from services.operations.audit import examine_ledger
from services.operations.mend_clock import mends_of, span_of
from services.record import CLOCK
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view import labels
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin")

LINES_SHOWN: Final = 50
LAST_LINE: Final = 2_000_000_000
"""Number that no ledger reaches, and that every database can look for."""


@router.get("/ledger")
def ledger(request: Request, visit: Looking, upto: Annotated[int | None, Query(ge=1, le=LAST_LINE)] = None) -> Response:
    """The newest lines, or those up to one."""
    return _ledger(request, visit, upto=upto)


@router.post("/ledger/verify")
def verify(request: Request, visit: Acting) -> Response:
    """Compute the whole chain again and say what came of it."""
    with visit.reading() as desk:
        count, broken = examine_ledger(desk.uow)
        last = desk.uow.ledger.head()[1]
        mends = mends_of(desk.uow)
    return _ledger(request, visit, verified=(count, last), broken=broken, mends=mends)


def _subject(desk: Desk, line: LedgerLine) -> str:
    """Whom or what a line is about, as people call it; its key, where it has no name."""
    key = line.entry.subject
    if line.entry.kind.startswith("assignment."):
        with suppress(NotFoundError):
            assignment = desk.uow.assignments.get(key)
            wording = desk.wording(assignment.fiscal_year_be, assignment.measure_key, assignment.step_key)
            measure = f"มาตรการที่ {thai_digits(str(wording[0].number))} " if wording else ""
            return f"{measure}{desk.division_name(assignment.division)} {assignment.period.label}"
    person, division = desk.people.person(key), desk.people.division(key)
    post = next((post for post in desk.people.posts if post.key == key), None)
    return person.name if person else division.name if division else post.title if post else key


def _ledger(
    request: Request,
    visit: Visit,
    *,
    verified: tuple[int, str] | None = None,
    broken: SucharitError | None = None,
    upto: int | None = None,
    mends: Sequence[LedgerLine] = (),
) -> Response:
    with visit.reading() as desk:
        newest = desk.uow.ledger.head()[0]
        before = max(0, (newest if upto is None else upto) - LINES_SHOWN)
        lines = [line for line in desk.uow.ledger.after(before, LINES_SHOWN) if upto is None or line.seq <= upto][::-1]
        names = {line.entry.actor: desk.person_name(line.entry.actor) for line in (*lines, *mends)}
        subjects = {line.entry.subject: _subject(desk, line) for line in lines}
    fault = sentence_of(broken, language_of(request)) if broken else ""
    return render(
        request, "admin/ledger.html", visit=visit, lines=lines, names=names, subjects=subjects, verified=verified,
        fault=fault, clock=CLOCK, labels=labels, before=before, upto=upto, mends=mends, span=span_of,
    )  # fmt: skip

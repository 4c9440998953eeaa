"""ดูแลระบบ: health, outbox and ledger, for whoever holds the administrator's post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError, SucharitError
from domain.ledger import LedgerLine
from domain.outbox import Letter, LetterState
from domain.thai import thai_digits
from services import clock
from services.desk import Desk
from services.operations.audit import audit, examine_ledger
from services.operations.doctor import examine
from services.operations.mend_clock import mends_of, span_of
from services.outbox import resend
from services.record import CLOCK
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view import labels as words
from web.view.address import Address, number_of
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin")

LETTERS_SHOWN: Final = 30
LINES_SHOWN: Final = 50
LAST_LINE: Final = 2_000_000_000
"""Number that no ledger reaches, and that every database can look for."""

_KEY_IN_ADDRESS: Final = re.compile(r"(/link/)[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A page of letters; `number` counts from 1."""

    cards: tuple[Letter, ...]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page, 1 also where there is nothing."""
        return max(1, -(-self.total // LETTERS_SHOWN))

    @property
    def first_place(self) -> int:
        """Place of the first letter in the whole list, counted from 1."""
        return (self.number - 1) * LETTERS_SHOWN + 1


@router.get("")
def overview(request: Request, visit: Looking) -> Response:
    """Health and the outbox at a glance."""
    checks = list(examine(visit.system, visit.office))
    with visit.reading() as desk:
        counts, is_demo, stays = desk.uow.letters.counts(), desk.office.is_demo, _stays(visit, desk)
        is_asked = clock.is_asked(desk.uow, visit.now)
    return render(
        request, "admin/health.html", visit=visit, checks=checks, counts=counts, is_demo=is_demo, stays=stays,
        words=words, is_asked=is_asked,
    )  # fmt: skip


@router.post("/clock")
def confirm_clock(visit: Acting) -> Response:
    """Take the administrator's word that the clock is right after a long pause."""
    with visit.system.desk(visit.office) as desk:  # `changing` would ask for the very word that is given here
        clock.confirm(desk.uow, visit.now, by=visit.person)
        desk.uow.commit()
    return RedirectResponse("/admin", status_code=303)


@router.get("/outbox")
def outbox(
    request: Request,
    visit: Looking,
    state: Annotated[str, Query(max_length=20)] = "",
    again: Annotated[int, Query(ge=0)] = 0,
    page: Annotated[str, Query(max_length=6)] = "",
) -> Response:
    """Letters in one state, newest first; without one, all that are not sent yet."""
    wanted = LetterState(state) if state in set(LetterState) else None
    with visit.reading() as desk:
        found = [one for one in desk.uow.letters.all(wanted) if wanted or one.state is not LetterState.SENT]
        part = _part(found[::-1], number_of(page) or 1)
        names = {one.person: desk.person_name(one.person) for one in part.cards}
        counts, stays = desk.uow.letters.counts(), _stays(visit, desk)
    return render(
        request, "admin/outbox.html", visit=visit, part=part, names=names, counts=counts, wanted=wanted,
        again=again, words=words, stays=stays, address=Address("/admin/outbox", {"state": wanted or ""}),
    )  # fmt: skip


def _part(letters: list[Letter], number: int) -> Part:
    """The page of a number, or the last one there is."""
    number = min(number, Part((), 1, len(letters)).last)
    first = (number - 1) * LETTERS_SHOWN
    return Part(tuple(letters[first : first + LETTERS_SHOWN]), number, len(letters))


def _stays(visit: Visit, desk: Desk) -> bool:
    """Whether the office's letters stay on this machine, whatever their state says."""
    return desk.office.is_demo or not visit.system.settings.smtp_host


@router.get("/outbox/{letter_id}")
def letter(request: Request, visit: Looking, letter_id: str) -> Response:
    """One letter as it was written, without what would let its reader act for its recipient."""
    with visit.reading() as desk:
        found = _letter(desk, letter_id)
        name = desk.person_name(found.person)
    text = _KEY_IN_ADDRESS.sub(r"\1…", found.text)
    return render(
        request, "admin/letter.html", visit=visit, letter=found, name=name, text=text,
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
        again = resend.send_again(desk, letter_id, by=visit.person, at=visit.now)
        desk.uow.commit()
    return RedirectResponse(f"/admin/outbox?again={again}", status_code=303)


@router.get("/audit")
def compare(request: Request, visit: Looking) -> Response:
    """What should have happened by now, computed again from the plan, against what is recorded."""
    with visit.reading() as desk:
        found = audit(desk, visit.now)
    return render(request, "admin/audit.html", visit=visit, found=found)


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
            found = desk.uow.assignments.get(key)
            wording = desk.wording(found.fiscal_year_be, found.measure_key, found.step_key)
            measure = f"มาตรการที่ {thai_digits(str(wording[0].number))} " if wording else ""
            return f"{measure}{desk.division_name(found.division)} {found.period.label}"
    person, division = desk.people.person(key), desk.people.division(key)
    post = next((one for one in desk.people.posts if one.key == key), None)
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
        lines = [one for one in desk.uow.ledger.after(before, LINES_SHOWN) if upto is None or one.seq <= upto][::-1]
        names = {line.entry.actor: desk.person_name(line.entry.actor) for line in (*lines, *mends)}
        subjects = {line.entry.subject: _subject(desk, line) for line in lines}
    fault = sentence_of(broken, language_of(request)) if broken else ""
    return render(
        request, "admin/ledger.html", visit=visit, lines=lines, names=names, subjects=subjects, verified=verified,
        fault=fault, clock=CLOCK, words=words, before=before, upto=upto, mends=mends, span=span_of,
    )  # fmt: skip

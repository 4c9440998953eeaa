"""จดหมาย: what waits to be sent, what is parked and why, each letter as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError
from domain.outbox import OVER, Letter, LetterState
from services.desk import Desk
from services.outbox import resend
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view import labels
from web.view.address import Address, number_of
from web.view.render import render

router = APIRouter(prefix="/admin")

LETTERS_SHOWN: Final = 30

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
        letters = [entry for entry in desk.uow.letters.all(wanted) if wanted or entry.state not in OVER]
        part = _part(letters[::-1], number_of(page) or 1)
        names = {card.person: desk.person_name(card.person) for card in part.cards}
        counts, is_local = desk.uow.letters.counts(), stays(visit, desk)
        standstill = desk.uow.letters.standstill()
    return render(
        request, "admin/outbox.html", visit=visit, part=part, names=names, counts=counts, wanted=wanted,
        standstill=standstill, again=again, labels=labels, stays=is_local,
        address=Address("/admin/outbox", {"state": wanted or ""}),
    )  # fmt: skip


def _part(letters: list[Letter], number: int) -> Part:
    """The page of a number, or the last one there is."""
    number = min(number, Part((), 1, len(letters)).last)
    first = (number - 1) * LETTERS_SHOWN
    return Part(tuple(letters[first : first + LETTERS_SHOWN]), number, len(letters))


def stays(visit: Visit, desk: Desk) -> bool:
    """Whether the office's letters stay on this machine, whatever their state says."""
    return desk.office.is_demo or not visit.system.settings.smtp_host


@router.get("/outbox/{letter_id}")
def letter(request: Request, visit: Looking, letter_id: str) -> Response:
    """One letter as it was written, without what would let its reader act for its recipient."""
    with visit.reading() as desk:
        entry = _letter(desk, letter_id)
        name = desk.person_name(entry.person)
    text = _KEY_IN_ADDRESS.sub(r"\1…", entry.text)
    return render(
        request, "admin/letter.html", visit=visit, letter=entry, name=name, text=text,
        is_hidden=text != entry.text, labels=labels,
    )  # fmt: skip


def _letter(desk: Desk, letter_id: str) -> Letter:
    entry = next((entry for entry in desk.uow.letters.all() if entry.id == letter_id), None)
    if entry is None:
        raise NotFoundError(what="letter", what_thai="จดหมาย", key=letter_id[:80], remedy="", remedy_thai="")
    return entry


@router.post("/outbox/{letter_id}/resend")
def send_again(visit: Acting, letter_id: str) -> Response:
    """Put a parked letter, or `all` of them, back into the queue."""
    with visit.changing() as desk:
        again = resend.send_again(desk, letter_id, by=visit.person, now=visit.now)
        desk.uow.commit()
    return RedirectResponse(f"/admin/outbox?again={again}", status_code=303)

"""ข้อความในจดหมาย: what the office says in its own words, seen on a sample before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.assignment import StaleError
from domain.errors import NotFoundError
from notifications.message import Rendered, standard_words
from notifications.own_words import LONGEST, NAMES, ONE_LINE, PARTS, Part
from services.outbox import wording as letter_words
from services.outbox.wording import Checked, OwnAddressMissingError
from storage.wordings import Wording
from web.changes import changing_alone
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view import labels
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/letters")

Long = Annotated[str, Form()]  # each part says itself how long it may be

PAPER_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'; base-uri 'none'"
"""A letter's HTML has its styles in its tags, as mail programs want it: shown alone, without script, forms or links."""
_NOTHING: Final[Mapping[str, str]] = {}


def _typed(
    subject: Long = "",
    heading: Long = "",
    ask: Long = "",
    stop: Long = "",
    opening: Long = "",
    closing: Long = "",
    signature: Long = "",
) -> dict[Part, str]:
    """What the form holds; a message uses those parts that it has."""
    texts = (subject, heading, ask, stop, opening, closing, signature)
    return dict(zip(Part, texts, strict=True))


Typed = Annotated[dict[Part, str], Depends(_typed)]
Version = Annotated[int, Form(ge=0)]
Act = Annotated[str, Form(max_length=10)]


@router.get("")
def every(request: Request, visit: Looking) -> Response:
    """Messages, and which of them the office words itself."""
    with visit.reading() as desk:
        own = desk.uow.wordings.all()
        names = {wording.changed_by: desk.person_name(wording.changed_by) for wording in own.values()}
    return render(request, "admin/wording.html", visit=visit, own=own, names=names, labels=labels)


@router.get("/{message}")
def show(request: Request, visit: Looking, message: str, said: Annotated[str, Query(max_length=10)] = "") -> Response:
    """One message: its parts as they are said now, with the letter they make."""
    _check(message)
    with visit.reading() as desk:
        stored = desk.uow.wordings.all().get(message, Wording(message))
    standard = standard_words()[message]
    typed = {part: stored.parts.get(part, standard.get(part, "")) for part in PARTS[message]}
    return _page(request, visit, message, typed, stored.version, outcome=said)


@router.post("/{message}")
def fill_in(
    request: Request, visit: Acting, message: str, filled: Typed, version: Version = 0, act: Act = "look"
) -> Response:
    """Look at the letter, see it as its reader does, try it on oneself, keep it, or go back to the standard."""
    _check(message)
    typed = {part: filled[part] for part in PARTS[message]}
    verdict = letter_words.checked(message, {} if act == "standard" else typed)
    if verdict.faults:
        faults = {part.value: sentence_of(fault, language_of(request)) for part, fault in verdict.faults.items()}
        return _page(request, visit, message, typed, version, status=422, faults=faults)
    if act == "paper":
        return HTMLResponse(_drawn(visit, message, verdict).html, headers={"content-security-policy": PAPER_POLICY})
    if act == "try":
        return _try(request, visit, message, typed, verdict, version)
    if act in {"save", "standard"}:
        return _keep(request, visit, message, typed, verdict, version)
    return _page(request, visit, message, typed, version)


def _check(message: str) -> None:
    if message not in PARTS:
        raise NotFoundError(
            what="message", what_thai="จดหมาย", key=message[:80], remedy="Go back to the list.",
            remedy_thai="โปรดกลับไปที่รายการ",
        )  # fmt: skip


def _drawn(visit: Visit, message: str, verdict: Checked) -> Rendered:
    with visit.reading() as desk:
        sample = letter_words.sample(desk, message, visit.person, visit.now, visit.system.settings.address)
        return letter_words.drafted(desk, message, verdict.parts, sample)


def _try(
    request: Request, visit: Visit, message: str, typed: Mapping[Part, str], verdict: Checked, version: int
) -> Response:
    """Into the outbox with it, as every other letter; it leaves at once, for its reader waits for it."""
    drawn = _drawn(visit, message, verdict)
    try:
        with visit.changing() as desk:
            domain = visit.system.mail_domain
            letter = letter_words.send_test(desk, drawn, message, visit.person, visit.now, domain=domain)
            with visit.system.send_at_once.after(desk.uow, letter.id):
                desk.uow.commit()
    except OwnAddressMissingError as error:
        faults = {"try": sentence_of(error, language_of(request))}
        return _page(request, visit, message, typed, version, status=422, faults=faults)
    return _page(request, visit, message, typed, version, outcome="tried")


def _keep(
    request: Request, visit: Visit, message: str, typed: Mapping[Part, str], verdict: Checked, version: int
) -> Response:
    try:
        with changing_alone(visit) as desk:
            letter_words.save(desk, message, verdict.parts, version, by=visit.person, now=visit.now)
            desk.uow.commit()
    except StaleError:
        with visit.reading() as desk:
            newest = desk.uow.wordings.all().get(message, Wording(message)).version
        return _page(request, visit, message, typed, newest, status=409, outcome="stale")
    outcome = "saved" if verdict.parts else "standard"
    return RedirectResponse(f"/admin/letters/{quote(message)}?said={outcome}", status_code=303)


def _page(
    request: Request,
    visit: Visit,
    message: str,
    typed: Mapping[Part, str],
    version: int,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    outcome: str = "",
) -> Response:
    verdict = letter_words.checked(message, typed)
    drawn = None if verdict.faults else _drawn(visit, message, verdict)
    return render(
        request, "admin/message.html", status=status, visit=visit, message=message, typed=typed, version=version,
        faults=faults, outcome=outcome, drawn=drawn, standard=standard_words()[message], names=NAMES, one_line=ONE_LINE,
        longest=LONGEST, is_own=bool(verdict.parts), labels=labels,
    )  # fmt: skip

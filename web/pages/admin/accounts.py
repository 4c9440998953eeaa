"""บัญชีผู้ใช้: who may sign in, for the administrator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError
from domain.rights import Right
from notifications.faults import DeliveryError
from services.access import accounts
from services.access.sign_in import end_session_by_id, sessions_of
from services.desk import Desk
from storage.accounts import Account
from storage.errors import AlreadyThereError
from web.door.form import Posting
from web.door.rights import check
from web.door.visit import Visit, Visiting
from web.view.failures import sentence_of
from web.view.form_state import BLANK, Refused
from web.view.render import language_of, render

router = APIRouter()

Short = Annotated[str, Form(max_length=300)]


@dataclass(frozen=True, slots=True)
class Row:
    """A person with their account, if any; one who left the office may still have an account."""

    person: str
    name: str
    email: str
    account: Account | None


def _rows(desk: Desk) -> list[Row]:
    made = {account.person: account for account in desk.uow.accounts.all()}
    rows = [Row(p.key, p.name, p.email or "", made.pop(p.key, None)) for p in desk.people.persons]
    return [*rows, *(Row(key, key, account.email, account) for key, account in made.items())]


def _row(desk: Desk, person: str) -> Row:
    row = next((row for row in _rows(desk) if row.person == person), None)
    if row is None:
        raise NotFoundError(
            what="person", what_thai="บุคคล", key=person, remedy="Go back to the list.", remedy_thai="โปรดกลับไปที่รายการ"
        )
    return row


@router.get("/admin/accounts")
def everybody(request: Request, visit: Visiting) -> Response:
    """Every person, with or without an account."""
    with visit.reading() as desk:
        check(visit, desk, Right.ADMINISTER)
        rows = _rows(desk)
    return render(request, "admin/accounts.html", visit=visit, rows=rows)


@router.get("/admin/accounts/{person}")
def show(request: Request, visit: Visiting, person: str, done: Annotated[str, Query(max_length=10)] = "") -> Response:
    """One person's account: open it, close it, hand over a link, end a session."""
    return _page(request, visit, person, done=done)


def _page(
    request: Request,
    visit: Visit,
    person: str,
    refused: Refused = BLANK,
    *,
    link: str = "",
    done: str = "",
) -> Response:
    with visit.reading() as desk:
        check(visit, desk, Right.ADMINISTER)
        row = _row(desk, person)
    sessions = sessions_of(visit.system.store, visit.office, person, now=visit.now) if row.account else []
    return render(
        request,
        "admin/account.html",
        status=refused.status,
        visit=visit,
        row=row,
        sessions=sessions,
        faults=refused.faults,
        email=refused.typed.get("email", row.email),
        link=link,
        done=done,
    )


def _change(visit: Visit, act: Callable[[Desk], object]) -> None:
    """Make an administrator's change and commit it."""
    with visit.changing() as desk:
        check(visit, desk, Right.ADMINISTER)
        act(desk)
        desk.uow.commit()


def _back(person: str, done: str = "") -> Response:
    query = f"?done={done}" if done else ""
    return RedirectResponse(f"/admin/accounts/{quote(person)}{query}", status_code=303)


@router.post("/admin/accounts/{person}/open")
def open_account(request: Request, visit: Posting, person: str, email: Short = "") -> Response:
    """Let a person sign in, or open a closed account again."""
    try:
        _change(visit, lambda desk: _open(desk, visit, person, email))
    except accounts.NoAddressError:
        return _page(request, visit, person, Refused({"email": "โปรดกรอกอีเมล"}, {"email": email}))
    except (AlreadyThereError, DeliveryError) as error:  # an address that is taken, or that no letter may go to
        faults = {"email": sentence_of(error, language_of(request))}
        return _page(request, visit, person, Refused(faults, {"email": email}))
    return _back(person, "opened")


def _open(desk: Desk, visit: Visit, person: str, email: str) -> None:
    if desk.people.person(_row(desk, person).person) is None:
        raise NotFoundError(what="person", what_thai="บุคคล", key=person, remedy="", remedy_thai="พ้นจากหน่วยงานแล้ว")
    if not email.strip():
        raise accounts.NoAddressError(person=person)  # the form shows the person's own; an empty field is no consent
    accounts.make_account(desk, person, email, visit.now, visit.person)


@router.post("/admin/accounts/{person}/close")
def close(request: Request, visit: Posting, person: str) -> Response:
    """Sign a person out everywhere and let nobody in under their account."""
    try:
        _change(visit, lambda desk: accounts.close_account(desk, person, visit.now, visit.person))
    except accounts.OwnAccountError as error:
        faults = {"close": sentence_of(error, language_of(request))}
        return _page(request, visit, person, Refused(faults))
    return _back(person, "closed")


@router.post("/admin/accounts/{person}/link")
def make_link(request: Request, visit: Posting, person: str) -> Response:
    """A link with which the person sets a password: shown on this answer and nowhere else."""
    with visit.changing() as desk:
        check(visit, desk, Right.ADMINISTER)
        token = accounts.link_to_set_password(desk, person, visit.now, visit.person)
        desk.uow.commit()
    site = visit.system.settings.address  # never the one that the request names: the link opens an account
    return _page(request, visit, person, link=f"{site}/sign-in/link/{token}")


@router.post("/admin/accounts/{person}/end-session")
def end_session(visit: Posting, person: str, session: Short = "") -> Response:
    """Sign a person out of one browser."""
    _change(visit, lambda desk: end_session_by_id(desk, person, session, visit.now, visit.person))
    return _back(person)

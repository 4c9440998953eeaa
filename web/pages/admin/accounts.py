"""บัญชีผู้ใช้: who may sign in, and everybody's own account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError, NotFoundError
from domain.ledger import Entry
from notifications.faults import DeliveryError
from services.access import accounts
from services.access.sign_in import end_session_by_id, sessions_of
from services.desk import Desk
from services.office import posts
from storage.accounts import Account
from storage.errors import AlreadyThereError
from web.door.visit import Posting, Visit, Visiting, standing_of
from web.pages.admin.posts import check_administrator
from web.view.failures import sentence_of
from web.view.form_state import BLANK, Refused
from web.view.render import LANGUAGE_COOKIE, language_of, render

router = APIRouter()

Short = Annotated[str, Form(max_length=300)]

_YEAR_S: Final = 365 * 86400


class OwnAccountError(BadInputError):
    """An administrator would lock themselves out."""

    english = "This is your own account. Another administrator can disable it."
    thai = "บัญชีนี้เป็นของท่านเอง ต้องให้ผู้ดูแลระบบคนอื่นเป็นผู้ปิด"


@dataclass(frozen=True, slots=True)
class Row:
    """A person with their account, if any; one who left the office may still have an account."""

    person: str
    name: str
    email: str
    account: Account | None


def _rows(desk: Desk) -> list[Row]:
    made = {account.person: account for account in desk.uow.accounts.all()}
    found = [Row(p.key, p.name, p.email or "", made.pop(p.key, None)) for p in desk.people.persons]
    return [*found, *(Row(key, key, account.email, account) for key, account in made.items())]


def _row(desk: Desk, person: str) -> Row:
    found = next((row for row in _rows(desk) if row.person == person), None)
    if found is None:
        raise NotFoundError(
            what="person", what_thai="บุคคล", key=person, remedy="Go back to the list.", remedy_thai="โปรดกลับไปที่รายการ"
        )
    return found


@router.get("/admin/accounts")
def everybody(request: Request, visit: Visiting) -> Response:
    """Every person, with or without an account."""
    with visit.reading() as desk:
        check_administrator(visit, desk)
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
        check_administrator(visit, desk)
        row = _row(desk, person)
    sessions = sessions_of(visit.system.store, visit.office, person, at=visit.now) if row.account else []
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
        check_administrator(visit, desk)
        act(desk)
        desk.uow.commit()


def _back(person: str, done: str = "") -> Response:
    said = f"?done={done}" if done else ""
    return RedirectResponse(f"/admin/accounts/{quote(person)}{said}", status_code=303)


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
        _change(visit, lambda desk: _close(desk, visit, person))
    except OwnAccountError as error:
        faults = {"close": sentence_of(error, language_of(request))}
        return _page(request, visit, person, Refused(faults))
    return _back(person, "closed")


def _close(desk: Desk, visit: Visit, person: str) -> None:
    if person == visit.person:
        raise OwnAccountError
    accounts.disable_account(desk, person, visit.now, visit.person)


@router.post("/admin/accounts/{person}/link")
def make_link(request: Request, visit: Posting, person: str) -> Response:
    """A link with which the person sets a password: shown on this answer and nowhere else."""
    with visit.changing() as desk:
        check_administrator(visit, desk)
        token = accounts.link_to_set_password(desk, person, visit.now, visit.person)
        desk.uow.commit()
    site = visit.system.settings.address  # never the one that the request names: the link opens an account
    return _page(request, visit, person, link=f"{site}/sign-in/link/{token}")


@router.post("/admin/accounts/{person}/end-session")
def end_session(visit: Posting, person: str, session: Short = "") -> Response:
    """Sign a person out of one browser."""
    _change(visit, lambda desk: _end(desk, visit, person, session))
    return _back(person)


def _end(desk: Desk, visit: Visit, person: str, session: str) -> None:
    end_session_by_id(desk, person, session)
    desk.uow.ledger.note(Entry(visit.now, "account.session_ended", visit.person, person, {}))


@router.get("/account")
def own(request: Request, visit: Visiting, done: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Where I am signed in, my password, my language, and the posts for which I may name who acts."""
    with visit.reading() as desk:
        standing_of(visit, desk)  # the menu asks for it
        own_posts = posts.own_posts(desk.people, visit.person, desk.workdays.local_day(visit.now))
        name, account = desk.person_name(visit.person), desk.uow.accounts.get(visit.person)
    sessions = sessions_of(visit.system.store, visit.office, visit.person, at=visit.now)
    return render(
        request,
        "account/account.html",
        visit=visit,
        name=name,
        email=account.email if account else "",
        sessions=sessions,
        posts=own_posts,
        done=done,
    )


@router.post("/account/end-session")
def end_own_session(visit: Posting, session: Short = "") -> Response:
    """Sign out of another browser of mine, e.g. on a lost telephone."""
    with visit.changing() as desk:
        _end(desk, visit, visit.person, session)
        desk.uow.commit()
    return RedirectResponse("/account", status_code=303)


@router.post("/account/language")
def choose_language(visit: Posting, language: Short = "") -> Response:
    """Thai or English: kept with the account, and used in this browser at once."""
    with visit.changing() as desk:
        accounts.set_language(desk.uow, visit.person, language)
        desk.uow.commit()
    answer = RedirectResponse("/account", status_code=303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="lax")
    return answer

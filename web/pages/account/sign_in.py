"""Coming in and going out: password, one-time link, language, and the first page of each person."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from domain.errors import SucharitError
from services.access import sign_in as door
from services.access.own_password import OldPasswordError, asks_old, change_password
from services.access.send_link import send_sign_in_link
from services.overview import inbox
from web.door.form import Posting, from_here
from web.door.rights import roles_of
from web.door.visit import SESSION_COOKIE, Visit, Visiting, system_of, visit_if_any
from web.view.failures import sentence_of, status_of
from web.view.render import LANGUAGE_COOKIE, language_of, render

router = APIRouter()

_FROM_HERE: Final = [Depends(from_here)]
_YEAR_S: Final = 365 * 86400
_ENDED: Final = "ท่านออกจากระบบแล้ว โปรดเข้าสู่ระบบอีกครั้ง ระบบจะพากลับไปหน้าเดิม"
_NO_EMAIL: Final = "โปรดกรอกอีเมล"
_LINK_SENT: Final = "หากอีเมลนี้มีบัญชีอยู่ ระบบได้ส่งลิงก์ให้แล้ว โปรดเปิดอีเมลภายใน ๒๐ นาที"


def site_of(request: Request) -> str:
    """Where people reach the pages: as the installation says, else as this request did."""
    return system_of(request).settings.site or str(request.base_url).rstrip("/")


def here(back: str) -> str:
    """A path of ours to go back to; never another site's address."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"


def welcomed(request: Request, token: str, back: str) -> Response:
    """The page asked for, now that a session has begun."""
    answer = RedirectResponse(here(back), status_code=303)
    is_https = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    answer.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="lax", secure=is_https, path="/")
    return answer


@router.get("/")
def first_page(request: Request) -> Response:
    """To the work of whoever has signed in; others sign in."""
    visit = visit_if_any(request)
    if visit is None:
        return RedirectResponse("/sign-in", status_code=303)
    with visit.reading() as desk:
        roles = roles_of(visit, desk)
        waits = roles.is_supervisor and inbox.number_waiting(desk, roles.supervised, visit.now)
    is_reviewer = roles.is_supervisor and (waits or not roles.divisions)
    only_administers = roles.is_administrator and not roles.is_supervisor and not roles.divisions
    led = "/review" if is_reviewer else "/admin" if only_administers else "/inbox"
    return RedirectResponse(led, status_code=303)


@router.get("/sign-in")
def form(request: Request, back: str = "/", ended: str = "") -> Response:
    """The form; who was signed in before is told that they are no more."""
    return _form(request, faults={}, sentence=_ENDED if ended else "", email="", back=here(back))


@router.post("/sign-in", dependencies=_FROM_HERE)
def enter(
    request: Request,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in with a password."""
    system = system_of(request)
    agent = request.headers.get("user-agent", "")
    try:
        signed_in = door.sign_in(system.store, email, password, now=system.clock(), agent=agent)
    except SucharitError as error:
        faults = {"email": sentence_of(error, language_of(request))}
        return _form(request, status=status_of(error), faults=faults, sentence="", email=email, back=here(back))
    return welcomed(request, signed_in.token, back)


@router.post("/sign-in/link", dependencies=_FROM_HERE)
def ask_link(request: Request, link_email: Annotated[str, Form()] = "") -> Response:
    """Send a one-time link; the answer is the same, and comes as soon, whether there is an account or not.

    The link leads to the installation's own address: a request may name any host, and this link opens an account.
    """
    if "@" not in link_email:
        faults = {"link_email": _NO_EMAIL}
        return _form(request, status=422, faults=faults, sentence="", email="", link_email=link_email, back="/")
    system = system_of(request)
    answer = _form(request, faults={}, sentence=_LINK_SENT, email="", back="/")
    answer.background = BackgroundTask(
        send_sign_in_link,
        system.store,
        system.send_at_once,
        link_email,
        now=system.clock(),
        site=system.settings.address,
        domain=system.mail_domain,
    )
    return answer


def _form(request: Request, **values: Any) -> Response:
    system = system_of(request)
    provider = system.provider.label if system.provider else ""
    public = bool(system.store.offices_in_public())
    return render(request, "account/sign_in.html", provider=provider, public=public, **values)


@router.get("/sign-in/link/{token}")
def show_link(request: Request, token: str) -> Response:
    """A link in a mail only shows a button: mail programs open links by themselves."""
    return render(request, "account/use_link.html", token=token)


@router.post("/sign-in/link/{token}", dependencies=_FROM_HERE)
def use_link(request: Request, token: str) -> Response:
    """Sign in by a one-time link."""
    system = system_of(request)
    agent = request.headers.get("user-agent", "")
    signed_in = door.use_link(system.store, token, now=system.clock(), agent=agent)
    return welcomed(request, signed_in.token, "/account/password")


@router.get("/account/password")
def password_form(request: Request, visit: Visiting) -> Response:
    """The form for a new password."""
    return _password(request, visit, {})


def _password(request: Request, visit: Visit, faults: dict[str, str]) -> Response:
    with visit.reading() as desk:
        roles_of(visit, desk)  # the menu asks for it
        account = desk.uow.accounts.get(visit.person)
    email = account.email if account else ""
    asks = asks_old(visit.system.store, visit.session, visit.now)
    return render(
        request,
        "account/password.html",
        status=422 if faults else 200,
        visit=visit,
        faults=faults,
        email=email,
        asks_old=asks,
    )


@router.post("/account/password")
def set_password(
    request: Request, visit: Posting, new: Annotated[str, Form()] = "", old: Annotated[str, Form()] = ""
) -> Response:
    """Set a password; sessions elsewhere and tokens end."""
    store = visit.system.store
    try:
        change_password(store, visit.session, new, visit.now, old=old)
    except SucharitError as error:
        field = "old" if isinstance(error, (OldPasswordError, door.SignInLockedError)) else "new"
        return _password(request, visit, {field: sentence_of(error, language_of(request))})
    return RedirectResponse("/account?done=password", status_code=303)


@router.post("/sign-out")
def leave(request: Request, visit: Posting) -> Response:
    """End the session."""
    door.end_session(visit.system.store, request.cookies[SESSION_COOKIE])
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.post("/language")
def switch_language(language: Annotated[str, Form()] = "th", back: Annotated[str, Form()] = "/") -> Response:
    """Thai or English, kept in this browser."""
    answer = RedirectResponse(here(back), status_code=303)
    answer.set_cookie(LANGUAGE_COOKIE, "en" if language == "en" else "th", max_age=_YEAR_S, samesite="lax")
    return answer

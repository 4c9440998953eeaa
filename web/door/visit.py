"""Who is at the door: the signed-in visit, its desk, and the check that a form was ours."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Final, cast
from urllib.parse import quote

from fastapi import Depends, Form, Request
from starlette.datastructures import URL

from domain.errors import SucharitError
from domain.people import SUPERVISORS, Level, People
from services import clock
from services.access.links import LinkForeignError, read_link
from services.access.sign_in import Session, session_of
from services.desk import Desk
from services.wiring import System

SESSION_COOKIE: Final = "sucharit_session"


class SignInNeededError(SucharitError):
    """The page is for people who have signed in."""

    english = "Sign in first."
    thai = "โปรดเข้าสู่ระบบก่อน"

    def __init__(self, back: str = "/", *, has_ended: bool = False) -> None:
        """Remember the page to go back to, and whether a session was there before."""
        super().__init__()
        self.back = back
        self.has_ended = has_ended


class ForgedFormError(SucharitError):
    """A form that this session did not get from us, or whose session has ended."""

    english = "This form is no longer valid. Go back, load the page again and repeat."
    thai = "แบบฟอร์มนี้ใช้ไม่ได้แล้ว โปรดย้อนกลับ เปิดหน้าใหม่ แล้วทำรายการอีกครั้ง"


class NotForYouError(SucharitError):
    """A page for people with another post."""

    english = "This page is for {who}. If it should be yours, ask the administrator for the post."
    thai = "หน้านี้สำหรับ{who_thai} หากควรเป็นของท่าน โปรดแจ้งผู้ดูแลระบบให้กำหนดตำแหน่ง"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in the office on a day: for which divisions at which levels."""

    divisions: tuple[str, ...]
    supervised: tuple[str, ...]
    is_administrator: bool
    is_over_all: bool

    @property
    def is_supervisor(self) -> bool:
        """Somebody's results come to them."""
        return bool(self.supervised)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a person; `now` is read once. `is_link` where a letter's link opened it: for one assignment."""

    system: System
    session: Session
    now: datetime
    is_link: bool = False
    known: dict[str, Standing] = field(default_factory=dict, compare=False)

    @property
    def office(self) -> str:
        """Key of the office whose rows this visit can see."""
        return self.session.office

    @property
    def person(self) -> str:
        """Key of the person."""
        return self.session.person

    def reading(self) -> AbstractContextManager[Desk]:
        """The office to look at."""
        return self.system.reading(self.office)

    @contextmanager
    def changing(self) -> Iterator[Desk]:
        """The office for a change, which the handler commits.

        Raises:
            ClockBehindError, ClockAheadError: This machine's clock does not fit the ledger.
        """
        with self.system.desk(self.office) as desk:
            clock.check(desk.uow, self.now)
            yield desk


def standing_of(visit: Visit, desk: Desk) -> Standing:
    """What the visitor is today; heads belong to their division and supervise it. The menu shows what it allows."""
    found = standing(desk.people, visit.person, desk.workdays.local_day(visit.now))
    visit.known["standing"] = found
    return found


def check_sees(visit: Visit, desk: Desk, division: str) -> Standing:
    """What the visitor is, if the work of a division is theirs to see: evidence may hold personal data.

    Raises:
        NotForYouError: They neither belong to the division nor supervise it.
    """
    found = standing_of(visit, desk)
    if not found.is_administrator and division not in {*found.divisions, *found.supervised}:
        unit = desk.people.division(division)
        name = unit.name if unit else division
        raise NotForYouError(who=f"those who work in or supervise {name}", who_thai=f"ผู้ที่อยู่ในหรือกำกับดูแล{name}")
    return found


def check_oversees(visit: Visit, desk: Desk) -> Standing:
    """What the visitor is, if results of others come to them.

    Raises:
        NotForYouError: They are no supervisor and no administrator.
    """
    found = standing_of(visit, desk)
    if not (found.is_supervisor or found.is_administrator):
        raise NotForYouError(who="supervisors and administrators", who_thai="ผู้บังคับบัญชาและผู้ดูแลระบบ")
    return found


def standing(people: People, person: str, day: date) -> Standing:
    """What a person is on a day, by their own posts and by vacant ones whose notices come to them."""
    wide = {post.level for post in people.posts_of(person, day) if post.division is None}
    levels = {d.key: set(people.answers_for(person, d.key, day)) for d in people.divisions}
    return Standing(
        divisions=tuple(key for key, found in levels.items() if found & {Level.OFFICER, Level.HEAD}),
        supervised=tuple(key for key, found in levels.items() if found & set(SUPERVISORS)),
        is_administrator=Level.ADMINISTRATOR in wide,
        is_over_all=bool({Level.CLERK, Level.MAYOR} & wide),
    )


def system_of(request: Request) -> System:
    """The running system, put there when the application was made."""
    return cast("System", request.app.state.system)


def visit_if_any(request: Request) -> Visit | None:
    """The visit of the session cookie, or None."""
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return None
    system = system_of(request)
    now = system.clock()
    session = session_of(system.store, token, now)
    return Visit(system, session, now) if session else None


def visit(request: Request) -> Visit:
    """The visit of a signed-in person.

    Raises:
        SignInNeededError: Nobody has signed in, or the session has ended.
    """
    found = visit_if_any(request)
    if found is None:
        is_form = request.method != "GET"
        raise SignInNeededError(_page_asked(request), has_ended=is_form or SESSION_COOKIE in request.cookies)
    return found


def _page_asked(request: Request) -> str:
    """The page to open after signing in: the one asked for, or the one that holds the form that was sent."""
    url = request.url
    if request.method != "GET":
        url = URL(request.headers.get("referer", "/"))
        # A refused form stands at the address it was sent to, which shows nothing by itself.
        if url.netloc != request.url.netloc or (url.path == request.url.path and not url.query):
            return "/"
    return quote(f"{url.path}?{url.query}" if url.query else url.path, safe="/")


Visiting = Annotated[Visit, Depends(visit)]


def from_here(request: Request) -> None:
    """Let a form pass that was not sent by another site's page: it could sign people in as somebody else.

    Raises:
        ForgedFormError: It was.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForgedFormError


def own_form(request: Request, visitor: Visiting, csrf: Annotated[str, Form()] = "") -> Visit:
    """The visit, if the form carries the session's own token and comes from our pages.

    Raises:
        ForgedFormError: It does not.
    """
    from_here(request)
    if not hmac.compare_digest(csrf.encode(), visitor.session.csrf.encode()):
        raise ForgedFormError
    return visitor


Posting = Annotated[Visit, Depends(own_form)]


@dataclass(frozen=True, slots=True)
class Place:
    """One assignment as a visitor came to it: from the list, or by the link of a letter."""

    visit: Visit
    assignment_id: str
    path: str


def place(request: Request) -> Place:
    """The assignment that the address names; a link of a letter opens its own and nothing else, without a password.

    Raises:
        SignInNeededError: It was not opened by a link, and nobody has signed in.
        LinkForgedError, LinkOutdatedError, LinkForeignError: The link does not open it any more, or never did.
    """
    token = request.path_params.get("token")
    if token is None:
        found = str(request.path_params["assignment_id"])
        path = f"/assignments/{found}"
        try:
            return Place(visit(request), found, path)
        except SignInNeededError as error:
            if request.method == "GET":
                raise
            raise SignInNeededError(quote(path, safe="/"), has_ended=error.has_ended) from error
    system = system_of(request)
    now = system.clock()
    scope = read_link(system.secret, token, now)
    with system.reading(scope.office) as desk:
        account = desk.uow.accounts.get(scope.person)
        if desk.people.person(scope.person) is None or (account is not None and account.is_disabled):
            raise LinkForeignError
    mark = hashlib.sha256(f"csrf:{token}".encode()).hexdigest()
    session = Session(scope.office, scope.person, f"link:{mark[32:]}", now, now, now, "", mark[:32])
    return Place(Visit(system, session, now, is_link=True), scope.assignment_id, f"/link/{token}")


AtPlace = Annotated[Place, Depends(place)]


def own_form_at(request: Request, at: AtPlace, csrf: Annotated[str, Form()] = "") -> Place:
    """The assignment, if the form is ours.

    Raises:
        ForgedFormError: It is not.
    """
    own_form(request, at.visit, csrf)
    return at


PostingAt = Annotated[Place, Depends(own_form_at)]

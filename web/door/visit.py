"""The signed-in visit: who asks, with which session, and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, cast
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.datastructures import URL

from domain.rights import Roles
from services import clock
from services.access.sign_in import Session, session_of
from services.desk import Desk
from services.wiring import System
from web.view.refusals import SignInNeededError

SESSION_COOKIE: Final = "sucharit_session"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a person; `now` is read once. `is_link` where a letter's link opened it: for one assignment."""

    system: System
    session: Session
    now: datetime
    is_link: bool = False
    asked: list[Roles] = field(default_factory=list, compare=False)
    """What the visitor is, once a page has asked for it (`web.door.rights`)."""

    @property
    def office(self) -> str:
        """Key of the office whose rows this visit can see."""
        return self.session.office

    @property
    def person(self) -> str:
        """Key of the person."""
        return self.session.person

    @property
    def roles(self) -> Roles | None:
        """What the visitor is today, for the menu; None before a page has asked for it, which most do anyway."""
        return self.asked[-1] if self.asked else None

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
    current = visit_if_any(request)
    if current is None:
        is_form = request.method != "GET"
        raise SignInNeededError(_page_asked(request), has_ended=is_form or SESSION_COOKIE in request.cookies)
    return current


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

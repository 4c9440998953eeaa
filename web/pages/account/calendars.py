"""ปฏิทิน: addresses by which a calendar program shows the deadlines, and the calendars themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError
from services.desk import Desk
from services.integrations import calendar_feeds as feeds
from services.integrations.calendar_feeds import FeedKind
from web.door.visit import Posting, Standing, Visiting, standing_of, system_of
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/calendar")

Short = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Line:
    """A calendar the visitor may subscribe to. `own` is theirs alone."""

    kind: FeedKind
    subject: str
    name: str
    address: str
    can_renew: bool

    @property
    def subscription(self) -> str:
        """The address as calendar programs open it at once."""
        parts = urlsplit(self.address)
        return f"webcal://{parts.netloc}{parts.path}"


@router.get("")
def show(request: Request, visit: Visiting, done: Annotated[str, Query(max_length=10)] = "") -> Response:
    """My calendar, those of my divisions, and how to subscribe."""
    site = visit.system.settings.address
    with visit.reading() as desk:
        lines = lines_of(desk, standing_of(visit, desk), visit.person, visit.system.secret, site)
    return render(request, "account/calendars.html", visit=visit, lines=lines, done=done)


def lines_of(desk: Desk, standing: Standing, person: str, secret: bytes, site: str) -> list[Line]:
    """The person's own calendar first, then the divisions' in the office's order."""

    def line(kind: FeedKind, subject: str, name: str, *, can_renew: bool) -> Line:
        token = feeds.token_for(desk, secret, kind, subject)
        return Line(kind, subject, name, f"{site}/calendar/{token}.ics", can_renew)

    own = line(FeedKind.PERSON, person, desk.person_name(person), can_renew=True)
    seen = {*standing.divisions, *standing.supervised}
    return [
        own,
        *(
            line(FeedKind.DIVISION, d.key, d.name, can_renew=may_renew(standing, d.key))
            for d in desk.people.divisions
            if standing.is_administrator or d.key in seen
        ),
    ]


def may_renew(standing: Standing, division: str) -> bool:
    """Everybody of the division has to subscribe again: its supervisor's decision, or the administrator's."""
    return standing.is_administrator or division in standing.supervised


@router.post("/renew")
def renew(visit: Posting, kind: Short = "", subject: Short = "", sure: Short = "") -> Response:
    """Another address for a calendar; the present one works no more. Without the tick nothing changes."""
    with visit.changing() as desk:
        standing = standing_of(visit, desk)
        lines = lines_of(desk, standing, visit.person, visit.system.secret, "")
        wanted = next((one for one in lines if (one.kind, one.subject) == (kind, subject) and one.can_renew), None)
        if wanted is None:
            raise NotFoundError(what="calendar", what_thai="ปฏิทิน", key=subject, remedy="", remedy_thai="")
        if not sure:
            return RedirectResponse("/calendar?done=unsure", status_code=303)
        feeds.renew(desk, wanted.kind, wanted.subject, by=visit.person, at=visit.now)
        desk.uow.commit()
    return RedirectResponse("/calendar?done=renewed", status_code=303)


@router.get("/{token}.ics")
def calendar(request: Request, token: str) -> Response:
    """A calendar, for a program: whoever knows the address may read it."""
    system = system_of(request)
    now = system.clock()
    site = system.settings.address
    try:
        feed, edition = feeds.read_token(system.secret, token)
        with system.reading(feed.office) as desk:
            content = feeds.calendar_of(desk, feed, edition, site, now)
    except (feeds.FeedUnknownError, NotFoundError) as error:
        return Response(sentence_of(error, language_of(request)), status_code=404, media_type="text/plain")
    return Response(
        content, media_type="text/calendar", headers={"content-disposition": "inline; filename=sucharit.ics"}
    )

"""ปฏิทิน: addresses by which a calendar program shows the deadlines, and the calendars themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError
from services.integrations import calendar_feeds as feeds
from web.door.form import Posting
from web.door.rights import roles_of
from web.door.visit import Visiting, system_of
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/calendar")

Short = Annotated[str, Form(max_length=200)]


@router.get("")
def show(request: Request, visit: Visiting, done: Annotated[str, Query(max_length=10)] = "") -> Response:
    """My calendar, those of my divisions, and how to subscribe."""
    site = visit.system.settings.address
    with visit.reading() as desk:
        lines = feeds.addresses(desk, roles_of(visit, desk), visit.person, visit.system.secret, site)
    return render(request, "account/calendars.html", visit=visit, lines=lines, done=done)


@router.post("/renew")
def renew(visit: Posting, kind: Short = "", subject: Short = "", sure: Short = "") -> Response:
    """Another address for a calendar; the present one works no more. Without the tick nothing changes."""
    with visit.changing() as desk:
        roles = roles_of(visit, desk)
        lines = feeds.addresses(desk, roles, visit.person, visit.system.secret, "")
        wanted = next((line for line in lines if (line.kind, line.subject) == (kind, subject) and line.can_renew), None)
        if wanted is None:
            raise NotFoundError(what="calendar", what_thai="ปฏิทิน", key=subject, remedy="", remedy_thai="")
        if not sure:
            return RedirectResponse("/calendar?done=unsure", status_code=303)
        feeds.renew(desk, wanted.kind, wanted.subject, by=visit.person, now=visit.now)
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

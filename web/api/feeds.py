"""Calendar feeds: addresses to subscribe to."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field

from services.integrations import calendar_feeds as feeds
from services.integrations.calendar_feeds import FeedKind
from web.api.door import Reading
from web.api.values import Model
from web.door.rights import roles_of

router = APIRouter(prefix="/feeds", tags=["calendar"])


class FeedView(Model):
    """A calendar of deadlines; whoever knows its address may read it."""

    kind: FeedKind
    subject: str = Field(description="Key of the division or the person.")
    name: str
    address: str = Field(description="iCalendar (text/calendar), for any calendar program.")


@router.get("")
def every_feed(request: Request, visit: Reading) -> list[FeedView]:
    """The person's own calendar, then those of their divisions."""
    site = f"{request.url.scheme}://{request.url.netloc}"
    with visit.reading() as desk:
        lines = feeds.addresses(desk, roles_of(visit, desk), visit.person, visit.system.secret, site)
    return [FeedView(kind=line.kind, subject=line.subject, name=line.name, address=line.address) for line in lines]

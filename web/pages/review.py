"""ตรวจงาน: what waits for a supervisor, and what is late in their divisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import SucharitError
from services import inbox, review
from web.door import NotForYouError, Posting, Visiting, standing_of
from web.moves import move
from web.render import render

router = APIRouter()


@router.get("/review")
def queue(request: Request, visit: Visiting, accepted: int = 0, failed: int = 0) -> Response:
    """The queue of a supervisor."""
    with visit.reading() as desk:
        standing = standing_of(visit, desk)
        if not standing.is_supervisor:
            raise NotForYouError(who="supervisors", who_thai="ผู้บังคับบัญชา")
        waiting = inbox.to_review(desk, standing.supervised, visit.now)
        late = inbox.overdue(desk, standing.supervised, visit.now)
    return render(request, "review.html", visit=visit, waiting=waiting, late=late, accepted=accepted, failed=failed)


@router.post("/review/accept")
def accept_many(visit: Posting, chosen: Annotated[list[str] | None, Form()] = None) -> Response:
    """Accept several at once, each at the version that was seen; what changed meanwhile is left and counted."""
    accepted = failed = 0
    for one in (chosen or [])[:200]:
        assignment_id, _, version = one.rpartition("@")
        try:
            move(
                visit,
                lambda desk, key=assignment_id, seen=version: review.accept(  # type: ignore[misc]
                    desk, key, by=visit.person, at=visit.now, version=int(seen)
                ),
            )
            accepted += 1
        except (SucharitError, ValueError):
            failed += 1
    return RedirectResponse(f"/review?accepted={accepted}&failed={failed}", status_code=303)

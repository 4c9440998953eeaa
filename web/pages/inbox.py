"""งานของกอง: what the divisions of a person must do, the late first."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.people import Division
from services import inbox as work
from services.desk import Desk
from services.inbox import Filter, Shelf
from web.door import Standing, Visiting, standing_of
from web.render import render

router = APIRouter()


@router.get("/inbox")
def inbox(
    request: Request,
    visit: Visiting,
    shelf: Annotated[str, Query(max_length=20)] = "",
    quarter: Annotated[str, Query(max_length=1)] = "",
    words: Annotated[str, Query(max_length=200)] = "",
    division: Annotated[str, Query(max_length=120)] = "",
    year: Annotated[str, Query(max_length=4)] = "",
) -> Response:
    """The list, narrowed by what the address says."""
    wanted = Filter(_shelf(shelf), int(quarter) if quarter in {"1", "2", "3", "4"} else None, words)
    with visit.reading() as desk:
        standing = standing_of(visit, desk)
        divisions = _seen(desk, standing)
        chosen = [d for d in divisions if d.key == division] or divisions
        found = work.inbox(desk, [d.key for d in chosen], visit.now, wanted, int(year) if year.isdecimal() else None)
    return render(
        request,
        "inbox.html",
        visit=visit,
        found=found,
        wanted=wanted,
        divisions=divisions,
        division=division if len(chosen) == 1 else "",
        shelves=[*work.TO_DO, Shelf.WAITING, Shelf.DONE, Shelf.CANNOT],
        standing=standing,
    )


def _shelf(text: str) -> Shelf | None:
    with suppress(ValueError):
        return Shelf(text)
    return None


def _seen(desk: Desk, standing: Standing) -> list[Division]:
    """Divisions whose work a person sees: their own, those they supervise, all for the administrator."""
    keys = {*standing.divisions, *standing.supervised}
    return [d for d in desk.people.divisions if standing.is_administrator or d.key in keys]

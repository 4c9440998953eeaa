"""งานของกอง: what the divisions of a person must do, the late first."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.people import Division
from services.desk import Desk
from services.overview import inbox as work
from services.overview.inbox import Bucket, Filter
from web.address import Address, number_of
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
    measure: Annotated[str, Query(max_length=120)] = "",
    page: Annotated[str, Query(max_length=6)] = "",
    sent: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """The list, narrowed by what the address says."""
    wanted = Filter(
        bucket=_shelf(shelf),
        quarter=number_of(quarter) if quarter in {"1", "2", "3", "4"} else None,
        words=words.replace("\0", ""),
        year=number_of(year),
        measure=measure or None,
        page=number_of(page) or 1,
    )
    with visit.reading() as desk:
        standing = standing_of(visit, desk)
        divisions = _seen(desk, standing)
        chosen = [d for d in divisions if d.key == division] or divisions
        found = work.inbox(desk, [d.key for d in chosen], visit.now, wanted)
    place = {"division": division if len(chosen) == 1 < len(divisions) else ""}
    return render(
        request,
        "inbox.html",
        visit=visit,
        found=found,
        wanted=wanted,
        divisions=divisions,
        division=place["division"],
        closed=found.closed_year if wanted.bucket in work.CLOSED else 0,
        shelves=[*work.TO_DO, Bucket.WAITING, Bucket.DONE, Bucket.CANNOT],
        standing=standing,
        sent=number_of(sent) or 0,
        address=Address("/inbox", _fields(wanted) | place),
    )


def _fields(wanted: Filter) -> dict[str, str]:
    given = {"shelf": wanted.bucket, "quarter": wanted.quarter, "year": wanted.year, "measure": wanted.measure}
    return {"words": wanted.words} | {key: str(value) for key, value in given.items() if value is not None}


def _shelf(text: str) -> Bucket | None:
    with suppress(ValueError):
        return Bucket(text)
    return None


def _seen(desk: Desk, standing: Standing) -> list[Division]:
    """Divisions whose work a person sees: their own, those they supervise, all for the administrator."""
    keys = {*standing.divisions, *standing.supervised}
    return [d for d in desk.people.divisions if standing.is_administrator or d.key in keys]

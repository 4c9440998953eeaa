"""งานของกอง: what the divisions of a person must do, the late first."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.rights import Right
from services.overview import inbox as work
from services.overview.inbox import Bucket, Filter
from web.door.rights import divisions_with, roles_of
from web.door.visit import Visiting
from web.view.address import Address, number_of
from web.view.render import render
from web.view.waiting import waiting_of_cards

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
        bucket=_bucket(shelf),
        quarter=number_of(quarter) if quarter in {"1", "2", "3", "4"} else None,
        words=words.replace("\0", ""),
        year=number_of(year),
        measure=measure or None,
        page=number_of(page) or 1,
    )
    with visit.reading() as desk:
        roles = roles_of(visit, desk)
        divisions = divisions_with(desk, roles, Right.SEE_DIVISION)
        chosen = [d for d in divisions if d.key == division] or divisions
        contents = work.inbox(desk, [d.key for d in chosen], visit.now, wanted)
        waits = waiting_of_cards(desk, contents.page.cards, visit.person, visit.now)
    place = {"division": division if len(chosen) == 1 < len(divisions) else ""}
    return render(
        request,
        "work/inbox.html",
        visit=visit,
        contents=contents,
        waits=waits,
        wanted=wanted,
        divisions=divisions,
        division=place["division"],
        closed=contents.closed_year if wanted.bucket in work.CLOSED else 0,
        buckets=[*work.TO_DO, Bucket.WAITING, Bucket.DONE, Bucket.CANNOT],
        roles=roles,
        sent=number_of(sent) or 0,
        address=Address("/inbox", _fields(wanted) | place),
    )


def _fields(wanted: Filter) -> dict[str, str]:
    fields = {"shelf": wanted.bucket, "quarter": wanted.quarter, "year": wanted.year, "measure": wanted.measure}
    return {"words": wanted.words} | {key: str(value) for key, value in fields.items() if value is not None}


def _bucket(text: str) -> Bucket | None:
    with suppress(ValueError):
        return Bucket(text)
    return None

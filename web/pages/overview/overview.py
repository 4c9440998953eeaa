"""ภาพรวม: measures by division for supervisors, and the sheet of a division's monthly meeting."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.rights import Right
from services.overview import progress as survey
from services.overview.counts import PLANNED
from services.overview.inbox import Bucket
from web.door.rights import check, division_seen, divisions_with
from web.door.visit import Visiting
from web.view.render import render
from web.view.waiting import waiting_of_cards

router = APIRouter()

ITEMS_ON_A_SHEET: Final = 15
"""What one sheet of A4 holds beside the lines for notes; the rest is counted."""


@router.get("/overview")
def overview(
    request: Request,
    visit: Visiting,
    quarter: Annotated[str, Query(max_length=1)] = "",
    year: Annotated[str, Query(max_length=4)] = "",
) -> Response:
    """The year, or the quarter that the address names."""
    with visit.reading() as desk:
        divisions = divisions_with(desk, check(visit, desk, Right.OVERSEE), Right.OVERSEE_DIVISION)
        wanted = int(quarter) if quarter in {"1", "2", "3", "4"} else None
        figures = survey.survey(desk, divisions, visit.now, int(year) if year.isdecimal() else None, wanted)
        waits = waiting_of_cards(desk, figures.waiting, visit.person, visit.now)
    return render(
        request,
        "overview/overview.html",
        visit=visit,
        figures=figures,
        waits=waits,
        buckets=list(Bucket),
        planned=PLANNED,
    )


@router.get("/meeting/{division}")
def meeting(request: Request, visit: Visiting, division: str) -> Response:
    """The sheet of a meeting, for those who belong to the division or supervise it."""
    with visit.reading() as desk:
        named_division = division_seen(visit, desk, division)
        agenda = survey.agenda(desk, named_division, visit.now, ITEMS_ON_A_SHEET)
        office = desk.office.name
    return render(request, "overview/meeting.html", visit=visit, division=named_division, agenda=agenda, office=office)

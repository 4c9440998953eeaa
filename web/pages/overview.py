"""ภาพรวม: measures by division for supervisors, and the sheet of a division's monthly meeting."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.errors import NotFoundError
from domain.people import Division
from services.desk import Desk
from services.overview import progress as survey
from services.overview.counts import PLANNED
from services.overview.inbox import Bucket
from web.door import NotForYouError, Standing, Visiting, standing_of
from web.render import render

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
        divisions = supervised(desk, standing_of(visit, desk))
        wanted = int(quarter) if quarter in {"1", "2", "3", "4"} else None
        found = survey.survey(desk, divisions, visit.now, int(year) if year.isdecimal() else None, wanted)
    return render(request, "overview.html", visit=visit, found=found, shelves=list(Bucket), planned=PLANNED)


@router.get("/meeting/{division}")
def meeting(request: Request, visit: Visiting, division: str) -> Response:
    """The sheet of a meeting, for those who belong to the division or supervise it."""
    with visit.reading() as desk:
        found = discussed(desk, standing_of(visit, desk), division)
        agenda = survey.agenda(desk, found, visit.now, ITEMS_ON_A_SHEET)
        office = desk.office.name
    return render(request, "meeting.html", visit=visit, division=found, agenda=agenda, office=office)


def supervised(desk: Desk, standing: Standing) -> list[Division]:
    """Divisions that a person looks over.

    Raises:
        NotForYouError: They look over none.
    """
    if not (standing.is_supervisor or standing.is_administrator):
        raise NotForYouError(who="supervisors and administrators", who_thai="ผู้บังคับบัญชาและผู้ดูแลระบบ")
    return [d for d in desk.people.divisions if standing.is_administrator or d.key in standing.supervised]


def discussed(desk: Desk, standing: Standing, key: str) -> Division:
    """The division, if its meeting concerns the person.

    Raises:
        NotFoundError: There is no such division.
        NotForYouError: They neither work in it nor supervise it.
    """
    division = desk.people.division(key)
    if division is None:
        remedy, thai = "Choose one on the overview.", "โปรดเลือกกองจากหน้าภาพรวม"
        raise NotFoundError(what="division", what_thai="กอง", key=key, remedy=remedy, remedy_thai=thai)
    if not standing.is_administrator and key not in {*standing.divisions, *standing.supervised}:
        who, thai = f"those who work in or supervise {division.name}", f"ผู้ที่อยู่ในหรือกำกับดูแล{division.name}"
        raise NotForYouError(who=who, who_thai=thai)
    return division

"""ส่งทั้งมาตรการ: one report for everything that a division owes of a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.assignment import Assignment, StaleError
from domain.errors import SucharitError
from domain.rights import NotForYouError, Right
from services.assignments import hand_in as work
from services.assignments.drafts import FIELDS
from services.desk import Desk
from services.overview import inbox
from services.overview.inbox import TO_DO, Card, Filter
from web.changes import move
from web.door.form import Posting
from web.door.rights import check_over
from web.door.visit import Visit, Visiting
from web.pages.work.hand_in import AsTyped, Ready, ready
from web.view.address import Address, number_of
from web.view.failures import sentence_of, status_of
from web.view.render import language_of, render

router = APIRouter()

MOST: Final = 100
"""Assignments of one measure that are reported at once."""

InAddress = Annotated[str, Query(max_length=120)]
InForm = Annotated[str, Form(max_length=120)]
_NOTHING: Final[Mapping[str, str]] = {}


@router.get("/inbox/measure")
def show(
    request: Request, visit: Visiting, division: InAddress = "", measure: InAddress = "", year: InAddress = ""
) -> Response:
    """What a division owes of a measure, with one form for all of it."""
    return _page(request, visit, division, measure, year)


def _page(
    request: Request,
    visit: Visit,
    division: str,
    measure: str,
    year: str,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
    chosen: Sequence[str] | None = None,
) -> Response:
    with visit.reading() as desk:
        check_over(visit, desk, Right.REPORT_FOR_DIVISION, division)
        cards = _owed(desk, visit, division, measure, number_of(year))
        name = desk.division_name(division)
    return render(
        request,
        "work/measure_report.html",
        status=status,
        visit=visit,
        cards=cards,
        name=name,
        again=any(card.result for card in cards),
        place={"division": division, "measure": measure, "year": year},
        chosen={tick.partition("@")[0] for tick in chosen} if chosen is not None else {card.id for card in cards},
        faults=dict(faults),
        typed=dict.fromkeys(FIELDS, "") | dict(typed),
    )


def _owed(desk: Desk, visit: Visit, division: str, measure: str, year: int | None) -> list[Card]:
    selection = inbox.selected(desk, [division], visit.now, Filter(measure=measure, year=year))
    return [inbox.card(desk, a, visit.now) for a in desk.uow.lists.page(selection, TO_DO, first=0, most=MOST)]


@router.post("/inbox/measure")
def hand_in_all(
    request: Request,
    visit: Posting,
    form: AsTyped,
    division: InForm = "",
    measure: InForm = "",
    year: InForm = "",
    chosen: Annotated[list[str] | None, Form(max_length=MOST)] = None,
) -> Response:
    """Hand in all that is ticked with one report; if one of them cannot be, none is."""
    language, ticked = language_of(request), list(chosen or [])

    def again(faults: Mapping[str, str], status: int = 422) -> Response:
        return _page(
            request, visit, division, measure, year, status=status, faults=faults, typed=form.fields, chosen=ticked
        )

    if not ticked:
        return again({"chosen": "โปรดเลือกอย่างน้อยหนึ่งรายการ"})
    seen = [(key, number_of(version) or 0) for key, _, version in (tick.rpartition("@") for tick in ticked)]
    try:
        with visit.reading() as desk:
            check_over(visit, desk, Right.REPORT_FOR_DIVISION, division)
            for key, version in seen:
                _check_of(desk.uow.assignments.get(key), division, measure)
                work.check_can_hand_in(desk, key, by=visit.person, now=visit.now, version=version)
        outcome = ready(visit.system.files, form, language)
        if not isinstance(outcome, Ready):
            return again(outcome)
        move(
            visit,
            lambda desk: work.hand_in_all(desk, seen, outcome.result, outcome.evidence, by=visit.person, now=visit.now)[
                -1
            ],
        )
    except NotForYouError:
        raise
    except SucharitError as error:
        return again({"chosen": sentence_of(error, language)}, status_of(error))
    return RedirectResponse(Address("/inbox", {"sent": str(len(seen))})(), status_code=303)


def _check_of(assignment: Assignment, division: str, measure: str) -> None:
    """Only what the page listed is handed in with it."""
    if (assignment.division, assignment.measure_key) != (division, measure):
        raise StaleError(id=assignment.id)

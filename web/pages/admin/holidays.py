"""วันหยุด: the official days, the office's exceptions, and a look at what a change would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.rights import Right
from domain.workdays import HolidayOverride
from services.calendar import official_holidays
from services.days import day_of
from services.desk import Desk
from services.office import holidays
from services.record import storable
from web.changes import changing_alone, commit_and_replan
from web.door.form import Posting
from web.door.rights import check
from web.door.visit import Visit, Visiting
from web.pages.admin.moved_deadlines import mark_of, moving
from web.view.failures import sentence_of
from web.view.form_state import BLANK, Refused
from web.view.render import language_of, render

router = APIRouter()

Short = Annotated[str, Form(max_length=400)]

_KINDS: Final = ("off", "working")


class NoExceptionError(BadInputError):
    """The exception to remove is not there (any more)."""

    english = "There is no exception of the office on this day."
    thai = "ไม่มีวันหยุดหรือวันทำการที่หน่วยงานกำหนดเองในวันนี้"


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the calendar: `official` is the list's name, `own` what the office decided instead."""

    day: date
    official: str
    own: HolidayOverride | None


@dataclass(frozen=True, slots=True)
class Change:
    """An exception to enter, or (`override` None) one to remove."""

    day: date
    override: HolidayOverride | None


@router.get("/admin/holidays")
def show(request: Request, visit: Visiting, moved: int | None = None) -> Response:
    """The official days of the fiscal years in force and what the office decided itself."""
    return _page(request, visit, moved=moved)


def _page(
    request: Request,
    visit: Visit,
    refused: Refused = BLANK,
    *,
    moved: int | None = None,
) -> Response:
    with visit.reading() as desk:
        check(visit, desk, Right.ADMINISTER)
        years = _years(desk, visit)
        days = _days(desk, years)
        running = FiscalYear.of(desk.workdays.local_day(visit.now)).be
        this_year = running if running in {year.be for year in years} else years[0].be
    return render(
        request,
        "admin/holidays.html",
        status=refused.status,
        visit=visit,
        years=[(year.be, [day for day in days if year.start <= day.day <= year.end]) for year in years],
        others=[day for day in days if not any(year.start <= day.day <= year.end for year in years)],
        faults=refused.faults,
        typed={"day": "", "name": "", "kind": "off", "source": ""} | dict(refused.typed),
        moved=moved,
        this_year=this_year,
    )


def _years(desk: Desk, visit: Visit) -> list[FiscalYear]:
    """Fiscal years in force, the latest first; the present one where none is."""
    years = sorted((plan.plan.fiscal_year for plan in desk.plans), reverse=True)
    return years or [FiscalYear.of(desk.workdays.local_day(visit.now))]


def _days(desk: Desk, years: list[FiscalYear]) -> list[Day]:
    own = {override.day: override for override in desk.uow.holidays.all()}
    official: dict[date, str] = {}
    for year in years:
        names = official_holidays(year.start.year, year.end.year)
        official |= {day: name for day, name in names.items() if year.start <= day <= year.end}
    return [Day(day, official.get(day, ""), own.get(day)) for day in sorted(official.keys() | own.keys())]


def _fields(
    change: Short = "", day: Short = "", name: Short = "", kind: Short = "", source: Short = ""
) -> dict[str, str]:
    """What the form holds, the same for looking and for doing."""
    return {"change": change, "day": day, "name": name, "kind": kind, "source": source}


Typed = Annotated[dict[str, str], Depends(_fields)]


@router.post("/admin/holidays/preview")
def preview(request: Request, visit: Posting, typed: Typed) -> Response:
    """Show which deadlines the change would move; nothing is stored."""
    return _go(request, visit, typed, seen=None)


@router.post("/admin/holidays")
def apply(request: Request, visit: Posting, typed: Typed, seen: Short = "") -> Response:
    """Make the change that was looked at; if it would move other deadlines by now, it is shown again instead."""
    return _go(request, visit, typed, seen=seen)


def _go(request: Request, visit: Visit, typed: dict[str, str], *, seen: str | None) -> Response:
    wanted, faults = _wanted(typed, language_of(request))
    if wanted is None:
        return _page(request, visit, Refused(faults, typed))
    is_saved = False
    try:
        with changing_alone(visit) as desk:
            check(visit, desk, Right.ADMINISTER)
            moved = _made(desk, wanted, visit)
            mark = mark_of(f"{change.id} {change.before} {change.after}" for change in moved)
            if seen == mark:
                commit_and_replan(visit, desk)
                is_saved = True
            else:
                changes = [moving(desk, change) for change in moved]
    except NoExceptionError as error:
        faults = {"day": sentence_of(error, language_of(request))}
        return _page(request, visit, Refused(faults, typed | {"kind": typed["kind"] or "off"}))
    if is_saved:
        return RedirectResponse(f"/admin/holidays?moved={len(moved)}", status_code=303)
    is_outdated = seen is not None
    return render(
        request,
        "admin/holidays_preview.html",
        status=409 if is_outdated else 200,
        visit=visit,
        wanted=wanted,
        typed=typed | {"day": wanted.day.isoformat()},
        moving=changes,
        mark=mark,
        is_outdated=is_outdated,
    )


def _wanted(typed: Mapping[str, str], language: str) -> tuple[Change | None, dict[str, str]]:
    """The change that the form asks for, or what is wrong with it, by field."""
    faults: dict[str, str] = {}
    is_removal, day = typed["change"] == "remove", None
    try:
        day = day_of(typed["day"])
    except BadInputError as error:
        faults["day"] = sentence_of(error, language)
    name = storable(typed["name"])
    if not is_removal and not name:
        faults["name"] = "โปรดกรอกชื่อวัน"
    if not is_removal and typed["kind"] not in _KINDS:
        faults["kind"] = "โปรดเลือกวันหยุดหรือวันทำการ"
    if day is None or faults:
        return None, faults
    own = HolidayOverride(day, typed["kind"] == "off", name, storable(typed["source"]))
    return Change(day, None if is_removal else own), faults


def _made(desk: Desk, wanted: Change, visit: Visit) -> list[holidays.Moved]:
    """The deadlines that the change moves; it is undone unless the unit of work is committed."""
    if wanted.override is not None:
        return holidays.set_holiday(desk, wanted.override, by=visit.person, now=visit.now)
    if wanted.day not in {override.day for override in desk.uow.holidays.all()}:
        raise NoExceptionError
    return holidays.drop_holiday(desk, wanted.day, by=visit.person, now=visit.now)

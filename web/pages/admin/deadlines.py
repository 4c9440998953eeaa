"""เปลี่ยนกำหนด: another deadline for one assignment or for all open ones of a step, looked at before it is set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.assignment import Assignment, IncompleteError
from domain.errors import BadInputError
from services.assignments import deadlines
from services.assignments.deadlines import ChangedDeadline
from services.days import day_of
from services.desk import Desk
from services.record import reason_of
from services.schedule.schedule import MeasureKey, check_in_force
from web.changes import commit_and_replan
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.admin.moved_deadlines import mark_of
from web.view.failures import sentence_of
from web.view.form_state import Refused
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/schedule/{year}/{measure}/deadline")

Short = Annotated[str, Form(max_length=200)]
Asked = Annotated[str, Query(max_length=200)]


class NothingToChangeError(BadInputError):
    """Nothing is open (any more) where a deadline was to change."""

    english = "Nothing is open here whose deadline could change. Look at the measure's page again."
    thai = "ไม่มีงานที่เปิดอยู่ให้เปลี่ยนกำหนด โปรดเปิดหน้ากำหนดการของมาตรการอีกครั้ง"


def _fields(
    one: Short = "",
    step: Short = "",
    period: Short = "",
    day: Short = "",
    reason: Annotated[str, Form()] = "",
) -> dict[str, str]:
    """What the form holds, the same for looking and for doing."""
    return {"one": one, "step": step, "period": period, "day": day, "reason": reason}


Typed = Annotated[dict[str, str], Depends(_fields)]


@router.get("")
def form(
    request: Request, visit: Looking, year: int, measure: str, one: Asked = "", step: Asked = "", period: Asked = ""
) -> Response:
    """Ask for the day and the reason."""
    key = MeasureKey(year, visit.office, measure)
    return _form(
        request, visit, key, Refused({}, {"one": one, "step": step, "period": period, "day": "", "reason": ""}, 200)
    )


def _form(request: Request, visit: Visit, key: MeasureKey, refused: Refused) -> Response:
    typed = refused.typed
    with visit.reading() as desk:
        assignments = _wanted(desk, key, typed)
        names = {assignment.id: desk.division_name(assignment.division) for assignment in assignments}
        wording = desk.wording(key.fiscal_year_be, key.measure, assignments[0].step_key)
    return render(
        request, "admin/deadline.html", status=refused.status, visit=visit, key=key, assignments=assignments,
        names=names, step=wording[1].text if wording else assignments[0].step_key, typed=typed, faults=refused.faults,
    )  # fmt: skip


def _wanted(desk: Desk, key: MeasureKey, typed: Mapping[str, str]) -> list[Assignment]:
    check_in_force(desk, key)
    assignments = deadlines.can_change(
        desk, key, assignment_id=typed["one"], step=typed["step"], period=typed["period"]
    )
    if not assignments:
        raise NothingToChangeError
    return assignments


@router.post("/preview")
def preview(request: Request, visit: Acting, year: int, measure: str, typed: Typed) -> Response:
    """Show what would move and who would be told; nothing is stored."""
    return _go(request, visit, MeasureKey(year, visit.office, measure), typed, seen=None)


@router.post("")
def apply(request: Request, visit: Acting, year: int, measure: str, typed: Typed, seen: Short = "") -> Response:
    """Set the deadline that was looked at; what would be something else by now is shown again instead."""
    return _go(request, visit, MeasureKey(year, visit.office, measure), typed, seen=seen)


def _go(request: Request, visit: Visit, key: MeasureKey, typed: dict[str, str], *, seen: str | None) -> Response:
    language, is_saved = language_of(request), False
    day, faults = _day(typed, language)
    if day is None or faults:
        return _form(request, visit, key, Refused(faults, typed))
    try:
        with visit.changing() as desk:
            changed = deadlines.change(
                desk, _wanted(desk, key, typed), day, reason=typed["reason"], by=visit.person, now=visit.now
            )
            names = {change.after.id: desk.division_name(change.after.division) for change in changed}
            if changed and seen == _mark(changed):
                commit_and_replan(visit, desk, key)
                is_saved = True
    except IncompleteError:
        changed = []
    if not changed:
        faults = {"day": "โปรดระบุวันที่ยังไม่ผ่านไป และต่างจากกำหนดเดิม"}
        return _form(request, visit, key, Refused(faults, typed))
    if is_saved:
        own = f"/admin/schedule/{key.fiscal_year_be}/{quote(key.measure)}"
        return RedirectResponse(f"{own}?changed={len(changed)}", status_code=303)
    return render(
        request, "admin/deadline_preview.html", status=200 if seen is None else 409, visit=visit,
        key=key, changed=changed,
        names=names, typed=typed, mark=_mark(changed), is_outdated=seen is not None,
        recipients=list(dict.fromkeys(name for change in changed for name in change.recipients)),
    )  # fmt: skip


def _day(typed: Mapping[str, str], language: str) -> tuple[date | None, dict[str, str]]:
    """The day that was typed, and what is wrong, by field."""
    faults: dict[str, str] = {}
    day = None
    try:
        day = day_of(typed["day"])
    except BadInputError as error:
        faults["day"] = sentence_of(error, language)
    try:
        if not reason_of(typed["reason"]):
            faults["reason"] = "โปรดระบุเหตุผลที่เปลี่ยนกำหนด"
    except BadInputError as error:
        faults["reason"] = sentence_of(error, language)
    return day, faults


def _mark(changed: list[ChangedDeadline]) -> str:
    return mark_of(
        f"{change.after.id} {change.after.version} {change.before.due_on} {change.after.due_on}" for change in changed
    )

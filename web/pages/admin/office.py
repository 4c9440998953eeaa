"""หน่วยงาน: its name, its days and hours, seen with the deadlines that move; and the whole of it as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from domain.errors import BadInputError
from domain.office import Office, OfficeKind, OfficeSettings
from domain.thai import arabic_digits
from services.desk import Desk
from services.office import office_settings
from services.office.office_file import OfficeFile, OfficeFileError, as_yaml, parse_office_file
from services.office.office_settings import ChangedOffice
from services.record import storable
from web.changes import changing_alone, commit_and_replan
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.admin.moved_deadlines import mark_of, moving
from web.view import labels
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/office")

Short = Annotated[str, Form(max_length=300)]
Saved = Annotated[int | None, Query(ge=0)]

MOST_BYTES: Final = 500_000
"""An office's file with a thousand persons has a tenth of it."""
_DAYS: Final = ("report_due", "correction", "least_to_act", "decide_reminder", "decide_above", "report_frozen")
_GIVEN: Final = frozenset({"correction", "least_to_act", "decide_reminder", "decide_above"})
"""Days that a rule gives: never none."""
_HOURS: Final = ("notify_at", "close_at")
_NOTHING: Final[Mapping[str, str]] = {}


def _fields(
    name: Short = "",
    kind: Short = "",
    district: Short = "",
    province: Short = "",
    report_due: Short = "",
    correction: Short = "",
    least_to_act: Short = "",
    decide_reminder: Short = "",
    decide_above: Short = "",
    report_frozen: Short = "",
    is_reviewed: Short = "",
    audit_unit_is_meant: Short = "",
    prepared_by: Short = "",
    notify_at: Short = "",
    close_at: Short = "",
) -> dict[str, str]:
    """What the form holds, the same for looking and for doing."""
    return {
        "name": name, "kind": kind, "district": district, "province": province, "report_due": report_due,
        "correction": correction, "least_to_act": least_to_act,
        "decide_reminder": decide_reminder, "decide_above": decide_above, "report_frozen": report_frozen,
        "is_reviewed": is_reviewed, "audit_unit_is_meant": audit_unit_is_meant, "prepared_by": prepared_by,
        "notify_at": notify_at, "close_at": close_at,
    }  # fmt: skip


Typed = Annotated[dict[str, str], Depends(_fields)]


def _typed(office: Office) -> dict[str, str]:
    """The form of the office as it is."""
    own = office.settings
    return {
        "name": office.name,
        "kind": office.kind.value,
        "district": office.district,
        "province": office.province,
        "is_reviewed": "yes" if own.is_reviewed else "",
        "audit_unit_is_meant": "yes" if own.audit_unit_is_meant else "",
        "prepared_by": own.prepared_by,
        **{field: str(getattr(own, field)) for field in _DAYS},
        **{field: f"{getattr(own, field):%H.%M}" for field in _HOURS},
    }


@router.get("")
def show(request: Request, visit: Looking, moved: Saved = None) -> Response:
    """The office's settings, and its file to take away."""
    with visit.reading() as desk:
        return _page(request, visit, desk, _typed(desk.office), moved=moved)


def _page(
    request: Request,
    visit: Visit,
    desk: Desk,
    typed: Mapping[str, str],
    *,
    faults: Mapping[str, str] = _NOTHING,
    moved: int | None = None,
) -> Response:
    return render(
        request, "admin/office.html", status=422 if faults else 200, visit=visit, typed=typed,
        faults=faults, moved=moved,
        kinds=[(kind.value, labels.OFFICES[kind]) for kind in OfficeKind],
        divisions=[(division.key, division.name) for division in desk.people.divisions],
    )  # fmt: skip


@router.post("/preview")
def preview(request: Request, visit: Acting, typed: Typed) -> Response:
    """Show which deadlines the settings would move; nothing is stored."""
    return _go(request, visit, typed, seen=None)


@router.post("")
def apply(request: Request, visit: Acting, typed: Typed, seen: Short = "") -> Response:
    """Save what was looked at; what would be something else by now is shown again instead."""
    return _go(request, visit, typed, seen=seen)


def _go(request: Request, visit: Visit, typed: dict[str, str], *, seen: str | None) -> Response:
    with visit.reading() as desk:
        wanted, faults = _wanted(desk, typed)
        if wanted is None:
            return _page(request, visit, desk, typed, faults=faults)
    return _try(request, visit, lambda desk: _changed(desk, typed, visit), seen=seen, back="/admin/office", typed=typed)


def _changed(desk: Desk, typed: Mapping[str, str], visit: Visit) -> ChangedOffice | None:
    wanted, _ = _wanted(desk, typed)  # read again: nobody else can write now
    return office_settings.change_office(desk, wanted, by=visit.person, now=visit.now) if wanted else None


def _wanted(desk: Desk, typed: Mapping[str, str]) -> tuple[Office | None, dict[str, str]]:
    """The office that the form describes, or what is wrong with it, by field."""
    texts = {name: storable(text) for name, text in typed.items()}
    faults = {} if texts["name"] else {"name": "โปรดกรอกชื่อหน่วยงาน"}
    if texts["kind"] not in set(OfficeKind):
        faults["kind"] = "โปรดเลือกประเภทของหน่วยงาน"
    if desk.people.division(texts["prepared_by"]) is None:
        faults["prepared_by"] = "โปรดเลือกส่วนราชการ"
    values: dict[str, Any] = {field: _or_none(partial(_count, field), texts[field]) for field in _DAYS}
    values |= {field: _or_none(_hour, texts[field]) for field in _HOURS}
    for field, value in values.items():
        if value is None:
            faults[field] = _remedy(field)
    if not faults and values["notify_at"] >= values["close_at"]:
        faults["close_at"] = "เวลาสิ้นสุดต้องอยู่หลังเวลาแจ้งเตือน"
    if faults:
        return None, faults
    ticked = {field: texts[field] == "yes" for field in ("is_reviewed", "audit_unit_is_meant")}
    settings = desk.office.settings.model_copy(update=values | ticked | {"prepared_by": texts["prepared_by"]})
    place = replace(desk.office, name=texts["name"], district=texts["district"], province=texts["province"])
    return replace(place, kind=OfficeKind(texts["kind"]), settings=settings), {}


def _or_none(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(arabic_digits(text))
    except (ValueError, ValidationError):
        return None


def _remedy(field: str) -> str:
    if field in _GIVEN:
        return "โปรดระบุจำนวนวันทำการ ๑ ถึง ๖๐"
    return "โปรดระบุจำนวนวันทำการ ๐ ถึง ๖๐" if field in _DAYS else "โปรดระบุเวลา เช่น ๐๘.๓๐"


def _count(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(getattr(OfficeSettings.model_validate({field: int(text)}), field))


def _hour(text: str) -> time:
    return OfficeSettings.model_validate({"close_at": text}).close_at


@router.get("/file")
def take_file(visit: Looking) -> Response:
    """The office as a file: divisions, posts, persons, settings; to be kept, or edited and given back."""
    with visit.reading() as desk:
        text = as_yaml(desk.office, desk.people)
    disposition = {"content-disposition": f'attachment; filename="{visit.office}.yaml"'}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=disposition)


@router.post("/file/preview")
def preview_file(request: Request, visit: Acting, document: UploadFile | None = None) -> Response:
    """Show what a file would change; nothing is stored."""
    content = document.file.read(MOST_BYTES + 1) if document else b""
    return _go_by_file(request, visit, content, seen=None)


@router.post("/file")
def apply_file(
    request: Request, visit: Acting, content: Annotated[str, Form(max_length=MOST_BYTES)] = "", seen: Short = ""
) -> Response:
    """Change the office to the file that was looked at."""
    return _go_by_file(request, visit, content.encode(), seen=seen)


def _go_by_file(request: Request, visit: Visit, content: bytes, *, seen: str | None) -> Response:
    content = content.replace(b"\r\n", b"\n").strip()  # a form gives lines back with other ends
    try:
        file = _file(content, visit)
        with visit.reading() as desk:
            lines = office_settings.difference(desk, file.office(), file.people())
        return _try(
            request, visit, lambda desk: _by_file(desk, file, visit), seen=seen, back="/admin/office",
            content=content.decode(), lines=lines,
        )  # fmt: skip
    except BadInputError as error:
        faults = {"document": sentence_of(error, language_of(request))}
        with visit.reading() as desk:
            return _page(request, visit, desk, _typed(desk.office), faults=faults)


def _file(content: bytes, visit: Visit) -> OfficeFile:
    if not content:
        raise OfficeFileError(
            file="–", problem="there is no file.", problem_thai="ยังไม่ได้เลือกไฟล์", remedy="Choose one.",
            remedy_thai="โปรดเลือกไฟล์ .yaml ของหน่วยงาน",
        )  # fmt: skip
    if len(content) > MOST_BYTES:
        raise OfficeFileError(
            file="–", problem="it is too large.", problem_thai="ไฟล์ใหญ่เกินไป", remedy="An office's file has some 50 kB.",
            remedy_thai="ไฟล์ของหน่วยงานมีขนาดราว ๕๐ กิโลไบต์",
        )  # fmt: skip
    file = parse_office_file(content, f"{visit.office}.yaml")
    if file.key != visit.office:
        raise OfficeFileError(
            file=f"{visit.office}.yaml", problem=f"it is the file of “{file.key}”.",
            problem_thai=f"เป็นไฟล์ของ “{file.key}”", remedy="Take that of this office.",
            remedy_thai="โปรดใช้ไฟล์ของหน่วยงานนี้",
        )  # fmt: skip
    return file


def _by_file(desk: Desk, file: OfficeFile, visit: Visit) -> ChangedOffice | None:
    if not office_settings.difference(desk, file.office(), file.people()):
        return None
    return office_settings.change_by_file(desk, file, by=visit.person, now=visit.now)


def _try(
    request: Request,
    visit: Visit,
    act: Callable[[Desk], ChangedOffice | None],
    *,
    seen: str | None,
    back: str,
    typed: Mapping[str, str] = _NOTHING,
    content: str = "",
    lines: list[str] | None = None,
) -> Response:
    """Make the change; it is kept only if exactly this was looked at, else it is shown."""
    is_saved = False
    with changing_alone(visit) as desk:
        before = as_yaml(desk.office, desk.people)
        done = act(desk)
        moved = [moving(desk, change) for change in done.moved] if done else []
        mark = mark_of([before, *(f"{change.id} {change.after}" for change in moved), *sorted(typed.items()), content])
        if done is None or seen == mark:
            commit_and_replan(visit, desk)
            is_saved = True
    if is_saved:
        return RedirectResponse(f"{back}?moved={len(moved)}", status_code=303)
    return render(
        request, "admin/office_preview.html", status=200 if seen is None else 409, visit=visit,
        typed=typed, content=content,
        lines=lines or [], moving=moved, coming=done.coming if done else (), mark=mark, is_outdated=seen is not None,
    )  # fmt: skip

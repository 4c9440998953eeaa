"""From the demonstration to the office's own: the form that founds it, and the end of the demonstration."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError, NotFoundError
from domain.office import OfficeKind
from notifications.faults import DeliveryError
from notifications.policy import check_address
from services.record import storable
from services.setup.found_office import KEY, KeyTakenError, NewOffice, OfficeFoundedError, found_office, may_be_founded
from services.setup.remove_demo import remove_demo
from web.door.administrator import Acting, Looking
from web.door.visit import SESSION_COOKIE, Visit
from web.view import labels
from web.view.failures import sentence_of
from web.view.form_state import BLANK, Refused
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/own-office")

Short = Annotated[str, Form(max_length=300)]


def _fields(
    name: Short = "",
    kind: Short = "",
    district: Short = "",
    province: Short = "",
    key: Short = "",
    administrator: Short = "",
    email: Short = "",
) -> dict[str, str]:
    typed = {"name": name, "kind": kind, "district": district, "province": province, "key": key}
    return typed | {"administrator": administrator, "email": email}


Typed = Annotated[dict[str, str], Depends(_fields)]


def _check_demo(visit: Visit) -> None:
    """Let whoever looks after the demonstration pass; in an office of one's own there is nothing to found.

    Raises:
        NotFoundError: The visitor's office is a real one.
    """
    with visit.reading() as desk:
        if not desk.office.is_demo:
            raise NotFoundError(what="demonstration", what_thai="ข้อมูลสาธิต", key=visit.office, remedy="", remedy_thai="")


@router.get("")
def show(request: Request, visit: Looking) -> Response:
    """The form, while there is only the demonstration; and the way to remove that."""
    return _page(request, visit)


def _page(request: Request, visit: Visit, refused: Refused = BLANK, token: str = "") -> Response:
    _check_demo(visit)
    return render(
        request, "admin/founding.html", status=refused.status, visit=visit, faults=refused.faults,
        typed=_fields(kind=OfficeKind.TAMBON_MUNICIPALITY) | dict(refused.typed),
        kinds=[(kind.value, labels.OFFICES[kind]) for kind in OfficeKind],
        may_found=not token and may_be_founded(visit.system.store),
        link=f"{visit.system.settings.address}/sign-in/link/{token}" if token else "",
    )  # fmt: skip


@router.post("")
def begin(request: Request, visit: Acting, typed: Typed) -> Response:
    """Found the office; the link of its first administrator stands on this answer and nowhere else."""
    _check_demo(visit)
    wanted, faults = _wanted({field: storable(text) for field, text in typed.items()}, language_of(request))
    if wanted is None:
        return _page(request, visit, Refused(faults, typed))
    try:
        token = found_office(visit.system.store, wanted, visit.now)
    except BadInputError as error:
        field = {OfficeFoundedError: "name", KeyTakenError: "key"}.get(type(error), "email")
        return _page(request, visit, Refused({field: sentence_of(error, language_of(request))}, typed))
    return _page(request, visit, token=token)


def _wanted(texts: dict[str, str], language: str) -> tuple[NewOffice | None, dict[str, str]]:
    """What the form says, or what is wrong with it, by field."""
    faults = {} if texts["name"] else {"name": "โปรดกรอกชื่อหน่วยงาน"}
    if texts["kind"] not in set(OfficeKind):
        faults["kind"] = "โปรดเลือกประเภทของหน่วยงาน"
    if not KEY.fullmatch(texts["key"]):
        faults["key"] = "โปรดใช้อักษรอังกฤษตัวเล็ก ตัวเลข หรือ _ ขึ้นต้นด้วยอักษร เช่น banmai"
    if not texts["administrator"]:
        faults["administrator"] = "โปรดกรอกชื่อ"
    try:
        check_address(texts["email"])
    except DeliveryError as error:
        faults["email"] = sentence_of(error, language)
    if faults:
        return None, faults
    kind = OfficeKind(texts.pop("kind"))
    return NewOffice(kind=kind, **texts), {}


@router.post("/remove-demo")
def remove(request: Request, visit: Acting, sure: Short = "") -> Response:
    """Take the demonstration away, and with it the account that asked."""
    _check_demo(visit)
    if not sure:
        return _page(request, visit, Refused({"sure": "โปรดทำเครื่องหมายยืนยันก่อนลบ"}))
    visit.system.waker.schedules(visit.office, remove_demo(visit.system))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer

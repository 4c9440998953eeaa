"""โทเคนสำหรับโปรแกรม: everybody makes and takes back their own; the administrator sees and takes back all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.rights import Right
from services.access.tokens import Scope, TokenWishError, Wish, make_token, revoke_token
from services.desk import Desk
from web.door.form import Posting
from web.door.rights import check, roles_of
from web.door.visit import Visit, Visiting
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter()

Short = Annotated[str, Form(max_length=200)]

_NOTHING: Final[Mapping[str, str]] = {}
_LENGTHS: Final[Mapping[str, str]] = {"30": "๓๐ วัน", "90": "๙๐ วัน", "365": "๑ ปี", "730": "๒ ปี"}
SCOPES: Final[Mapping[Scope, str]] = {
    Scope.READ: "อ่านข้อมูล",
    Scope.WORK: "รายงานผลงานของกอง",
    Scope.REVIEW: "ตรวจและพิจารณางาน",
    Scope.ADMIN: "ดูแลระบบ",
}


@router.get("/account/tokens")
def own(request: Request, visit: Visiting) -> Response:
    """My tokens, and the form for a new one."""
    return _page(request, visit)


def _page(
    request: Request,
    visit: Visit,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
    chosen: list[str] | None = None,
    secret: str = "",
) -> Response:
    with visit.reading() as desk:
        roles_of(visit, desk)  # the menu asks for it
        tokens = desk.uow.tokens.all(visit.person)
    return render(
        request,
        "account/tokens.html",
        status=status,
        visit=visit,
        tokens=tokens,
        faults=faults,
        typed={"name": "", "days": "365"} | dict(typed),
        chosen=[Scope.READ.value] if chosen is None else chosen,
        secret=secret,
        scopes=SCOPES,
        lengths=_LENGTHS,
        now=visit.now,
    )


@router.post("/account/tokens")
def make(
    request: Request,
    visit: Posting,
    name: Short = "",
    days: Short = "",
    scope: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """A new token: shown on this answer and nowhere else."""
    lasts = timedelta(days=int(days)) if days in _LENGTHS else timedelta(0)
    try:
        with visit.changing() as desk:
            made = make_token(desk, visit.person, Wish(name, scope or [], lasts), visit.now, visit.person)
            desk.uow.commit()
    except TokenWishError as error:
        faults = {str(error.facts["field"]): sentence_of(error, language_of(request))}
        typed = {"name": name, "days": days}
        return _page(request, visit, status=422, faults=faults, typed=typed, chosen=scope or [])
    return _page(request, visit, secret=made.secret)


@router.post("/account/tokens/revoke")
def revoke(visit: Posting, token: Short = "") -> Response:
    """Take one of my tokens back."""
    with visit.changing() as desk:
        revoke_token(desk, token, visit.now, visit.person, person=visit.person)
        desk.uow.commit()
    return RedirectResponse("/account/tokens", status_code=303)


@router.get("/admin/tokens")
def everybody(request: Request, visit: Visiting) -> Response:
    """Tokens of everybody."""
    with visit.reading() as desk:
        check(visit, desk, Right.ADMINISTER)
        tokens = desk.uow.tokens.all()
        names = _names(desk, [token.person for token in tokens])
    return render(
        request, "account/every_token.html", visit=visit, tokens=tokens, names=names, scopes=SCOPES, now=visit.now
    )


def _names(desk: Desk, persons: list[str]) -> dict[str, str]:
    return {person: desk.person_name(person) for person in persons}


@router.post("/admin/tokens/revoke")
def revoke_any(visit: Posting, token: Short = "") -> Response:
    """Take anybody's token back, e.g. that of a program nobody knows."""
    with visit.changing() as desk:
        check(visit, desk, Right.ADMINISTER)
        revoke_token(desk, token, visit.now, visit.person)
        desk.uow.commit()
    return RedirectResponse("/admin/tokens", status_code=303)

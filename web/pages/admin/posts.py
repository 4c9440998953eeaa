"""ตำแหน่งและผู้รักษาราชการแทน: who holds, and who acts for, each post of the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError
from domain.people import Post
from domain.rights import Right
from services.days import day_of
from services.desk import Desk
from services.office import offices, posts
from web.changes import changing_alone, commit_and_replan
from web.door.form import Posting
from web.door.rights import check, roles_of
from web.door.visit import Visit, Visiting
from web.view.failures import sentence_of, status_of
from web.view.form_state import BLANK, Refused
from web.view.render import language_of, render

router = APIRouter()

Short = Annotated[str, Form(max_length=200)]
_SAID: Final = {"named": "กำหนดผู้รับผิดชอบแล้ว มีผลตั้งแต่วันที่กำหนด", "ended": "กำหนดวันสิ้นสุดแล้ว"}
"""What is confirmed, by what the address says was done."""


@dataclass(frozen=True, slots=True)
class Named:
    """Who is to be in charge of a post, as the form said."""

    person: str
    first: date
    last: date | None
    is_acting: bool


@router.get("/admin/people")
def everybody(request: Request, visit: Visiting) -> Response:
    """Divisions with their posts: who is in charge today, what is vacant."""
    with visit.reading() as desk:
        check(visit, desk, Right.ADMINISTER)
        today = desk.workdays.local_day(visit.now)
        units = posts.units(desk.people, today)
        names = {person.key: person.name for person in desk.people.persons}
    vacant = sum(not seat.in_charge for unit in units for seat in unit.seats)
    return render(request, "admin/posts.html", visit=visit, units=units, today=today, vacant=vacant, names=names)


@router.get("/posts/{post}")
def show(request: Request, visit: Visiting, post: str, done: Annotated[str, Query(max_length=20)] = "") -> Response:
    """One post, for the administrator and for the supervisor who holds it."""
    return _page(request, visit, post, sentence=_SAID.get(done, ""))


def _page(
    request: Request,
    visit: Visit,
    post: str,
    refused: Refused = BLANK,
    sentence: str = "",
) -> Response:
    with visit.reading() as desk:
        named_post, is_administrator = _post_for(visit, desk, post)
        today = desk.workdays.local_day(visit.now)
        blank = {"who": "", "first": "", "last": "", "kind": "acting", "person": "", "start": "", "until": ""}
        return render(
            request,
            "admin/post.html",
            status=refused.status,
            visit=visit,
            seat=posts.seat(desk.people, named_post, today),
            division=desk.people.division(named_post.division) if named_post.division else None,
            holdings=posts.holdings_from(desk.people, named_post.key, today),
            persons=desk.people.persons,
            names={person.key: person.name for person in desk.people.persons},
            is_administrator=is_administrator,
            today=today,
            faults=refused.faults,
            typed=blank | dict(refused.typed),
            sentence=sentence,
        )


def _post_for(visit: Visit, desk: Desk, key: str) -> tuple[Post, bool]:
    """The post, if the visitor may name who is in charge of it, and whether as the administrator."""
    roles = roles_of(visit, desk)
    named_post = posts.post_to_fill(desk.people, roles, visit.person, key, desk.workdays.local_day(visit.now))
    return named_post, roles.has(Right.ADMINISTER)


@router.post("/posts/{post}/holder")
def name_holder(
    request: Request, visit: Posting, post: str, who: Short = "", first: Short = "", last: Short = "", kind: Short = ""
) -> Response:
    """Name who acts for a post or, as the administrator, who holds it, from a day on."""
    typed = {"who": who, "first": first, "last": last, "kind": kind}
    with changing_alone(visit) as desk:
        named_post, is_administrator = _post_for(visit, desk, post)
        named, faults = _named(typed, {p.key for p in desk.people.persons}, language_of(request))
        if kind != "acting" and not (is_administrator and kind == "holder"):
            faults["kind"] = "โปรดเลือกว่าดำรงตำแหน่งหรือรักษาราชการแทน"
        if named is not None and not faults:
            faults = _put_in_charge(desk, visit, named_post.key, named, language_of(request))
        if not faults:
            commit_and_replan(visit, desk)
    if faults:
        return _page(request, visit, post, Refused(faults, typed))
    return RedirectResponse(f"/posts/{quote(named_post.key)}?done=named", status_code=303)


def _put_in_charge(desk: Desk, visit: Visit, post: str, named: Named, language: str) -> dict[str, str]:
    """Change who is in charge; what speaks against it, by field, and then the door must not commit."""
    first, last = named.first, named.last
    offices.put_in_charge(
        desk, post, named.person, first, last, is_acting=named.is_acting, by=visit.person, now=visit.now
    )
    if last is not None:
        try:
            posts.check_administrator_stays(desk.people, desk.uow.people.get(), last)
        except posts.LastAdministratorError as error:
            return {"last": sentence_of(error, language)}
    return {}


def _named(typed: Mapping[str, str], keys: set[str], language: str) -> tuple[Named | None, dict[str, str]]:
    """What the form says, or what is wrong with it, by field."""
    faults = {} if typed["who"] in keys else {"who": "โปรดเลือกบุคคล"}
    days: dict[str, date | None] = {"first": None, "last": None}
    for field in ("first", "last"):
        if field == "first" or typed[field].strip():
            try:
                days[field] = day_of(typed[field])
            except BadInputError as error:
                faults[field] = sentence_of(error, language)
    first, last = days["first"], days["last"]
    if first is None:
        return None, faults
    if last is not None and last < first:
        faults["last"] = "วันสุดท้ายอยู่ก่อนวันแรก"
    return Named(typed["who"], first, last, typed["kind"] == "acting"), faults


@router.post("/posts/{post}/end")
def end(
    request: Request, visit: Posting, post: str, person: Short = "", start: Short = "", until: Short = ""
) -> Response:
    """Let a holding end with a day; whoever holds a post may only end what others do for it."""
    typed = {"person": person, "start": start, "until": until}
    try:
        with changing_alone(visit) as desk:
            named_post, _ = _post_for(visit, desk, post)
            first = day_of(start)
            if not _is_acting(desk, named_post.key, person, first):
                check(visit, desk, Right.ADMINISTER)  # who acts may be ended by the post's supervisor as well
            posts.end_holding(desk, named_post.key, person, first, day_of(until), by=visit.person, now=visit.now)
            commit_and_replan(visit, desk)
    except BadInputError as error:
        faults = {f"until-{person}-{start}": sentence_of(error, language_of(request))}
        return _page(request, visit, post, Refused(faults, typed, status_of(error)))
    return RedirectResponse(f"/posts/{quote(named_post.key)}?done=ended", status_code=303)


def _is_acting(desk: Desk, post: str, person: str, start_on: date) -> bool:
    return any(
        (h.post, h.person, h.start_on, h.is_acting) == (post, person, start_on, True) for h in desk.people.holdings
    )

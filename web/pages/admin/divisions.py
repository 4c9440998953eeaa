"""ส่วนราชการและตำแหน่ง: divisions in the office's order, their names, and the posts of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BeforeValidator

from domain.errors import BadInputError, SucharitError
from domain.people import Division, DivisionKind, Level
from services.desk import Desk
from services.office import posts, structure
from services.record import plain_lines, storable
from web.changes import changing_alone, commit_and_replan
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view import labels
from web.view.failures import sentence_of
from web.view.form_state import BLANK, Refused
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/divisions")

Short = Annotated[str, Form(max_length=300)]
Long = Annotated[str, BeforeValidator(plain_lines), Form(max_length=3000)]
Said = Annotated[str, Query(max_length=10)]

OFFICE: Final = "-"
"""Stands in an address where a division's key would: the posts of the whole office."""
_LEVELS: Final = {True: (Level.OFFICER, Level.HEAD), False: (Level.CLERK, Level.MAYOR, Level.ADMINISTRATOR)}
_NO_NAME: Final = "โปรดกรอกชื่อ"


@router.get("")
def every(request: Request, visit: Looking) -> Response:
    """Divisions in order, with what each has, and the way to add one."""
    return _list(request, visit)


def _list(request: Request, visit: Visit, refused: Refused = BLANK) -> Response:
    with visit.reading() as desk:
        people = desk.people
    counts = {
        division.key: sum(post.division == division.key for post in people.posts) for division in people.divisions
    }
    return render(
        request, "admin/divisions.html", status=refused.status, visit=visit, divisions=people.divisions, counts=counts,
        own=sum(post.division is None for post in people.posts), faults=refused.faults, labels=labels,
        kinds=list(DivisionKind),
        typed={"key": "", "name": "", "kind": DivisionKind.DIVISION.value} | dict(refused.typed),
    )  # fmt: skip


@router.post("")
def add(request: Request, visit: Acting, key: Short = "", name: Short = "", kind: Short = "") -> Response:
    """A new division, the last in order."""
    typed, faults = {"key": key, "name": name, "kind": kind}, _faults_of(name, kind)
    if not faults:
        faults = _change(
            visit,
            lambda desk: structure.add_division(
                desk, key.strip(), name, DivisionKind(kind), by=visit.person, now=visit.now
            ),
            "key", language_of(request),
        )  # fmt: skip
    return _list(request, visit, Refused(faults, typed)) if faults else _back(key.strip())


def _faults_of(name: str, kind: str) -> dict[str, str]:
    faults = {} if storable(name) else {"name": _NO_NAME}
    if kind not in set(DivisionKind):
        faults["kind"] = "โปรดเลือกประเภทของส่วนราชการ"
    return faults


def _change(visit: Visit, act: Callable[[Desk], object], field: str, language: str) -> dict[str, str]:
    """Make a change and commit it; what speaks against it, at its field."""
    try:
        with changing_alone(visit) as desk:
            act(desk)
            commit_and_replan(visit, desk)
    except structure.DivisionNamedError as error:
        return {"name": sentence_of(error, language)}
    except BadInputError as error:
        return {field: sentence_of(error, language)}
    return {}


def _back(key: str) -> Response:
    return RedirectResponse(f"/admin/divisions/{quote(key)}?said=saved", status_code=303)


@router.get("/{division}")
def show(request: Request, visit: Looking, division: str, said: Said = "") -> Response:
    """One division with its posts; `-` for the posts of the whole office."""
    return _page(request, visit, division, outcome=said)


def _page(request: Request, visit: Visit, key: str, refused: Refused = BLANK, *, outcome: str = "") -> Response:
    with visit.reading() as desk:
        division = None if key == OFFICE else structure.division_of(desk.people, key)
        today = desk.workdays.local_day(visit.now)
        own = [
            posts.seat(desk.people, p, today) for p in desk.people.posts if p.division == (division and division.key)
        ]
        held = {holding.post for holding in desk.people.holdings}
    return render(
        request, "admin/division.html", status=refused.status, visit=visit, division=division, key=key, seats=own,
        held=held, faults=refused.faults, typed=_filled(division) | dict(refused.typed), outcome=outcome, labels=labels,
        kinds=list(DivisionKind), levels=_LEVELS[division is not None],
    )  # fmt: skip


def _filled(division: Division | None) -> dict[str, str]:
    blank = {"post": "", "title": "", "level": "", "name": "", "kind": "", "aliases": ""}
    if division is None:
        return blank
    filled = {"name": division.name, "kind": division.kind.value, "aliases": "\n".join(division.aliases)}
    return blank | filled


@router.post("/{division}")
def change(
    request: Request, visit: Acting, division: str, name: Short = "", kind: Short = "", aliases: Long = ""
) -> Response:
    """Another name, kind or other names; plans that use the old name go on meaning this division."""
    typed, faults = {"name": name, "kind": kind, "aliases": aliases}, _faults_of(name, kind)
    others = [line for line in map(storable, aliases.splitlines()) if line]
    if not faults:
        faults = _change(
            visit,
            lambda desk: structure.change_division(
                desk, division, name, DivisionKind(kind), others, by=visit.person, now=visit.now
            ),
            "name", language_of(request),
        )  # fmt: skip
    return _page(request, visit, division, Refused(faults, typed)) if faults else _back(division)


@router.post("/{division}/move")
def move(visit: Acting, division: str, way: Short = "") -> Response:
    """One place up or down in the office's order, in which every list and report has the divisions."""
    with changing_alone(visit) as desk:
        structure.move_division(desk, division, up=way == "up", by=visit.person, now=visit.now)
        desk.uow.commit()
    return RedirectResponse(f"/admin/divisions#{quote(division)}", status_code=303)


@router.post("/{division}/posts")
def change_posts(
    request: Request,
    visit: Acting,
    division: str,
    act: Short = "",
    post: Short = "",
    title: Short = "",
    level: Short = "",
) -> Response:
    """Add a post, give one another title, or take away one that nobody ever held."""
    typed, field = {"post": post, "title": title, "level": level}, f"title-{post}" if post else "title"
    faults = {} if storable(title) or act == "remove" else {field: _NO_NAME}
    if act == "add" and level not in _LEVELS[division != OFFICE]:
        faults["level"] = "โปรดเลือกระดับ"
    if not faults:
        faults = _change(
            visit, lambda desk: _on_post(desk, visit, division, typed | {"act": act}), field, language_of(request)
        )
    return _page(request, visit, division, Refused(faults, typed)) if faults else _back(division)


def _on_post(desk: Desk, visit: Visit, division: str, typed: Mapping[str, str]) -> None:
    place = None if division == OFFICE else structure.division_of(desk.people, division).key
    if typed["act"] == "add":
        structure.add_post(desk, place, Level(typed["level"]), typed["title"], by=visit.person, now=visit.now)
        return
    post = posts.post_of(desk.people, typed["post"])
    if post.division != place:
        raise _elsewhere(post.title)
    if typed["act"] == "remove":
        structure.remove_post(desk, post, by=visit.person, now=visit.now)
    else:
        structure.rename_post(desk, post, typed["title"], by=visit.person, now=visit.now)


def _elsewhere(title: str) -> SucharitError:
    return BadInputError(
        problem=f"“{title}” is a post of another division.", problem_thai=f"“{title}” เป็นตำแหน่งของส่วนราชการอื่น",
        remedy="Go back to the list.", remedy_thai="โปรดกลับไปที่รายการ",
    )  # fmt: skip

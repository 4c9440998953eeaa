"""บุคคล: who works in the office, with the address that letters go to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError
from domain.people import Person
from notifications.faults import DeliveryError
from notifications.policy import check_address
from services.desk import Desk
from services.office import structure
from services.office.posts import person_of
from services.record import storable
from web.changes import changing_alone
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view.failures import sentence_of
from web.view.form_state import BLANK, Refused
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/persons")

Short = Annotated[str, Form(max_length=300)]


@router.get("")
def every(request: Request, visit: Looking) -> Response:
    """Everybody, and the way to add somebody."""
    return _list(request, visit)


def _list(request: Request, visit: Visit, refused: Refused = BLANK) -> Response:
    with visit.reading() as desk:
        people, today = desk.people, desk.workdays.local_day(visit.now)
    titles: dict[str, list[str]] = {person.key: [] for person in people.persons}
    for post in people.posts:
        for person, _ in people.in_charge(post, today):
            titles[person.key].append(post.title)
    return render(
        request, "admin/people.html", status=refused.status, visit=visit, persons=people.persons, titles=titles,
        faults=refused.faults, typed={"key": "", "name": "", "email": ""} | dict(refused.typed),
    )  # fmt: skip


@router.post("")
def add(request: Request, visit: Acting, key: Short = "", name: Short = "", email: Short = "") -> Response:
    """Somebody new, who holds no post yet."""
    typed, faults = {"key": key, "name": name, "email": email}, _faults_of(name, email, language_of(request))
    if not faults:
        faults = _change(
            visit,
            lambda desk: structure.add_person(
                desk, key.strip(), name, email.strip(), by=visit.person, now=visit.now
            ),
            language_of(request),
        )  # fmt: skip
    return _list(request, visit, Refused(faults, typed)) if faults else _back(key.strip())


def _faults_of(name: str, email: str, language: str) -> dict[str, str]:
    faults = {} if storable(name) else {"name": "โปรดกรอกชื่อ"}
    if email.strip():
        try:
            check_address(email.strip())
        except DeliveryError as error:
            faults["email"] = sentence_of(error, language)
    return faults


def _change(visit: Visit, act: Callable[[Desk], object], language: str) -> dict[str, str]:
    """Make a change and commit it; what speaks against it, by field."""
    try:
        with changing_alone(visit) as desk:
            act(desk)
            desk.uow.commit()
    except BadInputError as error:
        return {"key": sentence_of(error, language)}
    return {}


def _back(key: str) -> Response:
    return RedirectResponse(f"/admin/persons/{quote(key)}?said=saved", status_code=303)


@router.get("/{person}")
def show(request: Request, visit: Looking, person: str, said: Annotated[str, Query(max_length=10)] = "") -> Response:
    """One person."""
    with visit.reading() as desk:
        named_person = person_of(desk.people, person)
    return _page(request, visit, named_person, outcome=said)


def _page(request: Request, visit: Visit, person: Person, refused: Refused = BLANK, *, outcome: str = "") -> Response:
    filled = {"name": person.name, "email": person.email or ""}
    return render(
        request, "admin/person.html", status=refused.status, visit=visit, person=person,
        typed=filled | dict(refused.typed), faults=refused.faults, outcome=outcome,
    )  # fmt: skip


@router.post("/{person}")
def change(request: Request, visit: Acting, person: str, name: Short = "", email: Short = "") -> Response:
    """Another name or address; letters that wait still go to where they were written."""
    with visit.reading() as desk:
        named_person = person_of(desk.people, person)
    faults = _faults_of(name, email, language_of(request))
    if faults:
        return _page(request, visit, named_person, Refused(faults, {"name": name, "email": email}))
    _change(
        visit,
        lambda desk: structure.change_person(
            desk, person_of(desk.people, person), name, email.strip(), by=visit.person, now=visit.now
        ),
        language_of(request),
    )
    return _back(person)

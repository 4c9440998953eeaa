"""Divisions, posts and people: added and changed by the administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from domain.errors import BadInputError
from domain.people import DivisionKind, Level
from notifications.policy import check_address
from services.desk import Desk
from services.office import posts, structure
from services.office.posts import person_of
from services.record import storable
from web.api.door import Administering
from web.api.office import Division as DivisionView
from web.api.office import Post as PostView
from web.api.office import divisions, every_post
from web.api.values import Key, Line, Model, Name
from web.changes import changing_alone
from web.door.visit import Visit

router = APIRouter(tags=["structure"])

NonEmpty = Annotated[Line, Field(min_length=1, pattern=r"\S")]
_OF_DIVISION = (Level.OFFICER, Level.HEAD)


class MisplacedPostError(BadInputError):
    """A level that such a post cannot have."""

    english = "Officers and heads belong to a division, every other level to the office as a whole."
    thai = "เจ้าหน้าที่และหัวหน้าต้องสังกัดกอง ส่วนระดับอื่นเป็นของทั้งหน่วยงาน"


class NewDivision(Model):
    """A division, the last in order, without posts."""

    key: Name = Field(examples=["chang"], description="Small letters, digits and underscore; never changes.")
    name: NonEmpty = Field(examples=["กองช่าง"])
    kind: DivisionKind = DivisionKind.DIVISION


class ChangedDivision(Model):
    """A division's names and kind; a name it had stays one of the others."""

    name: NonEmpty
    kind: DivisionKind
    aliases: list[NonEmpty] = Field(default=[], max_length=50)


class NewPost(Model):
    """A post, vacant until somebody is named; without a division it is one of the whole office."""

    division: Name | None = None
    level: Level
    title: NonEmpty = Field(examples=["ผู้อำนวยการกองช่าง"])


class Title(Model):
    """Another title of a post."""

    title: NonEmpty


class NewPerson(Model):
    """A person without a post; without an address letters are printed."""

    key: Name = Field(examples=["somchai"])
    name: NonEmpty
    email: Line | None = None


class ChangedPerson(Model):
    """A person's name and address."""

    name: NonEmpty
    email: Line | None


class PersonView(Model):
    """A person, with the address that letters go to."""

    key: str
    name: str
    email: str | None


def _change(visit: Visit, act: Callable[[Desk], object]) -> None:
    with changing_alone(visit) as desk:
        act(desk)
        desk.uow.commit()


@router.post("/divisions", status_code=201)
def add_division(visit: Administering, body: NewDivision) -> list[DivisionView]:
    """Add a division."""
    _change(
        visit,
        lambda desk: structure.add_division(desk, body.key, body.name, body.kind, by=visit.person, now=visit.now),
    )
    return divisions(visit)


@router.put("/divisions/{division}")
def change_division(visit: Administering, division: Key, body: ChangedDivision) -> list[DivisionView]:
    """Give a division another name, kind or other names."""
    _change(
        visit,
        lambda desk: structure.change_division(
            desk, division, body.name, body.kind, body.aliases, by=visit.person, now=visit.now
        ),
    )
    return divisions(visit)


@router.post("/posts", status_code=201)
def add_post(visit: Administering, body: NewPost) -> list[PostView]:
    """Add a post."""
    if (body.level in _OF_DIVISION) != (body.division is not None):
        raise MisplacedPostError

    def add(desk: Desk) -> None:
        place = body.division and structure.division_of(desk.people, body.division).key
        structure.add_post(desk, place, body.level, body.title, by=visit.person, now=visit.now)

    _change(visit, add)
    return every_post(visit)


@router.put("/posts/{post}")
def rename_post(visit: Administering, post: Key, body: Title) -> list[PostView]:
    """Give a post another title; whoever holds it goes on holding it."""
    _change(
        visit,
        lambda desk: structure.rename_post(
            desk, posts.post_of(desk.people, post), body.title, by=visit.person, now=visit.now
        ),
    )
    return every_post(visit)


@router.delete("/posts/{post}", status_code=204)
def remove_post(visit: Administering, post: Key) -> Response:
    """Take away a post that nobody ever held."""
    _change(
        visit,
        lambda desk: structure.remove_post(desk, posts.post_of(desk.people, post), by=visit.person, now=visit.now),
    )
    return Response(status_code=204)


@router.post("/people", status_code=201)
def add_person(visit: Administering, body: NewPerson) -> PersonView:
    """Add a person."""
    email = _address(body.email)
    _change(
        visit,
        lambda desk: structure.add_person(desk, body.key, body.name, email, by=visit.person, now=visit.now),
    )
    return _person(visit, body.key)


@router.put("/people/{person}")
def change_person(visit: Administering, person: Key, body: ChangedPerson) -> PersonView:
    """Give a person another name or address."""
    email = _address(body.email)
    _change(
        visit,
        lambda desk: structure.change_person(
            desk, person_of(desk.people, person), body.name, email, by=visit.person, now=visit.now
        ),
    )
    return _person(visit, person)


def _address(email: str | None) -> str:
    plain = storable(email or "")
    if plain:
        check_address(plain)
    return plain


def _person(visit: Visit, key: str) -> PersonView:
    with visit.reading() as desk:
        person = person_of(desk.people, key)
    return PersonView(key=person.key, name=person.name, email=person.email)

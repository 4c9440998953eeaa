"""Who I am; the office, its divisions, posts and people, and who is in charge of a post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import Field

from domain.office import OfficeKind
from domain.people import DivisionKind, Holding, Level
from services.access.tokens import Scope
from services.desk import Desk
from services.office import offices, posts
from services.office.posts import Seat
from web.api.door import Administering, Reading, token_in
from web.api.values import Day, Flag, Key, Model, Name
from web.changes import changing_alone, commit_and_replan
from web.door.rights import roles_of
from web.door.visit import Visit

router = APIRouter(tags=["office"])


class Me(Model):
    """The person the token stands for, and what their posts let them do today."""

    office: str
    person: str
    name: str
    scopes: list[Scope]
    token_expires_at: datetime
    divisions: list[str] = Field(description="Keys of the divisions they work in.")
    supervised: list[str] = Field(description="Keys of the divisions whose results come to them.")
    is_administrator: bool


class Office(Model):
    """The local authority."""

    key: str = Field(examples=["ban-mai"])
    name: str = Field(examples=["เทศบาลตำบลบ้านใหม่"])
    kind: OfficeKind
    district: str
    province: str
    is_demo: bool
    years: list[int] = Field(description="Fiscal years with a plan in force, Buddhist era.", examples=[[2570]])


class Division(Model):
    """A division of the office."""

    key: str = Field(examples=["chang"])
    name: str = Field(examples=["กองช่าง"])
    kind: DivisionKind
    aliases: list[str] = Field(description="Other ways its name is written.")


class InCharge(Model):
    """Somebody who is in charge of a post today."""

    person: str
    name: str
    is_acting: bool


class Post(Model):
    """A post that notices go to; `in_charge` is empty where it is vacant today."""

    key: str
    title: str = Field(examples=["ผู้อำนวยการกองช่าง"])
    level: Level
    division: str | None
    in_charge: list[InCharge]


class Person(Model):
    """Somebody who can hold posts."""

    key: str
    name: str


class Term(Model):
    """Who holds, or acts for, a post from a day to a day, both included."""

    person: str
    start_on: date
    end_on: date | None
    is_acting: bool


class Appointment(Model):
    """Who is to be in charge of a post."""

    person: Name
    start_on: Day
    end_on: Day | None = None
    is_acting: Flag = Field(description="รักษาราชการแทน: the holder stays and comes back.")


class End(Model):
    """Which holding ends, and its last day."""

    person: Name
    start_on: Day
    end_on: Day


@router.get("/me")
def me(request: Request, visit: Reading) -> Me:
    """Whom the token stands for."""
    token = token_in(request)
    with visit.reading() as desk:
        roles, name = roles_of(visit, desk), desk.person_name(visit.person)
    return Me(
        office=visit.office,
        person=visit.person,
        name=name,
        scopes=[Scope(scope) for scope in token.scopes],
        token_expires_at=token.expires_at,
        divisions=list(roles.divisions),
        supervised=list(roles.supervised),
        is_administrator=roles.is_administrator,
    )


@router.get("/office")
def office(visit: Reading) -> Office:
    """The office that the token belongs to."""
    with visit.reading() as desk:
        own, years = desk.office, [stored.plan.fiscal_year_be for stored in desk.plans]
    return Office(
        key=own.key,
        name=own.name,
        kind=own.kind,
        district=own.district,
        province=own.province,
        is_demo=own.is_demo,
        years=years,
    )


@router.get("/divisions")
def divisions(visit: Reading) -> list[Division]:
    """Divisions in the office's order."""
    with visit.reading() as desk:
        units = desk.people.divisions
    return [Division(key=d.key, name=d.name, kind=d.kind, aliases=list(d.aliases)) for d in units]


@router.get("/posts")
def every_post(visit: Reading) -> list[Post]:
    """Posts, each with who is in charge today."""
    with visit.reading() as desk:
        today = desk.workdays.local_day(visit.now)
        return [_post(posts.seat(desk.people, post, today)) for post in desk.people.posts]


def _post(seat: Seat) -> Post:
    in_charge = [InCharge(person=p.key, name=p.name, is_acting=acts) for p, acts in seat.in_charge]
    post = seat.post
    return Post(key=post.key, title=post.title, level=post.level, division=post.division, in_charge=in_charge)


@router.get("/people")
def people(visit: Administering) -> list[Person]:
    """Everybody of the office."""
    with visit.reading() as desk:
        return [Person(key=person.key, name=person.name) for person in desk.people.persons]


@router.get("/posts/{post}/holdings")
def holdings(visit: Administering, post: Key) -> list[Term]:
    """Who holds or acts for a post today and later."""
    with visit.reading() as desk:
        named_post = posts.post_of(desk.people, post)
        today = desk.workdays.local_day(visit.now)
        return [_term(held) for held in posts.holdings_from(desk.people, named_post.key, today)]


def _term(held: Holding) -> Term:
    return Term(person=held.person, start_on=held.start_on, end_on=held.end_on, is_acting=held.is_acting)


@router.post("/posts/{post}/holdings")
def appoint(visit: Administering, post: Key, body: Annotated[Appointment, Body()]) -> list[Term]:
    """Name who holds or acts for a post; notices follow from that day on."""

    def name(desk: Desk) -> None:
        offices.put_in_charge(
            desk, post, body.person, body.start_on, body.end_on, is_acting=body.is_acting, by=visit.person,
            now=visit.now,
        )  # fmt: skip
        if body.end_on is not None:
            posts.check_administrator_stays(desk.people, desk.uow.people.get(), body.end_on)

    return _changed(visit, post, name)


@router.post("/posts/{post}/holdings/end")
def end(visit: Administering, post: Key, body: Annotated[End, Body()]) -> list[Term]:
    """Let a holding end with a day."""
    return _changed(
        visit,
        post,
        lambda desk: posts.end_holding(
            desk, post, body.person, body.start_on, body.end_on, by=visit.person, now=visit.now
        ),
    )


def _changed(visit: Visit, post: str, act: Callable[[Desk], None]) -> list[Term]:
    with changing_alone(visit) as desk:
        act(desk)
        commit_and_replan(visit, desk)
    return holdings(visit, post)

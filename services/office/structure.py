"""The office's divisions and posts: added, named anew, put in order, and taken away where nobody ever held them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.errors import BadInputError, there
from domain.ledger import Entry
from domain.matching import match_unit
from domain.people import Division, DivisionKind, Level, People, Person, Post
from domain.plan import Scope
from services.desk import Desk
from services.record import storable

KEY: Final = re.compile(r"[a-z0-9_]{1,40}")
"""A division's key becomes part of names elsewhere (docs/decisions/0003)."""


class KeyRefusedError(BadInputError):
    """A short name that cannot be used."""

    english = "“{key}” is taken, or has other signs than a to z, 0 to 9 and “_”, at most 40. Choose another."
    thai = "“{key}” มีผู้ใช้แล้ว หรือมีอักขระอื่นนอกจาก a ถึง z, 0 ถึง 9 และ _ ไม่เกิน 40 ตัว โปรดตั้งใหม่"


class DivisionNamedError(BadInputError):
    """Two divisions of one name: nobody could tell whom a plan means."""

    english = "“{name}” is already a name of {division}. Choose another."
    thai = "“{name}” เป็นชื่อของ{division}อยู่แล้ว โปรดใช้ชื่ออื่น"


class PostHeldError(BadInputError):
    """A post that somebody holds, or held: its letters and its ledger lines name it."""

    english = "“{title}” is held, or was. End the holding instead; a vacant post stops nothing."
    thai = "“{title}” มีหรือเคยมีผู้ดำรงตำแหน่ง จึงลบไม่ได้ โปรดกำหนดวันสิ้นสุดแทน ตำแหน่งที่ว่างไม่กระทบการทำงาน"


def add_division(desk: Desk, key: str, name: str, kind: DivisionKind, *, by: str, now: datetime) -> Division:
    """A new division, the last in order, without posts.

    In the middle of a year it is asked from the period on in which it is founded. One that a plan in force names, and
    that only was not known here, is asked for all periods.

    Raises:
        KeyRefusedError: The key is taken or no key.
        DivisionNamedError: Another division has the name.
    """
    if not KEY.fullmatch(key) or desk.people.division(key) is not None:
        raise KeyRefusedError(key=key)
    added = Division(key, _free(desk.people, key, name), kind)
    if desk.plans and not _is_named(desk, added):
        added = replace(added, founded_on=desk.workdays.local_day(now))
    desk.uow.people.save(replace(desk.people, divisions=(*desk.people.divisions, added)))
    founded = {"founded_on": added.founded_on.isoformat()} if added.founded_on else {}
    desk.uow.ledger.note(Entry(now, "division.added", by, key, {"name": added.name, "kind": kind.value, **founded}))
    return added


def _is_named(desk: Desk, division: Division) -> bool:
    """Tell whether a plan in force names the division among those that must act."""
    people = replace(desk.people, divisions=(*desk.people.divisions, division))
    return any(
        division in match.divisions
        for stored in desk.plans
        for _, step in stored.plan.steps()
        if step.responsible.scope is Scope.LISTED
        for party in step.responsible.acting
        if (match := match_unit(party.unit, people)).is_certain
    )


def change_division(
    desk: Desk, key: str, name: str, kind: DivisionKind, aliases: Iterable[str], *, by: str, now: datetime
) -> Division:
    """Another name, kind or other names. The name until now stays one of the other names: plans in force use it.

    Raises:
        NotFoundError: There is no such division.
        DivisionNamedError: Another division has one of the names.
    """
    before = division_of(desk.people, key)
    new_name = _free(desk.people, key, name)
    others = [
        _free(desk.people, key, alias) for alias in (*aliases, *([before.name] if new_name != before.name else []))
    ]
    own = tuple(dict.fromkeys(alias for alias in others if alias != new_name))
    after = replace(before, name=new_name, kind=kind, aliases=own)
    if after == before:
        return before
    _save(desk, tuple(after if division.key == key else division for division in desk.people.divisions))
    facts = {"before": _facts(before), "after": _facts(after)}
    desk.uow.ledger.note(Entry(now, "division.changed", by, key, facts))
    return after


def move_division(desk: Desk, key: str, *, up: bool, by: str, now: datetime) -> None:
    """Change places with the division before it (or behind it); the first and the last stay where they are.

    Raises:
        NotFoundError: There is no such division.
    """
    order = list(desk.people.divisions)
    place = order.index(division_of(desk.people, key))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    _save(desk, tuple(order))
    desk.uow.ledger.note(Entry(now, "division.moved", by, key, {"order": [division.key for division in order]}))


def division_of(people: People, key: str) -> Division:
    """Division with this key.

    Raises:
        NotFoundError: The office has no such division.
    """
    return there(
        people.division(key), what="division", what_thai="ส่วนราชการ", key=key[:80], remedy="Go back to the list.",
        remedy_thai="โปรดกลับไปที่รายการ",
    )  # fmt: skip


def add_post(desk: Desk, division: str | None, level: Level, title: str, *, by: str, now: datetime) -> Post:
    """A new post, vacant until somebody is named; `division` is None for those of the whole office."""
    taken = {post.key for post in desk.people.posts}
    base = f"{division}.{level.value}" if division else level.value
    numbers = (f"{base}.{number}" for number in range(2, len(taken) + 3))
    key = next(key for key in (base, *numbers) if key not in taken)
    added = Post(key, storable(title), level, division)
    desk.uow.people.save(replace(desk.people, posts=(*desk.people.posts, added)))
    facts = {"title": added.title, "level": level.value, "division": division or ""}
    desk.uow.ledger.note(Entry(now, "post.added", by, key, facts))
    return added


def rename_post(desk: Desk, post: Post, title: str, *, by: str, now: datetime) -> None:
    """Another title; whoever holds the post goes on holding it."""
    new_title = storable(title)
    if new_title == post.title:
        return
    renamed = tuple(replace(other, title=new_title) if other.key == post.key else other for other in desk.people.posts)
    desk.uow.people.save(replace(desk.people, posts=renamed))
    desk.uow.ledger.note(Entry(now, "post.renamed", by, post.key, {"before": post.title, "after": new_title}))


def remove_post(desk: Desk, post: Post, *, by: str, now: datetime) -> None:
    """Take away a post that nobody ever held.

    Raises:
        PostHeldError: Somebody holds it, or did.
    """
    was_held = any(line.entry.kind == "post.held" for line in desk.uow.ledger.lines(post.key))
    if was_held or any(held.post == post.key for held in desk.people.holdings):
        raise PostHeldError(title=post.title)
    left = tuple(other for other in desk.people.posts if other.key != post.key)
    desk.uow.people.save(replace(desk.people, posts=left))
    desk.uow.ledger.note(Entry(now, "post.removed", by, post.key, {"title": post.title}))


def add_person(desk: Desk, key: str, name: str, email: str, *, by: str, now: datetime) -> Person:
    """A new person, without a post; `email` is empty where letters shall be printed.

    Raises:
        KeyRefusedError: The key is taken or no key.
    """
    if not KEY.fullmatch(key) or desk.people.person(key) is not None:
        raise KeyRefusedError(key=key)
    added = Person(key, storable(name), email or None)
    desk.uow.people.save(replace(desk.people, persons=(*desk.people.persons, added)))
    desk.uow.ledger.note(Entry(now, "person.added", by, key, {"has_email": added.email is not None}))
    return added


def change_person(desk: Desk, person: Person, name: str, email: str, *, by: str, now: datetime) -> None:
    """Another name or address. Neither stands in the ledger; that they changed does."""
    after = replace(person, name=storable(name), email=email or None)
    if after == person:
        return
    desk.uow.people.save(
        replace(
            desk.people, persons=tuple(after if other.key == person.key else other for other in desk.people.persons)
        )
    )
    facts = {"name": after.name != person.name, "email": after.email != person.email}
    desk.uow.ledger.note(Entry(now, "person.changed", by, person.key, facts))


def _free(people: People, key: str, name: str) -> str:
    """The name as it is stored, if no other division is called so."""
    wanted = " ".join(storable(name).split())
    for other in people.divisions:
        if other.key != key and wanted in (other.name, *other.aliases):
            raise DivisionNamedError(name=wanted, division=other.name)
    return wanted


def _save(desk: Desk, divisions: tuple[Division, ...]) -> None:
    desk.uow.people.save(replace(desk.people, divisions=divisions))


def _facts(division: Division) -> dict[str, object]:
    return {"name": division.name, "kind": division.kind.value, "aliases": list(division.aliases)}

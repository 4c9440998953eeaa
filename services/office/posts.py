"""Who is in charge of each post on a day, who comes next, and the end of a holding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.errors import BadInputError, there
from domain.ledger import Entry
from domain.people import SUPERVISORS, Division, Holding, Level, People, Person, Post
from domain.rights import NotForYouError, Right, Roles
from domain.thai import long_date
from services.desk import Desk


@dataclass(frozen=True, slots=True)
class Seat:
    """A post on a day. `in_charge` are persons with whether they act; none where the post is vacant.

    Attributes:
        held_by: Its holders, also where somebody acts for them.
        later: Holdings that begin after the day, the earliest first.
    """

    post: Post
    in_charge: tuple[tuple[Person, bool], ...]
    held_by: tuple[Person, ...]
    later: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A division with its posts; None for the posts of the whole office."""

    division: Division | None
    seats: tuple[Seat, ...]


class LastAdministratorError(BadInputError):
    """Without an administrator nobody could name one on the pages."""

    english = "Nobody would hold the administrator's post after {day}. Name the next holder first."
    thai = "หลังวันที่ {day} จะไม่มีผู้ดูแลระบบ โปรดกำหนดผู้ดำรงตำแหน่งคนต่อไปก่อน"


class EndsBeforeItBeganError(BadInputError):
    """A last day before the first one of a holding that has begun."""

    english = "The last day is before the first one."
    thai = "วันสุดท้ายอยู่ก่อนวันแรก"


def units(people: People, day: date) -> list[Unit]:
    """Divisions in the office's order with their posts on `day`, then the posts of the whole office."""
    of_divisions = [Unit(d, _seats(people, d.key, day)) for d in people.divisions]
    return [*of_divisions, Unit(None, _seats(people, None, day))]


def _seats(people: People, division: str | None, day: date) -> tuple[Seat, ...]:
    return tuple(seat(people, post, day) for post in people.posts if post.division == division)


def seat(people: People, post: Post, day: date) -> Seat:
    """A post on `day`."""
    held = [h.person for h in people.holdings if h.post == post.key and h.covers(day) and not h.is_acting]
    later = sorted((h for h in holdings_from(people, post.key, day) if h.start_on > day), key=lambda h: h.start_on)
    holders = tuple(person for person in map(people.person, held) if person is not None)
    return Seat(post, tuple(people.in_charge(post, day)), holders, tuple(later))


def holdings_from(people: People, post: str, day: date) -> list[Holding]:
    """Holdings of a post that are in force on `day` or begin later, the earliest first."""
    lasting = [
        h
        for h in people.holdings
        if h.post == post and (h.end_on is None or (h.end_on >= day and h.end_on >= h.start_on))
    ]
    return sorted(lasting, key=lambda h: (h.start_on, h.is_acting))


def post_of(people: People, key: str) -> Post:
    """Post with this key.

    Raises:
        NotFoundError: The office has no such post.
    """
    post = next((post for post in people.posts if post.key == key), None)
    remedy, thai = "`sucharit office show` lists the posts.", "โปรดดูรายการตำแหน่งในหน่วยงาน"
    return there(post, what="post", what_thai="ตำแหน่ง", key=key, remedy=remedy, remedy_thai=thai)


def person_of(people: People, key: str) -> Person:
    """Person with this key.

    Raises:
        NotFoundError: The office has no such person.
    """
    remedy, thai = "`sucharit office show` lists the persons.", "โปรดดูรายชื่อบุคคลในหน่วยงาน"
    return there(people.person(key), what="person", what_thai="บุคคล", key=key[:80], remedy=remedy, remedy_thai=thai)


def own_posts(people: People, person: str, day: date) -> list[Post]:
    """Supervisors' posts that a person holds, not merely acts for, on `day`: for these they may name who acts."""
    held = {h.post for h in people.holdings if h.person == person and h.covers(day) and not h.is_acting}
    return [post for post in people.posts if post.key in held and post.level in SUPERVISORS]


def posts_below(people: People, person: str, day: date) -> list[Post]:
    """Supervisors' posts of the line below those that a person is in charge of on `day`, in the office's order.

    The clerk's line are the heads, the mayor's also the clerk. Who acts for a post has its line too, for it must be
    filled while the holder is away. Officers' posts are the administrator's to fill: nobody acts for an officer.
    """
    ranks = [SUPERVISORS.index(post.level) for post in people.posts_of(person, day) if post.level in SUPERVISORS]
    highest = max(ranks, default=0)
    return [post for post in people.posts if post.level in SUPERVISORS[:highest]]


def may_fill(people: People, person: str, day: date) -> list[Post]:
    """Posts for which a person may name who acts: the supervisor's own, and those of the line below."""
    return list(dict.fromkeys([*own_posts(people, person, day), *posts_below(people, person, day)]))


def post_to_fill(people: People, roles: Roles, person: str, key: str, day: date) -> Post:
    """The post, if the person may name who is in charge of it on `day`.

    Raises:
        NotFoundError: The office has no such post; only an administrator is told.
        NotForYouError: The post is not theirs to fill.
    """
    if roles.has(Right.ADMINISTER):
        return post_of(people, key)
    post = next((post for post in may_fill(people, person, day) if post.key == key), None)
    if post is None:
        raise NotForYouError(
            who="the administrator, and the supervisor who holds the post or one above it in its line",
            who_thai="ผู้ดูแลระบบ และผู้บังคับบัญชาที่ดำรงตำแหน่งนี้หรือตำแหน่งที่สูงกว่าในสายงาน",
        )
    return post


def is_vacant(people: People, post: Post, day: date) -> bool:
    """Tell whether nobody is in charge of a post on `day`."""
    return not people.in_charge(post, day)


def end_holding(desk: Desk, post: str, person: str, start_on: date, end_on: date, *, by: str, now: datetime) -> None:
    """Let a holding end with `end_on`; one that has not begun by then, and is still to begin, is taken back.

    Raises:
        NotFoundError: There is no such holding.
        EndsBeforeItBeganError: It has begun, and after `end_on`.
        LastAdministratorError: Nobody would be in charge of the office's pages.
    """
    key = (post, person, start_on)
    holding = there(
        next((h for h in desk.people.holdings if (h.post, h.person, h.start_on) == key), None),
        what="holding of",
        what_thai="การดำรงตำแหน่ง",
        key=post,
        remedy="Somebody changed it.",
        remedy_thai="มีผู้แก้ไขไปแล้ว",
    )
    if end_on < start_on <= desk.workdays.local_day(now):
        raise EndsBeforeItBeganError
    shortened = [replace(holding, end_on=end_on)] if end_on >= start_on else []
    after = replace(
        desk.people, holdings=tuple(x for h in desk.people.holdings for x in (shortened if h == holding else [h]))
    )
    check_administrator_stays(desk.people, after, end_on)
    desk.uow.people.save(after)
    facts = {"person": person, "from": start_on.isoformat(), "to": end_on.isoformat(), "acting": holding.is_acting}
    desk.uow.ledger.note(Entry(now, "post.ended", by, post, facts))


def check_administrator_stays(before: People, after: People, end_on: date) -> None:
    """Accept a change by which a holding ends with `end_on`.

    Raises:
        LastAdministratorError: From the next day on nobody would be in charge of the office's pages.
    """
    day = end_on + timedelta(days=1)
    if _has_administrator(before, day) and not _has_administrator(after, day):
        raise LastAdministratorError(day=end_on, day_thai=long_date(end_on))


def _has_administrator(people: People, day: date) -> bool:
    return any(people.in_charge(post, day) for post in people.posts_at(Level.ADMINISTRATOR, None))


def told_names(people: People, levels: Iterable[Level], division: str, day: date) -> tuple[str, ...]:
    """Names of those whom a notice to the levels reaches on a day, each once."""
    names = (who.person.name for level in levels for who in people.addressees(level, division, day))
    return tuple(dict.fromkeys(names))

"""Calendar feeds: the deadlines of a division or a person, at an address that only its subscribers know."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from domain.assignment import ACTIONABLE, Assignment, State
from domain.errors import SucharitError
from domain.ledger import Entry
from domain.people import SUPERVISORS, Level
from domain.rights import Right, Roles
from domain.thai import short_date, thai_digits
from reports.calendar import Deadline, as_ical
from services.desk import Desk
from services.overview.counts import tally
from services.overview.inbox import card
from services.signed import read_signed, signed
from storage.assignments import Wanted

_FORM: Final = "calendar/1"
PAST: Final = timedelta(days=90)
"""Deadlines of so long ago are left out: nobody looks there, and every program fetches the whole calendar."""


CLOSED_PAST: Final = timedelta(days=60)
"""What is finished goes earlier than what is still owed."""
TITLE: Final = 60
"""Characters of a step's text that a month's view can show; the description has all of it."""
MOST: Final = 3000
"""Open and past deadlines of one calendar."""


class FeedUnknownError(SucharitError):
    """An address that never was a calendar's, was renewed since, or whose person has left."""

    english = "There is no calendar at this address (any more). Copy its present address from the page “Calendar”."
    thai = "ไม่มีปฏิทิน ณ ที่อยู่นี้แล้ว โปรดคัดลอกที่อยู่ใหม่จากหน้า “ปฏิทิน”"


class FeedKind(StrEnum):
    """Whose deadlines they are."""

    DIVISION = "division"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar somebody may subscribe to."""

    office: str
    kind: FeedKind
    subject: str


def token_for(desk: Desk, secret: bytes, kind: FeedKind, subject: str) -> str:
    """What stands in the address of a feed until it is renewed."""
    edition = desk.uow.feeds.edition(kind.value, subject)
    return signed(secret, _FORM, desk.office.key, kind.value, subject, str(edition))


@dataclass(frozen=True, slots=True)
class Address:
    """Where a calendar program finds a calendar that somebody may see. `can_renew`: it is theirs to change."""

    kind: FeedKind
    subject: str
    name: str
    address: str
    can_renew: bool

    @property
    def subscription(self) -> str:
        """The address as calendar programs open it at once."""
        parts = urlsplit(self.address)
        return f"webcal://{parts.netloc}{parts.path}"


def addresses(desk: Desk, roles: Roles, person: str, secret: bytes, site: str) -> list[Address]:
    """The person's own calendar first, then the divisions' in the office's order.

    Everybody of a division has to subscribe again after a renewal: that is for those who oversee it.
    """

    def address(kind: FeedKind, subject: str, name: str, *, can_renew: bool) -> Address:
        token = token_for(desk, secret, kind, subject)
        return Address(kind, subject, name, f"{site}/calendar/{token}.ics", can_renew)

    own = address(FeedKind.PERSON, person, desk.person_name(person), can_renew=True)
    seen = (division for division in desk.people.divisions if roles.has(Right.SEE_DIVISION, division.key))
    return [
        own,
        *(address(FeedKind.DIVISION, d.key, d.name, can_renew=roles.has(Right.OVERSEE_DIVISION, d.key)) for d in seen),
    ]


def read_token(secret: bytes, token: str) -> tuple[Feed, int]:
    """The feed that an address names, and which edition of its address it is.

    Raises:
        FeedUnknownError: The token was not signed with this secret.
    """
    fields = read_signed(secret, _FORM, token)
    if fields is None:
        raise FeedUnknownError
    office, kind, subject, edition = fields
    return Feed(office, FeedKind(kind), subject), int(edition)


def renew(desk: Desk, kind: FeedKind, subject: str, *, by: str, now: datetime) -> None:
    """End the present address of a feed: it works no more, and another takes its place."""
    desk.uow.feeds.renew(kind.value, subject)
    desk.uow.ledger.note(Entry(now, "feed.renewed", by, subject, {"kind": kind.value}))


def calendar_of(desk: Desk, feed: Feed, edition: int, site: str, now: datetime) -> bytes:
    """The calendar of a feed as it is sent.

    Args:
        site: Address of the pages, without a slash at its end.

    Raises:
        FeedUnknownError: The address was renewed, or its division or person is not there any more.
    """
    if desk.uow.feeds.edition(feed.kind.value, feed.subject) != edition:
        raise FeedUnknownError
    name, divisions = _meant(desk, feed, desk.workdays.local_day(now))
    return as_ical(f"{name} – {desk.office.name}", _deadlines(desk, divisions, site, now), now)


def _meant(desk: Desk, feed: Feed, today: date) -> tuple[str, list[str]]:
    """Name of a feed and the divisions it is about."""
    if feed.kind is FeedKind.DIVISION:
        division = desk.people.division(feed.subject)
        if division is None:
            raise FeedUnknownError
        return division.name, [division.key]
    person, account = desk.people.person(feed.subject), desk.uow.accounts.get(feed.subject)
    if person is None or account is None or account.is_disabled:
        raise FeedUnknownError
    return person.name, divisions_of_person(desk, person.key, today)


def divisions_of_person(desk: Desk, person: str, today: date) -> list[str]:
    """Divisions a person works in or heads; of somebody who only supervises, those whose notices reach them."""
    keys = [division.key for division in desk.people.divisions]
    held = {Level.OFFICER, Level.HEAD}
    own = [key for key in keys if held & set(desk.people.levels_of(person, key, today))]
    return own or [key for key in keys if set(SUPERVISORS) & set(desk.people.answers_for(person, key, today))]


def _deadlines(desk: Desk, divisions: Collection[str], site: str, now: datetime) -> Iterator[Deadline]:
    first = desk.workdays.local_day(now) - PAST
    wanted = Wanted(divisions=tuple(sorted(divisions)))
    for assignment in desk.uow.assignments.page(wanted, (first, ""), MOST):
        if assignment.state in _STILL_OWED or assignment.due_on >= first + PAST - CLOSED_PAST:
            yield _opened(desk, assignment, site, now)
    yield from _ahead(desk, divisions, first, now)


_STILL_OWED: Final = frozenset({*ACTIONABLE, State.HANDED_IN})
_MARKS: Final = {
    State.ACCEPTED: "เสร็จแล้ว",
    State.HANDED_IN: "รอตรวจ",
    State.CANNOT_DO_STATED: "รอพิจารณาเหตุที่ดำเนินการไม่ได้",
    State.CANNOT_DO: "ดำเนินการไม่ได้",
    State.CANCELLED: "ยกเลิก",
}


def _title(text: str) -> str:
    """A step's text, short enough for a calendar."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1].rstrip()}…"


def _opened(desk: Desk, a: Assignment, site: str, now: datetime) -> Deadline:
    shown = card(desk, a, now)
    mark = "ครบกำหนด" if a.state in ACTIONABLE else _MARKS.get(a.state, "ครบกำหนด")
    lines = (
        f"มาตรการที่ {thai_digits(str(shown.measure_number))} {shown.measure_title}",
        shown.step,
        f"{shown.division_name} {shown.period}",
        f"สถานะ: {a.state.label} กำหนดส่ง {short_date(a.due_on)}",
    )
    return Deadline(
        uid=f"{a.id}.{desk.office.key}@sucharit",
        day=a.due_on,
        summary=f"{mark}: {_title(shown.step)} ({shown.division_name})",
        description="\n".join(lines),
        moved=a.deadline_version - 1,
        url=f"{site}/assignments/{a.id}",
        is_cancelled=a.state is State.CANCELLED,
    )


def _ahead(desk: Desk, divisions: Collection[str], first: date, now: datetime) -> Iterator[Deadline]:
    """What the plans will yet ask; each keeps its name when it opens."""
    last = max((stored.plan.fiscal_year_be for stored in desk.plans), default=None)
    if last is None:
        return
    for unopened in tally(desk, divisions, now, last).unopened:
        asked = unopened.asked
        for division in unopened.divisions:
            key = unopened.id_for(division)
            if asked.due_on >= first:
                yield Deadline(
                    uid=f"{key}.{desk.office.key}@sucharit",
                    day=asked.due_on,
                    summary=f"ครบกำหนด: {_title(asked.step.text)} ({desk.division_name(division)})",
                    description=f"มาตรการที่ {thai_digits(str(asked.measure.number))} {asked.measure.title}\n"
                    f"{asked.step.text}\nยังไม่เปิดรอบรายงาน",
                )

"""An office whose letters leave through a mail server that a test stops, mends and looks into."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Final, NamedTuple, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.assignment import Assignment
from domain.people import Holding, Person
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import accept
from services.outbox.deliver import Delivered, deliver
from tests.factories import NONE_CONFIRMED, at
from tests.notifications.servers import Server
from tests.services.live_office import OPENED_IN_TIME, LiveOffice, make_mail_sender
from tests.services.mail import serving

ID: Final = "2566-m1.1-chang-q1"
"""Due on Tuesday 10 January 2023; one working day later officer and head are told, two more later the clerk."""

OFFICER: Final = "chang-officer@example.test"
HEAD: Final = "chang-head@example.test"
NOBODY_LISTENS: Final = 1
RESULT: Final = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
HANGS: Final = 0.3
"""Seconds until a sender gives a server up that says nothing."""


class Mail(NamedTuple):
    """A mail as the server was given it."""

    to: str
    message_id: str
    subject: str
    text: str
    content: bytes


def mail_of(envelope: Envelope) -> Mail:
    content = cast("bytes", envelope.original_content)
    parsed = message_from_bytes(content, policy=default)
    plain = parsed.get_body(("plain",))
    assert plain is not None
    text = plain.get_content().replace("\r\n", "\n")
    return Mail(envelope.rcpt_tos[0], str(parsed["Message-ID"]), str(parsed["Subject"]), text, content)


@dataclass
class OpenServer(Server):
    """Keeps also what it was given and did not thank for."""

    offered: list[Mail] = field(default_factory=list)

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as aiosmtpd calls it
        self.offered.append(mail_of(envelope))
        return await super().handle_DATA(smtp, session, envelope)


@dataclass
class PostRoom:
    """An office and its mail server; nobody listens while `is_up` is False."""

    live: LiveOffice
    server: OpenServer = field(default_factory=OpenServer)
    is_up: bool = True

    def deliver(self, now: datetime | Callable[[], datetime], *, timeout_s: float = 5) -> Delivered:
        """One delivery, at an instant or by a clock."""
        clock = now if callable(now) else lambda: now
        if not self.is_up:
            return self._deliver(NOBODY_LISTENS, clock, timeout_s)
        with serving(self.server) as port:
            return self._deliver(port, clock, timeout_s)

    def _deliver(self, port: int, clock: Callable[[], datetime], timeout_s: float) -> Delivered:
        mail_sender = make_mail_sender(port, clock, timeout_s=timeout_s)
        return asyncio.run(deliver(self.live.store, self.live.key, mail_sender))

    def morning(self, day: str) -> Delivered:
        """What the clockwork does at the notice hour: the measure, then the mail."""
        self.live.mornings(day)
        return self.deliver(at(f"{day} 08:30"))

    @property
    def arrived(self) -> list[Mail]:
        """Mails that the server took, in order."""
        return [mail_of(envelope) for envelope in self.server.accepted]

    def to(self, address: str) -> list[Mail]:
        """Mails that it took for one address."""
        return [mail for mail in self.arrived if mail.to == address]


def begun(live: LiveOffice, *mornings: str) -> PostRoom:
    """The first quarter up to 9 January, every morning with its letters; then the mornings named, without."""
    for day in (*OPENED_IN_TIME, "2023-01-09"):
        live.mornings(day)
        live.compose(at(f"{day} 08:30"))
    live.mornings(*mornings)
    return PostRoom(live)


def report(live: LiveOffice, now: datetime) -> None:
    """The officer hands in."""
    with live.desk() as desk:
        hand_in(desk, ID, RESULT, by="the-chang-officer", now=now)


def report_and_accept(live: LiveOffice, now: datetime) -> Assignment:
    """The officer hands in and the head accepts."""
    report(live, now)
    with live.desk() as desk:
        return accept(desk, ID, by="the-chang-head", now=now)


def move_to(live: LiveOffice, person: str, address: str | None) -> None:
    """A person has another address from now on."""
    with live.desk() as desk:
        persons = tuple(replace(p, email=address) if p.key == person else p for p in desk.people.persons)
        desk.uow.people.save(replace(desk.people, persons=persons))


def succeed(live: LiveOffice, post: str, person: Person, first: date) -> None:
    """Somebody new comes into a post whose holders leave it the day before."""
    with live.desk() as desk:
        people = desk.people
        last = first - timedelta(days=1)
        holdings = [replace(h, end_on=last) if h.post == post and h.end_on is None else h for h in people.holdings]
        persons = people.persons if people.person(person.key) else (*people.persons, person)
        holdings.append(Holding(post, person.key, first))
        desk.uow.people.save(replace(people, persons=persons, holdings=tuple(holdings)))

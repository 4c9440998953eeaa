"""How an office's letters leave, and what one delivery did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notifications.channel import Channel
from services.outbox.compose import Link


@dataclass(frozen=True, slots=True)
class MailSender:
    """How an office's letters leave.

    Attributes:
        sender: Address in From.
        domain: Right-hand side of the Message-IDs.
        clock: The door's clock; sending takes time, so one `now` is not enough here.
        records_at_once: Outcomes recorded in one transaction. More than one only where nothing real can be lost: a
            crash sends the letters again whose outcome was not recorded.
        only_links: Whether nothing leaves but letters that somebody asked for, which tell of no assignment: what a
            clock that does not fit the ledger lets pass.
        owner: Name written into the leases that are taken: of the lock that a delivery takes; a rehearsal needs none.
    """

    channel: Channel
    sender: str
    domain: str
    clock: Callable[[], datetime]
    link: Link = lambda _assignment, _person, _written_on: None
    records_at_once: int = 1
    only_links: bool = False
    owner: str = "rehearsal"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did.

    Attributes:
        stopped_by: The server's fault that ended it early.
        waiting_since: Since when the letter that waits longest has waited.
        faults: What nobody foresaw, one sentence each. It held up one letter, or the composing of new ones, and
            nothing else.
    """

    composed: int = 0
    sent: int = 0
    waiting: int = 0
    parked: int = 0
    to_print: int = 0
    stopped_by: str = ""
    waiting_since: datetime | None = None
    faults: tuple[str, ...] = ()

    def plus(self, *, composed: int = 0, sent: int = 0, faults: Sequence[str] = ()) -> Delivered:
        """This, and what was done since."""
        known = dict.fromkeys((*self.faults, *faults))
        return replace(self, composed=self.composed + composed, sent=self.sent + sent, faults=tuple(known))

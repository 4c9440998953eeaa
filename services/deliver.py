"""Send what waits: claim letters, send them without a transaction, record each outcome as soon as it is known.

This use case is several transactions by its nature (a network call lies between them), so it opens and commits
them itself. At a crash nothing is lost; the one letter between the server's answer and our record goes twice,
with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.ledger import Entry
from domain.outbox import Letter, LetterState
from notifications.channel import Channel, Failed, Sent
from notifications.channel import Letter as Mail
from notifications.email import build
from notifications.faults import DeliveryError, UnwritableLetterError
from notifications.message import Rendered
from notifications.policy import next_try
from services.clock import at_any_clock
from services.compose import Link, compose
from services.desk import Desk
from services.record import CLOCK
from storage.store import Store
from storage.unit_of_work import UnitOfWork

LEASE: Final = timedelta(minutes=15)
"""Longer than PATIENCE and one more letter can take, so that a lease never runs out under a living worker."""

BATCH: Final = 20

PATIENCE: Final = timedelta(minutes=10)
"""A batch that has taken longer is given back, for a slow server could hold the last letters past their lease."""


@dataclass(frozen=True, slots=True)
class Postman:
    """How an office's letters leave.

    Attributes:
        sender: Address in From.
        domain: Right-hand side of the Message-IDs.
        owner: Name of this worker, written into the leases it takes.
        clock: The door's clock; sending takes time, so one `now` is not enough here.
        records_at_once: Outcomes recorded in one transaction. More than one only where nothing real can be lost: a
            crash sends the letters again whose outcome was not recorded.
        only_links: Whether nothing leaves but letters that somebody asked for, which tell of no assignment: what a
            clock that does not fit the ledger lets pass.
    """

    channel: Channel
    sender: str
    domain: str
    owner: str
    clock: Callable[[], datetime]
    link: Link = lambda _assignment, _person: None
    records_at_once: int = 1
    only_links: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did. `stopped_by` is the server's fault that ended it early."""

    composed: int = 0
    sent: int = 0
    waiting: int = 0
    parked: int = 0
    to_print: int = 0
    stopped_by: str = ""


async def deliver(store: Store, office: str, postman: Postman, known: Desk | None = None) -> Delivered:
    """Compose the office's waiting notices and send every letter that is due.

    Args:
        known: Desk that need not be read again; for a rehearsal, where people and plan stand still.

    Raises:
        DatabaseDownError: The database cannot be used; letters under way keep their lease and are sent later.
    """
    with store.reader(office) as uow:
        if not uow.notices.is_any_waiting() and not uow.letters.is_any_due(postman.clock()):
            return _counted(uow, Delivered())
    done = Delivered(composed=0 if postman.only_links else _compose(store, office, postman, known))
    batch: Sequence[Letter] | None = None
    while not done.stopped_by and (batch is None or len(batch) == BATCH):
        batch = _lease(store, office, postman)
        done = await _send(store, office, postman, batch, done)
    with store.reader(office) as uow:
        return _counted(uow, done)


def _counted(uow: UnitOfWork, done: Delivered) -> Delivered:
    counts = uow.letters.counts()
    return replace(done, waiting=counts.waiting, parked=counts.parked, to_print=counts.to_print)


def _compose(store: Store, office: str, postman: Postman, known: Desk | None) -> int:
    with store.unit_of_work(office) as uow:
        desk = known.at(uow) if known else Desk.open(uow)
        composed = compose(desk, postman.clock(), domain=postman.domain, link=postman.link)
        uow.commit()
    return composed.letters


def _lease(store: Store, office: str, postman: Postman) -> list[Letter]:
    with store.unit_of_work(office) as uow:
        batch = uow.letters.lease(
            postman.owner, postman.clock(), limit=BATCH, for_=LEASE, only_links=postman.only_links
        )
        uow.commit()
    return batch


async def _send(store: Store, office: str, postman: Postman, batch: Sequence[Letter], done: Delivered) -> Delivered:
    mails = [mail for letter in batch if (mail := _mail(store, office, postman, letter))]
    left = {letter.id: letter for letter in batch if letter.id in {mail.key for mail in mails}}
    patient_until = postman.clock() + PATIENCE
    known: list[tuple[Letter, Sent | Failed]] = []
    async with aclosing(postman.channel.send(mails)) as deliveries:
        async for delivery in deliveries:
            known.append((left.pop(delivery.letter.key), delivery.outcome))
            if len(known) >= postman.records_at_once:
                done = replace(done, sent=done.sent + _settle(store, office, postman, known))
                known = []
            if isinstance(delivery.outcome, Failed) and delivery.outcome.is_server_fault:
                # The rest of the batch would only wait for the same fault, one time-out each.
                known += [(letter, delivery.outcome) for letter in left.values()]
                done = replace(done, stopped_by=str(delivery.outcome.error))
                break
            if left and postman.clock() > patient_until:
                _put_back(store, office, postman, list(left.values()))
                break
    return replace(done, sent=done.sent + _settle(store, office, postman, known))


def _mail(store: Store, office: str, postman: Postman, letter: Letter) -> Mail | None:
    """Build one mail; an address nobody may write to, or words that make no mail, park their letter and no other."""
    words = Rendered(letter.subject, letter.text, letter.html)
    to = letter.address or ""
    try:
        mail = build(words, sender=postman.sender, to=to, message_id=letter.message_id, date=letter.created_at)
    except DeliveryError as error:
        _settle(store, office, postman, [(letter, Failed(error))])
        return None
    except ValueError as error:
        unwritable = UnwritableLetterError(to=to, key=letter.id, reply=str(error))
        _settle(store, office, postman, [(letter, Failed(unwritable))])
        return None
    return Mail(letter.id, to, mail)


def _settle(store: Store, office: str, postman: Postman, known: Sequence[tuple[Letter, Sent | Failed]]) -> int:
    """Record what became of letters, in one transaction; return how many were sent and still ours to record."""
    if not known:
        return 0
    now = postman.clock()
    with store.unit_of_work(office) as uow:
        sent = sum(
            _record_sent(uow, postman, letter, outcome, now)
            if isinstance(outcome, Sent)
            else _record_failure(uow, postman, letter, outcome.error, now)
            for letter, outcome in known
        )
        uow.commit()
    return sent


def _record_sent(uow: UnitOfWork, postman: Postman, letter: Letter, outcome: Sent, now: datetime) -> bool:
    held = uow.letters.settle(
        letter.id, postman.owner, LetterState.SENT, at=now, remark=outcome.reply, next_try_at=None
    )
    if held:
        facts = {"to": letter.person, "message_id": letter.message_id, "attempt": letter.attempts}
        _note(uow, postman, Entry(now, "letter.sent", CLOCK, letter.id, {**facts, "reply": outcome.reply}))
    return held


def _record_failure(uow: UnitOfWork, postman: Postman, letter: Letter, error: DeliveryError, now: datetime) -> bool:
    again = None if error.permanent else next_try(letter.attempts, letter.first_tried_at or now, now)
    state = LetterState.WAITING if again else LetterState.PARKED
    held = uow.letters.settle(letter.id, postman.owner, state, at=now, remark=str(error), next_try_at=again)
    if held and state is LetterState.PARKED:
        facts = {"to": letter.person, "message_id": letter.message_id, "why": str(error)}
        _note(uow, postman, Entry(now, "letter.parked", CLOCK, letter.id, facts))
    return False


def _note(uow: UnitOfWork, postman: Postman, entry: Entry) -> None:
    uow.ledger.note(at_any_clock(uow, entry) if postman.only_links else entry)


def _put_back(store: Store, office: str, postman: Postman, letters: Sequence[Letter]) -> None:
    """Letters that were not tried wait for the next batch, of whatever worker."""
    now = postman.clock()
    with store.unit_of_work(office) as uow:
        for letter in letters:
            uow.letters.settle(
                letter.id, postman.owner, LetterState.WAITING, at=now, remark=letter.remark, next_try_at=now
            )
        uow.commit()

"""Send what waits: claim letters, send them without a transaction, record each outcome as soon as it is known.

This use case is several transactions by its nature (a network call lies between them), so it opens and commits
them itself. At a crash nothing is lost; the one letter between the server's answer and our record goes twice,
with the same Message-ID.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.ledger import Entry
from domain.outbox import Letter, LetterState
from domain.outside_text import words_of
from notifications.channel import Channel, Failed, Sent
from notifications.channel import Letter as Mail
from notifications.email import build
from notifications.faults import DeliveryError, TryLaterError, UnforeseenFaultError, UnwritableLetterError
from notifications.message import Rendered
from notifications.policy import next_try
from services.clock import at_any_clock
from services.desk import Desk
from services.outbox.compose import Link, compose
from services.record import CLOCK
from storage.errors import DatabaseDownError
from storage.store import Store
from storage.unit_of_work import UnitOfWork

LEASE: Final = timedelta(minutes=15)
"""Longer than PATIENCE and one more letter can take, so that a lease never runs out under a living worker."""

BATCH: Final = 20

PATIENCE: Final = timedelta(minutes=10)
"""A batch that has taken longer is given back, for a slow server could hold the last letters past their lease."""


_Outcome = tuple[Letter, Sent | Failed]


@dataclass(frozen=True, slots=True)
class MailSender:
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
    """What one delivery did.

    Attributes:
        stopped_by: The server's fault that ended it early.
        faults: What nobody foresaw, one sentence each. It held up one letter, or the composing of new ones, and
            nothing else.
    """

    composed: int = 0
    sent: int = 0
    waiting: int = 0
    parked: int = 0
    to_print: int = 0
    stopped_by: str = ""
    faults: tuple[str, ...] = ()

    def plus(self, *, sent: int = 0, faults: Sequence[str] = ()) -> Delivered:
        """This, and what was done since."""
        return replace(self, sent=self.sent + sent, faults=(*self.faults, *faults))


async def deliver(store: Store, office: str, mail_sender: MailSender, rehearsal_desk: Desk | None = None) -> Delivered:
    """Compose the office's waiting notices and send every letter that is due.

    Args:
        rehearsal_desk: Desk that need not be read again; for a rehearsal, where people and plan stand still.

    Raises:
        DatabaseDownError: The database cannot be used; letters under way keep their lease and are sent later.
    """
    with store.reader(office) as uow:
        if not uow.notices.is_any_waiting() and not uow.letters.is_any_due(mail_sender.clock()):
            return _counted(uow, Delivered())
    done = _composed(store, office, mail_sender, rehearsal_desk)
    batch: Sequence[Letter] | None = None
    while not done.stopped_by and (batch is None or len(batch) == BATCH):
        batch = _lease(store, office, mail_sender)
        done = await _send(store, office, mail_sender, batch, done)
    with store.reader(office) as uow:
        return _counted(uow, done)


def _counted(uow: UnitOfWork, done: Delivered) -> Delivered:
    counts = uow.letters.counts()
    return replace(done, waiting=counts.waiting, parked=counts.parked, to_print=counts.to_print)


def _composed(store: Store, office: str, mail_sender: MailSender, rehearsal_desk: Desk | None) -> Delivered:
    if mail_sender.only_links:
        return Delivered()
    try:
        return Delivered(composed=_compose(store, office, mail_sender, rehearsal_desk))
    except DatabaseDownError:
        raise
    except Exception as fault:  # letters that wait already must not wait for notices that make none
        if rehearsal_desk:
            raise  # in a rehearsal nothing waits, and a fault is what it is to find
        return Delivered(faults=(f"New letters could not be composed: {words_of(fault)}",))


def _compose(store: Store, office: str, mail_sender: MailSender, rehearsal_desk: Desk | None) -> int:
    with store.unit_of_work(office) as uow:
        desk = rehearsal_desk.at(uow) if rehearsal_desk else Desk.open(uow)
        composed = compose(desk, mail_sender.clock(), domain=mail_sender.domain, link=mail_sender.link)
        # Committed before anything leaves: a letter that was sent and not stored would be composed and sent again.
        uow.commit()
    return composed.letters


def _lease(store: Store, office: str, mail_sender: MailSender) -> list[Letter]:
    with store.unit_of_work(office) as uow:
        batch = uow.letters.lease(
            mail_sender.owner, mail_sender.clock(), limit=BATCH, for_=LEASE, only_links=mail_sender.only_links
        )
        # Committed before the first mail: other workers leave these letters to us until LEASE is over. Where this one
        # dies, they go again with the same Message-ID: twice rather than never.
        uow.commit()
    return batch


async def deliver_held(
    store: Store, office: str, mail_sender: MailSender, letter: Letter, *, patience: timedelta
) -> Delivered:
    """Send one letter that is on lease to `mail_sender.owner`, and record what became of it; it is not composed anew.

    Args:
        patience: For all of it; what took longer waits in the outbox as every letter does.

    Raises:
        DatabaseDownError: The database cannot be used; the letter keeps its lease and is sent later.
    """
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await _send(store, office, mail_sender, [letter], Delivered())
    except TimeoutError:
        slow = TryLaterError(to=letter.address, reply=f"no answer within {patience.total_seconds():g} s")
        return _settled(store, office, mail_sender, [(letter, Failed(slow))], Delivered())


async def _send(
    store: Store, office: str, mail_sender: MailSender, batch: Sequence[Letter], done: Delivered
) -> Delivered:
    mails, done = _mails(store, office, mail_sender, batch, done)
    left = {letter.id: letter for letter in batch if letter.id in {mail.key for mail in mails}}
    patient_until = mail_sender.clock() + PATIENCE
    outcomes: list[_Outcome] = []
    try:
        async with aclosing(mail_sender.channel.send(mails)) as deliveries:
            async for delivery in deliveries:
                outcomes.append((left.pop(delivery.letter.key), delivery.outcome))
                if len(outcomes) >= mail_sender.records_at_once:
                    done = _settled(store, office, mail_sender, outcomes, done)
                    outcomes = []
                if isinstance(delivery.outcome, Failed) and delivery.outcome.is_server_fault:
                    # The rest of the batch would only wait for the same fault, one time-out each.
                    outcomes += [(letter, delivery.outcome) for letter in left.values()]
                    done = replace(done, stopped_by=str(delivery.outcome.error))
                    break
                # PATIENCE is shorter than LEASE: past the lease another worker would send the same letters.
                if left and mail_sender.clock() > patient_until:
                    _put_back(store, office, mail_sender, list(left.values()))
                    break
    except DatabaseDownError:
        raise
    except Exception as fault:  # noqa: BLE001 -- whatever breaks the channel holds up the letter it was busy with
        if not left:
            done = _settled(store, office, mail_sender, outcomes, done)
            return done.plus(faults=[f"The mail channel broke after its last letter: {words_of(fault)}"])
        # A channel that breaks was busy with the first letter that has no outcome yet; the others go by themselves.
        first, *others = left.values()
        done = _settled(store, office, mail_sender, [*outcomes, (first, _unforeseen(first, fault))], done)
        return await _send(store, office, mail_sender, others, done)
    return _settled(store, office, mail_sender, outcomes, done)


def _mails(
    store: Store, office: str, mail_sender: MailSender, batch: Sequence[Letter], done: Delivered
) -> tuple[list[Mail], Delivered]:
    """Build the mails; an address nobody may write to, or words that make no mail, harm their letter and no other."""
    mails = []
    for letter in batch:
        built = _mail(mail_sender, letter)
        if isinstance(built, Failed):
            done = _settled(store, office, mail_sender, [(letter, built)], done)
        else:
            mails.append(built)
    return mails, done


def _mail(mail_sender: MailSender, letter: Letter) -> Mail | Failed:
    words = Rendered(letter.subject, letter.text, letter.html)
    to = letter.address or ""
    try:
        mail = build(words, sender=mail_sender.sender, to=to, message_id=letter.message_id, date=letter.created_at)
    except DeliveryError as error:
        return Failed(error)
    except ValueError as error:
        return Failed(UnwritableLetterError(to=to, key=letter.id, reply=words_of(error)))
    except Exception as fault:  # noqa: BLE001 -- whatever a letter makes the mail library raise holds up this letter
        return _unforeseen(letter, fault)
    return Mail(letter.id, to, mail)


def _unforeseen(letter: Letter, fault: Exception) -> Failed:
    return Failed(UnforeseenFaultError(to=letter.address, key=letter.id, reply=words_of(fault)))


def _settled(
    store: Store, office: str, mail_sender: MailSender, outcomes: Sequence[_Outcome], done: Delivered
) -> Delivered:
    """Record what became of letters; one whose record is refused is recorded in plain words, after all others."""
    try:
        sent = _settle(store, office, mail_sender, outcomes)
    except DatabaseDownError:
        raise
    except Exception as fault:  # noqa: BLE001 -- one letter's answer must not keep others from being recorded
        if len(outcomes) == 1:
            return _settled_plainly(store, office, mail_sender, outcomes[0], fault, done)
        for outcome in outcomes:
            done = _settled(store, office, mail_sender, [outcome], done)
        return done
    errors = [outcome.error for _, outcome in outcomes if isinstance(outcome, Failed)]
    return done.plus(sent=sent, faults=[str(error) for error in errors if error.is_unforeseen])


def _settled_plainly(
    store: Store, office: str, mail_sender: MailSender, pair: _Outcome, fault: Exception, done: Delivered
) -> Delivered:
    """Record a letter without the words that could not be stored; what was sent stays sent, or it would go twice."""
    letter, outcome = pair
    why = words_of(fault)
    plain = Sent(f"sent; the answer could not be recorded: {why}") if isinstance(outcome, Sent) else None
    try:
        sent = _settle(store, office, mail_sender, [(letter, plain or _unforeseen(letter, fault))])
    except DatabaseDownError:
        raise
    except Exception as again:  # noqa: BLE001 -- it keeps its lease, and is tried again when that runs out
        return done.plus(faults=[f"What became of letter {letter.id} could not be recorded: {words_of(again)}"])
    return done.plus(sent=sent, faults=[f"The answer about letter {letter.id} could not be recorded: {why}"])


def _settle(store: Store, office: str, mail_sender: MailSender, outcomes: Sequence[_Outcome]) -> int:
    """Record what became of letters, in one transaction; return how many were sent and still ours to record."""
    if not outcomes:
        return 0
    now = mail_sender.clock()
    with store.unit_of_work(office) as uow:
        sent = sum(
            _record_sent(uow, mail_sender, letter, outcome, now)
            if isinstance(outcome, Sent)
            else _record_failure(uow, mail_sender, letter, outcome.error, now)
            for letter, outcome in outcomes
        )
        # With their ledger lines, or none; `settle` leaves out a letter whose lease has passed to another worker.
        uow.commit()
    return sent


def _record_sent(uow: UnitOfWork, mail_sender: MailSender, letter: Letter, outcome: Sent, now: datetime) -> bool:
    held = uow.letters.settle(
        letter.id, mail_sender.owner, LetterState.SENT, now=now, remark=outcome.reply, next_try_at=None
    )
    if held:
        facts = {"to": letter.person, "message_id": letter.message_id, "attempt": letter.attempts}
        _note(uow, mail_sender, Entry(now, "letter.sent", CLOCK, letter.id, {**facts, "reply": outcome.reply}))
    return held


def _record_failure(
    uow: UnitOfWork, mail_sender: MailSender, letter: Letter, error: DeliveryError, now: datetime
) -> bool:
    again = None if error.permanent else next_try(letter.attempts, letter.first_tried_at or now, now)
    state = LetterState.WAITING if again else LetterState.PARKED
    held = uow.letters.settle(letter.id, mail_sender.owner, state, now=now, remark=str(error), next_try_at=again)
    if held and state is LetterState.PARKED:
        facts = {"to": letter.person, "message_id": letter.message_id, "why": str(error)}
        _note(uow, mail_sender, Entry(now, "letter.parked", CLOCK, letter.id, facts))
    return False


def _note(uow: UnitOfWork, mail_sender: MailSender, entry: Entry) -> None:
    uow.ledger.note(at_any_clock(uow, entry) if mail_sender.only_links else entry)


def _put_back(store: Store, office: str, mail_sender: MailSender, letters: Sequence[Letter]) -> None:
    """Letters that were not tried wait for the next batch, of whatever worker."""
    now = mail_sender.clock()
    with store.unit_of_work(office) as uow:
        for letter in letters:
            uow.letters.settle(
                letter.id, mail_sender.owner, LetterState.WAITING, now=now, remark=letter.remark, next_try_at=now
            )
        uow.commit()

"""Send what waits: claim letters, send them without a transaction, record each outcome as soon as it is known.

This use case is several transactions by its nature (a network call lies between them), so it opens and commits
them itself. At a crash nothing is lost; the one letter between the server's answer and our record goes twice,
with the same Message-ID. A letter is written just before it leaves: where the office has moved on since, the rest of
the batch is written anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.outbox import Letter, Standstill
from domain.outside_text import words_of
from notifications.channel import Failed
from notifications.channel import Letter as Mail
from notifications.email import build
from notifications.faults import DeliveryError, UnwritableLetterError
from notifications.message import Rendered
from services.desk import Desk
from services.outbox.compose import Composed, compose
from services.outbox.mail_sender import Delivered, MailSender
from services.outbox.settle import Outcome, put_back, settled, take_over, unforeseen
from storage.errors import DatabaseDownError
from storage.store import Store
from storage.unit_of_work import UnitOfWork

__all__ = ["Delivered", "MailSender"]

LEASE: Final = timedelta(minutes=15)
"""Until when a lease is said to hold. Who holds a lock has it as long as the lock; this is for who has none."""

BATCH: Final = 20

PATIENCE: Final = timedelta(minutes=10)
"""A batch that has taken longer is given back, so that others come in between and what it says is looked at again."""


class SlowLetterError(DeliveryError):
    """A letter that somebody waits for took too long; whether it left nobody knows."""

    english = (
        "The letter to {to} took longer than {seconds} s. It is tried again by itself; the recipient may get it twice."
    )
    thai = "ส่งข้อความถึง {to} นานเกิน {seconds} วินาที ระบบจะส่งใหม่โดยอัตโนมัติ ผู้รับอาจได้รับซ้ำ"
    is_unsure = True


@dataclass(frozen=True, slots=True)
class _AsOf:
    """What letters were written from: the office's last move, and the local day. None of it matters in a rehearsal."""

    move: int
    day: date
    zone: ZoneInfo


async def deliver(store: Store, office: str, mail_sender: MailSender, rehearsal_desk: Desk | None = None) -> Delivered:
    """Compose the office's waiting notices and send every letter that is due.

    Args:
        rehearsal_desk: Desk that need not be read again; for a rehearsal, where people and plan stand still.

    Raises:
        DatabaseDownError: The database cannot be used; letters under way are taken over and sent later.
    """
    with store.reader(office) as uow:
        if not uow.notices.is_any_waiting() and not uow.letters.is_any_due(mail_sender.clock()):
            return _counted(uow, Delivered())
    if rehearsal_desk:
        return await _deliver(store, office, mail_sender, rehearsal_desk)
    held = store.hold()  # letters are leased in its name: they are another's as soon as this process is gone
    try:
        return await _deliver(store, office, replace(mail_sender, owner=held.name), None)
    finally:
        held.let_go()


async def _deliver(store: Store, office: str, mail_sender: MailSender, rehearsal_desk: Desk | None) -> Delivered:
    done, is_over = Delivered(), False
    if not mail_sender.only_links and not rehearsal_desk:
        take_over(store, office, mail_sender.clock())
        if standstill := _standstill(store, office, mail_sender.clock()):
            with store.reader(office) as uow:
                return _counted(uow, Delivered(stopped_by=standstill.why))
    while not is_over and not done.stopped_by:
        done, as_of, is_written = _composed(store, office, mail_sender, rehearsal_desk, done)
        is_over = True
        batch = _lease(store, office, mail_sender, is_written=is_written)
        while batch and not done.stopped_by:
            done, is_true = await _send(store, office, mail_sender, batch, done, as_of)
            if not is_true:
                is_over = False  # the rest is written anew
                break
            is_more = len(batch) == BATCH and not done.stopped_by  # leased, they would have spent a try
            batch = _lease(store, office, mail_sender, is_written=is_written) if is_more else []
    with store.reader(office) as uow:
        return _counted(uow, done)


def _standstill(store: Store, office: str, now: datetime) -> Standstill | None:
    """Why nothing is tried yet, if that is so."""
    with store.reader(office) as uow:
        standstill = uow.letters.standstill()
    return standstill if standstill and now < standstill.next_try_at else None


def _counted(uow: UnitOfWork, done: Delivered) -> Delivered:
    counts = uow.letters.counts()
    since = uow.letters.waiting_since() if counts.waiting else None
    return replace(done, waiting=counts.waiting, parked=counts.parked, to_print=counts.to_print, waiting_since=since)


def _composed(
    store: Store, office: str, mail_sender: MailSender, rehearsal_desk: Desk | None, done: Delivered
) -> tuple[Delivered, _AsOf | None, bool]:
    """Write what is to leave; tell also from what, and whether it could be: else only what stays as it is goes."""
    if mail_sender.only_links:
        return done, None, True
    try:
        composed, as_of = _compose(store, office, mail_sender, rehearsal_desk)
    except DatabaseDownError:
        raise
    except Exception as fault:  # letters that wait already must not wait for notices that make none
        if rehearsal_desk:
            raise  # in a rehearsal nothing waits, and a fault is what it is to find
        return done.plus(faults=[f"New letters could not be composed: {words_of(fault)}"]), None, False
    return done.plus(composed=composed.letters, faults=composed.faults), as_of, True


def _compose(
    store: Store, office: str, mail_sender: MailSender, rehearsal_desk: Desk | None
) -> tuple[Composed, _AsOf | None]:
    with store.unit_of_work(office) as uow:
        desk = rehearsal_desk.at(uow) if rehearsal_desk else Desk.open(uow)
        now = mail_sender.clock()
        composed = compose(desk, now, domain=mail_sender.domain, link=mail_sender.link)
        workdays = desk.workdays
        as_of = None if rehearsal_desk else _AsOf(uow.ledger.moved_on_at(), workdays.local_day(now), workdays.zone)
        # Committed before anything leaves: a letter that was sent and not stored would be composed and sent again.
        uow.commit()
    return composed, as_of


def _is_still_true(store: Store, office: str, mail_sender: MailSender, as_of: _AsOf | None) -> bool:
    """Tell whether nothing has happened in the office, and no day has begun, since the letters were written."""
    if as_of is None:
        return True
    if mail_sender.clock().astimezone(as_of.zone).date() != as_of.day:
        return False
    with store.reader(office) as uow:
        return uow.ledger.moved_on_at() == as_of.move


def _lease(store: Store, office: str, mail_sender: MailSender, *, is_written: bool) -> list[Letter]:
    with store.unit_of_work(office) as uow:
        batch = uow.letters.lease(
            mail_sender.owner,
            mail_sender.clock(),
            limit=BATCH,
            for_=LEASE,
            only_links=mail_sender.only_links,
            only_as_they_are=not is_written,
        )
        # Committed before the first mail: other deliverers leave these letters to us as long as we live. Where this
        # one dies, they go again with the same Message-ID: twice rather than never.
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
            done, _ = await _send(store, office, mail_sender, [letter], Delivered(), None)
            return done
    except TimeoutError:
        slow = SlowLetterError(to=letter.address, seconds=f"{patience.total_seconds():g}")
        return settled(store, office, mail_sender, [Outcome(letter, Failed(slow))], Delivered())


async def _send(
    store: Store,
    office: str,
    mail_sender: MailSender,
    batch: Sequence[Letter],
    done: Delivered,
    as_of: _AsOf | None,
) -> tuple[Delivered, bool]:
    """Send a batch; tell also whether it was true to its end, and not given back to be written anew."""
    mails, done = _mails(store, office, mail_sender, batch, done)
    content = {mail.key: mail.mail for mail in mails}
    left = {letter.id: letter for letter in batch if letter.id in content}
    patient_until = mail_sender.clock() + PATIENCE
    outcomes: list[Outcome] = []
    is_true = True
    try:
        async with aclosing(mail_sender.channel.send(mails)) as deliveries:
            async for delivery in deliveries:
                key = delivery.letter.key
                outcomes.append(Outcome(left.pop(key), delivery.outcome, content[key]))
                if isinstance(delivery.outcome, Failed) and delivery.outcome.is_server_fault:
                    # The rest of the batch would only wait for the same fault, one time-out each.
                    outcomes += [Outcome(letter, delivery.outcome, is_offered=False) for letter in left.values()]
                    left.clear()
                    done = replace(done, stopped_by=str(delivery.outcome.error))
                    break
                if len(outcomes) >= mail_sender.records_at_once:
                    done = settled(store, office, mail_sender, outcomes, done)
                    outcomes = []
                # The channel begins with the next letter when it is asked for it; after the last, the next batch comes.
                is_true = _is_still_true(store, office, mail_sender, as_of)
                if not is_true or mail_sender.clock() > patient_until:
                    break
    except DatabaseDownError:
        raise
    except Exception as fault:  # noqa: BLE001 -- whatever breaks the channel holds up the letter it was busy with
        if not left:
            done = settled(store, office, mail_sender, outcomes, done)
            return done.plus(faults=[f"The mail channel broke after its last letter: {words_of(fault)}"]), True
        # A channel that breaks was busy with the first letter that has no outcome yet; the others go by themselves.
        first, *others = left.values()
        done = settled(store, office, mail_sender, [*outcomes, Outcome(first, unforeseen(first, fault))], done)
        if not _is_still_true(store, office, mail_sender, as_of):
            put_back(store, office, mail_sender, others)
            return done, False
        return await _send(store, office, mail_sender, others, done, as_of)
    if left:
        put_back(store, office, mail_sender, list(left.values()))
    return settled(store, office, mail_sender, outcomes, done), is_true and not left


def _mails(
    store: Store, office: str, mail_sender: MailSender, batch: Sequence[Letter], done: Delivered
) -> tuple[list[Mail], Delivered]:
    """Build the mails; an address nobody may write to, or words that make no mail, harm their letter and no other."""
    mails = []
    for letter in batch:
        built = _mail(mail_sender, letter)
        if isinstance(built, Failed):
            done = settled(store, office, mail_sender, [Outcome(letter, built)], done)
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
        return unforeseen(letter, fault)
    return Mail(letter.id, to, mail, letter.attempts - 1)

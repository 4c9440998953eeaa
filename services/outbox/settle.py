"""Record what became of letters that were tried: what left, what waits and until when, what is given up and who hears.

Each record is a transaction of its own, opened here: a network call lies before and after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from typing import Final

from domain.ledger import Entry
from domain.outbox import Letter, LetterState, Standstill
from domain.outside_text import words_of
from domain.workdays import ONE_DAY
from notifications.channel import Failed, Sent
from notifications.faults import DeliveryError, UnforeseenFaultError
from notifications.policy import GIVE_UP_AFTER, next_try, wait_after
from notifications.wire import WIRE
from services.clock import at_any_clock
from services.desk import Desk
from services.outbox.mail_sender import Delivered, MailSender
from services.outbox.undelivered import tell_of_undelivered
from services.record import CLOCK
from storage.errors import DatabaseDownError
from storage.store import Store
from storage.unit_of_work import UnitOfWork

LONGEST_STANDSTILL: Final = timedelta(minutes=15)
"""The server is asked at least this often: nobody need come and say that it is mended."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter, and the mail that carried it where one was made.

    Attributes:
        is_offered: Whether the server was asked; not where the letter before it had met a fault of all.
    """

    letter: Letter
    what: Sent | Failed
    mail: EmailMessage | None = None
    is_offered: bool = True


def take_over(store: Store, office: str, now: datetime) -> int:
    """Take over what deliverers held that are gone; return how many letters. What a living one holds is its own."""
    with store.reader(office) as uow:
        holders = uow.letters.holders()
    gone = [name for name in holders if store.is_gone(name)]
    if not gone:
        return 0
    with store.unit_of_work(office) as uow:
        taken = uow.letters.take_over(gone, now)
        # Before anything is leased: from here on the letters are as free as all others.
        uow.commit()
    return taken


def unforeseen(letter: Letter, fault: Exception) -> Failed:
    """The outcome of a letter that met what nobody foresaw."""
    return Failed(UnforeseenFaultError(to=letter.address, key=letter.id, reply=words_of(fault)))


def settled(
    store: Store, office: str, mail_sender: MailSender, outcomes: Sequence[Outcome], done: Delivered
) -> Delivered:
    """Record what became of letters; one whose record is refused is recorded in plain words, after all others.

    Raises:
        DatabaseDownError: The database cannot be used; the letters are taken over and sent later.
    """
    try:
        sent = _settle(store, office, mail_sender, outcomes)
    except DatabaseDownError:
        raise
    except Exception as fault:  # noqa: BLE001 -- one letter's answer must not keep others from being recorded
        if len(outcomes) == 1:
            return _settled_plainly(store, office, mail_sender, outcomes[0], fault, done)
        for outcome in outcomes:
            done = settled(store, office, mail_sender, [outcome], done)
        return done
    errors = [outcome.what.error for outcome in outcomes if isinstance(outcome.what, Failed)]
    return done.plus(sent=sent, faults=[str(error) for error in errors if error.is_unforeseen])


def _settled_plainly(
    store: Store, office: str, mail_sender: MailSender, outcome: Outcome, fault: Exception, done: Delivered
) -> Delivered:
    """Record a letter without the words that could not be stored; what was sent stays sent, or it would go twice."""
    letter, why = outcome.letter, words_of(fault)
    plain = Sent(f"sent; the answer could not be recorded: {why}") if isinstance(outcome.what, Sent) else None
    try:
        sent = _settle(store, office, mail_sender, [Outcome(letter, plain or unforeseen(letter, fault), outcome.mail)])
    except DatabaseDownError:
        raise
    except Exception as again:  # noqa: BLE001 -- it is taken over when this delivery ends, and tried again
        return done.plus(faults=[f"What became of letter {letter.id} could not be recorded: {words_of(again)}"])
    return done.plus(sent=sent, faults=[f"The answer about letter {letter.id} could not be recorded: {why}"])


def _settle(store: Store, office: str, mail_sender: MailSender, outcomes: Sequence[Outcome]) -> int:
    """Record what became of letters, in one transaction; return how many were sent and still ours to record."""
    if not outcomes:
        return 0
    now = mail_sender.clock()
    with store.unit_of_work(office) as uow:
        sent = sum(
            _record_sent(uow, mail_sender, outcome, outcome.what, now)
            if isinstance(outcome.what, Sent)
            else _record_failure(uow, mail_sender, outcome, outcome.what.error, now)
            for outcome in outcomes
        )
        stops = [outcome.what.error for outcome in outcomes if isinstance(outcome.what, Failed)]
        if stopped_by := next((error for error in stops if error.is_server_fault), None):
            _stand_still(uow, stopped_by, now)
        elif sent and mail_sender.records_at_once == 1:
            uow.letters.stand_still(None)
        # With their ledger lines, or none; `settle` leaves out a letter that has passed to another deliverer.
        uow.commit()
    return sent


def _record_sent(uow: UnitOfWork, mail_sender: MailSender, outcome: Outcome, sent: Sent, now: datetime) -> bool:
    letter = outcome.letter
    # As it was sent, byte for byte: nothing later makes it anew. In a rehearsal nothing is sent.
    mail = outcome.mail.as_bytes(policy=WIRE) if outcome.mail and mail_sender.records_at_once == 1 else None
    held = uow.letters.settle(
        letter.id, mail_sender.owner, LetterState.SENT, now=now, remark=sent.reply, next_try_at=None, mail=mail
    )
    if held:
        facts = {"to": letter.person, "message_id": letter.message_id, "attempt": letter.attempts, "reply": sent.reply}
        if mail is not None:
            facts |= {"address": letter.address or "", "sha256": hashlib.sha256(mail).hexdigest()}
        _note(uow, mail_sender, Entry(now, "letter.sent", CLOCK, letter.id, facts))
    return held


def _record_failure(
    uow: UnitOfWork, mail_sender: MailSender, outcome: Outcome, error: DeliveryError, now: datetime
) -> bool:
    letter = outcome.letter
    if error.is_server_fault or error.is_untried:
        # Who met it goes behind who was not even asked: an answer that is meant for a few only keeps nobody else out.
        until = now + wait_after(1) if outcome.is_offered else letter.next_try_at
        _wait(uow, mail_sender, outcome, error, now=now, until=until, is_spent=False)
        return False
    again = None if error.permanent else _next_try(uow, letter, now)
    if again:
        _wait(uow, mail_sender, outcome, error, now=now, until=again, is_spent=True)
        return False
    held = uow.letters.settle(
        letter.id, mail_sender.owner, LetterState.PARKED, now=now, remark=str(error), next_try_at=None
    )
    if held:
        facts = {"to": letter.person, "message_id": letter.message_id, "why": str(error)}
        _note(uow, mail_sender, Entry(now, "letter.parked", CLOCK, letter.id, facts))
        tell_of_undelivered(uow, letter, error, now)
    return False


def _wait(
    uow: UnitOfWork,
    mail_sender: MailSender,
    outcome: Outcome,
    error: DeliveryError,
    *,
    now: datetime,
    until: datetime,
    is_spent: bool,
) -> None:
    uow.letters.settle(
        outcome.letter.id,
        mail_sender.owner,
        LetterState.WAITING,
        now=now,
        remark=str(error),
        next_try_at=until,
        is_unsure=error.is_unsure and outcome.is_offered,
        is_spent=is_spent,
    )


def _next_try(uow: UnitOfWork, letter: Letter, now: datetime) -> datetime | None:
    """When a letter is tried again; None where it is given up: a person sees it then, and may send it again."""
    workdays = Desk.open(uow).workdays
    last_day = workdays.add(workdays.local_day(letter.first_tried_at or now), GIVE_UP_AFTER)
    until = datetime.combine(last_day + ONE_DAY, time(), workdays.zone)
    return next_try(letter.attempts, now, until)


def _stand_still(uow: UnitOfWork, error: DeliveryError, now: datetime) -> None:
    before = uow.letters.standstill()
    tries = before.tries + 1 if before else 1
    until = now + min(wait_after(tries), LONGEST_STANDSTILL)
    uow.letters.stand_still(Standstill(before.since if before else now, tries, until, str(error)))


def put_back(store: Store, office: str, mail_sender: MailSender, letters: Sequence[Letter]) -> None:
    """Let letters wait as before that were not tried: for whoever comes next, and to be written anew."""
    now = mail_sender.clock()
    with store.unit_of_work(office) as uow:
        for letter in letters:
            uow.letters.settle(
                letter.id,
                mail_sender.owner,
                LetterState.WAITING,
                now=now,
                remark=letter.remark,
                next_try_at=letter.next_try_at,
                is_spent=False,
            )
        uow.commit()


def _note(uow: UnitOfWork, mail_sender: MailSender, entry: Entry) -> None:
    uow.ledger.note(at_any_clock(uow, entry) if mail_sender.only_links else entry)

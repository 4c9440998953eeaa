"""Tell programs what happened: ledger lines after the last one each was told, in order, until it has them.

Several transactions by its nature, like `deliver`: a line is sent outside of any and recorded as soon as it was
taken. A crash in between sends that one line again, under the same id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.ledger import Entry, LedgerLine
from domain.outside_text import words_of
from notifications.webhook import Answer, call
from services.integrations.webhooks import body_of, message_id_of, secret_of
from services.record import CLOCK
from storage.errors import DatabaseDownError
from storage.hooks import Hook, HookState
from storage.store import Store

LEASE: Final = timedelta(minutes=15)
PATIENCE: Final = timedelta(minutes=5)
"""A program that has been told for so long waits for the next run, so that a slow one holds up nobody."""

BATCH: Final = 50
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
GIVEN_UP_AFTER: Final = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """How programs are told.

    Attributes:
        secret: The installation's own.
        owner: Name of this worker, written into the leases it takes.
    """

    secret: bytes
    allows_private: bool
    owner: str
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class WebhookRun:
    """What one run did: messages taken, webhooks that wait for another try, webhooks given up.

    Attributes:
        faults: What nobody foresaw, one sentence each; it held up one webhook and no other.
    """

    taken: int = 0
    waiting: int = 0
    given_up: int = 0
    faults: tuple[str, ...] = ()


def tell_hooks(store: Store, office: str, sender: WebhookSender) -> WebhookRun:
    """Tell every program of the office that is due and behind.

    Raises:
        DatabaseDownError: The database cannot be used; what was recorded stays.
    """
    with store.unit_of_work(office) as uow:
        leased = uow.hooks.lease(sender.owner, sender.clock(), for_=LEASE)
        # Committed before the first call: another worker that looks meanwhile leaves these to us until LEASE is over.
        uow.commit()
    done = WebhookRun()
    for hook in leased:
        try:
            taken, after = _tell(store, office, sender, hook)
        except DatabaseDownError:
            raise
        except Exception as fault:  # noqa: BLE001 -- whatever one program's webhook stumbles over, the others are told
            taken, after = 0, _held_up(store, office, sender, hook, fault)
            done = replace(done, faults=(*done.faults, f"webhook {hook.id}: {words_of(fault)}"))
        done = replace(
            done,
            taken=done.taken + taken,
            waiting=done.waiting + (after.failed_since is not None),
            given_up=done.given_up + (after.state is HookState.GIVEN_UP),
        )
    return done


def _held_up(store: Store, office: str, sender: WebhookSender, hook: Hook, fault: Exception) -> Hook:
    """Let a webhook wait for its next try, with the reason, from the last line that is recorded as told."""
    with store.reader(office) as uow:
        present = uow.hooks.get(hook.id) or hook
    now = sender.clock()
    after = _failed(present, words_of(fault), now)
    _settle(store, office, sender, after, is_over=True)
    return after


def _tell(store: Store, office: str, sender: WebhookSender, hook: Hook) -> tuple[int, Hook]:
    taken, patient_until = 0, sender.clock() + PATIENCE
    secret = secret_of(sender.secret, office, hook.id)
    while lines := _lines(store, office, hook.seq):
        for line in lines:
            body = body_of(line, hook.events)
            if body is None:
                hook = replace(hook, seq=line.seq)
                continue
            now = sender.clock()
            answer = call(hook.url, message_id_of(line), body, secret, now, allows_private=sender.allows_private)
            hook = _after(hook, line, answer, sender.clock())
            taken += answer.is_taken
            # PATIENCE is shorter than LEASE: past the lease another worker would tell the same program the same lines.
            is_over = not answer.is_taken or now > patient_until
            present = _settle(store, office, sender, hook, is_over=is_over)
            if is_over or present is None:
                return taken, hook
            hook = present
    _settle(store, office, sender, hook, is_over=True)
    return taken, hook


def _lines(store: Store, office: str, seq: int) -> list[LedgerLine]:
    with store.reader(office) as uow:
        return uow.ledger.after(seq, BATCH)


def _after(hook: Hook, line: LedgerLine, answer: Answer, now: datetime) -> Hook:
    """The webhook after a try: one line further, or waiting longer, or given up."""
    if answer.is_taken:
        return replace(hook, seq=line.seq, attempts=0, failed_since=None, last_at=now, remark=answer.words)
    return _failed(hook, answer.words, now)


def _failed(hook: Hook, why: str, now: datetime) -> Hook:
    since = hook.failed_since or now
    # By the time since the first failure, not by their number: the waits between the tries grow.
    is_given_up = now - since >= GIVEN_UP_AFTER
    return replace(
        hook,
        attempts=hook.attempts + 1,
        failed_since=since,
        last_at=now,
        remark=why,
        next_try_at=now + wait_after(hook.attempts + 1),
        state=HookState.GIVEN_UP if is_given_up else hook.state,
    )


def wait_after(failures: int) -> timedelta:
    """How long so many failures in a row put off the next try: 1 minute, 2, 4 … up to 6 hours."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)


def _settle(store: Store, office: str, sender: WebhookSender, hook: Hook, *, is_over: bool) -> Hook | None:
    """Record a try; the webhook as a person may have changed it meanwhile, None where it is not to be told on."""
    with store.unit_of_work(office) as uow:
        held = uow.hooks.settle(hook, sender.owner, is_over=is_over)
        if held and hook.state is HookState.GIVEN_UP:
            uow.ledger.note(Entry(sender.clock(), "hook.given_up", CLOCK, hook.id, {"attempts": hook.attempts}))
        present = uow.hooks.get(hook.id) if held else None
        if present is not None and present.state is not HookState.ON and not is_over:
            uow.hooks.settle(hook, sender.owner, is_over=True)
            present = None
        # After every try: what a program took and we did not record, it would be told a second time.
        uow.commit()
    return present

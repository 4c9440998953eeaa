"""Webhooks: programs that are told what happens; made, paused, tried and removed by an administrator."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from domain.errors import BadInputError, NotFoundError
from domain.ledger import Entry, LedgerLine
from notifications.webhook import SECRET_PREFIX, Answer, call, check_url
from services.desk import Desk
from storage.hooks import Hook, HookState

EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "assignment": frozenset({"state", "from", "version", "due_on", "before", "deadline_version", "late_workdays"}),
    "plan": frozenset({"revision", "sha256", "in_force_on"}),
    "report": frozenset({"revision", "sha256", "final", "file"}),
    "holiday": frozenset({"holiday"}),
    "letter": frozenset(),
}
"""First word of a ledger line's kind to the facts of it that are told: none holds what a person wrote."""

MOST_HOOKS: Final = 20
TEST: Final = "hook.test"


class HookWishError(BadInputError):
    """A webhook that cannot be made; `field` names what is wrong."""


@dataclass(frozen=True, slots=True)
class MadeHook:
    """A new webhook.

    Attributes:
        secret: What its receiver checks signatures with; shown once.
    """

    hook: Hook
    secret: str = field(repr=False)


def secret_of(installation: bytes, office: str, hook: str) -> str:
    """Secret of a webhook, made from the installation's own: a copy of the database does not hold it."""
    key = hmac.digest(installation, f"webhook/1:{office}:{hook}".encode(), hashlib.sha256)
    return SECRET_PREFIX + base64.b64encode(key).decode()


def make_hook(
    desk: Desk,
    installation: bytes,
    url: str,
    events: Collection[str],
    *,
    by: str,
    now: datetime,
    allows_private: bool,
) -> MadeHook:
    """Make a webhook: its program is told from the next ledger line on.

    Raises:
        HookAddressError: The address may not be called.
        HookWishError: No event or an unknown one, or too many webhooks.
    """
    check_url(url, allows_private=allows_private)
    if not events or not set(events) <= EVENTS.keys():
        raise HookWishError(
            field="events",
            problem="No event is chosen.",
            problem_thai="ยังไม่ได้เลือกเรื่องที่ต้องการให้แจ้ง",
            remedy=f"Choose from: {', '.join(EVENTS)}.",
            remedy_thai="โปรดเลือกอย่างน้อยหนึ่งเรื่อง",
        )
    if len(desk.uow.hooks.all()) >= MOST_HOOKS:
        raise HookWishError(
            field="url",
            problem=f"There are {MOST_HOOKS} webhooks already.",
            problem_thai=f"มีเว็บฮุกแล้ว {MOST_HOOKS} รายการ",
            remedy="Remove one that nobody uses.",
            remedy_thai="โปรดลบรายการที่ไม่ใช้แล้ว",
        )
    wanted = tuple(event for event in EVENTS if event in events)
    seq = desk.uow.ledger.head()[0]
    hook = Hook(secrets.token_hex(8), url, wanted, now, by, seq=seq, next_try_at=now)
    desk.uow.hooks.add(hook)
    _note(desk, "hook.made", hook, by=by, now=now)
    return MadeHook(hook, secret_of(installation, desk.office.key, hook.id))


def _note(desk: Desk, kind: str, hook: Hook, *, by: str, now: datetime) -> None:
    # The path of an address may hold a key of its own.
    facts = {"host": urlsplit(hook.url).hostname or "", "events": list(hook.events)}
    desk.uow.ledger.note(Entry(now, kind, by, hook.id, facts))


def hook_of(desk: Desk, hook: str) -> Hook:
    """Webhook with this id.

    Raises:
        NotFoundError: The office has no such webhook.
    """
    stored = desk.uow.hooks.get(hook)
    if stored is None:
        raise NotFoundError(
            what="webhook", what_thai="เว็บฮุก", key=hook, remedy="It was removed.", remedy_thai="อาจถูกลบไปแล้ว"
        )
    return stored


def pause_hook(desk: Desk, hook: str, *, by: str, now: datetime) -> None:
    """Pause a webhook; what happens meanwhile is told when it goes on.

    Raises:
        NotFoundError: The office has no such webhook.
    """
    desk.uow.hooks.switch(hook_of(desk, hook).id, HookState.PAUSED, now)
    _note(desk, "hook.paused", hook_of(desk, hook), by=by, now=now)


def resume_hook(desk: Desk, hook: str, *, by: str, now: datetime) -> None:
    """Resume a webhook from where it was left, whatever failed before.

    Raises:
        NotFoundError: The office has no such webhook.
    """
    desk.uow.hooks.switch(hook_of(desk, hook).id, HookState.ON, now)
    _note(desk, "hook.resumed", hook_of(desk, hook), by=by, now=now)


def remove_hook(desk: Desk, hook: str, *, by: str, now: datetime) -> None:
    """Remove a webhook; its secret is gone with it.

    Raises:
        NotFoundError: The office has no such webhook.
    """
    stored = hook_of(desk, hook)
    desk.uow.hooks.drop(hook)
    _note(desk, "hook.removed", stored, by=by, now=now)


def try_hook(hook: Hook, installation: bytes, office: str, now: datetime, *, allows_private: bool) -> Answer:
    """Send a message that tells nothing, and what came of it; outside of any transaction."""
    number = int(now.timestamp() * 1000)
    body = as_json(TEST, now, {"office": office})
    secret = secret_of(installation, office, hook.id)
    return call(hook.url, f"test_{office}_{number}", body, secret, now, allows_private=allows_private)


def body_of(line: LedgerLine, events: Collection[str]) -> bytes | None:
    """What a program is told of a ledger line; None for one it does not want, or nobody is told of."""
    event = line.entry.kind.partition(".")[0]
    if event not in events or event not in EVENTS:
        return None
    facts = {name: fact for name, fact in line.entry.data.items() if name in EVENTS[event]}
    about = {"office": line.office, "seq": line.seq, "subject": line.entry.subject, "actor": line.entry.actor}
    return as_json(line.entry.kind, line.entry.at, {**about, "facts": facts})


def message_id_of(line: LedgerLine) -> str:
    """Name of a message, the same at every try."""
    return f"msg_{line.office}_{line.seq}"


def as_json(kind: str, happened_at: datetime, data: Mapping[str, object]) -> bytes:
    """A message as it is signed and sent."""
    message = {"type": kind, "timestamp": happened_at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

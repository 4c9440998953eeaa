"""Webhooks: programs that are told what happens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from notifications.webhook import URL_LENGTH
from services.desk import Desk
from services.integrations import webhooks as hooks
from storage.hooks import Hook, HookState
from web.api.door import Administering
from web.api.values import Key, Model
from web.door.visit import Visit

router = APIRouter(prefix="/hooks", tags=["webhooks"])

Event = StrEnum("Event", {event.upper(): event for event in hooks.EVENTS})  # type: ignore[misc]


class HookView(Model):
    """A webhook without its secret."""

    id: str
    url: str
    events: list[Event]
    state: HookState
    made_at: datetime
    seq: int = Field(description="Number of the last ledger line it was told or did not want.")
    failed_since: datetime | None
    next_try_at: datetime
    last_at: datetime | None
    remark: str = Field(description="What became of the last try.")


class NewHook(Model):
    """Whom to tell of what."""

    url: Annotated[str, Field(min_length=1, max_length=URL_LENGTH, examples=["https://example.go.th/sucharit"])]
    events: Annotated[list[Event], Field(min_length=1, max_length=20)]


class MadeHook(Model):
    """A new webhook; `secret` is told this once. Signatures follow Standard Webhooks (HMAC-SHA256, v1)."""

    hook: HookView
    secret: str = Field(examples=["whsec_…"])


class Tried(Model):
    """What became of a message that tells nothing."""

    is_taken: bool
    status: int | None
    said: str


def _view(hook: Hook) -> HookView:
    return HookView(
        id=hook.id,
        url=hook.url,
        events=[Event(event) for event in hook.events],
        state=hook.state,
        made_at=hook.made_at,
        seq=hook.seq,
        failed_since=hook.failed_since,
        next_try_at=hook.next_try_at,
        last_at=hook.last_at,
        remark=hook.remark,
    )


@router.get("")
def every_hook(visit: Administering) -> list[HookView]:
    """Webhooks, the oldest first."""
    with visit.reading() as desk:
        return [_view(hook) for hook in desk.uow.hooks.all()]


@router.post("", status_code=201)
def make(visit: Administering, body: NewHook) -> MadeHook:
    """Tell a program from now on. Only public https addresses, unless the installation allows others."""
    sender = visit.system.webhook_sender()
    with visit.changing() as desk:
        made = hooks.make_hook(
            desk, sender.secret, body.url, {event.value for event in body.events}, by=visit.person, now=visit.now,
            allows_private=sender.allows_private,
        )  # fmt: skip
        desk.uow.commit()
    return MadeHook(hook=_view(made.hook), secret=made.secret)


@router.post("/{hook}/pause")
def pause(visit: Administering, hook: Key) -> HookView:
    """Tell it nothing for now; what happens meanwhile is told when it goes on."""
    with visit.changing() as desk:
        hooks.pause_hook(desk, hook, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _now(visit, hook)


@router.post("/{hook}/resume")
def resume(visit: Administering, hook: Key) -> HookView:
    """Tell it again, from where it was left."""
    with visit.changing() as desk:
        hooks.resume_hook(desk, hook, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _now(visit, hook)


@router.post("/{hook}/test")
def test(visit: Administering, hook: Key) -> Tried:
    """Send a signed message that tells nothing, at once."""
    sender = visit.system.webhook_sender()
    with visit.reading() as desk:
        receiver = hooks.hook_of(desk, hook)
    answer = hooks.try_hook(receiver, sender.secret, visit.office, visit.now, allows_private=sender.allows_private)
    return Tried(is_taken=answer.is_taken, status=answer.status, said=answer.words)


@router.delete("/{hook}", status_code=204)
def remove(visit: Administering, hook: Key) -> Response:
    """Tell it nothing any more."""
    with visit.changing() as desk:
        hooks.remove_hook(desk, hook, by=visit.person, now=visit.now)
        desk.uow.commit()
    return Response(status_code=204)


def _now(visit: Visit, hook: str) -> HookView:
    with visit.reading() as desk:
        return _view(_found(desk, hook))


def _found(desk: Desk, hook: str) -> Hook:
    return hooks.hook_of(desk, hook)

"""เว็บฮุก: programs that are told what happens; made, tried, paused and removed by the administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from notifications.webhook import Answer, HookAddressError
from services.integrations import webhooks as hooks
from storage.hooks import HookState
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/hooks")

Short = Annotated[str, Form(max_length=600)]

_NOTHING: Final[Mapping[str, str]] = {}
EVENTS: Final[Mapping[str, str]] = {
    "assignment": "งานที่มอบหมาย",
    "plan": "แผน",
    "report": "รายงาน",
    "holiday": "วันหยุด",
    "letter": "จดหมาย",
}
STATES: Final[Mapping[HookState, str]] = {
    HookState.ON: "แจ้งอยู่",
    HookState.PAUSED: "หยุดพัก",
    HookState.GIVEN_UP: "เลิกส่งเพราะไม่ตอบหลายวัน",
}


@router.get("")
def every_hook(request: Request, visit: Looking) -> Response:
    """Webhooks, what became of the last try, and the form for a new one."""
    return _page(request, visit)


def _page(
    request: Request,
    visit: Visit,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    url: str = "",
    chosen: list[str] | None = None,
    secret: str = "",
    tried: Answer | None = None,
) -> Response:
    with visit.reading() as desk:
        receivers = desk.uow.hooks.all()
        last = desk.uow.ledger.head()[0]
    return render(
        request,
        "admin/webhooks.html",
        status=status,
        visit=visit,
        hooks=receivers,
        last=last,
        faults=faults,
        url=url,
        chosen=["assignment"] if chosen is None else chosen,
        secret=secret,
        tried=tried,
        events=EVENTS,
        states=STATES,
    )


@router.post("")
def make(
    request: Request, visit: Acting, url: Short = "", event: Annotated[list[str] | None, Form()] = None
) -> Response:
    """A new webhook: its secret is shown on this answer and nowhere else."""
    sender, chosen = visit.system.webhook_sender(), event or []
    try:
        with visit.changing() as desk:
            made = hooks.make_hook(
                desk, sender.secret, url.strip(), chosen, by=visit.person, now=visit.now,
                allows_private=sender.allows_private,
            )  # fmt: skip
            desk.uow.commit()
    except (HookAddressError, hooks.HookWishError) as error:
        faults = {str(error.facts.get("field", "url")): sentence_of(error, language_of(request))}
        return _page(request, visit, status=422, faults=faults, url=url, chosen=chosen)
    return _page(request, visit, secret=made.secret)


@router.post("/{hook}/test")
def test(request: Request, visit: Acting, hook: str) -> Response:
    """Send a message that tells nothing, and show what came of it."""
    sender = visit.system.webhook_sender()
    with visit.reading() as desk:
        receiver = hooks.hook_of(desk, hook)
    tried = hooks.try_hook(receiver, sender.secret, visit.office, visit.now, allows_private=sender.allows_private)
    return _page(request, visit, tried=tried)


@router.post("/{hook}/pause")
def pause(visit: Acting, hook: str) -> Response:
    """Tell it nothing for now."""
    return _changed(visit, hooks.pause_hook, hook)


@router.post("/{hook}/resume")
def resume(visit: Acting, hook: str) -> Response:
    """Tell it again, from where it was left."""
    return _changed(visit, hooks.resume_hook, hook)


@router.post("/{hook}/remove")
def remove(visit: Acting, hook: str) -> Response:
    """Tell it nothing any more."""
    return _changed(visit, hooks.remove_hook, hook)


def _changed(visit: Visit, change: Callable[..., object], hook: str) -> Response:
    with visit.changing() as desk:
        change(desk, hook, by=visit.person, now=visit.now)
        desk.uow.commit()
    return RedirectResponse("/admin/hooks", status_code=303)

"""The flow that brings letters on their way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.faults import Faults
from tasks.hooks import offices_to_tell, tell_office
from tasks.offices import deliver_office, offices_with_mail, stuck_mail_of_offices

TELL_AGAIN_S: Final = 10.0


@dataclass(slots=True)
class _Mail:
    """What was done, and for each office whose mail stopped the reason and the sentence that says it."""

    sent: int = 0
    waiting: int = 0
    stopped: dict[str, tuple[str, str]] = field(default_factory=dict)


@flow(name="deliver", flow_run_name="deliver")
async def deliver() -> State[None]:
    """Send what waits in every office, and tell webhooks. What is at fault in one office holds up nobody else's.

    The run is red, and says why, as long as a person is needed: a mail server or an account that takes nothing, letters
    that have waited for longer than a day, parked letters. It is looked for in every office, whether or not a letter of
    it was due.
    """
    faults, mail = Faults(), _Mail()
    async with asyncio.TaskGroup() as group:
        delivering, is_over = group.create_task(_deliver_all(mail, faults)), False
        while not is_over:
            # Programs are told of what the mail did, and meanwhile where a mail server holds it up for minutes.
            await asyncio.wait([delivering], timeout=TELL_AGAIN_S)
            is_over = delivering.done()
            await _tell_programs(faults)
    await _look_for_stuck_mail(mail, faults)
    if faults.sentences:
        return Failed(name="Mail waits", message=str(faults))
    if mail.waiting:
        return Completed(
            name="Letters wait", message=f"{mail.sent} letters sent, {mail.waiting} wait for their next try"
        )
    return Completed(name="Delivered" if mail.sent else "Nothing due", message=f"{mail.sent} letters sent")


async def _deliver_all(mail: _Mail, faults: Faults) -> None:
    with faults.of("mail"):
        for office in await offices_with_mail():
            with faults.of(office):
                done = await deliver_office(office)
                mail.sent += done.sent
                mail.waiting += done.waiting
                faults.add(*(f"{office}: {fault}" for fault in done.faults))
                if done.stopped_by:
                    since = f" since {done.waiting_since:%Y-%m-%d %H:%M} UTC" if done.waiting_since else ""
                    sentence = f"{office}: {done.waiting} letters wait{since}. {done.stopped_by}"
                    mail.stopped[office] = (done.stopped_by, sentence)


async def _look_for_stuck_mail(mail: _Mail, faults: Faults) -> None:
    stuck: list[str] = []
    with faults.of("letters that wait"):
        stuck = await stuck_mail_of_offices()
    # What stopped the mail is told once, with since when where that is known.
    for office, (why, sentence) in mail.stopped.items():
        if not any(known.startswith(f"{office}: ") and why in known for known in stuck):
            faults.add(sentence)
    faults.add(*stuck)


async def _tell_programs(faults: Faults) -> None:
    """Tell webhooks; one that does not answer waits by itself, only a fault of ours is reported."""
    with faults.of("webhooks"):
        for office in await offices_to_tell():
            with faults.of(office):
                done = await tell_office(office)
                faults.add(*(f"{office}: {fault}" for fault in done.faults))

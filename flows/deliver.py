"""The flow that brings letters on their way."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.faults import Faults
from tasks.hooks import offices_to_tell, tell_office
from tasks.offices import deliver_office, offices_with_mail


@flow(name="deliver", flow_run_name="deliver")
async def deliver() -> State[None]:
    """Send what waits in every office, and tell webhooks. What is at fault in one office holds up nobody else's.

    A mail server that is down leaves the letters waiting and the run red.
    """
    faults = Faults()
    sent, waiting = 0, 0
    with faults.of("mail"):
        sent, waiting = await _deliver_all(faults)
    with faults.of("webhooks"):
        await _tell_programs(faults)
    if faults.sentences:
        return Failed(name="Mail waits", message=str(faults))
    if waiting:
        return Completed(name="Letters wait", message=f"{sent} letters sent, {waiting} wait for their next try")
    return Completed(name="Delivered" if sent else "Nothing due", message=f"{sent} letters sent")


async def _deliver_all(faults: Faults) -> tuple[int, int]:
    """Numbers of letters sent and waiting."""
    sent, waiting = 0, 0
    for office in await offices_with_mail():
        with faults.of(office):
            done = await deliver_office(office)
            sent += done.sent
            waiting += done.waiting
            faults.add(*(f"{office}: {fault}" for fault in done.faults))
            if done.stopped_by:
                faults.add(f"{office}: {done.waiting} letters wait. {done.stopped_by}")
    return sent, waiting


async def _tell_programs(faults: Faults) -> None:
    """Tell webhooks; one that does not answer waits by itself, only a fault of ours is reported."""
    for office in await offices_to_tell():
        with faults.of(office):
            done = await tell_office(office)
            faults.add(*(f"{office}: {fault}" for fault in done.faults))

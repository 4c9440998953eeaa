"""The flow that brings letters on their way."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.hooks import offices_to_tell, tell_office
from tasks.offices import FAULTS, deliver_office, offices_with_mail


@flow(name="deliver", flow_run_name="deliver")
async def deliver() -> State[None]:
    """Send what waits in every office. A mail server that is down leaves the letters waiting and the run red."""
    sent, waiting, stopped = 0, 0, []
    for office in await offices_with_mail():
        try:
            done = await deliver_office(office)
        except FAULTS as fault:
            stopped.append(f"{office}: {fault}")
            continue
        sent += done.sent
        waiting += done.waiting
        if done.stopped_by:
            stopped.append(f"{office}: {done.waiting} letters wait. {done.stopped_by}")
    stopped += await _tell_programs()
    if stopped:
        return Failed(name="Mail waits", message="; ".join(stopped))
    if waiting:
        return Completed(name="Letters wait", message=f"{sent} letters sent, {waiting} wait for their next try")
    return Completed(name="Delivered" if sent else "Nothing due", message=f"{sent} letters sent")


async def _tell_programs() -> list[str]:
    """Tell webhooks; one that does not answer waits by itself, only a fault of ours is reported."""
    faults = []
    for office in await offices_to_tell():
        try:
            await tell_office(office)
        except FAULTS as fault:
            faults.append(f"{office}: {fault}")
    return faults

"""The flow that makes Prefect's schedules equal to the moments of the plans in force."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.clockwork import apply_measures
from services.schedule import MeasureKey
from services.scheduler import MeasureSchedule
from tasks.offices import FAULTS, every_office, work_out_schedules


@flow(name="apply-schedules", flow_run_name="apply schedules")
async def apply_schedules(office: str | None = None) -> State[None]:
    """Apply the schedules of one office, or of all; applying twice changes nothing."""
    # An office that is named and gone wants nothing any more: its deployments are deleted below.
    offices = await every_office(office)
    wanted: list[MeasureSchedule] = []
    faults: list[str] = []
    for key in offices:
        try:
            wanted += await work_out_schedules(key)
        except FAULTS as fault:
            faults.append(f"{key}: {fault}")
    if faults:
        # Nothing is applied: a schedule that could not be worked out must not be taken for one that is gone.
        return Failed(name="Faults", message="; ".join(faults))
    named = {office} if office else None
    done = await apply_measures(wanted, among=lambda name: named is None or MeasureKey.parse(name).office in named)
    counts = {what: len(getattr(done, what)) for what in ("created", "changed", "unchanged", "deleted")}
    said = ", ".join(f"{count} {what}" for what, count in counts.items())
    return Completed(name="Applied" if done.created or done.changed or done.deleted else "As before", message=said)

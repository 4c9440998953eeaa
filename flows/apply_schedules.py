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
    faults: dict[str, str] = {}
    for key in offices:
        try:
            wanted += await work_out_schedules(key)
        except FAULTS as fault:
            faults[key] = f"{key}: {fault}"

    def is_ours(name: str) -> bool:
        # What could not be worked out stays as it is: it must not be taken for a schedule that is gone.
        owner = MeasureKey.parse(name).office
        return owner not in faults and office in (None, owner)

    done = await apply_measures(wanted, among=is_ours)
    if faults:
        return Failed(name="Faults", message="; ".join(faults.values()))
    counts = {what: len(getattr(done, what)) for what in ("created", "changed", "unchanged", "deleted")}
    said = ", ".join(f"{count} {what}" for what, count in counts.items())
    return Completed(name="Applied" if done.created or done.changed or done.deleted else "As before", message=said)

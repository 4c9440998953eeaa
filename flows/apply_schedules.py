"""The flow that makes Prefect's schedules equal to the moments of the plans in force."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from domain.errors import BadInputError
from flows.clockwork import Applied, apply_measures
from services.schedule.schedule import MeasureKey
from services.scheduler import MeasureSchedule
from tasks.faults import Faults
from tasks.offices import every_office, work_out_schedules


@flow(name="apply-schedules", flow_run_name="apply schedules")
async def apply_schedules(office: str | None = None) -> State[None]:
    """Apply the schedules of one office, or of all; applying twice changes nothing."""
    # An office that is named and gone wants nothing any more: its deployments are deleted below.
    offices = await every_office(office)
    wanted: list[MeasureSchedule] = []
    faults, unknown = Faults(), set(offices)
    for key in offices:
        with faults.of(key):
            wanted += await work_out_schedules(key)
            unknown.discard(key)
    # A schedule that could not be worked out must not be taken for one that is gone.
    done = Applied()
    with faults.of("Prefect"):
        done = await apply_measures(wanted, among=lambda name: _is_about(name, office, unknown))
        faults.add(*done.faults)
    counts = {what: len(getattr(done, what)) for what in ("created", "changed", "unchanged", "deleted")}
    summary = ", ".join(f"{count} {what}" for what, count in counts.items())
    if faults.sentences:
        return Failed(name="Faults", message=f"{faults}; the others: {summary}")
    return Completed(name="Applied" if done.created or done.changed or done.deleted else "As before", message=summary)


def _is_about(name: str, office: str | None, unknown: set[str]) -> bool:
    if office is None and not unknown:
        return True
    try:
        whose = MeasureKey.parse(name).office
    except BadInputError:
        return False  # somebody's own: it is looked at again when every office could be worked out
    return office in (None, whose) and whose not in unknown

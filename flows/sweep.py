"""The safety net: once a day over all offices, repairing what a missed moment left undone."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.measures import advance_measure, ask_for_delivery
from tasks.offices import FAULTS, all_measures, every_office, mark_clock


@flow(name="sweep", flow_run_name="sweep")
async def sweep(office: str | None = None) -> State[None]:
    """Advance every measure of every office (of one, if named) to now. One's failure never stops the others."""
    repaired, faults = 0, []
    measures: list[str] = []
    for one in await every_office(office):
        try:
            await mark_clock(one)
        except FAULTS as fault:
            faults.append(str(fault))
        try:
            measures += await all_measures(one)
        except FAULTS as fault:
            faults.append(f"{one}: {fault}")
    for key in measures:
        try:
            done = await advance_measure(key, None)
        except FAULTS as fault:
            faults.append(f"{key}: {fault}")
            continue
        repaired += done.did_something
        faults += [f"{key}: {fault}" for fault in done.faults]
    await ask_for_delivery()
    if faults:
        return Failed(name="Faults", message="; ".join(faults))
    return Completed(
        name="Repaired" if repaired else "Nothing due", message=f"{repaired} measures had missed something"
    )

"""The safety net: once a day over all offices, repairing what a missed moment left undone."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.faults import Faults
from tasks.measures import advance_measure, ask_for_delivery
from tasks.offices import all_measures, every_office, mark_clock


@flow(name="sweep", flow_run_name="sweep")
async def sweep(office: str | None = None) -> State[None]:
    """Advance every measure of every office (of one, if named) to now. One's failure never stops the others."""
    faults, repaired = Faults(), 0
    for key in await every_office(office):
        with faults.of(key):
            await mark_clock(key)
        with faults.of(key):
            for measure in await all_measures(key):
                repaired += await _advance(measure, faults)
    with faults.of("delivery"):
        await ask_for_delivery()
    if faults.sentences:
        return Failed(name="Faults", message=str(faults))
    return Completed(
        name="Repaired" if repaired else "Nothing due", message=f"{repaired} measures had missed something"
    )


async def _advance(measure: str, faults: Faults) -> bool:
    """Advance a measure; tell whether it had missed something."""
    with faults.of(measure):
        done = await advance_measure(measure, None)
        faults.add(*(f"{measure}: {fault}" for fault in done.faults))
        return done.did_something
    return False

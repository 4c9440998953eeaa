"""The flow of a measure: its schedule is exactly the moments at which something becomes due for it."""

from __future__ import annotations

from datetime import datetime

from prefect import flow, runtime
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from services.assignments.advance import Advanced
from services.overview.rows import Row
from tasks.measures import advance_measure, ask_for_delivery, measure_rows


def _run_name() -> str:
    parameters = runtime.flow_run.parameters
    moment = parameters.get("as_of") or runtime.flow_run.scheduled_start_time
    return f"{parameters['measure_key']} {moment:%Y-%m-%d %H:%M}" if moment else str(parameters["measure_key"])


@flow(name="run-measure", flow_run_name=_run_name)
async def run_measure(measure_key: str, as_of: datetime | None = None) -> State[None]:
    """Do everything that should have happened for a measure by `as_of`, and bring it to the people.

    Running it twice, late, or by two workers at once changes nothing: it looks at what is, not at what ran.

    Args:
        measure_key: `2570/demo/m3`: fiscal year, office, measure.
        as_of: Aware instant; now, if not given.
    """
    done = await advance_measure(measure_key, as_of)
    rows = await measure_rows(measure_key)
    await _show(measure_key, rows)
    await ask_for_delivery(measure_key)
    return _final_state(done)


async def _show(measure_key: str, rows: list[Row]) -> None:
    if not rows:
        return
    table = [
        {"assignment": r.id, "division": r.division, "due": r.due_on.isoformat(), "state": r.state, "clock": r.clock}
        for r in rows
    ]
    key = "".join(c if c.isalnum() else "-" for c in measure_key.lower())
    await create_table_artifact(key=key, table=table, description=f"Assignments of {measure_key}")  # type: ignore[misc]


def _final_state(done: Advanced) -> State[None]:
    if done.faults:
        return Failed(name="Faults", message="; ".join(done.faults))
    summary = f"{done.opened} opened, {done.escalated} rungs, {done.notices} notices, {done.overdue} overdue"
    if done.overdue:
        return Completed(name="Overdue", message=summary)
    return Completed(name="Completed" if done.did_something else "Nothing due", message=summary)

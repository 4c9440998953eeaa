"""The flow that freezes quarters and writes their reports."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.faults import Faults
from tasks.offices import every_office, freeze_quarters, render_reports


@flow(name="quarter-report", flow_run_name="quarter report")
async def quarter_report(office: str | None = None) -> State[None]:
    """Freeze every quarter whose time has come and render what is frozen; of one office, if named."""
    faults = Faults()
    written: list[str] = []
    frozen: list[str] = []
    for key in [office] if office else await every_office():
        with faults.of(key):
            frozen += [f"{key}: {line}" for line in await freeze_quarters(key)]
        with faults.of(key):  # what was frozen before is written also where no more can be frozen
            written += [f"{key}: {name}" for name in await render_reports(key)]
    if frozen or written:
        lines = "\n".join(f"- {line}" for line in [*frozen, *written])
        with faults.of("artifact"):
            await create_markdown_artifact(key="quarter-report", markdown=lines)  # type: ignore[misc]
    if faults.sentences:
        return Failed(name="Faults", message=str(faults))
    return Completed(name="Written" if written else "Nothing due", message="; ".join(written or frozen) or "no quarter")

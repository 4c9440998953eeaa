"""The watchdog's flow: red when anything is missing, and only then silent to the outside."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.faults import Faults
from tasks.offices import audit_office, beat, every_office


@flow(name="audit", flow_run_name="audit")
async def audit() -> State[None]:
    """Compare plan and ledger of every office; a clean audit, and nothing else, sends the heartbeat."""
    findings = Faults()
    for office in await every_office():
        with findings.of(office):
            audited = await audit_office(office)
            findings.add(*(f"{office}: {finding}" for finding in audited.findings))
    if findings.sentences:
        return Failed(name="Findings", message="\n".join(findings.sentences))
    beaten = await beat()
    return Completed(name="Clean", message="heartbeat sent" if beaten else "no heartbeat address is set")

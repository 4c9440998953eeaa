"""The watchdog's flow: red when anything is missing, and only then silent to the outside."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.offices import FAULTS, audit_office, beat, every_office


@flow(name="audit", flow_run_name="audit")
async def audit() -> State[None]:
    """Compare plan and ledger of every office; a clean audit, and nothing else, sends the heartbeat."""
    findings: list[str] = []
    for office in await every_office():
        try:
            findings += [f"{office}: {finding}" for finding in (await audit_office(office)).findings]
        except FAULTS as fault:
            findings.append(f"{office}: {fault}")
    if findings:
        return Failed(name="Findings", message="\n".join(findings))
    beaten = await beat()
    return Completed(name="Clean", message="heartbeat sent" if beaten else "no heartbeat address is set")

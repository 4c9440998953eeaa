"""Tasks of webhooks: which offices have something to tell, and telling it."""

from __future__ import annotations

import asyncio

from prefect import task

from services.clock import check
from services.integrations.send_webhooks import WebhookRun, tell_hooks
from services.wiring import system
from tasks.shell import WRITES


@task(name="offices-to-tell", **WRITES)
async def offices_to_tell() -> list[str]:
    """Offices with a program that has not been told everything."""
    return await asyncio.to_thread(lambda: system().store.offices_to_tell(system().clock()))


@task(name="tell-office", task_run_name="tell {office}", **{**WRITES, "timeout_seconds": 1800})
async def tell_office(office: str) -> WebhookRun:
    """Tell the office's programs what happened."""
    return await asyncio.to_thread(_tell, office)


def _tell(office: str) -> WebhookRun:
    with system().store.reader(office) as uow:
        check(uow, system().clock())  # at a wrong one a program would be given up that did not answer for a minute
    return tell_hooks(system().store, office, system().webhook_sender())

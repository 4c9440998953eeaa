"""Tasks of an office: deliver, freeze and render reports, audit, work out schedules."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Final

import httpx
from prefect import task

from domain.escalation import Skipped
from services import clock
from services.operations.audit import Audit, audit, stuck_mail
from services.outbox.deliver import Delivered, deliver
from services.own_loop import apart
from services.reporting.quarter_report import file_name, freeze, periods_in_question, render, unrendered
from services.schedule.schedule import measure_keys, schedules
from services.scheduler import MeasureSchedule
from services.wiring import system
from tasks.faults import Faults
from tasks.shell import ONCE, WRITES

LONGEST_DELIVERY_S: Final = 4 * 3600
"""Far more than a slow server needs: a delivery that is broken off may leave a letter that goes twice, and in its own
slot it holds up nothing but mail. Every wait inside it has an end of its own."""


@task(name="offices-with-mail", **WRITES)
async def offices_with_mail() -> list[str]:
    """Offices that have something to tell somebody."""
    return await asyncio.to_thread(lambda: system().store.offices_with_mail(system().clock()))


@task(name="deliver-office", task_run_name="deliver {office}", **{**WRITES, "timeout_seconds": LONGEST_DELIVERY_S})
async def deliver_office(office: str) -> Delivered:
    """Compose and send the letters of an office; at a clock that does not fit, only links to sign in leave."""
    return await apart(lambda: _deliver(office))


async def _deliver(office: str) -> Delivered:
    with system().store.reader(office) as uow:
        mail_sender, refusal = system().mail_sender(uow.office), clock.refusal(uow, system().clock())
    done = await deliver(system().store, office, replace(mail_sender, only_links=refusal is not None))
    return replace(done, stopped_by=done.stopped_by or str(refusal)) if refusal else done


@task(name="stuck-mail", **WRITES)
async def stuck_mail_of_offices() -> list[str]:
    """What keeps letters of any office from leaving and needs a person, whether or not a letter was due now."""
    return await asyncio.to_thread(_stuck_mail)


def _stuck_mail() -> list[str]:
    faults, store, now = Faults(), system().store, system().clock()
    for office in store.offices():
        with faults.of(office.key), store.reader(office.key) as uow:
            faults.add(*(f"{office.key}: {finding}" for finding in stuck_mail(uow, now)))
    return faults.sentences


@task(name="freeze-quarters", task_run_name="freeze {office}", **WRITES)
async def freeze_quarters(office: str) -> list[str]:
    """Freeze the periods whose time has come; say for each what became of it."""
    return await asyncio.to_thread(_freeze, office, system().clock())


def _freeze(office: str, now: datetime) -> list[str]:
    lines = []
    with system().desk(office) as desk:
        clock.check(desk.uow, now)
        for period in periods_in_question(desk, now):
            frozen = freeze(desk, period, now)
            what = f"waits: {frozen.why}" if isinstance(frozen, Skipped) else f"frozen as revision {frozen.revision}"
            lines.append(f"{period.fiscal_year_be} {period.short} {what}")
        # Frozen first, rendered from what is committed: a report that breaks the renderer stays frozen as it is.
        desk.uow.commit()
    return lines


@task(name="render-reports", task_run_name="render {office}", **WRITES)
async def render_reports(office: str) -> list[str]:
    """Render every report that has no document yet."""
    return await asyncio.to_thread(_render, office, system().clock())


def _render(office: str, now: datetime) -> list[str]:
    store, files = system().store, system().files
    with store.reader(office) as uow:
        clock.check(uow, now)
    waiting = unrendered(store, office)
    return [file_name(render(store, files, office, report, now).report) for report in waiting]


@task(name="every-office", **WRITES)
async def every_office(named: str | None = None) -> list[str]:
    """Keys of all offices; of the one `named`, if it is still there."""
    offices = await asyncio.to_thread(system().store.offices)
    return [office.key for office in offices if named in (None, office.key)]


@task(name="every-measure", **WRITES)
async def all_measures(office: str) -> list[str]:
    """Keys of all measures of an office's plans in force."""
    return await asyncio.to_thread(_measures, office)


def _measures(office: str) -> list[str]:
    with system().reading(office) as desk:
        return [str(key) for key in measure_keys(desk)]


@task(name="mark-clock", task_run_name="clock of {office}", **WRITES)
async def mark_clock(office: str) -> None:
    """Note that the clock was seen today and fits what has happened; a jumped clock is refused."""
    await asyncio.to_thread(_mark, office, system().clock())


def _mark(office: str, now: datetime) -> None:
    with system().store.unit_of_work(office) as uow:
        clock.check(uow, now)
        clock.mark(uow, now)  # after the check: a jumped clock must not vouch for itself
        uow.commit()


@task(name="work-out-schedules", task_run_name="schedules of {office}", **WRITES)
async def work_out_schedules(office: str) -> list[MeasureSchedule]:
    """Schedules an office's measures should have."""
    return await asyncio.to_thread(_schedules, office)


def _schedules(office: str) -> list[MeasureSchedule]:
    with system().reading(office) as desk:
        return schedules(desk, system().clock())


@task(name="audit-office", task_run_name="audit {office}", **ONCE)
async def audit_office(office: str) -> Audit:
    """Compare what should have happened with what is recorded."""
    return await asyncio.to_thread(_audit, office)


def _audit(office: str) -> Audit:
    with system().reading(office) as desk:
        return audit(desk, system().clock())


@task(name="heartbeat", **ONCE)
async def beat() -> bool:
    """Tell the watchdog outside that all is well; False when none is set."""
    url = system().settings.heartbeat_url
    if not url:
        return False
    async with httpx.AsyncClient(timeout=20) as client:
        (await client.get(url)).raise_for_status()
    return True

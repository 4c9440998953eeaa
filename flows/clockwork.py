"""Brings deployments to Prefect: the ones of prefect.yaml, and one per measure with exactly its moments."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from prefect.cli.deploy._config import _load_deploy_configs_and_actions
from prefect.cli.deploy._core import _run_single_deploy
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    DeploymentFilterName,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import MAX_RRULE_LENGTH, RRuleSchedule
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound, PrefectException
from prefect.flows import load_flow_from_entrypoint
from prefect.states import Scheduled
from prefect.utilities.callables import parameter_schema
from rich.console import Console

from domain.errors import SucharitError
from domain.outside_text import words_of
from flows.entrypoints import RUN_MEASURE
from flows.worker import InProcessWorker
from services.scheduler import MAIL_QUEUE, MAIL_RUNS, MEASURE_FLOW, POOL, TIMEZONE, MeasureSchedule
from services.setup.entry import enter

PAGE: Final = 200  # the most that Prefect's server gives at a time
_ZONE: Final = ZoneInfo(TIMEZONE)
_STAMP: Final = "%Y%m%dT%H%M%S"
_SECOND: Final = timedelta(seconds=1)
_QUIET: Final = Console(quiet=True)
ABOUT_MAIL: Final = "The delivery of letters, one at a time: a mail server that hangs holds up nothing else."


@dataclass(frozen=True, slots=True)
class Applied:
    """Names of the deployments that were created, changed, left alone and deleted, each in order.

    Attributes:
        faults: What stopped single deployments, one sentence each; all others were applied.
    """

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class HousekeepingError(SucharitError):
    """A prefect.yaml that cannot be applied."""

    english = "The schedules in {file} cannot be used: {reason} Correct the file, then start again."
    thai = "ใช้กำหนดการใน {file} ไม่ได้: {reason} กรุณาแก้ไขไฟล์แล้วเริ่มใหม่"


async def ensure_pool(client: PrefectClient) -> None:
    """Have the work pool of our workers, and in it the queue of the mail."""
    await _ensure_pool(client)
    try:
        queue = await client.read_work_queue_by_name(MAIL_QUEUE, work_pool_name=POOL)
    except ObjectNotFound:
        try:
            queue = await client.create_work_queue(
                MAIL_QUEUE, description=ABOUT_MAIL, concurrency_limit=MAIL_RUNS, work_pool_name=POOL
            )
        except ObjectAlreadyExists:
            return  # made at the same moment, by the same code
    if queue.concurrency_limit != MAIL_RUNS:
        # Prefect makes a queue that a deployment names, without a limit.
        await client.update_work_queue(queue.id, concurrency_limit=MAIL_RUNS)


async def _ensure_pool(client: PrefectClient) -> None:
    try:
        await client.read_work_pool(POOL)
    except ObjectNotFound:
        template = InProcessWorker.get_default_base_job_template()
        pool = WorkPoolCreate(name=POOL, type=InProcessWorker.type, base_job_template=template)
        try:
            await client.create_work_pool(pool)
        except ObjectAlreadyExists:
            return  # a worker that starts at the same moment was faster


async def apply_housekeeping(prefect_yaml: Path) -> list[str]:
    """Apply the deployments of a prefect.yaml, as `prefect deploy --all` does, and return their names.

    It is the code of that command, called here: the command itself costs one more start of Prefect. Its two functions
    are private, and no public one reads a prefect.yaml (`flow.deploy` and `flow.serve` take everything as arguments).
    Were they gone, this module could not be imported, and no start would get past it (decision record 0026).

    Raises:
        HousekeepingError: The file cannot be read.
        ValueError: An entrypoint or a schedule of it cannot be used.
    """
    output = StringIO()
    configs, actions = _load_deploy_configs_and_actions(prefect_yaml, console=Console(file=output, width=200))
    if output.getvalue():  # Prefect says so and goes on as if the file were empty
        raise HousekeepingError(file=prefect_yaml, reason=" ".join(output.getvalue().split()))
    async with get_client() as client:
        await ensure_pool(client)
        for config in configs:
            await _run_single_deploy(
                config, actions, client=client, prefect_file=prefect_yaml, console=_QUIET, is_interactive=lambda: False
            )
        await _move_waiting_runs(client, [str(config["name"]) for config in configs])
    return [str(config["name"]) for config in configs]


async def _move_waiting_runs(client: PrefectClient, names: Sequence[str]) -> None:
    """Bring runs that wait in a queue that their deployment has left into the one that it is in now.

    Prefect makes the runs of a schedule anew and leaves those that are due already, or were asked for, where they are.
    Made before the old one goes, and with its id as key: wherever this is broken off, the next start goes on with it.
    """
    deployments = await client.read_deployments(
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=list(names)))
    )
    for deployment in deployments:
        waiting = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
            ),
        )
        for run in waiting:
            if run.work_queue_name == deployment.work_queue_name:
                continue
            await client.create_flow_run_from_deployment(
                deployment.id,
                parameters=run.parameters,
                state=Scheduled(scheduled_time=run.next_scheduled_start_time),
                idempotency_key=f"moved-{run.id}",
            )
            with suppress(ObjectNotFound):
                await client.delete_flow_run(run.id)


async def apply_measures(
    specs: Sequence[MeasureSchedule],
    *,
    entrypoint: str = RUN_MEASURE,
    among: Callable[[str], bool] = lambda _name: True,
) -> Applied:
    """Make Prefect's measure deployments equal to `specs`; applying twice changes nothing.

    A deployment that somebody paused stays paused. A changed one keeps its id; the runs created ahead for its old
    moments are replaced within seconds. A moment that passes while its schedule is replaced is lost: the next run of
    the measure, at the latest the daily sweep, makes up for it.

    Args:
        specs: Every wanted deployment.
        entrypoint: Module path of the flow.
        among: Which names this call is about; a deployment of another name is never deleted.
    """
    now = datetime.now(UTC)
    schema = parameter_schema(
        load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
    ).model_dump_for_openapi()
    done: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": [], "deleted": [], "faults": []}
    async with get_client() as client:
        await ensure_pool(client)
        existing = {deployment.name: deployment for deployment in await _measure_deployments(client, specs)}
        for spec in specs:
            deployment = existing.get(spec.name)
            if deployment is not None and _same(deployment, spec, entrypoint, schema, now):
                done["unchanged"].append(spec.name)
                continue
            with _noted(spec.name, done):
                await _upsert(client, spec, entrypoint, schema, now, deployment)
                done["changed" if deployment else "created"].append(spec.name)
        wanted = {spec.name for spec in specs}
        for name in sorted(name for name in existing if name not in wanted and among(name)):
            with _noted(name, done):
                await client.delete_deployment(existing[name].id)
                done["deleted"].append(name)
    return Applied(**{what: tuple(names) for what, names in done.items()})


@contextmanager
def _noted(name: str, done: dict[str, list[str]]) -> Iterator[None]:
    """Go on with the other deployments where Prefect refuses this one."""
    try:
        yield
    except (httpx.HTTPStatusError, PrefectException, ValueError) as refused:
        done["faults"].append(f"{name}: {words_of(refused)}")


def moment_rule(moments: Iterable[datetime], now: datetime) -> str | None:
    """Write the moments after `now` as an iCalendar rule in local time of Bangkok, None when there are none.

    Prefect takes at most 6,500 characters, about 400 moments: the nearest are kept. The rule is written anew at every
    change of the plan and by every re-application, long before the last of them.
    """
    stamps = _stamps(moments, now)
    if not stamps:
        return None
    head = f"DTSTART:{stamps[0]}\nRDATE:"
    room = (MAX_RRULE_LENGTH - len(head)) // (len(stamps[0]) + 1)
    return head + ",".join(stamps[:room])


def _stamps(moments: Iterable[datetime], now: datetime) -> list[str]:
    # Rounded up to whole seconds, the rule's unit: a run must never start before its moment.
    whole = {instant if not instant.microsecond else instant.replace(microsecond=0) + _SECOND for instant in moments}
    return sorted(instant.astimezone(_ZONE).strftime(_STAMP) for instant in whole if instant > now)


async def _measure_deployments(client: PrefectClient, specs: Sequence[MeasureSchedule]) -> list[DeploymentResponse]:
    flows = FlowFilterName(any_=sorted({MEASURE_FLOW} | {spec.flow_name for spec in specs}))
    deployments: list[DeploymentResponse] = []
    while True:
        page = await client.read_deployments(flow_filter=FlowFilter(name=flows), limit=PAGE, offset=len(deployments))
        deployments.extend(page)
        if len(page) < PAGE:
            return deployments


def _same(
    deployment: DeploymentResponse, spec: MeasureSchedule, entrypoint: str, schema: dict[str, Any], now: datetime
) -> bool:
    return (
        deployment.parameters == dict(spec.parameters)
        and sorted(deployment.tags) == sorted(spec.tags)
        and (deployment.description or "") == spec.description
        and deployment.entrypoint == entrypoint
        and deployment.work_pool_name == POOL
        and deployment.parameter_openapi_schema == schema
        and _coming(deployment, now) == _coming_of(moment_rule(spec.moments, now), now)
    )


def _coming(deployment: DeploymentResponse, now: datetime) -> list[str]:
    """Moments still to come: those that have passed since the schedule was written change nothing."""
    rules = [s.schedule.rrule for s in deployment.schedules if isinstance(s.schedule, RRuleSchedule)]
    return [stamp for rule in rules for stamp in _coming_of(rule, now)]


def _coming_of(rule: str | None, now: datetime) -> list[str]:
    # Stamps are compared as texts: all are of one zone without summer time, so their order is that of the instants.
    stamps = rule.partition("RDATE:")[2].split(",") if rule else []
    return [stamp for stamp in stamps if stamp > now.astimezone(_ZONE).strftime(_STAMP)]


async def _upsert(
    client: PrefectClient,
    spec: MeasureSchedule,
    entrypoint: str,
    schema: dict[str, Any],
    now: datetime,
    existing: DeploymentResponse | None,
) -> None:
    rule = moment_rule(spec.moments, now)
    active = existing is None or all(schedule.active for schedule in existing.schedules)
    await client.create_deployment(
        flow_id=await client.create_flow_from_name(spec.flow_name),
        name=spec.name,
        schedules=[]
        if rule is None
        else [DeploymentScheduleCreate(schedule=RRuleSchedule(rrule=rule, timezone=TIMEZONE), active=active)],
        parameters=dict(spec.parameters),
        description=spec.description,
        work_pool_name=POOL,
        tags=list(spec.tags),
        entrypoint=entrypoint,
        parameter_openapi_schema=schema,
        enforce_parameter_schema=True,
        pull_steps=[],  # the code is installed where the worker runs
    )


def main() -> int:
    """Apply the prefect.yaml named on the command line; return the exit code."""
    enter()
    try:
        names = asyncio.run(apply_housekeeping(Path(sys.argv[1])))
    except SucharitError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(f"deployments applied: {', '.join(names) or 'none'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

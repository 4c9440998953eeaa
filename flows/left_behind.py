"""What workers left behind that ended without a word: their runs are reported, their names struck off."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas import OrchestrationResult
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkerFilter,
    WorkerFilterStatus,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType, WorkerStatus
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.states import Crashed

from flows.worker_names import forget, is_held, left
from services.scheduler import MAIL_QUEUE

# Signs of life, runs left behind by dead workers and runs that somebody cancels are looked after this often.
UPKEEP_S: Final = 12.0
# A worker that missed three signs of life is dead, as Prefect's server says, too. What a worker of another machine
# left behind is thereby free again in less than a minute; of this machine, at the next upkeep or start.
MISSED_BEATS: Final = 3

LEFT_BEHIND: Final = "The worker {worker} ended while it ran this. Another run of the same deployment makes up for it."
AGAIN: Final = "again-"
"""How the keys of runs begin that make up for one left behind; one of them is not made up for: it may be what kills."""


async def report_left_behind(
    client: PrefectClient,
    pool: str,
    folder: Path,
    *,
    own: Collection[str],
    taken: Callable[[], set[UUID]],
    say: Callable[[str], None],
) -> None:
    """Mark as Crashed what a worker that lives no more was running; Prefect would leave it Running for ever.

    Args:
        folder: Where the workers of this machine hold their names.
        own: Names of the workers of this process.
        taken: The runs that this process is about; asked again and again.

    Raises:
        HTTPError: Prefect does not answer; what is left waits for the next time.
        PrefectException: The same.
    """
    gone = left(folder)  # before asking for their runs: whoever dies meanwhile waits for the next time
    mine = taken()  # before asking: one may end while we ask
    begun = await runs_of_pool(client, pool, [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
    living = await _living(client, pool) if begun else set()
    long_ago = datetime.now(UTC) - timedelta(seconds=MISSED_BEATS * UPKEEP_S)
    for run in begun:
        worker = run.labels.get("prefect.worker.name")
        mine |= taken()
        if run.id in mine or (isinstance(worker, str) and worker not in own and _lives(worker, folder, living)):
            continue
        # A run gets its worker's name a moment after it becomes Pending: without one, only an old run is dead.
        if worker is None and run.state is not None and run.state.timestamp > long_ago:
            continue
        try:
            # Unforced: a run that has ended meanwhile keeps the state that it ended in.
            done: OrchestrationResult[Any] = await client.set_flow_run_state(
                run.id, Crashed(message=LEFT_BEHIND.format(worker=worker or "(unknown)"))
            )
            if done.status is SetStateStatus.ACCEPT:
                await _run_again(client, run)
        except (httpx.HTTPError, PrefectException) as fault:
            say(f"could not report run {run.name} as left behind: {fault}")
            gone = set()  # what they left is looked for again
        else:
            say(f"run {run.name} was left behind by {worker}, marked as crashed")
    for name in gone:
        await strike_off(client, pool, name)
        forget(name, folder)


async def _run_again(client: PrefectClient, run: FlowRun) -> None:
    """Make up for a delivery at once: the letters that it held must not wait for the next one of the schedule.

    What a measure's run left undone is made up for by the next one, at the latest by the daily sweep.
    """
    is_made_up = (run.idempotency_key or "").startswith(AGAIN)
    if run.work_queue_name != MAIL_QUEUE or run.deployment_id is None or is_made_up:
        return
    with suppress(ObjectNotFound):  # the deployment went meanwhile, and with it what there was to do
        await client.create_flow_run_from_deployment(
            run.deployment_id, parameters=run.parameters, idempotency_key=f"{AGAIN}{run.id}"
        )


def _lives(worker: str, folder: Path, living: set[str]) -> bool:
    """The lock of a name on this machine is sure, and at once; of other machines, Prefect hears signs of life."""
    held = is_held(worker, folder)
    return worker in living if held is None else held


async def _living(client: PrefectClient, pool: str) -> set[str]:
    """Names of the workers of the pool that gave a sign of life."""
    # Prefect gives 200 at most, and those that ended may be many; it notes late who is off line, hence twice.
    maybe = WorkerFilter(status=WorkerFilterStatus(any_=[WorkerStatus.ONLINE.value]))
    workers = await client.read_workers_for_work_pool(pool, worker_filter=maybe)
    return {worker.name for worker in workers if worker.status is WorkerStatus.ONLINE}


async def strike_off(client: PrefectClient, pool: str, name: str) -> None:
    """Take a worker that ended off Prefect's list: its name never comes again, and each start would add one.

    Raises:
        HTTPError: Prefect does not answer, or refuses.
    """
    try:
        await client.request(
            "DELETE",
            "/work_pools/{work_pool_name}/workers/{name}",
            path_params={"work_pool_name": pool, "name": name},
        )
    except httpx.HTTPStatusError as refused:
        if refused.response.status_code != httpx.codes.NOT_FOUND:  # another worker was faster
            raise


async def runs_of_pool(
    client: PrefectClient, pool: str, states: list[StateType], ids: list[UUID] | None = None
) -> list[FlowRun]:
    """Runs of all queues of the pool in these states; of those named, if any are.

    Raises:
        HTTPError: Prefect does not answer.
    """
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            id=FlowRunFilterId(any_=ids) if ids is not None else None,
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
        ),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
    )

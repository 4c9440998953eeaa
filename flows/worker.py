"""A Prefect worker that runs our flows in its own process: `python -m flows.worker --pool office --limit 1`.

A process per run, as Prefect's process worker does it, cost 4 s of CPU a run; here it is 0.15 s. The price: flows are
async, short and well behaved, blocking work goes to a thread, and new code needs a restart.

Two workers share the process: one for the measures and all else, one for mail alone (decision record 0029).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import anyio
import anyio.abc
import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import PrefectException
from prefect.flow_engine import run_flow_async
from prefect.settings import get_current_settings
from prefect.states import Cancelled, Crashed
from prefect.workers.base import BaseJobConfiguration, BaseWorker, BaseWorkerResult

from flows.entrypoints import OURS, checked_entrypoint, load
from flows.left_behind import UPKEEP_S, report_left_behind, runs_of_pool, strike_off
from flows.worker_names import NameTakenError, name_taken, own_name
from services.scheduler import MAIL_QUEUE, MAIL_RUNS, MEASURE_QUEUE, POOL
from services.setup.entry import enter

WORKER_TYPE: Final = "in-process"
# Asked every second, a run starts 0.2 to 1.2 s after its due time; idle, that is about 1 % of a core on either side.
POLL_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0
# Running runs get this long at SIGTERM; the supervisor kills after 15 s.
GRACE_S: Final = 8.0
FAREWELL_S: Final = 2.0

UNFINISHED: Final = "The worker was stopped and this run did not end within {seconds:g} s."


class InProcessResult(BaseWorkerResult):
    """What a run reports to Prefect's worker; its state was reported by the flow engine."""


class InProcessWorker(BaseWorker[BaseJobConfiguration, Any, InProcessResult]):
    """Runs flows as coroutines of one event loop.

    Prefect's own loops end the worker after about a minute without a server; these wait, longer each time, and go on.
    What it uses of Prefect that is not public stands in decision record 0026, held by
    `tests/flows/test_private_members.py`.
    """

    type = WORKER_TYPE
    job_configuration = BaseJobConfiguration

    def __init__(
        self,
        pool: str,
        *,
        name: str,
        limit: int,
        queue: str,
        folder: Path,
        grace_s: float = GRACE_S,
        ours: frozenset[str] = OURS,
    ) -> None:
        """Make a worker of one queue of the pool.

        Args:
            folder: Where the workers of this machine hold their names.
        """
        # Nothing is fetched ahead: a run fetched early would hold a slot, and be Pending, before its time.
        super().__init__(
            work_pool_name=pool,
            work_queues=[queue],
            name=name,
            limit=limit,
            prefetch_seconds=0,
            heartbeat_interval_seconds=int(UPKEEP_S),
        )
        self._pool = pool
        self._folder = folder
        self._company: tuple[InProcessWorker, ...] = (self,)
        self._grace_s = grace_s
        self._ours = ours
        self._running: dict[UUID, anyio.CancelScope] = {}
        self._verdicts: dict[UUID, State[Any]] = {}
        self._freed = asyncio.Event()
        self._stop = asyncio.Event()
        self._says: Callable[[str], None] = lambda _line: None

    @classmethod
    def get_description(cls) -> str:
        """What Prefect's pages say of this kind of worker."""
        return "Runs async flows in the worker's own process."

    def beside(self, workers: Sequence[InProcessWorker]) -> None:
        """Know who works in the same process: what they are about to run is not left behind."""
        self._company = (self, *workers)

    async def work(self, say: Callable[[str], None], when_ready: Callable[[], None] = lambda: None) -> None:
        """Work until `stop`; `say` gets a line whenever the server goes or comes back."""
        self._says = say
        async with self, anyio.create_task_group() as loops:
            await self._until_ready()
            if not self._stop.is_set():
                when_ready()
            loops.start_soon(self._repeat, "polling", self._poll, POLL_S, self._freed)
            loops.start_soon(self._repeat, "upkeep", self._upkeep, UPKEEP_S, asyncio.Event())
            await self._stop.wait()
            loops.cancel_scope.cancel()
        # Left the worker's context: runs that did not end in time are reported, the client is closed.

    def stop(self) -> None:
        """Take no more runs, let running ones end, then leave `work`."""
        self._stop.set()

    async def teardown(self, *exc_info: Any) -> None:
        """Give running runs their grace, report the rest as Crashed, then let Prefect clean up."""
        with anyio.move_on_after(self._grace_s):
            # Prefect's private list, because a run that was taken and has not begun stands nowhere else: left out, a
            # stop at that moment would leave it Pending until some worker's next upkeep.
            while self._running or self._submitting_flow_run_ids:
                self._freed.clear()
                await self._freed.wait()
        for run_id in list(self._running):
            self._break_off(run_id, Crashed(message=UNFINISHED.format(seconds=self._grace_s)))
        await super().teardown(*exc_info)
        # Its name never comes again; left in Prefect, each start would add one to the list of workers.
        with (
            anyio.move_on_after(FAREWELL_S, shield=True),
            contextlib.suppress(httpx.HTTPError, PrefectException, OSError),
        ):
            async with get_client() as client:
                await strike_off(client, self._pool, self.name)

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> InProcessResult:
        """Run one flow to its end; its outcome is in its state, never an exception of the worker's.

        Raises:
            Exception: The flow is not ours or cannot be loaded; Prefect's worker reports the run as Crashed with the
                reason.
        """
        flow = load(checked_entrypoint(flow_run, _deployment(configuration), self._ours))
        place = f"{self.name}:{os.getpid()}"
        if task_status is not None:
            task_status.started(os.getpid())
        with anyio.CancelScope() as scope:
            self._running[flow_run.id] = scope
            try:
                await run_flow_async(flow, flow_run=flow_run, parameters=flow_run.parameters, return_type="state")
            except asyncio.CancelledError:
                raise
            except BaseException as fault:  # noqa: BLE001 -- one run's `sys.exit()` must not end all others
                await self._report(flow_run.id, Crashed(message=f"The run broke off: {type(fault).__name__}: {fault}"))
            finally:
                self._running.pop(flow_run.id, None)
        if (verdict := self._verdicts.pop(flow_run.id, None)) is not None:
            # Forced: the engine has reported a bare crash already, and Prefect lets nobody move a run that is final.
            await self._report(flow_run.id, verdict, force=True)
        return InProcessResult(status_code=0, identifier=place)

    async def _submit_run(self, flow_run: FlowRun) -> None:
        """Survive a server that goes away between taking a run and starting it; Prefect's worker would end here.

        A private method, because nothing public stands between the taking and the starting: without this, one refused
        connection at that moment ends the worker and every run with it. What Prefect would have done at the end of it
        is done here, or the run's slot would never be free again.
        """
        try:
            await super()._submit_run(flow_run)
        except (httpx.HTTPError, PrefectException, OSError) as fault:
            self._says(f"worker {self.name}: run {flow_run.name} could not be started: {type(fault).__name__}: {fault}")
            self._submitting_flow_run_ids.discard(flow_run.id)
            self._release_limit_slot(flow_run.id)

    def _release_limit_slot(self, flow_run_id: UUID) -> None:
        # A private method, because Prefect tells nobody when a slot is free; its own workers find out at their next
        # poll. Without this, each run of a burst waits up to a poll longer, and a stop waits out its whole grace.
        super()._release_limit_slot(flow_run_id)
        self._freed.set()  # the next run starts now, not at the next poll

    async def _until_ready(self) -> None:
        """Have the pool, and nothing left behind, before the first run is taken."""
        await self._repeat("start", self._upkeep, LONGEST_WAIT_S, asyncio.Event(), once=True)

    async def _poll(self) -> None:
        await self.get_and_submit_flow_runs()

    async def _upkeep(self) -> None:
        await self.sync_with_backend()
        # Names of this process are no sign of life: it knows its own runs, and one that it could not start is dead.
        await report_left_behind(
            self.client,
            self._pool,
            self._folder,
            own={worker.name for worker in self._company},
            taken=lambda: {run for worker in self._company for run in worker.under_way()},
            say=lambda line: self._says(f"worker {self.name}: {line}"),
        )
        await self._obey_cancellations()

    async def _repeat(
        self, what: str, job: Callable[[], Awaitable[None]], every_s: float, nudge: asyncio.Event, *, once: bool = False
    ) -> None:
        """Do `job` again and again; after a failure wait 1, 2, 4 … 30 s, and say so once."""
        failures = 0
        while not self._stop.is_set():
            wait_s = every_s
            try:
                await job()
            except (httpx.HTTPError, PrefectException, OSError) as fault:
                failures += 1
                wait_s = min(2.0 ** (failures - 1), LONGEST_WAIT_S)
                if failures == 1:
                    self._says(f"worker {self.name}: {what} failed, will try again: {type(fault).__name__}: {fault}")
            else:
                if failures:
                    self._says(f"worker {self.name}: {what} works again")
                failures = 0
                if once:
                    return
            await self._pause(wait_s, nudge)

    async def _pause(self, seconds: float, nudge: asyncio.Event) -> None:
        waits = [asyncio.create_task(nudge.wait()), asyncio.create_task(self._stop.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        nudge.clear()

    def under_way(self) -> set[UUID]:
        """Runs that this worker is about."""
        # With what is being taken (see teardown): without it, a worker could crash a run that is just being started.
        return set(self._running) | self._submitting_flow_run_ids

    async def _obey_cancellations(self) -> None:
        if not self._running:
            return
        for flow_run in await runs_of_pool(self.client, self._pool, [StateType.CANCELLING], list(self._running)):
            self._break_off(flow_run.id, Cancelled(message="Cancelled by a person while it ran."))

    def _break_off(self, run_id: UUID, verdict: State[Any]) -> None:
        """End a run at its next await; `verdict` replaces the bare crash that the engine reports."""
        if (scope := self._running.get(run_id)) is not None:
            self._verdicts[run_id] = verdict
            scope.cancel()

    async def _report(self, run_id: UUID, state: State[Any], *, force: bool = False) -> None:
        """Tell Prefect a run's state; unforced, a run that has ended meanwhile keeps the state that it ended in."""
        try:
            await self.client.set_flow_run_state(run_id, state, force=force)
        except (httpx.HTTPError, PrefectException) as fault:
            self._says(f"worker {self.name}: could not report run {run_id} as {state.name}: {fault}")


def _deployment(configuration: BaseJobConfiguration) -> DeploymentResponse | None:
    # Where Prefect keeps what it has read for this run, in a private attribute. The public way, read_deployment, is one
    # more question to the server for every run. Were the attribute gone, every run would be Crashed: nothing is run
    # unchecked.
    deployment: DeploymentResponse | None = configuration._related_objects["deployment"]  # noqa: SLF001 -- see above
    return deployment


class Crew:
    """The two workers of one process: whatever mail waits for, the slots of the measures stay free, and mail's own.

    Both run in one event loop. A second process would cost its memory, a start and another set of connections.
    """

    def __init__(self, pool: str, *, name: str, limit: int, folder: Path, grace_s: float, ours: frozenset[str]) -> None:
        worker = partial(InProcessWorker, pool, folder=folder, grace_s=grace_s, ours=ours)
        first = worker(name=name, limit=limit, queue=MEASURE_QUEUE)
        mail = worker(name=name_for_mail(name), limit=MAIL_RUNS, queue=MAIL_QUEUE)
        first.beside([mail])
        mail.beside([first])
        self._workers = (first, mail)
        self._ready = 0
        self._readiness = f"worker {name} ready: pool {pool}, {limit} at a time and {MAIL_RUNS} for mail"

    async def work(self, say: Callable[[str], None]) -> None:
        """Work until `stop`; `say` gets a line when both are ready and whenever the server goes or comes back."""

        def when_ready() -> None:
            self._ready += 1
            if self._ready == len(self._workers):
                say(self._readiness)

        async with anyio.create_task_group() as group:
            for worker in self._workers:
                group.start_soon(worker.work, say, when_ready)

    def stop(self) -> None:
        """Take no more runs, let running ones end, then leave `work`."""
        for worker in self._workers:
            worker.stop()


def name_for_mail(name: str) -> str:
    """Name of the worker for mail beside one for all else."""
    return f"{name}-{MAIL_QUEUE}"


def say(line: str) -> None:
    """Print a line that a supervisor may be waiting for."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class _Thread(threading.Thread):
    """The event loop beside the main thread, where Python delivers signals.

    Prefect's engine puts a SIGTERM handler of its own in place while a flow runs, but only in a main thread: there, a
    stop would break into whatever run happens to be executing.
    """

    def __init__(self, make: Callable[[], Crew]) -> None:
        super().__init__(name="worker")
        self.fault: BaseException | None = None
        self._made = threading.Event()
        self._make = make
        self._loop: asyncio.AbstractEventLoop | None = None
        self._crew: Crew | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as fault:  # noqa: BLE001 -- told by the main thread
            self.fault = fault
        finally:
            self._made.set()

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._crew = self._make()
        self._made.set()
        await self._crew.work(say)

    def stop(self) -> None:
        self._made.wait()
        if self._loop is not None and self._crew is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._crew.stop)


def main(ours: frozenset[str] = OURS) -> int:
    """Work until SIGTERM or Ctrl-C; return the exit code.

    Args:
        ours: Entrypoints that are run; every other run is Crashed.
    """
    parser = argparse.ArgumentParser(description="Runs our flows in one process.")
    parser.add_argument("--pool", default=POOL)
    parser.add_argument("--limit", type=int, default=1, help="runs at a time, beside the one for mail")
    parser.add_argument("--name", default=None, help="instead of one of its own that never comes again")
    parser.add_argument("--grace", type=float, default=GRACE_S, help="seconds that running runs get at a stop")
    options = parser.parse_args()
    enter(signs=True)
    name, folder = options.name or own_name(options.pool), get_current_settings().home
    make = partial(Crew, options.pool, name=name, limit=options.limit, folder=folder, grace_s=options.grace, ours=ours)
    try:
        with name_taken(name, folder), name_taken(name_for_mail(name), folder):
            thread = _Thread(make)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: thread.stop())
            thread.start()
            thread.join()
            if thread.fault is not None:
                raise thread.fault  # the names stay behind: what was running is looked for by whoever starts next
    except NameTakenError as taken:
        sys.stderr.write(f"{taken}\n")
        return 2
    say(f"worker {name} stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())

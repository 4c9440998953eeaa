"""The worker against a real server: due on time, alive after every fault, nothing left Running for ever."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from flows.clockwork import apply_measures
from flows.rest import RestScheduler
from services.scheduler import MeasureSchedule, RunView
from tests.each import check_each
from tests.flows.conftest import ROOT, SAMPLES, PrefectServer, Worker, machine_environment, sample_worker_argv
from tests.waiting import wait_until

pytestmark = pytest.mark.prefect

StartWorker = Callable[..., Worker]


@pytest.fixture
def scheduler(prefect_server: PrefectServer) -> RestScheduler:
    return RestScheduler(prefect_server.api_url, prefect_server.key)


def _ended(scheduler: RestScheduler, run_id: UUID) -> RunView:
    return scheduler.wait(run_id, 20)


def test_a_scheduled_run_starts_at_its_moment_and_never_before(
    in_prefect: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    worker()
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=9)
    spec = MeasureSchedule(name="on-time", moments=(moment,), parameters={"measure_key": "2570/demo/m1"})
    asyncio.run(apply_measures([spec], entrypoint=f"{SAMPLES}.quick", among=lambda name: name == "on-time"))
    assert wait_until(lambda: bool(in_prefect.runs("on-time", "SCHEDULED")), 15)
    assert wait_until(lambda: bool(in_prefect.runs("on-time", "COMPLETED")), 20)
    ((run,),) = [view.last_runs for view in scheduler.show("on-time")]
    assert run.expected_at == moment
    assert run.started_at is not None
    assert timedelta(0) <= run.started_at - moment < timedelta(seconds=4)


def test_a_worker_is_known_to_be_alive(worker: StartWorker, scheduler: RestScheduler) -> None:
    worker()
    assert wait_until(lambda: scheduler.workers() >= 1, 20)


FAULTS = {
    "raising": ("FAILED", "the plan has no such step"),
    "leaving": ("CRASHED", "system exit"),
    "sync": ("CRASHED", "not async"),
    "missing": ("CRASHED", "not found"),
}


def test_a_flow_that_fails_is_told_and_the_worker_lives_on(
    prefect_server: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    started = worker()
    prefect_server.deploy("quick", "faults-quick")

    def check(flow: str) -> None:
        state, reason = FAULTS[flow]
        prefect_server.deploy(flow, f"faults-{flow}")
        failed = _ended(scheduler, scheduler.run_now(f"faults-{flow}"))
        assert (failed.state_type, reason in failed.message) == (state, True), failed
        assert _ended(scheduler, scheduler.run_now("faults-quick")).state_type == "COMPLETED"
        assert started.process.poll() is None

    check_each(FAULTS, check)


def test_a_run_of_a_killed_worker_is_crashed_at_the_next_start(
    prefect_server: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    first = worker()
    prefect_server.deploy("slow", "left-behind")
    run_id = scheduler.run_now("left-behind")
    assert wait_until(lambda: bool(prefect_server.runs("left-behind", "RUNNING")), 20)
    first.kill()
    worker()
    run = scheduler.wait(run_id, 10)
    assert run.state_type == "CRASHED"
    assert "ended while it ran this" in run.message


def test_a_stopped_worker_reports_what_did_not_end(
    prefect_server: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    started = worker(grace_s=0.5)
    prefect_server.deploy("slow", "stopped")
    run_id = scheduler.run_now("stopped")
    assert wait_until(lambda: bool(prefect_server.runs("stopped", "RUNNING")), 20)
    assert started.stop() == 0
    run = scheduler.wait(run_id, 5)
    assert (run.state_type, "worker was stopped" in run.message) == ("CRASHED", True), run


def test_a_run_of_another_living_worker_is_left_alone(
    prefect_server: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    worker(name="first")
    prefect_server.deploy("slow", "in-peace")
    run_id = scheduler.run_now("in-peace")
    assert wait_until(lambda: bool(prefect_server.runs("in-peace", "RUNNING")), 20)
    worker(name="second")
    assert scheduler.wait(run_id, 1).state_type == "RUNNING"


def test_a_second_worker_of_the_same_name_is_refused(prefect_server: PrefectServer, worker: StartWorker) -> None:
    worker(name="twin")
    second = subprocess.run(
        (*sample_worker_argv(1), "--name", "twin"),
        env=machine_environment() | prefect_server.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (second.returncode, "runs already" in second.stderr) == (2, True)

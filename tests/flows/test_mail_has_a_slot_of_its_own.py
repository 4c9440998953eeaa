"""Mail and measures do not wait for each other, and two workers never deliver at once: decision record 0029."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from prefect.client.orchestration import get_client

from flows.clockwork import apply_housekeeping, ensure_pool
from flows.rest import RestScheduler
from flows.worker_names import forget, is_held, left, name_taken
from services.scheduler import MAIL_QUEUE, MEASURE_QUEUE, RunView
from tests.flows.conftest import ROOT, SAMPLES, PrefectServer, Worker
from tests.waiting import wait_until

StartWorker = Callable[..., Worker]

HANGS = "mail-that-hangs"


@pytest.fixture
def queued(in_prefect: PrefectServer) -> Iterator[PrefectServer]:
    """A server with our pool and the queue of the mail, in which nothing waits when the test is over."""
    asyncio.run(_ensure())
    yield in_prefect
    wanted = {"flow_runs": {"state": {"type": {"not_any_": sorted(RunView.FINAL)}}}}
    for run in in_prefect.call("POST", "/flow_runs/filter", wanted).json():
        in_prefect.call("DELETE", f"/flow_runs/{run['id']}")


async def _ensure() -> None:
    async with get_client() as client:
        await ensure_pool(client)


def _workers(server: PrefectServer) -> set[str]:
    return {str(one["name"]) for one in server.call("POST", "/work_pools/office/workers/filter", {}).json()}


def _times(run: dict[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(run["start_time"]), datetime.fromisoformat(run["end_time"])


@pytest.fixture
def scheduler(prefect_server: PrefectServer) -> RestScheduler:
    return RestScheduler(prefect_server.api_url, prefect_server.key)


@pytest.mark.prefect
def test_a_delivery_that_hangs_stops_no_measure(
    queued: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    worker(limit=1)
    queued.deploy("slow", HANGS, work_queue_name=MAIL_QUEUE)
    queued.deploy("quick", "beside-hanging-mail")
    hanging = scheduler.run_now(HANGS)
    assert wait_until(lambda: bool(queued.runs(HANGS, "RUNNING")), 20)
    measures = [scheduler.run_now("beside-hanging-mail") for _ in range(3)]
    assert [scheduler.wait(run, 20).state_type for run in measures] == ["COMPLETED"] * 3
    assert scheduler.wait(hanging, 0).state_type == "RUNNING"


@pytest.mark.prefect
def test_the_first_delivery_begins_long_before_the_last_of_twenty_measures_ends(
    queued: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    queued.deploy("brief", "letters", work_queue_name=MAIL_QUEUE)
    queued.deploy("brief", "twenty-measures")
    measures = [scheduler.run_now("twenty-measures") for _ in range(20)]
    delivery = scheduler.run_now("letters")  # asked for last, as measures do when they have something to tell
    worker(limit=1)
    assert scheduler.wait(delivery, 20).state_type == "COMPLETED"
    assert sum(_state(queued, run) == "SCHEDULED" for run in measures) >= 10


def _state(server: PrefectServer, run: UUID) -> str:
    return str(server.call("GET", f"/flow_runs/{run}").json()["state_type"])


@pytest.mark.prefect
def test_two_workers_do_not_deliver_at_once(
    queued: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    queued.deploy("brief", "one-at-a-time", work_queue_name=MAIL_QUEUE)
    worker(name=None)
    worker(name=None)
    runs = [scheduler.run_now("one-at-a-time") for _ in range(5)]
    assert [scheduler.wait(run, 40).state_type for run in runs] == ["COMPLETED"] * 5
    times = [_times(run) for run in queued.runs("one-at-a-time", "COMPLETED")]
    ordered = sorted(times)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(ordered)), ordered


@pytest.mark.prefect
def test_two_workers_on_one_machine_have_two_names_and_a_stop_takes_them_off_the_list(
    queued: PrefectServer, worker: StartWorker
) -> None:
    before = _workers(queued)
    first, second = worker(name=None), worker(name=None)
    here = _workers(queued) - before
    assert len(here) == 4  # each has one for mail
    assert sorted(name.endswith("-mail") for name in here) == [False, False, True, True]
    assert (first.stop(), second.stop()) == (0, 0)
    assert _workers(queued) & here == set()
    assert [path.name for path in queued.home.glob("worker-office-*")] == []


@pytest.mark.prefect
def test_what_a_killed_worker_delivered_is_crashed_by_the_next_one_at_once_though_it_has_another_name(
    queued: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    first = worker(name=None)
    queued.deploy("slow", "killed-while-delivering", work_queue_name=MAIL_QUEUE)
    run_id = scheduler.run_now("killed-while-delivering")
    assert wait_until(lambda: bool(queued.runs("killed-while-delivering", "RUNNING")), 20)
    before = _workers(queued)
    first.kill()
    worker(name=None)
    run = scheduler.wait(run_id, 5)
    assert (run.state_type, "ended while it ran this" in run.message) == ("CRASHED", True), run
    assert len(before - _workers(queued)) >= 2


@pytest.mark.prefect
def test_mail_goes_on_after_a_kill_although_only_one_delivery_runs_at_a_time(
    queued: PrefectServer, worker: StartWorker, scheduler: RestScheduler
) -> None:
    first = worker(name=None)
    queued.deploy("slow", "held-the-slot", work_queue_name=MAIL_QUEUE)
    queued.deploy("quick", "waits-for-the-slot", work_queue_name=MAIL_QUEUE)
    scheduler.run_now("held-the-slot")
    assert wait_until(lambda: bool(queued.runs("held-the-slot", "RUNNING")), 20)
    waits = scheduler.run_now("waits-for-the-slot")
    first.kill()
    worker(name=None)
    assert scheduler.wait(waits, 10).state_type == "COMPLETED"


OLD_HOME = f"""
name: old
pull: []
deployments:
- name: old.deliver
  entrypoint: {SAMPLES}.quick
  schedules:
  - {{cron: "0 6 1 1,4,7,10 *", timezone: Asia/Bangkok, slug: quarter-start}}
  work_pool: {{name: office}}
"""


@pytest.mark.prefect
def test_the_delivery_of_an_old_home_moves_to_the_queue_with_the_runs_that_wait(
    queued: PrefectServer, scheduler: RestScheduler, tmp_path: Path
) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(OLD_HOME)
    asyncio.run(apply_housekeeping(file))
    asked = scheduler.trigger("old.deliver", "deliver-10-1", {"number": 8})
    assert wait_until(lambda: len(queued.runs("old.deliver", "SCHEDULED")) > 1, 20)  # asked for, and by the schedule
    planned = queued.runs("old.deliver", "SCHEDULED")
    assert {run["work_queue_name"] for run in planned} == {MEASURE_QUEUE}
    file.write_text(OLD_HOME.replace("{name: office}", "{name: office, work_queue_name: mail}"))
    asyncio.run(apply_housekeeping(file))
    asyncio.run(apply_housekeeping(file))  # as at the start after the next
    assert wait_until(lambda: _due(queued) == sorted(run["expected_start_time"] for run in planned), 20)
    moved = queued.runs("old.deliver", "SCHEDULED")
    assert {run["work_queue_name"] for run in moved} == {MAIL_QUEUE}
    assert [run["parameters"] for run in moved if run["idempotency_key"] == f"moved-{asked}"] == [{"number": 8}]


def _due(server: PrefectServer) -> list[str]:
    return sorted(run["expected_start_time"] for run in server.runs("old.deliver", "SCHEDULED"))


@pytest.mark.prefect
def test_a_queue_that_a_deployment_made_gets_its_limit(queued: PrefectServer) -> None:
    (queue,) = _mail_queues(queued)
    queued.call("PATCH", f"/work_queues/{queue['id']}", {"concurrency_limit": None})
    asyncio.run(_ensure())
    (queue,) = _mail_queues(queued)
    assert queue["concurrency_limit"] == 1


def _mail_queues(server: PrefectServer) -> list[dict[str, Any]]:
    wanted = {"work_queues": {"name": {"any_": [MAIL_QUEUE]}}}
    found: list[dict[str, Any]] = server.call("POST", "/work_pools/office/queues/filter", wanted).json()
    return found


def test_only_the_delivery_is_in_the_queue_of_the_mail() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    queues = {str(one["name"]): one["work_pool"].get("work_queue_name") for one in deployments}
    assert [name for name, queue in queues.items() if queue] == ["deliver"]
    assert queues["deliver"] == MAIL_QUEUE


def test_a_name_is_held_while_its_worker_lives_and_free_when_it_died(tmp_path: Path) -> None:
    assert is_held("somebody", tmp_path) is None
    with name_taken("somebody", tmp_path):
        assert is_held("somebody", tmp_path) is True
        assert left(tmp_path) == set()
    assert is_held("somebody", tmp_path) is None  # it ended well and left nothing
    with pytest.raises(ZeroDivisionError), name_taken("somebody", tmp_path):
        raise ZeroDivisionError
    assert is_held("somebody", tmp_path) is False
    assert left(tmp_path) == {"somebody"}
    forget("somebody", tmp_path)
    assert is_held("somebody", tmp_path) is None


def test_a_home_that_was_copied_from_another_machine_declares_nobody_dead(tmp_path: Path) -> None:
    (tmp_path / "worker-over-there.lock").write_text("another kernel\n")
    assert is_held("over-there", tmp_path) is None
    assert left(tmp_path) == set()


def test_a_name_can_be_taken_again_after_a_kill(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), name_taken("again", tmp_path):
        raise ZeroDivisionError
    with name_taken("again", tmp_path):
        assert is_held("again", tmp_path) is True

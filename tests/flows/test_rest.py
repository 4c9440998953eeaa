"""The clockwork as command line and pages see it, over a real server."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bench.live import free_port
from flows.rest import RestScheduler
from services.scheduler import NotScheduledError, SchedulerDownError, SchedulerRefusedError, api_url
from tests.flows.conftest import ROOT, PrefectServer
from tests.waiting import wait_until

DAILY = {"schedule": {"cron": "30 8 * * *", "timezone": "Asia/Bangkok"}, "active": True}


@pytest.fixture
def scheduler(prefect_server: PrefectServer) -> RestScheduler:
    prefect_server.have_pool()
    return RestScheduler(prefect_server.api_url, prefect_server.key)


def test_it_comes_without_prefect() -> None:
    code = "import flows.rest, sys; sys.exit(any(name.split('.')[0] == 'prefect' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_nobody_there_is_told_with_the_remedy() -> None:
    scheduler = RestScheduler(api_url(free_port()))
    assert not scheduler.is_up()
    with pytest.raises(SchedulerDownError, match="make up"):
        scheduler.show()


@pytest.mark.prefect
def test_a_name_without_deployment_is_told(scheduler: RestScheduler) -> None:
    assert scheduler.is_up()
    with pytest.raises(NotScheduledError, match="nobody-knows-it"):
        scheduler.run_now("nobody-knows-it")


@pytest.mark.prefect
def test_pausing_takes_the_next_runs_away_and_resuming_brings_them_back(
    prefect_server: PrefectServer, scheduler: RestScheduler
) -> None:
    prefect_server.deploy("quick", "rest.paused", schedules=[DAILY])
    assert wait_until(lambda: len(scheduler.show("rest.paused")[0].next_runs) == 3, 15)
    scheduler.pause("rest.paused")
    (paused,) = scheduler.show("rest.paused")
    assert (paused.paused, paused.next_runs) == (True, ())
    scheduler.resume("rest.paused")
    assert wait_until(lambda: len(scheduler.show("rest.paused")[0].next_runs) == 3, 15)
    assert scheduler.show("rest.paused")[0].next_runs[0].strftime("%H:%M") == "01:30"


@pytest.mark.prefect
def test_the_same_key_gives_the_same_run_and_another_deployment_its_own(
    prefect_server: PrefectServer, scheduler: RestScheduler
) -> None:
    for name in ("rest.one", "rest.two"):
        prefect_server.deploy("quick", name)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    first = scheduler.trigger("rest.one", "assignment-7:3", {"number": 2}, when=tomorrow)
    assert scheduler.trigger("rest.one", "assignment-7:3", {"number": 2}, when=tomorrow) == first
    assert scheduler.trigger("rest.two", "assignment-7:3", when=tomorrow) != first
    assert scheduler.wait(first, 0).expected_at == tomorrow
    assert scheduler.run_now("rest.one") != scheduler.run_now("rest.one")


@pytest.mark.prefect
def test_a_refusal_says_why(prefect_server: PrefectServer, scheduler: RestScheduler) -> None:
    schema = {"type": "object", "properties": {"number": {"type": "integer"}}}
    prefect_server.deploy("quick", "rest.strict", parameter_openapi_schema=schema, enforce_parameter_schema=True)
    with pytest.raises(SchedulerRefusedError, match="number"):
        scheduler.trigger("rest.strict", "k", {"number": "many"})


@pytest.mark.prefect
def test_only_names_with_the_prefix_are_shown(prefect_server: PrefectServer, scheduler: RestScheduler) -> None:
    for name in ("2570.prefix.m1", "x.2570.prefix"):
        prefect_server.deploy("quick", name)
    assert [view.name for view in scheduler.show("2570.prefix")] == ["2570.prefix.m1"]

"""Deployments: the ones of a prefect.yaml, and one per measure with exactly its moments."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.clockwork import Applied, HousekeepingError, apply_housekeeping, apply_measures, moment_rule
from flows.rest import RestScheduler
from services.scheduler import MeasureSchedule
from tests.flows.conftest import SAMPLES, PrefectServer
from tests.waiting import wait_until

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
HOUSE = """
name: house
pull: []
deployments:
- name: house.report
  entrypoint: tests.flows.sample_flows.quick
  description: Each quarter
  parameters: {number: 6}
  tags: [housekeeping]
  schedules:
  - {cron: "0 6 1 1,4,7,10 *", timezone: Asia/Bangkok, slug: quarter-start}
  work_pool: {name: office}
"""


def make_spec(name: str, *days: int, **more: Any) -> MeasureSchedule:
    return MeasureSchedule(name=name, moments=tuple(SOON + timedelta(days=day) for day in days), **more)


def apply(*specs: MeasureSchedule) -> Applied:
    """Apply as one office whose measures are named like the first spec."""
    office = specs[0].name.split(".")[0]
    return asyncio.run(apply_measures(specs, entrypoint=f"{SAMPLES}.quick", among=lambda n: n.startswith(office + ".")))


def deployment(server: PrefectServer, name: str) -> dict[str, Any]:
    found: dict[str, Any] = server.call("GET", f"/deployments/name/run-measure/{name}").json()
    return found


def due(server: PrefectServer, name: str) -> list[datetime]:
    return [datetime.fromisoformat(run["expected_start_time"]) for run in server.runs(name, "SCHEDULED")]


def test_moments_are_written_in_local_time_in_order() -> None:
    later, sooner = NOW + timedelta(days=9, minutes=30), NOW + timedelta(days=3)
    assert moment_rule([later, sooner, sooner], NOW) == "DTSTART:20261125T100000\nRDATE:20261125T100000,20261201T103000"


def test_past_moments_leave_no_schedule() -> None:
    assert moment_rule([NOW, NOW - timedelta(seconds=1)], NOW) is None


def test_a_fraction_of_a_second_is_never_early() -> None:
    rule = moment_rule([NOW + timedelta(seconds=1, microseconds=1)], NOW)
    assert rule is not None
    assert rule.endswith("RDATE:20261122T100002")


def test_of_too_many_moments_the_nearest_are_kept() -> None:
    rule = moment_rule([NOW + timedelta(days=day) for day in range(1, 1001)], NOW)
    assert rule is not None
    assert len(rule) <= 6500
    assert rule.split("RDATE:")[1].startswith("20261123T100000,20261124T100000,")
    assert rule.count(",") > 400


@pytest.mark.prefect
def test_applying_twice_changes_nothing(in_prefect: PrefectServer) -> None:
    spec = make_spec("twice.m1", 0, 1, 2, 3, tags=("FY2570",), description="มาตรการที่ ๑", parameters={"number": 8})
    assert apply(spec) == Applied(created=("twice.m1",))
    assert wait_until(lambda: len(in_prefect.runs("twice.m1", "SCHEDULED")) == 3, 15)
    before = deployment(in_prefect, "twice.m1"), in_prefect.runs("twice.m1", "SCHEDULED")
    assert apply(spec) == Applied(unchanged=("twice.m1",))
    assert (deployment(in_prefect, "twice.m1"), in_prefect.runs("twice.m1", "SCHEDULED")) == before
    assert due(in_prefect, "twice.m1") == [SOON + timedelta(days=day) for day in range(3)]


@pytest.mark.prefect
def test_a_deployment_that_prefect_refuses_stops_no_other(in_prefect: PrefectServer) -> None:
    done = apply(make_spec("isolated/m1", 3), make_spec("isolated.m2", 3))  # a slash is not allowed in a name
    assert done.created == ("isolated.m2",)
    (fault,) = done.faults
    assert fault.startswith("isolated/m1: ")


@pytest.mark.prefect
def test_another_list_of_moments_replaces_the_runs(in_prefect: PrefectServer) -> None:
    apply(make_spec("moved.m1", 0, 1))
    assert wait_until(lambda: len(due(in_prefect, "moved.m1")) == 2, 15)
    id_before = deployment(in_prefect, "moved.m1")["id"]
    assert apply(make_spec("moved.m1", 1, 5)) == Applied(changed=("moved.m1",))
    wanted = [SOON + timedelta(days=1), SOON + timedelta(days=5)]
    assert wait_until(lambda: due(in_prefect, "moved.m1") == wanted, 15)
    assert deployment(in_prefect, "moved.m1")["id"] == id_before


@pytest.mark.prefect
def test_a_paused_measure_stays_paused_and_without_runs(in_prefect: PrefectServer) -> None:
    scheduler = RestScheduler(in_prefect.api_url, in_prefect.key)
    apply(make_spec("held.m1", 0))
    scheduler.pause("held.m1")
    apply(make_spec("held.m1", 0, 1))
    (view,) = scheduler.show("held.m1")
    assert (view.paused, view.next_runs) == (True, ())


@pytest.mark.prefect
def test_a_measure_whose_moments_have_passed_has_no_schedule_and_a_gone_one_no_deployment(
    in_prefect: PrefectServer,
) -> None:
    apply(make_spec("over.m1", 0), make_spec("over.m2", 0))
    assert apply(make_spec("over.m1", -100)) == Applied(changed=("over.m1",), deleted=("over.m2",))
    assert deployment(in_prefect, "over.m1")["schedules"] == []
    assert apply(make_spec("over.m1", -100)) == Applied(unchanged=("over.m1",))
    assert [view.name for view in RestScheduler(in_prefect.api_url, in_prefect.key).show("over.")] == ["over.m1"]


@pytest.mark.prefect
def test_a_prefect_yaml_is_applied_as_it_says(in_prefect: PrefectServer, tmp_path: Path) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(HOUSE)
    assert asyncio.run(apply_housekeeping(file)) == ["house.report"]
    first = deployment(in_prefect, "house.report")
    (schedule,) = first["schedules"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("0 6 1 1,4,7,10 *", "Asia/Bangkok")
    assert (first["pull_steps"], first["parameters"], first["tags"]) == ([], {"number": 6}, ["housekeeping"])
    assert (first["entrypoint"], first["work_pool_name"]) == (f"{SAMPLES}.quick", "office")
    asyncio.run(apply_housekeeping(file))
    assert deployment(in_prefect, "house.report")["id"] == first["id"]


@pytest.mark.prefect
@pytest.mark.parametrize("text", ["deployments: 7", "deployments: [", "- a list"])
def test_a_prefect_yaml_that_cannot_be_read_is_refused(text: str, in_prefect: PrefectServer, tmp_path: Path) -> None:
    file = tmp_path / "prefect.yaml"
    file.write_text(text)
    with pytest.raises(HousekeepingError, match=r"prefect\.yaml"):
        asyncio.run(apply_housekeeping(file))

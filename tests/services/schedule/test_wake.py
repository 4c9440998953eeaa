"""The clockwork is told of changes; here it is one that only writes down what it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import pytest

from domain.errors import SucharitError
from services.schedule.schedule import MeasureKey
from services.schedule.wake import wake_measure, wake_schedules
from services.scheduler import (
    DeploymentView,
    NotScheduledError,
    RunView,
    Scheduler,
    SchedulerDownError,
    SchedulerRefusedError,
)

KEY: Final = MeasureKey(2566, "ban_mai", "m1")
NOW: Final = datetime(2023, 1, 11, 1, 30, 0, tzinfo=UTC)
_SPACE: Final = UUID(int=2566)


@dataclass
class NotingScheduler:
    """A clockwork of one worker: a run that was asked for begins when the test says so."""

    runs: dict[UUID, tuple[str, str, datetime | None]] = field(default_factory=dict)
    started: set[UUID] = field(default_factory=set)
    parameters: list[Mapping[str, Any] | None] = field(default_factory=list)
    fault: SucharitError | None = None

    def show(self, prefix: str = "") -> list[DeploymentView]:
        return []

    def pause(self, name: str) -> None: ...

    def resume(self, name: str) -> None: ...

    def run_now(self, name: str) -> UUID:
        return self.trigger(name, "now")

    def trigger(
        self, name: str, key: str, parameters: Mapping[str, Any] | None = None, when: datetime | None = None
    ) -> UUID:
        if self.fault is not None:
            raise self.fault
        run = uuid5(_SPACE, f"{name}/{key}")
        self.runs.setdefault(run, (name, key, when))
        self.parameters.append(parameters)
        return run

    def wait(self, run_id: UUID, timeout_s: float) -> RunView:
        started_at = NOW if run_id in self.started else None
        return RunView(str(run_id), "run", "PENDING", "Pending", "", None, started_at, None, "")

    def is_up(self) -> bool:
        return self.fault is None

    def workers(self) -> int:
        return 1

    def start_all(self) -> None:
        """What was asked for and is due begins."""
        self.started |= {run for run, (_, _, at) in self.runs.items() if at is None}


def test_it_speaks_the_protocol() -> None:
    scheduler: Scheduler = NotingScheduler()
    assert scheduler.is_up()


def test_a_change_runs_the_measure_at_once() -> None:
    scheduler = NotingScheduler()
    assert wake_measure(scheduler, KEY, NOW) is None
    assert [(name, at) for name, _, at in scheduler.runs.values()] == [("2566.ban_mai.m1", None)]


def test_changes_before_the_run_begins_are_covered_by_it() -> None:
    scheduler = NotingScheduler()
    for second in range(60):
        wake_measure(scheduler, KEY, NOW + timedelta(seconds=second))
    assert len(scheduler.runs) == 1


def test_a_change_after_the_run_began_gets_one_more_at_the_minutes_end() -> None:
    scheduler = NotingScheduler()
    wake_measure(scheduler, KEY, NOW)
    scheduler.start_all()
    for second in range(1, 60):
        wake_measure(scheduler, KEY, NOW + timedelta(seconds=second))
    assert len(scheduler.runs) == 2
    (later,) = [at for _, _, at in scheduler.runs.values() if at is not None]
    assert later == NOW + timedelta(minutes=1, milliseconds=1)


def test_every_change_is_followed_by_a_run_that_begins_after_it() -> None:
    """Whenever the runs begin: none of a hundred changes may be left to a run that had begun before it."""
    scheduler = NotingScheduler()
    for second in range(100):
        now = NOW + timedelta(seconds=second)
        before = set(scheduler.started)
        wake_measure(scheduler, KEY, now)
        follows = [at for run, (_, _, at) in scheduler.runs.items() if run not in before]
        assert any(at is None or at > now for at in follows), f"nothing runs after second {second}"
        if second % 7 == 0:
            scheduler.start_all()


def test_two_measures_wake_each_other_not() -> None:
    scheduler = NotingScheduler()
    wake_measure(scheduler, KEY, NOW)
    wake_measure(scheduler, MeasureKey(2566, "ban_mai", "m2"), NOW)
    assert len(scheduler.runs) == 2


FAULTS: Final = (
    SchedulerDownError(url="http://127.0.0.1:4200/api"),
    NotScheduledError(name="2566.ban_mai.m1"),
    SchedulerRefusedError(what="run", status=500, reason="busy"),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_clockwork_that_does_not_hear_is_said_and_nothing_breaks(fault: SucharitError) -> None:
    scheduler = NotingScheduler(fault=fault)
    assert wake_measure(scheduler, KEY, NOW) == str(fault)
    assert wake_schedules(scheduler, "ban_mai", 7) == str(fault)


def test_schedules_are_applied_and_looked_through_once_for_each_change() -> None:
    scheduler = NotingScheduler()
    for version in (7, 7, 8):
        assert wake_schedules(scheduler, "ban_mai", version) is None
    assert sorted(name for name, _, _ in scheduler.runs.values()) == ["apply-schedules"] * 2 + ["sweep"] * 2
    assert all(parameters == {"office": "ban_mai"} for parameters in scheduler.parameters)

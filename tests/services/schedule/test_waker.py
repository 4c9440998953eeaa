"""The thread that tells the clockwork: nobody waits for it, nothing is told twice, nothing holds it for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from services.schedule.schedule import MeasureKey
from services.schedule.waker import MOST_WAITING, Waker
from services.scheduler import NotScheduledError, RunView, Scheduler, SchedulerDownError

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
KEY = MeasureKey(2570, "demo", "m1")


class Listening:
    """A clockwork that waits for the test before it answers, and may first fail."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.told: list[str] = []
        self.asked = threading.Semaphore(0)
        self.may_answer = threading.Event()

    def trigger(self, name: str, key: str, parameters: Any = None, when: datetime | None = None) -> UUID:
        self.asked.release()
        assert self.may_answer.wait(10)
        if self.faults:
            raise self.faults.pop(0)
        self.told.append(f"{name} {key}")
        return uuid4()

    def wait(self, run_id: UUID, timeout_s: float) -> RunView:
        return RunView(str(run_id), "", "SCHEDULED", "Scheduled", "", None, None, None, "")


@contextmanager
def waking(clockwork: Listening, rest_s: float = 0.01) -> Iterator[Waker]:
    waker = Waker(lambda: cast("Scheduler", clockwork), lambda: NOW, rest_s)
    yield waker
    clockwork.may_answer.set()
    waker.close(10)


def test_whoever_has_an_errand_goes_on_at_once() -> None:
    clockwork = Listening()
    with waking(clockwork) as waker:
        waker.measure(KEY)
        assert clockwork.asked.acquire(timeout=10)
        waker.schedules("demo", 7)
        assert clockwork.told == []
    assert [line.split()[0] for line in clockwork.told] == ["2570.demo.m1", "apply-schedules", "sweep"]


def test_what_waits_already_is_told_once_and_what_is_being_told_once_more() -> None:
    clockwork = Listening()
    with waking(clockwork) as waker:
        waker.measure(KEY)
        assert clockwork.asked.acquire(timeout=10)  # it may have looked before what is committed from here on
        for version in range(5):
            waker.measure(KEY)
            waker.schedules("demo", version)
    assert [line.split()[0] for line in clockwork.told].count("2570.demo.m1") == 2
    assert [line for line in clockwork.told if "apply" in line] == ["apply-schedules apply-demo-4"]


def test_a_clockwork_that_did_not_answer_is_told_after_a_rest() -> None:
    clockwork = Listening(SchedulerDownError(url="http://127.0.0.1:1/api"))
    clockwork.may_answer.set()
    with waking(clockwork) as waker:
        waker.measure(KEY)
        for _ in range(2):
            assert clockwork.asked.acquire(timeout=10)
    assert len(clockwork.told) == 1


@pytest.mark.parametrize("fault", [NotScheduledError(name="x"), RuntimeError("not foreseen")])
def test_an_errand_that_cannot_be_run_stops_no_other(fault: Exception) -> None:
    clockwork = Listening(fault)
    clockwork.may_answer.set()
    with waking(clockwork) as waker:
        waker.measure(KEY)
        waker.schedules("demo", 7)
    assert [line.split()[0] for line in clockwork.told] == ["apply-schedules", "sweep"]


def test_no_more_waits_than_there_is_room_for() -> None:
    clockwork = Listening()
    with waking(clockwork) as waker:
        waker.schedules("first", 1)
        assert clockwork.asked.acquire(timeout=10)
        for number in range(MOST_WAITING + 50):
            waker.measure(MeasureKey(2570, "demo", f"m{number}"))
    assert len(clockwork.told) == 2 + MOST_WAITING


def test_a_process_that_ends_waits_for_no_deaf_clockwork() -> None:
    clockwork = Listening(*[SchedulerDownError(url="http://127.0.0.1:1/api")] * 3)
    clockwork.may_answer.set()
    waker = Waker(lambda: cast("Scheduler", clockwork), lambda: NOW, rest_s=600)
    waker.measure(KEY)
    assert clockwork.asked.acquire(timeout=10)
    waker.close(10)
    assert waker._thread is not None
    assert not waker._thread.is_alive()

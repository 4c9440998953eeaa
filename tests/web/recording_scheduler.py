"""A clockwork for pages that writes down what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.scheduler import DeploymentView, NotScheduledError, RunView
from tests.factories import at

DEPLOYMENT = "2566.ban-mai.m1"


@dataclass
class RecordingScheduler:
    """A clockwork with one measure that writes down what it is told."""

    told: list[tuple[str, str]] = field(default_factory=list)
    paused: bool = False
    alive: int = 1
    state: str = "COMPLETED"
    message: str = "1 opened, 0 rungs, 2 notices, 0 overdue"
    name: str = DEPLOYMENT

    def is_up(self) -> bool:
        return True

    def workers(self) -> int:
        return self.alive

    def show(self, prefix: str = "") -> list[DeploymentView]:
        coming = (at("2023-01-10 08:30"), at("2023-03-17 08:30"))
        return [DeploymentView(self.name, self.paused, coming, (self._run(),))] if self.name.startswith(prefix) else []

    def pause(self, name: str) -> None:
        self._note("pause", name)
        self.paused = True

    def resume(self, name: str) -> None:
        self._note("resume", name)
        self.paused = False

    def run_now(self, name: str) -> UUID:
        self._note("run", name)
        return uuid4()

    def trigger(
        self, name: str, key: str, parameters: Mapping[str, Any] | None = None, when: datetime | None = None
    ) -> UUID:
        assert (name, when) == ("apply-schedules", None), key
        self.told.append((name, str(parameters)))
        return uuid4()

    def wait(self, run_id: UUID, timeout_s: float) -> RunView:
        assert timeout_s <= 5, run_id
        return self._run()

    def _note(self, what: str, name: str) -> None:
        if name != self.name:
            raise NotScheduledError(name=name)
        self.told.append((what, name))

    def _run(self) -> RunView:
        ended = at("2023-01-04 08:31")
        return RunView(
            "r1", "calm-owl", self.state, "Completed", self.message, ended, ended, ended, "http://127.0.0.1/r1"
        )

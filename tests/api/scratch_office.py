"""An office for calls that nobody chose: everything of it may change, and the clockwork agrees to all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from starlette.applications import Starlette

from services.scheduler import DeploymentView, RunView
from services.settings import Settings
from storage.store import Store
from tests.api.conftest import ADMIN, secret_for
from tests.factories import at
from tests.services.live_office import found_office
from tests.web.conftest import PagesSystem
from web.app import create_app

NOW = at("2023-01-04 10:00")


class AgreeableScheduler:
    """A clockwork that does whatever it is told."""

    def show(self, prefix: str = "") -> list[DeploymentView]:
        return [DeploymentView("2566.scratch.m1", paused=False, next_runs=(NOW,), last_runs=(_run(),))]

    def pause(self, name: str) -> None:
        """Agree."""

    def resume(self, name: str) -> None:
        """Agree."""

    def run_now(self, name: str) -> UUID:
        return uuid4()

    def trigger(
        self, name: str, key: str, parameters: Mapping[str, Any] | None = None, when: datetime | None = None
    ) -> UUID:
        return uuid4()

    def wait(self, run_id: UUID, timeout_s: float) -> RunView:
        return _run()

    def workers(self) -> int:
        return 1

    def is_up(self) -> bool:
        return True


def _run() -> RunView:
    return RunView("r1", "calm-owl", "COMPLETED", "Completed", "1 opened", NOW, NOW, NOW, "http://127.0.0.1/r1")


@dataclass(frozen=True)
class ScratchSystem(PagesSystem):
    """The running system over the scratch office."""

    @property
    def scheduler(self) -> AgreeableScheduler:
        return AgreeableScheduler()


@contextmanager
def scratch_office(url: str, folder: Path) -> Iterator[tuple[Starlette, str]]:
    """The application over an office in a migrated database, and the token of its administrator."""
    store = Store(url, durable=False)
    office = found_office(store, key="scratch")
    office.advance(at("2023-01-04 09:00"))
    system = ScratchSystem(Settings(home=folder, mailbox_port=9), of=office, times=[NOW])
    yield create_app(system, limits=()), secret_for(office, system, ADMIN)
    store.close()

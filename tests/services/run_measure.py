"""One run of a measure as a program of its own, beside another that runs the same."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services.assignments.advance import Advanced
from storage.store import Store
from tests.services.day_worker import Barrier
from tests.services.live_office import LiveOffice


class Answers(Protocol):
    """Where a process leaves what its run did."""

    def put(self, obj: Advanced, /) -> None: ...


def run_measure(url: str, office: str, now: datetime, barrier: Barrier, answers: Answers) -> None:
    """Wait for the other one, run, answer."""
    store = Store(url)
    barrier.wait()
    answers.put(LiveOffice(store, office).advance(now))
    store.close()

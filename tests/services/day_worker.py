"""One worker of an office, alone or beside another: every morning it runs both measures and sends the mail."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.outbox.deliver import deliver
from storage.store import Store
from tests.services.live_office import LiveOffice, make_mail_sender

MEASURES = ("m1", "m2")


class Barrier(Protocol):
    """Where workers wait for each other before each morning; a thread's or a process's."""

    def wait(self) -> int: ...


def work(store: Store, office: str, port: int, mornings: Sequence[datetime], owner: str, barrier: Barrier) -> None:
    """Work through the mornings in step with the others at the barrier."""
    for now in mornings:
        barrier.wait()
        run_once(store, office, port, now, owner=owner)


def run_once(store: Store, office: str, port: int, now: datetime, *, owner: str = "worker") -> None:
    """What the clockwork does at one moment: every measure, then the mail."""
    live = LiveOffice(store, office)
    for measure in MEASURES:
        done = live.advance(now, measure)
        assert done.faults == ()
    sent = asyncio.run(deliver(store, office, make_mail_sender(port, lambda: now, owner=owner)))
    assert sent.stopped_by == ""


def work_in_a_process(
    url: str, office: str, port: int, mornings: Sequence[datetime], owner: str, barrier: Barrier
) -> None:
    """The same as a program of its own."""
    store = Store(url)
    work(store, office, port, mornings, owner, barrier)
    store.close()

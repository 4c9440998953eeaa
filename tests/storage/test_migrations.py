from __future__ import annotations

import threading

import pytest

from storage import migrate
from storage.errors import DatabaseDownError
from storage.store import Store
from tests.storage.rows import KEY, add_office, sql


@pytest.fixture
def empty(store: Store) -> Store:
    """A database without any table of ours."""
    with store._engine.connect() as connection:
        migrate.downgrade(connection)
    return store


def test_migrated_tables_are_those_of_the_code(store: Store) -> None:
    with store._engine.connect() as connection:
        assert migrate.differences(connection) == []
        assert migrate.current(connection) == migrate.head()
    assert store.is_current()


def test_up_down_and_up_again_gives_the_same(empty: Store) -> None:
    with empty._engine.connect() as connection:
        assert migrate.current(connection) is None
        assert migrate.differences(connection) != []
    assert not empty.is_current()
    empty.migrate()
    with empty._engine.connect() as connection:
        assert migrate.differences(connection) == []


def test_migrating_an_up_to_date_database_leaves_its_rows(store: Store) -> None:
    add_office(store)
    store.migrate()
    with store.reader(KEY) as uow:
        assert uow.office.key == KEY


def test_tables_made_without_migrations_are_the_same(empty: Store) -> None:
    empty.make_tables()
    with empty._engine.connect() as connection:
        assert migrate.differences(connection) == []


def test_several_programs_may_migrate_at_once(empty: Store) -> None:
    start, faults = threading.Barrier(4), list[Exception]()

    def bring_up_to_date() -> None:
        start.wait()
        try:
            empty.migrate()
        except DatabaseDownError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=bring_up_to_date) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert empty.is_current()


def test_sqlite_writes_ahead_and_waits_for_the_disk(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    found = {name: sql(store, f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    store.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}

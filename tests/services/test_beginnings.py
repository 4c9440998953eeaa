from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.store import Store
from storage.tables import Base
from tests.factories import at
from tests.services.beginnings import begin_with
from tests.services.live_office import KEY, LiveOffice, found_office


@pytest.fixture
def stores(migrated_file: Path, tmp_path: Path) -> Iterator[list[Store]]:
    """Two empty databases."""
    found = [Store(f"sqlite:///{shutil.copy(migrated_file, tmp_path / name)}") for name in ("a.db", "b.db")]
    yield found
    for store in found:
        store.close()


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store._engine.connect() as connection:
        return {t.name: [tuple(row) for row in connection.execute(select(t))] for t in Base.metadata.sorted_tables}


def test_what_is_copied_is_what_the_services_made(stores: list[Store]) -> None:
    for store in stores:
        begin_with(store, "copied is made", lambda: found_office(stores[0]).advance(at("2023-01-04 09:00")))
    made, copied = map(everything, stores)
    assert made["ledger"]
    assert copied == made


def test_the_services_make_it_once_and_again_only_where_an_office_is_there(stores: list[Store]) -> None:
    made = []

    def begin(store: Store, key: str) -> None:
        def make() -> None:
            made.append(key)
            found_office(store, key=key)

        begin_with(store, "made once", make)

    begin(stores[0], KEY)
    begin(stores[1], KEY)
    assert made == [KEY]
    begin(stores[1], "ban-kao")
    assert made == [KEY, "ban-kao"]
    assert sorted(office.key for office in stores[1].offices()) == ["ban-kao", KEY]


def test_one_database_is_not_changed_by_what_happens_in_another(stores: list[Store]) -> None:
    for store in stores:
        begin_with(store, "apart", lambda: found_office(stores[0]))
    before = everything(stores[1])
    LiveOffice(stores[0], KEY).advance(at("2023-01-04 09:00"))
    assert everything(stores[1]) == before != everything(stores[0])

"""The clock is checked at every write: two rows by their keys, however long the ledger is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from domain.ledger import CLOCK, CONFIRMED, LONGEST_PAUSE, MENDED, Entry
from services.clock import check
from services.operations.audit import verify_ledger
from storage import migrate
from storage.store import Store
from tests.storage.rows import KEY, NOW, add_office, sql
from tests.web.statements import statements

LINES = 3000


@pytest.fixture
def long(store: Store) -> Store:
    """An office with a ledger of several pages."""
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        for n in range(LINES):
            uow.ledger.note(Entry(NOW + timedelta(seconds=n), "test.noted", CLOCK, f"s{n}", {}))
        uow.commit()
    if store._engine.dialect.name == "postgresql":  # where it has happened, an office of its own is scanned by SQLite
        sql(store, "ANALYZE")
    return store


def test_a_check_of_the_clock_is_one_statement_that_gives_one_row(long: Store) -> None:
    with long.reader(KEY) as uow, statements(long) as asked:
        check(uow, NOW + timedelta(hours=1))
    assert len(asked) == 1
    assert "max(" not in asked[0].lower()


def test_it_finds_both_rows_by_their_keys(long: Store) -> None:
    with long.reader(KEY) as uow, statements(long) as asked:
        uow.ledger.times()
    plan = "\n".join(_plan(long, asked[0]))
    if long._engine.dialect.name == "sqlite":
        assert "SCAN" not in plan, plan
        assert "SEARCH ledger USING INDEX sqlite_autoindex_ledger_1 (office_id=? AND seq=?)" in plan
    else:
        assert "Seq Scan on ledger" not in plan, plan
        assert "Index Scan using pk_ledger on ledger" in plan


def _plan(store: Store, statement: str) -> Iterator[str]:
    explain = "EXPLAIN QUERY PLAN " if store._engine.dialect.name == "sqlite" else "EXPLAIN "
    with store._engine.begin() as connection:
        for row in connection.exec_driver_sql(explain + statement, _given(statement)):
            yield str(row[-1])


def _given(statement: str) -> tuple[str] | dict[str, str]:
    return (KEY,) if "?" in statement else {"office": KEY}


def _times(store: Store) -> tuple[datetime | None, datetime | None]:
    with store.reader(KEY) as uow:
        return uow.ledger.times()


def _noted(store: Store, at: datetime, kind: str, actor: str) -> datetime | None:
    with store.unit_of_work(KEY) as uow:
        uow.ledger.note(Entry(at, kind, actor, "s", {}))
        uow.commit()
    return _times(store)[1]


def test_the_last_vouched_instant_is_stored_with_its_line(store: Store) -> None:
    add_office(store)
    assert _times(store) == (None, None)
    day, far = timedelta(days=1), LONGEST_PAUSE + timedelta(days=9)
    assert _noted(store, NOW, "office.created", "admin") == NOW
    assert _noted(store, NOW + day, "account.signed_in", "admin") == NOW
    assert _noted(store, NOW + day, "clock.seen", CLOCK) == NOW + day
    assert _noted(store, NOW + day + far, "letter.sent", CLOCK) == NOW + day
    assert _noted(store, NOW + far, CONFIRMED, "admin") == NOW + far
    assert _noted(store, NOW + far + day, MENDED, "admin") == NOW + far + day
    assert _times(store) == (NOW + far + day, NOW + far + day)


def test_a_unit_that_fails_vouches_for_nothing(store: Store) -> None:
    add_office(store)
    _noted(store, NOW, "office.created", "admin")
    with store.unit_of_work(KEY) as uow:
        uow.ledger.note(Entry(NOW + timedelta(days=1), "clock.seen", CLOCK, "s", {}))
        uow.ledger.write()
    assert _times(store) == (NOW, NOW)


def test_a_ledger_of_before_is_vouched_for_as_its_lines_say(store: Store) -> None:
    """A letter that left at a clock of next year vouched for it then; now the jump shows."""
    add_office(store)
    ahead = NOW + timedelta(days=400)
    for at, kind, actor in (
        (NOW, "office.created", "admin"),
        (NOW + timedelta(days=20), "assignment.open", CLOCK),
        (NOW + timedelta(days=40), "assignment.escalate", CLOCK),
        (NOW + timedelta(days=41), "account.signed_in", "admin"),
        (ahead, "assignment.hand_in", "somsri"),
        (ahead, "letter.sent", CLOCK),
    ):
        _noted(store, at, kind, actor)
    kept = _times(store)
    with store._engine.connect() as connection:
        migrate.downgrade(connection, "0009")
    store.migrate()
    assert _times(store) == kept == (ahead, NOW + timedelta(days=40))
    with store.reader(KEY) as uow:
        assert uow.ledger.timed_after() == 6


def test_lines_of_before_are_sound_whatever_their_order_of_time(store: Store) -> None:
    add_office(store)
    _noted(store, NOW, "office.created", "admin")
    _noted(store, NOW - timedelta(days=3), "letter.sent", CLOCK)
    with store.reader(KEY) as uow:
        assert "Line 2" in verify_ledger(uow)[1][0]
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE office SET ledger_timed_after = 2"))
    with store.reader(KEY) as uow:
        assert verify_ledger(uow) == (2, [])

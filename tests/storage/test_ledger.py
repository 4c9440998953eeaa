from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.ledger import GENESIS, Entry, LedgerBrokenError, LedgerLine, chain, verify
from services.operations.audit import verify_ledger
from storage.store import Store
from tests.storage.rows import KEY, NOW, add_office, note, sql

THREADS, LINES = 6, 15


def test_concurrent_writers_leave_no_gap(store: Store) -> None:
    add_office(store)
    start = threading.Barrier(THREADS)

    def write(name: str) -> None:
        start.wait()
        for n in range(LINES):
            with store.unit_of_work(KEY) as uow:
                for part in ("a", "b"):
                    uow.ledger.note(Entry(NOW, "test.noted", name, f"{n}{part}", {}))
                uow.commit()

    threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reader(KEY) as uow:
        lines = list(uow.ledger.lines())
        assert verify(lines) == uow.ledger.head() == (THREADS * LINES * 2, lines[-1].hash)
    # What one unit of work wrote stands together.
    assert all(a.entry.actor == b.entry.actor for a, b in zip(lines[::2], lines[1::2], strict=True))


def test_a_unit_that_fails_takes_no_number(store: Store) -> None:
    add_office(store)
    note(store)
    with store.unit_of_work(KEY) as uow:
        uow.ledger.note(Entry(NOW, "test.lost", "clock", "s", {}))
        uow.ledger.write()
    note(store)
    with store.reader(KEY) as uow:
        assert [line.seq for line in uow.ledger.lines()] == [1, 2]
        assert verify_ledger(uow) == (2, [])


def test_an_empty_ledger_is_sound(store: Store) -> None:
    add_office(store)
    with store.reader(KEY) as uow:
        assert verify_ledger(uow) == (0, [])
        assert uow.ledger.head() == (0, GENESIS)
        assert uow.ledger.last_at() is None


def test_more_lines_than_one_fetch_verify(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        for n in range(2100):
            uow.ledger.note(Entry(NOW, "test.noted", "clock", f"s{n}", {}))
        uow.commit()
    with store.reader(KEY) as uow:
        assert verify_ledger(uow) == (2100, [])


CHANGES = {
    "instant": "UPDATE ledger SET at = '2001-01-01 00:00:00.000000' WHERE seq = 4",
    "kind": "UPDATE ledger SET kind = 'x.y' WHERE seq = 4",
    "actor": "UPDATE ledger SET actor = 'the-mayor' WHERE seq = 4",
    "subject": "UPDATE ledger SET subject = 'other' WHERE seq = 4",
    "data": """UPDATE ledger SET data = '{"n": 9}' WHERE seq = 4""",
    "data that is no JSON": "UPDATE ledger SET data = 'gone' WHERE seq = 4",
    "data that is a list": "UPDATE ledger SET data = '[1, 2]' WHERE seq = 4",
    "data that is a number twice": """UPDATE ledger SET data = '{"n": 9, "n": 3}' WHERE seq = 4""",
    "previous": "UPDATE ledger SET previous = hash WHERE seq = 4",
    "hash": "UPDATE ledger SET hash = previous WHERE seq = 4",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_line_is_found_at_its_number(store: Store, what: str) -> None:
    add_office(store)
    note(store, count=7)
    sql(store, CHANGES[what])
    with store.reader(KEY) as uow:
        _, faults = verify_ledger(uow)
    assert len(faults) == 1
    assert "Line 4 of the ledger" in faults[0]


def test_a_deleted_line_is_found_where_it_stood(store: Store) -> None:
    add_office(store)
    note(store, count=7)
    sql(store, "DELETE FROM ledger WHERE seq = 4")
    assert "stands where line 4 should be" in _fault(store)


def test_a_renumbered_gap_is_found(store: Store) -> None:
    add_office(store)
    note(store, count=5)
    sql(store, "DELETE FROM ledger WHERE seq = 4")
    sql(store, "UPDATE ledger SET seq = 4 WHERE seq = 5")
    assert "Line 4 of the ledger" in _fault(store)


def test_a_cut_tail_is_found_behind_the_last_line(store: Store) -> None:
    add_office(store)
    note(store, count=7)
    sql(store, "DELETE FROM ledger WHERE seq > 5")
    assert "Line 6 of the ledger" in _fault(store)
    assert "the office remembers 7 lines" in _fault(store)


def test_an_emptied_ledger_is_found(store: Store) -> None:
    add_office(store)
    note(store, count=2)
    sql(store, "DELETE FROM ledger")
    assert "Line 1 of the ledger" in _fault(store)


def test_a_well_chained_line_at_the_end_is_found(store: Store) -> None:
    """Somebody who knows the rule of the chain still does not stand in the office's row."""
    _with_forged_line(store, lambda last: chain(KEY, last.seq + 1, last.entry, last.hash))
    assert "Line 4 of the ledger" in _fault(store)
    assert "the office remembers 3 lines" in _fault(store)


def test_a_line_before_the_first_is_found(store: Store) -> None:
    _with_forged_line(store, lambda last: chain(KEY, 0, last.entry, GENESIS))
    assert "Line 0 of the ledger" in _fault(store)


def _with_forged_line(store: Store, forge: Callable[[LedgerLine], LedgerLine]) -> None:
    add_office(store)
    note(store, count=3)
    with store.reader(KEY) as uow:
        line = forge(list(uow.ledger.lines())[-1])
    sql(
        store,
        "INSERT INTO ledger SELECT office_id, :seq, at, kind, actor, subject, data, :previous, :hash"
        " FROM ledger WHERE seq = 3",
        seq=line.seq,
        previous=line.previous,
        hash=line.hash,
    )


def test_swapped_lines_are_found(store: Store) -> None:
    add_office(store)
    note(store, count=5)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        sql(store, "UPDATE ledger SET seq = :new WHERE seq = :old", old=old, new=new)
    assert "Line 2 of the ledger" in _fault(store)


def test_a_head_that_was_set_back_is_found(store: Store) -> None:
    add_office(store)
    note(store, count=3)
    sql(store, "UPDATE office SET ledger_hash = :hash", hash="ab" * 32)
    assert "Line 3 of the ledger" in _fault(store)


def test_writing_goes_on_after_damage_and_the_damage_stays_visible(store: Store) -> None:
    add_office(store)
    note(store, count=3)
    sql(store, "UPDATE ledger SET actor = 'x' WHERE seq = 2")
    note(store, count=2)
    assert "Line 2 of the ledger" in _fault(store)


def test_lines_keep_the_instant_that_was_hashed(store: Store) -> None:
    """SQLite drops zones and PostgreSQL rounds: either would break the chain when it is read."""
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.ledger.note(Entry(NOW + timedelta(microseconds=999999), "a.b", "clock", "s", {"ไทย": "ก\u0000\u2028"}))
        uow.commit()
    with store.reader(KEY) as uow:
        assert verify_ledger(uow) == (1, [])


def test_verify_names_the_office() -> None:
    line = LedgerLine(KEY, 2, Entry(NOW, "a.b", "clock", "s", {}), GENESIS, "")
    with pytest.raises(LedgerBrokenError, match=f"Line 2 of the ledger of “{KEY}”"):
        verify([line])


def _fault(store: Store) -> str:
    with store.reader(KEY) as uow:
        (fault,) = verify_ledger(uow)[1]
    return fault

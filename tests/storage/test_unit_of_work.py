from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from domain.assignment import StaleError, State
from domain.errors import NotFoundError
from domain.ledger import Entry
from domain.moves import Move, apply
from domain.report_period import quarterly
from storage.errors import AlreadyThereError, DatabaseDownError
from storage.records import Report
from storage.store import Store
from tests.factories import at, make_assignment, make_office, make_people, make_plan
from tests.storage.rows import KEY, NOW, add_office, make_letter, make_notice, make_snapshot, note, sql


def test_leaving_without_a_commit_leaves_nothing(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.people.save(make_people())
        uow.plans.add(make_plan(), by="the-admin", now=NOW)
        uow.assignments.add([make_assignment()])
        uow.letters.add([make_letter()])
        uow.notices.add([make_notice("k1")], NOW)
        uow.notices.write()
        uow.ledger.note(Entry(NOW, "a.b", "clock", "s", {}))
        uow.ledger.write()
    assert {table: _rows(store, table) for table in _TABLES} == dict.fromkeys(_TABLES, 0)
    with store.reader(KEY) as uow:
        assert uow.ledger.head()[0] == 0


def test_an_error_inside_leaves_nothing_and_comes_through(store: Store) -> None:
    add_office(store)

    def fail() -> None:
        with store.unit_of_work(KEY) as uow:
            uow.assignments.add([make_assignment()])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _rows(store, "assignment") == 0


_TABLES = ("person", "post", "division", "holding", "plan", "assignment", "letter", "notice", "ledger")


def _rows(store: Store, table: str) -> int:
    return int(sql(store, f"SELECT count(*) FROM {table}")[0][0])


def test_the_second_of_two_moves_is_stale_and_writes_nothing(store: Store) -> None:
    before = make_assignment()
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add([before])
        uow.commit()
    first = apply(before, Move.CANCEL)
    second = replace(apply(before, Move.ACKNOWLEDGE), acknowledged_by="the-chang-head")
    with store.unit_of_work(KEY) as uow:
        uow.assignments.save(first, expected=before.version)
        uow.commit()
    with store.unit_of_work(KEY) as uow:
        uow.notices.add([make_notice("k1")], NOW)
        uow.ledger.note(Entry(NOW, "assignment.acknowledge", "the-chang-head", before.id, {}))
        with pytest.raises(StaleError):
            uow.assignments.save(second, expected=before.version)
    with store.reader(KEY) as uow:
        assert uow.assignments.get(before.id) == first
        assert (uow.notices.keys(), list(uow.ledger.lines())) == (set(), [])


def test_one_stale_assignment_gives_up_the_whole_batch(store: Store) -> None:
    given = [make_assignment(id=f"a{n}", step_key=f"s{n}") for n in range(5)]
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add(given)
        uow.assignments.save(apply(given[3], Move.CANCEL), expected=1)
        uow.commit()
    with store.unit_of_work(KEY) as uow, pytest.raises(StaleError):
        uow.assignments.save_each([replace(apply(a, Move.ESCALATE), rung=2) for a in given])
    with store.reader(KEY) as uow:
        assert [a.rung for a in uow.assignments.all()] == [-1] * 5


def test_a_batch_of_moves_is_stored(store: Store) -> None:
    given = [make_assignment(id=f"a{n}", step_key=f"s{n}") for n in range(5)]
    moved = [replace(apply(a, Move.ESCALATE), rung=2) for a in given]
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add(given)
        uow.assignments.save_each(moved)
        uow.assignments.save_each([])
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.assignments.all() == moved


def test_two_threads_move_the_same_assignment_and_one_wins(store: Store) -> None:
    before = make_assignment()
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add([before])
        uow.commit()
    start, said = threading.Barrier(4), list[str]()

    def move(by: str) -> None:
        start.wait()
        try:
            with store.unit_of_work(KEY) as uow:
                uow.assignments.save(replace(apply(before, Move.ACKNOWLEDGE), acknowledged_by=by), expected=1)
                uow.ledger.note(Entry(NOW, "assignment.acknowledge", by, before.id, {}))
                uow.commit()
                said.append(by)
        except StaleError:
            pass

    _all([threading.Thread(target=move, args=(f"p{n}",)) for n in range(4)])
    with store.reader(KEY) as uow:
        assert [uow.assignments.get(before.id).acknowledged_by] == said
        assert [line.entry.actor for line in uow.ledger.lines()] == said


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_opening_the_same_twice_stores_it_once(store: Store) -> None:
    given = make_assignment()
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        assert uow.assignments.add([given]) == [given]
        assert uow.assignments.add([given, replace(given, id="another name for the same step and period")]) == []
        uow.commit()
    with store.reader(KEY) as uow:
        assert uow.assignments.all() == [given]


def test_a_notices_key_is_stored_once_for_ever(store: Store) -> None:
    add_office(store)
    for reason in ("first", "second"):
        with store.unit_of_work(KEY) as uow:
            uow.notices.add([make_notice("k1", reason=reason), make_notice("k1", reason="third")], NOW)
            uow.commit()
    with store.unit_of_work(KEY) as uow:
        assert [n.reason for n in uow.notices.waiting()] == ["first"]
        uow.notices.mark_composed(["k1"], NOW)
        uow.notices.add([make_notice("k1")], NOW)
        uow.notices.write()
        assert uow.notices.waiting() == []


def test_the_same_plan_is_one_revision(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        revisions = [uow.plans.add(plan, by="x", now=NOW).revision for plan in (make_plan(), make_plan())]
        other = uow.plans.add(make_plan(title="อื่น"), by="x", now=NOW)
    assert (revisions, other.revision) == ([1, 1], 2)


def test_a_second_report_of_the_same_revision_is_refused_in_words(store: Store) -> None:
    report = Report(quarterly(2566, 2), 1, make_snapshot(), "ab" * 32, is_final=True, frozen_at=NOW)
    add_office(store)

    def add() -> None:
        with store.unit_of_work(KEY) as uow:
            uow.reports.add(report)
            uow.commit()

    add()
    with pytest.raises(AlreadyThereError, match="meanwhile"):
        add()


def test_an_assignment_that_is_not_there_is_said_with_a_remedy(store: Store) -> None:
    add_office(store)
    with store.reader(KEY) as uow, pytest.raises(NotFoundError, match=r"no assignment “nothing”.*sucharit assignments"):
        uow.assignments.get("nothing")


def test_an_office_that_was_never_created_is_said(store: Store) -> None:
    with store.reader("nobody") as uow, pytest.raises(NotFoundError, match="no office “nobody”"):
        _ = uow.office


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    add_office(store)
    naive = datetime(2023, 4, 11, 8, 30)  # noqa: DTZ001 -- the point
    with store.unit_of_work(KEY) as uow, pytest.raises(StatementError, match="without a zone"):
        uow.assignments.add([make_assignment(opened_at=naive)])


@pytest.mark.parametrize(
    "instant",
    [
        at("2023-04-11 00:00"),
        datetime(2023, 4, 11, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2023, 4, 11, 8, 30, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
        datetime(2022, 12, 31, 17, 0, 0, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_an_instant_keeps_its_microsecond_and_comes_back_in_utc(store: Store, instant: datetime) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add([make_assignment(opened_at=instant)])
        uow.commit()
    with store.reader(KEY) as uow:
        found = uow.assignments.all()[0].opened_at
    assert found == instant
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_instants_of_different_zones_are_compared_as_instants(store: Store) -> None:
    """08:30 in Bangkok is 01:30 UTC: text that was compared as it was written would be a day wrong."""
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([make_letter(next_try_at=at("2023-04-11 08:30"))])
        early = datetime(2023, 4, 11, 1, 29, 59, tzinfo=UTC)
        assert uow.letters.lease("w", early, limit=1, for_=timedelta(minutes=1)) == []
        assert uow.letters.lease("w", early + timedelta(seconds=1), limit=1, for_=timedelta(minutes=1))


def test_a_reader_sees_one_moment(store: Store) -> None:
    """Else an audit that reads lines, then the head, would call a ledger broken that was only written to."""
    add_office(store)
    note(store)
    with store.reader(KEY) as uow:
        assert len(list(uow.ledger.lines())) == 1
        note(store)
        assert uow.ledger.head()[0] == 1
        assert len(list(uow.ledger.lines())) == 1


def test_a_reader_waits_for_nobody(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as writer:
        writer.notices.add([make_notice("k1")], NOW)
        writer.notices.write()
        writer.offices.save(make_office(name="อื่น"))
        with store.reader(KEY) as reader:
            assert reader.office.name == make_office().name
            assert reader.notices.is_any_waiting() is False


def test_a_database_that_is_not_there_is_said_without_its_password() -> None:
    nowhere = Store("postgresql+psycopg://sucharit:geheim@127.0.0.1:1/sucharit")
    with pytest.raises(DatabaseDownError, match=r"cannot be used.*See that it runs") as refused, nowhere.reader(KEY):
        pass
    assert "geheim" not in str(refused.value)
    with pytest.raises(DatabaseDownError):
        nowhere.migrate()
    nowhere.close()


def test_states_are_stored_as_the_domain_spells_them(store: Store) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add([make_assignment(state=State.HANDED_IN)])
        uow.commit()
    assert sql(store, "SELECT state FROM assignment") == [("handed_in",)]

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.assignment import Assignment, State
from domain.outbox import LetterState
from domain.people import Level
from domain.submission import ExtensionRequest
from domain.waiting import NOTHING_TOLD
from storage import migrate
from storage.errors import DatabaseDownError
from storage.store import Store
from tests.factories import make_assignment
from tests.storage.rows import KEY, NOW, add_office, make_letter, make_notice, sql


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


class TestAHomeOfBefore:
    """What 0012 takes over from an office that knew of no waits and named no persons in its notices."""

    @pytest.fixture
    def before(self, store: Store) -> Store:
        add_office(store)
        with store.unit_of_work(KEY) as uow:
            uow.assignments.add(_of_before())
            uow.notices.add([make_notice("k1", deadline_version=None)], NOW)
            uow.commit()
        settings = json.loads(sql(store, "SELECT settings FROM office")[0][0]) | {"correction": 0, "least_to_act": 4}
        with store._engine.connect() as connection:
            migrate.downgrade(connection, "0011")
        sql(store, "UPDATE office SET settings = :settings", settings=json.dumps(settings))
        with store._engine.connect() as connection:
            migrate.upgrade(connection)
        return store

    def get(self, store: Store, key: str) -> Assignment:
        with store.reader(KEY) as uow:
            return uow.assignments.get(key)

    def test_whom_the_rungs_behind_had_told_is_noted(self, before: Store) -> None:
        assert self.get(before, "late").told.levels == (Level.OFFICER, Level.HEAD, Level.CLERK)

    def test_of_what_was_only_reminded_nothing_late_is_noted(self, before: Store) -> None:
        assert self.get(before, "reminded").told == NOTHING_TOLD

    def test_an_acknowledgment_goes_on_through_the_day_before_it_lapsed(self, before: Store) -> None:
        (kept,) = self.get(before, "late").acknowledgments
        assert (kept.person, kept.level, kept.until) == ("the-clerk", Level.MAYOR, date(2023, 4, 20))

    def test_what_is_handed_in_waits_from_today_on(self, before: Store) -> None:
        wait = self.get(before, "handed in").waiting
        assert wait is not None
        assert (wait.by, wait.level, wait.rung, wait.said_on) == ("the-chang-officer", Level.OFFICER, 0, None)
        assert (wait.began_at, wait.decided_by) == (NOW, "")
        assert abs(wait.since - datetime.now(UTC).date()) <= timedelta(days=1)

    def test_a_request_for_time_waits_too_and_keeps_its_words(self, before: Store) -> None:
        asked = self.get(before, "asked").extension
        assert asked is not None
        assert (asked.due_on, asked.reason, asked.by) == (date(2023, 5, 2), "น้ำท่วม", "the-chang-officer")
        assert asked.wait is not None
        assert asked.wait.by == "the-chang-officer"
        assert self.get(before, "asked").waits == (asked.wait,)

    def test_what_is_accepted_waits_for_nobody(self, before: Store) -> None:
        assert self.get(before, "accepted").waits == ()

    def test_days_that_a_rule_gives_are_one_at_least(self, before: Store) -> None:
        with before.reader(KEY) as uow:
            assert (uow.office.settings.correction, uow.office.settings.least_to_act) == (1, 4)

    def test_the_summary_of_the_week_that_has_begun_counts_as_left(self, before: Store) -> None:
        with before.unit_of_work(KEY) as uow:
            left = uow.surroundings()[1].summary_left_on
            assert uow.offices.seats() is None
        assert left is not None
        assert timedelta(0) <= datetime.now(UTC).date() - left <= timedelta(days=2)

    def test_a_notice_that_waits_names_nobody_yet(self, before: Store) -> None:
        with before.reader(KEY) as uow:
            (kept,) = uow.notices.waiting()
        assert (kept.key, kept.person, kept.aimed, kept.level) == ("k1", "", None, Level.OFFICER)


def _of_before() -> list[Assignment]:
    asked = ExtensionRequest(date(2023, 5, 2), "น้ำท่วม", "the-chang-officer")
    return [
        make_assignment(
            id="late", step_key="1", rung=4, acknowledged_until=date(2023, 4, 21), acknowledged_by="the-clerk"
        ),
        make_assignment(id="reminded", step_key="2", rung=2),
        make_assignment(
            id="handed in", step_key="3", state=State.HANDED_IN, handed_in_by="the-chang-officer", handed_in_at=NOW
        ),
        make_assignment(id="asked", step_key="4", extension=asked),
        make_assignment(id="accepted", step_key="5", state=State.ACCEPTED, handed_in_at=NOW),
    ]


class TestLettersOfBefore:
    """What 0013 makes of letters under way: what had been tried may have left, what had not is written anew."""

    @pytest.fixture
    def before(self, store: Store) -> Store:
        add_office(store)
        with store.unit_of_work(KEY) as uow:
            tried = make_letter(id="tried", notices=("k1",), attempts=2, first_tried_at=NOW)
            given = [make_letter(id="new", notices=("k2",)), tried, make_letter(id="parked", state=LetterState.PARKED)]
            uow.letters.add([*given, make_letter(id="held", notices=("k3",))])
            uow.letters.lease("host:1", NOW, limit=1, for_=timedelta(minutes=15), only="held")
            uow.commit()
        with store._engine.connect() as connection:
            migrate.downgrade(connection, "0012")
            migrate.upgrade(connection)
        return store

    def test_only_what_had_not_been_tried_is_written_anew(self, before: Store) -> None:
        with before.unit_of_work(KEY) as uow:
            assert [letter.id for letter in uow.letters.to_write_anew()] == ["new"]
            assert {letter.id for letter in uow.letters.all() if letter.is_unsure} == {"tried", "held"}

    def test_what_a_worker_of_before_holds_is_free_when_its_lease_ends(self, before: Store) -> None:
        with before.unit_of_work(KEY) as uow:
            leased = [
                {letter.id for letter in uow.letters.lease("lock:x", NOW + after, limit=9, for_=timedelta(minutes=15))}
                for after in (timedelta(minutes=14), timedelta(minutes=15))
            ]
        assert leased == [{"new", "tried"}, {"held"}]


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

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from docx import Document

from domain.errors import BadInputError, NotFoundError
from domain.ledger import LedgerLine
from domain.outbox import LetterState
from services.desk import Desk
from services.office import offices
from services.office.usual_office import DEMO_KEY
from services.operations.audit import audit, verify_ledger
from services.settings import Settings
from services.setup.demo import MADE, is_complete, make
from services.wiring import System
from storage.files import FileStore
from storage.store import Store
from tests.cli.command import Sucharit
from tests.factories import at
from tests.services.live_office import found_office

NOW: Final = at("2026-11-20 09:00")
THIS_YEAR: Final = 2570


@dataclass(frozen=True)
class Made:
    """A demonstration in a folder of its own."""

    folder: Path
    store: Store
    files: FileStore

    def lines(self) -> list[LedgerLine]:
        with self.store.reader(DEMO_KEY) as uow:
            return list(uow.ledger.lines())

    def rows(self) -> dict[str, int]:
        """How many rows of the demonstration each table has."""
        with sqlite3.connect(self.folder / "sucharit.db") as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            owned = [t for t in tables if "office_id" in {c[1] for c in connection.execute(f"PRAGMA table_info({t})")}]
            count = "SELECT count(*) FROM {} WHERE office_id = ?"
            found = {t: connection.execute(count.format(t), (DEMO_KEY,)).fetchone()[0] for t in owned}
        connection.close()
        return found


def opened(folder: Path) -> Made:
    store = Store(f"sqlite:///{folder / 'sucharit.db'}")
    store.migrate()
    return Made(folder, store, FileStore(folder / "files"))


def make_in(made: Made, now: datetime = NOW) -> None:
    make(made.store, made.files, now, made.folder / "demo-part")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Made once; its tests only read."""
    made = opened(tmp_path_factory.mktemp("demo"))
    make_in(made)
    yield made
    made.store.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Made]:
    made = opened(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def copied(demo: Made, tmp_path: Path) -> Iterator[Made]:
    """The demonstration as it was made, to be changed."""
    databases = [sqlite3.connect(made / "sucharit.db") for made in (demo.folder, tmp_path)]
    databases[0].backup(databases[1])
    for database in databases:
        database.close()
    shutil.copytree(demo.folder / "files", tmp_path / "files")
    made = opened(tmp_path)
    yield made
    made.store.close()


def test_last_year_is_played_to_its_end_with_four_reports(demo: Made) -> None:
    with demo.store.reader(DEMO_KEY) as uow:
        newest = {report.period.number: report for report in uow.reports.all()}
        states = {assignment.state.value for assignment in uow.assignments.all(THIS_YEAR - 1)}
    assert set(newest) == {1, 2, 3, 4}
    assert states <= {"accepted", "cannot_do"}
    for report in newest.values():
        assert report.period.fiscal_year_be == THIS_YEAR - 1
        assert Document(BytesIO(demo.files.get(report.file_sha256 or ""))).tables


def test_this_year_is_in_force_and_nothing_of_it_was_played(demo: Made) -> None:
    with demo.store.reader(DEMO_KEY) as uow:
        desk = Desk.open(uow)
        assert desk.plan(THIS_YEAR).in_force_on == desk.plan(THIS_YEAR).year.start
        assert uow.assignments.all(THIS_YEAR) == []


def test_its_book_and_its_outbox_are_in_order(demo: Made) -> None:
    with demo.store.reader(DEMO_KEY) as uow:
        lines, broken = verify_ledger(uow)
        letters = uow.letters.all()
        waits = uow.notices.is_any_waiting()
    assert lines > 1000
    assert not broken
    assert {letter.state for letter in letters} == {LetterState.SENT}
    assert not waits


def test_nothing_of_the_making_stays_behind(demo: Made) -> None:
    assert is_complete(demo.store)
    assert sorted(path.name for path in demo.folder.iterdir()) in (
        ["files", "sucharit.db"],
        ["files", "sucharit.db", "sucharit.db-shm", "sucharit.db-wal"],
    )


def test_every_address_can_receive_nothing(demo: Made) -> None:
    with demo.store.reader(DEMO_KEY) as uow:
        persons = [person.email for person in uow.people.get().persons]
        written = [letter.address for letter in uow.letters.all()]
    assert persons
    assert written
    assert all(address is not None and address.endswith("@demo.invalid") for address in [*persons, *written])


def test_its_mail_never_goes_to_the_server_that_is_set(demo: Made, tmp_path: Path) -> None:
    running = System(Settings(home=tmp_path, smtp_host="mail.example.go.th", mailbox_port=1, prefect_port=2))
    with demo.store.reader(DEMO_KEY) as uow:
        mail_sender = running.mail_sender(uow.office)
    assert "mail.example.go.th" not in repr(vars(mail_sender.channel))
    assert "127.0.0.1" in repr(vars(mail_sender.channel))


def test_made_twice_it_has_played_the_same_year(demo: Made, empty: Made) -> None:
    make_in(empty, NOW + timedelta(days=3))
    first, second = demo.lines(), empty.lines()
    last_year = [line for line in first if line.entry.at < NOW]
    assert len(first) - len(last_year) == 3
    assert second[: len(last_year)] == last_year
    assert [line.entry.kind for line in second[len(last_year) :]] == ["plan.imported", "plan.activated", "demo.made"]


def test_made_again_in_its_place_it_starts_from_scratch(copied: Made) -> None:
    first = copied.lines()
    with copied.store.unit_of_work(DEMO_KEY) as uow:
        offices.put_in_charge(Desk.open(uow), "mayor", "clerk", NOW.date(), None, is_acting=True, by="admin", now=NOW)
        uow.commit()
    assert copied.lines() != first
    make_in(copied)
    assert copied.lines() == first


def test_removing_it_leaves_no_row_of_it_and_touches_no_other_office(copied: Made) -> None:
    other = found_office(copied.store)
    before = other.ledger()
    assert sum(copied.rows().values()) > 3000
    with copied.store.unit_of_work(DEMO_KEY) as uow:
        offices.remove_demo(uow)
        uow.commit()
    assert {table for table, count in copied.rows().items() if count} == set()
    assert len(copied.rows()) >= 10
    assert other.ledger() == before
    with other.reading() as desk:
        assert audit(desk, at("2022-09-15 10:00")).is_clean


def test_a_real_office_is_never_removed(empty: Made) -> None:
    found_office(empty.store, key=DEMO_KEY)
    before = empty.lines()
    with pytest.raises(BadInputError, match="is no demonstration"), empty.store.unit_of_work(DEMO_KEY) as uow:
        offices.remove_demo(uow)
    assert empty.lines() == before


def test_a_real_office_of_its_name_is_never_replaced_by_it(empty: Made) -> None:
    found_office(empty.store, key=DEMO_KEY)
    before = empty.lines()
    with pytest.raises(BadInputError, match="is a real one"):
        make_in(empty)
    assert empty.lines() == before
    assert not (empty.folder / "demo-part").exists()


def test_what_is_not_there_cannot_be_removed(empty: Made) -> None:
    with pytest.raises(NotFoundError), empty.store.unit_of_work(DEMO_KEY) as uow:
        offices.remove_demo(uow)


@pytest.mark.postgres
def test_it_is_carried_over_to_postgresql_whole(postgres_url: str, tmp_path: Path, demo: Made) -> None:
    store = Store(postgres_url)
    try:
        make(store, FileStore(tmp_path / "files"), NOW, tmp_path / "demo-part")
        with store.reader(DEMO_KEY) as uow:
            assert list(uow.ledger.lines()) == demo.lines()
            assert verify_ledger(uow)[1] == []
    finally:
        store.close()


def has_played(size: int) -> Callable[[Path], bool]:
    """Whether the quick database has grown to this size (bytes)."""

    def is_reached(home: Path) -> bool:
        played = home / "demo-part" / "played.db"
        return played.exists() and played.stat().st_size >= size

    return is_reached


POINTS: Final = (
    lambda home: (home / "sucharit.db").exists(),
    has_played(0),
    has_played(2_000_000),
    has_played(5_000_000),
)


def test_killed_at_any_point_and_started_again_it_is_complete(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for is_reached in POINTS:
        kill_when(is_reached, home)
        assert not (home / "sucharit.db").exists() or demonstrations(home) == []
    done = prepare(home)
    assert done.wait() == 0
    made = opened(home)
    try:
        assert is_complete(made.store)
        assert not (home / "demo-part").exists()
        with made.store.reader(DEMO_KEY) as uow:
            assert verify_ledger(uow)[1] == []
            assert {report.period.number for report in uow.reports.all() if report.file_sha256} == {1, 2, 3, 4}
            assert len(list(uow.ledger.lines(MADE))) == 1
    finally:
        made.store.close()


def prepare(home: Path) -> subprocess.Popen[bytes]:
    environment = Sucharit(home).having(DEMO="true").environment
    return subprocess.Popen(
        [sys.executable, "-m", "services.setup.prepare"], env=environment, stdout=subprocess.DEVNULL
    )


def demonstrations(home: Path) -> list[str]:
    with sqlite3.connect(home / "sucharit.db") as connection:
        is_there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'office'").fetchone()
        found = [key for (key,) in connection.execute("SELECT office_id FROM office")] if is_there else []
    connection.close()
    return found


def kill_when(is_reached: Callable[[Path], bool], home: Path) -> None:
    process = prepare(home)
    try:
        while not is_reached(home):
            assert process.poll() is None
            time.sleep(0.002)
    finally:
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

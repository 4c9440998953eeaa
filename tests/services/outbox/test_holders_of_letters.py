"""Who holds letters has them as long as it lives, and not a moment longer; what it held goes again as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import make_url

from domain.outbox import Letter, LetterState
from domain.plan import Scope
from services.outbox.deliver import Delivered
from storage.letters import LOCKED
from storage.locks import FOLDER
from tests.factories import at, make_measure, make_plan, make_responsible, make_step
from tests.services.live_office import LiveOffice
from tests.services.mail import serving
from tests.services.outbox.post_room import PostRoom, begun, report_and_accept
from tests.storage.rows import sql
from tests.waiting import wait_until

ROOT: Final = Path(__file__).parents[3]
LATE: Final = at("2023-01-11 08:30")
"""Officer and head are told that nothing was reported."""


@pytest.fixture
def database_url(each_database_url: str) -> str:
    """Both: who holds a letter is said by the database, or by the system beside it."""
    return each_database_url


@pytest.fixture
def room(office: Callable[..., LiveOffice]) -> PostRoom:
    """Two letters wait."""
    found = begun(office(), "2023-01-11")
    found.live.compose(LATE, leaves=False)
    return found


def waiting(room: PostRoom) -> dict[str, Letter]:
    return {letter.id: letter for letter in room.live.letters(LetterState.WAITING)}


def as_written(letters: dict[str, Letter]) -> dict[str, tuple[str | None, str, str, str]]:
    return {key: (each.address, each.message_id, each.subject, each.text) for key, each in letters.items()}


def arrived(room: PostRoom) -> set[tuple[str | None, str, str, str]]:
    return {(mail.to, mail.message_id, mail.subject, mail.text) for mail in room.arrived}


@contextmanager
def hanging_process(room: PostRoom, url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A delivering process whose first letter was read by a server that says nothing."""
    room.server.data = lambda _to, _nth: None
    command = [sys.executable, "-m", "tests.kill.mail_sender", url, room.live.key, str(port), LATE.isoformat(), "w"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        assert wait_until(lambda: bool(room.server.offered), 30)
        yield process
    finally:
        process.kill()
        process.wait()


def lock_files(url: str) -> list[str]:
    """Names of lock files beside an SQLite database; none beside PostgreSQL."""
    folder = Path(str(make_url(url).database)).parent / FOLDER
    return sorted(file.name for file in folder.glob("*")) if url.startswith("sqlite") else []


def test_two_deliveries_at_once_send_each_letter_once(office: Callable[..., LiveOffice]) -> None:
    everybody = make_responsible(scope=Scope.ALL_DIVISIONS)
    room = begun(office(plan=make_plan(measures=(make_measure(steps=(make_step(responsible=everybody),)),))))
    room.live.mornings("2023-01-11")
    start, done = threading.Barrier(2), list[Delivered]()

    def work(port: int) -> None:
        start.wait()
        done.append(room._deliver(port, lambda: LATE, 10))

    with serving(room.server) as port:
        threads = [threading.Thread(target=work, args=(port,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    room.deliver(LATE)
    assert len(done) == 2
    assert Counter(mail.to for mail in room.arrived) == {
        f"{division}-{post}@example.test": 1
        for division in ("palad", "khlang", "chang", "sueksa", "satharanasuk", "sawatdikan")
        for post in ("officer", "head")
    }


def test_what_a_killed_process_held_goes_at_once_and_unchanged(room: PostRoom, database_url: str) -> None:
    before = as_written(waiting(room))
    with serving(room.server) as port:
        with hanging_process(room, database_url, port) as process:
            held = sql(room.live.store, "SELECT DISTINCT lease_owner FROM letter WHERE lease_owner IS NOT NULL")
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        (name,) = (row[0] for row in held)
        assert name.startswith(LOCKED)
        assert wait_until(lambda: room.live.store.is_gone(name), 10)
        report_and_accept(room.live, LATE)  # what the letters say is not so any more, but they may have arrived
        room.server.data = lambda _to, _nth: "250 queued"
        done = room._deliver(port, lambda: LATE, 5)
    assert done.sent == 2
    assert arrived(room) == set(before.values())
    assert room.server.offered[0].content in [mail.content for mail in room.arrived]
    assert lock_files(database_url) == []


def test_what_a_living_process_holds_is_left_alone_however_late_it_is(room: PostRoom, database_url: str) -> None:
    with serving(room.server) as port, hanging_process(room, database_url, port):
        before = waiting(room)
        room.server.data = lambda _to, _nth: "250 queued"
        done = room._deliver(port, lambda: LATE + timedelta(days=30), 5)
        assert (done.sent, done.waiting) == (0, 2)
        assert waiting(room) == before
    assert room.arrived == []


def test_nothing_later_is_written_to_whose_letter_a_living_process_holds(room: PostRoom, database_url: str) -> None:
    with serving(room.server) as port, hanging_process(room, database_url, port):
        report_and_accept(room.live, LATE)
        room.server.data = lambda _to, _nth: "250 queued"
        assert room._deliver(port, lambda: LATE + timedelta(minutes=1), 5).composed == 0
    assert room.arrived == []


def test_no_lock_file_is_left_by_a_delivery_that_ends(room: PostRoom, database_url: str) -> None:
    seen: list[list[str]] = []

    def answer(_to: str, _nth: int) -> str:
        seen.append(lock_files(database_url))
        return "250 queued"

    room.server.data = answer
    assert room.deliver(LATE).sent == 2
    assert [len(names) for names in seen] == ([1, 1] if database_url.startswith("sqlite") else [0, 0])
    assert lock_files(database_url) == []


def test_letters_are_held_under_the_lock_while_they_leave_and_by_nobody_after(room: PostRoom) -> None:
    owners: list[list[str | None]] = []

    def answer(_to: str, _nth: int) -> str:
        rows = sql(room.live.store, "SELECT lease_owner FROM letter WHERE lease_owner IS NOT NULL")
        owners.append([row[0] for row in rows])
        return "250 queued"

    room.server.data = answer
    room.deliver(LATE)
    first, second = owners
    assert len(first) == 2
    assert len(second) == 1
    assert len({*first, *second}) == 1
    assert str(first[0]).startswith(LOCKED)
    assert sql(room.live.store, "SELECT id FROM letter WHERE lease_owner IS NOT NULL") == []


def older_lease(room: PostRoom, now: datetime) -> None:
    """As a worker of an older version had it: named by host and process, until an instant."""
    with room.live.desk() as desk:
        assert len(desk.uow.letters.lease("host:1", now, limit=10, for_=timedelta(minutes=15))) == 2


def test_a_lease_of_an_older_version_holds_until_its_end_and_then_goes_unchanged(room: PostRoom) -> None:
    before = as_written(waiting(room))
    older_lease(room, LATE)
    report_and_accept(room.live, LATE)
    end = LATE + timedelta(minutes=15)
    assert room.deliver(end - timedelta(seconds=1)).sent == 0
    assert as_written(waiting(room)) == before
    room.deliver(end)
    assert arrived(room) == set(before.values())


def test_a_lease_of_an_older_version_that_is_over_goes_unchanged(room: PostRoom) -> None:
    before = as_written(waiting(room))
    older_lease(room, LATE)
    report_and_accept(room.live, LATE)
    room.deliver(LATE + timedelta(days=1))
    assert arrived(room) == set(before.values())
    assert {each.is_unsure for each in room.live.letters(LetterState.SENT) if each.id in before} == {True}

"""Tasks are doors: thin, with the retries of the room; what they do is tested with the services they call."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from domain.ledger import Entry
from domain.thai import BANGKOK
from services.access.installation import settle
from services.clock import ClockAheadError
from services.desk import Desk
from services.integrations import webhooks as hooks
from services.office import offices
from services.office.usual_office import usual_office, usual_people
from services.planning import plans
from services.wiring import System, system
from storage.store import Store
from tasks.hooks import offices_to_tell, tell_office
from tasks.measures import advance_measure, measure_rows
from tasks.offices import all_measures, audit_office, deliver_office, every_office, work_out_schedules
from tests.factories import make_plan
from tests.notifications.receiver import receiving
from tests.services.live_office import vouch

ROOM = Path(__file__).parents[2] / "tasks"
MOST_LINES = 15


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """The system of this process on a folder of its own, with one office whose plan is in force."""
    monkeypatch.setenv("SUCHARIT_HOME", str(tmp_path))
    monkeypatch.setenv("SUCHARIT_MAILBOX_PORT", "9")
    system.cache_clear()
    monkeypatch.setenv("SUCHARIT_WEBHOOKS_PRIVATE", "true")
    made = system()
    prepared = Store(made.settings.ledger_url)  # as the start of the service does: the system itself makes none
    prepared.migrate()
    settle(prepared, made.settings.secret_place)
    prepared.close()
    at = datetime(2022, 10, 3, 8, 30, tzinfo=BANGKOK)
    with made.store.unit_of_work("demo") as uow:
        offices.create(uow, usual_office(), usual_people(), by="admin", now=at)
        desk = Desk.open(uow)
        stored = plans.import_plan(desk, make_plan(), by="admin", now=at).stored
        plans.activate(desk, stored, by="admin", now=at)
        uow.commit()
    yield made
    made.store.close()
    system.cache_clear()


def first_measure() -> str:
    return asyncio.run(all_measures.fn("demo"))[0]


def test_no_task_is_longer_than_a_shell() -> None:
    functions = [
        node
        for path in ROOM.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert functions
    assert {f.name for f in functions if (f.end_lineno or 0) - f.lineno >= MOST_LINES} == set()


def test_advancing_a_measure_twice_changes_nothing(running: System) -> None:
    key, at = first_measure(), datetime(2022, 10, 20, 9, tzinfo=BANGKOK)
    first = asyncio.run(advance_measure.fn(key, at))
    again = asyncio.run(advance_measure.fn(key, at))
    assert (first.did_something, again.did_something) == (True, False)
    assert len(asyncio.run(measure_rows.fn(key))) == first.opened


def test_a_mail_server_that_is_away_leaves_the_letters_waiting(running: System) -> None:
    asyncio.run(advance_measure.fn(first_measure(), datetime(2022, 10, 20, 9, tzinfo=BANGKOK)))
    vouch(running.store, "demo", running.clock())
    done = asyncio.run(deliver_office.fn("demo"))
    assert done.stopped_by
    assert done.waiting == done.composed > 0


def test_at_a_clock_far_ahead_nobody_is_written_to_and_the_run_says_why(running: System) -> None:
    asyncio.run(advance_measure.fn(first_measure(), datetime(2022, 10, 20, 9, tzinfo=BANGKOK)))
    done = asyncio.run(deliver_office.fn("demo"))
    assert (done.composed, done.sent) == (0, 0)
    assert "nothing has happened in “demo” since 2022-10-20" in done.stopped_by


def test_schedules_are_worked_out_for_every_measure(running: System) -> None:
    found = asyncio.run(work_out_schedules.fn("demo"))
    assert [schedule.parameters["measure_key"] for schedule in found] == asyncio.run(all_measures.fn("demo"))
    assert asyncio.run(every_office.fn()) == ["demo"]


def test_the_audit_names_what_was_never_opened(running: System) -> None:
    assert any("should be open by now" in finding.sentence for finding in asyncio.run(audit_office.fn("demo")).findings)


def test_programs_are_told_what_happened_and_then_no_more(running: System) -> None:
    at = datetime(2022, 10, 3, 9, 0, tzinfo=BANGKOK)
    with receiving() as receiver:
        with running.desk("demo") as desk:
            hooks.make_hook(desk, running.secret, receiver.url, ["holiday"], by="admin", now=at, allows_private=True)
            desk.uow.ledger.note(Entry(at, "holiday.dropped", "admin", "2022-10-24", {}))
            desk.uow.commit()
        assert asyncio.run(offices_to_tell.fn()) == ["demo"]
        with pytest.raises(ClockAheadError):
            asyncio.run(tell_office.fn("demo"))
        vouch(running.store, "demo", running.clock())
        assert asyncio.run(tell_office.fn("demo")).taken == 1
        assert asyncio.run(offices_to_tell.fn()) == []
        assert len(receiver.got) == 1

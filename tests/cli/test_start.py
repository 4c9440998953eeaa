"""What a start does besides running the service is a courtesy: where it fails, that is said, and the service runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.up import _say_first_links
from domain.office import Office
from domain.people import People
from services.office import offices
from services.office.usual_office import ADMINISTRATOR, DEMO_KEY, usual_office, usual_people
from services.settings import Settings
from services.setup.prepare import prepare
from services.wiring import System
from storage.store import Store
from tests.cli.command import Sucharit
from tests.storage.rows import sql

OWN = "office"


@pytest.fixture
def running(nowhere: Sucharit) -> Iterator[System]:
    """A system whose demonstration is there, and whose administrator has not come in yet."""
    system = System(Settings(home=nowhere.home, demo=False))
    assert prepare(system) == ["the tables are up to date"]
    create(system.store, replace(usual_office(), is_demo=True), usual_people())
    yield system
    system.store.close()


def create(store: Store, office: Office, people: People, at: datetime | None = None) -> None:
    with store.unit_of_work(office.key) as uow:
        offices.create(uow, office, people, by=ADMINISTRATOR, now=at or datetime.now(UTC))
        uow.commit()


def links(running: System, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], str]:
    """Offices whose administrator got a link, and what was said of the others."""
    capsys.readouterr()
    _say_first_links(running)
    said = capsys.readouterr()
    words = "The administrator of "
    found = [line for line in said.out.splitlines() if line.startswith(words)]
    return [line.removeprefix(words).split()[0] for line in found], said.err


def own(**facts: object) -> tuple[Office, People]:
    office = replace(usual_office(), key=OWN, is_demo=False)
    return office, replace(usual_people(), **facts)  # type: ignore[arg-type]


def test_an_unedited_office_beside_the_demonstration_ends_no_start(
    nowhere: Sucharit, running: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert links(running, capsys) == ([DEMO_KEY], "")
    (tmp_path / "office.yaml").write_text(nowhere.done("office", "template"), encoding="utf-8")
    nowhere.done("office", "create", tmp_path / "office.yaml")
    for _ in range(2):
        found, said = links(running, capsys)
        assert found == [DEMO_KEY]
        assert said.startswith(f"Office {OWN} has no link for its first administrator: An account with the address")
        assert said.count("\n") == 1


def test_an_administrator_without_an_address_ends_no_start(running: System, capsys: pytest.CaptureFixture[str]) -> None:
    people = usual_people()
    create(running.store, *own(persons=tuple(replace(one, email=None) for one in people.persons)))
    found, said = links(running, capsys)
    assert found == [DEMO_KEY]
    assert "has no e-mail address to sign in with" in said


def test_a_vacant_post_ends_no_start(running: System, capsys: pytest.CaptureFixture[str]) -> None:
    create(running.store, *own(holdings=()))
    found, said = links(running, capsys)
    assert found == [DEMO_KEY]
    assert "Nobody holds the administrator's post" in said


@pytest.mark.parametrize(
    ("days", "why"), [(300, "has a line of"), (-40, "nothing has happened in")], ids=["ahead of it", "long behind it"]
)
def test_a_ledger_that_the_clock_does_not_fit_ends_no_start(
    running: System, capsys: pytest.CaptureFixture[str], days: int, why: str
) -> None:
    create(running.store, *own(), at=datetime.now(UTC) + timedelta(days=days))
    found, said = links(running, capsys)
    assert found == [DEMO_KEY]
    assert why in said


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE office SET settings = 'gone' WHERE office_id = 'office'",
        "UPDATE post SET level = 'x' WHERE office_id = 'office'",
    ],
    ids=["settings", "posts"],
)
def test_a_damaged_office_ends_no_start(running: System, capsys: pytest.CaptureFixture[str], damage: str) -> None:
    create(running.store, *own())
    sql(running.store, damage)
    assert prepare(running) == []
    found, said = links(running, capsys)
    assert found == [DEMO_KEY]
    assert "What is stored of the office “office” is damaged" in said


def test_a_demonstration_that_cannot_be_made_ends_no_start(nowhere: Sucharit) -> None:
    system = System(Settings(home=nowhere.home))
    nowhere.home.mkdir()
    (nowhere.home / "demo-part").touch()  # where its folder would be
    tables, demonstration = prepare(system)
    assert tables == "the tables are up to date"
    assert demonstration.startswith("the demonstration is not made, and the service runs without it: ")
    assert system.store.offices() == []
    system.store.close()

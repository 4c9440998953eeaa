"""A folder with an office whose last fiscal year is open and overdue, made once and copied for each test."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

import pytest

from domain.fiscal import FiscalYear
from domain.thai import BANGKOK
from domain.workdays import Workdays
from services.access.installation import settle
from services.assignments.advance import advance
from services.settings import SECRET_FILE
from storage.store import Store
from tests.cli.command import Sucharit
from tests.factories import make_plan
from tests.services.live_office import LiveOffice, found_office, vouch

KEY: Final = "banmai"
QUARTERS: Final = 4


def this_year() -> FiscalYear:
    """The commands run on the machine's clock, so what they find is made around it."""
    return FiscalYear.of(datetime.now(BANGKOK).date())


def last_year() -> FiscalYear:
    """A year all of whose deadlines have passed, also on a day in October."""
    return FiscalYear(FiscalYear.of(datetime.now(BANGKOK).date() - timedelta(days=60)).be - 1)


def assignment(quarter: int) -> str:
    return f"{last_year().be}-m1.1-chang-q{quarter}"


def last_morning(workdays: Workdays, now: datetime) -> datetime:
    """The last notice hour of a working day before `now`."""
    day = workdays.local_day(now)
    while not workdays.is_workday(day) or workdays.notice_instant(day) > now:
        day -= timedelta(days=1)
    return workdays.notice_instant(day)


@pytest.fixture(scope="session")
def overdue_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("office") / "home"
    store = Store(f"sqlite:///{home / 'sucharit.db'}")
    store.migrate()
    settle(store, home / SECRET_FILE)
    begun = datetime.combine(last_year().start, time(9), BANGKOK)
    found_office(store, key=KEY, plan=make_plan().rolled_to(last_year()), at=begun)
    now = datetime.now(UTC)
    with LiveOffice(store, KEY).desk() as desk:
        # A month ago: what opens late has some days all the same, and they must have passed.
        assert advance(desk, last_year().be, "m1", now - timedelta(days=30)).opened == QUARTERS
    with LiveOffice(store, KEY).desk() as desk:
        morning = last_morning(desk.workdays, now)
        advance(desk, last_year().be, "m1", morning)
    vouch(store, KEY, morning)
    store.close()
    return home


@pytest.fixture
def sucharit(overdue_home: Path, tmp_path: Path) -> Sucharit:
    return Sucharit(Path(shutil.copytree(overdue_home, tmp_path / "home")), is_forked=True)


@pytest.fixture
def nowhere(tmp_path: Path) -> Sucharit:
    """On a folder that is not there yet."""
    return Sucharit(tmp_path / "home", is_forked=True)


@pytest.fixture
def program(tmp_path: Path) -> Sucharit:
    """As `nowhere`, and every command is the installed program, started from nothing."""
    return Sucharit(tmp_path / "home")

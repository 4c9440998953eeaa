from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.operations.doctor import examine
from services.settings import Settings
from tests.factories import at
from tests.services.live_office import LiveOffice
from tests.web.conftest import PagesSystem


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is looked at is the mailbox."""
    return sqlite_url


@pytest.mark.parametrize(
    ("is_demo", "is_fine", "said"),
    [(True, True, "its mailbox is on port"), (False, False, "no SMTP server is set: no letter leaves this machine.")],
)
def test_a_mailbox_of_its_own_is_enough_for_a_demonstration_only(
    office: Callable[..., LiveOffice], tmp_path: Path, *, is_demo: bool, is_fine: bool, said: str
) -> None:
    founded = office()
    with founded.desk() as desk:
        desk.uow.offices.save(replace(desk.office, is_demo=is_demo))
        desk.uow.commit()
    with socket.create_server(("127.0.0.1", 0)) as mailbox:
        settings = Settings(home=tmp_path, mailbox_port=mailbox.getsockname()[1])
        system = PagesSystem(settings, of=founded, times=[at("2023-01-04 10:00")])
        found = next(check for check in examine(system, founded.key) if check.what == "mail")
    assert (found.is_fine, said in found.sentence) == (is_fine, True)

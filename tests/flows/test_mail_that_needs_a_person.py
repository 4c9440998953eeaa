"""A run of the delivery is red, with the reason, as long as somebody has to do something; the heartbeat stops, too."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from prefect.client.schemas.objects import State

from bench.live import free_port
from domain.outbox import LetterState, Standstill
from flows.audit import audit
from flows.deliver import deliver
from services.access.installation import settle
from services.clock import confirm
from services.office.offices import create
from services.operations.doctor import examine
from services.scheduler_key import KEY_VARIABLE
from services.settings import SECRET_FILE
from services.wiring import system
from storage.store import Store
from tasks.measures import NOTHING_TO_TELL, ask_for_delivery
from tests.factories import make_office, make_people
from tests.flows.conftest import PrefectServer
from tests.services.live_office import ADMIN
from tests.storage.rows import make_letter

pytestmark = [
    pytest.mark.prefect,
    # Prefect's client leaves sockets of a flow that ran in this process to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]

OFFICE = "ban-mai"


@dataclass
class Home:
    """An installation with one office that has no work."""

    store: Store
    now: datetime

    def have(self, **facts: Any) -> None:
        """Have a letter in the outbox."""
        given = {"created_at": self.now, "next_try_at": self.now, "notices": (), **facts}
        with self.store.unit_of_work(OFFICE) as uow:
            uow.letters.add([make_letter(**given)])
            uow.commit()

    def stand_still(self, why: str) -> None:
        at = self.now - timedelta(hours=2)
        with self.store.unit_of_work(OFFICE) as uow:
            uow.letters.stand_still(Standstill(at, 3, self.now + timedelta(hours=1), why))
            uow.commit()


@pytest.fixture
def home(
    in_prefect: PrefectServer, migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Home]:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "sucharit.db").write_bytes(migrated_file.read_bytes())
    settings = {
        "HOME": str(folder),
        "PREFECT_PORT": str(urlsplit(in_prefect.api_url).port),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(free_port()),  # nobody answers there
        "SMTP_TLS": "none",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"SUCHARIT_{name}", value)
    monkeypatch.setenv(KEY_VARIABLE, in_prefect.key)
    system.cache_clear()
    store = Store(f"sqlite:///{folder / 'sucharit.db'}")
    settle(store, folder / SECRET_FILE)
    now = datetime.now(UTC)
    with store.unit_of_work(OFFICE) as uow:
        create(uow, make_office(key=OFFICE), make_people(), by=ADMIN, now=now)
        confirm(uow, now, by=ADMIN)
        uow.commit()
    yield Home(store, now)
    store.close()
    system().store.close()
    system.cache_clear()
    gc.collect()


def ended(flow: Callable[..., Coroutine[Any, Any, State[None]]]) -> State[None]:
    return asyncio.run(flow(return_state=True))


def test_a_letter_that_is_to_be_tried_again_soon_turns_nothing_red(home: Home) -> None:
    home.have(next_try_at=home.now + timedelta(minutes=5), remark="450 come again")
    assert ended(deliver).is_completed()


def test_a_parked_letter_turns_the_run_red_with_number_time_and_remedy(home: Home) -> None:
    home.have(state=LetterState.PARKED, settled_at=datetime(2026, 11, 2, 3, 4, tzinfo=UTC))
    done = ended(deliver)
    assert done.is_failed()
    assert done.message == (
        "ban-mai: 1 letters are parked, the first since 2026-11-02 03:04 UTC. `sucharit outbox` shows why, "
        "`sucharit outbox --resend` sends them again."
    )


def test_letters_that_have_waited_for_a_day_turn_the_run_red_although_none_is_due(home: Home) -> None:
    facts = {"next_try_at": home.now + timedelta(hours=2)}
    home.have(id="old", created_at=home.now - timedelta(hours=25), **facts)
    home.have(id="new", **facts)
    done = ended(deliver)
    assert done.is_failed()
    assert re.match(r"ban-mai: 2 letters wait, the first since \d{4}-\d\d-\d\d \d\d:\d\d UTC\. `suc", str(done.message))


def test_an_account_that_takes_nothing_turns_the_run_red_between_its_tries(home: Home) -> None:
    home.have(next_try_at=home.now + timedelta(hours=1))
    home.stand_still("the account office@example.test was refused. Set SUCHARIT_SMTP_PASSWORD.")
    done = ended(deliver)
    assert done.is_failed()
    assert "1 letters wait: the account office@example.test was refused" in str(done.message)


def test_a_server_that_does_not_answer_is_told_once(home: Home) -> None:
    home.have()
    done = ended(deliver)
    assert (done.name, str(done.message).count("ban-mai: ")) == ("Mail waits", 1), done.message
    assert "since" in str(done.message)


def test_doctor_says_in_both_languages_what_turns_deliveries_red(home: Home) -> None:
    (before,) = [check for check in examine(system()) if check.what == "letters"]
    home.have(state=LetterState.PARKED)
    (after,) = [check for check in examine(system()) if check.what == "letters"]
    assert (before.is_fine, after.is_fine) == (True, False)
    assert "1 letters are parked" in after.sentence
    assert "พักไว้ ๑ ฉบับ" in after.sentence_thai


@dataclass
class Watchdog:
    """Counts the heartbeats of the service."""

    heard: int = 0


@pytest.fixture
def watchdog(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watchdog]:
    listening = Watchdog()

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listening.heard += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("SUCHARIT_HEARTBEAT_URL", f"http://127.0.0.1:{server.server_port}/beat")
        yield listening
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("fault", ["parked", "standstill"])
def test_the_heartbeat_stops_while_mail_does_not_leave(watchdog: Watchdog, home: Home, fault: str) -> None:
    assert ended(audit).name == "Clean"
    assert watchdog.heard == 1
    if fault == "parked":
        home.have(state=LetterState.PARKED)
    else:
        home.stand_still("the account was refused.")
    assert ended(audit).name == "Findings"
    assert watchdog.heard == 1


def test_twenty_measures_that_end_at_one_moment_ask_for_one_delivery(in_prefect: PrefectServer, home: Home) -> None:
    in_prefect.have_pool()
    in_prefect.deploy("quick", "deliver")
    home.have()

    async def ask() -> list[str]:
        return list(await asyncio.gather(*(ask_for_delivery.fn(f"2570/{OFFICE}/m{n}") for n in range(20))))

    assert len(set(asyncio.run(ask()))) <= 2  # two where a window ends meanwhile
    _forget(in_prefect)


def test_a_measure_whose_office_has_nothing_to_tell_asks_for_no_delivery(home: Home) -> None:
    assert asyncio.run(ask_for_delivery.fn(f"2570/{OFFICE}/m1")) == NOTHING_TO_TELL
    assert asyncio.run(ask_for_delivery.fn()) == NOTHING_TO_TELL
    home.have()
    assert asyncio.run(ask_for_delivery.fn("2570/another/m1")) == NOTHING_TO_TELL


def _forget(server: PrefectServer) -> None:
    """The server is shared: nothing may be there to be woken."""
    wanted = {"deployments": {"name": {"any_": ["deliver"]}}}
    for found in server.call("POST", "/deployments/filter", wanted).json():
        server.call("DELETE", f"/deployments/{found['id']}")

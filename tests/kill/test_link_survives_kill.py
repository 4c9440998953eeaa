from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.outbox import LetterState
from services.access.accounts import make_account
from services.outbox.deliver import deliver
from services.outbox.send_at_once import LEASE
from tests.factories import at
from tests.kill.killing import ROOT
from tests.notifications.servers import Server
from tests.services.live_office import LiveOffice, make_mail_sender
from tests.services.mail import serving

NOW = at("2023-01-04 10:00")
ADDRESS = "chang@office.example"


def test_a_link_whose_process_is_killed_before_it_left_is_sent_once_by_the_next_delivery(
    office: Callable[..., LiveOffice], database_url: str
) -> None:
    live, server = office(), Server(mail="250 OK", data=lambda _to, nth: None if nth == 1 else "250 queued")
    with live.desk() as desk:
        desk.uow.accounts.save(make_account(desk, "the-chang-officer", ADDRESS, NOW, "admin"))
    with serving(server) as port:
        command = [sys.executable, "-m", "tests.kill.link", database_url, ADDRESS, str(port), NOW.isoformat()]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"stored\n"
            process.kill()
        (letter,) = live.letters()
        assert (letter.state, letter.attempts, letter.address) == (LetterState.WAITING, 1, ADDRESS)
        server.data = lambda _to, _nth: "250 queued"
        assert [_sent(live, port, NOW + after) for after in (timedelta(), LEASE, 2 * LEASE)] == [1, 0, 0]
    assert [envelope.rcpt_tos for envelope in server.accepted] == [[ADDRESS]]
    assert [letter.state for letter in live.letters()] == [LetterState.SENT]


def _sent(live: LiveOffice, port: int, now: datetime) -> int:
    return asyncio.run(deliver(live.store, live.key, make_mail_sender(port, lambda: now))).sent

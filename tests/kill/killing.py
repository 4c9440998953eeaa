"""Kills a delivering process again and again, starts it anew, and counts what the mail server took."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random
from time import sleep
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.outbox import LetterState
from services.operations.audit import verify_ledger
from services.outbox.deliver import LEASE
from storage.store import Store
from tests.factories import at
from tests.notifications.servers import Server
from tests.services.mail import serving
from tests.storage.rows import KEY, add_office, make_letter

ROOT: Final = Path(__file__).parents[2]
START: Final = at("2023-04-11 08:30")
LATENCY_S: Final = 0.02
LIFE_S: Final = 0.2
"""Longest time that a process lives after its first letter, if it is to be killed."""


@dataclass
class CountingServer(Server):
    """A server that needs its time for each letter, so that most kills fall into it."""

    copies: Counter[str] = field(default_factory=Counter)
    ids: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    took_one: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, _smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as aiosmtpd calls it
        """Take the letter, also when its sender dies before it hears of it."""
        await asyncio.sleep(LATENCY_S)
        identity = str(message_from_bytes(envelope.original_content or b"")["Message-ID"])
        self.copies[identity] += 1
        self.ids[envelope.rcpt_tos[0]].add(identity)
        self.took_one.set()
        return "250 queued"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the letters.

    Attributes:
        kills: Processes that were killed while they delivered.
        copies: Message-ID to the number of times the server took it.
        ids: Recipient to the Message-IDs that arrived there.
        states: How many letters of the outbox stand where at the end.
        sent_lines: Letter to the number of ledger lines that say it was sent.
        faults: What is wrong with the ledger.
    """

    letters: int
    kills: int
    copies: Counter[str]
    ids: dict[str, set[str]]
    states: Counter[LetterState]
    sent_lines: Counter[str]
    faults: list[str]

    @property
    def lost(self) -> int:
        """Letters that never arrived."""
        return self.letters - len(self.copies)

    @property
    def doubled(self) -> int:
        """Mails that arrived beyond the first of each letter."""
        return self.copies.total() - len(self.copies)


def deliver_under_fire(url: str, *, letters: int, kills: int, seed: int) -> Outcome:
    """Deliver `letters` through processes of which up to `kills` are killed at moments that `seed` draws."""
    store, server, random = Store(url), CountingServer(), Random(seed)
    _fill(store, letters)
    killed, now = 0, START
    with serving(server) as port:
        while _waiting(store):
            is_to_die = killed < kills
            killed += _run(url, port, now, server, life_s=random.uniform(0, LIFE_S) if is_to_die else None)
            now += LEASE + timedelta(minutes=1)  # what the dead one held is free again
    outcome = _outcome(store, server, letters, killed)
    store.close()
    return outcome


def _fill(store: Store, letters: int) -> None:
    add_office(store)
    given = [make_letter(id=f"letter-{n}", person=f"p{n}", address=f"p{n}@example.test") for n in range(letters)]
    with store.unit_of_work(KEY) as uow:
        uow.letters.add(given)
        uow.commit()


def _waiting(store: Store) -> int:
    with store.reader(KEY) as uow:
        return uow.letters.counts().waiting


def _run(url: str, port: int, now: datetime, server: CountingServer, *, life_s: float | None) -> bool:
    """Run one process; tell whether it was killed before it was done."""
    server.took_one.clear()
    command = [sys.executable, "-m", "tests.kill.mail_sender", url, KEY, str(port), now.isoformat(), f"started {now}"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        if life_s is not None:
            server.took_one.wait(30)
            sleep(life_s)
            process.kill()
    return process.returncode < 0


def _outcome(store: Store, server: CountingServer, letters: int, killed: int) -> Outcome:
    with store.reader(KEY) as uow:
        states = Counter(letter.state for letter in uow.letters.all())
        sent = Counter(line.entry.subject for line in uow.ledger.lines() if line.entry.kind == "letter.sent")
        _, faults = verify_ledger(uow)
    return Outcome(letters, killed, server.copies, dict(server.ids), states, sent, faults)

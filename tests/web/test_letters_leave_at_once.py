"""A sign-in link is waited for at the screen: it leaves from the web process, whatever holds the clockwork."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from domain.outbox import Letter, LetterState
from services.access.accounts import make_account
from services.access.sign_in import use_link
from services.outbox.deliver import Delivered, deliver
from services.outbox.send_at_once import AT_ONCE
from services.settings import Settings
from tests.factories import at
from tests.notifications.servers import Server
from tests.services.live_office import LiveOffice
from tests.services.mail import serving
from tests.storage.rows import make_letter
from tests.waiting import wait_until
from tests.web.conftest import Pages, PagesSystem
from web.app import LAST_LETTERS_S

OFFICER = "the-chang-officer"
ADDRESS = "chang@office.example"
NOW = at("2023-01-04 10:00")
HUNG = "hung@office.example"


@pytest.fixture
def database_url(each_database_url: str) -> str:
    """Both: who takes a letter is decided by the database."""
    return each_database_url


@pytest.fixture
def server() -> Server:
    """Takes everything, but never answers to letters for one address."""
    return Server(data=lambda to, _nth: None if to == HUNG else "250 queued")


@pytest.fixture
def mailed(office: Callable[..., LiveOffice], tmp_path: Path, server: Server) -> Iterator[Pages]:
    """The pages of an office whose letters leave through `server`; one officer has an account."""
    founded = office()
    with serving(server) as port:
        settings = Settings(home=tmp_path, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", smtp_timeout_s=20)
        found = Pages(PagesSystem(settings, of=founded, times=[NOW]), founded)
        account(found, OFFICER, ADDRESS)
        yield found
    assert found.system.send_at_once.finish(30)


def account(pages: Pages, person: str, address: str) -> None:
    with pages.office.desk() as desk:
        desk.uow.accounts.save(make_account(desk, person, address, NOW, "admin"))


def put(pages: Pages, address: str) -> None:
    with pages.office.desk() as desk:
        letter = make_letter(id="hung", address=address)
        desk.uow.letters.add([replace(letter, created_at=NOW, next_try_at=NOW)])


def ask(site: str, address: str = ADDRESS) -> float:
    """Ask for a link; the seconds that the answer took."""
    began = time.monotonic()
    answer = httpx.post(f"{site}/sign-in/link", data={"link_email": address}, headers={"origin": site}, timeout=30)
    assert answer.status_code == 200
    return time.monotonic() - began


def arrived(server: Server) -> Counter[str]:
    return Counter(envelope.rcpt_tos[0] for envelope in server.accepted)


def links(pages: Pages) -> list[Letter]:
    return [letter for letter in pages.office.letters() if letter.id.startswith("link-")]


def run(pages: Pages, after: timedelta = timedelta()) -> Delivered:
    """One delivery of the outbox by a worker."""
    with pages.office.reading() as desk:
        mail_sender = replace(pages.system.mail_sender(desk.office), owner="worker", clock=lambda: NOW + after)
    return asyncio.run(deliver(pages.office.store, pages.office.key, mail_sender))


@contextmanager
def hanging_delivery(pages: Pages, server: Server) -> Iterator[None]:
    """A worker whose delivery hangs at the mail server while the block runs."""
    put(pages, HUNG)
    worker = threading.Thread(target=run, args=(pages,))
    worker.start()
    assert wait_until(lambda: HUNG in server.seen, 10)
    yield
    for line in server._open:
        if line.transport is not None and line.loop is not None:
            line.loop.call_soon_threadsafe(line.transport.close)
    worker.join(30)
    assert not worker.is_alive()


def test_a_link_arrives_within_five_seconds_while_a_delivery_hangs(mailed: Pages, server: Server) -> None:
    with mailed.served() as site, hanging_delivery(mailed, server):
        began = time.monotonic()
        ask(site)
        assert wait_until(lambda: bool(arrived(server)[ADDRESS]), 5)
        took = time.monotonic() - began
        assert mailed.system.send_at_once.finish(10)
    assert took < 5
    (letter,) = links(mailed)
    assert (letter.state, letter.attempts, letter.remark) == (LetterState.SENT, 1, "250 queued")
    (line,) = [line for line in mailed.office.ledger("letter.sent") if line.entry.subject == letter.id]
    told = {"to": OFFICER, "message_id": letter.message_id, "attempt": 1, "reply": "250 queued", "address": ADDRESS}
    assert {key: line.entry.data[key] for key in told} == told
    token = letter.text.split("/sign-in/link/")[1].split()[0]
    assert use_link(mailed.office.store, token, now=NOW).session.person == OFFICER
    server.data = lambda _to, _nth: "250 queued"
    run(mailed, timedelta(hours=1))
    assert arrived(server) == {ADDRESS: 1, HUNG: 1}


def test_the_answer_comes_as_soon_when_the_letter_hangs(mailed: Pages, server: Server) -> None:
    account(mailed, "the-chang-head", HUNG)
    with mailed.served() as site:
        assert ask(site, HUNG) < 3
        assert ask(site, "nobody@office.example") < 3
        assert wait_until(lambda: HUNG in server.seen, 10)
        began = time.monotonic()
    assert time.monotonic() - began < LAST_LETTERS_S + 5, "the end of the process waits for a mail server that hangs"


def test_the_outbox_leaves_a_letter_alone_as_long_as_it_is_under_way(mailed: Pages, server: Server) -> None:
    account(mailed, "the-chang-head", HUNG)
    mailed.system.send_at_once.patience = timedelta(seconds=8)
    with mailed.served() as site:
        ask(site, HUNG)
        assert wait_until(lambda: HUNG in server.seen, 10)
        server.data = lambda _to, _nth: "250 queued"
        assert run(mailed, timedelta(days=1)).sent == 0  # however late it is by the clock: it is not over
        assert mailed.system.send_at_once.finish(20)
        assert run(mailed, timedelta(days=1)).sent == 1
    assert arrived(server) == {HUNG: 1}
    assert [letter.state for letter in links(mailed)] == [LetterState.SENT]


def test_a_link_is_left_to_the_outbox_when_every_thread_is_busy(mailed: Pages, server: Server) -> None:
    with mailed.office.reading() as desk:
        keys = [person.key for person in desk.people.persons if person.key != OFFICER][:AT_ONCE]
    assert len(keys) == AT_ONCE
    server.data = lambda to, _nth: None if to.startswith("busy") else "250 queued"
    for number, key in enumerate(keys):
        account(mailed, key, f"busy{number}@office.example")
    with mailed.served() as site:
        for number in range(AT_ONCE):
            ask(site, f"busy{number}@office.example")
        assert wait_until(lambda: len(server.seen) == AT_ONCE, 20)
        assert ask(site) < 3
        assert wait_until(lambda: len(links(mailed)) == AT_ONCE + 1, 10)
        (left,) = [letter for letter in links(mailed) if letter.person == OFFICER]
        assert (left.state, left.attempts) == (LetterState.WAITING, 0)
        assert run(mailed).sent == 1
    assert arrived(server) == {ADDRESS: 1}


def test_a_refused_link_is_parked_as_any_letter(mailed: Pages, server: Server) -> None:
    server.rcpt = lambda _to, _nth: "550 no such user"
    with mailed.served() as site:
        ask(site)
    assert mailed.system.send_at_once.finish(10)
    (letter,) = links(mailed)
    assert letter.state is LetterState.PARKED
    assert "no such user" in letter.remark
    assert mailed.office.ledger("letter.parked")


def test_a_link_that_the_server_cannot_take_now_waits_in_the_outbox(mailed: Pages, server: Server) -> None:
    server.rcpt = lambda _to, nth: "451 greylisted" if nth == 1 else "250 OK"
    with mailed.served() as site:
        ask(site)
    assert mailed.system.send_at_once.finish(10)
    (letter,) = links(mailed)
    assert (letter.state, letter.next_try_at) == (LetterState.WAITING, NOW + timedelta(minutes=1))
    assert run(mailed, timedelta(minutes=1)).sent == 1


def test_a_server_that_is_slower_than_the_patience_gets_the_letter_from_the_outbox(
    mailed: Pages, server: Server
) -> None:
    account(mailed, "the-chang-head", HUNG)
    mailed.system.send_at_once.patience = timedelta(seconds=0.5)
    with mailed.served() as site:
        ask(site, HUNG)
    assert mailed.system.send_at_once.finish(20)
    (letter,) = links(mailed)
    assert (letter.state, letter.attempts) == (LetterState.WAITING, 1)
    assert "took longer than 0.5 s" in letter.remark
    assert letter.is_unsure
    server.data = lambda _to, _nth: "250 queued"
    assert run(mailed, timedelta(minutes=1)).sent == 1

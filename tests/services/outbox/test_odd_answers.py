"""Mail servers that say odd things: what they say is recorded readably, and harms one letter at most."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace

import pytest

from domain.outbox import Letter, LetterState
from notifications.channel import Delivery, Sent
from notifications.channel import Letter as Mail
from notifications.email import EmailChannel
from services.operations.audit import verify_ledger
from services.outbox.deliver import Delivered, deliver
from storage.store import Store
from tests.factories import at
from tests.notifications.odd_server import OddServer
from tests.notifications.servers import make_settings
from tests.services.live_office import OPENED_IN_TIME, LiveOffice, make_mail_sender
from tests.storage.rows import KEY, add_office, make_letter

NOW = at("2023-01-11 08:30")
NO_SUCH_USER = "ไม่มีผู้รับนี้"
ODD = {
    "TIS-620": (b"550 5.1.1 " + NO_SUCH_USER.encode("cp874"), f"550 5.1.1 {NO_SUCH_USER}"),
    "UTF-8": (b"550 5.1.1 " + NO_SUCH_USER.encode(), f"550 5.1.1 {NO_SUCH_USER}"),
    "no charset": (b"550 \xff\xfe\x81", r"550 \xff\xfe\x81"),
    "control characters": (b"550 no\x00such\x1b[1muser", r"550 no\x00such\x1b[1muser"),
    "half a character": (b"550 \xed\xa0\x80", r"550 \xed\xa0\x80"),
    "far too much": (b"550 " + b"x" * 400, "550 " + "x" * 195 + "…"),
}

odd_words = pytest.mark.parametrize(("said", "shown"), ODD.values(), ids=ODD)


def fill(store: Store, count: int = 3) -> None:
    add_office(store)
    letters = [make_letter(id=f"l{n}", person=f"p{n}", address=f"p{n}@example.test") for n in range(count)]
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([replace(letter, created_at=NOW, next_try_at=NOW) for letter in letters])
        uow.commit()


def send(store: Store, server: OddServer) -> Delivered:
    with server.serving() as port:
        return asyncio.run(deliver(store, KEY, make_mail_sender(port, lambda: NOW)))


def letter(store: Store, key: str) -> Letter:
    with store.reader(KEY) as uow:
        return next(one for one in uow.letters.all() if one.id == key)


def ledger_is_sound(store: Store) -> bool:
    with store.reader(KEY) as uow:
        return not verify_ledger(uow)[1]


@pytest.mark.parametrize("command", ["RCPT", "DATA", "END"])
@odd_words
def test_a_refusal_in_any_bytes_parks_that_letter_with_readable_words(
    store: Store, command: str, said: bytes, shown: str
) -> None:
    fill(store)
    server = OddServer({command: said}, only_to="p1@")
    done = send(store, server)
    assert (done.sent, done.parked, done.waiting, done.stopped_by, done.faults) == (2, 1, 0, "", ())
    assert shown in letter(store, "l1").remark
    with store.reader(KEY) as uow:
        (line,) = [line for line in uow.ledger.lines() if line.entry.kind == "letter.parked"]
    assert shown in str(line.entry.data["why"])
    assert server.taken == ["p0@example.test", "p2@example.test"]
    assert ledger_is_sound(store)


@odd_words
def test_thanks_in_any_bytes_are_recorded_with_the_letter_that_was_sent(store: Store, said: bytes, shown: str) -> None:
    fill(store, 1)
    done = send(store, OddServer({"END": b"250" + said[3:]}))
    assert (done.sent, done.faults) == (1, ())
    assert letter(store, "l0").remark == f"250{shown[3:]}"
    assert ledger_is_sound(store)


@pytest.mark.parametrize("command", ["BANNER", "EHLO", "MAIL"])
@odd_words
def test_a_server_that_shuts_its_door_in_any_bytes_leaves_all_waiting_with_its_words(
    store: Store, command: str, said: bytes, shown: str
) -> None:
    fill(store)
    done = send(store, OddServer({command: said, "HELO": said}))
    assert (done.sent, done.waiting) == (0, 3)
    assert shown in done.stopped_by
    assert all(shown in letter(store, f"l{n}").remark for n in range(3))


@odd_words
def test_a_login_refused_in_any_bytes_is_told(store: Store, said: bytes, shown: str) -> None:
    fill(store, 1)
    server = OddServer({"EHLO": b"250-odd.example\r\n250 AUTH PLAIN", "AUTH": b"535" + said[3:]})
    with server.serving() as port:
        channel = EmailChannel(make_settings(port, username="ita", password="x"))
        mail_sender = replace(make_mail_sender(port, lambda: NOW), channel=channel)
        done = asyncio.run(deliver(store, KEY, mail_sender))
    assert "refused the login" in done.stopped_by
    assert f"535{shown[3:]}" in letter(store, "l0").remark


class BreaksAt:
    """A channel that loses its head over one letter, as a library with a fault would."""

    def __init__(self, key: str) -> None:
        self.key = key

    async def send(self, letters: Sequence[Mail]) -> AsyncGenerator[Delivery, None]:
        for one in letters:
            if one.key == self.key:
                raise RuntimeError(f"nobody foresaw {one.key} \udce1")
            yield Delivery(one, Sent("250 queued"))


class BreaksOnce(BreaksAt):
    """The same, over the first letter that it gets."""

    async def send(self, letters: Sequence[Mail]) -> AsyncGenerator[Delivery, None]:
        self.key = self.key or letters[0].key
        async for delivery in super().send(letters):
            yield delivery


def test_a_fault_over_one_batch_holds_up_no_letter_of_the_next(
    office: Callable[..., LiveOffice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.outbox.deliver.BATCH", 1)
    live = office()
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    mail_sender = replace(make_mail_sender(1, lambda: NOW), channel=BreaksOnce(""))
    done = asyncio.run(deliver(live.store, live.key, mail_sender))
    assert (done.composed, done.sent, done.waiting, len(done.faults)) == (2, 1, 1, 1)


def test_a_channel_that_breaks_at_one_letter_holds_up_that_letter_only(store: Store) -> None:
    fill(store, 4)
    mail_sender = replace(make_mail_sender(1, lambda: NOW), channel=BreaksAt("l1"))
    done = asyncio.run(deliver(store, KEY, mail_sender))
    assert (done.sent, done.waiting, done.parked, done.stopped_by) == (3, 1, 0, "")
    (fault,) = done.faults
    assert "RuntimeError: nobody foresaw l1 แ" in fault
    assert letter(store, "l1").remark == fault
    assert letter(store, "l1").next_try_at > NOW


class Echo:
    """A channel whose answers no database takes."""

    def __init__(self, said: str) -> None:
        self.said = said

    async def send(self, letters: Sequence[Mail]) -> AsyncGenerator[Delivery, None]:
        for one in letters:
            yield Delivery(one, Sent(self.said if one.key == "l1" else "250 queued"))


@pytest.mark.parametrize("records_at_once", [1, 10])
def test_a_letter_whose_record_is_refused_stays_sent_and_stops_no_other(store: Store, records_at_once: int) -> None:
    fill(store)
    mail_sender = replace(make_mail_sender(1, lambda: NOW), channel=Echo("250 \udce1"), records_at_once=records_at_once)
    done = asyncio.run(deliver(store, KEY, mail_sender))
    assert (done.sent, done.waiting) == (3, 0)
    assert len(done.faults) == 1
    assert letter(store, "l1").state is LetterState.SENT
    assert "could not be recorded: UnicodeEncodeError" in letter(store, "l1").remark
    assert ledger_is_sound(store)


def test_notices_that_make_no_letter_hold_up_no_letter_that_waits(office: Callable[..., LiveOffice]) -> None:
    live = office()
    live.advance(NOW)
    with live.desk() as desk:
        desk.uow.letters.add(
            [replace(make_letter(id="l0", address="p0@example.test"), created_at=NOW, next_try_at=NOW)]
        )

    def broken(*_: object) -> str:
        raise KeyError("nobody foresaw this")

    server = OddServer({})
    with server.serving() as port:
        mail_sender = replace(make_mail_sender(port, lambda: NOW), link=broken)
        done = asyncio.run(deliver(live.store, live.key, mail_sender))
    assert (done.composed, done.sent, server.taken) == (0, 1, ["p0@example.test"])
    assert len(done.faults) == 2
    assert all("could not be put into a letter: " in fault for fault in done.faults)
    assert all(fault.endswith("KeyError: 'nobody foresaw this'") for fault in done.faults)
    with live.reading() as desk:
        assert desk.uow.notices.is_any_waiting()

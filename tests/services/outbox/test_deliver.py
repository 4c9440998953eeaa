from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any, Final

import pytest

from domain.outbox import Letter, LetterState
from domain.people import Person
from notifications.channel import Delivery, Sent
from notifications.channel import Letter as Mail
from services.outbox.deliver import BATCH, LEASE, Delivered, MailSender, deliver
from services.rehearsal.play import SimulatedClock
from storage.store import Store
from tests.factories import at
from tests.notifications.servers import Server
from tests.services.live_office import DOMAIN, OPENED_IN_TIME, LiveOffice, make_mail_sender
from tests.services.mail import serving
from tests.storage.rows import KEY, add_office, make_letter

NOW: Final = at("2023-01-11 08:30")
NOBODY_LISTENS: Final = 1
"""A port that needs a right to listen on."""


def _fill(store: Store, count: int, **facts: Any) -> None:
    add_office(store)
    letters = [make_letter(id=f"l{n:02d}", person=f"p{n}", address=f"p{n}@example.test", **facts) for n in range(count)]
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([replace(letter, created_at=NOW, next_try_at=NOW) for letter in letters])
        uow.commit()


def _deliver(
    store: Store, port: int, now: datetime = NOW, *, owner: str = "worker", timeout_s: float = 5, office: str = KEY
) -> Delivered:
    return asyncio.run(deliver(store, office, make_mail_sender(port, lambda: now, owner=owner, timeout_s=timeout_s)))


def _letters(store: Store) -> list[Letter]:
    with store.reader(KEY) as uow:
        return uow.letters.all()


def _mail(store: Store, letter: str) -> bytes:
    with store.reader(KEY) as uow:
        return uow.letters.mail(letter) or b""


def _states(store: Store) -> Counter[str]:
    return Counter(letter.state.value for letter in _letters(store))


def _arrived(server: Server) -> list[str]:
    return sorted(envelope.rcpt_tos[0] for envelope in server.accepted)


def test_notices_become_letters_and_letters_are_sent(office: Callable[..., LiveOffice]) -> None:
    live, server = office(), Server()
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    with serving(server) as port:
        done = _deliver(live.store, port)
        again = _deliver(live.store, port, NOW + timedelta(hours=1))
    assert done == Delivered(composed=2, sent=2)
    assert again == Delivered()
    assert _arrived(server) == ["chang-head@example.test", "chang-officer@example.test"]
    sent = {line.entry.subject: line.entry.data for line in live.ledger("letter.sent")}
    for letter in live.letters(LetterState.SENT):
        assert (letter.attempts, letter.settled_at, letter.remark) == (1, NOW, "250 queued")
        assert sent[letter.id] == {
            "to": letter.person,
            "message_id": letter.message_id,
            "attempt": 1,
            "reply": "250 queued",
            "address": letter.address,
            "sha256": hashlib.sha256(_mail(live.store, letter.id)).hexdigest(),
        }
        (arrived,) = [each for each in server.accepted if each.rcpt_tos == [letter.address]]
        assert _mail(live.store, letter.id) == arrived.original_content


def test_more_than_one_batch_goes_in_one_delivery(store: Store) -> None:
    server = Server()
    _fill(store, 2 * BATCH + 3)
    with serving(server) as port:
        assert _deliver(store, port).sent == 2 * BATCH + 3
    assert len(_arrived(server)) == len(set(_arrived(server))) == 2 * BATCH + 3


def test_a_server_that_is_down_leaves_all_waiting_and_none_counted_as_sent(store: Store) -> None:
    _fill(store, BATCH + 2)
    done = _deliver(store, NOBODY_LISTENS)
    assert "No mail server answers at 127.0.0.1:1" in done.stopped_by
    assert (done.sent, done.waiting, done.parked) == (0, BATCH + 2, 0)
    assert all(letter.next_try_at <= NOW + timedelta(minutes=1) for letter in _letters(store))


def test_letters_go_out_once_the_server_is_back(store: Store) -> None:
    server = Server()
    _fill(store, 5)
    _deliver(store, NOBODY_LISTENS)
    with serving(server) as port:
        assert _deliver(store, port, NOW + timedelta(seconds=59)).sent == 0
        assert _deliver(store, port, NOW + timedelta(minutes=1)).sent == 5
    assert _states(store) == {"sent": 5}


def test_a_server_that_stays_down_over_long_holidays_parks_nothing_and_spends_no_letter(store: Store) -> None:
    _fill(store, 2)
    for hours in range(0, 24 * 9, 4):
        assert _deliver(store, NOBODY_LISTENS, NOW + timedelta(hours=hours)).stopped_by
    assert [(letter.state, letter.attempts) for letter in _letters(store)] == [(LetterState.WAITING, 0)] * 2
    server, back = Server(), NOW + timedelta(days=9)
    with serving(server) as port:
        assert _deliver(store, port, back).sent == 2
    assert [(letter.attempts, letter.first_tried_at) for letter in _letters(store)] == [(1, back)] * 2


def test_the_server_is_asked_again_within_a_quarter_of_an_hour(store: Store) -> None:
    _fill(store, 1)
    tried: list[int] = []
    for minutes in range(120):
        _deliver(store, NOBODY_LISTENS, NOW + timedelta(minutes=minutes))
        with store.reader(KEY) as uow:
            standstill = uow.letters.standstill()
        assert standstill is not None
        assert standstill.since == NOW
        if standstill.tries == len(tried) + 1:
            tried.append(minutes)
    assert tried[:5] == [0, 1, 6, 21, 36]


def test_a_mailbox_that_stays_full_parks_after_three_working_days_and_can_be_sent_again(store: Store) -> None:
    """Wednesday the 11th to Monday the 16th of January, over a weekend."""
    server = Server(rcpt=lambda _to, _nth: "452 4.2.2 mailbox full")
    _fill(store, 1)
    now = NOW
    with serving(server) as port:
        while _states(store)["waiting"]:
            _deliver(store, port, now)
            now += timedelta(hours=4)
            assert now < NOW + timedelta(days=8)
    assert at("2023-01-16 12:00") <= now <= at("2023-01-17 04:30")
    with store.unit_of_work(KEY) as uow:
        assert uow.letters.send_again("l00", now)
        uow.commit()
    with serving(Server()) as port:
        assert _deliver(store, port, now).sent == 1
    (letter,) = _letters(store)
    assert (letter.state, letter.attempts, letter.first_tried_at) == (LetterState.SENT, 1, now)


def test_a_refused_recipient_parks_that_letter_only(store: Store) -> None:
    server = Server(rcpt=lambda to, _nth: "550 no such user" if to.startswith("p1@") else "250 OK")
    _fill(store, 3)
    with serving(server) as port:
        done = _deliver(store, port)
    assert (done.sent, done.parked, done.stopped_by) == (2, 1, "")
    (letter,) = [letter for letter in _letters(store) if letter.state is LetterState.PARKED]
    assert letter.person == "p1"
    assert "no such user" in letter.remark
    with store.reader(KEY) as uow:
        (line,) = [line for line in uow.ledger.lines() if line.entry.kind == "letter.parked"]
    assert line.entry.subject == letter.id


def test_a_poison_letter_in_the_batch_stops_no_other(store: Store) -> None:
    """The server hangs up whenever it sees this letter."""
    server = Server(data=lambda to, _nth: "421 bye" if to.startswith("p1@") else "250 queued")
    _fill(store, 4)
    with serving(server) as port:
        done = _deliver(store, port)
    assert (done.sent, done.waiting) == (3, 1)
    assert "p1@example.test" not in _arrived(server)


def test_an_address_nobody_may_write_to_is_parked_without_a_connection(store: Store) -> None:
    server = Server()
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.letters.add(
            [
                make_letter(address="saraban@office.example", notices=()),
                make_letter(id="l2", address="ok@office.example", notices=()),
            ]
        )
        uow.commit()
    with serving(server) as port:
        done = _deliver(store, port, at("2023-04-11 08:30"))
    assert (done.sent, done.parked) == (1, 1)
    assert _arrived(server) == ["ok@office.example"]


def test_a_letter_that_cannot_be_written_stops_no_other(store: Store) -> None:
    """Its Message-ID was made from a setting that was wrong that day; it is stored and would never get better."""
    server = Server()
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([make_letter(message_id="<l1@office.example>>", notices=()), make_letter(id="l2", notices=())])
        uow.commit()
    with serving(server) as port:
        done = _deliver(store, port, at("2023-04-11 08:30"))
    assert (done.sent, done.parked) == (1, 1)


def test_451_is_tried_again_with_the_same_message_id(store: Store) -> None:
    server = Server(data=lambda _to, nth: "451 greylisted" if nth == 1 else "250 queued")
    _fill(store, 1)
    with serving(server) as port:
        assert _deliver(store, port).waiting == 1
        assert _deliver(store, port, NOW + timedelta(minutes=1)).sent == 1
    (envelope,) = server.accepted
    assert message_from_bytes(envelope.original_content or b"")["Message-ID"] == "<l00@office.example>"
    assert _letters(store)[0].attempts == 2


def test_a_server_that_hangs_costs_two_time_outs_for_a_domain_and_the_rest_is_not_asked(store: Store) -> None:
    server = Server(data=lambda _to, _nth: None)
    _fill(store, 6)
    with serving(server) as port:
        done = _deliver(store, port, timeout_s=0.1)
    assert (done.stopped_by, done.sent, done.waiting) == ("", 0, 6)
    assert server.seen == ["p0@example.test", "p1@example.test"]
    assert [letter.attempts for letter in _letters(store)] == [1, 1, 0, 0, 0, 0]


def test_a_login_that_is_refused_stops_at_once(store: Store) -> None:
    server = Server(mail="530 authenticate first")
    _fill(store, 3)
    with serving(server) as port:
        done = _deliver(store, port)
    assert done.stopped_by
    assert done.waiting == 3


def test_three_workers_at_once_send_each_letter_once(store: Store) -> None:
    server = Server()
    _fill(store, 70)
    start, sent = threading.Barrier(3), list[int]()

    def work(owner: str, port: int) -> None:
        start.wait()
        sent.append(_deliver(store, port, owner=owner).sent)

    with serving(server) as port:
        threads = [threading.Thread(target=work, args=(f"w{n}", port)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(sent), sum(sent)) == (3, 70)
    assert _arrived(server) == sorted(f"p{n}@example.test" for n in range(70))
    assert _states(store) == {"sent": 70}


def test_workers_at_once_compose_one_letter(office: Callable[..., LiveOffice]) -> None:
    live, server = office(), Server()
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    start = threading.Barrier(3)

    def work(owner: str, port: int) -> None:
        start.wait()
        _deliver(live.store, port, owner=owner)

    with serving(server) as port:
        threads = [threading.Thread(target=work, args=(f"w{n}", port)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        _deliver(live.store, port)
    assert len(_arrived(server)) == len(live.letters()) == 2


def test_a_lease_takes_no_more_than_asked_for(store: Store) -> None:
    _fill(store, 30)
    with store.unit_of_work(KEY) as uow:
        assert [letter.id for letter in uow.letters.lease("w", NOW, limit=7, for_=LEASE)] == [
            f"l{n:02d}" for n in range(7)
        ]
        uow.commit()


def test_what_a_dead_worker_held_is_free_when_its_lease_ends(store: Store) -> None:
    server = Server()
    _fill(store, 3)
    with store.unit_of_work(KEY) as uow:
        assert len(uow.letters.lease("dead", NOW, limit=2, for_=LEASE)) == 2
        uow.commit()
    with serving(server) as port:
        assert _deliver(store, port).sent == 1
        assert _deliver(store, port, NOW + LEASE - timedelta(seconds=1)).sent == 0
        assert _deliver(store, port, NOW + LEASE).sent == 2
    assert [(letter.attempts, letter.is_unsure) for letter in _letters(store)] == [(2, True), (2, True), (1, False)]


def test_a_worker_that_lost_its_lease_settles_nothing(store: Store) -> None:
    _fill(store, 1)
    with store.unit_of_work(KEY) as uow:
        uow.letters.lease("slow", NOW, limit=1, for_=LEASE)
        uow.letters.lease("quick", NOW + LEASE, limit=1, for_=LEASE)
        facts: dict[str, Any] = {"now": NOW, "remark": "250", "next_try_at": None}
        assert not uow.letters.settle("l00", "slow", LetterState.SENT, **facts)
        assert uow.letters.settle("l00", "quick", LetterState.SENT, **facts)
        uow.commit()
    assert _states(store) == {"sent": 1}


class _SlowChannel:
    """Takes a minute for each letter; another worker looks for mail whenever it has sent one."""

    def __init__(self, clock: SimulatedClock, meanwhile: Callable[[], None]) -> None:
        self._clock, self._meanwhile = clock, meanwhile
        self.sent: list[str] = []

    async def send(self, letters: Sequence[Mail]) -> AsyncGenerator[Delivery, None]:
        for letter in letters:
            self._meanwhile()
            self._clock.now += timedelta(minutes=1)
            self.sent.append(letter.to)
            yield Delivery(letter, Sent("250"))


def test_a_slow_server_never_holds_a_letter_past_its_lease(store: Store) -> None:
    """Twenty letters of a minute each last longer than the lease: the rest must be given back in time."""
    clock, taken = SimulatedClock(NOW), list[str]()
    _fill(store, BATCH)

    def meanwhile() -> None:
        with store.unit_of_work(KEY) as uow:
            taken.extend(letter.address or "" for letter in uow.letters.lease("other", clock(), limit=5, for_=LEASE))
            uow.commit()

    channel = _SlowChannel(clock, meanwhile)
    mail_sender = MailSender(channel, "ita@office.example", DOMAIN, clock)
    asyncio.run(deliver(store, KEY, mail_sender))
    assert not set(channel.sent) & set(taken)
    assert len(channel.sent) == len(set(channel.sent))


def test_a_parked_letter_goes_to_the_address_the_person_has_now(office: Callable[..., LiveOffice]) -> None:
    """It was parked because of a wrong address; sending it there again could only park it again."""
    live = office()
    with live.desk() as desk:
        desk.uow.letters.add([make_letter(address="wrong@example.test", state=LetterState.PARKED)])
    with live.desk() as desk:
        assert desk.uow.letters.send_again("letter-1", NOW)
    (letter,) = live.letters()
    assert (letter.state, letter.address) == (LetterState.WAITING, "chang-officer@example.test")


def test_a_printed_letter_is_mailed_once_the_person_has_an_address(office: Callable[..., LiveOffice]) -> None:
    live = office()
    with live.desk() as desk:
        people = replace(desk.people, persons=(*desk.people.persons, Person("p", "ผู้ไม่มีอีเมล")))
        desk.uow.people.save(people)
        desk.uow.letters.add([make_letter(person="p", address=None, state=LetterState.TO_PRINT)])
        assert not desk.uow.letters.send_again("letter-1", NOW)
        desk.uow.people.save(replace(people, persons=(*people.persons[:-1], Person("p", "มีแล้ว", "p@example.test"))))
        assert desk.uow.letters.send_again("letter-1", NOW)
    assert live.letters(LetterState.WAITING)[0].address == "p@example.test"


@pytest.mark.parametrize("state", [LetterState.WAITING, LetterState.SENT])
def test_a_letter_that_is_under_way_or_arrived_is_not_sent_again(store: Store, state: LetterState) -> None:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([make_letter(state=state)])
        assert not uow.letters.send_again("letter-1", NOW)
        assert not uow.letters.send_again("unknown", NOW)


def test_an_office_without_mail_is_left_alone(office: Callable[..., LiveOffice]) -> None:
    live = office()
    assert _deliver(live.store, NOBODY_LISTENS) == Delivered()

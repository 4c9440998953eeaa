"""Programs are told what happened: in order, signed, until they have it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from domain.ledger import Entry
from notifications.webhook import HookAddressError, signature
from services.integrations.send_webhooks import GIVEN_UP_AFTER, LEASE, WebhookRun, WebhookSender, tell_hooks, wait_after
from services.integrations.webhooks import (
    EVENTS,
    HookWishError,
    make_hook,
    pause_hook,
    remove_hook,
    resume_hook,
    secret_of,
)
from storage.hooks import Hook, HookState
from tests.factories import at
from tests.notifications.receiver import Receiver, receiving
from tests.services.live_office import LiveOffice

INSTALLATION = b"i" * 32
NOW = at("2023-01-04 10:00")
WHO = "the-admin"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@dataclass
class Hooked:
    """An office that tells a receiver, and the clock of whoever tells."""

    office: LiveOffice
    hook: Hook
    times: list[datetime] = field(default_factory=lambda: [NOW])

    def tell(self, owner: str = "worker") -> WebhookRun:
        webhook_sender = WebhookSender(INSTALLATION, allows_private=True, owner=owner, clock=lambda: self.times[-1])
        return tell_hooks(self.office.store, self.office.key, webhook_sender)

    def note(self, kind: str = "plan.imported", **facts: object) -> int:
        with self.office.desk() as desk:
            desk.uow.ledger.note(Entry(NOW, kind, WHO, "2566", facts))
        return self.head()

    def head(self) -> int:
        with self.office.reading() as desk:
            return desk.uow.ledger.head()[0]

    def stored(self) -> Hook:
        with self.office.reading() as desk:
            (found,) = desk.uow.hooks.all()
        return found


@pytest.fixture
def hooked(office: Callable[..., LiveOffice], receiver: Receiver) -> Hooked:
    founded = office()
    with founded.desk() as desk:
        made = make_hook(desk, INSTALLATION, receiver.url, ["plan", "assignment"], by=WHO, now=NOW, allows_private=True)
    return Hooked(founded, made.hook)


def test_lines_after_the_making_are_told_in_order_and_once(hooked: Hooked, receiver: Receiver) -> None:
    numbers = [hooked.note(revision=n) for n in range(3)]
    assert hooked.tell() == WebhookRun(taken=3)
    assert receiver.ids == [f"msg_ban-mai_{n}" for n in numbers]
    assert hooked.tell() == WebhookRun()
    assert hooked.stored().seq == hooked.head()


def test_a_message_can_be_checked_with_the_secret(hooked: Hooked, receiver: Receiver) -> None:
    hooked.note(revision=7)
    hooked.tell()
    (message,) = receiver.got
    secret = secret_of(INSTALLATION, "ban-mai", hooked.hook.id)
    assert message.headers["webhook-signature"] == signature(secret, receiver.ids[0], NOW, message.body)
    assert message.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    told = json.loads(message.body)
    assert told["type"] == "plan.imported"
    assert told["data"]["facts"] == {"revision": 7}


def test_only_listed_facts_of_chosen_events_leave_the_house(hooked: Hooked, receiver: Receiver) -> None:
    hooked.note("assignment.return", state="returned", reason="ชื่อผู้ร้องเรียน")
    hooked.note("letter.parked", why="a@b.example refused")
    hooked.note("account.signed_in", way="password")
    hooked.tell()
    (message,) = receiver.got
    assert json.loads(message.body)["data"]["facts"] == {"state": "returned"}
    assert hooked.stored().seq == hooked.head()


def test_no_fact_that_a_person_writes_is_on_the_list() -> None:
    assert not {"reason", "name", "why", "source", "to", "reply"} & {
        fact for facts in EVENTS.values() for fact in facts
    }


def test_what_was_not_taken_waits_and_is_sent_again_under_the_same_id(hooked: Hooked, receiver: Receiver) -> None:
    hooked.note()
    hooked.note()
    receiver.statuses = [500]
    assert hooked.tell() == WebhookRun(waiting=1)
    assert hooked.tell() == WebhookRun()
    hooked.times.append(NOW + wait_after(1))
    assert hooked.tell() == WebhookRun(taken=2)
    assert receiver.ids[0] == receiver.ids[1] != receiver.ids[2]
    found = hooked.stored()
    assert (found.attempts, found.failed_since) == (0, None)


def test_waits_grow_and_stay_below_a_quarter_of_a_day() -> None:
    waits = [wait_after(n) for n in range(1, 40)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(waits) == timedelta(hours=6)


def test_a_program_that_is_silent_for_days_is_given_up_and_told_on_when_it_is_turned_on(
    hooked: Hooked, receiver: Receiver
) -> None:
    hooked.note()
    receiver.statuses = [503, 503]
    hooked.tell()
    hooked.times.append(NOW + GIVEN_UP_AFTER)
    assert hooked.tell() == WebhookRun(waiting=1, given_up=1)
    assert hooked.stored().state is HookState.GIVEN_UP
    assert hooked.office.ledger("hook.given_up")
    hooked.times.append(NOW + GIVEN_UP_AFTER * 2)
    assert hooked.tell() == WebhookRun()
    with hooked.office.desk() as desk:
        resume_hook(desk, hooked.hook.id, by=WHO, now=hooked.times[-1])
    assert hooked.tell() == WebhookRun(taken=1)


def test_a_paused_program_is_told_later_what_it_missed(hooked: Hooked, receiver: Receiver) -> None:
    with hooked.office.desk() as desk:
        pause_hook(desk, hooked.hook.id, by=WHO, now=NOW)
    hooked.note()
    assert hooked.tell() == WebhookRun()
    with hooked.office.desk() as desk:
        resume_hook(desk, hooked.hook.id, by=WHO, now=NOW)
    assert hooked.tell() == WebhookRun(taken=1)


def test_a_worker_that_died_after_sending_lets_the_line_go_twice_with_one_id(
    hooked: Hooked, receiver: Receiver
) -> None:
    number = hooked.note()
    hooked.tell()
    with hooked.office.desk() as desk:  # as if the record of it had been lost with the worker, and its lease not
        desk.uow.hooks.drop(hooked.hook.id)
        desk.uow.hooks.add(replace(hooked.hook, seq=number - 1))
        desk.uow.hooks.lease("dead", NOW, for_=LEASE)
    assert hooked.tell() == WebhookRun()
    hooked.times.append(NOW + LEASE)
    assert hooked.tell() == WebhookRun(taken=1)
    assert receiver.ids[0] == receiver.ids[1]


def test_what_nobody_foresaw_holds_up_one_program_and_no_other(hooked: Hooked, receiver: Receiver) -> None:
    later = NOW + timedelta(seconds=1)
    with hooked.office.desk() as desk:
        make_hook(desk, INSTALLATION, receiver.url, ["plan"], by=WHO, now=later, allows_private=True)
    hooked.note()
    asked = iter([later, later])

    def clock() -> datetime:
        """Breaks once, while the first program is told: the first calls are the lease's and its patience's."""
        for moment in asked:
            return moment
        if not broken:
            broken.append(later)
            raise RuntimeError("nobody foresaw \udce1")
        return later

    broken: list[datetime] = []
    done = tell_hooks(
        hooked.office.store, hooked.office.key, WebhookSender(INSTALLATION, allows_private=True, owner="w", clock=clock)
    )
    assert (done.taken, done.waiting) == (1, 1)
    assert done.faults == (f"webhook {hooked.hook.id}: RuntimeError: nobody foresaw แ",)
    with hooked.office.reading() as desk:
        first, second = desk.uow.hooks.all()
    assert (first.remark, first.attempts, first.next_try_at) == (
        "RuntimeError: nobody foresaw แ",
        1,
        later + wait_after(1),
    )
    assert (second.attempts, second.remark) == (0, "200 OK")
    hooked.times.append(later + wait_after(1))
    assert hooked.tell() == WebhookRun(taken=1)


@pytest.mark.parametrize(
    ("phrase", "shown"), [("ไม่รับ".encode("cp874"), "ไม่รับ"), ("ไม่รับ".encode(), "ไม่รับ"), (b"\xff\x81", r"\xff\x81")]
)
def test_a_program_that_answers_in_any_bytes_is_quoted_readably(
    hooked: Hooked, receiver: Receiver, phrase: bytes, shown: str
) -> None:
    hooked.note()
    receiver.statuses, receiver.phrase = [500], phrase.decode("latin-1")
    assert hooked.tell() == WebhookRun(waiting=1)
    assert hooked.stored().remark == f"500 {shown}"


def test_a_removed_program_is_told_nothing(hooked: Hooked, receiver: Receiver) -> None:
    hooked.note()
    with hooked.office.desk() as desk:
        remove_hook(desk, hooked.hook.id, by=WHO, now=NOW)
    assert hooked.tell() == WebhookRun()
    assert receiver.got == []


@pytest.mark.parametrize(
    ("url", "events"), [("http://127.0.0.1/", ["plan"]), ("https://a.example", []), ("https://a.example", ["x"])]
)
def test_a_webhook_that_cannot_be_made_is_refused(hooked: Hooked, url: str, events: list[str]) -> None:
    with hooked.office.reading() as desk, pytest.raises((HookAddressError, HookWishError)):
        make_hook(desk, INSTALLATION, url, events, by=WHO, now=NOW, allows_private=False)

"""A clock that was once ahead: nothing of a person is taken, people come in and read, one command mends the rest."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.assignment import Assignment, State
from domain.ledger import CLOCK, CONFIRMED, MENDED, Entry, LedgerBrokenError, stamp, verify
from domain.outbox import Letter, LetterState
from services import clock
from services.access.accounts import make_account
from services.access.passwords import hashed
from services.access.sign_in import (
    IDLE,
    SignInLockedError,
    SignInRefusedError,
    ask_link,
    session_of,
    set_password,
    sign_in,
    use_link,
)
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import acknowledge
from services.clock import ClockAheadError, ClockBehindError
from services.desk import Desk
from services.integrations.send_webhooks import LONGEST_WAIT
from services.operations.audit import verify_ledger
from services.operations.mend_clock import (
    TOLD,
    AheadALittleError,
    MendTooEarlyError,
    NotAdministratorError,
    NothingToMendError,
    mend,
    mends_of,
    remedy,
)
from services.outbox.deliver import deliver
from storage.hooks import Hook
from storage.store import Store
from storage.tokens import Token
from tests.factories import NONE_CONFIRMED, at
from tests.notifications.servers import Server
from tests.services.beginnings import begin_with
from tests.services.live_office import ADMIN, KEY, LiveOffice, found_office, make_mail_sender
from tests.services.mail import serving
from tests.storage.rows import make_letter

NOW = at("2023-04-11 09:00")
AHEAD = NOW + timedelta(days=400)
OFFICER, HEAD = "the-chang-officer", "the-chang-head"
EMAIL, PASSWORD = "officer@office.example", "ม้าน้ำกินกล้วยตาก"
DONE = Result("จัดประชุมแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)


@pytest.fixture
def live(store: Store) -> LiveOffice:
    """An office in April whose first quarter is overdue and whose clockwork was last seen this morning."""
    founded = LiveOffice(store, KEY)

    def make() -> None:
        found_office(store, vouched_until=NOW - timedelta(hours=1)).advance(NOW - timedelta(hours=1))
        with founded.desk() as desk:
            account = make_account(desk, OFFICER, EMAIL, NOW - timedelta(hours=1), "admin")
            desk.uow.accounts.save(replace(account, password_hash=hashed(PASSWORD)))

    begin_with(store, "an office in April", make)
    return founded


def first(live: LiveOffice) -> Assignment:
    return next(one for one in live.assignments() if one.state is State.OPEN)


def ran_ahead(live: LiveOffice) -> str:
    """What a version that did not look ahead took from people at a wrong clock; the assignment that was handed in."""
    moved, silenced = [one.id for one in live.assignments() if one.state is State.OPEN][:2]
    with live.desk() as desk:
        hand_in(desk, moved, DONE, by=OFFICER, now=AHEAD)
    with live.desk() as desk:
        acknowledge(desk, silenced, by=HEAD, now=AHEAD)
    return moved


def mended(live: LiveOffice, now: datetime = NOW) -> None:
    with live.desk() as desk:
        mend(desk, now, by=ADMIN)


def checked(live: LiveOffice, now: datetime) -> None:
    with live.reading() as desk:
        clock.check(desk.uow, now)


# Nothing is taken, everybody comes in


def test_what_a_person_stores_looks_ahead_as_the_clockwork_does(live: LiveOffice) -> None:
    with pytest.raises(ClockAheadError):
        set_password(live.store, live.key, OFFICER, "ปลาทูนึ่งสองเข่ง", AHEAD)
    set_password(live.store, live.key, OFFICER, "ปลาทูนึ่งสองเข่ง", NOW)


@pytest.mark.parametrize("shown", [AHEAD, NOW - timedelta(days=400)], ids=["ahead", "behind"])
def test_people_sign_in_at_any_clock_and_the_ledger_goes_neither_way(live: LiveOffice, shown: datetime) -> None:
    (last, vouched), lines = _times(live), len(live.ledger())
    came = sign_in(live.store, EMAIL, PASSWORD, now=shown)
    by_link = use_link(live.store, ask_link(live.store, EMAIL, now=shown) or "", shown)
    assert session_of(live.store, came.token, shown + timedelta(minutes=1))
    assert session_of(live.store, by_link.token, shown + timedelta(minutes=1))
    assert _times(live) == (last, vouched)
    new = live.ledger()[lines:]
    assert [line.entry.kind for line in new] == ["account.signed_in", "account.link_used", "account.signed_in"]
    assert {line.entry.data["clock"] for line in new} == {stamp(shown)}
    checked(live, NOW + timedelta(minutes=1))


def test_at_a_right_clock_a_sign_in_stands_at_its_own_instant(live: LiveOffice) -> None:
    sign_in(live.store, EMAIL, PASSWORD, now=NOW)
    entry = live.ledger()[-1].entry
    assert (entry.at, entry.data) == (NOW, {"way": "password"})


def _times(live: LiveOffice) -> tuple[datetime | None, datetime | None]:
    with live.reading() as desk:
        return desk.uow.ledger.times()


def test_only_links_to_sign_in_leave_at_a_clock_that_does_not_fit(live: LiveOffice) -> None:
    """The administrator needs one to say that the clock is right; nobody else is written to."""
    with live.desk() as desk:
        desk.uow.letters.add([make_letter(id="link", notices=()), make_letter(id="news", notices=("k1",))])
    before = _times(live)
    with serving(Server()) as port:
        mail_sender = replace(make_mail_sender(port, lambda: AHEAD), only_links=True)
        done = asyncio.run(deliver(live.store, live.key, mail_sender))
    assert (done.composed, done.sent) == (0, 1)
    assert [letter.id for letter in live.letters(LetterState.SENT)] == ["link"]
    assert _times(live) == before
    checked(live, NOW)


def test_a_line_written_at_a_wrong_clock_vouches_for_nothing(live: LiveOffice) -> None:
    soon = NOW + timedelta(days=20)
    with live.desk() as desk:
        desk.uow.ledger.note(Entry(soon, "holiday.set", ADMIN, "x", {}))
    with live.desk() as desk:
        entry = clock.at_any_clock(desk.uow, Entry(NOW, "letter.sent", CLOCK, "link", {}))
        desk.uow.ledger.note(entry)
    assert entry.at == soon
    mended(live)


# What is mended


def test_a_ledger_that_ran_ahead_is_mended_and_says_so_for_ever(live: LiveOffice) -> None:
    moved = ran_ahead(live)
    with live.reading() as desk, pytest.raises(ClockBehindError):
        clock.check(desk.uow, NOW)
    with live.desk() as desk:
        done = mend(desk, NOW, by=ADMIN)
    checked(live, NOW)
    assert (done.since, done.until) == (AHEAD, NOW)
    assert [line.entry.kind for line in done.left] == ["assignment.hand_in", "assignment.acknowledge"]
    with live.reading() as desk:
        assert verify_ledger(desk.uow) == (len(live.ledger()), [])
        (line,) = mends_of(desk.uow)
    assert (line.entry.at, line.entry.actor) == (NOW, ADMIN)
    assert (line.entry.data["from"], line.entry.data["to"]) == (stamp(AHEAD), stamp(NOW))
    with live.reading() as desk:
        history = list(desk.uow.ledger.lines(moved))
    assert (history[-1].entry.kind, history[-1].entry.data["lines"]) == (TOLD, [history[-2].seq])


def test_a_ledger_of_the_same_day_is_waited_for_and_never_taken_back(live: LiveOffice) -> None:
    """Else whoever can set the machine's clock would hand in before the deadline what was late an hour ago."""
    with live.desk() as desk:
        desk.uow.ledger.note(Entry(NOW + timedelta(hours=23), "plan.imported", ADMIN, "p", {}))
    with live.desk() as desk, pytest.raises(AheadALittleError, match="wait until then"):
        mend(desk, NOW, by=ADMIN)
    with live.reading() as desk:
        refused = clock.refusal(desk.uow, NOW)
        assert isinstance(refused, ClockBehindError)
        assert "wait until then" in remedy(desk.uow, refused, NOW)[0]


def test_what_was_moved_ahead_stays_as_it_is(live: LiveOffice) -> None:
    moved = ran_ahead(live)
    before = live.get(moved)
    mended(live)
    assert live.get(moved) == before


def test_an_acknowledgment_of_next_year_ends(live: LiveOffice) -> None:
    ran_ahead(live)
    (held,) = [one for one in live.assignments() if one.acknowledged_until]
    mended(live)
    ended = replace(held, acknowledged_until=None, acknowledged_by="", acknowledgments=(), version=held.version + 1)
    assert live.get(held.id) == ended


def test_letters_and_leases_of_next_year_are_of_now(live: LiveOffice) -> None:
    def letter(name: str, when: datetime) -> Letter:
        return make_letter(id=name, created_at=when, next_try_at=when)

    with live.desk() as desk:
        desk.uow.letters.add([letter("ahead", AHEAD), letter("leased", NOW - timedelta(hours=1))])
        desk.uow.letters.lease("worker", AHEAD - timedelta(days=1), limit=1, for_=timedelta(minutes=15))
    ran_ahead(live)
    mended(live)
    with live.desk() as desk:
        taken = desk.uow.letters.lease("another", NOW, limit=9, for_=timedelta(minutes=15))
    assert {one.id for one in taken} == {"ahead", "leased"}
    assert all(one.created_at <= NOW and one.first_tried_at == NOW for one in taken)


def test_a_lease_of_now_is_left_to_its_worker(live: LiveOffice) -> None:
    with live.desk() as desk:
        desk.uow.letters.add([make_letter(created_at=NOW, next_try_at=NOW)])
        desk.uow.letters.lease("worker", NOW, limit=1, for_=timedelta(minutes=15))
    ran_ahead(live)
    mended(live)
    with live.desk() as desk:
        assert desk.uow.letters.lease("another", NOW, limit=9, for_=timedelta(minutes=15)) == []


def test_a_webhook_that_waits_for_next_year_is_due(live: LiveOffice) -> None:
    with live.desk() as desk:
        desk.uow.hooks.add(
            Hook("h", "https://example.test/", ("assignment",), NOW, ADMIN, 0, AHEAD + LONGEST_WAIT, failed_since=AHEAD)
        )
    ran_ahead(live)
    mended(live)
    with live.reading() as desk:
        (hook,) = desk.uow.hooks.all()
    assert (hook.next_try_at, hook.failed_since) == (NOW, NOW)


def test_a_session_of_next_year_ends_as_one_of_today(live: LiveOffice) -> None:
    came = sign_in(live.store, EMAIL, PASSWORD, now=AHEAD)
    mended(live)
    assert session_of(live.store, came.token, NOW)
    assert session_of(live.store, came.token, NOW + IDLE) is None


def test_links_and_failed_tries_of_next_year_lock_nobody_out(live: LiveOffice) -> None:
    link = ""
    for _ in range(3):
        link = ask_link(live.store, EMAIL, now=AHEAD) or link
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            sign_in(live.store, EMAIL, "wrong", now=AHEAD)
    with pytest.raises(SignInLockedError):
        sign_in(live.store, EMAIL, PASSWORD, now=NOW)
    mended(live)
    assert sign_in(live.store, EMAIL, PASSWORD, now=NOW)
    assert ask_link(live.store, EMAIL, now=NOW)
    assert live.store.entrance.link(link) is None


def test_a_token_of_next_year_lasts_as_long_as_was_wished(live: LiveOffice) -> None:
    with live.desk() as desk:
        year = timedelta(days=365)
        desk.uow.tokens.add(Token(live.key, "t" * 64, OFFICER, "x", ("read",), AHEAD, AHEAD + year, seen_at=AHEAD))
    ran_ahead(live)
    mended(live)
    with live.reading() as desk:
        (token,) = desk.uow.tokens.all()
    assert (token.made_at, token.expires_at, token.seen_at) == (NOW, NOW + year, NOW)


def test_what_waits_is_mended_also_where_the_ledger_did_not_run_ahead(live: LiveOffice) -> None:
    with live.desk() as desk:
        desk.uow.letters.add([make_letter(created_at=AHEAD, next_try_at=AHEAD)])
    mended(live)
    with live.reading() as desk:
        assert desk.uow.letters.is_any_due(NOW)
        assert verify_ledger(desk.uow)[1] == []
    with live.desk() as desk, pytest.raises(NothingToMendError):
        mend(desk, NOW, by=ADMIN)


def test_work_goes_on_after_a_mend(live: LiveOffice) -> None:
    ran_ahead(live)
    mended(live)
    still_open = first(live).id
    with live.desk() as desk:
        clock.check(desk.uow, NOW + timedelta(minutes=5))
        hand_in(desk, still_open, DONE, by=OFFICER, now=NOW + timedelta(minutes=5))
    live.advance(NOW + timedelta(days=1))
    with live.reading() as desk:
        assert verify_ledger(desk.uow) == (len(live.ledger()), [])
        with pytest.raises(ClockBehindError):
            clock.check(desk.uow, NOW - timedelta(minutes=5))


# No way to date back


def test_nothing_is_mended_to_before_what_the_clockwork_vouched_for(live: LiveOffice) -> None:
    ran_ahead(live)
    early = NOW - timedelta(hours=1, seconds=1)
    with live.desk() as desk, pytest.raises(MendTooEarlyError, match="wait until then"):
        mend(desk, early, by=ADMIN)
    mended(live, NOW - timedelta(hours=1))


def test_where_the_clockwork_itself_ran_ahead_nothing_is_left_but_to_wait(live: LiveOffice) -> None:
    soon = NOW + timedelta(days=20)
    live.advance(soon)
    with live.desk() as desk:
        with pytest.raises(MendTooEarlyError):
            mend(desk, NOW, by=ADMIN)
        error = clock.refusal(desk.uow, NOW)
        assert isinstance(error, ClockBehindError)
        assert "wait until then" in remedy(desk.uow, error, NOW)[0]
    assert sign_in(live.store, EMAIL, PASSWORD, now=NOW)


@pytest.mark.parametrize("who", [OFFICER, HEAD])
def test_only_an_administrator_mends(live: LiveOffice, who: str) -> None:
    ran_ahead(live)
    with live.desk() as desk, pytest.raises(NotAdministratorError, match=ADMIN):
        mend(desk, NOW, by=who)


def test_where_nobody_is_administrator_anybody_of_the_office_stands_in(live: LiveOffice) -> None:
    ran_ahead(live)
    with live.desk() as desk:
        kept = tuple(one for one in desk.people.holdings if one.person != ADMIN)
        desk.uow.people.save(replace(desk.people, holdings=kept))
    with live.desk() as desk:
        mend(desk, NOW, by=HEAD)
    checked(live, NOW)


def test_verify_accepts_an_earlier_instant_nowhere_else(live: LiveOffice) -> None:
    ran_ahead(live)
    for kind in ("holiday.set", CONFIRMED, MENDED):
        with live.store.unit_of_work(live.key) as uow:
            uow.ledger.note(Entry(NOW, kind, ADMIN, live.key, {"from": "", "to": ""}))
            uow.ledger.write()
            with pytest.raises(LedgerBrokenError):
                verify(uow.ledger.lines())


def test_a_forged_mend_behind_what_is_vouched_for_is_found(live: LiveOffice) -> None:
    ran_ahead(live)
    early = NOW - timedelta(days=2)
    facts = {"from": "2024-05-15T02:00:00.000000Z", "to": "2023-04-09T02:00:00.000000Z"}
    with live.desk() as desk:
        clock.confirm(desk.uow, AHEAD, by=ADMIN)
        desk.uow.ledger.note(Entry(early, MENDED, ADMIN, live.key, facts))
    with live.reading() as desk:
        _, faults = verify_ledger(desk.uow)
    assert "mends the clock by more than it may" in faults[0]


def test_a_mend_may_be_only_looked_at(live: LiveOffice) -> None:
    ran_ahead(live)
    lines = len(live.ledger())
    with live.store.unit_of_work(live.key) as uow:
        mend(Desk.open(uow), NOW, by=ADMIN)
    assert len(live.ledger()) == lines
    assert [one for one in live.assignments() if one.acknowledged_until]

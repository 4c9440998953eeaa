from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from domain.errors import NotFoundError, SucharitError
from domain.ledger import verify
from services.access.accounts import make_account
from services.access.passwords import WeakPasswordError
from services.access.sign_in import (
    LinkExpiredError,
    SignInLockedError,
    SignInRefusedError,
    ask_link,
    end_session,
    end_session_by_id,
    lock_after,
    session_of,
    sessions_of,
    set_password,
    sign_in,
    use_link,
)
from services.clock import ClockBehindError
from tests.services.access.signing_in import EMAIL, HEAD, MINUTE, NOW, PASSWORD, enter, fail
from tests.services.live_office import ADMIN, LiveOffice
from tests.storage.rows import sql


def test_the_right_password_begins_a_session_that_the_token_opens(live: LiveOffice) -> None:
    signed_in = enter(live)
    found = session_of(live.store, signed_in.token, NOW)
    assert found == signed_in.session
    assert found is not None
    assert (found.office, found.person, found.agent) == (live.key, HEAD, "Browser")
    assert found.csrf == hashlib.sha256(f"csrf:{signed_in.token}".encode()).hexdigest()[:32]


@pytest.mark.parametrize("email", ["  Chang-Head@Example.TEST ", EMAIL])
def test_an_address_is_the_same_in_capitals_and_with_blanks_around(live: LiveOffice, email: str) -> None:
    assert sign_in(live.store, email, PASSWORD, now=NOW).session.person == HEAD


def test_a_password_is_the_same_in_whatever_order_a_keyboard_composes_it(live: LiveOffice) -> None:
    set_password(live.store, live.key, HEAD, "un caf\u00e9 au lait", NOW)
    assert enter(live, password="un cafe\u0301 au lait").session.person == HEAD


def test_a_wrong_password_an_unknown_address_and_no_password_yet_are_refused_in_the_same_words(
    live: LiveOffice,
) -> None:
    with live.desk() as desk:
        make_account(desk, "the-clerk", None, NOW, by=ADMIN)
    said = set()
    for email in (EMAIL, "nobody@example.test", "clerk@example.test", "", "\0", "\ud800"):
        with pytest.raises(SignInRefusedError) as refused:
            sign_in(live.store, email, "wrong password", now=NOW)
        said.add((str(refused.value), refused.value.in_thai()))
    assert len(said) == 1


def test_an_unknown_address_costs_a_check_of_a_password_too(live: LiveOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    whole = PasswordHasher.verify

    def seen(hasher: PasswordHasher, stored: str, given: bytes) -> bool:
        checked.append(stored)
        return whole(hasher, stored, given)

    monkeypatch.setattr(PasswordHasher, "verify", seen)
    fail(live.store, 1)
    fail(live.store, 1, "nobody@example.test")
    ours, nobodys = checked
    assert ours != nobodys
    assert ours.split("$")[:4] == nobodys.split("$")[:4]


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.test"])
def test_five_failures_lock_an_address_whether_it_has_an_account_or_not(live: LiveOffice, email: str) -> None:
    fail(live.store, 5, email)
    with pytest.raises(SignInLockedError, match="locked for 1 more minutes") as refused:
        sign_in(live.store, email, PASSWORD, now=NOW + timedelta(seconds=59))
    assert "๑ นาที" in refused.value.in_thai()


def test_the_right_password_opens_again_when_the_lock_is_over_and_failures_begin_anew(live: LiveOffice) -> None:
    fail(live.store, 5)
    assert enter(live, NOW + MINUTE).session.person == HEAD
    fail(live.store, 4, when=NOW + MINUTE)
    assert enter(live, NOW + MINUTE).session.person == HEAD


def test_a_failure_after_a_lock_locks_for_twice_as_long(live: LiveOffice) -> None:
    fail(live.store, 5)
    fail(live.store, 1, when=NOW + MINUTE)
    with pytest.raises(SignInLockedError, match="2 more minutes"):
        enter(live, NOW + MINUTE)


def test_locks_grow_from_one_minute_to_an_hour() -> None:
    minutes = [lock_after(failed) // MINUTE for failed in (0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 10_000)]
    assert minutes == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_crowd_at_one_moment_gets_no_more_tries_than_one_by_one(live: LiveOffice) -> None:
    refused, start = list[SucharitError](), threading.Barrier(12)

    def guess() -> None:
        start.wait()
        try:
            sign_in(live.store, EMAIL, "wrong password", now=NOW)
        except SucharitError as error:
            refused.append(error)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [type(error) for error in refused]
    assert (kinds.count(SignInRefusedError), kinds.count(SignInLockedError)) == (5, 7)


def test_failures_of_long_ago_are_forgotten(live: LiveOffice) -> None:
    fail(live.store, 1, "nobody@example.test")
    enter(live, NOW + timedelta(days=1))
    assert sql(live.store, "SELECT failed FROM sign_in_try") == []


@pytest.mark.usefixtures("real_hashes")
def test_a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in(live: LiveOffice) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    sql(live.store, "UPDATE account SET password_hash = :weak", weak=weak)
    enter(live)
    with live.reading() as desk:
        account = desk.uow.accounts.get(HEAD)
    assert account is not None
    assert str(account.password_hash).split("$")[3] == PasswordHasher().hash("x").split("$")[3]
    assert enter(live).session.person == HEAD


def test_a_session_lasts_twelve_hours_from_its_last_use(live: LiveOffice) -> None:
    token, used = enter(live).token, NOW + timedelta(hours=11)
    assert session_of(live.store, token, used) is not None
    assert session_of(live.store, token, used + timedelta(hours=12, seconds=-1)) is not None


def test_an_unused_session_ends_after_twelve_hours(live: LiveOffice) -> None:
    assert session_of(live.store, enter(live).token, NOW + timedelta(hours=12)) is None


def test_a_session_in_use_ends_after_seven_days(live: LiveOffice) -> None:
    token = enter(live).token
    for hours in range(10, 7 * 24, 10):
        assert session_of(live.store, token, NOW + timedelta(hours=hours)) is not None
    assert session_of(live.store, token, NOW + timedelta(days=7)) is None


def test_use_of_a_session_is_written_once_in_five_minutes(live: LiveOffice) -> None:
    token = enter(live).token
    seen = []
    for minutes in (4, 5, 9, 10):
        session_of(live.store, token, NOW + minutes * MINUTE)
        (session,) = sessions_of(live.store, live.key, HEAD, now=NOW + minutes * MINUTE)
        seen.append((session.seen_at - NOW) // MINUTE)
    assert seen == [0, 5, 5, 10]


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "ก" * 5000])
def test_a_made_up_token_opens_nothing(live: LiveOffice, token: str) -> None:
    end_session(live.store, token)
    assert session_of(live.store, token, NOW) is None


def test_signing_out_ends_this_session_only(live: LiveOffice) -> None:
    first, second = enter(live), enter(live)
    end_session(live.store, first.token)
    assert session_of(live.store, first.token, NOW) is None
    assert session_of(live.store, second.token, NOW) is not None


def test_a_lost_telephone_is_signed_out_from_elsewhere(live: LiveOffice) -> None:
    lost = enter(live)
    with live.desk() as desk:
        end_session_by_id(desk, HEAD, lost.session.id, NOW, HEAD)
    assert sessions_of(live.store, live.key, HEAD, now=NOW) == []
    with live.desk() as desk, pytest.raises(NotFoundError):
        end_session_by_id(desk, HEAD, lost.session.id, NOW, HEAD)


def test_nobody_ends_a_session_of_somebody_else(live: LiveOffice) -> None:
    theirs = enter(live)
    with live.desk() as desk, pytest.raises(NotFoundError):
        end_session_by_id(desk, "the-clerk", theirs.session.id, NOW, "the-clerk")
    assert session_of(live.store, theirs.token, NOW) is not None


def test_a_new_password_ends_every_other_session_and_the_old_password(live: LiveOffice) -> None:
    here, elsewhere = enter(live), enter(live)
    set_password(live.store, live.key, HEAD, "สุนัขสีดำวิ่งเร็วมาก", NOW, keep=here.session.id)
    assert session_of(live.store, here.token, NOW) is not None
    assert session_of(live.store, elsewhere.token, NOW) is None
    fail(live.store, 1)
    with pytest.raises(SignInRefusedError):
        enter(live)


def test_a_new_password_stops_links_sent_before(live: LiveOffice) -> None:
    token = ask_link(live.store, EMAIL, now=NOW) or ""
    set_password(live.store, live.key, HEAD, "สุนัขสีดำวิ่งเร็วมาก", NOW)
    with pytest.raises(LinkExpiredError):
        use_link(live.store, token, NOW)


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "ninechars",
        "Password123",
        "1234567890",
        "ababababababab",
        "Chang-Head@Example.Test",
        "chang-head",
        "ผู้ดำรงตำแหน่งผู้อำนวยการกองช่าง",
        "x" * 100 + "abcdef" * 20,
    ],
)
def test_a_weak_password_is_refused_and_the_old_one_stays(live: LiveOffice, weak: str) -> None:
    with pytest.raises(WeakPasswordError, match="cannot be taken"):
        set_password(live.store, live.key, HEAD, weak, NOW)
    assert enter(live).session.person == HEAD


def test_a_person_without_an_account_cannot_set_a_password(live: LiveOffice) -> None:
    with pytest.raises(NotFoundError, match="account"):
        set_password(live.store, live.key, "the-mayor", PASSWORD, NOW)


def test_a_clock_that_does_not_fit_keeps_nobody_out_and_takes_no_password(live: LiveOffice) -> None:
    early = NOW - timedelta(days=1)
    assert enter(live, early).session.person == HEAD
    with pytest.raises(ClockBehindError):
        set_password(live.store, live.key, HEAD, "ปลาทูนึ่งสองเข่ง", early)


def test_the_ledger_tells_who_came_in_and_holds_no_secret(live: LiveOffice) -> None:
    signed_in = enter(live)
    link = ask_link(live.store, EMAIL, now=NOW) or ""
    by_link = use_link(live.store, link, NOW)
    session_of(live.store, signed_in.token, NOW + timedelta(hours=1))
    lines = live.ledger("account.")
    assert [line.entry.kind.removeprefix("account.") for line in lines] == [
        "made",
        "password_changed",
        "signed_in",
        "link_used",
        "signed_in",
    ]
    said = repr(lines)
    assert not [secret for secret in (PASSWORD, EMAIL, link, signed_in.token, by_link.token) if secret in said]
    assert verify(live.ledger())[0] == len(live.ledger())


def test_the_database_holds_no_secret_that_opens_anything(live: LiveOffice) -> None:
    link = ask_link(live.store, EMAIL, now=NOW) or ""
    signed_in = enter(live)
    stored = repr([sql(live.store, f"SELECT * FROM {table}") for table in ("account", "session", "one_time_link")])
    assert EMAIL in stored
    assert not [secret for secret in (PASSWORD, link, signed_in.token, signed_in.session.csrf) if secret in stored]
    assert signed_in.token not in repr(signed_in)

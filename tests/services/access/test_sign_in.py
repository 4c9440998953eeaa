from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import pytest
from argon2 import PasswordHasher

from domain.errors import NotFoundError, SucharitError
from domain.ledger import verify
from domain.people import Person
from services.access.accounts import (
    NoAddressError,
    UnknownLanguageError,
    disable_account,
    link_to_set_password,
    make_account,
    set_language,
)
from services.access.passwords import WeakPasswordError
from services.access.sign_in import (
    AccountDisabledError,
    LinkExpiredError,
    LinkUnknownError,
    LinkUsedError,
    NoAdministratorError,
    SignedIn,
    SignInLockedError,
    SignInRefusedError,
    ask_link,
    end_session,
    end_session_by_id,
    first_administrator_link,
    lock_after,
    session_of,
    sessions_of,
    set_password,
    sign_in,
    use_link,
    wants_first_administrator,
)
from services.clock import ClockBehindError
from storage.accounts import LinkPurpose
from storage.errors import AlreadyThereError
from storage.store import Store
from tests.factories import at, make_people
from tests.services.beginnings import begin_with
from tests.services.live_office import ADMIN, KEY, LiveOffice, found_office
from tests.storage.rows import sql

NOW: Final = at("2023-04-10 08:30")
HEAD: Final = "the-chang-head"
EMAIL: Final = "chang-head@example.test"
PASSWORD: Final = "แมวสีเทานั่งบนหลังคา"
MINUTE: Final = timedelta(minutes=1)


@pytest.fixture
def live(store: Store) -> LiveOffice:
    """An office whose head of กองช่าง has an account and a password."""
    begin_with(store, "a head with a password", lambda: _give_account(found_office(store)))
    return LiveOffice(store, KEY)


def _give_account(live: LiveOffice, person: str = HEAD, email: str | None = None) -> None:
    with live.desk() as desk:
        make_account(desk, person, email, NOW, by=ADMIN)
    set_password(live.store, live.key, person, PASSWORD, NOW)


def _enter(live: LiveOffice, when: datetime = NOW, password: str = PASSWORD) -> SignedIn:
    return sign_in(live.store, EMAIL, password, at=when, agent="Browser")


def _fail(store: Store, times: int, email: str = EMAIL, when: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            sign_in(store, email, "wrong password", at=when)


def test_the_right_password_begins_a_session_that_the_token_opens(live: LiveOffice) -> None:
    signed_in = _enter(live)
    found = session_of(live.store, signed_in.token, NOW)
    assert found == signed_in.session
    assert found is not None
    assert (found.office, found.person, found.agent) == (live.key, HEAD, "Browser")
    assert found.csrf == hashlib.sha256(f"csrf:{signed_in.token}".encode()).hexdigest()[:32]


@pytest.mark.parametrize("email", ["  Chang-Head@Example.TEST ", EMAIL])
def test_an_address_is_the_same_in_capitals_and_with_blanks_around(live: LiveOffice, email: str) -> None:
    assert sign_in(live.store, email, PASSWORD, at=NOW).session.person == HEAD


def test_a_password_is_the_same_in_whatever_order_a_keyboard_composes_it(live: LiveOffice) -> None:
    set_password(live.store, live.key, HEAD, "un caf\u00e9 au lait", NOW)
    assert _enter(live, password="un cafe\u0301 au lait").session.person == HEAD


def test_a_wrong_password_an_unknown_address_and_no_password_yet_are_refused_in_the_same_words(
    live: LiveOffice,
) -> None:
    with live.desk() as desk:
        make_account(desk, "the-clerk", None, NOW, by=ADMIN)
    said = set()
    for email in (EMAIL, "nobody@example.test", "clerk@example.test", "", "\0", "\ud800"):
        with pytest.raises(SignInRefusedError) as refused:
            sign_in(live.store, email, "wrong password", at=NOW)
        said.add((str(refused.value), refused.value.in_thai()))
    assert len(said) == 1


def test_an_unknown_address_costs_a_check_of_a_password_too(live: LiveOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    whole = PasswordHasher.verify

    def seen(hasher: PasswordHasher, stored: str, given: bytes) -> bool:
        checked.append(stored)
        return whole(hasher, stored, given)

    monkeypatch.setattr(PasswordHasher, "verify", seen)
    _fail(live.store, 1)
    _fail(live.store, 1, "nobody@example.test")
    ours, nobodys = checked
    assert ours != nobodys
    assert ours.split("$")[:4] == nobodys.split("$")[:4]


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.test"])
def test_five_failures_lock_an_address_whether_it_has_an_account_or_not(live: LiveOffice, email: str) -> None:
    _fail(live.store, 5, email)
    with pytest.raises(SignInLockedError, match="locked for 1 more minutes") as refused:
        sign_in(live.store, email, PASSWORD, at=NOW + timedelta(seconds=59))
    assert "๑ นาที" in refused.value.in_thai()


def test_the_right_password_opens_again_when_the_lock_is_over_and_failures_begin_anew(live: LiveOffice) -> None:
    _fail(live.store, 5)
    assert _enter(live, NOW + MINUTE).session.person == HEAD
    _fail(live.store, 4, when=NOW + MINUTE)
    assert _enter(live, NOW + MINUTE).session.person == HEAD


def test_a_failure_after_a_lock_locks_for_twice_as_long(live: LiveOffice) -> None:
    _fail(live.store, 5)
    _fail(live.store, 1, when=NOW + MINUTE)
    with pytest.raises(SignInLockedError, match="2 more minutes"):
        _enter(live, NOW + MINUTE)


def test_locks_grow_from_one_minute_to_an_hour() -> None:
    minutes = [lock_after(failed) // MINUTE for failed in (0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 10_000)]
    assert minutes == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_crowd_at_one_moment_gets_no_more_tries_than_one_by_one(live: LiveOffice) -> None:
    refused, start = list[SucharitError](), threading.Barrier(12)

    def guess() -> None:
        start.wait()
        try:
            sign_in(live.store, EMAIL, "wrong password", at=NOW)
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
    _fail(live.store, 1, "nobody@example.test")
    _enter(live, NOW + timedelta(days=1))
    assert sql(live.store, "SELECT failed FROM sign_in_try") == []


def test_a_hash_of_other_parameters_is_made_anew_at_the_next_sign_in(live: LiveOffice) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    sql(live.store, "UPDATE account SET password_hash = :weak", weak=weak)
    _enter(live)
    with live.reading() as desk:
        account = desk.uow.accounts.get(HEAD)
    assert account is not None
    assert str(account.password_hash).split("$")[3] == PasswordHasher().hash("x").split("$")[3]
    assert _enter(live).session.person == HEAD


def test_a_session_lasts_twelve_hours_from_its_last_use(live: LiveOffice) -> None:
    token, used = _enter(live).token, NOW + timedelta(hours=11)
    assert session_of(live.store, token, used) is not None
    assert session_of(live.store, token, used + timedelta(hours=12, seconds=-1)) is not None


def test_an_unused_session_ends_after_twelve_hours(live: LiveOffice) -> None:
    assert session_of(live.store, _enter(live).token, NOW + timedelta(hours=12)) is None


def test_a_session_in_use_ends_after_seven_days(live: LiveOffice) -> None:
    token = _enter(live).token
    for hours in range(10, 7 * 24, 10):
        assert session_of(live.store, token, NOW + timedelta(hours=hours)) is not None
    assert session_of(live.store, token, NOW + timedelta(days=7)) is None


def test_use_of_a_session_is_written_once_in_five_minutes(live: LiveOffice) -> None:
    token = _enter(live).token
    seen = []
    for minutes in (4, 5, 9, 10):
        session_of(live.store, token, NOW + minutes * MINUTE)
        (session,) = sessions_of(live.store, live.key, HEAD, at=NOW + minutes * MINUTE)
        seen.append((session.seen_at - NOW) // MINUTE)
    assert seen == [0, 5, 5, 10]


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "ก" * 5000])
def test_a_made_up_token_opens_nothing(live: LiveOffice, token: str) -> None:
    end_session(live.store, token)
    assert session_of(live.store, token, NOW) is None


def test_signing_out_ends_this_session_only(live: LiveOffice) -> None:
    first, second = _enter(live), _enter(live)
    end_session(live.store, first.token)
    assert session_of(live.store, first.token, NOW) is None
    assert session_of(live.store, second.token, NOW) is not None


def test_a_lost_telephone_is_signed_out_from_elsewhere(live: LiveOffice) -> None:
    lost = _enter(live)
    with live.desk() as desk:
        end_session_by_id(desk, HEAD, lost.session.id)
    assert sessions_of(live.store, live.key, HEAD, at=NOW) == []
    with live.desk() as desk, pytest.raises(NotFoundError):
        end_session_by_id(desk, HEAD, lost.session.id)


def test_nobody_ends_a_session_of_somebody_else(live: LiveOffice) -> None:
    theirs = _enter(live)
    with live.desk() as desk, pytest.raises(NotFoundError):
        end_session_by_id(desk, "the-clerk", theirs.session.id)
    assert session_of(live.store, theirs.token, NOW) is not None


def test_a_new_password_ends_every_other_session_and_the_old_password(live: LiveOffice) -> None:
    here, elsewhere = _enter(live), _enter(live)
    set_password(live.store, live.key, HEAD, "สุนัขสีดำวิ่งเร็วมาก", NOW, keep=here.session.id)
    assert session_of(live.store, here.token, NOW) is not None
    assert session_of(live.store, elsewhere.token, NOW) is None
    _fail(live.store, 1)
    with pytest.raises(SignInRefusedError):
        _enter(live)


def test_a_new_password_stops_links_sent_before(live: LiveOffice) -> None:
    token = ask_link(live.store, EMAIL, at=NOW) or ""
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
    assert _enter(live).session.person == HEAD


def test_a_person_without_an_account_cannot_set_a_password(live: LiveOffice) -> None:
    with pytest.raises(NotFoundError, match="account"):
        set_password(live.store, live.key, "the-mayor", PASSWORD, NOW)


def test_a_link_signs_in_once(live: LiveOffice) -> None:
    token = ask_link(live.store, EMAIL, at=NOW) or ""
    done = use_link(live.store, token, NOW + 19 * MINUTE, "Browser")
    assert (done.session.person, done.purpose) == (HEAD, LinkPurpose.SIGN_IN)
    assert session_of(live.store, done.token, NOW + 20 * MINUTE) is not None
    with pytest.raises(LinkUsedError):
        use_link(live.store, token, NOW + 19 * MINUTE)


def test_a_link_used_by_many_at_once_signs_in_one(live: LiveOffice) -> None:
    token, done, start = ask_link(live.store, EMAIL, at=NOW) or "", list[object](), threading.Barrier(6)

    def use() -> None:
        start.wait()
        try:
            done.append(use_link(live.store, token, NOW))
        except LinkUsedError as error:
            done.append(error)

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(each).__name__ for each in done) == [*["LinkUsedError"] * 5, "SignedIn"]


def test_a_link_is_over_after_twenty_minutes_also_when_it_was_asked_for_by_nobody_else(live: LiveOffice) -> None:
    token = ask_link(live.store, EMAIL, at=NOW) or ""
    with pytest.raises(LinkExpiredError):
        use_link(live.store, token, NOW + 20 * MINUTE)


def test_a_made_up_link_is_not_known(live: LiveOffice) -> None:
    with pytest.raises(LinkUnknownError):
        use_link(live.store, "made-up", NOW)


def test_a_person_gets_no_fourth_link_while_three_work(live: LiveOffice) -> None:
    """Who asks for other people's links in vain leaves one in their mailbox that works: nobody is kept out."""
    asked = [ask_link(live.store, EMAIL, at=NOW + n * MINUTE) for n in (0, 1, 2, 3, 19, 20)]
    assert [link is not None for link in asked] == [True, True, True, False, False, True]
    assert use_link(live.store, asked[2] or "", NOW + 19 * MINUTE).token


def test_nobody_gets_a_link_without_an_account_that_works(live: LiveOffice) -> None:
    assert ask_link(live.store, "nobody@example.test", at=NOW) is None
    with live.desk() as desk:
        disable_account(desk, HEAD, NOW, by=ADMIN)
    assert ask_link(live.store, EMAIL, at=NOW) is None


def test_a_link_lets_in_who_is_locked_out_and_forgets_the_failures(live: LiveOffice) -> None:
    _fail(live.store, 5)
    use_link(live.store, ask_link(live.store, EMAIL, at=NOW) or "", NOW)
    assert _enter(live).session.person == HEAD


def test_the_first_administrator_comes_in_by_a_link_and_sets_a_password(office: Callable[..., LiveOffice]) -> None:
    live = office()
    assert wants_first_administrator(live.store, live.key)
    done = use_link(live.store, first_administrator_link(live.store, live.key, NOW), NOW + timedelta(hours=23))
    assert (done.session.person, done.purpose) == (ADMIN, LinkPurpose.FIRST_ADMINISTRATOR)
    set_password(live.store, live.key, ADMIN, PASSWORD, NOW + timedelta(hours=23), keep=done.session.id)
    assert not wants_first_administrator(live.store, live.key)


def test_a_second_first_link_takes_the_place_of_the_first(office: Callable[..., LiveOffice]) -> None:
    live = office()
    old, new = (first_administrator_link(live.store, live.key, NOW) for _ in range(2))
    with pytest.raises(LinkExpiredError):
        use_link(live.store, old, NOW)
    assert use_link(live.store, new, NOW).session.person == ADMIN


def test_an_office_without_an_administrator_has_no_first_link(office: Callable[..., LiveOffice]) -> None:
    live = office(people=make_people(vacant=["admin"]))
    with pytest.raises(NoAdministratorError):
        first_administrator_link(live.store, live.key, NOW)


def test_a_disabled_account_is_signed_out_and_stays_out(live: LiveOffice) -> None:
    token, link = _enter(live).token, ask_link(live.store, EMAIL, at=NOW) or ""
    with live.desk() as desk:
        disable_account(desk, HEAD, NOW, by=ADMIN)
        disable_account(desk, HEAD, NOW, by=ADMIN)
    assert session_of(live.store, token, NOW) is None
    with pytest.raises(LinkUnknownError):
        use_link(live.store, link, NOW)
    with pytest.raises(AccountDisabledError):
        _enter(live)
    with live.desk() as desk, pytest.raises(NotFoundError, match="disabled"):
        link_to_set_password(desk, HEAD, NOW, by=ADMIN)
    assert len(live.ledger("account.disabled")) == 1


def test_a_disabled_account_is_opened_again_without_its_old_password(live: LiveOffice) -> None:
    with live.desk() as desk:
        disable_account(desk, HEAD, NOW, by=ADMIN)
        make_account(desk, HEAD, "new-head@example.test", NOW, by=ADMIN)
        token = link_to_set_password(desk, HEAD, NOW, by=ADMIN)
    with pytest.raises(SignInRefusedError):
        sign_in(live.store, "new-head@example.test", PASSWORD, at=NOW)
    assert use_link(live.store, token, NOW).purpose is LinkPurpose.SET_PASSWORD


def test_somebody_who_left_the_office_is_signed_out(live: LiveOffice) -> None:
    token = _enter(live).token
    with live.desk() as desk:
        people = make_people()
        persons = tuple(person for person in people.persons if person.key != HEAD)
        desk.uow.people.save(type(people)(people.divisions, people.posts, persons, people.holdings))
    assert session_of(live.store, token, NOW) is None
    _fail(live.store, 1)
    assert ask_link(live.store, EMAIL, at=NOW) is None


def test_two_accounts_have_two_addresses_in_whichever_offices(
    live: LiveOffice, office: Callable[..., LiveOffice]
) -> None:
    other = office(key="ban-kao")
    with other.desk() as desk, pytest.raises(AlreadyThereError, match=EMAIL):
        make_account(desk, HEAD, EMAIL.upper(), NOW, by=ADMIN)
    with other.reading() as desk:
        assert desk.uow.accounts.all() == []


def test_a_person_has_one_account(live: LiveOffice) -> None:
    with live.desk() as desk, pytest.raises(AlreadyThereError, match=HEAD):
        make_account(desk, HEAD, "second@example.test", NOW, by=ADMIN)


def test_an_account_needs_a_person_with_an_address(live: LiveOffice) -> None:
    with live.desk() as desk:
        with pytest.raises(NotFoundError):
            make_account(desk, "nobody", "a@example.test", NOW, by=ADMIN)
        desk.uow.people.save(type(desk.people)(persons=(Person("p", "คนหนึ่ง"),)))
    with live.desk() as desk:
        with pytest.raises(NoAddressError):
            make_account(desk, "p", None, NOW, by=ADMIN)
        with pytest.raises(SucharitError, match="saraban"):
            make_account(desk, "p", "saraban@example.test", NOW, by=ADMIN)


def test_an_account_speaks_thai_until_another_language_is_chosen(live: LiveOffice) -> None:
    with live.desk() as desk:
        before = desk.uow.accounts.get(HEAD)
        set_language(desk.uow, HEAD, "en")
        after = desk.uow.accounts.get(HEAD)
        with pytest.raises(UnknownLanguageError):
            set_language(desk.uow, HEAD, "de")
    assert before is not None
    assert after is not None
    assert (before.language, after.language) == ("th", "en")


def test_a_clock_that_does_not_fit_keeps_nobody_out_and_takes_no_password(live: LiveOffice) -> None:
    early = NOW - timedelta(days=1)
    assert _enter(live, early).session.person == HEAD
    with pytest.raises(ClockBehindError):
        set_password(live.store, live.key, HEAD, "ปลาทูนึ่งสองเข่ง", early)


def test_the_ledger_tells_who_came_in_and_holds_no_secret(live: LiveOffice) -> None:
    signed_in = _enter(live)
    link = ask_link(live.store, EMAIL, at=NOW) or ""
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
    link = ask_link(live.store, EMAIL, at=NOW) or ""
    signed_in = _enter(live)
    stored = repr([sql(live.store, f"SELECT * FROM {table}") for table in ("account", "session", "one_time_link")])
    assert EMAIL in stored
    assert not [secret for secret in (PASSWORD, link, signed_in.token, signed_in.session.csrf) if secret in stored]
    assert signed_in.token not in repr(signed_in)

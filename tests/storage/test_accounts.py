from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import migrate
from storage.accounts import Account, LinkPurpose, OneTimeLink, SignedInAt
from storage.errors import AlreadyThereError
from storage.store import Store
from storage.unit_of_work import UnitOfWork
from tests.factories import make_office, make_people
from tests.services.beginnings import begin_with
from tests.storage.rows import KEY, NOW, add_office, note, sql

OTHER: Final = "ban-kao"
WHO: Final = "the-chang-head"
HOUR: Final = timedelta(hours=1)


def make_account(**facts: Any) -> Account:
    given: dict[str, Any] = {
        "office": KEY,
        "person": WHO,
        "email": "a@example.test",
        "made_at": NOW,
        "password_hash": "$h",
    }
    return Account(**given | facts)


def make_session(**facts: Any) -> SignedInAt:
    given: dict[str, Any] = {"office": KEY, "id": "ab" * 32, "person": WHO, "created_at": NOW, "seen_at": NOW}
    return SignedInAt(**given | {"expires_at": NOW + HOUR, "agent": "Browser"} | facts)


def make_link(**facts: Any) -> OneTimeLink:
    given: dict[str, Any] = {
        "office": KEY,
        "id": "cd" * 32,
        "purpose": LinkPurpose.SIGN_IN,
        "person": WHO,
        "created_at": NOW,
    }
    return OneTimeLink(**given | {"expires_at": NOW + HOUR} | facts)


def make_other() -> Account:
    return make_account(office=OTHER, email="b@example.test")


@pytest.fixture
def both(store: Store) -> Store:
    """Two offices with the same persons; only the first has an account, a session and a link."""
    begin_with(store, "one account in two offices", lambda: _make(store))
    return store


def _make(store: Store) -> None:
    for key in (KEY, OTHER):
        add_office(store, make_office(key=key))
        with store.unit_of_work(key) as uow:
            uow.people.save(make_people())
            uow.commit()
    with store.unit_of_work(KEY) as uow:
        assert uow.accounts.add(make_account())
        uow.accounts.add_session(make_session())
        uow.accounts.add_link(make_link())
        uow.commit()


def everything(store: Store) -> list[Any]:
    return [list(sql(store, f"SELECT * FROM {table}")) for table in ("account", "session", "one_time_link")]


def test_what_is_stored_comes_back_the_same(both: Store) -> None:
    with both.reader(KEY) as uow:
        assert (uow.accounts.get(WHO), uow.accounts.all()) == (make_account(), [make_account()])
        assert uow.accounts.sessions(WHO, NOW) == [make_session()]
    found = both.entrance
    assert (found.account("a@example.test"), found.session("ab" * 32), found.link("cd" * 32)) == (
        make_account(),
        make_session(),
        make_link(),
    )


def test_an_office_sees_no_account_session_or_link_of_another(both: Store) -> None:
    with both.reader(OTHER) as uow:
        accounts = uow.accounts
        assert (accounts.all(), accounts.get(WHO), accounts.sessions(WHO, NOW)) == ([], None, [])
        assert accounts.links_since(WHO, LinkPurpose.SIGN_IN, NOW - HOUR) == 0
    with both.reader(KEY) as uow:
        assert uow.accounts.links_since(WHO, LinkPurpose.SIGN_IN, NOW - HOUR) == 1


WRITES: Final[dict[str, Callable[[UnitOfWork], object]]] = {
    "an account": lambda uow: uow.accounts.save(make_other()),
    "a session's use": lambda uow: uow.accounts.touch("ab" * 32, seen_at=NOW + HOUR, expires_at=NOW + 2 * HOUR),
    "a session": lambda uow: uow.accounts.end_session("ab" * 32, WHO),
    "sessions": lambda uow: uow.accounts.end_sessions(WHO),
    "a link": lambda uow: uow.accounts.spend_link("cd" * 32, NOW),
    "links": lambda uow: uow.accounts.expire_links(WHO, NOW),
    "what is over": lambda uow: uow.accounts.forget_expired(NOW + timedelta(days=9)),
}


@pytest.mark.parametrize("what", WRITES)
def test_an_office_changes_nothing_of_another(both: Store, what: str) -> None:
    before = everything(both)
    with both.unit_of_work(OTHER) as uow:
        WRITES[what](uow)
        uow.commit()
    assert everything(both) == before


@pytest.mark.parametrize("what", [name for name in WRITES if name != "an account"])
def test_the_same_changes_something_of_its_own(both: Store, what: str) -> None:
    before = everything(both)
    with both.unit_of_work(KEY) as uow:
        WRITES[what](uow)
        uow.commit()
    assert everything(both) != before


ADDITIONS: Final[dict[str, Callable[[UnitOfWork], object]]] = {
    "an account": lambda uow: uow.accounts.add(make_account()),
    "a changed account": lambda uow: uow.accounts.save(make_account()),
    "a session": lambda uow: uow.accounts.add_session(make_session()),
    "a link": lambda uow: uow.accounts.add_link(make_link()),
}


@pytest.mark.parametrize("what", ADDITIONS)
def test_rows_of_another_office_cannot_be_stored(both: Store, what: str) -> None:
    with both.unit_of_work(OTHER) as uow, pytest.raises(ValueError, match=f"“{KEY}” in a unit of work of “{OTHER}”"):
        ADDITIONS[what](uow)


def test_an_address_belongs_to_one_account_of_all_offices(both: Store) -> None:
    with both.unit_of_work(OTHER) as uow:
        assert not uow.accounts.add(make_account(office=OTHER))
        assert not uow.accounts.is_free("a@example.test", WHO)
        assert uow.accounts.add(make_other())
        uow.commit()
    with pytest.raises(AlreadyThereError), both.unit_of_work(OTHER) as uow:
        uow.accounts.save(make_account(office=OTHER))


def test_a_disabled_account_opens_nothing(both: Store) -> None:
    with both.unit_of_work(KEY) as uow:
        uow.accounts.save(replace(make_account(), is_disabled=True))
        uow.commit()
    found = both.entrance
    assert (found.session("ab" * 32), found.link("cd" * 32)) == (None, None)


def test_an_account_of_a_person_who_left_opens_nothing(both: Store) -> None:
    with both.unit_of_work(KEY) as uow:
        uow.people.save(make_people(divisions=()))
        uow.commit()
    found = both.entrance
    assert (found.account("a@example.test"), found.session("ab" * 32), found.link("cd" * 32)) == (None, None, None)


def test_saving_the_people_again_keeps_who_is_signed_in(both: Store) -> None:
    with both.unit_of_work(KEY) as uow:
        uow.people.save(make_people())
        uow.commit()
    assert both.entrance.session("ab" * 32) == make_session()


def test_a_session_is_never_seen_earlier_than_it_was(both: Store) -> None:
    with both.unit_of_work(KEY) as uow:
        uow.accounts.touch("ab" * 32, seen_at=NOW - HOUR, expires_at=NOW)
        uow.commit()
    assert both.entrance.session("ab" * 32) == make_session()


def test_a_removed_office_takes_its_accounts(both: Store) -> None:
    with both.unit_of_work(KEY) as uow:
        uow.offices.remove()
        uow.commit()
    assert everything(both) == [[], [], []]


def test_an_office_is_carried_over_with_its_accounts_and_failed_tries_stay(both: Store, tmp_path: Any) -> None:
    both.entrance.count_try("ee" * 32, NOW, lambda _failed: HOUR)
    source = Store(f"sqlite:///{tmp_path / 'played.db'}", durable=False)
    source.make_tables()
    add_office(source)
    with source.unit_of_work(KEY) as uow:
        uow.accounts.add(make_account(email="c@example.test"))
        uow.commit()
    both.replace_office(KEY, source)
    source.close()
    with both.reader(KEY) as uow:
        assert [account.email for account in uow.accounts.all()] == ["c@example.test"]
    assert both.entrance.count_try("ee" * 32, NOW, lambda _failed: HOUR) == NOW + HOUR


def test_a_locked_address_is_not_counted_further(store: Store) -> None:
    def count(hours: int) -> Any:
        return store.entrance.count_try("ee" * 32, NOW + hours * HOUR, lambda failed: failed * HOUR)

    assert [count(hours) for hours in (0, 0, 1, 2)] == [None, NOW + HOUR, None, NOW + 3 * HOUR]
    assert sql(store, "SELECT failed FROM sign_in_try") == [(2,)]


def test_accounts_come_to_a_database_that_is_in_use_and_leave_it_whole(store: Store) -> None:
    add_office(store)
    note(store, count=3)
    with store._engine.connect() as connection:
        migrate.downgrade(connection, "0001")
    assert not store.is_current()
    store.migrate()
    with store.unit_of_work(KEY) as uow:
        assert uow.ledger.head()[0] == 3
        assert uow.accounts.add(make_account())
        uow.commit()
    with store._engine.connect() as connection:
        migrate.downgrade(connection, "0001")
        assert connection.scalar(text("SELECT ledger_seq FROM office")) == 3


def test_a_session_needs_an_account(both: Store) -> None:
    with both.unit_of_work(KEY) as uow, pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        uow.accounts.add_session(make_session(id="ef" * 32, person="the-mayor"))

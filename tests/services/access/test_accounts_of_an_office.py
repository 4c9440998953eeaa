from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.errors import NotFoundError, SucharitError
from domain.people import Person
from services.access.accounts import (
    NoAddressError,
    UnknownLanguageError,
    disable_account,
    link_to_set_password,
    make_account,
    set_language,
)
from services.access.sign_in import (
    AccountDisabledError,
    LinkUnknownError,
    SignInRefusedError,
    ask_link,
    session_of,
    sign_in,
    use_link,
)
from storage.accounts import LinkPurpose
from storage.errors import AlreadyThereError
from tests.factories import make_people
from tests.services.access.signing_in import EMAIL, HEAD, NOW, PASSWORD, enter, fail
from tests.services.live_office import ADMIN, LiveOffice


def test_a_disabled_account_is_signed_out_and_stays_out(live: LiveOffice) -> None:
    token, link = enter(live).token, ask_link(live.store, EMAIL, now=NOW) or ""
    with live.desk() as desk:
        disable_account(desk, HEAD, NOW, by=ADMIN)
        disable_account(desk, HEAD, NOW, by=ADMIN)
    assert session_of(live.store, token, NOW) is None
    with pytest.raises(LinkUnknownError):
        use_link(live.store, link, NOW)
    with pytest.raises(AccountDisabledError):
        enter(live)
    with live.desk() as desk, pytest.raises(NotFoundError, match="disabled"):
        link_to_set_password(desk, HEAD, NOW, by=ADMIN)
    assert len(live.ledger("account.disabled")) == 1


def test_a_disabled_account_is_opened_again_without_its_old_password(live: LiveOffice) -> None:
    with live.desk() as desk:
        disable_account(desk, HEAD, NOW, by=ADMIN)
        make_account(desk, HEAD, "new-head@example.test", NOW, by=ADMIN)
        token = link_to_set_password(desk, HEAD, NOW, by=ADMIN)
    with pytest.raises(SignInRefusedError):
        sign_in(live.store, "new-head@example.test", PASSWORD, now=NOW)
    assert use_link(live.store, token, NOW).purpose is LinkPurpose.SET_PASSWORD


def test_somebody_who_left_the_office_is_signed_out(live: LiveOffice) -> None:
    token = enter(live).token
    with live.desk() as desk:
        people = make_people()
        persons = tuple(person for person in people.persons if person.key != HEAD)
        desk.uow.people.save(type(people)(people.divisions, people.posts, persons, people.holdings))
    assert session_of(live.store, token, NOW) is None
    fail(live.store, 1)
    assert ask_link(live.store, EMAIL, now=NOW) is None


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

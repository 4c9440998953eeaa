from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from services.access.accounts import disable_account
from services.access.sign_in import (
    LinkExpiredError,
    LinkUnknownError,
    LinkUsedError,
    NoAdministratorError,
    ask_link,
    first_administrator_link,
    session_of,
    set_password,
    use_link,
    wants_first_administrator,
)
from storage.accounts import LinkPurpose
from tests.factories import make_people
from tests.services.access.signing_in import EMAIL, HEAD, MINUTE, NOW, PASSWORD, enter, fail
from tests.services.live_office import ADMIN, LiveOffice


def test_a_link_signs_in_once(live: LiveOffice) -> None:
    token = ask_link(live.store, EMAIL, now=NOW) or ""
    done = use_link(live.store, token, NOW + 19 * MINUTE, "Browser")
    assert (done.session.person, done.purpose) == (HEAD, LinkPurpose.SIGN_IN)
    assert session_of(live.store, done.token, NOW + 20 * MINUTE) is not None
    with pytest.raises(LinkUsedError):
        use_link(live.store, token, NOW + 19 * MINUTE)


def test_a_link_used_by_many_at_once_signs_in_one(live: LiveOffice) -> None:
    token, done, start = ask_link(live.store, EMAIL, now=NOW) or "", list[object](), threading.Barrier(6)

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
    token = ask_link(live.store, EMAIL, now=NOW) or ""
    with pytest.raises(LinkExpiredError):
        use_link(live.store, token, NOW + 20 * MINUTE)


def test_a_made_up_link_is_not_known(live: LiveOffice) -> None:
    with pytest.raises(LinkUnknownError):
        use_link(live.store, "made-up", NOW)


def test_a_person_gets_no_fourth_link_while_three_work(live: LiveOffice) -> None:
    """Who asks for other people's links in vain leaves one in their mailbox that works: nobody is kept out."""
    asked = [ask_link(live.store, EMAIL, now=NOW + n * MINUTE) for n in (0, 1, 2, 3, 19, 20)]
    assert [link is not None for link in asked] == [True, True, True, False, False, True]
    assert use_link(live.store, asked[2] or "", NOW + 19 * MINUTE).token


def test_nobody_gets_a_link_without_an_account_that_works(live: LiveOffice) -> None:
    assert ask_link(live.store, "nobody@example.test", now=NOW) is None
    with live.desk() as desk:
        disable_account(desk, HEAD, NOW, by=ADMIN)
    assert ask_link(live.store, EMAIL, now=NOW) is None


def test_a_link_lets_in_who_is_locked_out_and_forgets_the_failures(live: LiveOffice) -> None:
    fail(live.store, 5)
    use_link(live.store, ask_link(live.store, EMAIL, now=NOW) or "", NOW)
    assert enter(live).session.person == HEAD


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

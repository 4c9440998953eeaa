"""Tokens, webhooks and calendars of an office: what is stored, and that no other office reaches it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.accounts import Account
from storage.feeds import FIRST
from storage.hooks import Hook, HookState
from storage.store import Store
from storage.tokens import Token
from tests.factories import make_office, make_people
from tests.storage.rows import KEY, NOW, add_office, note

OTHER, WHO, HOUR = "ban-kao", "the-chang-head", timedelta(hours=1)
TOKEN = Token(KEY, "ab" * 32, WHO, "โปรแกรม", ("read", "work"), NOW, NOW + HOUR)
HOOK = Hook("h1", "https://example.go.th/x", ("plan", "report"), NOW, "the-admin", seq=0, next_try_at=NOW)


@pytest.fixture
def both(store: Store) -> Store:
    """Only the first office owns a token, a webhook and a renewed calendar."""
    add_office(store)
    add_office(store, make_office(key=OTHER))
    with store.unit_of_work(KEY) as uow:
        uow.people.save(make_people())
        uow.accounts.add(Account(KEY, WHO, "a@example.test", NOW))
        uow.tokens.add(TOKEN)
        uow.hooks.add(HOOK)
        uow.feeds.renew("division", "chang")
        uow.commit()
    return store


def test_what_was_stored_comes_back(both: Store) -> None:
    with both.reader(KEY) as uow:
        assert uow.tokens.all() == uow.tokens.all(WHO) == [TOKEN]
        assert uow.tokens.all("the-admin") == []
        assert uow.hooks.all() == [HOOK]
        assert uow.feeds.edition("division", "chang") == FIRST + 1
        assert uow.feeds.edition("person", "chang") == FIRST
    assert both.token(TOKEN.id) == TOKEN


def test_another_office_reaches_nothing(both: Store) -> None:
    with both.unit_of_work(OTHER) as uow:
        assert (uow.tokens.all(), uow.hooks.all(), uow.hooks.get("h1")) == ([], [], None)
        assert not uow.tokens.revoke(TOKEN.id, NOW)
        uow.tokens.revoke_all(WHO, NOW)
        uow.tokens.touch(TOKEN.id, NOW)
        uow.hooks.switch("h1", HookState.PAUSED, NOW)
        uow.hooks.change("h1", url="https://elsewhere.example", events=())
        uow.hooks.drop("h1")
        assert uow.hooks.lease("w", NOW, for_=HOUR) == []
        assert not uow.hooks.settle(HOOK, "w", is_over=True)
        assert uow.feeds.edition("division", "chang") == FIRST
        with pytest.raises(ValueError, match=KEY):
            uow.tokens.add(TOKEN)
        uow.commit()
    with both.reader(KEY) as uow:
        assert (uow.tokens.all(), uow.hooks.all()) == ([TOKEN], [HOOK])


@pytest.mark.parametrize("what", ["the account is closed", "the person has left"])
def test_a_token_opens_nothing_when_its_person_may_not_come_in(both: Store, what: str) -> None:
    with both.unit_of_work(KEY) as uow:
        if what == "the person has left":
            people = uow.people.get()
            uow.people.save(replace(people, persons=tuple(p for p in people.persons if p.key != WHO)))
        else:
            uow.accounts.save(Account(KEY, WHO, "a@example.test", NOW, is_disabled=True))
        uow.commit()
    assert both.token(TOKEN.id) is None


def test_a_webhook_is_leased_once_and_only_while_it_is_behind(both: Store) -> None:
    assert both.offices_to_tell(NOW) == []
    note(both)
    assert both.offices_to_tell(NOW) == [KEY]
    assert both.offices_to_tell(NOW - HOUR) == []
    with both.unit_of_work(KEY) as uow:
        (leased,) = uow.hooks.lease("one", NOW, for_=HOUR)
        assert uow.hooks.lease("two", NOW, for_=HOUR) == []
        assert not uow.hooks.settle(leased, "two", is_over=True)
        assert uow.hooks.settle(replace(leased, seq=1), "one", is_over=True)
        assert uow.hooks.lease("two", NOW, for_=HOUR) == []
        uow.commit()
    assert both.offices_to_tell(NOW) == []


def test_a_lease_that_ran_out_is_another_workers(both: Store) -> None:
    note(both)
    with both.unit_of_work(KEY) as uow:
        uow.hooks.lease("one", NOW, for_=HOUR)
        assert [hook.id for hook in uow.hooks.lease("two", NOW + HOUR, for_=HOUR)] == ["h1"]
        assert not uow.hooks.settle(HOOK, "one", is_over=True)


def test_a_paused_webhook_stays_paused_whatever_a_worker_records(both: Store) -> None:
    note(both)
    with both.unit_of_work(KEY) as uow:
        (leased,) = uow.hooks.lease("one", NOW, for_=HOUR)
        uow.hooks.switch("h1", HookState.PAUSED, NOW)
        assert uow.hooks.settle(replace(leased, state=HookState.GIVEN_UP), "one", is_over=True)
        found = uow.hooks.get("h1")
        assert found is not None
        assert found.state is HookState.PAUSED

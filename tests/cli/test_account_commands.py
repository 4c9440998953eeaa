from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.access.sign_in import session_of, set_password, use_link
from storage.accounts import LinkPurpose
from tests.cli.command import Sucharit
from tests.cli.conftest import KEY

HEAD = "the-chang-head"


def test_an_account_is_added_let_in_listed_and_disabled(sucharit: Sucharit) -> None:
    assert f"{HEAD} may sign in as head@example.test." in sucharit.done(
        "account", "add", HEAD, "--email", "Head@Example.test"
    )
    path = sucharit.done("account", "link", HEAD).strip()
    assert "not set" in sucharit.done("account", "list")
    store, now = sucharit.store(), datetime.now(UTC)
    done = use_link(store, path.removeprefix("/sign-in/link/"), now, "Telephone")
    assert done.purpose is LinkPurpose.SET_PASSWORD
    set_password(store, KEY, HEAD, "แมวสีเทานั่งบนหลังคา", now, keep=done.session.id)
    assert "Telephone" in sucharit.done("account", "sessions")
    assert "Telephone" in sucharit.done("account", "sessions", HEAD)
    assert "cannot sign in any more" in sucharit.done("account", "disable", HEAD)
    assert session_of(store, done.token, now) is None
    store.close()
    listed = sucharit.done("account", "list")
    assert "disabled" in listed
    assert "not set" not in listed
    assert "Telephone" not in sucharit.done("account", "sessions")
    assert "unbroken" in sucharit.done("ledger", "verify")


def test_the_persons_own_address_is_the_usual_one(sucharit: Sucharit) -> None:
    assert "chang-head@example.test" in sucharit.done("account", "add", HEAD)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "nobody"), "There is no person “nobody” here. `sucharit office show` lists the persons."),
        (("add", "the-clerk", "--email", "no address"), "no address"),
        (("add", "the-clerk", "--email", "saraban@example.test"), "saraban"),
        (("add", "the-mayor"), "already there. `sucharit account link`"),
        (("add", "the-clerk", "--email", "MAYOR@example.test"), "Everybody signs in with an address of their own"),
        (("link", "the-clerk"), "`sucharit account add` makes one"),
        (("disable", "the-clerk"), "`sucharit account add` makes one"),
        (("sessions", "the-clerk"), "`sucharit account add` makes one"),
    ],
)
def test_a_refusal_is_one_sentence_with_a_remedy(sucharit: Sucharit, words: tuple[str, ...], said: str) -> None:
    sucharit.done("account", "add", "the-mayor")
    answer = sucharit.run("account", *words)
    assert answer.code == 1
    assert said in answer.err
    assert (answer.out, len(answer.err.strip().splitlines())) == ("", 1)


def test_a_refusal_is_thai_for_who_asked_for_thai(sucharit: Sucharit) -> None:
    answer = sucharit.having(LANGUAGE="th").run("account", "link", "the-clerk")
    assert "ไม่พบบัญชี “the-clerk”" in answer.err
